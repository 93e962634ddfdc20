"""Above the list of training runs: which of them are shown."""

from typing import cast

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QWidget

from fruitgui import icons, theme
from fruitgui.i18n.keys import with_own_keys
from fruitgui.models.runs.run_table import Shown
from fruitgui.widgets.panel import label
from fruitgui.widgets.segmented import Segmented

_FIELD_WIDTH = 220
"""With less room than this beside the three, the field goes below them."""
_KINDS: tuple[Shown, ...] = ("all", "starred", "trash")


class RunBar(QWidget):
    """All, starred or those in the trash; words to find; and how many there are.

    Signals:
        shown_chosen(str): the user wants to see another of the three.
        text_changed(str): what is looked for is another.
        left(): Return was pressed in the field.
    """

    shown_chosen = Signal(str)
    text_changed = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown = Segmented()
        for kind in _KINDS:
            self.shown.add(kind)
        self.field = QLineEdit(clearButtonEnabled=True)
        self._icon = QAction(self)
        self.field.addAction(self._icon, QLineEdit.ActionPosition.LeadingPosition)
        self._count = label("caption")
        row = self._row = QHBoxLayout()
        row.setSpacing(theme.SPACE)
        row.addWidget(self.field, 1)
        row.addWidget(self._count)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(theme.SPACE)
        self._layout.addWidget(self.shown)
        self._layout.addLayout(row, 1)
        self.shown.chosen.connect(self._on_chosen)
        self.field.textChanged.connect(self.text_changed)
        self.field.returnPressed.connect(self.left)
        self.retranslate()

    def add_button(self, button: QWidget) -> None:
        """Put a button at the end."""
        self._row.addWidget(button)

    def choose(self, kind: Shown) -> None:
        """Show another of the three, as the user would."""
        self.shown.choose(kind)
        self.shown_chosen.emit(kind)

    def show_count(self, shown: int, total: int) -> None:
        """Say how many runs there are, and how many of them are shown."""
        self._count.setText(
            self.tr("%n run(s)", "", total)
            if shown == total
            else self.tr("{shown} of {count}").format(shown=f"{shown:,}", count=f"{total:,}")
        )

    @Slot(str)
    def _on_chosen(self, kind: str) -> None:
        self.shown_chosen.emit(cast(Shown, kind))

    @Slot()
    def search(self) -> None:
        """Let the user type what to look for."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def retranslate(self) -> None:
        for kind, text in (
            ("all", self.tr("All")),
            ("starred", self.tr("Starred")),
            ("trash", self.tr("Trash")),
        ):
            self.shown.set_text(kind, text)
        self.field.setPlaceholderText(self.tr("Name, note, model, photos, state…"))
        self.field.setAccessibleName(with_own_keys(self.tr("Find runs (Ctrl+F)")))
        self.field.setToolTip(with_own_keys(self.tr("Find runs (Ctrl+F)")))
        self._draw_icon()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.shown.sizeHint().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < self.shown.sizeHint().width() + _FIELD_WIDTH
        self._layout.setDirection(
            QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight
        )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() is QEvent.Type.PaletteChange and hasattr(self, "_icon"):
            self._draw_icon()
        super().changeEvent(event)

    def _draw_icon(self) -> None:
        self._icon.setIcon(icons.icon("search", theme.colours().muted))
