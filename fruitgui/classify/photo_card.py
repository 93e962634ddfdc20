"""A photo's card: the image, what it is taken for, how surely, and what else it may be."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from fruitgui import theme
from fruitgui.classify.photo_list import PhotoEntry, PhotoList
from fruitgui.i18n.display_names import display_name
from fruitgui.i18n.photo_names import photo_name
from fruitgui.widgets.card_painting import draw_mark, draw_text, paint_card
from fruitgui.widgets.scaled_painting import scaled_size, text_scaled
from fruitgui.widgets.thumbnail_cache import KeptThumbnails
from trainer.inference.prediction import Answer

WIDTH = 232
IMAGE_HEIGHT = 156
_PADDING = 12
_ROW = 19
_ROWS = 5
HEIGHT = IMAGE_HEIGHT + _PADDING + 26 + 18 + 6 + _ROWS * _ROW + _PADDING
_GAP = 2 * theme.SPACE


class PhotoCardDelegate(QStyledItemDelegate):
    """Paints the rows of a :class:`~fruitgui.classify.photo_list.PhotoList` as cards.

    Thumbnails are requested as their cards are painted, and given back to ``thumbnails``.
    """

    def __init__(
        self, request_thumbnail: Callable[[Path], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.thumbnails = KeptThumbnails(request_thumbnail)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return scaled_size(WIDTH + _GAP, HEIGHT + _GAP)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        entry: PhotoEntry = index.data(PhotoList.EntryRole)
        state: QStyle.StateFlag = option.state
        with text_scaled(painter, option.rect):
            card = QRect(_GAP // 2, _GAP // 2, WIDTH, HEIGHT)
            below = card.adjusted(_PADDING, IMAGE_HEIGHT + _PADDING - 2, -_PADDING, -_PADDING)
            paint_card(
                painter,
                card,
                state,
                self.thumbnails.wanted(entry.path),
                IMAGE_HEIGHT,
                lambda: self._paint_text(painter, below, entry),
            )

    def _paint_text(self, painter: QPainter, area: QRect, entry: PhotoEntry) -> None:
        scheme = theme.colours()
        answer = entry.answer
        heading = QRect(area.left(), area.top(), area.width(), 26)
        caption = QRect(area.left(), heading.bottom(), area.width(), 18)
        rows = QRect(area.left(), caption.bottom() + 6, area.width(), _ROWS * _ROW)
        if entry.correction is not None:
            name = display_name(entry.correction)
            draw_text(painter, heading, name, scheme.accent, 16, bold=True)
            mark = self.tr("Confirmed") if entry.is_confirmed else self.tr("Corrected")
            caption = draw_mark(painter, caption, mark)
        elif answer is None:
            text = self.tr("Waiting…") if entry.is_waiting else self.tr("Not classified")
            if entry.error is not None:
                text = self.tr("File is gone")
            draw_text(painter, heading, text, scheme.muted, 16)
        else:
            self._paint_answer(painter, heading, answer)
        if answer is not None:
            _paint_bars(painter, rows, answer)
        draw_text(painter, caption, photo_name(entry.path), scheme.muted, 12)

    def _paint_answer(self, painter: QPainter, area: QRect, answer: Answer) -> None:
        scheme = theme.colours()
        share = QRect(area.right() - 52, area.top(), 52, area.height())
        name = area.adjusted(0, 0, -56, 0)
        if answer.label is None:
            draw_text(painter, name, self.tr("Not sure"), scheme.warning, 16, bold=True)
            return
        draw_text(painter, name, display_name(answer.label), scheme.text, 16, bold=True)
        right = Qt.AlignmentFlag.AlignRight
        draw_text(
            painter, share, f"{answer.confidence:.0%}", scheme.accent, 16, bold=True, align=right
        )


def _paint_bars(painter: QPainter, area: QRect, answer: Answer) -> None:
    scheme = theme.colours()
    for number, ranked in enumerate(answer.top[:_ROWS]):
        row = QRect(area.left(), area.top() + number * _ROW, area.width(), _ROW)
        draw_text(
            painter,
            QRect(row.left(), row.top(), 96, _ROW),
            display_name(ranked.label),
            scheme.text,
            12,
        )
        track = QRectF(row.left() + 102, row.top() + (_ROW - 6) / 2, row.width() - 102 - 40, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(scheme.track))
        painter.drawRoundedRect(track, 3, 3)
        # A rounded bar is at least as wide as it is high.
        filled = QRectF(track.left(), track.top(), max(6.0, track.width() * ranked.probability), 6)
        colour = QColor(scheme.accent)
        colour.setAlphaF(1.0 if number == 0 else 0.45)
        painter.setBrush(colour)
        if ranked.probability >= 0.005:
            painter.drawRoundedRect(filled, 3, 3)
        draw_text(
            painter,
            QRect(row.right() - 38, row.top(), 38, _ROW),
            f"{ranked.probability:.0%}",
            scheme.muted,
            12,
            align=Qt.AlignmentFlag.AlignRight,
        )
    painter.setBrush(Qt.BrushStyle.NoBrush)
