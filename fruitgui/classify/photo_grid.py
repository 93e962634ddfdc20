"""The Classify page's grid of photos."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from fruitgui.classify.photo_card import PhotoCardDelegate
from fruitgui.classify.photo_list import PhotoEntry, PhotoList
from fruitgui.classify.top_classes import ROWS
from fruitgui.widgets.card_grid import CardGrid
from fruitgui.widgets.keys import digit_of


class PhotoGrid(CardGrid):
    """Shows a :class:`PhotoList` as cards; thumbnails are requested as they come into view.

    Signals:
        digit_pressed(int): 1 to 5, for the selected photos.
        copy_asked(): of the selected photos.
    """

    digit_pressed = Signal(int)
    copy_asked = Signal()

    def __init__(
        self,
        photos: PhotoList,
        request_thumbnail: Callable[[Path], None],
        parent: QWidget | None = None,
    ) -> None:
        cards = PhotoCardDelegate(request_thumbnail)
        super().__init__(photos, photos, cards, cards.thumbnails, parent)
        self._photos = photos

    def selected(self) -> list[PhotoEntry]:
        """The selected photos, in the order in which they are shown."""
        return [self._photos.entry(row) for row in self.selected_rows]

    def current(self) -> PhotoEntry | None:
        """The photo that the keys are at."""
        index = self.currentIndex()
        return self._photos.entry(index.row()) if index.isValid() else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = digit_of(event)
        if digit in range(1, ROWS + 1):
            self.digit_pressed.emit(digit)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        else:
            super().keyPressEvent(event)
