from pathlib import Path

import pytest
import torch

from tests.trainer.test_dataset import make
from trainer.confidence import calibration_error, fit_temperature, fit_threshold
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


def test_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    confidence = torch.tensor([0.95, 0.95, 0.95, 0.95, 0.55, 0.55])
    right = torch.tensor([True, True, True, False, True, False])
    expected = (4 * abs(0.95 - 0.75) + 2 * abs(0.55 - 0.5)) / 6
    assert calibration_error(confidence, right) == pytest.approx(expected, abs=1e-6)


def test_the_temperature_cools_what_is_too_sure() -> None:
    generator = torch.Generator().manual_seed(0)
    true = torch.randn(4000, 5, generator=generator)
    labels = torch.multinomial(true.softmax(dim=1), 1, generator=generator).squeeze(1)
    assert fit_temperature(4 * true, labels) == pytest.approx(4, rel=0.1)
    assert fit_temperature(true, labels) == pytest.approx(1, rel=0.1)


def test_a_few_photos_all_right_do_not_make_it_sure_of_everything() -> None:
    labels = torch.arange(30) % 3
    logits = torch.eye(3)[labels] * 4
    confidence = (logits / fit_temperature(logits, labels)).softmax(dim=1).max(dim=1).values
    assert confidence.mean() == pytest.approx(31 / 32, abs=0.01)


def test_the_threshold_keeps_right_answers() -> None:
    confidence = torch.linspace(0.01, 1, 100)
    probabilities = torch.stack([confidence, 1 - confidence], dim=1)
    labels = torch.zeros(100, dtype=torch.int64)
    threshold = fit_threshold(probabilities, labels)
    right = confidence[confidence > 0.5]
    assert (right >= threshold).double().mean() == pytest.approx(0.99, abs=0.02)


def test_which_photos_are_taken(tmp_path: Path) -> None:
    split = open_data_set(make(tmp_path / "split", {"train/a": 2, "train/b": 2, "val/a": 1}))
    assert photos_to_evaluate(split, None, info())[0] == "validation"
    assert photos_to_evaluate(split, "train", info())[0] == "train"

    flat = open_data_set(make(tmp_path / "flat", {"a": 10, "b": 10}))
    name, photos = photos_to_evaluate(flat, None, info())
    assert (name, len(photos)) == ("all", 20)
    name, photos = photos_to_evaluate(flat, None, info(flat.fingerprint()))
    assert (name, len(photos)) == ("test", 4)
