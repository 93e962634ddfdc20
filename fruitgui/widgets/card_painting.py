"""Text on painted cards."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from fruitgui import theme


def draw_text(
    painter: QPainter,
    area: QRect,
    text: str,
    colour: str,
    pixels: int,
    *,
    bold: bool = False,
    wrapped: bool = False,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Draw *text*; on a single line it is cut in its middle where it is too long."""
    font = QFont(painter.font())
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    if wrapped:
        painter.drawText(area, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop, text)
        return
    short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, area.width())
    painter.drawText(area, align | Qt.AlignmentFlag.AlignVCenter, short)


def draw_mark(painter: QPainter, area: QRect, text: str) -> QRect:
    """Paint a mark at the right of *area*; returns what is left of it."""
    scheme = theme.colours()
    font = QFont(painter.font())
    font.setPixelSize(11)
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    width = painter.fontMetrics().horizontalAdvance(text) + 14
    mark = QRect(area.right() - width, area.top(), width, area.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(scheme.accent_soft))
    painter.drawRoundedRect(QRectF(mark), 9, 9)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QColor(scheme.accent))
    painter.drawText(mark, Qt.AlignmentFlag.AlignCenter, text)
    return area.adjusted(0, 0, -width - 6, 0)
