"""Validation and test photos taken out of those of a data set that has none of its own."""

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import numpy as np

from trainer.control import relay
from trainer.data import left_out
from trainer.data.near_duplicates import LARGEST_DISTANCE, directions, near_duplicates
from trainer.data.photo_stats import PhotoStats, photo_stats, thumbnails
from trainer.data.recordings import recording_of
from trainer.data.splits import Group, SplitRule, grouped, hold_out, subfolders_of
from trainer.errors import DatasetError, ImageError
from trainer.events import Preparing

_SPLITS = ("train", "validation", "test")
_DISTANCES = (LARGEST_DISTANCE, LARGEST_DISTANCE / 2, LARGEST_DISTANCE / 4)
_LEAST_SHARE_OUTSIDE = 0.1
"""Of a class's photos outside its largest group of near-duplicates, so that they can check it."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What came of it."""

    splits: dict[str, list[tuple[Path, str]]]
    """Of each split that photos were divided into: each photo, and its class."""
    warnings: tuple[DatasetError, ...]
    unreadable: tuple[Path, ...]
    """Photos that are in none of them, for they cannot be read."""


def hold_out_photos(
    photos: Mapping[str, Sequence[Path]],
    class_folders: Collection[Path],
    with_test: bool,
    rule: SplitRule,
) -> Generator[Preparing, None, HeldOut]:
    """Divide photos to train, to validate and, if wanted, to test with: a like share of each class,
    copies and near-duplicates on the same side.

    Args:
        photos: those of each class.
        class_folders: the folders that they lie in, or below.

    Raises:
        DatasetError: nothing can be held out, for each class is a single recording.
    """
    found: dict[Path, PhotoStats | ImageError] = {}
    if rule > 1:
        found = yield from photo_stats([path for paths in photos.values() for path in paths])
    stats = {path: each for path, each in found.items() if isinstance(each, PhotoStats)}
    unreadable = tuple(path for path in found if path not in stats)
    if not stats and rule > 1:
        raise left_out.nothing_readable(len(unreadable))
    readable = {path for paths in photos.values() for path in paths} - set(unreadable)
    splits: dict[str, list[tuple[Path, str]]] = {name: [] for name in _SPLITS[: 2 + with_test]}
    decided: dict[str, int] = {}
    single, uniform = [], []
    copied = in_subfolders = 0
    for name, paths in photos.items():
        places = {path: _place(path, class_folders) for path in paths if path in readable}
        if not places:
            continue
        in_subfolders += rule > 1 and any(subfolders_of(places).values())
        groups = grouped(places, {}, rule)
        alike: dict[Path, int] | None = {}
        if rule > 1 and _can_check(groups):
            alike, groups = yield from _with_near_duplicates(groups, places, stats)
        if alike is None:
            uniform.append(name)
            known: dict[Path, str] = {}
        else:
            copied += len(alike)
            known = {path: stats[path].digest for path in paths if path in stats}
        # A copy in another class goes where the first one went, lest it is learnt from after all.
        gone = {path: decided[digest] for path, digest in known.items() if digest in decided}
        parts = hold_out(groups, with_test, gone)
        if not parts[0]:
            parts = hold_out(groups, with_test, {})
        if not parts[1] and all(map(recording_of, places)):
            single.append(name)
        for number, (split, part) in enumerate(zip(splits, parts, strict=False)):
            splits[split] += [(path, name) for path in part]
            decided |= {known[path]: number for path in part if path in known}
    if single and not splits["validation"]:
        raise DatasetError(
            "All photos of each class are from one recording, so none are left for validation. "
            "Record each class once more."
        )
    return HeldOut(splits, tuple(_warnings(single, uniform, copied, in_subfolders)), unreadable)


def _with_near_duplicates(
    without: list[Group], places: Mapping[Path, PurePath], stats: Mapping[Path, PhotoStats]
) -> Generator[Preparing, None, tuple[dict[Path, int] | None, list[Group]]]:
    """The near-duplicates of a class, and its groups with them. None, and the groups as they are
    without, where nearly all of it is nearly the same, as in a single film."""
    photos = [path for path in places if path in stats]
    compared = directions(thumbnails([stats[path] for path in photos]))
    for distance in _DISTANCES:
        steps = near_duplicates(compared, distance)
        lowest = yield from relay(steps, lambda step: Preparing("compare", *step))
        counts = np.bincount(lowest, minlength=1)
        pairs = zip(photos, lowest.tolist(), strict=True)
        alike = {path: group for path, group in pairs if counts[group] > 1}
        groups = grouped(places, alike)
        if _can_check(groups):
            return alike, groups
    return None, without


def _place(photo: Path, class_folders: Collection[Path]) -> PurePath:
    """Where it lies inside its class's folder."""
    folder = next(parent for parent in photo.parents if parent in class_folders)
    return photo.relative_to(folder)


def _can_check(groups: Sequence[Group]) -> bool:
    """Whether there is enough outside the largest group."""
    counts = [len(group.photos) for group in groups]
    outside = sum(counts) - max(counts)
    return outside >= max(1, _LEAST_SHARE_OUTSIDE * sum(counts))


def _warnings(
    single: Sequence[str], uniform: Sequence[str], copied: int, in_subfolders: int
) -> Iterator[DatasetError]:
    if single:
        yield left_out.single_recordings(single)
    if uniform:
        yield left_out.looking_alike(uniform)
    if in_subfolders:
        yield left_out.subfolders_held_together(in_subfolders)
    if copied:
        yield left_out.near_duplicates_held_together(copied)
