"""From an image to the square that a model sees: one way, in training and in every prediction."""

from pathlib import Path

import numpy as np
from PIL import Image

from trainer.config.recipe import Resize
from trainer.data.colours import to_srgb
from trainer.data.images import open_upright


def square(image: Image.Image, size: int, resize: Resize) -> np.ndarray:
    """Shrink or enlarge an RGB image to a square, antialiased, in sRGB.

    Args:
        image: RGB; of other colours than sRGB if it has their profile, which costs least here.
        size: the side of the result, in pixels.
        resize: ``squash`` ignores the aspect ratio; ``crop`` cuts out the middle.

    Returns:
        uint8 array of shape (size, size, 3).
    """
    box = None
    if resize == "crop":
        side = min(image.size)
        left, top = (image.width - side) // 2, (image.height - side) // 2
        box = (left, top, left + side, top + side)
    resized = image.resize((size, size), Image.Resampling.BILINEAR, box=box)
    return np.asarray(to_srgb(resized), dtype=np.uint8)


def square_from_file(
    source: Path | bytes, size: int, resize: Resize, name: Path | None = None
) -> np.ndarray:
    """Read an image and make it the model's square: uint8 array of shape (size, size, 3).

    Args:
        name: the file that bytes are of.

    Raises:
        ImageError: the image cannot be read.
    """
    return square(open_upright(source, at_least=size, name=name), size, resize)
