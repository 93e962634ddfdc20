"""A grid of photos' cards, driven by mouse or keys, that keeps its place when its rows change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QWidget

from fruitgui.widgets.thumbnail_cache import KeptThumbnails


class PhotoRows(Protocol):
    """A list model with one row a photo."""

    def path_at(self, row: int) -> Path: ...

    def row_of(self, path: Path) -> int | None:
        """The row of a photo, if it is shown."""

    def refresh(self, path: Path) -> None:
        """Paint a photo anew."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one was, before the rows changed."""

    selected: list[Path]
    current: Path | None
    row: int
    scrolled_to: int


class CardGrid(QListView):
    """Shows a list model of photos as cards.

    Signals:
        opened(Path): Return or a double click on a card.
        removal_asked(): Delete, or what a Mac has in its place, for the selected photos.
        selection_changed()
    """

    opened = Signal(object)
    removal_asked = Signal()
    selection_changed = Signal()

    def __init__(
        self,
        rows: PhotoRows,
        model: QAbstractItemModel,
        cards: QStyledItemDelegate,
        thumbnails: KeptThumbnails,
        parent: QWidget | None = None,
    ) -> None:
        """Args: *rows* and *model* are the same object, which has both sides."""
        super().__init__(parent)
        self._rows = rows
        self._model = model
        self._thumbnails = thumbnails
        self._place = _Place([], None, -1, 0)
        cards.setParent(self)
        self.setModel(model)
        self.setItemDelegate(cards)
        # A wrapping list would look alike, but lays out all cards anew when one changes.
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(48)
        # The page itself takes drops, wherever they fall.
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self.activated.connect(self._on_activated)
        self.selectionModel().selectionChanged.connect(self.selection_changed)
        model.modelAboutToBeReset.connect(self._keep_place)
        model.modelReset.connect(self._take_place)
        model.rowsRemoved.connect(self.selection_changed)

    def thumbnail(self, path: Path) -> QImage | None:
        """A photo's thumbnail, if it has been made."""
        return self._thumbnails.get(path)

    @Slot(object, QImage)
    def keep_thumbnail(self, path: Path, thumbnail: QImage) -> None:
        """Take a thumbnail that was requested; null where there can be none."""
        self._thumbnails.keep(path, thumbnail)
        self._rows.refresh(path)

    @property
    def selected_rows(self) -> list[int]:
        """In the order in which they are shown."""
        # Its indexes, of which there may be thousands, take far longer to list.
        parts = self.selectionModel().selection()
        ranges = (parts.at(number) for number in range(parts.count()))
        return sorted(row for part in ranges for row in range(part.top(), part.bottom() + 1))

    @property
    def selected_count(self) -> int:
        parts = self.selectionModel().selection()
        return sum(parts.at(number).height() for number in range(parts.count()))

    def go_to(self, row: int) -> None:
        """Move to a row, and select it alone."""
        if 0 <= row < self._model.rowCount():
            index = self._model.index(row, 0)
            self.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
            self.scrollTo(index)

    def leave_place(self) -> None:
        """Select nothing, and go to the top: other photos are shown."""
        self.clearSelection()
        self.setCurrentIndex(QModelIndex())
        self.scrollToTop()

    @Slot()
    def _keep_place(self) -> None:
        current = self.currentIndex()
        self._place = _Place(
            [self._rows.path_at(row) for row in self.selected_rows],
            self._rows.path_at(current.row()) if current.isValid() else None,
            current.row(),
            self.verticalScrollBar().value(),
        )

    @Slot()
    def _take_place(self) -> None:
        """Select what was selected, as far as it is still shown; the keys stay at their photo, or
        at the one that came to its place."""
        kept = self._place
        if kept.row < 0 and not kept.selected and not kept.scrolled_to:
            self.selection_changed.emit()
            return
        rows = sorted(row for path in kept.selected if (row := self._rows.row_of(path)) is not None)
        selection = QItemSelection()
        for first, last in stretches(rows):
            selection.select(self._model.index(first, 0), self._model.index(last, 0))
        model = self.selectionModel()
        row = self._rows.row_of(kept.current) if kept.current is not None else None
        if row is None and kept.row >= 0:
            row = min(kept.row, self._model.rowCount() - 1)
        model.blockSignals(True)
        if row is not None and row >= 0:
            model.setCurrentIndex(
                self._model.index(row, 0), QItemSelectionModel.SelectionFlag.NoUpdate
            )
        model.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        model.blockSignals(False)
        self.doItemsLayout()
        self.verticalScrollBar().setValue(kept.scrolled_to)
        self.selection_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removal_asked.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_activated(self.currentIndex())
        else:
            super().keyPressEvent(event)

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(self._rows.path_at(index.row()))


def stretches(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and last of each run of neighbours among sorted *rows*."""
    first = last = None
    for row in rows:
        if first is None or last is None:
            first = row
        elif row != last + 1:
            yield first, last
            first = row
        last = row
    if first is not None and last is not None:
        yield first, last
