"""Where in a data set's folder the folders of its classes are, for those who add photos to it."""

import unicodedata
from collections.abc import Iterable
from pathlib import Path

from trainer.data.dataset import pictures_by_folder, split_named
from trainer.data.images import looks_like_picture
from trainer.data.recordings import burst_of
from trainer.errors import DatasetError


def class_folders(folder: Path) -> dict[str, list[Path]]:
    """The classes of the data set in *folder*, by name, each with its folders of training photos
    (two where a name is there composed and decomposed); none where there is nothing yet.

    Raises:
        DatasetError: *folder* is a file.
        OSError: it cannot be read.
    """
    training, _ = class_folder_parents(folder)
    found: dict[str, list[Path]] = {}
    for entry in _folders(training):
        found.setdefault(unicodedata.normalize("NFC", entry.name), []).append(entry)
    return dict(sorted(found.items()))


def photos_in(folders: Iterable[Path]) -> list[Path]:
    """The photos in a class's folders, by their names: other photos first, then recordings, the
    newest last."""
    photos = (path for folder in folders for some in pictures_by_folder(folder) for path in some)
    return sorted(photos, key=lambda path: (burst_of(path) is not None, path.name))


def class_folder_parents(folder: Path) -> tuple[Path, dict[str, Path]]:
    """The folder for the class folders of new training photos, and all that hold class folders now
    by their split, where the data set has splits of its own; else that one, as ``train``.

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
        return splits.get("train", root / "train"), splits
    return root, {"train": root}


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
