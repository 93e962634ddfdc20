"""Files where other programs put what they delete as soon as somebody has taken it.

An archive manager, a mail program or a browser unpacks what is dragged out of it into a temporary
folder, and clears that when the drop has ended. A second name for each file, in a folder of ours
beside, keeps it for as long as this process lives: it costs no room, and no time to speak of.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil

_MOST_FILES = 5000
"""Of one drop: more are a user's own, and would take the window's time."""
_MOST_BYTES_COPIED = 64 * 2**20
"""Where files cannot get a second name they are copied, up to so much in all."""
_PREFIX = "fruitgui-"

_kept: dict[Path, Path] = {}
"""The second name of each file, and of each folder that was dropped."""
_read: set[Path] = set()
"""Files that have been read since."""
_folders: dict[Path, tempfile.TemporaryDirectory[str]] = {}
"""Where second names lie in each temporary folder; removed when the process ends."""
_bytes_copied = 0


def keep(sources: Iterable[Path], wants: Callable[[Path], bool]) -> None:
    """Keep those of *sources*, be they files or folders, that lie in a temporary folder: they can
    be read by the path that :func:`place_of` gives. What cannot be kept is passed over.

    Args:
        wants: whether a file is worth keeping.
    """
    room = _MOST_FILES
    for source in sources:
        place = _temporary_folder_of(source)
        if place is None or source in _kept:
            continue
        root = Path(_folder_in(place), str(len(_kept)), source.name)
        for file in _files_in(source, wants):
            if room == 0:
                return
            room -= 1
            second = root if file == source else root / file.relative_to(source)
            with suppress(OSError):
                second.parent.mkdir(parents=True, exist_ok=True)
                if _name_twice(file, second):
                    # Whichever way it is reached, through a link or not.
                    _kept[file] = second
                    _kept[Path(os.path.realpath(file.parent), file.name)] = second
        if root.is_dir():
            _kept[source] = root


def place_of(path: Path) -> Path:
    """Where *path* can be read: it itself, or its second name where another program has deleted it.

    A file that has been read already, and whose folder is still there, was deleted by its user: it
    stays gone.
    """
    second = _kept.get(path)
    if second is None or path.exists():
        return path
    return path if path in _read and path.parent.exists() else second


def files_kept_in(folder: Path) -> list[Path]:
    """The files that were kept in a folder, by their first names."""
    return [file for file in list(_kept) if file != folder and file.is_relative_to(folder)]


def note_read(path: Path) -> None:
    """A file has been read: whoever deletes it alone from now on means it."""
    if path in _kept:
        _read.add(path)


def forget() -> None:
    """Let go of all that is kept, as at the process's end."""
    _kept.clear()
    _read.clear()
    for folder in _folders.values():
        folder.cleanup()
    _folders.clear()


def _name_twice(file: Path, second: Path) -> bool:
    global _bytes_copied
    try:
        os.link(file, second)
    except OSError:
        byte_count = file.stat().st_size
        if _bytes_copied + byte_count > _MOST_BYTES_COPIED:
            return False
        shutil.copy2(file, second)
        _bytes_copied += byte_count
    return True


def _folder_in(place: Path) -> str:
    folder = _folders.get(place)
    if folder is None:
        _sweep(place)
        folder = tempfile.TemporaryDirectory(
            prefix=f"{_PREFIX}{os.getpid()}-", dir=place, ignore_cleanup_errors=True
        )
        _folders[place] = folder
    return folder.name


def _sweep(place: Path) -> None:
    """Remove what processes left that were killed."""
    for folder in place.glob(f"{_PREFIX}*-*"):
        number = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if number.isdecimal() and not psutil.pid_exists(int(number)):
            shutil.rmtree(folder, ignore_errors=True)


def _files_in(source: Path, wants: Callable[[Path], bool]) -> Iterator[Path]:
    if source.is_file():
        yield source
        return
    for folder, _, names in os.walk(source):
        for name in names:
            file = Path(folder, name)
            if wants(file):
                yield file


def _temporary_folder_of(source: Path) -> Path | None:
    """The temporary folder that it lies in; None for what lies elsewhere, or is one itself."""
    # Links and the short names of Windows lead to the same place.
    place = Path(os.path.realpath(source))
    for folder in _temporary_folders():
        if place != folder and place.is_relative_to(folder):
            return folder
    return None


def _temporary_folders() -> list[Path]:
    """Where programs put such files; some of Linux take the user's cache."""
    named = [os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP")]
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    places = [*filter(None, named), tempfile.gettempdir(), cache]
    return [Path(os.path.realpath(place)) for place in places if Path(place).is_dir()]
