"""The run database: every run, its recipe, and the figures of each epoch, in one SQLite file.

Only what is needed to find and compare runs is here; a run's weights and state lie in its folder.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection
from typing import Literal, Protocol

from trainer import paths
from trainer.config.recipe import Recipe
from trainer.errors import TrainerError
from trainer.events import EpochDone
from trainer.metrics.intervals import wilson_interval
from trainer.storage.encoding import encoded
from trainer.storage.sqlite import holds, transaction

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
CREATE TABLE IF NOT EXISTS detail (
    run TEXT PRIMARY KEY REFERENCES run ON DELETE CASCADE,
    name TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    starred INTEGER NOT NULL DEFAULT 0,
    trashed TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS measurement (
    run TEXT PRIMARY KEY REFERENCES run ON DELETE CASCADE,
    split TEXT NOT NULL,
    photos INTEGER NOT NULL,
    right INTEGER NOT NULL,
    macro_f1 REAL NOT NULL,
    ece REAL NOT NULL,
    file_bytes INTEGER NOT NULL,
    trained_parameters INTEGER NOT NULL,
    milliseconds REAL NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS comparison (
    id TEXT PRIMARY KEY,
    folder TEXT NOT NULL,
    data TEXT NOT NULL,
    created TEXT NOT NULL
);
CREATE VIEW IF NOT EXISTS performance AS
    SELECT run, epoch, train_accuracy AS train_acc, validation_accuracy AS val_acc,
           train_loss, validation_loss AS val_loss
    FROM epoch ORDER BY run, epoch;
"""
# What came later has tables of its own, so that older databases need no change.
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
class Measurement:
    """What a run's best model makes of photos that were held out."""

    split: str
    """``test``, or ``validation`` where there is no test."""
    photos: int
    right: int
    macro_f1: float
    ece: float
    file_bytes: int
    """Of the model's file."""
    trained_parameters: int
    """0 where that is not known."""
    milliseconds: float = 0.0
    """From a photo's file to its answer; 0 where nobody has timed it."""

    @property
    def accuracy(self) -> float:
        return self.right / self.photos if self.photos else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95% interval of the accuracy."""
        return wilson_interval(self.right, self.photos)


def run_transaction(write: bool) -> AbstractContextManager[Connection]:
    """A transaction on the database; see :func:`trainer.storage.sqlite.transaction`."""
    return transaction(paths.run_database(), _SCHEMA, write=write)


def moved_along(folder: Path) -> Path:
    """Where a folder of a run or a comparison lies by now that was within the user's data: they may
    have been carried elsewhere since it was noted."""
    if folder.is_dir():
        return folder
    for kept in (paths.runs_folder(), paths.comparisons_folder()):
        for parent in folder.parents:
            within = kept / folder.relative_to(parent)
            if parent.name == kept.name and within.is_dir():
                return within
    return folder


def begin(run: _Run, device: str) -> None:
    """Note that *run* is being trained, for the first time or again.

    Raises:
        OSError: the disk is full.
    """
    with run_transaction(write=True) as database:
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
        # What is trained again is wanted.
        database.execute("UPDATE detail SET trashed = '' WHERE run = ?", (run.id,))


def add_epoch(run: _Run, epoch: EpochDone) -> None:
    """Keep an epoch's figures; of one that is run again after an interruption, the new ones.

    Raises:
        OSError: the disk is full.
    """
    values = {name: getattr(epoch, name) for name in _EPOCH_FIELDS}
    values["validation_low"], values["validation_high"] = values.pop("validation_interval")
    names = ", ".join(values)
    places = ", ".join("?" * len(values))
    with run_transaction(write=True) as database:
        database.execute(
            f"INSERT OR REPLACE INTO epoch (run, {names}) VALUES (?, {places})",
            (run.id, *values.values()),
        )


_EPOCH_FIELDS = tuple(field.name for field in dataclasses.fields(EpochDone))


def end(run: _Run, state: State, failure: TrainerError | None = None) -> None:
    """Note how a run ended, and why it failed.

    Raises:
        OSError: the disk is full.
    """
    with run_transaction(write=True) as database:
        database.execute(
            "UPDATE run SET state = ?, reason = ? WHERE id = ?",
            (state, failure.to_json() if failure else "", run.id),
        )


def set_data(name: str, data: Path) -> None:
    """Note that the data set of a run or a comparison lies elsewhere by now.

    Raises:
        OSError: the disk is full.
    """
    with run_transaction(write=True) as database:
        for table in ("run", "comparison"):
            database.execute(f"UPDATE {table} SET data = ? WHERE id = ?", (_text(data), name))


def dismiss(name: str) -> None:
    """Do not offer to go on with a run any more."""
    with run_transaction(write=True) as database:
        database.execute("UPDATE run SET set_aside = 1 WHERE id = ?", (name,))


def epochs_of(name: str) -> list[EpochDone]:
    """The figures of a run's epochs, in order; without those that are damaged."""
    columns = [name for name in _EPOCH_FIELDS if name != "validation_interval"]
    with run_transaction(write=False) as database:
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
        if holds((low, high, *values), [int | float] * (2 + len(columns)))
    ]


def folder_of(name: str) -> Path | None:
    """Where the run of this id lies; None where there is none, or that is not known."""
    if not paths.run_database().exists():
        return None
    with run_transaction(write=False) as database:
        row = database.execute("SELECT folder FROM run WHERE id = ?", (name,)).fetchone()
    return moved_along(Path(row[0])) if row and holds(row, [str]) else None


_DETAILS = ("name", "note", "starred")


def set_details(name: str, /, **values: str | bool) -> None:
    """Keep what the user says of a run: its ``name``, a ``note``, and whether it is ``starred``.

    Raises:
        OSError: the disk is full.
    """
    _set_details([name], values, _DETAILS)


def trash(names: Sequence[str]) -> None:
    """Move runs to the trash. Nothing is removed from the disk.

    Raises:
        OSError: the disk is full.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    _set_details(names, {"trashed": now}, ("trashed",))


def restore(names: Sequence[str]) -> None:
    """Take runs out of the trash.

    Raises:
        OSError: the disk is full.
    """
    _set_details(names, {"trashed": ""}, ("trashed",))


def _set_details(
    names: Sequence[str], values: Mapping[str, str | bool], known: Sequence[str]
) -> None:
    columns = [column for column in known if column in values]
    changes = ", ".join(f"{column} = ?" for column in columns)
    with run_transaction(write=True) as database:
        for name in names:
            # Another window may have removed the run for good.
            database.execute(
                "INSERT OR IGNORE INTO detail (run) SELECT id FROM run WHERE id = ?", (name,)
            )
            database.execute(
                f"UPDATE detail SET {changes} WHERE run = ?",
                (*(values[column] for column in columns), name),
            )


def forget(names: Sequence[str]) -> None:
    """Remove all that is known of runs. Their folders are another matter.

    Raises:
        OSError: the disk is full.
    """
    with run_transaction(write=True) as database:
        database.executemany("DELETE FROM run WHERE id = ?", [(name,) for name in names])


MEASUREMENT_FIELDS = tuple(field.name for field in dataclasses.fields(Measurement))


def set_measurement(name: str, measurement: Measurement) -> None:
    """Keep what a run came to.

    Raises:
        OSError: the disk is full.
    """
    columns = ", ".join(MEASUREMENT_FIELDS)
    places = ", ".join("?" * len(MEASUREMENT_FIELDS))
    with run_transaction(write=True) as database:
        database.execute(
            f"INSERT OR REPLACE INTO measurement (run, {columns})"
            f" SELECT id, {places} FROM run WHERE id = ?",
            (*dataclasses.astuple(measurement), name),
        )


def add_comparison(name: str, folder: Path, data: Path) -> None:
    """Note where a comparison lies.

    Raises:
        OSError: the disk is full.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with run_transaction(write=True) as database:
        database.execute(
            "INSERT OR REPLACE INTO comparison VALUES (?, ?, ?, ?)",
            (name, _text(folder.resolve()), _text(data), now),
        )


def comparison_folders() -> dict[str, Path]:
    """Where each comparison lies, as far as that is known, by its id, the newest first."""
    if not paths.run_database().exists():
        return {}
    with run_transaction(write=False) as database:
        rows = database.execute(
            "SELECT id, folder FROM comparison ORDER BY created DESC, rowid DESC"
        ).fetchall()
    return {row[0]: moved_along(Path(row[1])) for row in rows if holds(row, [str, str])}


def forget_comparison(name: str) -> None:
    """Do not list a comparison any more; its runs stay."""
    with run_transaction(write=True) as database:
        database.execute("DELETE FROM comparison WHERE id = ?", (name,))


def _text(path: Path) -> str:
    # SQLite's texts are UTF-8, which file names need not be.
    return encoded(str(path)).decode("utf-8", "replace")
