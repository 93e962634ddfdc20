"""Which photos of a class are learnt from, and which are held out to check and to test with."""

import hashlib
import unicodedata
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path, PurePath
from typing import Literal

from trainer.data.recordings import recording_of
from trainer.storage.encoding import encoded

VALIDATION_SHARE = 0.15
TEST_SHARE = 0.15
SPLIT_SEED = 0
"""Fixed, so that photos that were learnt from are not tested on, whatever a recipe's seed."""

SplitRule = Literal[1, 2]
SPLIT_RULE: SplitRule = 2
"""How photos are grouped and drawn. 1, of version 0.1, knew no groups but recordings and drew by
the file's name alone: runs that began with it go on with it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Photos so alike that one of them on the other side of a split would check nothing."""

    draw: str
    """What decides where it goes: as good as random, and the same when other photos come."""
    photos: tuple[Path, ...]


def grouped(
    places: Mapping[Path, PurePath], alike: Mapping[Path, Hashable], rule: SplitRule = SPLIT_RULE
) -> list[Group]:
    """Group the photos of a class: a recording stays whole, and so does a subfolder (of a plant, a
    day, a film), and what is nearly the same.

    Args:
        places: where each photo lies inside its class's folder.
        alike: what near-duplicates have in common; photos that are not in it have none.

    Returns:
        The groups, in the order in which they are held out.
    """
    photos = list(places)
    names: list[str] = []
    groups = list(range(len(photos)))
    first: dict[Hashable, int] = {}
    folders = subfolders_of(places)
    for number, photo in enumerate(photos):
        recording, folder = recording_of(photo), folders[photo] if rule > 1 else None
        place = photo.name if rule == 1 else folders[photo] or places[photo].as_posix()
        names.append(recording or unicodedata.normalize("NFC", place))
        for tie in (("recording", recording), ("folder", folder), ("alike", alike.get(photo))):
            if tie[1] is not None:
                _unite(groups, first.setdefault(tie, number), number)
    members: dict[int, list[int]] = {}
    for number in range(len(photos)):
        members.setdefault(_root(groups, number), []).append(number)
    return sorted(
        (
            Group(min(_draw(names[n]) for n in numbers), tuple(photos[n] for n in numbers))
            for numbers in members.values()
        ),
        key=lambda group: group.draw,
    )


def subfolders_of(places: Mapping[Path, PurePath]) -> dict[Path, str | None]:
    """The subfolder of its class that each photo lies in, where there are several."""
    folders = [place.parts[:-1] for place in places.values()]
    # A single folder in the class's folder tells nothing apart.
    shared = takewhile(lambda names: len(set(names)) == 1, zip(*folders, strict=False))
    depth = sum(1 for _ in shared)
    return {
        photo: place.parts[depth] if len(place.parts) > depth + 1 else None
        for photo, place in places.items()
    }


def hold_out(
    groups: Sequence[Group], with_test: bool, decided: Mapping[Path, int]
) -> tuple[list[Path], list[Path], list[Path]]:
    """Divide a class's photos to train, to validate and to test with.

    Photos of a single group are all learnt from.

    Args:
        groups: as :func:`grouped` gives them.
        with_test: whether some are held out to test with.
        decided: of photos that have a copy in another class, where that one went: 0 to train, 1 to
            validate, 2 to test.
    """
    parts: tuple[list[Path], list[Path], list[Path]] = ([], [], [])
    free: list[Group] = []
    for group in groups:
        goes = next((decided[photo] for photo in group.photos if photo in decided), None)
        if goes is None:
            free.append(group)
        else:
            parts[goes].extend(group.photos)
    count = sum(len(group.photos) for group in groups)
    taken: list[Group]
    if len(free) >= 2:
        wanted = max(1, round(count * VALIDATION_SHARE)) - len(parts[1])
        taken, free = _take(free, wanted, count)
        parts[1].extend(photo for group in taken for photo in group.photos)
    if with_test and len(free) >= 2:
        # Of a few long recordings, learning needs the rest more than a test does.
        wanted = max(1, round(count * TEST_SHARE)) - len(parts[2])
        taken, free = _take(free, wanted, count // 4)
        parts[2].extend(photo for group in taken for photo in group.photos)
    parts[0].extend(photo for group in free for photo in group.photos)
    return parts


def _take(groups: list[Group], wanted: int, most: int) -> tuple[list[Group], list[Group]]:
    """Take groups of *wanted* photos together; where each is larger, the smallest alone, unless it
    has more than *most*. Some are always left."""
    if wanted <= 0:
        return [], groups
    taken: list[Group] = []
    left: list[Group] = []
    count = 0
    for group in groups:
        if count + len(group.photos) <= wanted and len(taken) < len(groups) - 1:
            taken.append(group)
            count += len(group.photos)
        else:
            left.append(group)
    smallest = min(left, key=lambda group: len(group.photos))
    if not taken and len(smallest.photos) <= most:
        left.remove(smallest)
        taken.append(smallest)
    return taken, left


def _draw(name: str) -> str:
    return hashlib.sha256(encoded(f"{SPLIT_SEED}/{name}")).hexdigest()


def _unite(groups: list[int], one: int, other: int) -> None:
    groups[_root(groups, other)] = _root(groups, one)


def _root(groups: list[int], number: int) -> int:
    while groups[number] != number:
        groups[number] = groups[groups[number]]
        number = groups[number]
    return number
