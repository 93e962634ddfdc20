"""Images to check an export with: the user's photos, and rendered produce where they are few."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from typing import NamedTuple

from PIL import Image, ImageOps

from trainer import paths, synthetic
from trainer.data.images import open_rgb
from trainer.errors import ImageError

_RENDERED_PIXELS = 192
_SEED = 1000
"""Of no image of the demo data set."""


class CheckImage(NamedTuple):
    """An image to check an export with."""

    image: Image.Image
    """RGB."""
    is_yours: bool
    """Whether it is the user's, and not made."""


def check_images(photos: Sequence[Path], count: int, at_least: int) -> Iterator[CheckImage]:
    """So many different images: some of *photos* from all over them, others of them for those
    that cannot be read, and only where they are too few, those that are made.

    Args:
        at_least: as for :func:`trainer.data.images.open_rgb`.
    """
    given = 0
    for image in islice(_readable(_from_all_over(photos, count), at_least), count):
        yield CheckImage(image, is_yours=True)
        given += 1
    for image in _made(count - given, at_least):
        yield CheckImage(image, is_yours=False)


def require_readable(photos: Sequence[Path]) -> None:
    """Raises: ImageError: not one of them can be read."""
    if next(_readable(photos, at_least=1), None) is None:
        raise ImageError("None of the {count} photos could be read.", count=len(photos))


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
            image = open_rgb(photo, at_least)
        except ImageError:
            continue  # What cannot be read, no model answers.
        yield image


def _made(count: int, at_least: int) -> Iterator[Image.Image]:
    """The samples that ship with the app and a rendered image of each kind, then parts of them:
    upright, broad, small and large, every other one mirrored."""
    whole: list[Image.Image] = []
    for image in islice(_whole(at_least), count):
        whole.append(image)
        yield image
    draw = Random(0)
    for number in range(count - len(whole)):
        image = whole[number % len(whole)]
        width, height = (draw.randint(side // 3 + 1, side) for side in image.size)
        left, top = draw.randint(0, image.width - width), draw.randint(0, image.height - height)
        part = image.crop((left, top, left + width, top + height))
        yield ImageOps.mirror(part) if number % 2 else part


def _whole(at_least: int) -> Iterator[Image.Image]:
    for sample in sorted(paths.samples_folder().glob("*.jpg")):
        yield open_rgb(sample, at_least)
    for kind in synthetic.KINDS:
        yield Image.fromarray(synthetic.render(kind, _SEED, _RENDERED_PIXELS))
