"""Searching what was dropped: files, folders and zips, for photos."""

import math
import os
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.control import relay
from trainer.data.folder_layout import images_by_folder
from trainer.data.folders import place_order
from trainer.data.zips import is_zip, unzip
from trainer.errors import DatasetError, TrainerError
from trainer.storage import temporary_files

_SECONDS_A_STEP = 0.1
_PHOTOS_BETWEEN_RESTS = 32
_SECONDS_OF_REST = 0.002
"""So that the window gets Python's lock, too, while a folder of thousands is searched."""


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
        # Kept under each path that leads to it.
        kept = {
            Path(os.path.realpath(file.parent), file.name)
            for file in temporary_files.files_kept_in(source)
        }
        if kept and not source.exists():
            yield sorted(kept, key=_order), []
            continue
        if is_zip(place := temporary_files.place_of(source)):
            try:
                folder = yield from relay(unzip(place), lambda _: ([], []))
            except DatasetError as error:
                yield [], [(source, error)]
                continue
        else:
            folder = source
        found: set[Path] = set()
        for photos in images_by_folder(folder):
            where = Path(os.path.realpath(photos[0].parent)) if photos else folder
            for start in range(0, len(photos), _PHOTOS_BETWEEN_RESTS):
                some = [where / p.name for p in photos[start : start + _PHOTOS_BETWEEN_RESTS]]
                if kept:
                    found.update(some)
                yield some, []
                time.sleep(_SECONDS_OF_REST)
            yield [], []
        # What another program has deleted while it was searched.
        missed = (file for file in kept - found if not file.exists())
        yield sorted(missed, key=_order), []


def _order(photo: Path) -> tuple[object, object]:
    """A folder's own photos come before those of the folders in it."""
    return place_order(photo.parent), place_order(photo)
