"""Where zips lie unpacked in the caches: which zip each copy is of, and who uses it.

A copy's folder has the photos, and beside them a note of the zip. Processes that use a copy hold a
lock each, which ends with them, whatever ends them.
"""

import hashlib
import json
import os
import shutil
import time
import uuid
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from filelock import FileLock, Timeout

from trainer import paths
from trainer.storage.atomic import replace, write_text
from trainer.storage.encoding import encoded

_PHOTOS = "photos"
_NOTE = "zip.json"
_HOLDS = ".in-use"
UNPACKING, _GOING = ".unzip-", ".gone-"
"""How the names of folders begin that are no copies yet, or no longer."""
_SECONDS_OF_UNPACKING = 24 * 3600
"""No zip takes longer."""

_archives: dict[Path, Path] = {}
"""The zips of the copies that this process has asked for, as they were named first."""
_held: dict[Path, FileLock] = {}
"""What this process holds."""


def folder() -> Path:
    """Where the copies lie."""
    return paths.caches_folder() / "unzipped"


def copies() -> list[Path]:
    """Every copy that there is."""
    return [entry for entry in folder().glob("[!.]*") if entry.is_dir()]


def photos_of(archive: Path, contents: str) -> Path:
    """The folder for the photos of a zip with this table of contents; there or not. From now on
    this process knows which zip it is of."""
    identity = encoded(f"{archive.resolve()}\n{contents}")
    copy = folder() / hashlib.sha256(identity).hexdigest()[:16]
    _archives.setdefault(copy, archive)
    return copy / _PHOTOS


def note_archive(copy: Path, archive: Path) -> None:
    """Write into a copy's folder which zip it is of.

    Raises:
        OSError: the disk is full.
    """
    values = {"zip": str(archive.resolve()), "stamp": _stamp_of(archive)}
    write_text(copy / _NOTE, json.dumps(values))


def archive_of(copy: Path) -> Path | None:
    """The zip that a copy is of, as it was named first; None where nobody knows."""
    known = _archives.get(copy)
    if known is not None:
        return known
    noted = _noted(copy).get("zip")
    return Path(noted) if noted else None


def place_in_copy(path: Path) -> tuple[Path, str] | None:
    """The copy that a photo lies in, and its place there, with ``/`` between folders; None for
    what lies in no copy."""
    for root in _roots(folder()):
        if path.is_relative_to(root):
            # Whichever way it was reached, it is the same copy.
            name, *rest = path.relative_to(root).parts
            if len(rest) > 1 and rest[0] == _PHOTOS:
                return folder() / name, "/".join(rest[1:])
    return None


@lru_cache(maxsize=8)
def _roots(root: Path) -> tuple[Path, ...]:
    return (root, Path(os.path.realpath(root)))


def hold(copy: Path) -> None:
    """Keep a copy from being removed by other processes as long as this one lives.

    Raises:
        OSError: the caches cannot be written to.
    """
    if copy in _held:
        return
    holds = folder() / _HOLDS
    holds.mkdir(parents=True, exist_ok=True)
    # Whoever reads last need not be the thread that began.
    lock = FileLock(holds / f"{copy.name}.{uuid.uuid4().hex}", thread_local=False)
    lock.acquire()
    _held[copy] = lock


def is_needed(copy: Path) -> bool:
    """Whether somebody uses a copy who would miss it: another process, or this one where the zip
    is no longer there to be unpacked again."""
    if _is_held_elsewhere(copy):
        return True
    return copy in _held and not _can_be_had_again(copy)


def is_orphan(copy: Path) -> bool:
    """Whether the zip of a copy is gone."""
    noted = _noted(copy).get("zip")
    return noted is not None and not Path(noted).exists()


def remove(copy: Path) -> None:
    """Remove a copy, at once for those who look for it: what is gone is unpacked again.

    Raises:
        OSError: a photo is being read where the system then keeps it, or cannot be removed.
    """
    ours = _held.pop(copy, None)
    if ours is not None:
        ours.release()
        Path(ours.lock_file).unlink(missing_ok=True)
    gone = folder() / f"{_GOING}{uuid.uuid4().hex}"
    replace(copy, gone)
    shutil.rmtree(gone)


def leftovers() -> list[Path]:
    """What processes that were killed had not unpacked or removed to the end."""
    yesterday = time.time() - _SECONDS_OF_UNPACKING
    found = []
    for prefix in (UNPACKING, _GOING):
        for entry in folder().glob(f"{prefix}*"):
            with suppress(OSError):  # Another process has just removed it.
                if entry.stat().st_mtime < yesterday:
                    found.append(entry)
    return found


def are_held_elsewhere() -> bool:
    """Whether another process uses any copy, or is about to make one."""
    names = {file.name.partition(".")[0] for file in (folder() / _HOLDS).glob("*")}
    return any(_is_held_elsewhere(folder() / name) for name in names)


def _is_held_elsewhere(copy: Path) -> bool:
    ours = _held.get(copy)
    for file in (folder() / _HOLDS).glob(f"{copy.name}.*"):
        if ours is not None and Path(ours.lock_file) == file:
            continue
        lock = FileLock(file, timeout=0)
        try:
            lock.acquire()
        except Timeout:
            return True
        lock.release()
        file.unlink(missing_ok=True)  # Its process has ended.
    return False


def _can_be_had_again(copy: Path) -> bool:
    noted = _noted(copy)
    stamp = noted.get("stamp")
    return stamp is not None and stamp == _stamp_of(Path(noted["zip"]))


def _noted(copy: Path) -> dict[str, str]:
    """What a copy's note says; nothing of copies of earlier versions, which have none."""
    with suppress(OSError, ValueError):
        values = json.loads((copy / _NOTE).read_bytes())
        if isinstance(values, dict) and isinstance(values.get("zip"), str):
            return {key: str(value) for key, value in values.items()}
    return {}


def _stamp_of(archive: Path) -> str:
    """What changes whenever the zip does; empty where it is gone."""
    try:
        status = archive.stat()
    except OSError:
        return ""
    return f"{status.st_size} {status.st_mtime_ns}"
