"""Pictures to check an export with: the user's photos, and rendered produce where they are few."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random

from PIL import Image, ImageOps

from trainer import demo, paths
from trainer.errors import PictureError
from trainer.pictures import open_rgb

_RENDERED_PIXELS = 192
_SEED = 1000
"""Of no picture of the demo data set."""


def check_pictures(photos: Sequence[Path], count: int, at_least: int) -> Iterator[Image.Image]:
    """So many different pictures, RGB: some of *photos* from all over them, as far as they can be
    read, then those that are made.

    Args:
        at_least: as for :func:`trainer.pictures.open_rgb`.
    """
    given = 0
    for index in range(min(count, len(photos))):
        try:
            picture = open_rgb(photos[index * len(photos) // min(count, len(photos))], at_least)
        except PictureError:
            continue  # What cannot be read, no model answers.
        yield picture
        given += 1
    yield from _made(count - given, at_least)


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
    for kind in demo.KINDS:
        yield Image.fromarray(demo.render(kind, _SEED, _RENDERED_PIXELS))
