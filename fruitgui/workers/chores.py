"""Generators for :class:`~fruitgui.workers.task.Task`: what takes too long for the GUI thread."""

import hashlib
import math
import os
import time
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter

from fruitgui.images import to_image
from trainer import caches, corrections, paths, run_database, sorted_copies
from trainer.atomic import replacing
from trainer.dataset import DataSet, is_zip, open_data_set, pictures_in, unzip
from trainer.errors import DatasetError, PictureError, StorageError, TrainerError
from trainer.label_tables import LabelledPhoto, write_csv, write_json_lines
from trainer.pictures import open_rgb, picture_kind
from trainer.recipe import Recipe
from trainer.run import open_run
from trainer.run_database import RunRecord
from trainer.sorted_copies import Copied, PlannedCopy

TableKind = Literal["csv", "json_lines"]
_SECONDS_A_STEP = 0.1
_PHOTOS_BETWEEN_RESTS = 32
_SECONDS_OF_REST = 0.002
"""So that the window gets Python's lock, too, while a folder of thousands is searched."""
_SCREEN = 2560
"""Pixels of the longer side of a photo that is shown large."""


def find_photos(sources: Sequence[Path]) -> Generator[list[Path], None, int]:
    """Yield the photos of files, folders and zips, some at a time; returns how many there are. One
    photo has one path, however its folder was reached."""
    count = 0
    chunk: list[Path] = []
    told_at = -math.inf
    folders: dict[Path, Path] = {}
    for source in sources:
        if is_zip(source):
            yield []
            source = yield from _unpacked(source)
        for path in pictures_in([source]):
            if path.parent not in folders:
                folders[path.parent] = Path(os.path.realpath(path.parent))
            chunk.append(folders[path.parent] / path.name)
            if len(chunk) % _PHOTOS_BETWEEN_RESTS == 0:
                time.sleep(_SECONDS_OF_REST)
            # The first at once; then the window takes in many as easily as few.
            if time.monotonic() - told_at > _SECONDS_A_STEP:
                count += len(chunk)
                yield chunk
                chunk = []
                told_at = time.monotonic()
    if chunk:
        yield chunk
    return count + len(chunk)


def _unpacked(archive: Path) -> Generator[list[Path], None, Path]:
    """Returns the folder of a zip's pictures; the zip itself where it cannot be unpacked, so that
    it is listed among what cannot be read."""
    try:
        steps = unzip(archive)
        while True:
            next(steps)
            yield []
    except StopIteration as end:
        folder: Path = end.value
        return folder
    except DatasetError:
        return archive


def read_photo(path: Path) -> Generator[None, None, tuple[Path, QImage]]:
    """Returns a photo, large enough for a screen; a null image where it cannot be read."""
    yield
    try:
        picture = open_rgb(path, at_least=_SCREEN // 2)
    except PictureError:
        return path, QImage()
    picture.thumbnail((_SCREEN, _SCREEN))
    return path, to_image(np.asarray(picture))


def read_data_set(source: Path) -> Generator[None, None, DataSet]:
    """Returns the data set in a folder or zip."""
    yield
    return open_data_set(source)


def write_demo_data() -> Generator[tuple[int, int], None, Path]:
    """Render the demo data set, unless it is there; yields (done, total), returns its folder."""
    folder = paths.demo_folder()
    if not folder.is_dir():
        from trainer.demo import write_data_set

        yield from write_data_set(folder)
    return folder


def keep_pictures(pictures: Sequence[QImage | bytes]) -> Generator[None, None, list[Path]]:
    """Write pictures from the clipboard or a browser to the user's data; returns their files. The
    same picture is kept once."""
    files = []
    for picture in pictures:
        yield
        data = picture if isinstance(picture, bytes) else _png(picture)
        name = hashlib.blake2b(data, digest_size=12).hexdigest()
        # The suffix is for people and their other programs: ours looks at the content.
        file = paths.captured_folder() / f"{name}.{picture_kind(data)}"
        if not file.exists():
            with replacing(file) as temporary:
                temporary.write_bytes(data)
        files.append(file)
    return files


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"png"))
    if not writer.write(image):
        raise StorageError(
            "The picture could not be stored ({detail}). Make room on the disk.",
            detail=writer.errorString(),
        )
    return bytes(buffer.data().data())


def write_table(
    photos: Sequence[LabelledPhoto], file: Path, kind: TableKind
) -> Generator[None, None, Path]:
    """Write labels as a table for spreadsheets, or as JSON lines; returns the file."""
    yield
    (write_csv if kind == "csv" else write_json_lines)(file, photos)
    return file


def plan_copies(
    photos: Sequence[LabelledPhoto], folder: Path
) -> Generator[None, None, tuple[Path, list[PlannedCopy]]]:
    """Returns *folder*, and what copies there would be in it, sorted into a folder a label."""
    yield
    sorted_copies.check(folder)
    return folder, sorted_copies.plan(photos, folder)


def make_copies(
    folder: Path, planned: Sequence[PlannedCopy]
) -> Generator[tuple[int, int], None, tuple[Path, Copied]]:
    """Make copies that were planned for *folder*; yields (done, total), returns the folder too."""
    return folder, (yield from sorted_copies.copy(planned))


def add_corrections(
    labels: Mapping[Path, str], folder: Path
) -> Generator[tuple[int, int], None, tuple[Path, int, int]]:
    """Copy corrected photos into the data set in *folder*; yields (done, total), returns the
    folder, how many were new, and of how many."""
    new = yield from corrections.add_to_data_set(labels, folder)
    return folder, new, len(labels)


def import_model(source: Path, classes_from: Path | None = None) -> Generator[None, None, Path]:
    """Copy a model file into the library; bare weights take their class names from a data set.

    Returns the file in the library.
    """
    yield
    from trainer.model_store import import_weights, import_whole

    if classes_from is None:
        return import_whole(source)
    return import_weights(source, open_data_set(classes_from).classes)


def find_unfinished_run() -> Generator[None, None, RunRecord | None]:
    """Returns the newest run that was interrupted and that no process trains now."""
    yield
    for record in run_database.unfinished_runs():
        try:
            run = open_run(str(record.folder))
        except TrainerError:
            continue  # Its folder has gone.
        if not run.is_under_way:
            return record
        yield
    return None


def set_run_aside(name: str) -> Generator[None, None, None]:
    """Never offer again to go on with this run."""
    yield
    run_database.set_aside(name)


def estimate_run(recipe: Recipe, data: DataSet) -> Generator[None, None, tuple[float, float]]:
    """Returns the least and the most seconds that a run will take here."""
    yield
    from trainer.estimate import estimate

    result = yield from estimate(recipe, data)
    return result.least, result.most


def measure_caches() -> Generator[None, None, int]:
    """Returns how many bytes the caches take."""
    yield
    return caches.size()


def clear_caches() -> Generator[None, None, int]:
    """Empties the caches; returns how many bytes are left."""
    yield
    try:
        caches.clear()
    except OSError as error:
        raise StorageError(
            "The caches could not be emptied ({detail}). Close what uses them and try again.",
            detail=error.strerror or error,
        ) from error
    return caches.size()
