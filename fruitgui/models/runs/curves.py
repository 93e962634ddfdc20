"""The curves of selected training runs, with a choice of what they show."""

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.models.runs.overlaid_curves import Figure, OverlaidCurves, RunCurve
from fruitgui.widgets.form_field import Choice

_FIGURES: tuple[Figure, ...] = (
    *("validation_accuracy", "validation_loss", "train_accuracy", "train_loss"),
    "gap",
)


_HEIGHT = 230


class RunCurves(Retranslated, QWidget):
    """Curves over one another."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figure = Choice(_FIGURES)
        self.curves = OverlaidCurves()
        # It is made for lines with names, which need room beside it; here they have numbers.
        self.curves.setMinimumWidth(0)
        self.curves.setFixedHeight(_HEIGHT)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self._figure)
        layout.addWidget(self.curves)
        self._figure.changed.connect(self._on_figure_changed)
        self.retranslate()

    def show_runs(self, runs: Sequence[RunCurve]) -> None:
        self.curves.show_runs(runs)

    @Slot()
    def _on_figure_changed(self) -> None:
        self.curves.set_figure(cast(Figure, self._figure.value))

    def retranslate(self) -> None:
        self._figure.set_texts(
            self.tr("CURVES"),
            "",
            {
                "validation_accuracy": (self.tr("Validation accuracy"), ""),
                "validation_loss": (self.tr("Validation loss"), ""),
                "train_accuracy": (self.tr("Training accuracy"), ""),
                "train_loss": (self.tr("Training loss"), ""),
                "gap": (self.tr("Gap between training and validation"), ""),
            },
        )
        self.curves.setAccessibleName(self.tr("Curves by epoch"))
