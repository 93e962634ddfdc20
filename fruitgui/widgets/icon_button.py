"""A push button with one of our icons, which follows the theme."""

from typing import Literal

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QPushButton, QWidget

from fruitgui import icons, theme

Kind = Literal["plain", "primary", "flat"]
_SIDE = 18


class IconButton(theme.Scaled, QPushButton):
    def __init__(self, icon: str, kind: Kind = "plain", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setProperty("kind", kind)
        self.scale()
        self.toggled.connect(self._draw_icon)
        self._draw_icon()

    def set_icon(self, icon: str) -> None:
        self._icon = icon
        self._draw_icon()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.EnabledChange):
            self._draw_icon()
        super().changeEvent(event)

    def scale(self) -> None:
        self.setIconSize(QSize(theme.scaled(_SIDE), theme.scaled(_SIDE)))

    def _draw_icon(self) -> None:
        scheme = theme.colours()
        colour = scheme.text
        if not self.isEnabled():
            colour = scheme.muted
        elif self.property("kind") == "primary":
            colour = scheme.on_accent
        elif self.isChecked():
            colour = scheme.accent
        self.setIcon(icons.icon(self._icon, colour))
