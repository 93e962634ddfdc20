"""A piece of work with an end, beside the GUI thread."""

import threading
from collections.abc import Callable, Generator
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from fruitgui.workers.errors import explain
from trainer.errors import TrainerError

Steps = Callable[[], Generator[Any, None, Any]]


class Task(QThread):
    """Drains a generator that is made in the thread.

    Of ``succeeded``, ``failed`` and ``cancelled`` exactly one is emitted, then ``ended``: all of
    them by the thread that made the task, so that nothing comes of one that it has cancelled.

    Signals:
        progressed(object): what the generator yields.
        succeeded(object): what it returns.
        failed(TrainerError): why it could not.
        cancelled()
        ended()
    """

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    ended = Signal()
    _stepped = Signal(object)
    _drained = Signal(object, object)

    def __init__(self, steps: Steps, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps = steps
        self._cancel = threading.Event()
        self.has_ended = False
        self._stepped.connect(self._on_stepped)
        self._drained.connect(self._on_drained)

    def cancel(self) -> None:
        """Ask for the end, which comes at the generator's next step."""
        self._cancel.set()

    @property
    def is_cancelled(self) -> bool:
        return self._cancel.is_set()

    def shut_down(self) -> None:
        """Cancel, and wait for the end."""
        self.cancel()
        self.wait()

    def run(self) -> None:
        try:
            steps = self._steps()
            # What it was made with, a picture say, is not kept for as long as the task is.
            self._steps = _nothing
            try:
                while not self._cancel.is_set():
                    try:
                        step = next(steps)
                    except StopIteration as end:
                        self._drained.emit(end.value, None)
                        return
                    self._stepped.emit(step)
            finally:
                steps.close()
            self._drained.emit(None, None)
        except Exception as error:  # noqa: BLE001  (nothing may escape a thread)
            self._drained.emit(None, explain(error))

    @Slot(object)
    def _on_stepped(self, step: object) -> None:
        if not self.is_cancelled:
            self.progressed.emit(step)

    @Slot(object, object)
    def _on_drained(self, result: object, error: TrainerError | None) -> None:
        self.has_ended = True
        if self.is_cancelled:
            self.cancelled.emit()
        elif error is not None:
            self.failed.emit(error)
        else:
            self.succeeded.emit(result)
        self.ended.emit()


def _nothing() -> Generator[None, None, None]:
    yield


class Tasks:
    """Owns the short tasks of a page: starts them, and lets them go once they have ended."""

    def __init__(self) -> None:
        self._tasks: list[Task] = []

    @property
    def are_running(self) -> bool:
        return any(not task.has_ended for task in self._tasks)

    def start(
        self,
        steps: Steps,
        on_success: Callable[[Any], None] | None = None,
        on_failure: Callable[[Any], None] | None = None,
        on_progress: Callable[[Any], None] | None = None,
        on_end: Callable[[], None] | None = None,
    ) -> Task:
        """Start a task. A slot that is connected to what this returns may come too late.

        Args:
            on_success, on_failure, on_progress, on_end: slots of objects of the GUI thread; the
                last is called in any case, after the others.
        """
        self._let_go()
        task = Task(steps)
        for signal, slot in (
            (task.succeeded, on_success),
            (task.failed, on_failure),
            (task.progressed, on_progress),
            (task.ended, on_end),
        ):
            if slot is not None:
                signal.connect(slot)
        self._tasks.append(task)
        task.start()
        return task

    def finish(self) -> None:
        """Wait until all have done what they are for."""
        for task in self._tasks:
            task.wait()
        self._tasks.clear()

    def shut_down(self) -> None:
        """Cancel all, and wait for that."""
        for task in self._tasks:
            task.cancel()
        self.finish()

    def _let_go(self) -> None:
        for task in [task for task in self._tasks if task.has_ended]:
            task.wait()
            self._tasks.remove(task)
