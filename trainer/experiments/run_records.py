"""What is known of runs without opening their folders: lists of them."""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from trainer import paths
from trainer.config.recipe import Recipe
from trainer.errors import RecipeError, TrainerError, error_from_json
from trainer.experiments import run_database
from trainer.experiments.run import Run
from trainer.experiments.run_database import MEASUREMENT_FIELDS, Measurement, State, run_transaction
from trainer.storage.sqlite import holds


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
    measured = (f"measurement.{name}" for name in MEASUREMENT_FIELDS)
    with run_transaction(write=False) as database:
        rows = database.execute(
            f"SELECT {', '.join([*_COLUMNS.values(), *measured])}"
            " FROM run LEFT JOIN epoch AS best"
            " ON best.run = id AND best.epoch ="
            " (SELECT max(epoch) FROM epoch WHERE run = id AND best)"
            " LEFT JOIN detail ON detail.run = id LEFT JOIN measurement ON measurement.run = id"
            f" WHERE {condition.replace('trashed', _COLUMNS['trashed'])}"
            " ORDER BY created DESC, run.rowid DESC",
            values,
        ).fetchall()
    return [record for row in rows if (record := _record(row)) is not None]


_COLUMNS: Mapping[str, str] = {
    # A run that lacks one of these is none.
    "id": "id",
    "folder": "folder",
    "data": "data",
    "recipe": "recipe",
    "created": "created",
    "device": "device",
    "state": "state",
    "kept_failure": "reason",
    # Of these, the run may be shown without.
    "name": "coalesce(name, '')",
    "note": "coalesce(note, '')",
    "trashed": "coalesce(detail.trashed, '')",
    "starred": "coalesce(starred, 0)",
    "last_epoch": "(SELECT coalesce(max(epoch), 0) FROM epoch WHERE run = id)",
    "best_epoch": "coalesce(best.epoch, 0)",
    "best_accuracy": "coalesce(best.validation_accuracy, 0)",
    "train_accuracy": "coalesce(best.train_accuracy, 0)",
    "seconds": "(SELECT coalesce(sum(seconds), 0) FROM epoch WHERE run = id)",
}
_NEEDED = ("id", "folder", "data", "recipe", "created", "device", "state", "kept_failure")
_WHOLE = ("starred", "last_epoch", "best_epoch")
_FIGURES = ("best_accuracy", "train_accuracy", "seconds")
_MEASURED = (str, int, int, int | float, int | float, int, int, int | float)


def _record(row: Sequence[Any]) -> RunRecord | None:
    """None where it is of another version of the app, which can still show it, or damaged."""
    found = dict(zip(_COLUMNS, row, strict=False))
    try:
        if not holds([found[name] for name in _NEEDED], [str] * len(_NEEDED)):
            raise ValueError("its entry is damaged")
        if found["state"] not in get_args(State):
            raise ValueError(f"its state, {found['state']}, is not known")
        recipe, created = Recipe.from_json(found["recipe"]), _time(found["created"])
        trashed = _time(found["trashed"]) if found["trashed"] else None
    except (RecipeError, TypeError, ValueError) as error:
        logging.getLogger(__name__).warning("The run %s is left out: %s", found["id"], error)
        return None
    whole = {name: found[name] if isinstance(found[name], int) else 0 for name in _WHOLE}
    figures = {name: found[name] if holds([found[name]], [int | float]) else 0 for name in _FIGURES}
    return RunRecord(
        id=found["id"],
        folder=run_database.moved_along(Path(found["folder"])),
        data=Path(found["data"]),
        recipe=recipe,
        created=created,
        device=found["device"],
        state=found["state"],
        kept_failure=found["kept_failure"],
        last_epoch=whole["last_epoch"],
        best_epoch=whole["best_epoch"],
        name=str(found["name"]),
        note=str(found["note"]),
        is_starred=bool(whole["starred"]),
        trashed=trashed,
        measurement=_measurement(row[len(_COLUMNS) :]),
        **figures,
    )


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"“{text}” says nothing of its time zone")
    return time


def _measurement(row: Sequence[Any]) -> Measurement | None:
    if not holds(row, _MEASURED):
        return None
    found = Measurement(*row)
    return found if 0 <= found.right <= found.photos else None
