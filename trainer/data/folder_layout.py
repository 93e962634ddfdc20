"""What the folders of a data set mean: which hold its splits, and which its classes."""

import os
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from trainer.data.image_names import looks_like_image
from trainer.data.recordings import recording_of
from trainer.errors import DatasetError

SPLIT_NAMES = {
    "train": ("train", "training"),
    "validation": ("validation", "val", "valid"),
    "test": ("test", "testing"),
}
"""A split's own name, and the folder names that mean it."""


def class_folders(folder: Path) -> dict[str, list[Path]]:
    """The classes of the data set in *folder*, by name, each with its folders of training photos
    (two where a name is there composed and decomposed); none where there is nothing yet.

    Raises:
        DatasetError: *folder* is a file.
        OSError: it cannot be read.
    """
    training, _ = class_folder_parents(folder)
    found: dict[str, list[Path]] = {}
    for entry in subfolders(training):
        found.setdefault(class_name(entry), []).append(entry)
    return dict(sorted(found.items()))


def photos_in(folders: Iterable[Path]) -> list[Path]:
    """The photos in a class's folders, by their names: other photos first, then recordings, the
    newest last."""
    photos = (path for folder in folders for some in images_by_folder(folder) for path in some)
    return sorted(photos, key=lambda path: (recording_of(path) is not None, path.name))


def class_folder_parents(folder: Path) -> tuple[Path, dict[str, Path]]:
    """The folder for the class folders of new training photos, and all that hold class folders now
    by their split, where the data set has splits of its own; else that one, as ``train``.

    Raises:
        DatasetError: *folder* is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise DatasetError("“{path}” is a file. Choose a folder.", path=folder)
    root = unwrapped(folder)
    splits = split_folders(root, even_empty=True)
    return (splits.get("train", root / "train"), splits) if splits else (root, {"train": root})


def unwrapped(root: Path) -> Path:
    """Go down while there is but one folder, of folders only, and that no split: zips often wrap
    what they hold."""
    while True:
        folders = subfolders(root)
        if len(folders) != 1 or split_named(folders[0].name) or not subfolders(folders[0]):
            return root
        if any(looks_like_image(entry) for entry in folders[0].iterdir()):
            return root
        root = folders[0]


def split_folders(root: Path, even_empty: bool = False) -> dict[str, Path]:
    """The folders of a data set's splits, by split; none where it has no splits of its own.

    A class may be called “test”: splits are what has folders of classes inside. They count where
    one of them is to train with, or there is nothing else.

    Args:
        even_empty: whether an empty folder may be a split as well, for photos to come.
    """
    folders = subfolders(root)
    splits: dict[str, Path] = {}
    for folder in folders:
        split = split_named(folder.name)
        if split and (subfolders(folder) or (even_empty and not any(folder.iterdir()))):
            splits.setdefault(split, folder)
    can_train = "train" in splits and bool(subfolders(splits["train"]))
    return splits if can_train or len(splits) == len(folders) else {}


def split_named(folder_name: str) -> str | None:
    """The split that a folder's name means, or None."""
    for split, names in SPLIT_NAMES.items():
        if folder_name.lower() in names:
            return split
    return None


def subfolders(folder: Path) -> list[Path]:
    """The folders in a folder that may hold photos, sorted; none where it is not there."""
    if not folder.is_dir():
        return []
    return sorted(
        entry
        for entry in folder.iterdir()
        if entry.is_dir() and not entry.name.startswith((".", "__MACOSX"))
    )


def class_name(folder: Path) -> str:
    """The class that a folder's name means."""
    # macOS stores Hangul decomposed; the same name must be the same class everywhere.
    return unicodedata.normalize("NFC", folder.name)


def images_by_folder(source: Path) -> Iterator[list[Path]]:
    """The images of each folder in *source* and below, sorted, be there none; of a file, it
    alone."""
    # Path.is_dir() raises on names that are too long and on folders that are closed to us.
    if not os.path.isdir(source):  # noqa: PTH112
        yield [source]
        return
    for name, folders, files in os.walk(source):
        folders[:] = sorted(f for f in folders if not f.startswith((".", "__MACOSX")))
        candidates = (Path(name, file) for file in sorted(files))
        yield [
            path
            for path in candidates
            if looks_like_image(path) and os.path.isfile(path)  # noqa: PTH113
        ]
