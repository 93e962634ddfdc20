"""Painted cards, and the text on them."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle

from fruitgui import theme

_RADIUS = 12


def paint_card(
    painter: QPainter,
    card: QRect,
    state: QStyle.StateFlag,
    thumbnail: QImage | None,
    image_height: int,
    paint_text: Callable[[], None],
) -> None:
    """Paint a card: an image above some text, and what tells that it is selected or current.

    Args:
        thumbnail: None, or a null image, while there is none.
        paint_text: paints what is below the image.
    """
    scheme = theme.colours()
    is_selected = bool(state & QStyle.StateFlag.State_Selected)
    is_current = bool(state & QStyle.StateFlag.State_HasFocus)
    outline = QPainterPath()
    outline.addRoundedRect(QRectF(card), _RADIUS, _RADIUS)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.fillPath(outline, QColor(scheme.accent_soft if is_selected else scheme.surface))
    painter.setClipPath(outline)
    image = QRect(card.left(), card.top(), card.width(), image_height)
    painter.fillRect(image, QColor(scheme.track))
    if thumbnail is not None and not thumbnail.isNull():
        painter.drawImage(image, thumbnail)
    painter.setClipping(False)
    paint_text()
    # The keys are at the current card, be it selected or not.
    pen = QPen(QColor(scheme.accent if is_selected else scheme.border), 3 if is_current else 1)
    if is_current and not is_selected:
        pen = QPen(QColor(scheme.muted), 1, Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.drawPath(outline)
    painter.restore()


def draw_text(
    painter: QPainter,
    area: QRect,
    text: str,
    colour: str,
    pixels: int,
    *,
    bold: bool = False,
    struck: bool = False,
    wrapped: bool = False,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Draw *text*; on a single line it is cut in its middle where it is too long."""
    font = QFont(painter.font())
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    font.setStrikeOut(struck)
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
    font.setStrikeOut(False)
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
