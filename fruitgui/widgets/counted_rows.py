"""Rows of a list that say how many there are of each."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from fruitgui import theme
from fruitgui.widgets.scaled_painting import scaled_size, text_scaled

COUNT = Qt.ItemDataRole.UserRole + 1
"""How many there are."""
SHARE = Qt.ItemDataRole.UserRole + 2
"""How long the bar is, from 0 to 1; none at 0."""
_ROW = 34


class CountedRowDelegate(QStyledItemDelegate):
    """Paints a row: the name, the count, and below a bar where there is a share."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return scaled_size(120, _ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        with text_scaled(painter, option.rect) as area:
            _paint_row(painter, area, option.state, index)


def _paint_row(
    painter: QPainter,
    area: QRect,
    state: QStyle.StateFlag,
    index: QModelIndex | QPersistentModelIndex,
) -> None:
    scheme = theme.colours()
    is_chosen = bool(state & QStyle.StateFlag.State_Selected)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    if is_chosen or state & QStyle.StateFlag.State_MouseOver:
        painter.setBrush(QColor(scheme.accent_soft if is_chosen else scheme.raised))
        painter.drawRoundedRect(QRectF(area), 8, 8)
    if is_chosen and state & QStyle.StateFlag.State_HasFocus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(scheme.accent))
        painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
    inner = area.adjusted(10, 2, -10, -2)
    font = QFont(painter.font())
    font.setPixelSize(13)
    font.setWeight(QFont.Weight.DemiBold if is_chosen else QFont.Weight.Normal)
    painter.setFont(font)
    count = str(index.data(COUNT))
    width = painter.fontMetrics().horizontalAdvance(count)
    name = inner.adjusted(0, 0, -width - 8, -6)
    text = painter.fontMetrics().elidedText(
        str(index.data()), Qt.TextElideMode.ElideRight, name.width()
    )
    centred = Qt.AlignmentFlag.AlignVCenter
    painter.setPen(QColor(scheme.text))
    painter.drawText(name, centred | Qt.AlignmentFlag.AlignLeft, text)
    painter.setPen(QColor(scheme.muted))
    right = inner.adjusted(0, 0, 0, -6)
    painter.drawText(right, centred | Qt.AlignmentFlag.AlignRight, count)
    share = float(index.data(SHARE) or 0)
    if share:
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(inner.left(), inner.bottom() - 4, inner.width(), 4)
        painter.setBrush(QColor(scheme.track))
        painter.drawRoundedRect(track, 2, 2)
        painter.setBrush(QColor(scheme.accent))
        track.setWidth(max(4.0, track.width() * share))
        painter.drawRoundedRect(track, 2, 2)
