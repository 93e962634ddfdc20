import numpy as np
import pytest

from tests.trainer.teaching.world import WIDTH, World, photos
from trainer.models.growth import Growth
from trainer.models.numpy_head import NumpyHead
from trainer.models.ood_score import THRESHOLD, nearest_cosine
from trainer.teaching.calibration import calibrated, with_means
from trainer.teaching.fit_head import with_kinds


@pytest.mark.parametrize("count", [3, 5, 20])
def test_to_the_mean_of_a_few_photos_others_are_as_near_as_to_that_of_many(
    world: World, count: int
) -> None:
    def nearness(shown: int, seed: int) -> float:
        means = with_means(np.zeros((1, WIDTH), np.float32), [photos(world, 3, shown, seed)])
        assert means is not None
        return float(nearest_cosine(photos(world, 3, 400, 1), means[1:]).mean())

    of_few = np.mean([nearness(count, seed) for seed in range(2, 42)])
    assert of_few == pytest.approx(nearness(2000, 2), rel=0.01)


def test_new_kinds_that_look_like_nothing_known_make_nothing_else_familiar(
    model: tuple[NumpyHead, Growth],
) -> None:
    head, growth = model
    photos_of_noise = np.random.default_rng(0).normal(size=(5, WIDTH)).astype(np.float32) / 4
    after = with_kinds(head, growth, [photos_of_noise])
    _, familiarity = calibrated(head, after, growth, [photos_of_noise], {}, None)
    assert familiarity is not None
    logits = after.logits(growth.validation)
    is_right = logits.argmax(axis=1) == growth.validation_labels
    unsure = familiarity.of(logits, growth.validation)[is_right] < THRESHOLD
    assert unsure.mean() == pytest.approx(THRESHOLD, abs=0.02)
