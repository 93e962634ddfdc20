"""The top of the Classify page: what is on it, and the buttons for all of it."""

from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.keys import with_own_keys
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.widgets.elided_label import ElidedLabel
from fruitgui.widgets.folding import FoldingBar
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.panel import label

_TEXT_WIDTH = 280
"""Beside the width of the title: what is said for a while can be read."""


class ClassifyBar(Retranslated, FoldingBar):
    """Title, summary and buttons; what the buttons do is the page's."""

    def __init__(self, export: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = label("title")
        self.summary = ElidedLabel("muted")
        self.summary.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.unreadable = IconButton("warning", "flat")
        self.unreadable.setProperty("small", True)
        self.add_photos = IconButton("open", "primary")
        self.add_folder = IconButton("folder")
        self.paste = IconButton("paste", "flat")
        self.export = IconButton("export")
        self.export.setMenu(export)
        self.undo = IconButton("undo", "flat")
        self.stop = IconButton("stop", "flat")
        self.clear = IconButton("trash", "flat")
        below = QHBoxLayout()
        below.setSpacing(theme.SPACE)
        below.addWidget(self.summary)
        below.addWidget(self.unreadable)
        below.addStretch()
        heading = QVBoxLayout()
        heading.setSpacing(2)
        heading.addWidget(self._title)
        heading.addLayout(below)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addLayout(heading, 1)
        for button in (
            *(self.stop, self.undo, self.clear, self.paste),
            *(self.export, self.add_folder, self.add_photos),
        ):
            layout.addWidget(button)
        self.retranslate()
        self.set_folding(
            (self.paste, self.undo, self.clear),
            (self.export, self.add_folder),
            text_width=_TEXT_WIDTH,
        )

    def retranslate(self) -> None:
        self._title.setText(self.tr("Classify"))
        self.add_photos.setText(self.tr("Add photos…"))
        self.add_folder.setText(self.tr("Add folder…"))
        self.export.setText(self.tr("Export"))
        self.stop.setText(self.tr("Stop"))
        self.paste.setText(self.tr("Paste"))
        self.undo.setText(self.tr("Undo"))
        self.clear.setText(self.tr("Clear"))
        for button, name in (
            (self.paste, with_own_keys(self.tr("Paste a picture, files or paths (Ctrl+V)"))),
            (self.undo, with_own_keys(self.tr("Undo (Ctrl+Z)"))),
            (self.clear, self.tr("Clear the list; the files stay")),
        ):
            button.setToolTip(name)
            button.setAccessibleName(name)
