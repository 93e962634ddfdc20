"""What the user changes in a data set: made, taken back and applied beside the GUI thread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from fruitgui.workers.task import Steps
from fruitgui.workers.task_queue import TaskQueue
from trainer.data.apply_edits import AppliedEdits, apply_edits
from trainer.data.label_edits import LabelEdit, LabelEdits
from trainer.data.revert_edits import RevertedEdits, can_revert, revert_edits
from trainer.errors import TrainerError


@dataclass(frozen=True, slots=True)
class KeptEdits:
    """What the user has changed in a data set."""

    data: Path
    edits: tuple[LabelEdit, ...]
    file: str
    """The name of the file that they are kept in."""
    can_revert: bool
    """Whether changes were applied to the folder that can be put back."""

    @property
    def own(self) -> tuple[LabelEdit, ...]:
        """Those that the user has made."""
        return tuple(edit for edit in self.edits if not edit.is_pinned)

    @property
    def can_undo(self) -> bool:
        """Whether the last one can be taken back."""
        return bool(self.edits) and not self.edits[-1].is_pinned

    @classmethod
    def of(cls, data: Path) -> "KeptEdits":
        edits = LabelEdits.of(data)
        return cls(data, tuple(edits.edits), edits.file.name, can_revert(data))


class DataSetEdits(QObject):
    """Works on one data set after the other, in the order in which things were asked for.

    Signals:
        listed(KeptEdits, bool): what is changed by now, and whether something can be made again.
        said(str): what came of moving files.
        asked(str, str): what is about to be moved, and what to answer with: see :meth:`confirm`.
        failed(TrainerError)
    """

    listed = Signal(object, bool)
    said = Signal(str)
    asked = Signal(str, str)
    failed = Signal(object)

    def __init__(self, queue: TaskQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._root: Path | None = None
        self._undone: list[tuple[LabelEdit, ...]] = []
        """What was taken back, each with all that was changed at once."""
        self._moving: Path | None = None
        """The data set whose files are being moved."""
        self._asked_of: Path | None = None
        """The data set that it was asked of whether its files may be moved."""

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back that can be made again."""
        return bool(self._undone)

    def turn_to(self, root: Path) -> bool:
        """Another data set is worked on; returns whether a question about the one before is to
        be taken back."""
        if root == self._root:
            return False
        self._root = root
        self._undone.clear()
        was_asked, self._asked_of = self._asked_of is not None, None
        return was_asked

    def make(self, *edits: LabelEdit) -> None:
        """Change photos, by one change or several at once; what was taken back before cannot be
        made again after that."""
        self._undone.clear()
        self._make(edits)

    def redo(self) -> None:
        """Make again what was taken back last."""
        if self._undone:
            self._make(self._undone.pop())

    def undo(self) -> None:
        """Take back what was changed last."""
        root = self._root
        if root is not None:
            self._then_list(root, lambda: LabelEdits.of(root).undo(), self._on_undone)

    def take_back(self, edit: LabelEdit) -> None:
        """Take back one change, whenever it was made."""
        root = self._root
        if root is not None:
            self._then_list(root, lambda: _take_back(root, edit), None)

    def unfinished(self) -> list[str]:
        """A sentence on the files that are being moved now."""
        if self._moving is None:
            return []
        text = self.tr("Files in “{name}” are being moved.")
        return [text.format(name=self._moving.name)]

    def ask_to_apply(self, kept: KeptEdits) -> None:
        """Ask whether files may be moved: until then, none was touched."""
        self._asked_of = kept.data
        places = {photo for edit in kept.own for photo in edit.photos}
        text = self.tr(
            "The files of up to %n photo(s) will be moved within “{name}”, and those left out to "
            "“{excluded}” beside it. It can be put back.",
            "",
            len(places),
        )
        name = kept.data.name
        text = text.format(name=name, excluded=name + self._excluded_suffix())
        self.asked.emit(text, self.tr("Move the files"))

    def confirm(self) -> bool:
        """Apply the changes to the folder that was asked about; returns whether one was."""
        root, self._asked_of = self._asked_of, None
        if root is None:
            return False
        self._undone.clear()
        suffix = self._excluded_suffix()
        self._moving = root
        self._then_list(root, lambda: apply_edits(LabelEdits.of(root), suffix), self._on_applied)
        return True

    def revert_edits(self) -> None:
        """Move the files back to where they were before the changes were applied last."""
        root = self._root
        if root is not None:
            # What was taken back was of other places.
            self._undone.clear()
            self._moving = root
            self._then_list(root, lambda: revert_edits(LabelEdits.of(root)), self._on_put_back)

    def _excluded_suffix(self) -> str:
        return " " + self.tr("(left out)")

    def _make(self, edits: Sequence[LabelEdit]) -> None:
        root = self._root
        if root is not None:
            self._then_list(root, lambda: LabelEdits.of(root).add(*edits), None)

    def _then_list(
        self, root: Path, steps: Steps, on_success: Callable[[Any], None] | None
    ) -> None:
        self._queue.add(steps, on_success, self._on_failed)
        # The list is what counts, whatever comes of evaluating with it.
        self._queue.add(lambda: KeptEdits.of(root), self._on_listed, self._on_failed)

    @Slot(object)
    def _on_listed(self, kept: KeptEdits) -> None:
        self._moving = None  # It is listed after what was moved.
        if kept.data == self._root:
            self.listed.emit(kept, self.can_redo)

    @Slot(object)
    def _on_undone(self, edits: tuple[LabelEdit, ...]) -> None:
        if edits:
            self._undone.append(edits)

    @Slot(object)
    def _on_applied(self, applied: AppliedEdits) -> None:
        text = self.tr("%n photo(s) moved.", "", applied.moved)
        if applied.kept:
            text += " " + self.tr(
                "To keep the split and class of %n photo(s), their entries stay in the list.",
                "",
                applied.kept,
            )
        if applied.absent:
            text += " " + self.tr(
                "%n photo(s) were not found; your changes to them stay in the list.",
                "",
                applied.absent,
            )
        self.said.emit(text)

    @Slot(object)
    def _on_put_back(self, found: RevertedEdits) -> None:
        text = self.tr("%n photo(s) put back.", "", found.moved)
        if found.missing:
            text += " " + self.tr(
                "%n photo(s) are no longer where they were moved to: “{path}”. Put them there "
                "again, then put back once more.",
                "",
                len(found.missing),
            ).format(path=found.missing[0])
        self.said.emit(text)

    @Slot(object)
    def _on_failed(self, error: TrainerError) -> None:
        self._moving = None
        self.failed.emit(error)


def _take_back(data: Path, edit: LabelEdit) -> None:
    """Take back one of the changes to a data set."""
    LabelEdits.of(data).rewrite(lambda now: [each for each in now if each != edit])
