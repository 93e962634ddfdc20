"""Users' folders that were made elsewhere, as if they had always been here."""

import sqlite3
from contextlib import closing
from pathlib import Path

_PLACES = ("run.folder", "run.data", "comparison.folder", "comparison.data")


def relocate(folder: Path, home: Path, before: str) -> None:
    """Let what lies in a folder say that it lies there, and no longer in *before*.

    Args:
        folder: a copy of *before*.
        home: the user's data in it.
    """
    now = folder.as_posix()
    for file in folder.rglob("*.json"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(before, now), encoding="utf-8")
    with closing(sqlite3.connect(home / "runs.sqlite")) as database:
        for table, column in (place.split(".") for place in _PLACES):
            database.execute(
                f"UPDATE {table} SET {column} = replace({column}, ?, ?)", (before, now)
            )
        database.commit()
