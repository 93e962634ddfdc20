"""The grid of photo cards, driven by mouse or keys."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from fruitgui.models.photos import PhotoEntry, PhotoList
from fruitgui.widgets.photo_card import PhotoCardDelegate

_DIGITS = {getattr(Qt.Key, f"Key_{digit}"): digit for digit in range(1, 6)}


@dataclass(frozen=True, slots=True)
class _Kept:
    """Where one was, before the rows changed."""

    selected: list[Path]
    current: Path | None
    scrolled_to: int


class PhotoGrid(QListView):
    """Shows a :class:`PhotoList` as cards; thumbnails are requested as they come into view.

    Signals:
        opened(Path): Return or a double click on a card.
        digit_pressed(int): 1 to 5, for the selected photos.
        removal_asked(): Delete, for the selected photos.
        selection_changed()
    """

    opened = Signal(object)
    digit_pressed = Signal(int)
    removal_asked = Signal()
    selection_changed = Signal()

    def __init__(
        self,
        photos: PhotoList,
        request_thumbnail: Callable[[Path], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._photos = photos
        self._cards = PhotoCardDelegate(request_thumbnail, self)
        self.setModel(photos)
        self.setItemDelegate(self._cards)
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
        self._kept = _Kept([], None, 0)
        photos.modelAboutToBeReset.connect(self._keep_place)
        photos.modelReset.connect(self._take_place)
        photos.rowsRemoved.connect(self.selection_changed)

    def thumbnail(self, path: Path) -> QImage | None:
        """A photo's thumbnail, if it has been made."""
        return self._cards.thumbnails.get(path)

    @Slot(object, QImage)
    def keep_thumbnail(self, path: Path, thumbnail: QImage) -> None:
        """Take a thumbnail that was requested; null where there can be none."""
        self._cards.thumbnails.keep(path, thumbnail)
        self._photos.refresh(path)

    def selected(self) -> list[PhotoEntry]:
        """The selected photos, in the order in which they are shown."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return [self._photos.entry(row) for row in rows]

    def current(self) -> PhotoEntry | None:
        """The photo that the keys are at."""
        index = self.currentIndex()
        return self._photos.entry(index.row()) if index.isValid() else None

    @property
    def selected_count(self) -> int:
        parts = self.selectionModel().selection()
        return sum(parts.at(number).height() for number in range(parts.count()))

    @Slot()
    def _keep_place(self) -> None:
        current = self.current()
        self._kept = _Kept(
            [entry.path for entry in self.selected()],
            current.path if current else None,
            self.verticalScrollBar().value(),
        )

    @Slot()
    def _take_place(self) -> None:
        """Select what was selected, as far as it is still shown."""
        photos, kept = self._photos, self._kept
        rows = sorted(row for path in kept.selected if (row := photos.row_of(path)) is not None)
        selection = QItemSelection()
        for first, last in _runs(rows):
            selection.select(photos.index(first), photos.index(last))
        model = self.selectionModel()
        row = photos.row_of(kept.current) if kept.current is not None else None
        if row is not None:
            model.setCurrentIndex(photos.index(row), QItemSelectionModel.SelectionFlag.NoUpdate)
        model.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.doItemsLayout()
        self.verticalScrollBar().setValue(kept.scrolled_to)
        self.selection_changed.emit()

    def go_to(self, row: int) -> None:
        """Move to a row, and select it alone."""
        if 0 <= row < self._photos.rowCount():
            index = self._photos.index(row)
            self.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
            self.scrollTo(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        digit = _DIGITS.get(Qt.Key(event.key()))
        if digit is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.digit_pressed.emit(digit)
        elif event.key() == Qt.Key.Key_Delete:
            self.removal_asked.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_activated(self.currentIndex())
        else:
            super().keyPressEvent(event)

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(self._photos.entry(index.row()).path)


def _runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
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
