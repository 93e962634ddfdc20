"""Taking labels out: tables, sorted copies, and corrections for a data set."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from fruitgui.classify.exports import (
    TableKind,
    add_corrections,
    make_copies,
    plan_copies,
    write_table,
)
from fruitgui.classify.photo_list import Filter, PhotoEntry, PhotoList
from fruitgui.file_dialogs import chosen_file
from fruitgui.i18n.display_names import display_name
from fruitgui.i18n.errors import translated
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.settings import Settings
from fruitgui.widgets.notice import Notice
from fruitgui.workers.task import Steps, Tasks
from trainer.data.corrections import Added
from trainer.inference.prediction import Prediction
from trainer.inference.prediction_tables import LabelledPhoto
from trainer.inference.sorted_copies import Copied, PlannedCopy


class ExportMenu(Retranslated, QMenu):
    """What can be done with the labels of the photos that are shown.

    What came of it is said in the page's notice.

    Signals:
        progressed(tuple): how many photos are done, and of how many.
        busy_changed(): something is written, or no longer.
    """

    progressed = Signal(object)
    busy_changed = Signal()

    def __init__(
        self, photos: PhotoList, settings: Settings, notice: Notice, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._photos = photos
        self._settings = settings
        self._notice = notice
        self._tasks = Tasks()
        self._act: Callable[[], None] | None = None
        self._written: tuple[Path, int, int] | None = None
        """What is being written to, how many photos are done, and of how many."""
        self.classes: tuple[str, ...] = ()
        """The model's: no folder of theirs is for what it is not sure of."""
        self._csv = self.addAction("")
        self._json_lines = self.addAction("")
        self._copies = self.addAction("")
        self.addSeparator()
        self._corrections = self.addAction("")
        self._csv.triggered.connect(lambda: self._choose_table("csv"))
        self._json_lines.triggered.connect(lambda: self._choose_table("json_lines"))
        self._copies.triggered.connect(self._on_copies)
        self._corrections.triggered.connect(self._on_corrections)
        self.aboutToShow.connect(self._show_what_is_possible)
        notice.acted.connect(self._on_acted)
        notice.declined.connect(notice.hide)
        self.retranslate()

    def retranslate(self) -> None:
        self._csv.setText(self.tr("Table for spreadsheets (CSV)…"))
        self._json_lines.setText(self.tr("JSON lines…"))
        self._copies.setText(self.tr("Copy into folders by label…"))
        self._corrections.setText(self.tr("Add corrections to a data set…"))

    @property
    def is_busy(self) -> bool:
        return self._tasks.are_running

    def unfinished(self) -> list[str]:
        """A sentence on what would be cut off now."""
        if self._written is None:
            return []
        target, done, total = self._written
        if not total:
            return [self.tr("“{name}” is being written.").format(name=target.name)]
        text = self.tr("“{name}” is being written: {done} of {total} photos.")
        return [text.format(name=target.name, done=done, total=total)]

    def cancel(self) -> None:
        """Stop what is being written; what was written stays."""
        self._tasks.cancel()

    def shut_down(self) -> None:
        self._tasks.shut_down()

    def _start(
        self, steps: Steps, on_success: Callable[[Any], None], target: Path | None = None
    ) -> None:
        """Args: *target* is what is written to, if anything is."""
        self._written = None if target is None else (target, 0, 0)
        self._tasks.start(
            steps,
            on_success,
            self._notice.show_error,
            self._on_progressed,
            on_cancel=self._on_cancelled,
            on_end=self._on_ended,
        )
        self.busy_changed.emit()

    @Slot(object)
    def _on_progressed(self, step: tuple[int, int]) -> None:
        if self._written is not None:
            self._written = (self._written[0], *step)
        self.progressed.emit(step)

    @Slot()
    def _on_ended(self) -> None:
        if not self.is_busy:
            self._written = None
        self.busy_changed.emit()

    @Slot()
    def _on_cancelled(self) -> None:
        self._notice.show_info(self.tr("Stopped. What was written so far is kept."))

    @Slot()
    def _show_what_is_possible(self) -> None:
        self._corrections.setEnabled(self._photos.counts().corrected > 0)

    # Tables

    def _choose_table(self, kind: TableKind) -> None:
        suffix = "csv" if kind == "csv" else "jsonl"
        name, _ = QFileDialog.getSaveFileName(
            self.parentWidget(),
            self.tr("Save the labels"),
            str(Path(self._settings.last_saved_to) / f"labels.{suffix}"),
            f"*.{suffix}",
        )
        if not name:
            return
        file = chosen_file(name, f".{suffix}")
        self._settings.last_saved_to = str(file.parent)
        photos = self._labelled(with_unreadable=True)
        self._start(lambda: write_table(photos, file, kind), self._on_table_written, file)

    def _labelled(self, with_unreadable: bool) -> list[LabelledPhoto]:
        """The photos that are shown; of all photos, those that cannot be read too."""
        rows = [self._photos.entry(row) for row in range(self._photos.rowCount())]
        labelled = [photo for entry in rows for photo in _labelled(entry)]
        if with_unreadable and self._photos.filter == Filter():
            labelled += [
                dataclasses.replace(
                    LabelledPhoto.of(Prediction(unreadable.path, error=unreadable.error)),
                    error=translated(unreadable.error),
                )
                for unreadable in self._photos.unreadable.values()
            ]
        return labelled

    @Slot(object)
    def _on_table_written(self, file: Path) -> None:
        self._act = lambda: _open(file.parent)
        self._notice.show_info(
            self.tr("Labels saved to “{name}”.").format(name=file.name), self.tr("Open folder")
        )

    # Copies

    @Slot()
    def _on_copies(self) -> None:
        folder = self._choose_folder(self.tr("Choose a folder for the copies"))
        if folder is None:
            return
        photos, classes = self._labelled(with_unreadable=False), self.classes
        self._start(lambda: plan_copies(photos, folder, classes), self._on_copies_planned)

    @Slot(object)
    def _on_copies_planned(self, plan: tuple[Path, Sequence[PlannedCopy]]) -> None:
        folder, planned = plan
        wanted = [copy for copy in planned if not copy.is_there]
        if not wanted:
            self._notice.show_info(
                self.tr("All of them are already in “{name}”.").format(name=folder.name)
            )
            return
        folders = Counter(copy.target.parent.name for copy in wanted)
        few = ", ".join(f"{name} {count}" for name, count in folders.most_common(6))
        more = ", …" if len(folders) > 6 else ""
        sentence = self.tr("%n photo(s) will be copied into “{name}”: {folders}.", "", len(wanted))
        self._act = lambda: self._copy(folder, wanted)
        self._notice.show_info(
            sentence.format(name=folder.name, folders=few + more),
            self.tr("Copy"),
            self.tr("Cancel"),
        )

    def _copy(self, folder: Path, planned: Sequence[PlannedCopy]) -> None:
        self._notice.hide()
        self._start(lambda: make_copies(folder, planned), self._on_copied, folder)

    @Slot(object)
    def _on_copied(self, result: tuple[Path, Copied]) -> None:
        folder, copied = result
        self._act = lambda: _open(folder)
        sentence = self.tr("%n photo(s) copied into “{name}”.", "", copied.count)
        if copied.failed:
            missed = self.tr("%n could not be copied.", "", len(copied.failed))
            sentence = f"{sentence} {missed}"
        self._notice.show_info(sentence.format(name=folder.name), self.tr("Open folder"))

    # Corrections

    @Slot()
    def _on_corrections(self) -> None:
        folder = self._choose_folder(self.tr("Choose a data set's folder, or an empty one"))
        if folder is None:
            return
        labels: Mapping[Path, str] = {
            entry.path: entry.correction
            for entry in self._photos.entries
            if entry.correction is not None
        }
        self._start(lambda: add_corrections(labels, folder), self._on_corrections_added, folder)

    @Slot(object)
    def _on_corrections_added(self, result: tuple[Path, Added]) -> None:
        folder, added = result
        self._act = lambda: _open(folder)
        sentences = [
            self.tr("%n photo(s) added to the training photos in “{name}”.", "", added.copied)
        ]
        if added.present:
            sentences.append(self.tr("%n were there already.", "", added.present))
        if added.unreadable:
            sentences.append(
                self.tr("%n photo(s) are gone or cannot be read.", "", added.unreadable)
            )
        self._notice.show_info(" ".join(sentences).format(name=folder.name), self.tr("Open folder"))

    def _choose_folder(self, title: str) -> Path | None:
        name = QFileDialog.getExistingDirectory(
            self.parentWidget(), title, self._settings.last_folder
        )
        if not name:
            return None
        self._settings.last_folder = name
        return Path(name)

    @Slot()
    def _on_acted(self) -> None:
        act, self._act = self._act, None
        if act is not None:
            act()


def _labelled(entry: PhotoEntry) -> list[LabelledPhoto]:
    """One for each file that holds the photo; none of what waits."""
    if entry.label is None and entry.answer is None:
        return []
    name = display_name(entry.label) if entry.label is not None else None
    return [
        dataclasses.replace(
            LabelledPhoto.of(Prediction(path, entry.answer), entry.correction), name=name
        )
        for path in (entry.path, *entry.twins)
    ]


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
