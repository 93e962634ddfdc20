"""Short tasks in the order in which they were asked for, whatever comes of each."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from fruitgui.workers.task import Steps, Task


@dataclass(frozen=True, slots=True)
class _Job:
    steps: Steps
    on_success: Callable[[Any], None] | None
    on_failure: Callable[[Any], None]
    is_kept: bool


class TaskQueue(QObject):
    """Runs tasks one after another; each tells its own failure, and those behind it go on.

    Signals:
        progressed(object): what the task under way yields.
        busy_changed(): a task was begun, or none is left.
    """

    progressed = Signal(object)
    busy_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: deque[_Job] = deque()
        self._task: Task | None = None
        self._is_task_kept = False

    @property
    def is_busy(self) -> bool:
        return self._task is not None

    def add(
        self,
        steps: Steps,
        on_success: Callable[[Any], None] | None,
        on_failure: Callable[[Any], None],
        *,
        is_kept: bool = True,
    ) -> None:
        """Run a task once those before it have ended.

        Args:
            on_success, on_failure: slots of objects of the GUI thread.
            is_kept: whether it is still to be run when the rest is given up, or the window closes.
        """
        self._jobs.append(_Job(steps, on_success, on_failure, is_kept))
        self._start_next()

    @Slot()
    def cancel(self) -> None:
        """Give up all that is not kept."""
        self._jobs = deque(job for job in self._jobs if job.is_kept)
        if self._task is not None and not self._is_task_kept:
            self._task.cancel()

    def finish(self) -> None:
        """Run what is kept, and wait for that; forget the others."""
        self.cancel()
        if self._task is not None:
            self._task.wait()
        while self._jobs:
            self._start(self._jobs.popleft()).wait()
        self._task = None

    def _start_next(self) -> None:
        if self._task is None and self._jobs:
            self._start(self._jobs.popleft())

    def _start(self, job: _Job) -> Task:
        task = Task(job.steps)
        if job.on_success is not None:
            task.succeeded.connect(job.on_success)
        task.failed.connect(job.on_failure)
        task.progressed.connect(self.progressed)
        task.ended.connect(self._on_ended)
        self._task = task
        self._is_task_kept = job.is_kept
        self.busy_changed.emit()
        task.start()
        return task

    @Slot()
    def _on_ended(self) -> None:
        if self._task is not None and self._task.has_ended:
            self._task.wait()
            self._task = None
            self._start_next()
            self.busy_changed.emit()
