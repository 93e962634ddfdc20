import pytest
import torch

from trainer.confidence import calibration_error, fit_temperature, fit_threshold


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


def test_without_photos_nothing_is_corrected_or_rejected() -> None:
    none, no_labels = torch.zeros(0, 3), torch.zeros(0, dtype=torch.int64)
    assert fit_temperature(none, no_labels) == 1
    assert fit_threshold(none, no_labels) == 0
    assert calibration_error(torch.zeros(0), torch.zeros(0, dtype=torch.bool)) == 0


def test_where_nothing_was_right_nothing_is_rejected() -> None:
    assert fit_threshold(torch.tensor([[0.9, 0.1]]), torch.tensor([1])) == 0


def test_a_confidence_of_one_belongs_to_the_last_bin() -> None:
    sure = torch.ones(4)
    right = torch.tensor([True, True, True, False])
    assert calibration_error(sure, right) == pytest.approx(0.25)
