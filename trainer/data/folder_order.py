"""The order of a data set's classes for networks that learnt from it elsewhere."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from trainer.data.folder_layout import layout_of
from trainer.data.zips import is_zip, unzipped
from trainer.errors import DatasetError


@dataclass(frozen=True, slots=True)
class FolderOrder:
    """Names of classes, in Unicode's composed form, in the order in which they were learnt."""

    classes: tuple[str, ...]
    note: DatasetError | None = None
    """What is unusual about that order."""


def folder_order(source: Path) -> FolderOrder:
    """The classes of a data set as torchvision's ``ImageFolder`` numbers them, and most others: the
    folders' names as the file system gives them, sorted as text. So 10 comes before 2, capitals
    before small letters, and a decomposed Ä before B. Label edits do not count, for they were made
    here, and neither does it matter what is in the folders.

    Raises:
        DatasetError: it is neither a folder nor a zip, or holds fewer than two classes.
    """
    if not source.is_dir() and not is_zip(source):
        raise DatasetError("There is no folder or zip file “{path}”.", path=source)
    try:
        folders = layout_of(source if source.is_dir() else unzipped(source)).class_folders
        leading = folders["train"] if "train" in folders else next(iter(folders.values()), [])
        raw = sorted({folder.path.name for folder in leading})
    except OSError as error:
        raise DatasetError(
            "“{path}” cannot be read ({detail}).", path=source, detail=error.strerror or error
        ) from error
    if len(raw) < 2:
        raise DatasetError(
            "“{path}” holds photos of {count} classes, but at least 2 are needed: "
            "put the photos of each class into a folder of their own.",
            path=source,
            count=len(raw),
        )
    classes = tuple(unicodedata.normalize("NFC", name) for name in raw)
    composed = sorted(classes)
    if list(classes) == composed:
        return FolderOrder(classes)
    return FolderOrder(
        classes,
        DatasetError(
            "Names of folders in “{path}” are stored decomposed, as macOS does, and so sort "
            "otherwise. The order of this folder is taken: {order}. Composed, it would be: "
            "{composed}. If the weights learnt from a copy with composed names, give the names in "
            "that order.",
            path=source.name,
            order=", ".join(classes),
            composed=", ".join(composed),
        ),
    )
