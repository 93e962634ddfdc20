"""Copying photos into folders of classes: whole or not at all, and never over another file."""

import filecmp
import os
import shutil
import sys
import uuid
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

from trainer.data.file_names import composed, folder_name, numbered_names
from trainer.data.folder_layout import folded
from trainer.data.images import read_file
from trainer.storage.atomic import persistently, remove_leftover, replace
from trainer.storage.temporary_files import place_of


def class_folder(parent: Path, label: str) -> Path:
    """The folder of *label* in *parent*: the one that is there, or the one to be made.

    A folder whose name is the label, composed or not, is used as it is; a new one gets the name
    that :func:`folder_name` makes. Where the disk takes that for the name of another folder, it is
    that one, by its own name.
    """
    entries = parent.iterdir() if parent.is_dir() else ()
    alike = {folded(label), folded(folder_name(label))}
    names = [entry.name for entry in entries if folded(entry.name) in alike and entry.is_dir()]
    return parent / name_of_folder(label, names, (parent / folder_name(label)).is_dir())


def name_of_folder(label: str, names: Iterable[str], is_there: bool) -> str:
    """What the folder of *label* is called; see :func:`class_folder`.

    Args:
        names: of the folders that are called like it but for capitals and Unicode's forms.
        is_there: whether the disk has a folder by the name that a new one would get.
    """
    label, new, names = composed(label), folder_name(label), sorted(names)
    by_name = (name for name in names if composed(name) == label)
    if not label.startswith(".") and (name := next(by_name, None)) is not None:
        return name
    if new in names or not is_there:
        return new
    # The disk takes capitals for nothing.
    return next((name for name in names if folded(name) == folded(new)), new)


def free_place(target: Path, taken: Collection[Path] = ()) -> Path:
    """*target*, or the next name like it that no file has, and that is not *taken*."""
    names = (target.with_name(name) for name in numbered_names(target.name))
    return next(path for path in names if path not in taken and not os.path.lexists(path))


def same_content(first: Path, second: Path) -> bool:
    """Whether two files hold the same bytes; False where one of them cannot be read."""
    try:
        return filecmp.cmp(place_of(first), place_of(second), shallow=False)
    except OSError:
        return False


def copy_photo(source: Path, target: Path) -> Path:
    """Copy a photo, with its dates, to *target*, or to the next free name where that is taken.

    Returns:
        Where the copy lies.

    Raises:
        ImageError: *source* cannot be read.
        OSError: the folder cannot be written to, or the disk is full.
    """
    data = read_file(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    # Its name is short, where a photo's may be as long as the disk takes.
    temporary = target.with_name(f".{uuid.uuid4().hex}.part")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        copy = _place(temporary, target)
    except OSError as error:
        if error.filename in (None, str(temporary)):
            # The user knows the photo, and not what stands in for it.
            error.filename = str(target)
        raise
    finally:
        remove_leftover(temporary)
    # Last, for Windows removes no temporary file that is read-only; and a disk that keeps no
    # dates keeps the photo.
    with suppress(OSError):
        shutil.copystat(source, copy)
    return copy


def move_file(source: Path, target: Path) -> Path:
    """Move a file to *target*, or to the next free name where that is taken. A symbolic link still
    leads to where it led.

    Returns:
        Where it lies.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_symlink():
        leads_to = source.readlink()
        if not leads_to.is_absolute():
            leads_to = Path(os.path.relpath(source.parent / leads_to, target.parent))
        for name in numbered_names(target.name):
            place = target.with_name(name)
            with suppress(FileExistsError):
                place.symlink_to(leads_to)
                source.unlink()
                return place
    return _place(source, target)


def _place(source: Path, target: Path) -> Path:
    """Give *source* the first name of *target*'s that is free."""
    for name in numbered_names(target.name):
        place = target.with_name(name)
        with suppress(FileExistsError):
            rename(source, place)
            return place
    raise AssertionError("there is always another number")


def rename(source: Path, place: Path, system: str = sys.platform) -> None:
    """Rename a file, over no other.

    Raises:
        FileExistsError: there is another.
        OSError: the file is in use, or the folder cannot be written to.
    """
    if system == "win32":
        # It replaces nothing there, and moves what is read-only, of which no name can be removed.
        persistently(lambda: source.rename(place))
        return
    try:
        os.link(source, place)
    except FileExistsError:
        raise
    except OSError:
        # Memory sticks know no links: take the name first, then put the photo there.
        place.touch(exist_ok=False)
        try:
            replace(source, place)
        except OSError:
            place.unlink()
            raise
    else:
        source.unlink()
