"""Runs in the trash: out of every list, on the disk until the trash is emptied."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from trainer.errors import RecipeError, TrainerError
from trainer.experiments import run_database, run_records
from trainer.experiments.run import is_run, open_run, remove_files
from trainer.storage.caches import folder_bytes


def move_to_trash(names: Sequence[str]) -> None:
    """Take runs out of the lists, with their models.

    Raises:
        OSError: the disk is full.
        RecipeError: there is no such run, or one of them is being trained; then none is moved.
    """
    records = {record.id: record for record in run_records.runs_named(names)}
    for name in names:
        record = records.get(name)
        if record is None:
            raise RecipeError("There is no run “{name}”.", name=name)
        if record.state == "running" and is_under_way(record.folder):
            raise RecipeError(
                "The run “{name}” is being trained. Stop it, then delete it.", name=name
            )
    run_database.trash(names)


def is_under_way(folder: Path) -> bool:
    """Whether a living process trains the run in *folder*; not, where there is none any more."""
    try:
        return open_run(str(folder)).is_under_way
    except (TrainerError, OSError):
        return False


def byte_count() -> int:
    """How much emptying the trash would free."""
    return sum(folder_bytes(record.folder) for record in run_records.trashed_runs())


def empty(names: Iterable[str] | None = None) -> int:
    """Remove runs in the trash for good, with their folders; returns how many. One that is being
    trained all the same stays.

    Args:
        names: which; without, all.

    Raises:
        OSError: a folder cannot be removed; it stays in the trash, and the others are removed.
    """
    wanted = None if names is None else set(names)
    count = 0
    refused: OSError | None = None
    for record in run_records.trashed_runs():
        if wanted is not None and record.id not in wanted:
            continue
        try:
            if is_run(record.folder):
                remove_files(record.id, record.folder)
        except RecipeError:
            continue
        except OSError as error:
            refused = refused or error
            continue
        run_database.forget([record.id])
        count += 1
    if refused is not None:
        raise refused
    return count
