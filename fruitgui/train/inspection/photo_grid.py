"""The grid of an inspection's photos: what each is, and what was decided on it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Slot
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from fruitgui import theme
from fruitgui.i18n.display_names import display_name
from fruitgui.train.inspection.findings import InspectedPhoto
from fruitgui.train.inspection.photo_list import InspectedPhotoList
from fruitgui.widgets.card_grid import CardGrid
from fruitgui.widgets.card_painting import draw_mark, draw_text, paint_card
from fruitgui.widgets.scaled_painting import scaled_size, text_scaled
from fruitgui.widgets.thumbnail_cache import KeptThumbnails

_Index = QModelIndex | QPersistentModelIndex

WIDTH = 150
IMAGE_HEIGHT = 108
_LINE = 19
_LINES = 3
_PADDING = 10
_GAP = 12
_HEADING = 34
_CARD = WIDTH + _GAP, IMAGE_HEIGHT + _LINES * _LINE + 2 * _PADDING + _GAP
_VEIL = 170
"""How opaque the veil over a photo is that was left out, of 255."""


class InspectedPhotoGrid(CardGrid):
    """Shows an :class:`InspectedPhotoList` as cards, groups below their headings."""

    def __init__(
        self,
        photos: InspectedPhotoList,
        request_thumbnail: Callable[[Path], None],
        parent: QWidget | None = None,
    ) -> None:
        cards = _CardDelegate(self, photos, request_thumbnail)
        super().__init__(photos, photos, cards, cards.thumbnails, parent)
        self._photos = photos
        photos.modelAboutToBeReset.connect(self._on_about_to_be_reset)

    @Slot()
    def _on_about_to_be_reset(self) -> None:
        # A heading has a row of its own; without any, one card is measured in place of thousands.
        self.setUniformItemSizes(not self._photos.has_headings)

    def dataChanged(self, first: _Index, last: _Index, roles: Sequence[int] = ()) -> None:
        # Cards stay as large as they are, whatever becomes of them: none is measured again.
        QAbstractItemView.dataChanged(self, first, last, roles)

    def selected(self) -> list[InspectedPhoto]:
        """The selected photos, in the order in which they are shown."""
        return self._photos.photos_in(self.selected_rows)


class _CardDelegate(QStyledItemDelegate):
    def __init__(
        self,
        grid: InspectedPhotoGrid,
        photos: InspectedPhotoList,
        request_thumbnail: Callable[[Path], None],
    ) -> None:
        super().__init__()
        self._grid = grid
        self._photos = photos
        self._texts = photos.texts
        self.thumbnails = KeptThumbnails(request_thumbnail)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        if self._photos.is_photo(index.row()):
            return scaled_size(*_CARD)
        return QSize(self._grid.viewport().width() - 2, theme.scaled(_HEADING))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        photo: InspectedPhoto | None = index.data(InspectedPhotoList.PhotoRole)
        state: QStyle.StateFlag = option.state
        with text_scaled(painter, option.rect) as room:
            area = room.adjusted(_GAP // 2, _GAP // 2, -_GAP // 2, -_GAP // 2)
            if photo is None:
                heading = str(index.data(InspectedPhotoList.HeadingRole))
                draw_text(painter, area, heading, theme.colours().text, 13, bold=True)
                return
            paint_card(
                painter,
                area,
                state,
                self.thumbnails.wanted(photo.path),
                IMAGE_HEIGHT,
                lambda: self._paint_lines(painter, area, photo),
            )

    def _paint_lines(self, painter: QPainter, area: QRect, photo: InspectedPhoto) -> None:
        scheme = theme.colours()
        if photo.is_excluded:
            veil = QColor(scheme.surface)
            veil.setAlpha(_VEIL)
            image = QRect(area.left() + 1, area.top() + 1, area.width() - 2, IMAGE_HEIGHT)
            painter.fillRect(image, veil)
        lines = [
            QRect(
                area.left() + _PADDING,
                area.top() + IMAGE_HEIGHT + _PADDING - 2 + number * _LINE,
                area.width() - 2 * _PADDING,
                _LINE,
            )
            for number in range(_LINES)
        ]
        mark = self._texts.mark(photo)
        if mark:
            # On the image: beside it, hardly a class's name has room.
            corner = QRect(area.left(), area.top() + 8, area.width() - 8, _LINE)
            draw_mark(painter, corner, mark)
        name = display_name(photo.label)
        colour = scheme.muted if photo.is_excluded else scheme.text
        draw_text(painter, lines[0], name, colour, 14, bold=True, struck=photo.is_excluded)
        split = self._texts.split(photo.split)
        if photo.label != photo.folder_label:
            was = self.tr("was {name}").format(name=display_name(photo.folder_label))
            split = f"{split} · {was}"
        draw_text(painter, lines[1], split, scheme.muted, 12)
        if photo.suggested not in (None, photo.label) and not photo.is_settled:
            text = self._texts.suggestion(str(photo.suggested))
            draw_text(painter, lines[2], text, scheme.second, 12, bold=True)
        else:
            draw_text(painter, lines[2], photo.path.name, scheme.muted, 12)
