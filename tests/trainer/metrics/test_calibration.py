import numpy as np
import pytest

from trainer.metrics.calibration import calibration_error, fit_temperature, softmax


def test_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    confidence = np.array([0.95, 0.95, 0.95, 0.95, 0.55, 0.55])
    right = np.array([True, True, True, False, True, False])
    expected = (4 * abs(0.95 - 0.75) + 2 * abs(0.55 - 0.5)) / 6
    assert calibration_error(confidence, right) == pytest.approx(expected, abs=1e-6)


def test_the_temperature_cools_what_is_too_sure() -> None:
    random = np.random.default_rng(0)
    true = random.standard_normal((4000, 5))
    labels = np.array([random.choice(5, p=row) for row in softmax(true)])
    assert fit_temperature(4 * true, labels) == pytest.approx(4, rel=0.1)
    assert fit_temperature(true, labels) == pytest.approx(1, rel=0.1)


def test_the_background_takes_its_part_of_the_softmax() -> None:
    logits = np.log(np.array([[3.0, 1.0], [1.0, 6.0]]))
    assert softmax(logits, beside_background=True) == pytest.approx(
        np.array([[3 / 5, 1 / 5], [1 / 8, 6 / 8]])
    )


def test_the_temperature_heeds_the_background() -> None:
    random = np.random.default_rng(0)
    true = 2 * random.standard_normal((6000, 3))
    shares = np.pad(softmax(true, beside_background=True), ((0, 0), (0, 1)))
    shares[:, -1] = 1 - shares.sum(axis=1)
    labels = np.array([random.choice(4, p=row) for row in shares])
    known = labels < 3
    beside = fit_temperature(3 * true[known], labels[known], beside_background=True)
    assert beside < fit_temperature(3 * true[known], labels[known]) < 3


def test_a_few_photos_all_right_do_not_make_it_sure_of_everything() -> None:
    labels = np.arange(30) % 3
    logits = np.eye(3)[labels] * 4
    confidence = softmax(logits / fit_temperature(logits, labels)).max(axis=1)
    assert confidence.mean() == pytest.approx(31 / 32, abs=0.01)


def test_without_photos_nothing_is_corrected() -> None:
    assert fit_temperature(np.zeros((0, 3)), np.zeros(0, dtype=np.int64)) == 1
    assert calibration_error(np.zeros(0), np.zeros(0, dtype=bool)) == 0


def test_a_confidence_of_one_belongs_to_the_last_bin() -> None:
    right = np.array([True, True, True, False])
    assert calibration_error(np.ones(4), right) == pytest.approx(0.25)
