"""How a training run is put in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QDateTime, QLocale, QObject

from fruitgui.i18n.errors import translated
from trainer.config.architectures import title_of
from trainer.experiments.run_database import State
from trainer.experiments.run_records import RunRecord

ShownState = State | Literal["interrupted"]


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run, and whether a living process trains it."""

    record: RunRecord
    is_under_way: bool = False

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def state(self) -> ShownState:
        """As in the database, but that a run which no process trains is not *running*."""
        if self.record.state == "running" and not self.is_under_way:
            return "interrupted"
        return self.record.state

    @property
    def is_trashed(self) -> bool:
        return self.record.trashed is not None


class RunTexts(QObject):
    """The texts, in the language of the window at the moment that they are asked for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._strategies: Mapping[str, str] = {}
        self._starts: Mapping[str, str] = {}

    def set_names(self, strategies: Mapping[str, str], starts: Mapping[str, str]) -> None:
        """Set what strategies and kinds of weights are called."""
        self._strategies = strategies
        self._starts = starts

    def title(self, record: RunRecord) -> str:
        """What the user calls it, or what was trained."""
        return record.name or self.own_title(record)

    def own_title(self, record: RunRecord) -> str:
        """What a run is called without a name."""
        title = f"{self.model(record)} · {self.strategy(record)}"
        if not record.recipe.seed:
            return title
        seed = self.tr("seed {seed}").format(seed=record.recipe.seed)
        return f"{title} · {seed}"

    def model(self, record: RunRecord) -> str:
        return title_of(record.recipe.model)

    def strategy(self, record: RunRecord) -> str:
        return self._strategies.get(record.recipe.strategy, record.recipe.strategy)

    def start(self, record: RunRecord) -> str:
        weights = record.recipe.weights
        return self._starts.get(weights) or Path(weights).name

    def state(self, state: ShownState) -> str:
        # One translation a call: a list of thousands asks for each of its rows.
        match state:
            case "running":
                return self.tr("Being trained")
            case "completed":
                return self.tr("Completed")
            case "early_stopping":
                return self.tr("Stopped early")
            case "stopped":
                return self.tr("Stopped")
            case "diverged":
                return self.tr("Diverged")
            case "failed":
                return self.tr("Failed")
            case "interrupted":
                return self.tr("Interrupted")

    def explanation(self, row: RunRow) -> str:
        """What the state means; of a run that failed, why."""
        failure = row.record.failure
        return {
            "running": self.tr("A window or terminal on this computer trains it now."),
            "completed": self.tr("All epochs were trained."),
            "early_stopping": self.tr("It no longer improved."),
            "stopped": self.tr("You stopped it; its best model is kept."),
            "diverged": self.tr("The loss was no longer a number; the best epoch before is kept."),
            "failed": translated(failure) if failure is not None else "",
            "interrupted": self.tr("The program ended while it was being trained. It can go on."),
        }[row.state]

    def date(self, record: RunRecord) -> str:
        """In the user's own time and way of writing."""
        begun = QDateTime.fromSecsSinceEpoch(int(record.created.timestamp()))
        return QLocale().toString(begun, QLocale.FormatType.ShortFormat)

    def duration(self, seconds: float) -> str:
        if seconds < 99.5:
            return self.tr("{count} s").format(count=round(seconds))
        minutes = round(seconds / 60)
        if minutes < 100:
            return self.tr("{count} min").format(count=minutes)
        return self.tr("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)

    def spread(self, interval: tuple[float, float]) -> str:
        """An interval of shares."""
        low, high = interval
        return f"{100 * low:.0f}–{high:.0%}"
