"""Content digests of photos, taken once: a photo is known by what is in it."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from trainer.storage import caches
from trainer.storage.sqlite import transaction

_SCHEMA = """CREATE TABLE IF NOT EXISTS file
    (path BLOB PRIMARY KEY, stamp TEXT NOT NULL, digest TEXT NOT NULL) WITHOUT ROWID"""
_ASKED_AT_ONCE = 500
"""SQLite takes no question of arbitrary length."""


def digest_of(content: bytes) -> str:
    """32 hexadecimal digits that stand for a photo's bytes."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def stamp_of(path: Path) -> str | None:
    """What changes whenever a file does; None where there is no file."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def remembered(stamps: Mapping[Path, str]) -> dict[Path, str]:
    """The digests of files that are as they were when their digest was taken.

    Raises:
        OSError: the cache cannot be read.
    """
    keys = {key_of(path): path for path in stamps}
    found: dict[Path, str] = {}
    with transaction(caches.digests_file(), _SCHEMA, write=False) as database:
        wanted = list(keys)
        for start in range(0, len(wanted), _ASKED_AT_ONCE):
            part = wanted[start : start + _ASKED_AT_ONCE]
            places = ", ".join("?" * len(part))
            for key, stamp, digest in database.execute(
                f"SELECT path, stamp, digest FROM file WHERE path IN ({places})", part
            ):
                path = keys[key]
                if stamps[path] == stamp:
                    found[path] = digest
    return found


def remember(digests: Mapping[Path, tuple[str, str]]) -> None:
    """Keep the stamp and the digest of each file.

    Raises:
        OSError: the disk is full.
    """
    with transaction(caches.digests_file(), _SCHEMA, write=True) as database:
        database.executemany(
            "INSERT OR REPLACE INTO file VALUES (?, ?, ?)",
            ((key_of(path), stamp, digest) for path, (stamp, digest) in digests.items()),
        )


def key_of(path: Path) -> bytes:
    """What a file is known by in the caches: its absolute path, as the system has it."""
    return os.fsencode(path.absolute())
