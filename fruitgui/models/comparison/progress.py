"""How far a comparison under way is: which run of how many, its epoch, and the time left."""

import statistics
import time
from collections.abc import Sequence

from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.formats import duration, duration_range
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.i18n.stage_texts import stage_text
from fruitgui.models.comparison.texts import ComparisonTexts
from fruitgui.widgets.elided_label import ElidedLabel
from trainer import events
from trainer.control import Control
from trainer.experiments.comparison import (
    Comparison,
    ComparisonEvent,
    RunBegun,
    RunEnded,
    RunFailed,
)


class ComparisonProgress(Retranslated, QWidget):
    """Shows a comparison's events as they come; hidden until one begins."""

    def __init__(self, texts: ComparisonTexts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._control: Control | None = None
        self._comparison: Comparison | None = None
        self._gone_through: set[int] = set()
        """The runs that are done, or have failed."""
        self._done_before: set[int] = set()
        self._run: int | None = None
        self._run_began = 0.0
        self._run_seconds: list[float] = []
        """What each run took that was trained since the beginning."""
        self._started: events.RunStarted | None = None
        self._shown: ComparisonEvent | None = None
        self.status = ElidedLabel("heading")
        self.details = ElidedLabel("caption")
        self._bar = QProgressBar(textVisible=False)
        self._bar.setRange(0, 1000)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(self.status)
        column.addWidget(self._bar)
        column.addWidget(self.details)
        self.retranslate()
        self.hide()

    def begin(self, control: Control) -> None:
        """Show that a comparison, which *control* steers, is about to begin."""
        self._control = control
        self._comparison = self._run = self._started = self._shown = None
        self._gone_through = set()
        self._done_before = set()
        self._run_seconds = []
        self._bar.setValue(0)
        self.status.setText(self.tr("Starting…"))
        self.details.setText(" ")
        self.show()

    def open(self, comparison: Comparison, done: Sequence[bool] = ()) -> None:
        """Say which comparison it is, and which of its runs are done already."""
        self._comparison = comparison
        self._done_before = {number for number, is_done in enumerate(done) if is_done}

    def show_stopping(self) -> None:
        self.status.setText(self.tr("Stopping…"))

    def show_event(self, event: ComparisonEvent) -> None:
        """Show what happened."""
        match event:
            case RunBegun():
                self._run, self._started = event.number, None
                self._run_began = time.monotonic()
            case RunEnded() | RunFailed():
                if event.number == self._run and isinstance(event, RunEnded):
                    self._run_seconds.append(time.monotonic() - self._run_began)
                self._gone_through.add(event.number)
                self._run = None
            case events.RunStarted():
                self._started = event
            case _:
                pass
        if not isinstance(event, events.EpochDone | events.BestSaved | events.PhotoSkipped):
            self._shown = event
        self._describe()

    def _describe(self) -> None:
        comparison, run, event = self._comparison, self._run, self._shown
        if comparison is None or event is None:
            return
        count = len(comparison.recipes)
        share = 0.0
        if run is not None:
            has_seeds = len({recipe.seed for recipe in comparison.recipes}) > 1
            if self._control is None or not self._control.stopping:
                self.status.setText(
                    self.tr("Run {number} of {count}: {name}").format(
                        number=run + 1,
                        count=count,
                        name=self._texts.run(comparison.recipes[run], has_seeds),
                    )
                )
        match event:
            case events.Preparing():
                self.details.setText(stage_text(event.stage))
                is_after = event.stage in {"calibrate", "evaluate", "time"}
                share = 1.0 if is_after else 0.0
            case events.BatchDone() if self._started is not None:
                epochs = self._started.epochs
                share = (event.epoch - 1 + event.batch / event.batches) / epochs
                self.details.setText(self._time_left(event, epochs))
            case _:
                pass
        # The bar stands still rather than going back, where a run ends early.
        value = round(1000 * (len(self._gone_through) + share) / count)
        self._bar.setValue(max(value, self._bar.value()))

    def _time_left(self, event: events.BatchDone, epochs: int) -> str:
        assert self._comparison is not None, "runs are of a comparison"
        least, most = event.seconds_left
        text = self.tr("Epoch {epoch} of {epochs}, {time} left in this run").format(
            epoch=event.epoch, epochs=epochs, time=duration_range(least, most)
        )
        over = self._gone_through | self._done_before | {self._run}
        following = len(self._comparison.recipes) - len(over)
        if not self._run_seconds or following < 1:
            return text
        each = statistics.fmean(self._run_seconds)
        everything = (least + most) / 2 + following * each
        whole = self.tr("about {time} for all").format(time=duration(everything))
        return f"{text}, {whole}"

    def retranslate(self) -> None:
        self._bar.setAccessibleName(self.tr("How far the comparison is"))
        self._describe()
