from collections.abc import Generator
from typing import Any

import pytest

from trainer.config.presets import PRESETS
from trainer.control import drain
from trainer.data.dataset import DataSet
from trainer.training.time_estimate import Estimate, estimate, estimate_all

QUICK = PRESETS["quick"].but(weights="none", image_size=32, augmentation="none", seed=0)


def drained(steps: Generator[Any, None, Any]) -> tuple[list[Any], Any]:
    yielded = []
    result = drain(steps, yielded.append)
    return yielded, result


def test_a_run_is_timed_without_its_weights(demo_data: DataSet) -> None:
    recipe = QUICK.but(weights="/nowhere/weights.pth", epochs=9, patience=2)
    _, found = drained(estimate(recipe, demo_data))
    assert found.epoch > 0
    assert (found.fewest_epochs, found.epochs) == (3, 9)
    _, (least, most) = drained(estimate_all((recipe,), demo_data, {recipe.but(seed=0): found}))
    assert 0 < least < found.decoding + found.trunk + 9 * found.epoch < most


def test_without_patience_all_epochs_are_trained(demo_data: DataSet) -> None:
    _, found = drained(estimate(QUICK.but(epochs=4, patience=0), demo_data))
    assert (found.fewest_epochs, found.epochs) == (4, 4)


def test_kinds_of_runs_are_timed_once(demo_data: DataSet) -> None:
    recipes = [
        QUICK.but(strategy=strategy, seed=seed) for strategy in ("head", "full") for seed in (0, 1)
    ]
    known: dict[Any, Estimate] = {}
    progress, (least, most) = drained(estimate_all(recipes, demo_data, known))
    assert set(progress) == {(0, 2), (1, 2)}
    assert set(known) == {QUICK.but(strategy="head"), QUICK.but(strategy="full")}
    assert 0 < least < most
    # What is known is not timed again.
    assert drained(estimate_all(recipes, demo_data, known)) == ([], (least, most))


def test_runs_share_what_is_computed_once(demo_data: DataSet) -> None:
    head = QUICK.but(strategy="head", weights="imagenet")
    full = head.but(strategy="full")
    known = {
        head: Estimate(decoding=100, trunk=50, epoch=1, fewest_epochs=2, epochs=10),
        full: Estimate(decoding=90, trunk=0, epoch=20, fewest_epochs=3, epochs=5),
    }
    recipes = (head, head.but(seed=1), full, full.but(seed=1))
    _, (least, most) = drained(estimate_all(recipes, demo_data, known))
    assert least == pytest.approx((100 + 50 + 2 * 2 + 2 * 60) * 0.75)
    assert most == pytest.approx((100 + 50 + 2 * 10 + 2 * 100) * 1.25)


def test_each_seed_draws_views_of_its_own(demo_data: DataSet) -> None:
    head = QUICK.but(strategy="head", weights="imagenet", augmentation="light", views=4)
    known = {head: Estimate(decoding=0, trunk=50, epoch=0, fewest_epochs=1, epochs=1)}
    _, (least, _) = drained(estimate_all((head, head.but(seed=1)), demo_data, known))
    assert least == pytest.approx(100 * 0.75)


def test_each_seed_has_a_random_trunk_of_its_own(demo_data: DataSet) -> None:
    head = QUICK.but(strategy="head", weights="none")
    known = {head: Estimate(decoding=0, trunk=50, epoch=0, fewest_epochs=1, epochs=1)}
    recipes = (head, head.but(seed=1), head.but(seed=2))
    _, (least, _) = drained(estimate_all(recipes, demo_data, known))
    assert least == pytest.approx(150 * 0.75)


def test_no_runs_take_no_time(demo_data: DataSet) -> None:
    assert drained(estimate_all((), demo_data, {})) == ([], (0, 0))
