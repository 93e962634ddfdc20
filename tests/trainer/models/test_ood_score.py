from pathlib import Path

import numpy as np
import pytest

from trainer.errors import ModelFileError
from trainer.models.classifier import Classifier
from trainer.models.metadata import ModelInfo
from trainer.models.model_file import save_model
from trainer.models.ood_score import (
    LEVELS,
    OodScore,
    fit_ood_score,
    log_odds,
    mean_directions,
    nearest_cosine,
    read_ood_score,
)

CLASSES, FEATURES = 4, 12


def photos(count: int, seed: int, spread: float = 0.5) -> tuple[np.ndarray, ...]:
    """Logits, features and labels of photos that lie about their class's own direction."""
    random = np.random.default_rng(seed)
    labels = np.arange(count) % CLASSES
    centres = np.eye(CLASSES, FEATURES)
    features = centres[labels] + spread * random.standard_normal((count, FEATURES)) / FEATURES**0.5
    return 8 * features[:, :CLASSES], features, labels


def strangers(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    features = np.abs(np.random.default_rng(seed).standard_normal((count, FEATURES)))
    features[:, :CLASSES] *= 0.2
    return 8 * features[:, :CLASSES], features


def fitted(count: int, seed: int = 0) -> OodScore:
    _, learnt, of_learnt = photos(80, seed + 100)
    logits, features, labels = photos(count, seed)
    means = mean_directions(learnt, of_learnt, CLASSES)
    familiarity = fit_ood_score(logits, features, labels, means)
    assert familiarity is not None
    return familiarity


def test_log_odds_are_those_of_the_best_class_in_one_softmax_with_the_background() -> None:
    logits = 3 * np.random.default_rng(0).standard_normal((50, CLASSES)) - 1
    with_background = np.concatenate([logits, np.zeros((50, 1))], axis=1)
    powers = np.exp(with_background)
    best = (powers / powers.sum(axis=1, keepdims=True))[:, :-1].max(axis=1)
    assert log_odds(logits) == pytest.approx(np.log(best / (1 - best)))
    assert np.isfinite(log_odds(np.array([[1e4, -1e4]], np.float32))).all()


def test_of_a_joint_head_what_looks_like_the_background_is_unknown() -> None:
    """Logits that lie far apart do not tell: they may all speak against every class."""
    logits, features, labels = photos(200, 0)
    means = mean_directions(features, labels, CLASSES)
    familiarity = fit_ood_score(logits, features, labels, means, knows_background=True)
    assert familiarity is not None
    right = logits.argmax(axis=1) == labels
    familiar = familiarity.of(logits[right], features[right])
    assert np.mean(familiar >= 0.05) == pytest.approx(0.95, abs=0.02)
    against_all = np.repeat([[-30.0, -10.0, -20.0, -40.0]], 5, axis=0)
    assert familiarity.of(against_all, features[:5]).max() == 0.0


@pytest.mark.parametrize(("count", "within"), [(8, 0.04), (20, 0.02), (60, 0.02), (400, 0.02)])
def test_a_threshold_of_five_percent_keeps_95_percent_of_right_answers(
    count: int, within: float
) -> None:
    kept = []
    for seed in range(40):
        logits, features, labels = photos(400, seed + 1000)
        right = logits.argmax(axis=1) == labels
        familiar = fitted(count, seed).of(logits[right], features[right])
        kept.append(np.mean(familiar >= 0.05))
    assert np.mean(kept) == pytest.approx(0.95, abs=within)


def test_what_looks_like_no_class_is_less_familiar_than_nearly_all_right_answers() -> None:
    assert np.median(fitted(100).of(*strangers(200, seed=5))) < 0.05


def test_familiarity_is_the_share_of_right_answers_that_are_less_familiar() -> None:
    logits, features, labels = photos(4000, seed=7)
    right = logits.argmax(axis=1) == labels
    familiar = fitted(4000).of(logits[right], features[right])
    shares = [np.mean(familiar < level) for level in LEVELS[10:91:10]]
    assert shares == pytest.approx(LEVELS[10:91:10], abs=0.03)


def test_the_logits_alone_tell_too() -> None:
    logits, _, labels = photos(100, seed=1)
    familiarity = fit_ood_score(logits, None, labels, None)
    assert familiarity is not None
    assert np.median(familiarity.of(*strangers(200, seed=5))) < 0.1


def test_of_too_few_right_answers_nothing_is_learnt() -> None:
    logits, features, labels = photos(8, seed=2)
    means = mean_directions(features, labels, CLASSES)
    assert fit_ood_score(logits, features, (labels + 1) % CLASSES, means) is None
    assert fit_ood_score(logits[:0], features[:0], labels[:0], means) is None


def test_right_answers_that_are_all_alike_make_no_infinity() -> None:
    logits, features, labels = photos(8, seed=2, spread=0.0)
    means = mean_directions(features, labels, CLASSES)
    familiarity = fit_ood_score(logits, features, labels, means)
    assert familiarity is not None
    assert np.isfinite(familiarity.scores).all()
    assert np.all(familiarity.of(logits, features) > 0.05)


def test_a_class_without_photos_is_near_to_nothing() -> None:
    means = mean_directions(np.ones((2, 3)), np.array([0, 0]), classes=2)
    assert np.allclose(means, [[3**-0.5] * 3, [0, 0, 0]])
    assert nearest_cosine(np.array([[2.0, 2.0, 2.0]]), means) == pytest.approx(1)


@pytest.mark.parametrize("means", [None, np.zeros((2, 1280)), np.full((3, 1280), np.nan)])
def test_class_means_that_do_not_fit_the_model_are_refused(
    means: np.ndarray | None, tmp_path: Path
) -> None:
    file = tmp_path / "model.safetensors"
    info = ModelInfo(
        title="x",
        architecture="mobilenet_v2",
        classes=("a", "b", "c"),
        cosine_weight=1.0,
        familiar_scores=tuple(LEVELS.tolist()),
    )
    save_model(file, Classifier("mobilenet_v2", 3), info, class_means=means)
    with pytest.raises(ModelFileError, match="class_means"):
        read_ood_score(file, info)
