"""The way to the pages, at the window's side, and the model in use."""

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from fruitgui import icons, theme
from fruitgui.closing import Decision
from fruitgui.i18n.keys import with_own_keys
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.panel import label

_ICONS = ("classify", "camera", "train", "models", "settings")
SETTINGS = len(_ICONS) - 1
"""The place of the settings among the pages."""
_WIDTH, _FOLDED_WIDTH = 208, 60


def key_of(number: int) -> str:
    """What turns to a page."""
    return f"Ctrl+{number + 1}"


class Sidebar(Retranslated, QFrame):
    """Turns pages. Folded, it shows icons alone.

    Signals:
        page_chosen(int): by its place, from 0.
        stay_open_wanted(): the window shall not close by itself after all.
    """

    page_chosen = Signal(int)
    stay_open_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self.is_folded = False
        self._decided: Decision | None = None
        logo = QLabel()
        logo.setPixmap(icons.application_icon().pixmap(QSize(32, 32), self.devicePixelRatioF()))
        self._brand = label("brand")
        self.tabs = QButtonGroup(self)
        for number, icon in enumerate(_ICONS):
            tab = IconButton(icon, "flat")
            tab.setCheckable(True)
            self.tabs.addButton(tab, number)
            # Wherever the keyboard is in the window.
            QShortcut(QKeySequence(key_of(number)), self).activated.connect(tab.click)
        self._closing = label("caption", wrapped=True)
        self.stay_open = QPushButton()
        self._in_use_name = label("field")
        self.in_use = label("caption", wrapped=True)
        brand = QHBoxLayout()
        brand.setSpacing(theme.SPACE)
        brand.addWidget(logo)
        brand.addWidget(self._brand, 1)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(4)
        self._column.addLayout(brand)
        self._column.addSpacing(2 * theme.SPACE)
        for number in range(SETTINGS):
            self._column.addWidget(self.tabs.button(number))
        self._column.addStretch()
        self._column.addWidget(self._closing)
        self._column.addWidget(self.stay_open)
        self._column.addSpacing(theme.SPACE)
        self._column.addWidget(self._in_use_name)
        self._column.addWidget(self.in_use)
        self._column.addSpacing(theme.SPACE)
        self._column.addWidget(self.tabs.button(SETTINGS))
        self.tabs.button(0).setChecked(True)
        self.tabs.idClicked.connect(self.page_chosen)
        self.stay_open.clicked.connect(self.stay_open_wanted)
        self.set_folded(False)

    def show_page(self, number: int) -> None:
        """Mark a page as the one that is shown."""
        self.tabs.button(number).setChecked(True)
        self.tabs.button(number).setFocus()

    def show_in_use(self, text: str, engine: str) -> None:
        """Say what model is in use, and what computes it."""
        self.in_use.setText(text)
        self.in_use.setToolTip(engine)

    def show_closing(self, decided: Decision | None) -> None:
        """Say that the window closes by itself, and whether what is at work is finished or stopped
        before."""
        self._decided = decided
        self._closing.setVisible(decided is not None and not self.is_folded)
        self.stay_open.setVisible(decided is not None)
        self.retranslate()

    @Slot(bool)
    def set_folded(self, is_folded: bool) -> None:
        """Show icons alone, or names as well."""
        self.is_folded = is_folded
        theme.fix_width(self, _FOLDED_WIDTH if is_folded else _WIDTH)
        side = 6 if is_folded else 12
        self._column.setContentsMargins(side, 20, side, 16)
        for widget in (self._brand, self._in_use_name, self.in_use):
            widget.setVisible(not is_folded)
        self.show_closing(self._decided)

    def retranslate(self) -> None:
        self._brand.setText("Fruitgui")
        names = (
            self.tr("Classify"),
            self.tr("Camera"),
            self.tr("Train"),
            self.tr("Models"),
            self.tr("Settings"),
        )
        purposes = (
            self.tr("Recognise what is in your photos"),
            self.tr("Recognise what you show to a camera, and teach it by showing"),
            self.tr("Train a model on your own photos"),
            self.tr("See how good your models are, compare and export them"),
            self.tr("Language, appearance, storage and more"),
        )
        for number, (name, purpose) in enumerate(zip(names, purposes, strict=True)):
            tab = self.tabs.button(number)
            tab.setText("" if self.is_folded else name)
            tab.setAccessibleName(name)
            tab.setAccessibleDescription(purpose)
            tab.setToolTip(with_own_keys(f"{name} ({key_of(number)})\n{purpose}"))
        self._in_use_name.setText(self.tr("MODEL IN USE"))
        self._closing.setText(
            self.tr("Stopping, then closing…")
            if self._decided == "stop"
            else self.tr("Closes when finished")
        )
        self.stay_open.setText("…" if self.is_folded else self.tr("Stay open"))
        self.stay_open.setToolTip(self.tr("Stay open"))
