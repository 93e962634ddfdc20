"""Asking where the photos of a run or a comparison are, once they are no longer where they were."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from fruitgui.settings import Settings
from trainer.errors import TrainerError


class MovedData(QObject):
    """What a notice offers beside its message, and the dialog behind it."""

    def __init__(self, settings: Settings, page: QWidget) -> None:
        super().__init__(page)
        self._settings = settings
        self._page = page
        self._is_zip = False

    def action(self, error: TrainerError) -> str:
        """What the button says beside the message that there is no such folder or zip."""
        self._is_zip = Path(str(error.details.get("path", ""))).suffix.lower() == ".zip"
        return self.tr("Choose the zip…") if self._is_zip else self.tr("Choose the folder…")

    def ask(self) -> Path | None:
        """Let the user choose it; None where they would rather not."""
        if self._is_zip:
            name, _ = QFileDialog.getOpenFileName(
                self._page,
                self.tr("Choose the zip with the photos"),
                self._settings.last_folder,
                self.tr("Zip files ({patterns})").format(patterns="*.zip"),
            )
        else:
            name = QFileDialog.getExistingDirectory(
                self._page,
                self.tr("Choose the folder where the photos are now"),
                self._settings.last_folder,
            )
        if not name:
            return None
        chosen = Path(name)
        self._settings.last_folder = str(chosen.parent if self._is_zip else chosen)
        return chosen
