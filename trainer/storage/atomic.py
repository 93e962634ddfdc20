"""Writing a file or a folder so that it is whole or not there, whatever is killed and whenever."""

import errno
import os
import shutil
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PAUSES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.3) if sys.platform == "win32" else ()
"""Seconds between the tries of a rename. On Windows it is refused as long as anybody has the file
open, or one in the folder: a virus scanner, an indexer, a thread of ours that reads it."""


def replace(source: Path, target: Path) -> None:
    """Rename a file or a folder, in place of what is there.

    Raises:
        OSError: it is refused, on Windows for a second on end.
    """
    persistently(lambda: source.replace(target))


def persistently(rename: Callable[[], object]) -> None:
    """Try a rename again while it is refused as of what is open: see :data:`PAUSES`.

    Raises:
        OSError: it is refused at last, or for another reason.
    """
    for pause in PAUSES:
        try:
            rename()
        except PermissionError:
            time.sleep(pause)
        else:
            return
    rename()


@contextmanager
def replacing(path: Path, ending: str = ".part") -> Iterator[Path]:
    """Yield a temporary path in the folder of *path*; on success it takes the place of *path*.

    The temporary file is synced to disk before the rename, and removed if the block raises.

    Args:
        ending: of the temporary name, for libraries that go by it.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not tempfile's: its files can be read by no one else, and would stay so.
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}{ending}")
    try:
        temporary.touch(exist_ok=False)
        mode = temporary.stat().st_mode
        yield temporary
        # Some libraries write another file in its place, which no one else could read.
        temporary.chmod(mode)
        _sync(temporary)
        replace(temporary, path)
    except OSError as error:
        if error.filename in (None, str(temporary)):
            # The user knows the file, and not what stands in for it.
            error.filename = str(path)
        raise
    finally:
        remove_leftover(temporary)


@contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """Yield an empty folder beside *path*; on success its files are synced to disk, and it becomes
    *path*, unless that is there by then.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    temporary.mkdir(parents=True)
    try:
        yield temporary
        for file in temporary.rglob("*"):
            if file.is_file():
                _sync(file)
        if not path.exists():
            replace(temporary, path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def replacing_pair(path: Path, beside: Callable[[Path], Path]) -> Iterator[Path]:
    """As :func:`replacing`, of a file that is of no use without the one *beside* it.

    The block writes to the temporary path, which ends as *path* does, and to what is beside it. No
    file system renames two files at once, so an earlier *path* is out of the way while they change:
    whoever finds it finds what belongs to it beside it. If that cannot be replaced, the earlier two
    stay.

    Raises:
        OSError: as of :func:`replacing`, or *path* is a folder.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    neighbour = beside(path)
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part{path.suffix.lower()}")
    written = beside(temporary)
    stands_for = {str(temporary): path, str(written): neighbour}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.touch(exist_ok=False)
        mode = temporary.stat().st_mode
        yield temporary
        # All that may fail for want of room comes before anything is moved.
        for file in (temporary, written):
            file.chmod(mode)
            _sync(file)
        with _out_of_the_way(path):
            replace(written, neighbour)
            replace(temporary, path)
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        elif error.filename in stands_for:
            error.filename = str(stands_for[error.filename])
        raise
    finally:
        remove_leftover(temporary)
        remove_leftover(written)


@contextmanager
def _out_of_the_way(path: Path) -> Iterator[None]:
    """Without *path*, if there is one: it comes back if the block raises, and else is gone."""
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    with suppress(FileNotFoundError):
        replace(path, aside)
    try:
        yield
    except BaseException:
        with suppress(FileNotFoundError):
            replace(aside, path)
        raise
    remove_leftover(aside)


def remove_leftover(temporary: Path) -> None:
    """Remove a temporary file, if it is there and may be: Windows keeps what is open, be it only by
    an error on its way, and that is what the user is to hear of."""
    with suppress(OSError):
        temporary.unlink()


def _sync(file: Path) -> None:
    with file.open("rb+") as written:
        os.fsync(written.fileno())


def write_text(path: Path, text: str) -> None:
    """Write *text* as UTF-8 to *path*, whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
