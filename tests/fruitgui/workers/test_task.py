"""What comes of a task is decided by the thread that made it."""

import gc
import threading
from collections.abc import Generator

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from fruitgui.workers import task as task_module
from fruitgui.workers.task import Task, Tasks
from tests.fruitgui.conftest import LONG
from trainer.errors import TrainerError


def count_to(end: int) -> Generator[int, None, str]:
    yield from range(end)
    return f"counted to {end}"


def fail() -> Generator[None, None, None]:
    yield
    raise TrainerError("It cannot be done.")


class Told:
    """All that a task says, in order."""

    def __init__(self, task: Task) -> None:
        self.words: list[object] = []
        task.progressed.connect(self.words.append)
        task.succeeded.connect(self.words.append)
        task.failed.connect(lambda error: self.words.append(str(error)))
        task.cancelled.connect(lambda: self.words.append("cancelled"))
        task.ended.connect(lambda: self.words.append("ended"))


def test_one_that_is_forgotten_while_it_runs_ends_in_peace(qtbot: QtBot) -> None:
    others = set(task_module._running)
    may_end, has_ended = threading.Event(), threading.Event()

    def work() -> None:
        may_end.wait()
        has_ended.set()

    task = Task(work)
    task.start()
    del task
    gc.collect()
    may_end.set()
    qtbot.waitUntil(has_ended.is_set)
    qtbot.waitUntil(lambda: task_module._running <= others)


def test_a_task_tells_its_steps_and_its_result(qtbot: QtBot) -> None:
    task = Task(lambda: count_to(3))
    told = Told(task)
    with qtbot.waitSignal(task.ended):
        task.start()
    assert told.words == [0, 1, 2, "counted to 3", "ended"]
    assert task.has_ended
    task.wait()


def test_a_failure_is_told_as_a_sentence(qtbot: QtBot) -> None:
    task = Task(fail)
    told = Told(task)
    with qtbot.waitSignal(task.ended):
        task.start()
    assert told.words == [None, "It cannot be done.", "ended"]
    task.wait()


def test_a_function_is_a_task_without_steps(qtbot: QtBot) -> None:
    task = Task(lambda: "done")
    told = Told(task)
    with qtbot.waitSignal(task.ended):
        task.start()
    assert told.words == ["done", "ended"]
    task.wait()


def test_a_function_that_fails_tells_why(qtbot: QtBot) -> None:
    def fail_at_once() -> None:
        raise TrainerError("It cannot be done.")

    task = Task(fail_at_once)
    told = Told(task)
    with qtbot.waitSignal(task.ended):
        task.start()
    assert told.words == ["It cannot be done.", "ended"]
    task.wait()


def test_tasks_tell_that_one_was_cancelled_before_they_tell_that_it_ended(qtbot: QtBot) -> None:
    tasks = Tasks()
    words: list[str] = []
    begun = threading.Event()

    def wait_for_the_end() -> Generator[None, None, None]:
        while True:
            begun.set()
            yield

    task = tasks.start(
        wait_for_the_end,
        on_cancel=lambda: words.append("cancelled"),
        on_end=lambda: words.append("ended"),
    )
    begun.wait()
    with qtbot.waitSignal(task.ended):
        tasks.cancel()
    assert words == ["cancelled", "ended"]
    tasks.finish()


@pytest.mark.parametrize("steps", [lambda: count_to(3), fail], ids=["success", "failure"])
def test_nothing_comes_of_what_was_cancelled_before_it_was_told(
    qtbot: QtBot, steps: object
) -> None:
    """Also if its thread had ended by then."""
    task = Task(steps)  # type: ignore[arg-type]
    told = Told(task)
    task.start()
    task.wait()
    task.cancel()
    qtbot.waitUntil(lambda: task.has_ended)
    assert told.words == ["cancelled", "ended"]


def test_the_next_task_takes_nothing_from_one_that_is_yet_to_tell(qtbot: QtBot) -> None:
    tasks = Tasks()
    told: list[str] = []
    ended: list[bool] = []

    def on_end() -> None:
        ended.append(tasks.are_running)

    for number in range(3):
        task = tasks.start(lambda number=number: count_to(number), told.append, on_end=on_end)
        task.wait()
    assert tasks.are_running
    assert told == []
    qtbot.waitUntil(lambda: len(ended) == 3)
    assert told == ["counted to 0", "counted to 1", "counted to 2"]
    assert not tasks.are_running
    tasks.shut_down()


def test_a_task_stops_at_its_next_step(qtbot: QtBot) -> None:
    begun, closed = threading.Event(), threading.Event()

    def endless() -> Generator[None, None, None]:
        try:
            while True:
                begun.set()
                yield
        finally:
            closed.set()

    task = Task(endless)
    task.start()
    assert begun.wait(LONG / 1000)
    task.shut_down()
    assert closed.is_set()
    QCoreApplication.processEvents()
