from pathlib import Path

import numpy as np
import pytest

from trainer.errors import ModelFileError
from trainer.models.growth import RANK, VALIDATION_PHOTOS, Growth, tensors_of
from trainer.storage.tensor_file import write_tensors

RANDOM = np.random.default_rng(0)
WIDTH = 40


def photos(classes: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Features that spread along a few directions about each class's mean."""
    labels = np.repeat(np.arange(classes), count)
    means = 5 * RANDOM.normal(size=(classes, WIDTH))
    along = RANDOM.normal(size=(len(labels), 3)) @ (3 * RANDOM.normal(size=(3, WIDTH)))
    beside = 0.1 * RANDOM.normal(size=(len(labels), WIDTH))
    return (means[labels] + along + beside).astype(np.float32), labels


def grown(classes: int = 3, count: int = 30) -> tuple[Growth, np.ndarray, np.ndarray]:
    features, labels = photos(classes, count)
    growth = Growth.of(features, labels, features, labels, classes)
    assert growth is not None
    return growth, features, labels


def test_draws_have_the_means_and_the_spread_of_the_photos() -> None:
    growth, features, labels = grown()
    drawn = growth.draw(growth.means[1:2], 20_000, np.random.default_rng(1))
    np.testing.assert_allclose(drawn.mean(axis=0), features[labels == 1].mean(axis=0), atol=0.25)
    within = np.concatenate([features[labels == n] - growth.means[n] for n in range(3)])
    wanted = within.T @ within / (len(within) - 3)
    found = np.cov(drawn.T)
    assert np.abs(found - wanted).max() < 0.05 * np.abs(wanted).max()


def test_it_comes_back_from_16_bits() -> None:
    growth, _, _ = grown()
    again = Growth.from_tensors(growth.as_tensors())
    assert again is not None
    np.testing.assert_allclose(again.means, growth.means, rtol=1e-3, atol=1e-3)
    assert again.counts.tolist() == [30, 30, 30]
    assert again.validation_labels.tolist() == growth.validation_labels.tolist()
    assert sum(tensor.nbytes for tensor in growth.as_tensors().values()) < 2 * WIDTH * (
        RANK + VALIDATION_PHOTOS + 10
    )


def test_of_many_validation_photos_some_of_every_class_are_kept() -> None:
    growth, _, labels = grown(classes=5, count=100)
    assert len(growth.validation) == VALIDATION_PHOTOS < len(labels)
    assert np.bincount(growth.validation_labels).min() >= VALIDATION_PHOTOS // 5 - 1


def test_a_class_without_photos_is_not_drawn_from() -> None:
    features, labels = photos(2, 10)
    growth = Growth.of(features, labels, features, labels, 4)
    assert growth is not None
    assert growth.counts.tolist() == [10, 10, 0, 0]


def test_single_photos_tell_of_no_spread() -> None:
    features, labels = photos(3, 1)
    assert Growth.of(features, labels, features, labels, 3) is None


@pytest.mark.parametrize("name", ["means", "counts", "directions", "variances", "validation"])
def test_what_makes_no_sense_is_as_if_it_were_not_there(name: str) -> None:
    tensors = grown()[0].as_tensors()
    assert Growth.from_tensors({k: v for k, v in tensors.items() if k != f"growth.{name}"}) is None
    tensors[f"growth.{name}"] = np.full((2, 2), np.nan, dtype=np.float16)
    assert Growth.from_tensors(tensors) is None


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelFileError, match="damaged"):
        tensors_of(tmp_path / "x.safetensors")
    write_tensors(tmp_path / "y.safetensors", {"growth.x": np.ones(1), "y": np.ones(1)})
    assert list(tensors_of(tmp_path / "y.safetensors", "growth.")) == ["growth.x"]
