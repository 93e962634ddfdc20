"""Short tasks of the Train page."""

from collections.abc import Generator

from trainer.errors import StorageError, TrainerError
from trainer.experiments import run_records
from trainer.experiments.run import open_run
from trainer.experiments.run_records import RunRecord
from trainer.storage import caches


def find_unfinished_run() -> Generator[None, None, RunRecord | None]:
    """Returns the newest run that was interrupted and that no process trains now."""
    for record in run_records.unfinished_runs():
        try:
            run = open_run(str(record.folder))
        except TrainerError:
            continue  # Its folder has gone.
        if not run.is_under_way:
            return record
        yield
    return None


def clear_caches() -> int:
    """Empties the caches; returns how many bytes are left."""
    try:
        caches.clear()
    except OSError as error:
        raise StorageError(
            "The caches could not be emptied ({detail}). Close what uses them and try again.",
            detail=error.strerror or error,
        ) from error
    return caches.size()
