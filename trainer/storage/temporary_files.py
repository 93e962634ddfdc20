"""Files where other programs put what they delete as soon as somebody has taken it.

An archive manager, a mail program or a browser unpacks what is dragged out of it into a temporary
folder, and clears that when the drop has ended. A second name for each file keeps it as long as
this process lives: it costs no room, and no time to speak of.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_MOST_FILES = 20_000
_MOST_BYTES_COPIED = 2**30
"""Where a file cannot get a second name it is copied, up to so much in all."""

_kept: dict[Path, Path] = {}
"""Each file's second name."""
_read: set[Path] = set()
"""Those that have been read since."""
_folders: dict[Path, tempfile.TemporaryDirectory[str]] = {}
"""Where second names lie in each temporary folder; removed when the process ends."""


def keep(sources: Iterable[Path]) -> None:
    """Keep those of *sources*, be they files or folders, that lie in a temporary folder. They can
    be had by :func:`bring_back` once they have been deleted. What cannot be kept is passed over."""
    copied = 0
    for source in sources:
        place = _temporary_folder_of(source)
        if place is None:
            continue
        for file in _files_in(source):
            if file in _kept or len(_kept) >= _MOST_FILES:
                continue
            with suppress(OSError):
                copied += _keep(file, place, may_copy=copied < _MOST_BYTES_COPIED)


def note_read(path: Path) -> None:
    """A file has been read: whoever deletes it alone from now on means it."""
    if path in _kept:
        _read.add(path)


def bring_back(path: Path) -> None:
    """Let a file that was kept be there again, or all that were kept in a folder, until this
    process ends; others are left as they are. Where the disk refuses, they stay away.

    Of files that have been read already, only those come back whose folder has gone as well: that
    is how programs clear what they unpacked, while a user deletes a photo.
    """
    if not _kept:
        return
    of_path = (
        [path] if path in _kept else [file for file in list(_kept) if file.is_relative_to(path)]
    )
    for file in of_path:
        if not file.exists() and (file not in _read or not file.parent.exists()):
            _restore(file, _kept[file])


def _restore(file: Path, second: Path) -> None:
    with suppress(OSError):
        atexit.register(_remove, file)
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(second, file)
        except FileExistsError:
            return  # Another thread was faster.
        except OSError:
            shutil.copy2(second, file)


def _remove(file: Path) -> None:
    with suppress(OSError):
        file.unlink()
        file.parent.rmdir()


def _keep(file: Path, place: Path, *, may_copy: bool) -> int:
    """Returns how many bytes it took."""
    folder = _folders.get(place)
    if folder is None:
        folder = tempfile.TemporaryDirectory(
            prefix="fruitgui-", dir=place, ignore_cleanup_errors=True
        )
        _folders[place] = folder
    second = Path(folder.name) / f"{len(_kept)}{file.suffix}"
    taken = 0
    try:
        os.link(file, second)
    except OSError:
        if not may_copy:
            return 0
        shutil.copy2(file, second)
        taken = second.stat().st_size
    _kept[file] = second
    return taken


def _files_in(source: Path) -> Iterable[Path]:
    if source.is_file():
        return [source]
    return (Path(folder, name) for folder, _, names in os.walk(source) for name in names)


def _temporary_folder_of(source: Path) -> Path | None:
    """The temporary folder that it lies in; None for what lies elsewhere, or is one itself."""
    place = source.absolute()
    for folder in _temporary_folders():
        if place != folder and place.is_relative_to(folder):
            return folder
    return None


def _temporary_folders() -> list[Path]:
    """Where programs put such files; some of Linux take the user's cache."""
    named = [os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP")]
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    places = [*(filter(None, named) if any(named) else ["/tmp"]), cache]
    return [Path(place).absolute() for place in places if Path(place).is_dir()]
