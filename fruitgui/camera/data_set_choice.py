"""The Camera page's choice of the data set that photos go to."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from fruitgui.i18n.retranslated import Retranslated
from fruitgui.settings import Settings
from fruitgui.widgets import tool_tip
from fruitgui.widgets.combo_box import ComboBox
from trainer import paths
from trainer.data.file_names import folder_name

_NEW, _OPEN = "new", "open"


class DataSetChoice(Retranslated, ComboBox):
    """The data sets that were recorded before, a new one, or any folder.

    Signals:
        folder_chosen(Path): another data set's; it need not be there yet.
    """

    folder_chosen = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._folder = Path()
        self._others: tuple[Path, ...] = ()
        self.activated.connect(self._on_activated)
        self.retranslate()

    def show_folders(self, folder: Path, others: Iterable[Path]) -> None:
        """Show *folder* as the one in use, and offer the others."""
        self._folder, self._others = folder, tuple(others)
        if self.view().isVisible():
            return  # Nothing moves away from under the mouse.
        self.clear()
        for each in sorted({folder, *self._others}):
            self.addItem(each.name, str(each))
            self.setItemData(
                self.count() - 1, tool_tip.plain(str(each)), Qt.ItemDataRole.ToolTipRole
            )
        self.addItem(self.tr("New data set…"), _NEW)
        self.addItem(self.tr("Open a folder…"), _OPEN)
        self._show_chosen()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Data set"))
        self.show_folders(self._folder, self._others)

    def _show_chosen(self) -> None:
        self.setCurrentIndex(self.findData(str(self._folder)))
        self.setToolTip(tool_tip.plain(str(self._folder)))

    @Slot()
    def _on_activated(self) -> None:
        chosen = self.currentData()
        self._show_chosen()
        if chosen == _NEW:
            dialog = QInputDialog(self)
            dialog.setWindowTitle(self.tr("New data set"))
            dialog.setLabelText(self.tr("Name of the data set:"))
            dialog.setOkButtonText(self.tr("Create"))
            dialog.setCancelButtonText(self.tr("Cancel"))
            dialog.textValueSelected.connect(self._on_named)
            dialog.open()
        elif chosen == _OPEN:
            name = QFileDialog.getExistingDirectory(
                self,
                self.tr("Choose a folder with one subfolder per class"),
                self._settings.last_folder,
            )
            if name:
                self._settings.last_folder = name
                self.folder_chosen.emit(Path(name))
        elif chosen != str(self._folder):
            self.folder_chosen.emit(Path(chosen))

    @Slot(str)
    def _on_named(self, name: str) -> None:
        if name.strip():
            folder = paths.recorded_folder() / folder_name(name)
            with suppress(OSError):  # Which the first photo would meet again, and tell.
                folder.mkdir(parents=True, exist_ok=True)
            self.folder_chosen.emit(folder)
