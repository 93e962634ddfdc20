"""A message in the page, beside the thing that it is about."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from fruitgui import theme


class Notice(QFrame):
    """A sentence with, where there is something to do about it, a button. Hidden until shown.

    Signals:
        acted(): its button was pressed.
    """

    acted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QLabel(wordWrap=True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._button = QPushButton()
        self._button.setProperty("kind", "primary")
        self._button.clicked.connect(self._on_button_clicked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self._label, 1)
        layout.addWidget(self._button)
        self.hide()

    @property
    def text(self) -> str:
        return self._label.text()

    def show_error(self, sentence: str, action: str = "") -> None:
        self._show("error", sentence, action)

    def show_info(self, sentence: str, action: str = "") -> None:
        self._show("info", sentence, action)

    def _show(self, kind: str, sentence: str, action: str) -> None:
        self._label.setText(sentence)
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self.setProperty("notice", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self.style().polish(self._label)
        self.setAccessibleName(sentence)
        self.show()

    @Slot()
    def _on_button_clicked(self) -> None:
        self.acted.emit()
