"""The files that could not be read, and why: apart from the photos."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from fruitgui import theme
from fruitgui.classify.photo_list import Unreadable
from fruitgui.i18n.errors import translated
from fruitgui.i18n.photo_names import photo_name
from fruitgui.widgets import tool_tip
from fruitgui.widgets.panel import label
from trainer.data.zips import shown


class UnreadableDialog(QDialog):
    """A list beside the window, to be read while one goes on."""

    def __init__(self, files: Sequence[Unreadable], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Could not be read"))
        self.resize(820, 420)
        heading = label("heading")
        heading.setText(self.tr("%n file(s) could not be read", "", len(files)))
        names = (self.tr("File"), self.tr("Reason"), self.tr("Folder"))
        self.table = QTableWidget(len(files), len(names))
        self.table.setHorizontalHeaderLabels(names)
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setWordWrap(True)
        for row, file in enumerate(files):
            for column, text in enumerate(
                (photo_name(file.path), translated(file.error), _folder_of(file.path))
            ):
                item = QTableWidgetItem(text)
                item.setToolTip(tool_tip.plain(text))
                self.table.setItem(row, column, item)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.table.setColumnWidth(0, theme.scaled(220))
        self.table.setColumnWidth(2, theme.scaled(220))
        self.table.resizeRowsToContents()
        buttons = QDialogButtonBox()
        close = buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.clicked.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(heading)
        layout.addWidget(self.table, 1)
        layout.addWidget(buttons)


def _folder_of(path: Path) -> str:
    """As people know it: of what was unpacked, in the zip."""
    return shown(path).removesuffix(path.name)[:-1] or str(path.parent)
