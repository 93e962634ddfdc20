"""Photos that are named several times, each taken once."""

import os
import stat
import unicodedata
from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path


def once(photos: Iterable[Path]) -> Iterator[Path]:
    """Each file once, under the name that comes first: however its path is written, through
    whichever link it is reached, and where capitals make no difference to the disk."""
    met: set[Hashable] = set()
    real: dict[Path, str] = {}
    for photo in photos:
        identity = _identity(photo, real)
        if identity not in met:
            met.add(identity)
            yield photo


def _identity(photo: Path, real: dict[Path, str]) -> Hashable:
    """Files of one number may be two: hard links are photos of their own. So their names count, as
    far as no disk takes them for one.

    Args:
        real: where folders really are, as far as that has been asked; it is added to.
    """
    try:
        status = photo.lstat()
        if stat.S_ISLNK(status.st_mode):
            photo = Path(os.path.realpath(photo))
            status = photo.stat()
    except (OSError, ValueError):
        return str(photo)
    if photo.parent not in real:
        real[photo.parent] = os.path.realpath(photo.parent)
    place = f"{real[photo.parent]}/{photo.name}"
    return status.st_dev, status.st_ino, unicodedata.normalize("NFC", place).casefold()
