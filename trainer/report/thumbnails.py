"""Small images inside a report: JPEGs as data URIs."""

import base64
import io
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageOps

from trainer.data.images import open_rgb
from trainer.errors import ImageError

SAMPLE_SIDE = 112
"""Of a class's sample, a square, in pixels."""
MISTAKE_SIDE = 160
"""The longer side of a mistaken photo, in pixels."""
_QUALITY = 75

Thumbnails = dict[Path, str]
"""The data URI of each photo that could be read."""


def sample(path: Path) -> str | None:
    """The middle square of a photo; None if it cannot be read."""
    return _uri(path, lambda whole: ImageOps.fit(whole, (SAMPLE_SIDE, SAMPLE_SIDE)), SAMPLE_SIDE)


def whole(path: Path) -> str | None:
    """All of a photo; None if it cannot be read."""
    return _uri(
        path,
        lambda image: ImageOps.contain(image, (MISTAKE_SIDE, MISTAKE_SIDE)),
        MISTAKE_SIDE,
    )


def _uri(path: Path, shrink: Callable[[Image.Image], Image.Image], side: int) -> str | None:
    try:
        # Upright, and without whatever else the file says: where it was taken, by which camera.
        image = shrink(open_rgb(path, at_least=side))
    except ImageError:
        return None
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_QUALITY, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
