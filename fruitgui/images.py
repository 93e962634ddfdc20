"""Between arrays and QImages: the only place that knows how."""

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage


def to_image(array: np.ndarray) -> QImage:
    """A QImage that owns its pixels, of an RGB array, uint8 (H, W, 3)."""
    height, width, _ = array.shape
    contiguous = np.ascontiguousarray(array)
    return QImage(
        contiguous.data, width, height, contiguous.strides[0], QImage.Format.Format_RGB888
    ).copy()


def to_array(image: QImage) -> np.ndarray:
    """An RGB array of its own, uint8 (H, W, 3), of a QImage."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return rows[:, : rgb.width() * 3].reshape(rgb.height(), rgb.width(), 3).copy()


def cover(image: QImage, width: int, height: int) -> QImage:
    """Shrink or enlarge *image* to fill *width* × *height* pixels, and cut off what juts out."""
    scaled = image.scaled(
        width,
        height,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    left, top = (scaled.width() - width) // 2, (scaled.height() - height) // 2
    return scaled.copy(QRect(left, top, width, height))
