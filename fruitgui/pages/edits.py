"""What the user does to the list: labels, which are kept at once, and removals. All can be undone."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from fruitgui.models.photos import PhotoEntry, PhotoList
from fruitgui.produce_names import display_name
from fruitgui.workers.corrections import CorrectionsThread


class Edits(QObject):
    """Between the list, the corrections on disk, and undo.

    Signals:
        labels_changed(): by the user, or by what is known from before.
        photos_returned(list of Path): a removal was undone.
        undone(str), redone(str): what was, in words.
        failed(TrainerError): a correction could not be kept.
    """

    labels_changed = Signal()
    photos_returned = Signal(object)
    undone = Signal(str)
    redone = Signal(str)
    failed = Signal(object)

    def __init__(self, photos: PhotoList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._photos = photos
        self._thread = CorrectionsThread(self)
        self._thread.found.connect(self._on_found)
        self._thread.failed.connect(self.failed)
        self.stack = QUndoStack(self)
        self._thread.start()

    def correct(self, photos: Iterable[Path], label: str) -> None:
        """Say that *photos* are of class *label*."""
        before = {
            path: entry.correction
            for path in photos
            if (entry := self._photos.entry_of(path)) is not None and entry.correction != label
        }
        if before:
            text = self.tr("“{label}” for %n photo(s)", "", len(before))
            self.stack.push(
                _Correction(self, before, label, text.format(label=display_name(label)))
            )

    def remove(self, photos: Sequence[Path]) -> None:
        """Take photos off the list; their files stay."""
        if photos:
            text = self.tr("%n photo(s) off the list", "", len(photos))
            self.stack.push(_Removal(self, self._photos, photos, text))

    def look_up(self, photos: Iterable[Path]) -> None:
        """Show what the user has said of these photos before."""
        self._thread.look_up(photos)

    def shut_down(self) -> None:
        """Wait until everything is kept."""
        self._thread.shut_down()

    @Slot()
    def undo(self) -> None:
        if self.stack.canUndo():
            text = self.stack.undoText()
            self.stack.undo()
            self.undone.emit(text)

    @Slot()
    def redo(self) -> None:
        if self.stack.canRedo():
            text = self.stack.redoText()
            self.stack.redo()
            self.redone.emit(text)

    def apply(self, labels: Mapping[Path, str | None]) -> None:
        """Show and keep corrections; None takes one back."""
        self._photos.set_corrections(labels)
        self._thread.keep(labels)
        self.labels_changed.emit()

    @Slot(object)
    def _on_found(self, labels: dict[Path, str]) -> None:
        # What was said since the question is newer.
        new: dict[Path, str | None] = {
            path: label
            for path, label in labels.items()
            if (entry := self._photos.entry_of(path)) is not None and entry.correction is None
        }
        self._photos.set_corrections(new)
        self.labels_changed.emit()


class _Correction(QUndoCommand):
    """One step to undo, of however many photos."""

    def __init__(
        self, edits: Edits, before: Mapping[Path, str | None], label: str, text: str
    ) -> None:
        super().__init__(text)
        self._edits = edits
        self._before = dict(before)
        self._after = dict.fromkeys(before, label)

    def redo(self) -> None:
        self._edits.apply(self._after)

    def undo(self) -> None:
        self._edits.apply(self._before)


class _Removal(QUndoCommand):
    def __init__(self, edits: Edits, photos: PhotoList, paths: Sequence[Path], text: str) -> None:
        super().__init__(text)
        self._edits = edits
        self._photos = photos
        self._paths = tuple(paths)
        self._removed: list[PhotoEntry] = []

    def redo(self) -> None:
        self._removed = self._photos.remove(self._paths)
        self._edits.labels_changed.emit()

    def undo(self) -> None:
        self._photos.put_back(self._removed)
        self._edits.photos_returned.emit([entry.path for entry in self._removed])
