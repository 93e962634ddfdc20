"""All ways in which photos come to the Classify page: dropped, pasted, chosen."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from fruitgui.classify.find_photos import Found, find_photos
from fruitgui.classify.pasted_images import keep_images
from fruitgui.mime_data import take_apart
from fruitgui.settings import Settings
from fruitgui.workers.task import Steps, Tasks
from trainer import paths
from trainer.data.image_names import IMAGE_SUFFIXES


class Intake(QObject):
    """Finds the photos in what it is given, beside the GUI thread.

    Signals:
        begun(): something is searched.
        found(Found): some photos more.
        ended(int): a search is over, and found so many.
        refused(str): why nothing can be taken.
        failed(TrainerError): why something could not be read or kept.
        busy_changed(): something is looked through, or no longer.
    """

    begun = Signal()
    found = Signal(object)
    ended = Signal(object)
    refused = Signal(str)
    failed = Signal(object)
    busy_changed = Signal()

    def __init__(self, settings: Settings, page: QWidget) -> None:
        super().__init__(page)
        self._settings = settings
        self._page = page
        self._searches, self._keeping = Tasks(), Tasks()

    @property
    def is_busy(self) -> bool:
        return self._searches.are_running or self._keeping.are_running

    def cancel(self) -> None:
        """Let no search go on; pasted images are kept nevertheless."""
        self._searches.cancel()

    def shut_down(self) -> None:
        self._searches.shut_down()
        self._keeping.shut_down()

    def add(self, sources: Iterable[Path]) -> None:
        """Take in photos, folders and zips."""
        chosen = list(sources)
        if not chosen:
            return
        self.begun.emit()
        self._start(self._searches, lambda: find_photos(chosen), self.ended.emit)

    def take(self, data: QMimeData) -> None:
        """Take in what was dropped or pasted."""
        dropped = take_apart(data)
        if dropped.files:
            self.add(dropped.files)
        elif dropped.images:
            self._start(self._keeping, lambda: keep_images(dropped.images), self.add)
        elif dropped.is_on_the_web:
            self.refused.emit(
                self.tr(
                    "Pictures on the web are not fetched, so that nothing you do leaves this "
                    "computer. Save the picture, and drop the file."
                )
            )
        else:
            self.refused.emit(
                self.tr("No picture or files found. Copy a picture or files, and try again.")
            )

    @Slot()
    def paste(self) -> None:
        self.take(QGuiApplication.clipboard().mimeData())

    @Slot()
    def add_samples(self) -> None:
        self.add([paths.samples_folder()])

    @Slot()
    def choose_photos(self) -> None:
        patterns = " ".join(f"*{suffix}" for suffix in sorted(IMAGE_SUFFIXES | {".zip"}))
        names, _ = QFileDialog.getOpenFileNames(
            self._page,
            self.tr("Choose photos"),
            self._settings.last_folder,
            self.tr("Pictures ({patterns})").format(patterns=patterns),
        )
        if names:
            self._settings.last_folder = str(Path(names[0]).parent)
            self.add(map(Path, names))

    @Slot()
    def choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self._page, self.tr("Choose a folder of photos"), self._settings.last_folder
        )
        if name:
            self._settings.last_folder = name
            self.add([Path(name)])

    def _start(self, tasks: Tasks, steps: Steps, on_success: Callable[[Any], None]) -> None:
        tasks.start(
            steps,
            on_success,
            self.failed.emit,
            on_progress=self._on_progressed,
            on_end=self.busy_changed.emit,
        )
        self.busy_changed.emit()

    @Slot(object)
    def _on_progressed(self, step: object) -> None:
        if isinstance(step, Found):
            self.found.emit(step)
