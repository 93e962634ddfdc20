"""What a rejection threshold does: how much is answered, and how much of that is right."""

import math
from collections.abc import Sequence

import pyqtgraph
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.widgets.elided_label import ElidedLabel
from fruitgui.widgets.plot import Plot

_TICKS = [(tick / 5, f"{tick / 5:.0%}") for tick in range(6)]

_TYPE = 12


class RejectionChart(theme.Scaled, QWidget):
    """The share of photos that is answered, and the accuracy of these answers, by the threshold
    below which the model says that it is not sure.

    Above stands what the model's own threshold does, or the one under the mouse; arrow keys move
    along.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thresholds: tuple[float, ...] = ()
        self._accuracy: tuple[float, ...] = ()
        self._answered: tuple[float, ...] = ()
        self._current = 0.0
        self._read_at: int | None = None
        """The point that is read; None for the model's own."""
        self._figures = ElidedLabel("caption")
        self._chart = Plot(enableMenu=False)
        self._chart.setMouseEnabled(x=False, y=False)
        self._chart.hideButtons()
        # The keys are the widget's.
        self._chart.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(260, 200)
        plot = self._chart.getPlotItem()
        plot.showGrid(x=False, y=True, alpha=0.15)
        for side in ("left", "bottom"):
            plot.getAxis(side).setTicks([_TICKS, []])
            plot.getAxis(side).setStyle(hideOverlappingLabels=False)
        self._chart.setXRange(0, 1)
        self._chart.setYRange(0, 1)
        # The last tick's text stands over the end of the axis.
        plot.layout.setContentsMargins(1, 4, 24, 1)
        # Below the chart, whose lines it would hide.
        self._legend = pyqtgraph.LegendItem(offset=None)
        plot.layout.addItem(self._legend, 4, 1, Qt.AlignmentFlag.AlignLeft)
        self._right_line = plot.plot([], [], connect="finite")
        self._answered_line = plot.plot([], [])
        self._own = pyqtgraph.InfiniteLine(angle=90)
        self._reading = pyqtgraph.InfiniteLine(angle=90)
        plot.addItem(self._own)
        plot.addItem(self._reading)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._figures)
        layout.addWidget(self._chart, 1)
        self._chart.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self._chart.installEventFilter(self)
        self._retranslate()

    def show_points(
        self,
        thresholds: Sequence[float],
        accuracy: Sequence[float],
        answered: Sequence[float],
        current: float,
    ) -> None:
        """Show what each threshold does, all from 0 to 1.

        Args:
            thresholds: from low to high.
            accuracy: of the answers that are given; not a number where none are.
            answered: the share of photos that is answered.
            current: the model's own threshold.
        """
        self._thresholds = tuple(thresholds)
        self._accuracy = tuple(accuracy)
        self._answered = tuple(answered)
        self._current = current
        self._right_line.setData(self._thresholds, self._accuracy)
        self._answered_line.setData(self._thresholds, self._answered)
        self._own.setValue(current)
        self._read(None)

    @property
    def reading(self) -> str:
        """What stands above the chart."""
        return self._figures.text()

    def changeEvent(self, event: QEvent) -> None:
        dresses = (QEvent.Type.PaletteChange, QEvent.Type.DevicePixelRatioChange)
        if event.type() in dresses and hasattr(self, "_reading"):
            self._dress()
        elif event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Leave:
            self._read(None)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._thresholds) - 1
        at = self._read_at if self._read_at is not None else self._nearest(self._current)
        match event.key():
            case Qt.Key.Key_Left if self._thresholds:
                self._read(max(0, at - 1))
            case Qt.Key.Key_Right if self._thresholds:
                self._read(min(last, at + 1))
            case Qt.Key.Key_Home if self._thresholds:
                self._read(0)
            case Qt.Key.Key_End if self._thresholds:
                self._read(last)
            case Qt.Key.Key_Escape if self._read_at is not None:
                self._read(None)
            case _:
                event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._read(None)

    @Slot(QPointF)
    def _on_mouse_moved(self, place: QPointF) -> None:
        box = self._chart.getPlotItem().getViewBox()
        is_inside = box.sceneBoundingRect().contains(place)
        has_points = bool(self._thresholds)
        threshold = box.mapSceneToView(place).x()
        self._read(self._nearest(threshold) if is_inside and has_points else None)

    def _nearest(self, threshold: float) -> int:
        """The point next to a threshold."""
        distances = [abs(each - threshold) for each in self._thresholds]
        return distances.index(min(distances)) if distances else 0

    def _read(self, at: int | None) -> None:
        """Read the figures of a point; None reads the model's own threshold."""
        self._read_at = at
        self._reading.setVisible(at is not None)
        if not self._thresholds:
            self._figures.clear()
            return
        nearest = at if at is not None else self._nearest(self._current)
        threshold = self._thresholds[nearest] if at is not None else self._current
        self._reading.setValue(threshold)
        accuracy = self._accuracy[nearest]
        if math.isnan(accuracy):
            text = self.tr("Threshold {threshold}: no photo gets an answer")
        elif at is None:
            text = self.tr(
                "Threshold {threshold} (the model's default): {answered} of photos get an "
                "answer, {accuracy} of them right"
            )
        else:
            text = self.tr(
                "Threshold {threshold}: {answered} of photos get an answer, {accuracy} of them "
                "right"
            )
        answered = self._answered[nearest]
        shown = f"{100 * threshold:.3g}%"
        text = text.format(threshold=shown, answered=f"{answered:.0%}", accuracy=f"{accuracy:.1%}")
        self._figures.setText(text)
        self.setAccessibleDescription(text)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("What the threshold does"))
        self._dress()
        self._read(self._read_at)

    def scale(self) -> None:
        self._dress()

    def _dress(self) -> None:
        scheme = theme.colours()
        self._chart.setBackground(scheme.surface)
        # pyqtgraph counts in the screen's own pixels.
        pixel = self.devicePixelRatioF()
        dashed, dotted = Qt.PenStyle.DashLine, Qt.PenStyle.DotLine
        self._right_line.setPen(pyqtgraph.mkPen(scheme.accent, width=2 * pixel))
        self._answered_line.setPen(pyqtgraph.mkPen(scheme.second, width=2 * pixel, style=dashed))
        self._own.setPen(pyqtgraph.mkPen(scheme.text, width=1.5 * pixel))
        self._reading.setPen(pyqtgraph.mkPen(scheme.muted, width=pixel, style=dotted))
        for side in ("left", "bottom"):
            axis = self._chart.getPlotItem().getAxis(side)
            axis.setPen(scheme.border)
            axis.setTextPen(scheme.muted)
            axis.setTickFont(theme.font(_TYPE))
        text = self.tr("Threshold (least familiarity)")
        self._chart.setLabel("bottom", text, color=scheme.muted)
        # A label takes its colour when it is made.
        self._legend.setLabelTextColor(scheme.text)
        self._legend.setLabelTextSize(f"{theme.scaled(_TYPE)}px")
        self._legend.clear()
        self._legend.addItem(self._right_line, self.tr("Accuracy of the answers"))
        self._legend.addItem(self._answered_line, self.tr("Photos with an answer"))
