"""Generators for :class:`~fruitgui.workers.task.Task`: what the Camera page does with data sets."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QFile
from PySide6.QtGui import QImage

from fruitgui.images import cover, to_image
from fruitgui.workers.recorder import THUMBNAIL
from trainer import paths
from trainer.atomic import replacing
from trainer.bursts import burst_of
from trainer.class_folders import ClassPhotos, class_folder_parents, classes_in
from trainer.errors import PictureError, StorageError
from trainer.pictures import open_rgb

THUMBNAILS = 5
"""Of a class, the newest."""
_QUALITY = 95


@dataclass(frozen=True, slots=True)
class Taught:
    """What is in a data set that photos are added to."""

    folder: Path
    classes: tuple[ClassPhotos, ...]
    has_own_splits: bool
    """Whether photos to check with lie apart already."""


@dataclass(frozen=True, slots=True, eq=False)
class ClassThumbnails:
    """The newest photos of a class."""

    label: str
    images: tuple[QImage, ...]


def read_taught(folder: Path) -> Generator[Taught | ClassThumbnails, None, None]:
    """Yields what is in the data set in *folder*, then the thumbnails of each class."""
    taught = taught_in(folder)
    yield taught
    for taught_class in taught.classes:
        images = []
        for photo in taught_class.photos[-THUMBNAILS:]:
            try:
                picture = open_rgb(photo, at_least=THUMBNAIL)
            except PictureError:
                continue
            picture.thumbnail((3 * THUMBNAIL, 3 * THUMBNAIL))
            images.append(cover(to_image(np.asarray(picture)), THUMBNAIL, THUMBNAIL))
        yield ClassThumbnails(taught_class.name, tuple(images))


def taught_in(folder: Path) -> Taught:
    """What is in the data set in *folder*, be there no such folder yet."""
    _, splits = class_folder_parents(folder)
    return Taught(folder, tuple(classes_in(folder)), len(splits) > 1)


def taught_data_sets() -> list[Path]:
    """The data sets that were recorded before, by name."""
    folder = paths.taught_folder()
    return sorted(entry for entry in folder.iterdir() if entry.is_dir()) if folder.is_dir() else []


def last_burst(photos: Sequence[Path]) -> list[Path]:
    """The frames of the newest recording among a class's photos, which are in order."""
    bursts = [burst for photo in photos if (burst := burst_of(photo)) is not None]
    return [photo for photo in photos if bursts and burst_of(photo) == max(bursts)]


def throw_away(photos: Sequence[Path]) -> Generator[None, None, dict[Path, Path]]:
    """Move photos to the system's trash; returns where each is there, for :func:`fetch_back`."""
    moved = {}
    for photo in photos:
        yield
        is_moved, place = QFile.moveToTrash(str(photo))
        if not is_moved:
            raise StorageError(
                "“{path}” could not be moved to the trash. Remove it by hand.", path=photo
            )
        moved[photo] = Path(place)
    return moved


def fetch_back(moved: Mapping[Path, Path]) -> Generator[None, None, None]:
    """Put photos back that were thrown away."""
    for photo, place in moved.items():
        yield
        photo.parent.mkdir(parents=True, exist_ok=True)
        if photo.exists() or not QFile.rename(str(place), str(photo)):
            raise StorageError(
                "“{path}” could not be fetched back from the trash. Do it by hand.", path=photo
            )
        # Where Linux notes what it was; without it, the trash would show a file that has gone.
        note = place.parents[1] / "info" / f"{place.name}.trashinfo"
        note.unlink(missing_ok=True)


def keep_snapshot(frame: np.ndarray, name: str) -> Generator[None, None, Path]:
    """Keep what the model sees of a frame, RGB uint8 (H, W, 3), among the user's captured pictures;
    returns its file."""
    yield
    from trainer.frames import guided

    picture = guided(frame)
    file = paths.captured_folder() / f"{name}.jpg"
    with replacing(file) as temporary:
        Image.fromarray(np.ascontiguousarray(picture)).save(temporary, "JPEG", quality=_QUALITY)
    return file
