"""Pictures to check an export with: the user's photos, and rendered produce where they are few."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from typing import NamedTuple

from PIL import Image, ImageOps

from trainer import paths, synthetic
from trainer.data.images import open_rgb
from trainer.errors import PictureError

_RENDERED_PIXELS = 192
_SEED = 1000
"""Of no picture of the demo data set."""


class CheckPicture(NamedTuple):
    """A picture to check an export with."""

    image: Image.Image
    """RGB."""
    is_yours: bool
    """Whether it is the user's, and not made."""


def check_pictures(photos: Sequence[Path], count: int, at_least: int) -> Iterator[CheckPicture]:
    """So many different pictures: some of *photos* from all over them, others of them for those
    that cannot be read, and only where they are too few, those that are made.

    Args:
        at_least: as for :func:`trainer.data.images.open_rgb`.
    """
    given = 0
    for picture in islice(_readable(_from_all_over(photos, count), at_least), count):
        yield CheckPicture(picture, is_yours=True)
        given += 1
    for picture in _made(count - given, at_least):
        yield CheckPicture(picture, is_yours=False)


def require_readable(photos: Sequence[Path]) -> None:
    """Raises: PictureError: not one of them can be read."""
    if next(_readable(photos, at_least=1), None) is None:
        raise PictureError("None of the {count} photos could be read.", count=len(photos))


def _from_all_over(photos: Sequence[Path], count: int) -> Iterator[Path]:
    """All of them, but first *count* at even distances."""
    few = min(count, len(photos))
    first = [index * len(photos) // few for index in range(few)]
    others = sorted(set(range(len(photos))).difference(first))
    Random(0).shuffle(others)
    yield from (photos[index] for index in (*first, *others))


def _readable(photos: Iterable[Path], at_least: int) -> Iterator[Image.Image]:
    for photo in photos:
        try:
            picture = open_rgb(photo, at_least)
        except PictureError:
            continue  # What cannot be read, no model answers.
        yield picture


def _made(count: int, at_least: int) -> Iterator[Image.Image]:
    """The samples that ship with the app and a rendered picture of each kind, then parts of them:
    upright, broad, small and large, every other one mirrored."""
    whole: list[Image.Image] = []
    for picture in islice(_whole(at_least), count):
        whole.append(picture)
        yield picture
    draw = Random(0)
    for number in range(count - len(whole)):
        picture = whole[number % len(whole)]
        width, height = (draw.randint(side // 3 + 1, side) for side in picture.size)
        left, top = draw.randint(0, picture.width - width), draw.randint(0, picture.height - height)
        part = picture.crop((left, top, left + width, top + height))
        yield ImageOps.mirror(part) if number % 2 else part


def _whole(at_least: int) -> Iterator[Image.Image]:
    for sample in sorted(paths.samples_folder().glob("*.jpg")):
        yield open_rgb(sample, at_least)
    for kind in synthetic.KINDS:
        yield Image.fromarray(synthetic.render(kind, _SEED, _RENDERED_PIXELS))
