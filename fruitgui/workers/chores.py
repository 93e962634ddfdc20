"""Generators for :class:`~fruitgui.workers.task.Task`: what takes too long for the GUI thread."""

from collections.abc import Generator, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage, QImageWriter

from trainer import paths
from trainer.atomic import replacing
from trainer.dataset import DataSet, open_data_set, pictures_in
from trainer.errors import StorageError

_PHOTOS_A_STEP = 64


def find_photos(sources: Sequence[Path]) -> Generator[list[Path], None, int]:
    """Yield the photos of files and folders, some dozens at a time; returns how many there are."""
    count = 0
    chunk: list[Path] = []
    for path in pictures_in(sources):
        chunk.append(path)
        if len(chunk) == _PHOTOS_A_STEP:
            count += len(chunk)
            yield chunk
            chunk = []
    if chunk:
        yield chunk
    return count + len(chunk)


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


def keep_picture(image: QImage) -> Generator[None, None, Path]:
    """Write a picture from the clipboard or the camera to the user's data; returns its file."""
    yield
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
    path = paths.captured_folder() / f"{stamp}.png"
    with replacing(path) as temporary:
        writer = QImageWriter(str(temporary), QByteArray(b"png"))
        if not writer.write(image):
            raise StorageError(
                "The picture could not be stored ({detail}). Make room on the disk.",
                detail=writer.errorString(),
            )
    return path


def import_model(source: Path, classes_from: Path | None = None) -> Generator[None, None, Path]:
    """Copy a model file into the library; bare weights take their class names from a data set.

    Returns the file in the library.
    """
    yield
    from trainer.model_store import import_weights, import_whole

    if classes_from is None:
        return import_whole(source)
    return import_weights(source, open_data_set(classes_from).classes)
