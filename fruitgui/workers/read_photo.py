"""A photo, read beside the GUI thread, large enough for a screen."""

from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage

from fruitgui.qimages import to_image
from trainer.data.images import open_rgb
from trainer.errors import ImageError

_SCREEN = 2560
"""Pixels of the longer side of a photo that is shown large."""


def read_photo(path: Path) -> tuple[Path, QImage]:
    """Returns a photo, large enough for a screen; a null image where it cannot be read."""
    try:
        image = open_rgb(path, at_least=_SCREEN // 2, at_most=_SCREEN)
    except ImageError:
        return path, QImage()
    return path, to_image(np.asarray(image))
