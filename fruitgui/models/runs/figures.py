"""What came of a training run, figure by figure."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLocale, QObject

from fruitgui.i18n.run_texts import RunTexts
from fruitgui.models.runs.read_runs import RunFiles
from trainer.experiments.run_records import RunRecord


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in words."""

    text: str
    value: float
    """The higher the better."""
    spread: str = ""
    """The 95% interval, where there is one."""


NOTHING = Figure("–", float("-inf"))


class RunFigures(QObject):
    """The texts, in the language of the window at the moment that they are asked for."""

    def __init__(self, texts: RunTexts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = texts

    def names(self) -> dict[str, tuple[str, str]]:
        """What each figure is called, and what it means."""
        certainty = self.tr("Of all such photos, the range is 95% certain (Wilson's interval).")
        return {
            "validation": (self.tr("Validation"), certainty),
            "test": (
                self.tr("Test"),
                self.tr("Photos that neither taught nor chose the model.") + " " + certainty,
            ),
            "gap": (
                self.tr("Gap"),
                self.tr(
                    "Training accuracy minus validation accuracy: large if the model has "
                    "memorised its training photos (overfitting)."
                ),
            ),
            "macro_f1": (
                self.tr("Macro F1"),
                self.tr("Precision and recall in one, the mean over all classes."),
            ),
            "ece": (
                self.tr("ECE"),
                self.tr(
                    "Expected calibration error (ECE): how far the confidence is from the "
                    "share of right answers."
                ),
            ),
            "best_epoch": (self.tr("Best epoch"), ""),
            "time": (self.tr("Time"), self.tr("Of all epochs, without pauses.")),
        }

    def of(self, record: RunRecord, files: RunFiles | None) -> dict[str, Figure]:
        """A run's figures, by the keys of :meth:`names`. Where the epochs are not read yet, the
        interval of the validation accuracy is missing."""
        if not record.best_epoch:
            return dict.fromkeys(self.names(), NOTHING) | {"time": self._time(record)}
        best = files.best if files is not None else None
        spread = self._texts.spread(best.validation_interval) if best is not None else ""
        found = {
            "validation": Figure(f"{record.best_accuracy:.1%}", record.best_accuracy, spread),
            "test": NOTHING,
            "gap": Figure(f"{100 * record.gap:+.1f}", -abs(record.gap)),
            "macro_f1": NOTHING,
            "ece": NOTHING,
            "best_epoch": Figure(
                self.tr("{epoch} of {epochs}").format(
                    epoch=record.best_epoch, epochs=record.last_epoch
                ),
                0.0,
            ),
            "time": self._time(record),
        }
        measured = record.measurement
        if measured is not None:
            if measured.split == "test":
                found["test"] = Figure(
                    f"{measured.accuracy:.1%}",
                    measured.accuracy,
                    self._texts.spread(measured.interval),
                )
            found["macro_f1"] = Figure(f"{measured.macro_f1:.3f}", measured.macro_f1)
            found["ece"] = Figure(f"{measured.ece:.3f}", -measured.ece)
        return found

    def _time(self, record: RunRecord) -> Figure:
        if not record.seconds:
            return NOTHING
        return Figure(self._texts.duration(record.seconds), -record.seconds)

    def model(self, record: RunRecord) -> str:
        """How large its model is, and how quick."""
        measured = record.measurement
        if measured is None:
            return ""
        size = QLocale().formattedDataSize(
            measured.file_bytes, 1, QLocale.DataSizeFormat.DataSizeSIFormat
        )
        parts = [size]
        if measured.milliseconds:
            parts.append(self.tr("{count} ms a photo").format(count=round(measured.milliseconds)))
        return " · ".join(parts)


def best_of(figures: Sequence[Figure]) -> frozenset[int]:
    """Which of some figures are the best; none, where they are all alike."""
    values = [figure.value for figure in figures]
    if len(set(values)) < 2:
        return frozenset()
    return frozenset(number for number, value in enumerate(values) if value == max(values))
