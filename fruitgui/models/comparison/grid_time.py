"""How long a grid of runs will take, in words."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from fruitgui.i18n.formats import duration_range
from fruitgui.workers.time_estimate import Known, TimeEstimate, estimate_runs
from trainer.config.recipe import Recipe
from trainer.data.dataset import DataSet


class GridTime(QObject):
    """Follows what is chosen, and measures it; kinds of runs that were measured stay known.

    Signals:
        changed(): the text is another.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._recipes: tuple[Recipe, ...] = ()
        self._data: DataSet | None = None
        self._known: Known = {}
        self._progress: tuple[int, int] | None = None
        self._seconds: tuple[float, float] | None = None
        self._estimate = TimeEstimate(self)
        self._estimate.progressed.connect(self._on_progressed)
        self._estimate.measured.connect(self._on_measured)
        self._estimate.failed.connect(self.changed)

    @property
    def text(self) -> str:
        """A sentence; empty where nothing is known, nor being measured."""
        if self._seconds is not None:
            time = duration_range(*self._seconds)
            return self.tr("Will take about {time} on this computer.").format(time=time)
        if not self._estimate.is_under_way:
            return ""
        if self._progress is None:
            return self.tr("Measuring how long it will take…")
        done, total = self._progress
        text = self.tr("Measuring how long it will take… {done} of {total}")
        return text.format(done=done, total=total)

    def follow(self, recipes: Sequence[Recipe], data: DataSet) -> None:
        """Measure how long these runs take, unless that is known or under way."""
        if data is not self._data:
            self.forget()
        is_same = (tuple(recipes), data) == (self._recipes, self._data)
        if is_same and (self._seconds is not None or self._estimate.is_under_way):
            return
        self._recipes, self._data = tuple(recipes), data
        self._progress = self._seconds = None
        wanted, known = self._recipes, self._known
        self._estimate.measure(lambda: estimate_runs(wanted, data, known))

    def give_up(self) -> None:
        """Measure nothing now; what is known stays."""
        self._estimate.give_up()

    def forget(self) -> None:
        """Measure anew from now on: photos that have been decoded need not be again."""
        self._estimate.give_up()
        self._known = {}
        self._seconds = None

    def shut_down(self) -> None:
        """Give up, and wait for that."""
        self._estimate.shut_down()

    @Slot(int, int)
    def _on_progressed(self, done: int, total: int) -> None:
        self._progress = (done, total)
        self.changed.emit()

    @Slot(float, float)
    def _on_measured(self, least: float, most: float) -> None:
        self._seconds = (least, most)
        self.changed.emit()
