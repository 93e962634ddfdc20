"""What the user says is on photos: kept at once, and added to data sets to learn from.

A photo is known by its content, so that its correction stays when it is renamed or moved.
"""

import os
import unicodedata
from collections import defaultdict
from collections.abc import Generator, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection

from trainer import paths
from trainer.data.class_names import mean_the_same
from trainer.data.file_copies import class_folder, copy_photo, same_content
from trainer.data.folder_layout import (
    all_class_folder_parents,
    class_folder_parents,
    mark_class,
)
from trainer.data.image_names import looks_like_image
from trainer.data.images import read_file
from trainer.data.zips import bring_back, shown
from trainer.errors import ImageError
from trainer.storage.file_digests import digest_of
from trainer.storage.sqlite import holds, transaction
from trainer.storage.temporary_files import place_of

_SCHEMA = """
CREATE TABLE IF NOT EXISTS correction (
    digest TEXT PRIMARY KEY,
    byte_count INTEGER NOT NULL,
    label TEXT NOT NULL,
    path BLOB NOT NULL,
    corrected_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS correction_byte_count ON correction (byte_count);
"""


def _transaction(write: bool) -> AbstractContextManager[Connection]:
    return transaction(paths.corrections_database(), _SCHEMA, write=write)


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of keeping corrections."""

    before: dict[Path, str | None]
    """What was known of each photo before; None where nothing was."""
    unreadable: tuple[Path, ...]
    """Photos that cannot be read, whose corrections could not be kept."""


def keep(labels: Mapping[Path, str | None]) -> Kept:
    """Keep what each photo is, or forget it where that is None; all of them or, on an error, none.

    Raises:
        OSError: the disk is full.
    """
    digests: dict[Path, tuple[str, int]] = {}
    for photo in labels:
        try:
            data = read_file(photo)
        except ImageError:
            continue
        digests[photo] = digest_of(data), len(data)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    before: dict[Path, str | None] = {}
    with _transaction(write=True) as database:
        for photo, (digest, byte_count) in digests.items():
            row = database.execute("SELECT label FROM correction WHERE digest = ?", (digest,))
            before[photo] = next((label for (label,) in row), None)
            label = labels[photo]
            if label is None:
                database.execute("DELETE FROM correction WHERE digest = ?", (digest,))
                continue
            name = unicodedata.normalize("NFC", label)
            path = os.fsencode(shown(photo.absolute(), absolute=True))
            database.execute(
                "INSERT OR REPLACE INTO correction VALUES (?, ?, ?, ?, ?)",
                (digest, byte_count, name, path, now),
            )
    return Kept(before, tuple(photo for photo in labels if photo not in digests))


def known(photos: Iterable[Path]) -> dict[Path, str]:
    """The corrections of those of *photos* that have one.

    Only photos as large as a corrected one are read, so that asking for thousands takes no time.

    Raises:
        OSError: the corrections cannot be read.
    """
    if not paths.corrections_database().exists():
        return {}
    with _transaction(write=False) as database:
        rows = database.execute("SELECT digest, label FROM correction").fetchall()
        labels = {row[0]: row[1] for row in rows if holds(row, (str, str))}
        sizes = {size for (size,) in database.execute("SELECT byte_count FROM correction")}
    found: dict[Path, str] = {}
    for photo in photos:
        bring_back(photo)
        try:
            if place_of(photo).stat().st_size not in sizes:
                continue
            label = labels.get(digest_of(read_file(photo)))
        except (OSError, ImageError):
            continue
        if label is not None:
            found[photo] = label
    return found


@dataclass(frozen=True, slots=True)
class Added:
    """What came of adding photos to a data set."""

    copied: int
    present: int
    """How many it held already."""
    unreadable: int


def add_to_data_set(
    labels: Mapping[Path, str], folder: Path
) -> Generator[tuple[int, int], None, Added]:
    """Copy photos to where the data set in *folder* has the training photos of their class.

    Class folders are made where there is none. What the data set holds already of a class, be it
    to test with, is not copied again; photos that cannot be read are left out.

    Yields:
        How many photos are done, and of how many.

    Raises:
        DatasetError: *folder* is a file.
        ImageError: not one of the photos could be read.
        OSError: the folder cannot be written to, or the disk is full.
    """
    training, _ = class_folder_parents(folder)
    parents = all_class_folder_parents(folder)
    classes: dict[str, _Class] = {}
    copied = unreadable = 0
    for done, (photo, label) in enumerate(labels.items(), start=1):
        if label not in classes:
            classes[label] = _Class(label, training, parents)
        try:
            copied += classes[label].add(photo)
        except ImageError:
            unreadable += 1
        yield done, len(labels)
    if labels and unreadable == len(labels):
        raise ImageError("None of the {count} photos could be read.", count=unreadable)
    return Added(copied, len(labels) - copied - unreadable, unreadable)


def _called_there(label: str, parents: Iterable[Path]) -> str:
    """What a data set calls a class: *label*, unless it has the same under another name only."""
    names = {
        unicodedata.normalize("NFC", entry.name)
        for parent in parents
        if parent.is_dir()
        for entry in parent.iterdir()
        if entry.is_dir()
    }
    label = unicodedata.normalize("NFC", label)
    if label in names:
        return label
    return next((name for name in sorted(names) if mean_the_same(name, label)), label)


class _Class:
    """The photos of one class in a data set, so far."""

    def __init__(self, label: str, training: Path, parents: Iterable[Path]) -> None:
        parents = tuple(parents)
        label = _called_there(label, parents)
        self._folder = class_folder(training, label)
        self._by_size: defaultdict[int, list[Path]] = defaultdict(list)
        for parent in parents:
            for file in class_folder(parent, label).rglob("*"):
                if file.is_file():
                    self._by_size[file.stat().st_size].append(file)

    def add(self, photo: Path) -> bool:
        """Copy *photo* to the training photos, unless it is in the data set; whether it was."""
        alike = self._by_size[len(read_file(photo))]
        if any(same_content(photo, file) for file in alike):
            return False
        # Data sets take images by their suffix, and read them by their content.
        name = photo.name if looks_like_image(photo) else f"{photo.name.lstrip('.')}.jpg"
        alike.append(copy_photo(photo, self._folder / name))
        mark_class(self._folder)
        return True
