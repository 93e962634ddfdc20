"""How long training will take, measured beside the GUI thread."""

import threading
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from fruitgui.workers.task import Steps, Task, Tasks
from trainer.config.recipe import Recipe
from trainer.data.dataset import DataSet

if TYPE_CHECKING:
    from trainer.training.time_estimate import Estimate

Known = dict[Recipe, "Estimate"]
"""What was measured before; see :func:`trainer.training.time_estimate.estimate_all`."""

_MILLISECONDS_BEFORE = 1200
_under_way = threading.Lock()
"""Held by the one estimate that is measured: each takes all cores, and draws on torch's chance."""


def estimate_runs(
    recipes: Sequence[Recipe], data: DataSet, known: Known
) -> Generator[tuple[int, int] | None, None, tuple[float, float]]:
    """Yields how many kinds of runs are measured, and of how many; returns the least and the most
    seconds that all of them will take here."""
    yield None
    from trainer.training.time_estimate import estimate_all

    with _under_way:
        return (yield from estimate_all(recipes, data, known))


def wait_for_estimates() -> None:
    """Wait until what is measured has ended; whoever trains does so first, in his own thread."""
    with _under_way:
        pass


class TimeEstimate(QObject):
    """Measures how long training will take, a moment after the choices have changed.

    Signals:
        progressed(int, int): how many kinds of runs are measured, and of how many.
        measured(float, float): the least and the most seconds.
        failed(): it cannot be measured; training will meet the same trouble, and say it.
    """

    progressed = Signal(int, int)
    measured = Signal(float, float)
    failed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps: Steps | None = None
        self._tasks = Tasks()
        self._task: Task | None = None
        self._timer = QTimer(self, singleShot=True, interval=_MILLISECONDS_BEFORE)
        self._timer.timeout.connect(self._on_due)

    @property
    def is_under_way(self) -> bool:
        """Whether something is to be measured, or being so."""
        return self._timer.isActive() or self._task is not None

    def measure(self, steps: Steps) -> None:
        """Measure other choices than before."""
        self.give_up()
        self._steps = steps
        self._timer.start()

    @Slot()
    def give_up(self) -> None:
        """Nothing is to be measured now."""
        self._timer.stop()
        if self._task is not None:
            self._task.cancel()
            # What it may still say is of other choices.
            self._task = None

    def shut_down(self) -> None:
        """Give up, and wait for that."""
        self.give_up()
        self._tasks.shut_down()

    @Slot()
    def _on_due(self) -> None:
        if self._steps is not None:
            self._task = self._tasks.start(
                self._steps, self._on_measured, self._on_failed, self._on_progressed
            )

    @Slot(object)
    def _on_progressed(self, step: tuple[int, int] | None) -> None:
        if step is not None and self.sender() is self._task:
            self.progressed.emit(*step)

    @Slot(object)
    def _on_measured(self, seconds: tuple[float, float]) -> None:
        if self.sender() is self._task:
            self._task = None
            self.measured.emit(*seconds)

    @Slot(object)
    def _on_failed(self, _error: object) -> None:
        if self.sender() is self._task:
            self._task = None
            self.failed.emit()
