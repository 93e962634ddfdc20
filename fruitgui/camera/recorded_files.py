"""Reading and changing the photos that were recorded; snapshots."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import numpy as np
from PIL import Image
from PySide6.QtCore import QFile, QStandardPaths
from PySide6.QtGui import QImage

from fruitgui.camera.recorder_thread import THUMBNAIL
from fruitgui.qimages import cover, to_image
from trainer import paths
from trainer.data.file_copies import class_folder
from trainer.data.folder_layout import (
    class_folder_parents,
    class_folders,
    mark_class,
    photos_in,
    remove_mark,
)
from trainer.data.images import open_rgb
from trainer.errors import ImageError, StorageError
from trainer.storage.atomic import replacing
from trainer.storage.file_digests import digest_of

THUMBNAILS = 5
"""Of a class, the newest."""
_QUALITY = 95


@dataclass(frozen=True, slots=True)
class RecordedSet:
    """A data set that photos are added to."""

    folder: Path
    has_validation: bool
    """Whether photos to check with lie apart already."""
    others: tuple[Path, ...]
    """The data sets that were recorded before, by name."""


@dataclass(frozen=True, slots=True, eq=False)
class RecordedClass:
    """A class of it."""

    name: str
    photos: tuple[Path, ...]
    """To learn from, the newest last."""
    thumbnails: tuple[QImage, ...]
    """Of the newest."""


def read_recorded(folder: Path) -> Generator[RecordedSet | RecordedClass, None, None]:
    """Yields what is known of the data set in *folder*, be it there or not, then its classes."""
    recorded = paths.recorded_folder()
    others = [entry for entry in recorded.iterdir() if entry.is_dir()] if recorded.is_dir() else []
    _, splits = class_folder_parents(folder)
    yield RecordedSet(folder, "validation" in splits, tuple(sorted(others)))
    for name, folders in class_folders(folder).items():
        photos = photos_in(folders)
        yield RecordedClass(name, tuple(photos), tuple(_thumbnails(photos[-THUMBNAILS:])))


def _thumbnails(photos: Sequence[Path]) -> list[QImage]:
    images = []
    for photo in photos:
        try:
            image = open_rgb(photo, at_least=THUMBNAIL, at_most=3 * THUMBNAIL)
        except ImageError:
            continue
        images.append(cover(to_image(np.asarray(image)), THUMBNAIL, THUMBNAIL))
    return images


def make_class(folder: Path, name: str) -> None:
    """Make a class in the data set in *folder*, so that it is there tomorrow as well."""
    training, _ = class_folder_parents(folder)
    made = class_folder(training, name)
    made.mkdir(parents=True, exist_ok=True)
    mark_class(made)


def remove_class(folder: Path, name: str) -> None:
    """Remove a class's folder, if there is one and nothing in it."""
    training, _ = class_folder_parents(folder)
    empty = class_folder(training, name)
    if empty.is_dir():
        remove_mark(empty)
        empty.rmdir()


@dataclass(frozen=True, slots=True)
class Moved:
    """Photos that went elsewhere, each with its other place; and why not all did."""

    places: Mapping[Path, Path]
    error: StorageError | None = None
    digests: Mapping[Path, str] = field(default_factory=dict)
    """Of the bytes of those that were thrown away: macOS lets few programs read its trash."""


def throw_away(photos: Sequence[Path]) -> Moved:
    """Move photos to the system's trash; returns where each is there, and its digest."""
    # On Linux the trash is in there, and Qt makes no more than its own folder.
    data = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    Path(data).mkdir(parents=True, exist_ok=True)
    moved: dict[Path, Path] = {}
    digests: dict[Path, str] = {}
    for photo in photos:
        digest = _digest_of(photo)
        file = QFile(str(photo))
        if not file.moveToTrash():
            return Moved(
                moved,
                StorageError(
                    "“{path}” could not be moved to the trash. Remove it by hand.", path=photo
                ),
                digests,
            )
        moved[photo] = Path(file.fileName())
        if digest is not None:
            digests[photo] = digest
    return Moved(moved, digests=digests)


def _digest_of(photo: Path) -> str | None:
    try:
        return digest_of(photo.read_bytes())
    except OSError:
        return None


def fetch_back(thrown_away: Mapping[Path, Path]) -> Moved:
    """Put photos back that were thrown away."""
    moved: dict[Path, Path] = {}
    for photo, place in thrown_away.items():
        photo.parent.mkdir(parents=True, exist_ok=True)
        if photo.exists() or not QFile.rename(str(place), str(photo)):
            return Moved(
                moved,
                StorageError(
                    "“{path}” could not be fetched back from the trash. Do it by hand.", path=photo
                ),
            )
        # Where Linux notes what it was; without it, the trash would show a file that has gone.
        note = place.parents[1] / "info" / f"{place.name}.trashinfo"
        note.unlink(missing_ok=True)
        moved[photo] = place
    return Moved(moved)


def keep_snapshot(frame: np.ndarray) -> Path:
    """Keep what the model sees of a frame, RGB uint8 (H, W, 3), among the user's captured images;
    returns its file."""
    from trainer.camera.frame_measures import guided

    name = f"snapshot-{datetime.now():%Y%m%d-%H%M%S}-{uuid4().hex[:6]}.jpg"
    file = paths.captured_folder() / name
    with replacing(file) as temporary:
        image = np.ascontiguousarray(guided(frame))
        Image.fromarray(image).save(temporary, "JPEG", quality=_QUALITY)
    return file
