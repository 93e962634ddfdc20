"""The curves of several training runs over one another."""

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pyqtgraph
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

from fruitgui import theme
from fruitgui.widgets import tool_tip
from fruitgui.widgets.plot import Plot
from trainer.events import EpochDone

Figure = Literal["validation_accuracy", "validation_loss", "train_accuracy", "train_loss", "gap"]
MOST_RUNS = 10

_SYMBOLS = ("o", "s", "t", "d", "x", "star", "p", "t1", "+", "h")
_STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
_NAME_WIDTH = 170
_TYPE, _TITLE = 12, 13
_LEGEND_AT = (-1, 32)
"""From the right and from above."""
_LEAST_POINTS = 5
"""So many percentage points of an accuracy are shown at least."""


@dataclass(frozen=True, slots=True)
class RunCurve:
    """A run, by the name that its line is to have."""

    name: str
    epochs: tuple[EpochDone, ...]

    @property
    def best(self) -> EpochDone | None:
        """The epoch whose weights were kept."""
        return next((epoch for epoch in reversed(self.epochs) if epoch.best), None)


class _Axis(pyqtgraph.AxisItem):  # type: ignore[misc]
    """Without marks outside of what values can be, where room is left beside them."""

    lowest, highest = -math.inf, math.inf

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        return [
            (spacing, [value for value in values if self.lowest <= value <= self.highest])
            for spacing, values in super().tickValues(low, high, size)
        ]


class OverlaidCurves(theme.Scaled, Plot):
    """One figure of up to ten runs by epoch. Runs differ in colour, symbol and the style of the
    line; the best epoch of each has a larger symbol."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._axis = _Axis("left")
        super().__init__(parent, enableMenu=False, axisItems={"left": self._axis})
        self._runs: tuple[RunCurve, ...] = ()
        self._figure: Figure = "validation_accuracy"
        self._lines: list[pyqtgraph.PlotDataItem] = []
        self._bests: list[pyqtgraph.PlotDataItem] = []
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.setMinimumSize(440, 220)
        plot = self.getPlotItem()
        plot.showGrid(x=False, y=True, alpha=0.15)
        self._legend = pyqtgraph.LegendItem(offset=_LEGEND_AT, labelTextSize=f"{_TYPE}px")
        self._legend.setParentItem(plot)
        self._dress()

    def show_runs(self, runs: Sequence[RunCurve]) -> None:
        """Show the first :data:`MOST_RUNS` of these."""
        plot = self.getPlotItem()
        for item in (*self._lines, *self._bests):
            plot.removeItem(item)
        self._runs = tuple(runs[:MOST_RUNS])
        self._lines = [plot.plot([], [], connect="finite") for _ in self._runs]
        # Over all lines.
        self._bests = [plot.plot([], [], pen=None) for _ in self._runs]
        self._draw()
        self._dress()

    def set_figure(self, figure: Figure) -> None:
        """Show this figure of each epoch."""
        self._figure = figure
        self._draw()
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        redresses = (
            QEvent.Type.PaletteChange,
            QEvent.Type.LanguageChange,
            QEvent.Type.DevicePixelRatioChange,
        )
        if event.type() in redresses and hasattr(self, "_legend"):
            self._dress()
        super().changeEvent(event)

    def scale(self) -> None:
        self._dress()

    def _values(self, epochs: Sequence[EpochDone]) -> list[float]:
        """What is shown of epochs."""
        values = [float(getattr(epoch, self._figure)) for epoch in epochs]
        return values if self._is_loss else [100 * value for value in values]

    @property
    def _is_loss(self) -> bool:
        return self._figure in ("validation_loss", "train_loss")

    def _title(self) -> str:
        title: str
        match self._figure:
            case "validation_accuracy":
                title = self.tr("Validation accuracy, %")
            case "validation_loss":
                title = self.tr("Validation loss")
            case "train_accuracy":
                title = self.tr("Training accuracy, %")
            case "train_loss":
                title = self.tr("Training loss")
            case "gap":
                title = self.tr("Accuracy gap, % points")
        return title

    def _draw(self) -> None:
        for run, line, mark in zip(self._runs, self._lines, self._bests, strict=True):
            line.setData([epoch.epoch for epoch in run.epochs], self._values(run.epochs))
            best = [run.best] if run.best is not None else []
            mark.setData([epoch.epoch for epoch in best], self._values(best))
        last = max((run.epochs[-1].epoch for run in self._runs if run.epochs), default=0)
        self.setXRange(0, max(2, last))
        # There are no halves of epochs.
        bottom = self.getPlotItem().getAxis("bottom")
        bottom.setTickSpacing(*((1, 1) if last <= 10 else ()))
        self._fit_values()

    def _fit_values(self) -> None:
        values = [value for run in self._runs for value in self._values(run.epochs)]
        is_accuracy = self._figure in ("validation_accuracy", "train_accuracy")
        ends = (0.0, 100.0) if is_accuracy else (-math.inf, math.inf)
        self._axis.lowest, self._axis.highest = ends
        if not is_accuracy or not values:
            self.enableAutoRange(axis="y")
            return
        # Of runs that are nearly alike, the axis would go to 100.4%.
        low, high = min(values), max(values)
        self.setYRange(max(0, min(low, high - _LEAST_POINTS)), max(high, _LEAST_POINTS))

    def _name_lines(self) -> None:
        self._legend.clear()
        metrics = QFontMetrics(theme.font(_TYPE))
        for run, line in zip(self._runs, self._lines, strict=True):
            if not run.name:
                continue  # The only run, whose name stands elsewhere.
            # What tells runs apart is as often the end of a name as its beginning.
            middle = Qt.TextElideMode.ElideMiddle
            # pyqtgraph would take it for HTML.
            name = html.escape(metrics.elidedText(run.name, middle, theme.scaled(_NAME_WIDTH)))
            self._legend.addItem(line, name)
            self._legend.getLabel(line).setToolTip(tool_tip.plain(run.name))
        # pyqtgraph would take the sizes that names have before they are laid out.
        size = self._legend.layout.effectiveSizeHint(Qt.SizeHint.PreferredSize)
        self._legend.resize(size)
        self._legend.setOffset(_LEGEND_AT)
        # Beside the curves, as ten names would hide them.
        room = round(size.width()) + 8 if any(run.name for run in self._runs) else 8
        self.getPlotItem().layout.setContentsMargins(1, 1, room, 1)

    def _dress(self) -> None:
        scheme = theme.colours()
        self.setBackground(scheme.surface)
        self.setTitle(self._title(), color=scheme.text, size=f"{theme.scaled(_TITLE)}px")
        for number, (line, best) in enumerate(zip(self._lines, self._bests, strict=True)):
            colour = scheme.runs[number % len(scheme.runs)]
            style = _STYLES[number % len(_STYLES)]
            symbol = _SYMBOLS[number]
            # pyqtgraph counts in the screen's own pixels.
            width = 2 * self.devicePixelRatioF()
            line.setPen(pyqtgraph.mkPen(colour, width=width, style=style))
            for points, size in ((line, 6), (best, 14)):
                points.setSymbol(symbol)
                points.setSymbolSize(size)
                points.setSymbolBrush(colour)
            line.setSymbolPen(None)
            best.setSymbolPen(pyqtgraph.mkPen(scheme.text, width=1.5))
            # The legend draws the points, and has them from here while there are none.
            line.scatter.setSymbol(symbol)
            line.scatter.setBrush(colour)
            line.scatter.setPen(None)
        self.getPlotItem().getAxis("left").setWidth(theme.scaled(44))
        for side in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(side)
            axis.setPen(scheme.border)
            axis.setTextPen(scheme.muted)
            axis.setTickFont(theme.font(_TYPE))
        self.setLabel("bottom", self.tr("Epoch"), color=scheme.muted)
        self._legend.setLabelTextColor(scheme.text)
        self._legend.setLabelTextSize(f"{theme.scaled(_TYPE)}px")
        # A label takes its colour when it is made.
        self._name_lines()
        self._describe()

    def _describe(self) -> None:
        """Say in words what the eye sees."""
        lines = []
        for run in self._runs:
            if not run.epochs or run.best is None:
                continue
            best, last = self._values([run.best, run.epochs[-1]])
            text = self.tr("{name}: {best} in epoch {epoch}, its best; {last} in epoch {epochs}")
            lines.append(
                text.format(
                    name=run.name or self._title(),
                    best=f"{best:.4g}",
                    epoch=run.best.epoch,
                    last=f"{last:.4g}",
                    epochs=run.epochs[-1].epoch,
                )
            )
        self.setAccessibleDescription("; ".join((self._title(), *lines)))
