"""The grid of photos that a model was evaluated on: what each is, and what it was taken for."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from fruitgui import theme
from fruitgui.i18n.display_names import display_name
from fruitgui.models.evaluation.photo_list import EvaluatedPhotoList, EvaluatedRow
from fruitgui.widgets.card_grid import CardGrid
from fruitgui.widgets.card_painting import draw_mark, draw_text, paint_card
from fruitgui.widgets.scaled_painting import scaled_size, text_scaled
from fruitgui.widgets.thumbnail_cache import KeptThumbnails

WIDTH = 168
IMAGE_HEIGHT = 118
_LINE = 19
_PADDING = 10
_GAP = 12


class EvaluatedPhotoGrid(CardGrid):
    """Shows an :class:`EvaluatedPhotoList` as cards."""

    def __init__(
        self,
        photos: EvaluatedPhotoList,
        request_thumbnail: Callable[[Path], None],
        parent: QWidget | None = None,
    ) -> None:
        cards = _CardDelegate(request_thumbnail)
        super().__init__(photos, photos, cards, cards.thumbnails, parent)
        self.setObjectName("evaluated_grid")
        self._photos = photos

    def selected(self) -> list[EvaluatedRow]:
        """The selected photos, in the order in which they are shown."""
        return [self._photos.row(row) for row in self.selected_rows]


class _CardDelegate(QStyledItemDelegate):
    def __init__(self, request_thumbnail: Callable[[Path], None]) -> None:
        super().__init__()
        self.thumbnails = KeptThumbnails(request_thumbnail)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return scaled_size(WIDTH + _GAP, IMAGE_HEIGHT + 3 * _LINE + 2 * _PADDING + _GAP)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row: EvaluatedRow = index.data(EvaluatedPhotoList.RowRole)
        state: QStyle.StateFlag = option.state
        with text_scaled(painter, option.rect) as room:
            area = room.adjusted(_GAP // 2, _GAP // 2, -_GAP // 2, -_GAP // 2)
            paint_card(
                painter,
                area,
                state,
                self.thumbnails.wanted(row.photo.path),
                IMAGE_HEIGHT,
                lambda: self._paint_lines(painter, area, row),
            )

    def _paint_lines(self, painter: QPainter, area: QRect, row: EvaluatedRow) -> None:
        scheme, photo = theme.colours(), row.photo
        lines = [
            QRect(
                area.left() + _PADDING,
                area.top() + IMAGE_HEIGHT + _PADDING - 2 + number * _LINE,
                area.width() - 2 * _PADDING,
                _LINE,
            )
            for number in range(3)
        ]
        first = lines[0]
        if row.is_changed:
            first = draw_mark(painter, first, self.tr("Changed"))
        draw_text(painter, first, display_name(photo.label), scheme.text, 14, bold=True)
        colour = scheme.accent if photo.is_right else scheme.danger
        sign = "✓" if photo.is_right else "✗"
        share = f"{photo.confidence:.0%}"
        answer = f"{sign} {display_name(photo.answer)}"
        right = Qt.AlignmentFlag.AlignRight
        draw_text(painter, lines[1].adjusted(0, 0, -44, 0), answer, colour, 13)
        draw_text(painter, lines[1], share, colour, 13, align=right)
        if row.before is not None:
            before = self.tr("other model: {answer}").format(answer=display_name(row.before.answer))
            draw_text(painter, lines[2], before, scheme.muted, 12)
        else:
            draw_text(painter, lines[2], photo.path.name, scheme.muted, 12)
