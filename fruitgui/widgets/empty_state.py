"""What a page shows while there is nothing on it: what to do, and a place to drop things."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from fruitgui import icons, theme


class EmptyState(QFrame):
    """An icon, an invitation, and buttons."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("empty_state")
        self._icon = icon
        self._image = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.title = QLabel(
            alignment=Qt.AlignmentFlag.AlignCenter, textFormat=Qt.TextFormat.PlainText
        )
        self.title.setProperty("role", "title")
        self.text = QLabel(
            alignment=Qt.AlignmentFlag.AlignCenter,
            wordWrap=True,
            textFormat=Qt.TextFormat.PlainText,
        )
        self.text.setProperty("role", "muted")
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(theme.SPACE)
        centred = QHBoxLayout()
        centred.addStretch()
        centred.addLayout(self._buttons)
        centred.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 32, 32, 32)
        layout.setSpacing(2 * theme.SPACE)
        layout.addStretch()
        layout.addWidget(self._image)
        layout.addWidget(self.title)
        layout.addWidget(self.text)
        layout.addSpacing(theme.SPACE)
        layout.addLayout(centred)
        layout.addStretch()
        self._draw_icon()

    def add_button(self, button: QPushButton) -> None:
        self._buttons.addWidget(button)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._draw_icon()
        super().changeEvent(event)

    def _draw_icon(self) -> None:
        pixmap = icons.pixmap(self._icon, theme.colours().accent, 72, self.devicePixelRatioF())
        self._image.setPixmap(pixmap)
