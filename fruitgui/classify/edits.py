"""What the user does to the list: labels, kept at once, and removals. All can be undone."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from fruitgui.classify.corrections_thread import CorrectionsThread
from fruitgui.classify.photo_list import PhotoEntry, PhotoList
from fruitgui.i18n.display_names import display_name
from trainer.errors import TrainerError


class Edits(QObject):
    """Between the list, the corrections on disk, and undo.

    Signals:
        labels_changed(): by the user, or by what is known from before.
        photos_returned(list of Path): a removal was undone.
        undone(str, tuple of Path), redone(str, tuple of Path): what was, in words, and of which
            photos.
        not_kept(int, TrainerError or None): so many corrections could not be kept; None where the
            photos cannot be read.
        not_taken_back(int, TrainerError or None): likewise, so many could not be taken back.
        not_found(TrainerError): what the user has said before could not be read.
    """

    labels_changed = Signal()
    photos_returned = Signal(object)
    undone = Signal(str, object)
    redone = Signal(str, object)
    not_kept = Signal(int, object)
    not_taken_back = Signal(int, object)
    not_found = Signal(object)

    def __init__(self, photos: PhotoList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._photos = photos
        self._thread = CorrectionsThread(self)
        self._count = 0
        self._touched: set[Path] = set()
        self._thread.found.connect(self._on_found)
        self._thread.taken_back.connect(self._on_taken_back)
        self._thread.not_kept.connect(self._on_not_kept)
        self._thread.not_taken_back.connect(self._on_not_taken_back)
        self._thread.not_found.connect(self.not_found)
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
            for number in reversed(range(self.stack.index())):
                step = self.stack.command(number)
                if isinstance(step, _Removal):
                    step.forget_answers()
                    break
            text = self.tr("%n photo(s) removed from the list", "", len(photos))
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
            step = self.stack.command(self.stack.index() - 1)
            self.stack.undo()
            self.undone.emit(step.text(), _photos_of(step))

    @Slot()
    def redo(self) -> None:
        if self.stack.canRedo():
            step = self.stack.command(self.stack.index())
            self.stack.redo()
            self.redone.emit(step.text(), _photos_of(step))

    def apply(self, labels: Mapping[Path, str]) -> int:
        """Show and keep corrections; returns the number by which they are taken back."""
        self._count += 1
        self._touched.update(labels)
        self._photos.set_corrections(dict(labels))
        self._thread.keep(self._count, labels)
        self.labels_changed.emit()
        return self._count

    def take_back(self, number: int, before: Mapping[Path, str | None]) -> None:
        """Show what was shown *before*; on disk is again what was there."""
        self._photos.set_corrections(before)
        self._thread.take_back(number)
        self.labels_changed.emit()

    @Slot(object)
    def _on_found(self, labels: dict[Path, str]) -> None:
        """What the user has said since this was asked is newer."""
        self._show({path: label for path, label in labels.items() if path not in self._touched})

    @Slot(object)
    def _on_taken_back(self, labels: dict[Path, str | None]) -> None:
        """The disk may know of a photo what the list had not been told yet."""
        self._show({path: label for path, label in labels.items() if label is not None})

    def _show(self, labels: Mapping[Path, str | None]) -> None:
        self._photos.set_corrections(
            {
                path: label
                for path, label in labels.items()
                if (entry := self._photos.entry_of(path)) is not None and entry.correction is None
            }
        )
        self.labels_changed.emit()

    @Slot(object, object)
    def _on_not_kept(self, photos: list[Path], error: TrainerError | None) -> None:
        """A label that is not kept is not shown as if it were."""
        self._touched.difference_update(photos)
        self._photos.set_corrections(dict.fromkeys(photos))
        self._thread.look_up(photos)
        self.labels_changed.emit()
        self.not_kept.emit(len(photos), error)

    @Slot(object, object)
    def _on_not_taken_back(self, photos: list[Path], error: TrainerError | None) -> None:
        """A label that is still kept is shown again."""
        self._thread.look_up(photos)
        self._touched.difference_update(photos)
        self.not_taken_back.emit(len(photos), error)


def _photos_of(step: QUndoCommand) -> tuple[Path, ...]:
    return step.photos if isinstance(step, _Step) else ()


class _Step(QUndoCommand):
    """One step to undo, of however many photos."""

    def __init__(self, edits: Edits, photos: Iterable[Path], text: str) -> None:
        super().__init__(text)
        self._edits = edits
        self.photos = tuple(photos)


class _Correction(_Step):
    def __init__(
        self, edits: Edits, before: Mapping[Path, str | None], label: str, text: str
    ) -> None:
        super().__init__(edits, before, text)
        self._before = dict(before)
        self._after = dict.fromkeys(before, label)
        self._number = 0

    def redo(self) -> None:
        self._number = self._edits.apply(self._after)

    def undo(self) -> None:
        self._edits.take_back(self._number, self._before)


class _Removal(_Step):
    def __init__(self, edits: Edits, shown: PhotoList, photos: Sequence[Path], text: str) -> None:
        super().__init__(edits, photos, text)
        self._list = shown
        self._removed: list[PhotoEntry] = []

    def redo(self) -> None:
        self._removed = self._list.remove(self.photos)
        self._edits.labels_changed.emit()

    def forget_answers(self) -> None:
        """Another removal is undone before this one; then its photos are asked for again. Answers
        are most of what photos take: a list that is cleared time after time would fill the memory.
        """
        for entry in self._removed:
            entry.answer, entry.is_waiting = None, True

    def undo(self) -> None:
        self._list.put_back(self._removed)
        self._edits.photos_returned.emit([entry.path for entry in self._removed])
