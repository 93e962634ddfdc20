"""Copies of labelled photos, sorted into a folder a class."""

import errno
import sys
import unicodedata
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.data.class_names import name_of_unsure
from trainer.data.file_copies import class_folder, copy_photo, same_content
from trainer.data.file_names import IGNORES_CASE, numbered_names
from trainer.data.zips import bring_back
from trainer.errors import ImageError, StorageError, TrainerError
from trainer.inference.prediction_tables import LabelledPhoto

_NAME_REFUSED = frozenset({errno.EINVAL, errno.EILSEQ, errno.ENAMETOOLONG})
"""What disks answer to a name that they cannot keep."""
_LONGEST_WINDOWS_PATH = 259
_TEMPORARY_NAME = len(".part") + 33
"""Characters of what :func:`copy_photo` writes first."""


@dataclass(frozen=True, slots=True)
class PlannedCopy:
    """A copy to be made."""

    source: Path
    target: Path
    label: str
    """What the folder is for: a class, or what the folder of the unsure is called."""
    is_there: bool = False
    """Whether the target has these bytes already, so that nothing is left to be done."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of planned copies."""

    count: int
    """How many were made."""
    failed: tuple[tuple[Path, TrainerError], ...] = ()
    """The photos that could not be copied, and why."""


def plan(
    photos: Iterable[LabelledPhoto],
    folder: Path,
    unknown_folder: str = "unknown",
    classes: Iterable[str] = (),
) -> list[PlannedCopy]:
    """Decide where each photo is copied to in *folder*; nothing is written yet. What the model is
    not sure of gets a folder that no class has.

    Photos that could not be read are left out. No two copies get the same place, nor one that
    another file has, also where capitals make no difference.

    Args:
        unknown_folder: what that is called, unless a class is.
        classes: the model's, also those of which there is no photo here.

    Raises:
        StorageError: *folder* is a file.
        OSError: *folder* cannot be read.
    """
    check(folder)
    places = _Places(folder)
    readable = [photo for photo in photos if photo.error is None]
    labels = {photo.label for photo in readable if photo.label is not None}
    unsure = name_of_unsure(labels.union(classes), (unknown_folder, "not sure"))
    return [
        places.plan(photo.path, unsure if photo.label is None else photo.label)
        for photo in readable
    ]


def check(folder: Path) -> None:
    """Make sure early that copies can go to *folder*, which need not be there.

    Raises:
        StorageError: it is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise StorageError("“{path}” is a file. Choose a folder.", path=folder)


class _Places:
    """Whose bytes are at each place in a folder, or will be."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._class_folders: dict[str, Path] = {}
        self._files: dict[str, Path] = {}

    def plan(self, source: Path, label: str) -> PlannedCopy:
        bring_back(source)  # It is compared with what is there.
        for name in numbered_names(source.name):
            target = self._class_folder(label) / name
            there = self._files.get(_key(target))
            if there is None:
                self._files[_key(target)] = source
                return PlannedCopy(source, target, label)
            if same_content(source, there):
                return PlannedCopy(source, target, label, is_there=True)
        raise AssertionError("there is always another number")

    def _class_folder(self, label: str) -> Path:
        if label not in self._class_folders:
            found = class_folder(self._folder, label)
            if IGNORES_CASE:
                # Two classes are not to become one.
                others = set(map(_key, self._class_folders.values()))
                names = map(found.with_name, numbered_names(found.name))
                found = next(name for name in names if _key(name) not in others)
            self._class_folders[label] = found
            if found.is_dir():
                self._files.update((_key(file), file) for file in found.iterdir())
        return self._class_folders[label]


def _key(path: Path) -> str:
    """The same for all that a disk may take for one name."""
    return unicodedata.normalize("NFC", str(path)).casefold()


def is_refused_name(error: OSError, target: Path, system: str = sys.platform) -> bool:
    """Whether the disk refuses a file for its name; the next may have another."""
    if error.errno in _NAME_REFUSED:
        return True
    # Windows does not find a path that is too long; what is written first has a name of its own.
    folder, name = target.absolute().parent, max(len(target.name), _TEMPORARY_NAME)
    is_long = len(str(folder)) + 1 + name > _LONGEST_WINDOWS_PATH
    return system == "win32" and error.errno == errno.ENOENT and is_long


def copy(planned: Sequence[PlannedCopy]) -> Generator[tuple[int, int], None, Copied]:
    """Make planned copies, with the dates of the photos.

    Each is whole or not there. A place that was taken since the plan was made is left alone, and
    the next free name used.

    Yields:
        How many photos are done, and of how many.

    Returns:
        How many copies were made, and which could not be.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    missing = [each for each in planned if not each.is_there]
    failed: list[tuple[Path, TrainerError]] = []
    for done, each in enumerate(missing, start=1):
        try:
            copy_photo(each.source, each.target)
        except ImageError as error:
            failed.append((each.source, error))
        except OSError as error:
            if not is_refused_name(error, each.target):
                raise
            failed.append((each.source, StorageError.of(error)))
        yield done, len(missing)
    return Copied(len(missing) - len(failed), tuple(failed))
