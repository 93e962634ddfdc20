"""Which photos a run began with: a file in its folder, so that it can be said what is another."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from trainer.data.dataset import DataSet
from trainer.data.file_names import composed
from trainer.data.zips import is_there
from trainer.storage.atomic import write_text

PHOTOS_FILE = "photos.json"

_Photo = tuple[str, str, int]
"""Its split, its class, and its size in bytes."""


@dataclass(frozen=True, slots=True)
class Changes:
    """How many photos are others than when a run began."""

    missing: int
    new: int
    resized: int
    relabelled: int
    """Of another class or in another split."""


def write_photos(folder: Path, data_set: DataSet) -> None:
    """Keep in a run's folder the place, split, class and size of each photo, and the fingerprint
    of all.

    Raises:
        OSError: the disk is full.
    """
    photos: dict[str, dict[str, dict[str, int]]] = {}
    for place, (split, name, size) in _photos_of(data_set):
        photos.setdefault(split, {}).setdefault(name, {})[place] = size
    values = {"fingerprint": data_set.fingerprint(), "photos": photos}
    write_text(folder / PHOTOS_FILE, json.dumps(values))


def kept_fingerprint(folder: Path) -> str | None:
    """The fingerprint of the photos that a run began with; None where it is not known, as of runs
    of earlier versions."""
    return str(values["fingerprint"]) if (values := _read(folder)) is not None else None


def changes_since(folder: Path, data_set: DataSet) -> Changes | None:
    """What is another in a data set than when a run began; None where nothing is, by the places and
    sizes of the photos, or nothing is known."""
    values = _read(folder)
    if values is None:
        return None
    before: dict[str, _Photo] = {
        composed(place): (split, name, size)
        for split, classes in values["photos"].items()
        for name, photos in classes.items()
        for place, size in photos.items()
    }
    now = {composed(place): photo for place, photo in _photos_of(data_set)}
    both = before.keys() & now.keys()
    changes = Changes(
        missing=len(before.keys() - now.keys()),
        new=len(now.keys() - before.keys()),
        resized=sum(before[place][2] != now[place][2] for place in both),
        relabelled=sum(before[place][:2] != now[place][:2] for place in both),
    )
    return None if changes == Changes(0, 0, 0, 0) else changes


def with_kept_splits(folder: Path, data_set: DataSet) -> DataSet:
    """The data set with its photos held out as they were when a run began: what decides that is
    computed of pixels, which another version may decode otherwise. Where the folders say the
    splits, or the photos are others by now, as it is."""
    values = _read(folder)
    if values is None or data_set.has_own_splits:
        return data_set
    place_of = {photo: composed(data_set.place_of(photo.path)) for photo in data_set.photos}
    photos = {place: photo for photo, place in place_of.items()}
    kept = {
        split: [(composed(place), name) for name, places in classes.items() for place in places]
        for split, classes in values["photos"].items()
    }
    named = dict(pair for pairs in kept.values() for pair in pairs)
    now = {place: data_set.classes[photo.label] for place, photo in photos.items()}
    if named != now or len(photos) < len(data_set.photos):
        return data_set
    if all(
        {place for place, _ in kept.get(split, ())} == {place_of[photo] for photo in held}
        for split, held in data_set.splits.items()
    ):
        # In the order in which the run has them, too: a label that was changed leaves a photo where
        # it was, and what is kept is sorted by class.
        return data_set
    splits = {
        split: tuple(photos[place] for place, _ in kept.get(split, ())) for split in data_set.splits
    }
    return replace(data_set, splits=splits)


def _photos_of(data_set: DataSet) -> Iterator[tuple[str, _Photo]]:
    for split, photos in data_set.splits.items():
        for photo in photos:
            is_background = photo.label == data_set.background
            name = "" if is_background else data_set.classes[photo.label]
            size = photo.path.stat().st_size if is_there(photo.path) else -1
            yield data_set.place_of(photo.path), (split, name, size)


def _read(folder: Path) -> dict[str, Any] | None:
    try:
        values = json.loads((folder / PHOTOS_FILE).read_bytes())
        known = values["photos"]
        is_sound = isinstance(values["fingerprint"], str) and all(
            isinstance(size, int)
            for classes in known.values()
            for photos in classes.values()
            for size in photos.values()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return values if is_sound else None
