"""SQLite files: transactions that are whole or did not happen, and errors as the disk's."""

import errno
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from types import UnionType

from trainer.storage.atomic import replace

_BUSY_SECONDS = 60.0


@contextmanager
def transaction(path: Path, schema: str, *, write: bool) -> Iterator[sqlite3.Connection]:
    """One transaction on the database *path*, which is made where there is none.

    A damaged file is set aside under another name, and a new one is begun.

    Args:
        schema: statements that are safe to run again (``CREATE … IF NOT EXISTS``).
        write: whether to keep other writers out from the start.

    Raises:
        OSError: the disk is full, or the file cannot be opened or written.
    """
    try:
        with closing(_open(path, schema)) as connection:
            connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
    except sqlite3.OperationalError as error:
        number = errno.ENOSPC if "full" in str(error) else errno.EIO
        raise OSError(number, str(error), str(path)) from error
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as error:
        # Damage that shows only now: the next transaction begins anew.
        _set_aside(path)
        raise OSError(errno.EIO, str(error), str(path)) from error


def compact(path: Path) -> None:
    """Give the room of rows that were deleted back to the disk.

    Raises:
        OSError: the file is in use for long, or the disk is full.
    """
    try:
        with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)) as opened:
            opened.execute("VACUUM")
    except sqlite3.Error as error:
        raise OSError(errno.EIO, str(error), str(path)) from error


def _open(path: Path, schema: str) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _connect(path, schema)
    except sqlite3.OperationalError:
        raise
    except (sqlite3.DatabaseError, UnicodeDecodeError):  # The message quotes what is damaged.
        _set_aside(path)
        return _connect(path, schema)


def holds(row: Sequence[object], kinds: Sequence[type | UnionType]) -> bool:
    """Whether there is in a row what its columns are for: SQLite does not see to that, and a file
    that was damaged, or that somebody else wrote, can hold anything."""
    return all(isinstance(value, kind) for value, kind in zip(row, kinds, strict=True))


def _decoded(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("utf-8", "replace")


def _set_aside(path: Path) -> None:
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
    replace(path, path.with_name(f"{path.name}.{stamp}.damaged"))


def _connect(path: Path, schema: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    # Else one damaged text would keep all others from being read.
    connection.text_factory = _decoded
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("SELECT 1 FROM sqlite_master")  # Damage shows here, not to who uses it.
        connection.executescript(schema)
    except BaseException:  # Not to leave the file open, whatever it is.
        connection.close()
        raise
    return connection
