"""All that keys do, in one place."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.sidebar import SETTINGS, key_of
from fruitgui.widgets.panel import label
from fruitgui.widgets.scroll_area import ScrollArea

_Key = QKeySequence.StandardKey
_FRAME = QSize(8, 60)
"""More than a title bar and a frame take."""


class ShortcutsDialog(QDialog):
    """Lists the keys of each page, as this system writes them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setSpacing(theme.SPACE)
        for heading, rows in self._groups():
            head = label("heading")
            head.setText(heading)
            column.addWidget(head)
            form = QFormLayout()
            form.setHorizontalSpacing(3 * theme.SPACE)
            for keys, what in rows:
                name, explained = label("field"), label("muted")
                name.setText(_written(keys))
                name.setMinimumWidth(theme.scaled(140))
                explained.setText(what)
                form.addRow(name, explained)
            column.addLayout(form)
        column.addStretch()
        scroll = ScrollArea()
        scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # There is nothing inside to go to.
        scroll.setAccessibleName(self.windowTitle())
        scroll.setWidget(inner)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        # The style's own icon is black on black in the dark.
        buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(scroll, 1)
        layout.addWidget(buttons)
        room = self.screen().availableSize() - _FRAME
        self.resize(QSize(560, 600).boundedTo(room))

    def _groups(self) -> tuple[tuple[str, tuple[tuple[str | _Key, str], ...]], ...]:
        """The keys, and what they do, page by page."""
        return (
            (
                self.tr("Everywhere"),
                (
                    (f"{key_of(0)} … {key_of(SETTINGS)}", self.tr("Turn to a page")),
                    (_Key.HelpContents, self.tr("Show this list")),
                    ("Tab", self.tr("Go to the next control")),
                    ("Esc", self.tr("Go back")),
                ),
            ),
            (
                self.tr("Classify"),
                (
                    (_Key.Open, self.tr("Choose photos")),
                    (_Key.Paste, self.tr("Paste a picture, files or paths")),
                    (_Key.SelectAll, self.tr("Select all photos")),
                    (_Key.Copy, self.tr("Copy the selected photos, as a table and as files")),
                    ("1 … 5", self.tr("Take the label at this place")),
                    ("Ctrl+L", self.tr("Type a label")),
                    ("Delete", self.tr("Remove photos from the list")),
                    (_Key.Undo, self.tr("Undo")),
                    (_Key.Redo, self.tr("Redo")),
                    ("Return", self.tr("Enlarge a photo")),
                ),
            ),
            (
                self.tr("Enlarged photo"),
                (
                    ("← →", self.tr("Previous or next photo")),
                    ("H", self.tr("Show where the model looks")),
                    ("+ - 0", self.tr("Zoom in, zoom out, fit")),
                ),
            ),
            (self.tr("Camera"), (("Ctrl+Return", self.tr("Take a snapshot")),)),
            (
                self.tr("Train and Models"),
                (
                    ("Delete", self.tr("Leave photos out, or delete runs")),
                    ("Ctrl+L", self.tr("Type a label")),
                    (_Key.Undo, self.tr("Undo")),
                    (_Key.Redo, self.tr("Redo")),
                    (_Key.Find, self.tr("Search the runs")),
                    ("F2", self.tr("Rename a run")),
                ),
            ),
        )


def _written(keys: str | _Key) -> str:
    """As the system writes them: ⌘ on a Mac, say."""
    if isinstance(keys, str):
        return " … ".join(_one(part) for part in keys.split(" … "))
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def _one(keys: str) -> str:
    if len(keys) == 1 or " " in keys:
        return keys
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) or keys
