"""Figures with how far each may be off: a dot and whiskers a row, on one scale."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from fruitgui import theme
from fruitgui.widgets.scaled_painting import scaled_size, text_scaled

Kind = Literal["taken", "best", "plain"]

_ROW = 26
_AXIS = 22
_TITLE = 22
_MARGIN = 12
_GAP = 8
_TYPE = 12
_DOT = 4.5
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2)
_MOST_TICKS = 6
_LONGEST_NAME = 0.45
"""The share of the width that names may take."""


_Place = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Interval:
    """A row; *value*, *low* and *high* are shares, from 0 to 1."""

    name: str
    value: float
    low: float
    high: float
    kind: Kind = "plain"
    """The row to take has a filled dot and bold type, the best a ring."""


class IntervalChart(theme.Scaled, QWidget):
    """Shares with their intervals, from top to bottom; a dashed line goes through the best one's
    value, so that it is seen whose intervals it meets."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Interval, ...] = ()
        self._title = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: Sequence[Interval], title: str) -> None:
        self._rows = tuple(rows)
        self._title = title
        self.setAccessibleName(title)
        self.setAccessibleDescription(
            "; ".join(
                f"{row.name}: {row.value:.1%} ({row.low:.1%} – {row.high:.1%})" for row in rows
            )
        )
        self.updateGeometry()
        self.update()

    @property
    def rows(self) -> tuple[Interval, ...]:
        return self._rows

    def sizeHint(self) -> QSize:
        return scaled_size(420, _TITLE + _ROW * len(self._rows) + _AXIS + _MARGIN)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.scaled(280), self.sizeHint().height())

    def scale(self) -> None:
        self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._rows:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        with text_scaled(painter, self.rect()) as room:
            self._paint(painter, room.width())

    def _paint(self, painter: QPainter, width: int) -> None:
        scheme = theme.colours()
        font = self.font()
        font.setPixelSize(_TYPE)
        painter.setFont(font)
        bold = self.font()
        bold.setPixelSize(_TYPE)
        bold.setBold(True)
        names = min(
            max(QFontMetrics(bold).horizontalAdvance(row.name) for row in self._rows) + 1,
            round(_LONGEST_NAME * width),
        )
        figure = QFontMetrics(bold).horizontalAdvance("100.0%")
        field = QRectF(
            *(_MARGIN + names + 2 * _GAP, _TITLE),
            width - 2 * _MARGIN - names - figure - 4 * _GAP,
            _ROW * len(self._rows),
        )
        painter.setPen(QColor(scheme.muted))
        heading = QRectF(_MARGIN, 0, width - 2 * _MARGIN, _TITLE)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(heading, middle | Qt.AlignmentFlag.AlignLeft, self._title)
        low, step = self._scale()
        self._draw_axis(painter, field, low, step)

        def place(share: float) -> float:
            return field.left() + field.width() * (share - low) / (1 - low)

        best = next((row for row in self._rows if row.kind != "plain"), None)
        best = next((row for row in self._rows if row.kind == "best"), best)
        if best is not None:
            painter.setPen(QPen(QColor(scheme.muted), 1, Qt.PenStyle.DashLine))
            across = place(best.value)
            painter.drawLine(QPointF(across, field.top()), QPointF(across, field.bottom()))
        for number, row in enumerate(self._rows):
            is_taken = row.kind == "taken"
            painter.setFont(bold if is_taken else font)
            y = field.top() + _ROW * (number + 0.5)
            line = QRectF(_MARGIN, y - _ROW / 2, names, _ROW)
            painter.setPen(QColor(scheme.text))
            name = QFontMetrics(painter.font()).elidedText(
                row.name, Qt.TextElideMode.ElideMiddle, names
            )
            painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, name)
            right = QRectF(field.right() + _GAP, y - _ROW / 2, figure + 2 * _GAP, _ROW)
            painter.drawText(right, middle | Qt.AlignmentFlag.AlignRight, f"{row.value:.1%}")
            colour = QColor(scheme.accent if row.kind != "plain" else scheme.second)
            self._draw_row(painter, place, row, y, colour)

    def _draw_row(
        self, painter: QPainter, place: _Place, row: Interval, y: float, colour: QColor
    ) -> None:
        painter.setPen(QPen(colour, 2))
        low, high = place(row.low), place(row.high)
        painter.drawLine(QPointF(low, y), QPointF(high, y))
        for end in (low, high):
            painter.drawLine(QPointF(end, y - 4), QPointF(end, y + 4))
        is_ring = row.kind == "best"
        painter.setBrush(QColor(theme.colours().surface) if is_ring else colour)
        size = _DOT + 1 if row.kind == "taken" else _DOT
        painter.drawEllipse(QPointF(place(row.value), y), size, size)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_axis(self, painter: QPainter, field: QRectF, low: float, step: float) -> None:
        scheme = theme.colours()
        count = round((1 - low) / step)
        # In a narrow chart, every other number, or fewer; the last is always there.
        room = field.width() / count
        every = math.ceil((painter.fontMetrics().horizontalAdvance("100%") + 8) / max(1.0, room))
        for number in range(count + 1):
            share = low + number * step
            across = field.left() + field.width() * (share - low) / (1 - low)
            painter.setPen(QPen(QColor(scheme.border), 1))
            painter.drawLine(QPointF(across, field.top()), QPointF(across, field.bottom() + 4))
            if (count - number) % every:
                continue
            painter.setPen(QColor(scheme.muted))
            below = QRectF(across - 30, field.bottom() + 4, 60, _AXIS - 4)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, f"{share:.0%}")

    def _scale(self) -> tuple[float, float]:
        """Where the axis begins, and how far its ticks lie apart; it ends at 1."""
        length = 1 - min(row.low for row in self._rows)
        step = next((step for step in _STEPS if length <= _MOST_TICKS * step), _STEPS[-1])
        ticks = max(1, math.ceil(length / step - 1e-9))
        return 1 - step * ticks, step
