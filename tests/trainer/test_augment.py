import pytest
import torch

from trainer.augment import augment, stored_size


def pictures() -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, (6, 3, 40, 40), generator=generator, dtype=torch.uint8)


@pytest.mark.parametrize("strength", ["light", "strong"])
def test_a_seed_gives_the_same_pictures_and_another_seed_others(strength: str) -> None:
    def made(seed: int) -> torch.Tensor:
        return augment(pictures(), 32, strength, torch.Generator().manual_seed(seed))  # type: ignore[arg-type]

    first = made(1)
    assert first.shape == (6, 3, 32, 32)
    assert first.dtype == torch.uint8
    assert torch.equal(first, made(1))
    assert not torch.equal(first, made(2))


def test_no_augmentation_leaves_pictures_as_they_are() -> None:
    images = pictures()
    assert augment(images, 40, "none", torch.Generator()) is images
    assert stored_size(224, "none") == 224
    assert stored_size(224, "light") == 256


def test_crops_stay_inside_the_picture() -> None:
    # Unturned pictures of one colour stay of one colour, but for light and erasing.
    images = torch.full((32, 3, 40, 40), 100, dtype=torch.uint8)
    made = augment(images, 32, "light", torch.Generator().manual_seed(0)).float()
    assert made.std(dim=(2, 3)).max() < 1
    assert 70 < made.mean() < 130


@pytest.mark.parametrize("strength", ["light", "strong"])
def test_each_picture_is_changed_in_its_own_way(strength: str) -> None:
    same = pictures()[:1].repeat(4, 1, 1, 1)
    made = augment(same, 32, strength, torch.Generator().manual_seed(0))  # type: ignore[arg-type]
    assert len({picture.numpy().tobytes() for picture in made}) == 4
