import numpy as np
import pytest

from tests.trainer.teaching.world import KINDS, WIDTH, World, photos
from trainer.models.growth import Growth
from trainer.models.numpy_head import NumpyHead
from trainer.teaching.fit_head import corrected, with_kinds


def right(head: NumpyHead, world: World, kind: int, label: int) -> float:
    answers = head.logits(photos(world, kind, 200, 1)).argmax(axis=1)
    return float((answers == label).mean())


@pytest.mark.parametrize("count", [5, 20])
def test_new_kinds_are_known_and_old_ones_are_not_forgotten(
    world: World, model: tuple[NumpyHead, Growth], count: int
) -> None:
    head, growth = model
    old = KINDS - 2
    before = np.mean([right(head, world, kind, kind) for kind in range(old)])
    new = [photos(world, old + number, count, 2) for number in range(2)]
    after = with_kinds(head, growth, new)
    assert len(after.bias) == KINDS
    np.testing.assert_array_equal(after.weight[:old], head.weight)
    now = np.mean([right(after, world, kind, kind) for kind in range(old)])
    assert before > 0.95
    assert now > before - 0.03
    assert min(right(after, world, old + number, old + number) for number in range(2)) > 0.9


def test_features_of_any_size_are_learnt_alike(
    world: World, model: tuple[NumpyHead, Growth]
) -> None:
    """Networks differ in how large their features are."""
    head, growth = model
    small = Growth(
        *(growth.means / 100, growth.counts, growth.directions / 100, growth.variances / 10_000),
        *(growth.validation / 100, growth.validation_labels),
    )
    new = photos(world, KINDS - 1, 10, 2)
    usual = with_kinds(head, growth, [new])
    scaled = with_kinds(NumpyHead((), head.weight * 100, head.bias), small, [new / 100])
    np.testing.assert_allclose(scaled.weight / 100, usual.weight, rtol=1e-2, atol=1e-3)


def test_corrections_move_what_was_wrong_and_little_else(
    world: World, model: tuple[NumpyHead, Growth]
) -> None:
    head, growth = model
    # In another light, photos of the first kind look like the second, and brighter.
    light = np.random.default_rng(5).normal(size=WIDTH)
    shift = 0.6 * (world[0][1] - world[0][0]) + 0.4 * light
    taught, asked = (photos(world, 0, 12, seed) + shift.astype(np.float32) for seed in (3, 4))
    assert (head.logits(asked).argmax(axis=1) == 0).mean() < 0.4
    after = corrected(head, growth, {0: taught})
    assert (after.logits(asked).argmax(axis=1) == 0).mean() > 0.8
    assert right(after, world, 5, 5) > right(head, world, 5, 5) - 0.03
    assert corrected(head, growth, {}) is head


def test_it_is_the_same_each_time(world: World, model: tuple[NumpyHead, Growth]) -> None:
    head, growth = model
    new = photos(world, KINDS - 1, 5, 2)
    first, second = (with_kinds(head, growth, [new]) for _ in range(2))
    np.testing.assert_array_equal(first.weight, second.weight)
