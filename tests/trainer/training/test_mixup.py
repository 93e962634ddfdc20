import pytest
import torch

from trainer.training.mixup import mix

IMAGES = torch.arange(4.0).view(4, 1, 1, 1).expand(4, 3, 16, 16)
"""Each picture is of one value, its own number."""
LABELS = torch.tensor([0, 1, 2, 1])


def shares(images: torch.Tensor) -> torch.Tensor:
    """How much of each picture is its own, by its values: of its neighbour is the rest."""
    own, other = IMAGES.mean(dim=(1, 2, 3)), IMAGES.roll(1, 0).mean(dim=(1, 2, 3))
    return (images.mean(dim=(1, 2, 3)) - other) / (own - other)


@pytest.mark.parametrize(("mixup", "cutmix"), [(1.0, 0.0), (0.0, 1.0), (0.2, 0.5)])
@pytest.mark.parametrize("seed", range(5))
def test_targets_have_the_shares_of_the_pictures(mixup: float, cutmix: float, seed: int) -> None:
    torch.manual_seed(seed)
    images, targets = mix(IMAGES, LABELS, 3, mixup, cutmix)
    own = shares(images)
    assert own.tolist() == pytest.approx([own[0].item()] * 4, abs=1e-5)
    expected = torch.zeros(4, 3)
    for row, label in enumerate(LABELS):
        expected[row, label] += own[row]
        expected[row, LABELS[row - 1]] += 1 - own[row]
    assert targets.flatten().tolist() == pytest.approx(expected.flatten().tolist(), abs=1e-5)
    assert own.min() >= 0.5
    assert targets.argmax(dim=1).tolist() == LABELS.tolist()


def test_cutmix_pastes_and_mixup_blends() -> None:
    torch.manual_seed(1)
    pasted, _ = mix(IMAGES, LABELS, 3, 0.0, 1.0)
    assert set(pasted[1].unique().tolist()) == {0.0, 1.0}
    blended, _ = mix(IMAGES, LABELS, 3, 1.0, 0.0)
    (value,) = blended[1].unique().tolist()
    assert 0 < value < 1


def test_the_batch_itself_stays_as_it_was() -> None:
    images = IMAGES.clone()
    mix(images, LABELS, 3, 0.0, 1.0)
    assert torch.equal(images, IMAGES)
