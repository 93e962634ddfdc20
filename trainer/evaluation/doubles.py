"""Photos of a split that are, or nearly are, among those of an earlier one."""

from collections.abc import Generator
from pathlib import Path

import numpy as np

from trainer.data.dataset import DataSet
from trainer.data.near_duplicates import LARGEST_DISTANCE, directions
from trainer.data.photo_stats import PhotoStats, photo_stats, thumbnails
from trainer.data.split_names import SPLITS
from trainer.events import Preparing

_ROWS = 512


def doubles(data_set: DataSet, split: str) -> Generator[Preparing, None, frozenset[Path]]:
    """Find the photos that make a split's figures too good: equal to one of ``train``, or of
    ``validation`` where *split* is ``test``, or nearly the same.

    Splits that are made here have none, and no photo is read.

    Yields:
        How far it is: each photo is read once.
    """
    earlier = SPLITS[: SPLITS.index(split)] if split in SPLITS else ()
    others = [photo.path for name in earlier for photo in data_set.splits.get(name, ())]
    if not others or not data_set.has_own_splits:
        return frozenset()
    own = [photo.path for photo in data_set.split(split)]
    found = yield from photo_stats([*own, *others])
    known = {path: each for path, each in found.items() if isinstance(each, PhotoStats)}
    readable = [path for path in own if path in known]
    before = directions(thumbnails([known[path] for path in others if path in known]))
    compared = directions(thumbnails([known[path] for path in readable]))
    is_double = np.zeros(len(readable), bool)
    for start in range(0, len(readable), _ROWS):
        yield Preparing("compare", start, len(readable))
        rows = slice(start, start + _ROWS)
        is_double[rows] = (compared[rows] @ before.T > 1 - LARGEST_DISTANCE).any(axis=1)
    return frozenset(path for path, double in zip(readable, is_double, strict=True) if double)
