"""Where in a data set's folder the folders of its classes are, for those who add photos to it."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from trainer.dataset import split_named
from trainer.errors import DatasetError
from trainer.pictures import looks_like_picture


@dataclass(frozen=True, slots=True)
class ClassPhotos:
    """A class of a data set and its training photos, the newest last."""

    name: str
    photos: tuple[Path, ...]


def classes_in(folder: Path) -> list[ClassPhotos]:
    """The classes of the data set in *folder* with their training photos, by name; none where there
    is no such folder, or nothing in it yet.

    Raises:
        DatasetError: *folder* is a file.
        OSError: it cannot be read.
    """
    training, _ = class_folder_parents(folder)
    found: dict[str, list[Path]] = {}
    for entry in _folders(training):
        photos = [path for path in entry.rglob("*") if looks_like_picture(path)]
        # Names of bursts sort by time, and other photos come before what was recorded.
        name = unicodedata.normalize("NFC", entry.name)
        found.setdefault(name, []).extend(sorted(photos, key=lambda path: path.name))
    return [ClassPhotos(name, tuple(photos)) for name, photos in sorted(found.items())]


def class_folder_parents(folder: Path) -> tuple[Path, list[Path]]:
    """The folder for the class folders of new training photos, and all that hold class folders now:
    one a split, where the data set has splits of its own.

    Raises:
        DatasetError: *folder* is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise DatasetError("“{path}” is a file. Choose a folder.", path=folder)
    root = _unwrapped(folder)
    folders = _folders(root)
    splits: dict[str, Path] = {}
    for entry in folders:
        split = split_named(entry.name)
        # A class may be called “test”: splits are what has folders of classes inside, or nothing.
        if split and (_folders(entry) or not any(entry.iterdir())):
            splits.setdefault(split, entry)
    has_classes = "train" in splits and bool(_folders(splits["train"]))
    if splits and (has_classes or len(splits) == len(folders)):
        return splits.get("train", root / "train"), list(splits.values())
    return root, [root]


def _unwrapped(root: Path) -> Path:
    """Go down while there is but one folder, of folders only, as opening a data set does."""
    while True:
        folders = _folders(root)
        if len(folders) != 1 or split_named(folders[0].name) or not _folders(folders[0]):
            return root
        if any(looks_like_picture(entry) for entry in folders[0].iterdir()):
            return root
        root = folders[0]


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(
        entry
        for entry in folder.iterdir()
        if entry.is_dir() and not entry.name.startswith((".", "__MACOSX"))
    )
