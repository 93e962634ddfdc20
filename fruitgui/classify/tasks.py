"""Short tasks: what takes too long for the GUI thread."""

import binascii
import hashlib
import math
import os
import time
from base64 import b64decode
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter

from trainer import paths
from trainer.control import relay
from trainer.data import corrections
from trainer.data.corrections import Added
from trainer.data.folder_layout import images_by_folder
from trainer.data.images import image_kind
from trainer.data.zips import is_zip, unzip
from trainer.errors import DatasetError, ImageError, StorageError, TrainerError
from trainer.inference import sorted_copies
from trainer.inference.prediction_tables import LabelledPhoto, write_csv, write_json_lines
from trainer.inference.sorted_copies import Copied, PlannedCopy
from trainer.storage import temporary_files
from trainer.storage.atomic import replacing

TableKind = Literal["csv", "json_lines"]
_SECONDS_A_STEP = 0.1
_PHOTOS_BETWEEN_RESTS = 32
_SECONDS_OF_REST = 0.002
"""So that the window gets Python's lock, too, while a folder of thousands is searched."""
_LONGEST_ADDRESS = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Found:
    """What a search has come upon since the last time."""

    photos: list[Path]
    refused: list[tuple[Path, TrainerError]]
    """Zips that cannot be unpacked, and why."""


def find_photos(sources: Sequence[Path]) -> Generator[Found, None, int]:
    """Yield the photos of files, folders and zips, some at a time; returns how many there are. One
    photo has one path, however its folder was reached."""
    count = 0
    found = Found([], [])
    told_at = -math.inf
    for photos, refused in _by_folder(sources):
        count += len(photos) + len(refused)
        found.photos.extend(photos)
        found.refused.extend(refused)
        # The first at once; then the window takes in many as easily as few.
        if time.monotonic() - told_at > _SECONDS_A_STEP:
            yield found
            found = Found([], [])
            told_at = time.monotonic()
    yield found
    return count


def _by_folder(
    sources: Sequence[Path],
) -> Iterator[tuple[list[Path], list[tuple[Path, TrainerError]]]]:
    """A few photos of a folder at a time; nothing, often, while there is nothing to find."""
    for source in sources:
        if kept := temporary_files.files_kept_in(source):
            yield kept, []
            continue
        if is_zip(place := temporary_files.place_of(source)):
            try:
                folder = yield from relay(unzip(place), lambda _: ([], []))
            except DatasetError as error:
                yield [], [(source, error)]
                continue
        else:
            folder = source
        for photos in images_by_folder(folder):
            where = Path(os.path.realpath(photos[0].parent)) if photos else folder
            for start in range(0, len(photos), _PHOTOS_BETWEEN_RESTS):
                yield [where / p.name for p in photos[start : start + _PHOTOS_BETWEEN_RESTS]], []
                time.sleep(_SECONDS_OF_REST)
            yield [], []


def keep_images(images: Sequence[QImage | str]) -> Generator[None, None, list[Path]]:
    """Write images from the clipboard or a browser, be they their own addresses, to the user's
    data; returns their files. The same image is kept once.

    Raises:
        ImageError: an address holds nothing, or far too much.
    """
    files = []
    for image in images:
        yield
        data = _embedded(image) if isinstance(image, str) else _png(image)
        name = hashlib.blake2b(data, digest_size=12).hexdigest()
        # The suffix is for people and their other programs: ours looks at the content.
        file = paths.captured_folder() / f"{name}.{image_kind(data)}"
        if file.exists():
            file.touch()  # It is called by when it was taken last.
        else:
            with replacing(file) as temporary:
                temporary.write_bytes(data)
        files.append(file)
    return files


def _embedded(address: str) -> bytes:
    """The image in a ``data:`` address."""
    if len(address) > _LONGEST_ADDRESS:
        raise ImageError("The picture is too large. Shrink it and try again.")
    kind, _, content = address.partition(",")
    try:
        plain = unquote_to_bytes(content)
        return b64decode(plain) if ";base64" in kind else plain
    except binascii.Error as error:
        raise ImageError(
            "The picture is damaged ({detail}). Save it again from the original.", detail=error
        ) from error


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


def write_table(photos: Sequence[LabelledPhoto], file: Path, kind: TableKind) -> Path:
    """Write labels as a table for spreadsheets, or as JSON lines; returns the file."""
    (write_csv if kind == "csv" else write_json_lines)(file, photos)
    return file


def plan_copies(
    photos: Sequence[LabelledPhoto], folder: Path, classes: Sequence[str]
) -> tuple[Path, list[PlannedCopy]]:
    """Returns *folder*, and what copies there would be in it, sorted into a folder a label.

    Args:
        classes: the model's.
    """
    sorted_copies.check(folder)
    return folder, sorted_copies.plan(photos, folder, classes=classes)


def make_copies(
    folder: Path, planned: Sequence[PlannedCopy]
) -> Generator[tuple[int, int], None, tuple[Path, Copied]]:
    """Make copies that were planned for *folder*; yields (done, total), returns the folder too."""
    return folder, (yield from sorted_copies.copy(planned))


def add_corrections(
    labels: Mapping[Path, str], folder: Path
) -> Generator[tuple[int, int], None, tuple[Path, Added]]:
    """Copy corrected photos into the data set in *folder*; yields (done, total), returns the
    folder too."""
    return folder, (yield from corrections.add_to_data_set(labels, folder))
