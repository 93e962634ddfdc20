"""All ways in which photos come to the Classify page: dropped, pasted, chosen."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from fruitgui.classify.tasks import find_photos, keep_pictures
from fruitgui.mime_data import take_apart
from fruitgui.settings import Settings
from fruitgui.workers.task import Task
from trainer import paths
from trainer.data.images import PICTURE_SUFFIXES


class Intake(QObject):
    """Finds the photos in what it is given, beside the GUI thread.

    Signals:
        task_made(Task): to be started by the page, which shows its errors.
        begun(): something is searched.
        found(Found): some photos more.
        ended(int): a search is over, and found so many.
        refused(str): why nothing can be taken.
    """

    task_made = Signal(object)
    begun = Signal()
    found = Signal(object)
    ended = Signal(object)
    refused = Signal(str)

    def __init__(self, settings: Settings, page: QWidget) -> None:
        super().__init__(page)
        self._settings = settings
        self._page = page
        self._searches: list[Task] = []

    def is_search(self, task: QObject) -> bool:
        """Whether *task* searches, rather than writes something."""
        return task in self._searches

    def cancel(self) -> None:
        """Let no search go on."""
        for search in self._searches:
            search.cancel()

    def add(self, sources: Iterable[Path]) -> None:
        """Take in photos, folders and zips."""
        chosen = list(sources)
        if not chosen:
            return
        self.begun.emit()
        search = Task(lambda: find_photos(chosen), self)
        search.progressed.connect(self.found)
        search.succeeded.connect(self.ended)
        search.ended.connect(self._on_search_ended)
        self._searches.append(search)
        self.task_made.emit(search)

    def take(self, data: QMimeData) -> None:
        """Take in what was dropped or pasted."""
        dropped = take_apart(data)
        if dropped.files:
            self.add(dropped.files)
        elif dropped.pictures:
            task = Task(lambda: keep_pictures(dropped.pictures), self)
            task.succeeded.connect(self._on_pictures_kept)
            self.task_made.emit(task)
        elif dropped.is_on_the_web:
            self.refused.emit(
                self.tr(
                    "Pictures on the web are not fetched, so that nothing you do leaves this "
                    "computer. Save the picture, and drop the file."
                )
            )
        else:
            self.refused.emit(
                self.tr("There is no picture to take. Copy a picture or files, and try again.")
            )

    @Slot()
    def paste(self) -> None:
        self.take(QGuiApplication.clipboard().mimeData())

    @Slot()
    def add_samples(self) -> None:
        self.add([paths.samples_folder()])

    @Slot()
    def choose_photos(self) -> None:
        patterns = " ".join(f"*{suffix}" for suffix in sorted(PICTURE_SUFFIXES | {".zip"}))
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

    @Slot(object)
    def _on_pictures_kept(self, files: list[Path]) -> None:
        self.add(files)

    @Slot()
    def _on_search_ended(self) -> None:
        self._searches = [search for search in self._searches if not search.has_ended]
