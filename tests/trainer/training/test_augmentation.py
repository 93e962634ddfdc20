import dataclasses

import pytest
import torch

from trainer.training.augmentation import _STRENGTHS, _random_crops, augment, stored_size


def images() -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, (6, 3, 40, 40), generator=generator, dtype=torch.uint8)


@pytest.mark.parametrize("strength", ["light", "strong"])
def test_a_seed_gives_the_same_pictures_and_another_seed_others(strength: str) -> None:
    def made(seed: int) -> torch.Tensor:
        return augment(images(), 32, strength, torch.Generator().manual_seed(seed))  # type: ignore[arg-type]

    first = made(1)
    assert first.shape == (6, 3, 32, 32)
    assert first.dtype == torch.uint8
    assert torch.equal(first, made(1))
    assert not torch.equal(first, made(2))


def test_no_augmentation_leaves_pictures_as_they_are() -> None:
    batch = images()
    assert augment(batch, 40, "none", torch.Generator()) is batch
    assert stored_size(224, "none") == 224
    assert stored_size(224, "light") == 256


@pytest.mark.parametrize("strength", ["light", "strong"])
def test_crops_stay_inside_the_picture(strength: str) -> None:
    generator = torch.Generator().manual_seed(0)

    def uniform(low: float, high: float) -> torch.Tensor:
        return torch.empty(200).uniform_(low, high, generator=generator)

    unturned = dataclasses.replace(_STRENGTHS[strength], rotation=0.0)
    maps = _random_crops(unturned, uniform)
    corners = torch.tensor([[-1.0, -1, 1], [1, -1, 1], [-1, 1, 1], [1, 1, 1]]).T
    reached = maps @ corners
    assert reached.abs().max() <= 1 + 1e-6
    widths = reached[:, 0].amax(dim=1) - reached[:, 0].amin(dim=1)
    assert widths.min() < 0.9 * 2 < widths.max()
    assert {sign.item() for sign in maps[:, 0, 0].sign()} == {-1.0, 1.0}  # Some are flipped.


def test_light_changes_little() -> None:
    images = torch.full((32, 3, 40, 40), 100, dtype=torch.uint8)
    made = augment(images, 32, "light", torch.Generator().manual_seed(0)).float()
    assert made.std(dim=(2, 3)).max() < 1
    assert 70 < made.mean() < 130


@pytest.mark.parametrize("strength", ["light", "strong"])
def test_each_picture_is_changed_in_its_own_way(strength: str) -> None:
    same = images()[:1].repeat(4, 1, 1, 1)
    made = augment(same, 32, strength, torch.Generator().manual_seed(0))  # type: ignore[arg-type]
    assert len({image.numpy().tobytes() for image in made}) == 4
