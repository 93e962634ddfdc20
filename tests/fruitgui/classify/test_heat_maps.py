from pathlib import Path

from pytestqt.qtbot import QtBot

from fruitgui.models.evaluation.heat_map import Explainer, SeenAt
from fruitgui.workers.task import Task
from tests.fruitgui.conftest import LONG
from trainer import paths


def test_a_heat_map_that_nobody_waits_for_is_not_computed(qtbot: QtBot, sample: Path) -> None:
    explainer = Explainer()
    with explainer._lock:  # Another is being computed.
        task = Task(lambda: explainer.heat_map(paths.starter_model(), sample, "Tomato"))
        steps: list[object] = []
        task.progressed.connect(steps.append)
        task.start()
        # It waits for its turn, and gives way meanwhile.
        qtbot.waitUntil(lambda: len(steps) > 2)
        task.cancel()
        assert task.wait(LONG)


def test_heat_maps_are_computed_one_after_another(qtbot: QtBot, sample: Path) -> None:
    explainer = Explainer()
    seen: list[SeenAt] = []
    tasks = []
    for label in ("Tomato", "Apple"):
        task = Task(lambda label=label: explainer.heat_map(paths.starter_model(), sample, label))
        task.succeeded.connect(seen.append)
        task.start()
        tasks.append(task)
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert {each.label for each in seen} == {"Tomato", "Apple"}
    assert not any(each.heat.isNull() for each in seen)
    for task in tasks:
        task.wait()
