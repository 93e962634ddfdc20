"""What the Models page reads and changes of training runs, one thing after another."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from fruitgui.i18n.run_texts import RunRow
from fruitgui.models.runs.read_runs import read_runs
from fruitgui.workers.task import Steps
from fruitgui.workers.task_queue import TaskQueue
from trainer.errors import TrainerError
from trainer.experiments import run_database, run_trash

Details = Mapping[str, str | bool]
"""What the user says of a run, as for :func:`trainer.experiments.run_database.set_details`."""


class RunEdits(QObject):
    """Between the window and the run database. What is written was asked for before what is read
    later, so that a list never shows what has been changed since.

    Signals:
        runs_read(list of RunRow): all runs.
        trashed(tuple of str): runs were moved to the trash.
        restored(tuple of str): runs came back from there.
        emptied(int): so many runs were removed for good.
        trash_measured(int): emptying the trash frees so many bytes.
        failed(TrainerError): it could not be read or changed.
        renamed(): a run is called otherwise, on the disk too.
        not_kept(TrainerError): what the user says of a run could not be kept; it is not forgotten.
    """

    runs_read = Signal(object)
    trashed = Signal(object)
    restored = Signal(object)
    emptied = Signal(int)
    trash_measured = Signal(object)
    failed = Signal(object)
    not_kept = Signal(object)
    renamed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = TaskQueue(self)
        self._unkept: dict[str, dict[str, str | bool]] = {}
        self._trashed: list[tuple[str, ...]] = []
        self._changes = 0
        self._changes_when_read = 0
        self._is_reading = False
        self._reads_again = False

    # Reading

    def read(self) -> None:
        """Read all runs; once more than asked for, if something changes meanwhile."""
        if self._is_reading:
            self._reads_again = True
            return
        self._is_reading = True
        self._changes_when_read = self._changes
        self._queue.add(read_runs, self._on_read, self._on_read_failed, is_kept=False)

    @Slot(object)
    def _on_read(self, rows: list[RunRow]) -> None:
        self._is_reading = False
        if self._reads_again or self._changes != self._changes_when_read:
            # It is of before.
            self._reads_again = False
            self.read()
            return
        self.runs_read.emit([self.as_said(row) for row in rows])

    @Slot(object)
    def _on_read_failed(self, error: TrainerError) -> None:
        self._is_reading = self._reads_again = False
        self.failed.emit(error)

    def measure_trash(self) -> None:
        self._queue.add(
            run_trash.byte_count, self._on_trash_measured, self._on_failed, is_kept=False
        )

    @Slot(object)
    def _on_trash_measured(self, size: int) -> None:
        self.trash_measured.emit(size)

    # What the user says

    def as_said(self, row: RunRow) -> RunRow:
        """The run with what its user said and the disk does not know yet."""
        said = self._unkept.get(row.id)
        return said_of(row, said) if said else row

    def keep(self, run: str, details: Details) -> None:
        """Keep a run's name, note or star."""
        self._changes += 1
        self._unkept.setdefault(run, {}).update(details)
        self._queue.add(lambda: keep_details(run, dict(details)), self._on_kept, self._on_not_kept)

    @Slot(object)
    def _on_kept(self, kept: tuple[str, Details]) -> None:
        run, details = kept
        said = self._unkept.get(run, {})
        for name, value in details.items():
            # What was said since is on its way.
            if said.get(name) == value:
                del said[name]
        if not said:
            self._unkept.pop(run, None)
        if "name" in details:
            self.renamed.emit()

    @Slot(object)
    def _on_not_kept(self, error: TrainerError) -> None:
        self.not_kept.emit(error)

    @Slot()
    def keep_again(self) -> None:
        """Try once more to keep what could not be kept."""
        for run, details in list(self._unkept.items()):
            self.keep(run, dict(details))

    # The trash

    def trash(self, runs: Iterable[str]) -> None:
        """Move runs to the trash."""
        names = tuple(runs)
        self._change(lambda: trash_runs(names), self._on_trashed)

    def restore(self, runs: Iterable[str]) -> None:
        """Take runs out of the trash."""
        names = tuple(runs)
        left = (tuple(run for run in batch if run not in names) for batch in self._trashed)
        self._trashed = [batch for batch in left if batch]
        self._change(lambda: restore_runs(names), self._on_restored)

    @Slot()
    def undo(self) -> None:
        """Take out of the trash what was moved there last."""
        if self._trashed:
            self.restore(self._trashed[-1])

    def empty(self, runs: Iterable[str]) -> None:
        """Remove runs in the trash for good."""
        names = tuple(runs)
        self._trashed.clear()
        self._change(lambda: run_trash.empty(names), self._on_emptied)

    def _change(self, steps: Steps, on_success: Callable[[Any], None]) -> None:
        self._changes += 1
        self._queue.add(steps, on_success, self._on_change_failed)

    @Slot(object)
    def _on_trashed(self, runs: tuple[str, ...]) -> None:
        self._trashed.append(runs)
        self.trashed.emit(runs)

    @Slot(object)
    def _on_restored(self, runs: tuple[str, ...]) -> None:
        self.restored.emit(runs)

    @Slot(object)
    def _on_emptied(self, count: int) -> None:
        self.emptied.emit(count)

    @Slot(object)
    def _on_change_failed(self, error: TrainerError) -> None:
        self.failed.emit(error)
        self.read()  # Part of it may have been done.

    @Slot(object)
    def _on_failed(self, error: TrainerError) -> None:
        self.failed.emit(error)

    # The end

    def finish(self) -> None:
        """Wait until all is kept; what could not be is tried once more."""
        self.keep_again()
        self._queue.finish()


def said_of(row: RunRow, details: Details) -> RunRow:
    """The run as its user describes it."""
    record = row.record
    return replace(
        row,
        record=replace(
            record,
            name=str(details.get("name", record.name)),
            note=str(details.get("note", record.note)),
            is_starred=bool(details.get("starred", record.is_starred)),
        ),
    )


def keep_details(name: str, values: Details) -> tuple[str, Details]:
    """Keep what the user says of a run; returns its arguments."""
    run_database.set_details(name, **values)
    return name, values


def trash_runs(names: Sequence[str]) -> tuple[str, ...]:
    """Move runs to the trash; returns their ids."""
    run_trash.move_to_trash(names)
    return tuple(names)


def restore_runs(names: Sequence[str]) -> tuple[str, ...]:
    """Take runs out of the trash; returns their ids."""
    run_database.restore(names)
    return tuple(names)
