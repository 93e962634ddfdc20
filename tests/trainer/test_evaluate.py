from pathlib import Path

import pytest
import torch

from tests.trainer.test_dataset import make
from trainer.dataset import open_data_set
from trainer.evaluate import count, photos_to_evaluate, wilson_interval
from trainer.model_info import ModelInfo


def info(fingerprint: str = "") -> ModelInfo:
    return ModelInfo(
        title="Test", architecture="resnet50", classes=("a", "b"), data_fingerprint=fingerprint
    )


def test_the_figures_of_a_small_confusion_matrix() -> None:
    # Class a: 3 photos, 2 right, 1 taken for b; class b: 1 photo, right; class c: none.
    answers = torch.tensor([0, 0, 1, 1])
    labels = torch.tensor([0, 0, 0, 1])
    probabilities = torch.full((4, 3), 0.1)
    probabilities[torch.arange(4), answers] = 0.8
    found = count(("a", "b", "c"), probabilities, labels)
    assert found.confusion == ((2, 1, 0), (0, 1, 0), (0, 0, 0))
    assert (found.n, found.accuracy) == (4, 0.75)
    a, b, c = found.per_class
    assert (a.precision, a.recall, a.f1, a.support) == pytest.approx((1, 2 / 3, 0.8, 3))
    assert (b.precision, b.recall, b.f1, b.support) == pytest.approx((0.5, 1, 2 / 3, 1))
    assert (c.precision, c.recall, c.f1, c.support) == (0, 0, 0, 0)
    # A class that is neither in the photos nor among the answers does not count.
    assert found.macro_f1 == pytest.approx((0.8 + 2 / 3) / 2)
    assert found.ece == pytest.approx(abs(0.8 - 0.75))


def test_wilsons_interval_is_the_published_one() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263.
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson_interval(0, 10)[0] == 0
    assert wilson_interval(10, 10)[1] == pytest.approx(1)


def test_which_photos_are_taken(tmp_path: Path) -> None:
    split = open_data_set(make(tmp_path / "split", {"train/a": 2, "train/b": 2, "val/a": 1}))
    assert photos_to_evaluate(split, None, info())[0] == "validation"
    assert photos_to_evaluate(split, "train", info())[0] == "train"

    flat = open_data_set(make(tmp_path / "flat", {"a": 10, "b": 10}))
    name, photos = photos_to_evaluate(flat, None, info())
    assert (name, len(photos)) == ("all", 20)
    name, photos = photos_to_evaluate(flat, None, info(flat.fingerprint()))
    assert (name, len(photos)) == ("test", 4)
