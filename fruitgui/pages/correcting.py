"""What the user says is on photos: kept at once, shown, undone."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from fruitgui.models.photos import PhotoList
from fruitgui.workers.corrections import CorrectionsThread


class Correcting(QObject):
    """Between the list, the corrections on disk, and undo.

    Signals:
        corrected(): labels have changed, by the user or by what is known from before.
        failed(TrainerError): a correction could not be kept.
    """

    corrected = Signal()
    failed = Signal(object)

    def __init__(self, photos: PhotoList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._photos = photos
        self._thread = CorrectionsThread(self)
        self._thread.found.connect(self._on_found)
        self._thread.failed.connect(self.failed)
        self.undo_stack = QUndoStack(self)
        self._thread.start()

    def correct(self, photos: Iterable[Path], label: str | None) -> None:
        """Say that *photos* are of class *label*; None takes back what was said of them."""
        before = {
            path: entry.correction
            for path in photos
            if (entry := self._photos.entry_of(path)) is not None and entry.correction != label
        }
        if before:
            self.undo_stack.push(_Correction(self, before, label))

    def look_up(self, photos: Iterable[Path]) -> None:
        """Show what the user has said of these photos before."""
        self._thread.look_up(photos)

    def shut_down(self) -> None:
        """Wait until everything is kept."""
        self._thread.shut_down()

    def apply(self, labels: Mapping[Path, str | None]) -> None:
        """Show and keep corrections; None takes one back."""
        self._photos.set_corrections(labels)
        self._thread.keep(labels)
        self.corrected.emit()

    @Slot(object)
    def _on_found(self, labels: dict[Path, str]) -> None:
        # What was said since the question is newer.
        new = {
            path: label
            for path, label in labels.items()
            if (entry := self._photos.entry_of(path)) is not None and entry.correction is None
        }
        self._photos.set_corrections(dict(new))
        self.corrected.emit()


class _Correction(QUndoCommand):
    """One step to undo, of however many photos."""

    def __init__(
        self, correcting: Correcting, before: Mapping[Path, str | None], label: str | None
    ) -> None:
        super().__init__()
        self._correcting = correcting
        self._before = dict(before)
        self._after = dict.fromkeys(before, label)

    def redo(self) -> None:
        self._correcting.apply(self._after)

    def undo(self) -> None:
        self._correcting.apply(self._before)
