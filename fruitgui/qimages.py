"""Between arrays and QImages: the only place that knows how."""

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter

_LONGEST_HEAT = 1024
"""Pixels of the longer side of a heat map, however long a photo is."""
_HEAT_COLOURS = np.array(
    [[40, 60, 160], [30, 150, 170], [250, 220, 70], [250, 130, 30], [210, 20, 30]], dtype=np.float32
)


def to_image(array: np.ndarray) -> QImage:
    """A QImage that owns its pixels, of an RGB array, uint8 (H, W, 3)."""
    height, width, _ = array.shape
    contiguous = np.ascontiguousarray(array)
    return QImage(
        contiguous.data, width, height, contiguous.strides[0], QImage.Format.Format_RGB888
    ).copy()


def to_screen_image(array: np.ndarray) -> QImage:
    """The same of a BGRA array, uint8 (H, W, 4), in the format that screens take without
    converting it."""
    height, width, _ = array.shape
    contiguous = np.ascontiguousarray(array)
    return QImage(
        contiguous.data, width, height, contiguous.strides[0], QImage.Format.Format_RGB32
    ).copy()


def to_grey_image(array: np.ndarray) -> QImage:
    """A grey QImage that owns its pixels, of an array, uint8 (H, W)."""
    height, width = array.shape
    contiguous = np.ascontiguousarray(array)
    return QImage(
        contiguous.data, width, height, contiguous.strides[0], QImage.Format.Format_Grayscale8
    ).copy()


def extended(square: QImage, width: int, height: int) -> QImage:
    """*square* as the middle of a black image with the aspect ratio of *width* by *height*."""
    scale = min(square.width() / min(width, height), _LONGEST_HEAT / max(width, height))
    side = max(1, round(min(width, height) * scale))
    square = square.scaled(side, side)
    result = QImage(max(1, round(width * scale)), max(1, round(height * scale)), square.format())
    result.fill(Qt.GlobalColor.black)
    painter = QPainter(result)
    painter.drawImage(
        (result.width() - square.width()) // 2, (result.height() - square.height()) // 2, square
    )
    painter.end()
    return result


def heat_overlay(heat: QImage, width: int, height: int) -> QImage:
    """A heat map in colours, the transparent more the colder, enlarged to *width* × *height*."""
    side = heat.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(side.constBits(), np.uint8).reshape(side.height(), side.bytesPerLine())
    warmth = rows[:, : side.width()].astype(np.float32) / 255
    # From blue through yellow to red, in steps of colour that are told apart by brightness too.
    stops = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    channels = [np.interp(warmth, stops, _HEAT_COLOURS[:, c]) for c in range(3)]
    alpha = np.clip(warmth * 2.2, 0, 0.85) * 255
    rgba = np.ascontiguousarray(np.stack([*channels, alpha], axis=2).astype(np.uint8))
    image = QImage(
        rgba.data, side.width(), side.height(), rgba.strides[0], QImage.Format.Format_RGBA8888
    ).copy()
    return image.scaled(
        width,
        height,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


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
