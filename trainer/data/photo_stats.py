"""What is known of a photo's file once it has been read: content, size, look, sharpness.

Each photo is read once and remembered for as long as its file stays as it is.
"""

import io
import logging
import os
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image

from trainer.data.images import image_kind, open_rgb, read_file
from trainer.data.near_duplicates import THUMBNAIL_SIDE
from trainer.errors import ImageError
from trainer.events import Preparing
from trainer.storage import caches
from trainer.storage.file_digests import digest_of, key_of, remember, stamp_of
from trainer.storage.sqlite import transaction

_SCHEMA = """CREATE TABLE IF NOT EXISTS photo
    (path BLOB PRIMARY KEY, stamp TEXT NOT NULL, digest TEXT NOT NULL, format TEXT NOT NULL,
    width INTEGER NOT NULL, height INTEGER NOT NULL, blur REAL NOT NULL,
    brightness REAL NOT NULL, thumbnail BLOB NOT NULL) WITHOUT ROWID"""
_SIDE_LOOKED_AT = 128
"""Pixels of the short side that is decoded at least."""
_THREADS = min(8, os.cpu_count() or 1)
"""Each holds a whole image, but for JPEGs."""
_STEPS = 500
"""How often it is told how far it is, at most."""
_AT_ONCE = 500
"""SQLite takes no question of arbitrary length; and so many are stored together."""


@dataclass(frozen=True, slots=True)
class PhotoStats:
    """Of one photo."""

    digest: str
    """Of the file's content, as :func:`trainer.storage.file_digests.digest_of` gives it."""
    format: str
    """As Pillow calls it: ``JPEG``, ``PNG`` …"""
    width: int
    """In pixels, as the file has it; an EXIF orientation may turn it."""
    height: int
    blur: float
    """From 0 (sharp) to 1: see :func:`trainer.data.image_measures.blur_effect`."""
    brightness: float
    """How light the lightest hundredth of it is, from 0 (black) to 1."""
    thumbnail: bytes
    """uint8 (16, 16, 3): what :mod:`trainer.data.near_duplicates` compares."""


def photo_stats(
    photos: Sequence[Path],
) -> Generator[Preparing, None, dict[Path, PhotoStats | ImageError]]:
    """Read photos, or remember what was found when they were read.

    Yields:
        How many are done.

    Returns:
        Of each photo, in their order, what is known, or why it cannot be read.
    """
    wanted = list(dict.fromkeys(photos))
    stamps = {path: stamp for path in wanted if (stamp := stamp_of(path)) is not None}
    found: dict[Path, PhotoStats | ImageError] = dict(_remembered(stamps))
    missing = iter([path for path in wanted if path not in found])
    if len(found) == len(wanted):
        return {path: found[path] for path in wanted}
    every = max(1, len(wanted) // _STEPS)
    # Pillow decodes without holding the interpreter.
    pool = ThreadPoolExecutor(_THREADS)
    try:
        while part := list(islice(missing, _AT_ONCE)):
            new: dict[Path, PhotoStats] = {}
            for path, stats in zip(part, pool.map(_read, part), strict=True):
                if len(found) % every == 0:
                    yield Preparing("look", len(found), len(wanted))
                found[path] = stats
                if isinstance(stats, PhotoStats) and path in stamps:
                    new[path] = stats
            _remember(new, stamps)
    finally:
        pool.shutdown(cancel_futures=True)
    yield Preparing("look", len(wanted), len(wanted))
    return {path: found[path] for path in wanted}


def thumbnails(stats: Sequence[PhotoStats]) -> np.ndarray:
    """The thumbnails of photos: uint8 (N, 16, 16, 3)."""
    content = b"".join(each.thumbnail for each in stats)
    return np.frombuffer(content, np.uint8).reshape(-1, THUMBNAIL_SIDE, THUMBNAIL_SIDE, 3)


def _read(path: Path) -> PhotoStats | ImageError:
    # OpenCV takes a while to load.
    from trainer.data.image_measures import blur_effect, grey

    try:
        data = read_file(path)
        image = open_rgb(data, at_least=_SIDE_LOOKED_AT, name=path)
    except ImageError as error:
        return error
    kind, (width, height) = _format_and_size(data, image)
    small = image.resize((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.BOX)
    pixels = np.asarray(image)
    return PhotoStats(
        digest=digest_of(data),
        format=kind,
        width=width,
        height=height,
        blur=blur_effect(pixels),
        brightness=float(np.quantile(grey(pixels), 0.99)) / 255,
        thumbnail=small.tobytes(),
    )


def _format_and_size(data: bytes, decoded: Image.Image) -> tuple[str, tuple[int, int]]:
    try:
        with Image.open(io.BytesIO(data)) as opened:
            return opened.format or "", opened.size
    except Exception:  # noqa: BLE001
        # Other decoders read what Pillow does not know, or finds fault with; none of them shrinks.
        return image_kind(data).upper(), decoded.size


def _remembered(stamps: Mapping[Path, str]) -> dict[Path, PhotoStats]:
    keys = {key_of(path): path for path in stamps}
    found: dict[Path, PhotoStats] = {}
    wanted = iter(keys)
    try:
        with transaction(caches.photo_stats_file(), _SCHEMA, write=False) as database:
            while part := list(islice(wanted, _AT_ONCE)):
                places = ", ".join("?" * len(part))
                for key, stamp, *values in database.execute(
                    f"SELECT * FROM photo WHERE path IN ({places})", part
                ):
                    if stamps[keys[key]] == stamp:
                        found[keys[key]] = PhotoStats(*values)
    except OSError as error:
        # They can be read again.
        logging.getLogger(__name__).warning("What is known of photos cannot be read: %s", error)
    return found


def _remember(found: Mapping[Path, PhotoStats], stamps: Mapping[Path, str]) -> None:
    rows = [
        (
            *(key_of(path), stamps[path], stats.digest, stats.format, stats.width, stats.height),
            *(stats.blur, stats.brightness, stats.thumbnail),
        )
        for path, stats in found.items()
    ]
    try:
        with transaction(caches.photo_stats_file(), _SCHEMA, write=True) as database:
            database.executemany(f"INSERT OR REPLACE INTO photo VALUES ({'?, ' * 8}?)", rows)
        remember({path: (stamps[path], stats.digest) for path, stats in found.items()})
    except OSError as error:
        logging.getLogger(__name__).warning("What is known of photos cannot be kept: %s", error)
