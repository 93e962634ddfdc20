"""The photos that labels are looked for: those of a folder or zip."""

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from trainer.control import drain, relay
from trainer.data import left_out
from trainer.data.folders import Folder
from trainer.data.labels.label_source import is_label_source
from trainer.data.labels.photo_index import PhotoIndex
from trainer.data.left_out import LeftOut
from trainer.data.zips import is_zip, not_unpacked, unzip
from trainer.errors import DataNotFoundError, DatasetError
from trainer.events import Preparing


@dataclass(frozen=True, slots=True)
class FoundPhotos:
    """What lies in the photos' folder or zip."""

    index: PhotoIndex
    skipped: tuple[LeftOut, ...]


def photos_of(photos: Path, labels: Path | None = None) -> FoundPhotos:
    """The same as :func:`find_photos_of`, without telling how far it is."""
    return drain(find_photos_of(photos, labels))


def find_photos_of(
    photos: Path, labels: Path | None = None
) -> Generator[Preparing, None, FoundPhotos]:
    """Look for the photos in a folder or zip.

    Args:
        labels: the labels file, from which paths may be told.

    Yields:
        How many files of a zip are unpacked.

    Raises:
        DataNotFoundError: there is no such folder or zip.
        DatasetError: it cannot be read, or holds no photo.
    """
    if photos.is_dir():
        root, packed = photos, []
    elif is_zip(photos):
        root = yield from relay(unzip(photos), lambda step: Preparing("unzip", *step))
        packed = [LeftOut(root / name, reason) for name, reason in not_unpacked(photos)]
    elif is_label_source(photos):
        raise DatasetError(
            "“{path}” has labels already. Choose the folder or zip of its photos.", path=photos
        )
    else:
        raise DataNotFoundError("There is no folder or zip file “{path}”.", path=photos)
    folder = Folder(root)
    if folder.error is not None:
        raise DatasetError(
            "“{path}” cannot be read ({detail}).",
            path=photos,
            detail=folder.error.strerror or folder.error,
        )
    found, skipped = left_out.photos_in(folder)
    if not found:
        raise DatasetError(
            "“{path}” holds no photos. Choose the folder of the photos.", path=photos
        )
    beside = labels.absolute().parent if labels is not None else None
    return FoundPhotos(PhotoIndex(root, found, beside), (*packed, *skipped))
