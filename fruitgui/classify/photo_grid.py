"""The Classify page's grid of photos."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from fruitgui.classify.photo_card import PhotoCardDelegate
from fruitgui.classify.photo_list import PhotoEntry, PhotoList
from fruitgui.widgets.card_grid import CardGrid

_DIGITS = {getattr(Qt.Key, f"Key_{digit}"): digit for digit in range(1, 6)}


class PhotoGrid(CardGrid):
    """Shows a :class:`PhotoList` as cards; thumbnails are requested as they come into view.

    Signals:
        digit_pressed(int): 1 to 5, for the selected photos.
    """

    digit_pressed = Signal(int)

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
        digit = _DIGITS.get(Qt.Key(event.key()))
        if digit is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.digit_pressed.emit(digit)
        else:
            super().keyPressEvent(event)
