"""What is known of runs without opening their folders: lists of them."""

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from trainer import paths
from trainer.config.recipe import Recipe
from trainer.errors import RecipeError, TrainerError, error_from_json
from trainer.experiments.run import Run
from trainer.experiments.run_database import (
    MEASUREMENT_FIELDS,
    Measurement,
    State,
    holds,
    run_transaction,
)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What is known of a run without opening its folder."""

    id: str
    folder: Path
    data: Path
    recipe: Recipe
    created: datetime
    """In UTC."""
    device: str
    state: State
    kept_failure: str
    """Why it failed, as :meth:`TrainerError.to_json` writes it; empty otherwise."""
    last_epoch: int
    best_epoch: int
    best_accuracy: float
    """Of the validation photos, at the best epoch."""
    train_accuracy: float = 0.0
    """At the best epoch."""
    seconds: float = 0.0
    """Of all epochs, without pauses."""
    name: str = ""
    """What the user calls it; empty where they have not named it."""
    note: str = ""
    is_starred: bool = False
    trashed: datetime | None = None
    """Since when it has been in the trash, in UTC."""
    measurement: Measurement | None = None
    """None where the run has not ended, or its photos could not be read any more."""

    @property
    def model_file(self) -> Path:
        """Where its best model lies, if there is one."""
        return Run(self.id, self.folder, self.recipe, self.data).model_file

    @property
    def failure(self) -> TrainerError | None:
        """Why it failed."""
        return error_from_json(self.kept_failure) if self.kept_failure else None

    @property
    def reason(self) -> str:
        """Why it failed, in English; empty otherwise."""
        return str(self.failure or "")

    @property
    def gap(self) -> float:
        """Training less validation accuracy at the best epoch."""
        return self.train_accuracy - self.best_accuracy

    @property
    def test_accuracy(self) -> float | None:
        """None where there is no test split, or the run has not been measured."""
        found = self.measurement
        return found.accuracy if found is not None and found.split == "test" else None


def runs() -> list[RunRecord]:
    """All runs that are not in the trash, the newest first."""
    return _records("trashed = ''")


def trashed_runs() -> list[RunRecord]:
    """The runs in the trash, the newest first."""
    return _records("trashed != ''")


def run_named(name: str) -> RunRecord | None:
    """The run of this id, be it in the trash; None where there is none."""
    return next(iter(_records("id = ?", name)), None)


def runs_named(names: Iterable[str]) -> list[RunRecord]:
    """The runs of these ids, be they in the trash; those that there are, the newest first."""
    return _records("id IN (SELECT value FROM json_each(?))", json.dumps(list(names)))


def unfinished_runs() -> list[RunRecord]:
    """Runs that were killed, stopped or failed and whose user has not set them aside, newest first.

    Those that are under way in another process are among them.
    """
    return _records("state IN ('running', 'stopped', 'failed') AND NOT set_aside AND trashed = ''")


def _records(condition: str, *values: str) -> list[RunRecord]:
    if not paths.run_database().exists():
        return []
    measured = ", ".join(f"measurement.{name}" for name in MEASUREMENT_FIELDS)
    with run_transaction(write=False) as database:
        rows = database.execute(
            "SELECT id, folder, data, recipe, created, device, state, reason,"
            " (SELECT coalesce(max(epoch), 0) FROM epoch WHERE run = id),"
            " coalesce(best.epoch, 0), coalesce(best.validation_accuracy, 0),"
            " coalesce(best.train_accuracy, 0),"
            " (SELECT coalesce(sum(seconds), 0) FROM epoch WHERE run = id),"
            " coalesce(name, ''), coalesce(note, ''), coalesce(starred, 0),"
            f" coalesce(detail.trashed, '') AS trashed, {measured}"
            " FROM run LEFT JOIN epoch AS best"
            " ON best.run = id AND best.epoch ="
            " (SELECT max(epoch) FROM epoch WHERE run = id AND best)"
            " LEFT JOIN detail ON detail.run = id LEFT JOIN measurement ON measurement.run = id"
            f" WHERE {condition.replace('trashed', _TRASHED)}"
            " ORDER BY created DESC, run.rowid DESC",
            values,
        ).fetchall()
    return [record for row in rows if (record := _readable_record(row)) is not None]


def _readable_record(row: Sequence[Any]) -> RunRecord | None:
    """None where it is of another version of the app, which can still show it, or damaged."""
    own, measured = row[: -len(_MEASURED)], row[-len(_MEASURED) :]
    try:
        is_measured = any(value is not None for value in measured)
        if not holds(own, _OWN) or (is_measured and not holds(measured, _MEASURED)):
            raise RecipeError("Its entry is damaged.")
        return _record(*row)
    except (RecipeError, ValueError) as error:
        logging.getLogger(__name__).warning("The run %s is left out: %s", row[0], error)
        return None


_OWN = (*(str,) * 8, *(int,) * 2, *(int | float,) * 3, *(str,) * 2, int, str)
_MEASURED = (str, int, int, int | float, int | float, int, int, int | float)
"""What the columns hold: those of a run itself, and those of its measurement."""
_TRASHED = "coalesce(detail.trashed, '')"


def _record(
    name: str,
    folder: str,
    data: str,
    recipe: str,
    created: str,
    device: str,
    state: State,
    kept_failure: str,
    last_epoch: int,
    best_epoch: int,
    best_accuracy: float,
    train_accuracy: float,
    seconds: float,
    title: str,
    note: str,
    starred: int,
    trashed: str,
    *measured: Any,
) -> RunRecord:
    return RunRecord(
        id=name,
        folder=Path(folder),
        data=Path(data),
        recipe=Recipe.from_json(recipe),
        created=datetime.fromisoformat(created),
        device=device,
        state=state,
        kept_failure=kept_failure,
        last_epoch=last_epoch,
        best_epoch=best_epoch,
        best_accuracy=best_accuracy,
        train_accuracy=train_accuracy,
        seconds=seconds,
        name=title,
        note=note,
        is_starred=bool(starred),
        trashed=datetime.fromisoformat(trashed) if trashed else None,
        measurement=Measurement(*measured) if measured[0] is not None else None,
    )
