"""The curves of a training run."""

import pyqtgraph
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QWidget

from fruitgui import theme
from fruitgui.widgets.plot import Plot

_TYPE, _TITLE = 12, 13
_SMALLEST = 160, 150


class Curves(theme.Scaled, Plot):
    """Training and validation values by epoch, with the best epoch marked."""

    def __init__(
        self, highest: float | None = None, rising: bool = False, parent: QWidget | None = None
    ) -> None:
        """Make an empty chart.

        Args:
            highest: the end of the vertical axis; None lets it follow the values.
            rising: whether the curves are expected to rise, and leave room for the legend below.
        """
        super().__init__(parent, enableMenu=False)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plot = self.getPlotItem()
        plot.showGrid(x=False, y=True, alpha=0.15)
        self._legend = plot.addLegend(offset=(-8, -8 if rising else 8))
        self._training = plot.plot([], [], symbol="o", symbolSize=5)
        self._validation = plot.plot([], [], symbol="o", symbolSize=5)
        self._best = pyqtgraph.InfiniteLine(angle=90)
        self._best.hide()
        plot.addItem(self._best)
        self._title, self._names = "", ("", "")
        if highest is not None:
            self.setYRange(0, highest)
        self.set_epochs(20)
        self._points: tuple[list[float], list[float], list[float]] = ([], [], [])
        self._dress()

    def set_texts(self, title: str, training: str, validation: str) -> None:
        """What the chart and its two lines are called."""
        self._legend.clear()
        self._legend.addItem(self._training, training)
        self._legend.addItem(self._validation, validation)
        self._title, self._names = title, (training, validation)
        self._dress()
        self._describe()

    def set_epochs(self, epochs: int) -> None:
        """Set how far the horizontal axis goes."""
        self.setXRange(0, max(2, epochs))

    def add(self, epoch: int, training: float, validation: float, is_best: bool) -> None:
        for values, value in zip(self._points, (epoch, training, validation), strict=True):
            values.append(value)
        epochs, *lines = self._points
        self._training.setData(epochs, lines[0])
        self._validation.setData(epochs, lines[1])
        if is_best:
            self._best.setValue(epoch)
            self._best.show()
        self._describe()

    def _describe(self) -> None:
        """Say in words what the eye sees."""
        self.setAccessibleName(self._title)
        epochs, *lines = self._points
        if not epochs:
            self.setAccessibleDescription(self.tr("No epoch yet"))
            return
        values = ", ".join(
            f"{name} {line[-1]:.4g}" for name, line in zip(self._names, lines, strict=True)
        )
        text = self.tr("Epoch {epoch}: {values}").format(epoch=int(epochs[-1]), values=values)
        if self._best.isVisible():
            best = self.tr("Best epoch: {epoch}").format(epoch=int(self._best.value()))
            text = f"{text}. {best}"
        self.setAccessibleDescription(text)

    def clear_points(self) -> None:
        self._points = ([], [], [])
        self._training.setData([], [])
        self._validation.setData([], [])
        self._best.hide()
        self._describe()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_points"):
            self._dress()
        super().changeEvent(event)

    def scale(self) -> None:
        self._dress()

    def _dress(self) -> None:
        scheme = theme.colours()
        self.setMinimumSize(theme.scaled(_SMALLEST[0]), theme.scaled(_SMALLEST[1]))
        self.setBackground(scheme.surface)
        self.setTitle(self._title, color=scheme.text, size=f"{theme.scaled(_TITLE)}px")
        for line, colour in ((self._training, scheme.second), (self._validation, scheme.accent)):
            line.setPen(pyqtgraph.mkPen(colour, width=2))
            line.setSymbolBrush(colour)
            line.setSymbolPen(None)
            # The legend draws the points, and has them from here while there are none.
            line.scatter.setBrush(colour)
            line.scatter.setPen(None)
        dashed = pyqtgraph.QtCore.Qt.PenStyle.DashLine
        self._best.setPen(pyqtgraph.mkPen(scheme.muted, width=1, style=dashed))
        for side in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(side)
            axis.setPen(scheme.border)
            axis.setTextPen(scheme.muted)
            axis.setTickFont(theme.font(_TYPE))
        self._legend.setLabelTextColor(scheme.text)
        self._legend.setLabelTextSize(f"{theme.scaled(_TYPE)}px")
        self.getPlotItem().getAxis("left").setWidth(theme.scaled(44))
        self.getPlotItem().getAxis("bottom").setHeight(theme.scaled(22))
        for _, name in self._legend.items:
            # Those that are there keep their colour until they are written anew.
            name.setText(name.text, color=scheme.text)
            name.resize(name.minimumSize())  # Else it stays as wide as it has ever been.
        self._legend.updateSize()
        # The best epoch's line passes behind it.
        self._legend.setBrush(scheme.surface)
