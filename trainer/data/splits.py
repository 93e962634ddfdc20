"""Which photos of a class are learnt from, and which are set aside to check and to test with."""

import hashlib
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from trainer.data.recordings import recording_of

VALIDATION_SHARE = 0.15
TEST_SHARE = 0.15
SPLIT_SEED = 0
"""Fixed, so that photos that were learnt from are not tested on, whatever a recipe's seed."""


def hold_out(photos: Iterable[Path], with_test: bool) -> tuple[list[Path], list[Path], list[Path]]:
    """Divide a class's photos to train, to validate and to test with.

    A recording stays whole: its frames are so alike that one of them on the other side would check
    nothing. So photos of a single recording are all learnt from.

    Args:
        with_test: whether some are set aside to test with.
    """
    groups = _groups(photos)
    count = sum(map(len, groups))
    validation: list[list[Path]] = []
    test: list[list[Path]] = []
    if len(groups) >= 2:
        validation, groups = _take(groups, max(1, round(count * VALIDATION_SHARE)), count)
    if with_test and len(groups) >= 2:
        # Of a few long recordings, learning needs the rest more than a test does.
        test, groups = _take(groups, max(1, round(count * TEST_SHARE)), count // 4)
    train, held_out, tested = (
        [photo for group in part for photo in group] for part in (groups, validation, test)
    )
    return train, held_out, tested


def _groups(photos: Iterable[Path]) -> list[list[Path]]:
    """Recordings and single photos, in a random order that stays the same when others come."""
    recordings: dict[str, list[Path]] = {}
    groups: list[tuple[str, list[Path]]] = []
    for photo in photos:
        recording = recording_of(photo)
        if recording is None:
            groups.append((_draw(unicodedata.normalize("NFC", photo.name)), [photo]))
        elif recording in recordings:
            recordings[recording].append(photo)
        else:
            recordings[recording] = [photo]
            groups.append((_draw(recording), recordings[recording]))
    return [group for _, group in sorted(groups, key=lambda group: group[0])]


def _draw(name: str) -> str:
    return hashlib.sha256(f"{SPLIT_SEED}/{name}".encode("utf-8", "surrogateescape")).hexdigest()


def _take(
    groups: list[list[Path]], wanted: int, most: int
) -> tuple[list[list[Path]], list[list[Path]]]:
    """Take groups of *wanted* photos together; where each is larger, the smallest alone, unless it
    has more than *most*. Some are always left."""
    taken: list[list[Path]] = []
    left: list[list[Path]] = []
    count = 0
    for group in groups:
        if count + len(group) <= wanted and len(taken) < len(groups) - 1:
            taken.append(group)
            count += len(group)
        else:
            left.append(group)
    smallest = min(left, key=len)
    if not taken and len(smallest) <= most:
        left.remove(smallest)
        taken.append(smallest)
    return taken, left
