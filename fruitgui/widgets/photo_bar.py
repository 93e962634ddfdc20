"""The line above a photo that is shown large: its name, and turning to others."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fruitgui.i18n.retranslated import Retranslated
from fruitgui.widgets.elided_label import ElidedLabel
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.panel import label

_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Space: 1,
}


class PhotoBar(Retranslated, QWidget):
    """Names a photo, and says which of how many it is.

    Signals:
        closed()
        turned(int): to the next photo (1), or the one before (-1).
    """

    closed = Signal()
    turned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number, self._count = 0, 0
        self._back = IconButton("back", "flat")
        self._name = ElidedLabel("heading")
        self._place = label("muted")
        self._previous = IconButton("back", "flat")
        self._next = IconButton("next", "flat")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._back)
        row.addWidget(self._name, 1)
        for widget in (self._place, self._previous, self._next):
            row.addWidget(widget)
        self._back.clicked.connect(self.closed)
        self._previous.clicked.connect(lambda: self.turned.emit(-1))
        self._next.clicked.connect(lambda: self.turned.emit(1))
        self.retranslate()

    def show_photo(self, name: str, number: int, count: int) -> None:
        """Args: *number* is where the photo is among the *count*, from 1."""
        self._name.setText(name)
        self._number, self._count = number, count
        self._previous.setEnabled(number > 1)
        self._next.setEnabled(number < count)
        self._describe()

    def takes_key(self, key: int) -> bool:
        """Act on a key that was pressed over the photo; returns whether it means anything here."""
        if key not in _STEPS:
            return False
        self.turned.emit(_STEPS[Qt.Key(key)])
        return True

    def _describe(self) -> None:
        place = self.tr("{number} of {count}").format(number=self._number, count=self._count)
        self._place.setText(place)

    def retranslate(self) -> None:
        self._back.setText(self.tr("Back"))
        self._back.setToolTip(self.tr("Back (Esc)"))
        for button, name in (
            (self._previous, self.tr("Previous photo (←)")),
            (self._next, self.tr("Next photo (→)")),
        ):
            button.setToolTip(name)
            button.setAccessibleName(name)
        self._describe()
