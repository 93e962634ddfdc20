import numpy as np
import pytest

from tests.trainer.teaching.world import KINDS, WIDTH, World, photos
from trainer.models.growth import Growth
from trainer.models.numpy_head import NumpyHead
from trainer.models.ood_score import THRESHOLD, OodScore, mean_directions, nearest_cosine
from trainer.teaching.calibration import calibrated, with_means
from trainer.teaching.fit_head import with_kinds


def mean_of(kind: np.ndarray) -> np.ndarray:
    """What is stored of a new kind."""
    means = with_means(np.zeros((1, kind.shape[1]), np.float32), [kind.astype(np.float32)])
    assert means is not None
    return means[1:]


def is_unsure(score: OodScore | None, head: NumpyHead, features: np.ndarray) -> np.ndarray:
    assert score is not None
    return score.of(head.logits(features), features) < THRESHOLD


@pytest.mark.parametrize("count", [3, 5, 20])
def test_to_the_mean_of_a_few_photos_others_are_as_near_as_to_that_of_many(
    world: World, count: int
) -> None:
    def nearness(shown: int, seed: int) -> float:
        mean = mean_of(photos(world, 3, shown, seed))
        return float(nearest_cosine(photos(world, 3, 400, 1), mean).mean())

    of_few = np.mean([nearness(count, seed) for seed in range(2, 42)])
    assert of_few == pytest.approx(nearness(2000, 2), rel=0.01)


@pytest.mark.parametrize(
    ("kind", "length"),
    [
        ([[0.0, 3.0, 0.0]], 1.125),  # What is left of a kind may be one photo,
        ([[0.0, 3.0, 0.0]] * 4, 1.125),  # or the same one again and again.
        ([[1.0, 0.0, 0.0], [-1.0, 0.0, 0.0]], 0.0),
        ([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], 1.3),
        ([[0.0, 0.0, 0.0]] * 3, 0.0),
    ],
)
def test_photos_that_have_nothing_in_common_make_no_long_mean(
    kind: list[list[float]], length: float
) -> None:
    assert np.linalg.norm(mean_of(np.array(kind))) == pytest.approx(length, abs=0.01)


@pytest.mark.parametrize("has_means", [True, False])
def test_a_lesson_does_not_make_other_things_familiar(
    world: World, model: tuple[NumpyHead, Growth], has_means: bool
) -> None:
    head, growth = model
    old = KINDS - 2
    means = mean_directions(growth.validation, growth.validation_labels, old) if has_means else None
    _, before = calibrated(head, head, growth, [], {}, means)
    shown = [photos(world, old, 5, 2)]
    after = with_kinds(head, growth, shown)
    _, now = calibrated(head, after, growth, shown, {}, with_means(means, shown))
    # A kind that it was not taught, and nothing at all.
    noise = np.random.default_rng(0).normal(size=(200, WIDTH)).astype(np.float32)
    for others in (photos(world, old + 1, 200, 1), noise):
        assert is_unsure(now, after, others).mean() > is_unsure(before, head, others).mean() - 0.1
    logits = after.logits(growth.validation)
    is_right = logits.argmax(axis=1) == growth.validation_labels
    unsure = is_unsure(now, after, growth.validation)[is_right]
    assert unsure.mean() == pytest.approx(THRESHOLD, abs=0.02)
