"""Moving a model to the trash."""

from pathlib import Path

from PySide6.QtCore import QFile

from trainer.errors import StorageError
from trainer.experiments import run_records, run_trash


def trash_model(model: Path) -> str | None:
    """Move the run that a model came of to the trash, with the model; returns its id. Where no such
    run is known, the file alone goes to the system's trash.

    Raises:
        StorageError: the system refuses.
    """
    known = (record for record in run_records.runs() if record.model_file == model)
    run = next(known, None)
    if run is None:
        remove_file(model)
        return None
    run_trash.move_to_trash([run.id])
    return run.id


def remove_file(model: Path) -> None:
    """Move an imported model to the system's trash.

    Raises:
        StorageError: the system refuses.
    """
    # Across disks, it copies the whole file.
    if not QFile.moveToTrash(str(model)):
        raise StorageError(
            "“{path}” could not be moved to the trash. Remove it by hand.", path=model
        )
