"""Reading what there is of training runs."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from fruitgui.i18n.run_texts import RunRow
from trainer.events import EpochDone
from trainer.experiments import run_database, run_records, run_trash
from trainer.experiments.run import is_run
from trainer.experiments.run_records import RunRecord


@dataclass(frozen=True, slots=True)
class RunFiles:
    """What is known of a run only from its epochs and its folder."""

    id: str
    epochs: tuple[EpochDone, ...]
    is_there: bool
    """Whether its folder is."""
    has_model: bool

    @property
    def best(self) -> EpochDone | None:
        return next((epoch for epoch in reversed(self.epochs) if epoch.best), None)


def read_runs() -> Generator[None, None, list[RunRow]]:
    """Returns all runs, those in the trash among them."""
    # One that is moved meanwhile is there once.
    records = {record.id: record for record in run_records.runs()}
    yield
    records.update({record.id: record for record in run_records.trashed_runs()})
    rows = []
    for record in records.values():
        is_open = record.state == "running"
        rows.append(RunRow(record, is_open and run_trash.is_under_way(record.folder)))
    return rows


def read_files(records: Sequence[RunRecord]) -> Generator[None, None, list[RunFiles]]:
    """Returns what the table does not say of runs."""
    found = []
    for record in records:
        yield
        epochs = tuple(run_database.epochs_of(record.id))
        has_model = record.model_file.is_file()
        found.append(RunFiles(record.id, epochs, is_run(record.folder), has_model))
    return found
