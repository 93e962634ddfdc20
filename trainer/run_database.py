"""The run database: every run, its recipe, and the figures of each epoch, in one SQLite file.

Only what is needed to find and compare runs is here; a run's weights and state lie in its folder.
"""

import dataclasses
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection
from typing import Literal, Protocol

from trainer import paths
from trainer.database import transaction
from trainer.events import EpochDone
from trainer.recipe import Recipe

State = Literal["running", "completed", "early_stopping", "stopped", "diverged", "failed"]
"""A run that is *running* without a living process was killed."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS run (
    id TEXT PRIMARY KEY,
    folder TEXT NOT NULL,
    data TEXT NOT NULL,
    model TEXT NOT NULL,
    strategy TEXT NOT NULL,
    recipe TEXT NOT NULL,
    created TEXT NOT NULL,
    device TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT 'running',
    reason TEXT NOT NULL DEFAULT '',
    set_aside INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS epoch (
    run TEXT NOT NULL REFERENCES run ON DELETE CASCADE,
    epoch INTEGER NOT NULL,
    epochs INTEGER NOT NULL,
    train_loss REAL NOT NULL,
    train_accuracy REAL NOT NULL,
    validation_loss REAL NOT NULL,
    validation_accuracy REAL NOT NULL,
    validation_low REAL NOT NULL,
    validation_high REAL NOT NULL,
    learning_rate REAL NOT NULL,
    seconds REAL NOT NULL,
    best INTEGER NOT NULL,
    PRIMARY KEY (run, epoch)
);
CREATE VIEW IF NOT EXISTS performance AS
    SELECT run, epoch, train_accuracy AS train_acc, validation_accuracy AS val_acc,
           train_loss, validation_loss AS val_loss
    FROM epoch ORDER BY run, epoch;
"""
# The view has the columns of the notebook's table of that name.


class _Run(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def folder(self) -> Path: ...
    @property
    def data(self) -> Path: ...
    @property
    def recipe(self) -> Recipe: ...


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
    reason: str
    """Why it failed; empty otherwise."""
    last_epoch: int
    best_epoch: int
    best_accuracy: float


def _transaction(write: bool) -> AbstractContextManager[Connection]:
    return transaction(paths.run_database(), _SCHEMA, write=write)


def begin(run: _Run, device: str) -> None:
    """Note that *run* is being trained, for the first time or again.

    Raises:
        OSError: the disk is full.
    """
    with _transaction(write=True) as database:
        database.execute(
            "INSERT INTO run (id, folder, data, model, strategy, recipe, created, device)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " folder = excluded.folder, device = excluded.device,"
            " state = 'running', reason = '', set_aside = 0",
            (
                *(run.id, _text(run.folder.resolve()), _text(run.data)),
                *(run.recipe.model, run.recipe.strategy, run.recipe.to_json()),
                *(datetime.now(UTC).isoformat(timespec="seconds"), device),
            ),
        )


def add_epoch(run: _Run, epoch: EpochDone) -> None:
    """Keep an epoch's figures; of one that is run again after an interruption, the new ones.

    Raises:
        OSError: the disk is full.
    """
    values = {name: getattr(epoch, name) for name in _EPOCH_FIELDS}
    values["validation_low"], values["validation_high"] = values.pop("validation_interval")
    names = ", ".join(values)
    places = ", ".join("?" * len(values))
    with _transaction(write=True) as database:
        database.execute(
            f"INSERT OR REPLACE INTO epoch (run, {names}) VALUES (?, {places})",
            (run.id, *values.values()),
        )


_EPOCH_FIELDS = tuple(field.name for field in dataclasses.fields(EpochDone))


def end(run: _Run, state: State, reason: str = "") -> None:
    """Note how a run ended.

    Raises:
        OSError: the disk is full.
    """
    with _transaction(write=True) as database:
        database.execute(
            "UPDATE run SET state = ?, reason = ? WHERE id = ?", (state, reason, run.id)
        )


def set_aside(name: str) -> None:
    """Do not offer to go on with a run any more."""
    with _transaction(write=True) as database:
        database.execute("UPDATE run SET set_aside = 1 WHERE id = ?", (name,))


def epochs_of(name: str) -> list[EpochDone]:
    """The figures of a run's epochs, in order."""
    columns = [name for name in _EPOCH_FIELDS if name != "validation_interval"]
    with _transaction(write=False) as database:
        rows = database.execute(
            f"SELECT validation_low, validation_high, {', '.join(columns)} FROM epoch"
            " WHERE run = ? ORDER BY epoch",
            (name,),
        ).fetchall()
    return [
        EpochDone(
            validation_interval=(low, high),
            **{k: bool(v) if k == "best" else v for k, v in zip(columns, values, strict=True)},
        )
        for low, high, *values in rows
    ]


def folder_of(name: str) -> Path | None:
    """Where the run of this id lies; None where there is none."""
    if not paths.run_database().exists():
        return None
    with _transaction(write=False) as database:
        row = database.execute("SELECT folder FROM run WHERE id = ?", (name,)).fetchone()
    return Path(row[0]) if row else None


def runs() -> list[RunRecord]:
    """All runs, the newest first."""
    return _records("1")


def unfinished_runs() -> list[RunRecord]:
    """Runs that were killed, stopped or failed and whose user has not set them aside, newest first.

    Those that are under way in another process are among them.
    """
    return _records("state IN ('running', 'stopped', 'failed') AND NOT set_aside")


def _records(condition: str) -> list[RunRecord]:
    if not paths.run_database().exists():
        return []
    with _transaction(write=False) as database:
        rows = database.execute(
            "SELECT id, folder, data, recipe, created, device, state, reason,"
            " (SELECT coalesce(max(epoch), 0) FROM epoch WHERE run = id),"
            " best.epoch, best.validation_accuracy FROM run LEFT JOIN epoch AS best"
            " ON best.run = id AND best.epoch ="
            " (SELECT max(epoch) FROM epoch WHERE run = id AND best)"
            f" WHERE {condition} ORDER BY created DESC, run.rowid DESC"
        ).fetchall()
    return [
        RunRecord(
            id=name,
            folder=Path(folder),
            data=Path(data),
            recipe=Recipe.from_json(recipe),
            created=datetime.fromisoformat(created),
            device=device,
            state=state,
            reason=reason,
            last_epoch=last,
            best_epoch=best or 0,
            best_accuracy=accuracy or 0.0,
        )
        for name, folder, data, recipe, created, device, state, reason, last, best, accuracy in rows
    ]


def _text(path: Path) -> str:
    # SQLite's texts are UTF-8, which file names need not be.
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
