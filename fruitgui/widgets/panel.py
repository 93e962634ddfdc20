"""A rounded surface that groups what belongs together."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from fruitgui import theme


class Panel(QFrame):
    """A surface with a column inside."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", True)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 16, 16, 16)
        self.column.setSpacing(theme.SPACE)


def label(role: str, *, wrapped: bool = False) -> QLabel:
    """A label in one of the theme's roles: title, heading, muted, caption, field, answer.
    Its text is plain: a class or a folder may be called like a tag."""
    result = QLabel(wordWrap=wrapped, textFormat=Qt.TextFormat.PlainText)
    result.setProperty("role", role)
    return result
