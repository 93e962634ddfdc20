"""How long training will take, measured beside the GUI thread."""

import threading
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from fruitgui.i18n.formats import duration_range
from fruitgui.workers.task import Task, Tasks
from trainer.config.recipe import Recipe
from trainer.data.dataset import DataSet
from trainer.runtime.accelerators import accelerator
from trainer.runtime.precision import is_float32_forced

if TYPE_CHECKING:
    from trainer.training.time_estimate import Estimate

_Known = dict[Recipe, "Estimate"]
"""What was measured before; see :func:`trainer.training.time_estimate.estimate_all`."""

_MILLISECONDS_BEFORE = 1200
_under_way = threading.Lock()
"""Held by the one estimate that is measured: each takes all cores, and draws on torch's chance."""


def _estimate_runs(
    recipes: Sequence[Recipe], data: DataSet, known: _Known
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
    """Says how long training what is chosen will take; measures it a moment after the choice.

    Kinds of runs that were measured stay known.

    Signals:
        changed(): what is measured has come further, or has ended. Whoever calls a method reads the
            text afterwards.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._recipes: tuple[Recipe, ...] = ()
        self._data: DataSet | None = None
        self._computing: object = None
        """What a measured run was, or is, computed on, and in what precision."""
        self._known: _Known = {}
        self._progress: tuple[int, int] | None = None
        self._seconds: tuple[float, float] | None = None
        self._tasks = Tasks()
        self._task: Task | None = None
        self._timer = QTimer(self, singleShot=True, interval=_MILLISECONDS_BEFORE)
        self._timer.timeout.connect(self._on_due)

    @property
    def text(self) -> str:
        """A sentence; empty where nothing is known, nor being measured: where it cannot be,
        training will meet the same trouble, and say it."""
        if self._seconds is not None:
            time = duration_range(*self._seconds)
            return self.tr("Will take about {time} on this computer.").format(time=time)
        if not self._is_under_way:
            return ""
        if self._progress is None or self._progress[1] == 1:
            return self.tr("Measuring how long it will take…")
        done, total = self._progress
        text = self.tr("Measuring how long it will take… {done} of {total}")
        return text.format(done=done, total=total)

    def follow(self, recipes: Sequence[Recipe], data: DataSet) -> None:
        """Measure how long these runs take, unless that is known or under way."""
        computing = (accelerator(), is_float32_forced())
        if data is not self._data or computing != self._computing:
            self.forget()
        elif tuple(recipes) == self._recipes and (self._seconds is not None or self._is_under_way):
            return
        self.give_up()
        self._recipes, self._data, self._computing = tuple(recipes), data, computing
        self._progress = self._seconds = None
        self._timer.start()

    @Slot()
    def give_up(self) -> None:
        """Measure nothing now; what is known stays."""
        self._timer.stop()
        if self._task is not None:
            self._task.cancel()
            # What it may still say is of other choices.
            self._task = None

    def forget(self) -> None:
        """Measure anew from now on: photos that have been decoded need not be again."""
        self.give_up()
        self._recipes, self._data, self._known = (), None, {}
        self._seconds = None

    def shut_down(self) -> None:
        """Give up, and wait for that."""
        self.give_up()
        self._tasks.shut_down()

    @property
    def _is_under_way(self) -> bool:
        """Whether something is to be measured, or being so."""
        return self._timer.isActive() or self._task is not None

    @Slot()
    def _on_due(self) -> None:
        recipes, data, known = self._recipes, self._data, self._known
        if data is not None:
            self._task = self._tasks.start(
                lambda: _estimate_runs(recipes, data, known),
                self._on_measured,
                self._on_failed,
                self._on_progressed,
            )

    @Slot(object)
    def _on_progressed(self, step: tuple[int, int] | None) -> None:
        if step is not None and self.sender() is self._task:
            self._progress = step
            self.changed.emit()

    @Slot(object)
    def _on_measured(self, seconds: tuple[float, float]) -> None:
        if self.sender() is self._task:
            self._task = None
            self._seconds = seconds
            self.changed.emit()

    @Slot(object)
    def _on_failed(self, _error: object) -> None:
        if self.sender() is self._task:
            self._task = None
            self.changed.emit()
