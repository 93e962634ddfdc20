"""Generators for :class:`~fruitgui.workers.task.Task`: what takes too long for the GUI thread."""

from collections.abc import Generator, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage, QImageWriter

from trainer import caches, paths, run_database
from trainer.atomic import replacing
from trainer.dataset import DataSet, open_data_set, pictures_in
from trainer.errors import StorageError, TrainerError
from trainer.recipe import Recipe
from trainer.run import open_run
from trainer.run_database import RunRecord

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
