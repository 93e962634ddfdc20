"""A choice of a recipe: what it is called, the ways that it can be made, and a line of help."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from fruitgui.widgets.panel import label


class Choice(QWidget):
    """A labelled combo box. Its options are keys, whose texts can be set anew in another language.

    Signals:
        chosen(str): the user chose the option with this key.
    """

    chosen = Signal(str)

    def __init__(self, keys: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = label("field")
        self._box = QComboBox()
        self._help = label("caption", wrapped=True)
        self._helps: dict[str, str] = {}
        for key in keys:
            self._box.addItem(key, key)
        self._name.setBuddy(self._box)
        self._box.activated.connect(self._on_activated)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._name)
        layout.addWidget(self._box)
        layout.addWidget(self._help)

    @property
    def key(self) -> str:
        return str(self._box.currentData())

    def set_key(self, key: str) -> None:
        """Make a choice, without ``chosen`` being emitted; a new key is added."""
        row = self._box.findData(key)
        if row < 0:
            self._box.addItem(key, key)
            row = self._box.count() - 1
        self._box.setCurrentIndex(row)
        self._show_help()

    def set_texts(self, name: str, texts: dict[str, tuple[str, str]]) -> None:
        """Set what the choice is called, and the text and help of each key."""
        self._name.setText(name)
        self._box.setAccessibleName(name)
        for key, (text, help_text) in texts.items():
            row = self._box.findData(key)
            if row >= 0:
                self._box.setItemText(row, text)
            self._helps[key] = help_text
        self._show_help()

    def _show_help(self) -> None:
        text = self._helps.get(self.key, "")
        self._help.setText(text)
        self._help.setVisible(bool(text))
        self._box.setToolTip(text)

    @Slot()
    def _on_activated(self) -> None:
        self._show_help()
        self.chosen.emit(self.key)
