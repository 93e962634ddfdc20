"""A push button with one of our icons, which follows the theme."""

from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QPushButton, QWidget

from fruitgui import icons, theme
from fruitgui.widgets import tool_tip

Kind = Literal["plain", "primary", "flat"]
_SIDE = 18


class IconButton(theme.Scaled, QPushButton):
    """An icon and a name, or folded: the icon alone, with the name in the tool tip."""

    def __init__(self, icon: str, kind: Kind = "plain", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._name = self._tip = self._spoken = ""
        self.is_folded = False
        self.setProperty("kind", kind)
        self.scale()
        self.toggled.connect(self._draw_icon)
        self._draw_icon()

    @property
    def name_width(self) -> int:
        """How much narrower it is when it is folded, in pixels."""
        return self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self._name).width()

    def setText(self, text: str) -> None:
        self._name = text
        self._show_name()

    def setToolTip(self, tip: str) -> None:
        self._tip = tip
        self._show_name()

    def setAccessibleName(self, name: str) -> None:
        self._spoken = name
        self._show_name()

    def set_folded(self, is_folded: bool) -> None:
        """Show the icon alone, or the name as well."""
        if is_folded != self.is_folded:
            self.is_folded = is_folded
            self._show_name()

    def _show_name(self) -> None:
        """Where it is folded, the name is told, unless there is something better to tell."""
        told = self._name if self.is_folded else ""
        super().setText("" if self.is_folded else self._name)
        super().setToolTip(self._tip or tool_tip.plain(told))
        super().setAccessibleName(self._spoken or told)

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
