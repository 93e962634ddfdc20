"""What lies in the caches folder: how much, and how to be rid of it."""

import logging
import os
import shutil
import sys
import time
import uuid
from contextlib import suppress
from pathlib import Path

from trainer import paths
from trainer.errors import StorageError
from trainer.storage import zip_copies
from trainer.storage.atomic import replace
from trainer.storage.sqlite import compact, transaction

LARGEST_BYTES = 20 * 2**30
"""Beyond so much, what has not been used for longest is removed."""

LARGEST_FILE_BYTES = 64 * 2**20
"""Beyond so much, photos that are gone are forgotten by the files that remember photos."""

_SECONDS_IN_USE = 3600

_PAGE_BYTES = 4096
"""A database's size is noted in such: it keeps no larger numbers than of 31 bits."""

_READING = 2
"""Part of the name of whatever is computed of pixels. It is raised when photos are read to other
pixels than before: what lies under the old name is not used any more, and goes in time."""


def photos_folder(image_size: int, resize: str) -> Path:
    """Decoded photos."""
    return _stores() / f"photos-{_READING}-{image_size}-{resize}"


def trunk_folder(fingerprint: str) -> Path:
    """What one frozen trunk made of photos."""
    return _stores() / f"trunk-{_READING}-{fingerprint}"


def engines_folder() -> Path:
    """Models in the form that OpenVINO reads, a folder each."""
    return paths.caches_folder() / "engines"


def features_folder() -> Path:
    """What models see in the photos that they learnt from, a file each."""
    return paths.caches_folder() / "features"


def features_file(name: str) -> Path:
    """What one model sees in them."""
    return features_folder() / f"{_READING}-{name}.safetensors"


def outputs_folder(kind: str, name: str) -> Path:
    """What one model made of photos: its answers, or their features."""
    return _stores() / f"{kind}-{_READING}-{name}"


def digests_file() -> Path:
    """The content digests of photos."""
    return _stores() / "digests.sqlite"


def photo_stats_file() -> Path:
    """What is known of photos that have been read."""
    return _stores() / f"photos-{_READING}.sqlite"


def timings_file() -> Path:
    """How fast this computer was in each precision."""
    return paths.caches_folder() / "timings.json"


def _stores() -> Path:
    return paths.caches_folder() / "computed"


def size() -> int:
    """Bytes that all caches take on disk."""
    return folder_bytes(paths.caches_folder())


def folder_bytes(folder: Path) -> int:
    """Bytes that a folder's files take on disk, or a file."""
    total = folder.stat().st_size if folder.is_file() else 0
    for name, _, files in os.walk(folder):
        for file in files:
            try:
                total += Path(name, file).stat().st_size
            except OSError:
                continue  # Another process has just removed it.
    return total


def clear(system: str = sys.platform) -> None:
    """Remove all caches. What is still mapped into memory stays usable where the system allows it;
    elsewhere the engine of the model that answers stays. Of unpacked zips those stay that somebody
    would miss: see :func:`zip_copies.is_needed`.

    Raises:
        StorageError: something is in use, or cannot be removed; all else is.
    """
    try:
        _clear(system)
    except OSError as error:
        raise StorageError(
            "The caches could not be emptied ({detail}). Close what uses them and try again.",
            detail=error.strerror or error,
        ) from error


def _clear(system: str) -> None:
    if not paths.caches_folder().exists():
        return
    refused: list[OSError] = []
    has_engine_in_use = False
    for entry in paths.caches_folder().iterdir():
        if entry == zip_copies.folder():
            continue
        for store in list(entry.iterdir()) if entry.is_dir() else [entry]:
            try:
                _discard(store)
            except OSError as error:
                if system == "win32" and entry == engines_folder():
                    has_engine_in_use = True
                else:
                    refused.append(error)
        with suppress(OSError):  # It is a file, or has what could not be removed.
            entry.rmdir()
    for copy in zip_copies.copies():
        try:
            if not zip_copies.is_needed(copy):
                zip_copies.remove(copy)
        except OSError as error:
            refused.append(error)
    if refused:
        raise refused[0]
    if has_engine_in_use or zip_copies.copies() or zip_copies.are_held_elsewhere():
        return
    shutil.rmtree(paths.caches_folder())


def _discard(store: Path) -> None:
    """Remove a store at once: Windows keeps all of one that is open, and a half would be damaged.

    Raises:
        OSError: it is in use, or cannot be removed.
    """
    gone = store.with_name(f".{uuid.uuid4().hex}.gone")
    replace(store, gone)
    if gone.is_dir():
        shutil.rmtree(gone)
    else:
        gone.unlink()


def trim(largest_bytes: int = LARGEST_BYTES, largest_file_bytes: int = LARGEST_FILE_BYTES) -> None:
    """Remove the least recently used stores until no more than *largest_bytes* are left, unpacked
    zips that are zips no longer, and what is known of photos that were read otherwise, or of gone
    ones where that takes more than *largest_file_bytes*.

    What was used within the hour stays, for another run may be adding to it; and so does the store
    that was used last, however large it is: it is the likeliest to be wanted again. Unpacked zips
    stay as long as somebody would miss them.
    """
    for file in _out_of_use():
        if not _is_in_use(file):
            _remove(file)
    _forget_missing(photo_stats_file(), "photo", largest_file_bytes)
    _forget_missing(digests_file(), "file", largest_file_bytes)
    stores = [entry for entry in _stores().glob("*") if entry.is_dir()]
    stores += [*engines_folder().glob("*"), *features_folder().glob("*")]
    for copy in zip_copies.copies():
        if zip_copies.is_orphan(copy) and not _is_in_use(copy):
            _remove(copy)
        else:
            stores.append(copy)
    for leftover in zip_copies.leftovers():
        _remove(leftover)
    stores.sort(key=_last_use)
    sizes = {store: folder_bytes(store) for store in stores}
    total = sum(sizes.values())
    for store in stores[:-1]:
        if total <= largest_bytes:
            return
        if not _is_in_use(store):
            _remove(store)
            total -= sizes[store]


def _out_of_use() -> list[Path]:
    """What is known of photos as they were read before, and databases that were set aside."""
    kept = photo_stats_file().name
    others = [f for f in _stores().glob("photos-*.sqlite*") if not f.name.startswith(kept)]
    return [*others, *_stores().glob("*.damaged")]


def _forget_missing(file: Path, table: str, largest_bytes: int) -> None:
    """Delete the rows of photos that are gone from a database, if it takes more than so many bytes,
    and twice as many as when they were last looked for."""
    try:
        size = file.stat().st_size
        if size <= largest_bytes:
            return
        with transaction(file, "", write=True) as database:
            (size_before,) = database.execute("PRAGMA user_version").fetchone()
            if size < 2 * size_before * _PAGE_BYTES:
                return
            paths_known = database.execute(f"SELECT path FROM {table}").fetchall()
            gone = [row for row in paths_known if not os.path.lexists(os.fsdecode(row[0]))]
            database.executemany(f"DELETE FROM {table} WHERE path = ?", gone)
        compact(file)
        pages = file.stat().st_size // _PAGE_BYTES
        with transaction(file, "", write=True) as database:
            database.execute(f"PRAGMA user_version = {pages}")
    except FileNotFoundError:
        return  # There is nothing in it yet.
    except OSError as error:
        # It can be done another time.
        logging.getLogger(__name__).warning("“%s” cannot be trimmed: %s", file, error)


def _is_in_use(store: Path) -> bool:
    if time.time() - _last_use(store) < _SECONDS_IN_USE:
        return True
    return store.parent == zip_copies.folder() and zip_copies.is_needed(store)


def note_use(store: Path) -> None:
    """Say that a store has just been used, so that others go first."""
    with suppress(OSError):
        os.utime(store)  # What ships with the app may not be written to.


def _remove(store: Path) -> None:
    if store in zip_copies.copies():
        with suppress(OSError):
            zip_copies.remove(store)
    elif store.is_dir():
        shutil.rmtree(store, ignore_errors=True)
    else:
        with suppress(OSError):  # Some systems keep what is open.
            store.unlink()


def _last_use(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0
