"""Line icons in the colours of the theme."""

from functools import cache

from PySide6.QtCore import QByteArray, QFile, QIODevice, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

_SIZES = (16, 20, 24, 32, 48, 64, 96)
_DRAWN_IN = "#000"
"""The stroke colour in the files, which the wanted colour takes the place of."""


@cache
def icon(name: str, colour: str) -> QIcon:
    """The icon ``assets/icons/NAME.svg``, drawn in *colour* (``#rrggbb``) at all usual sizes."""
    result = QIcon()
    for size in _SIZES:
        result.addPixmap(pixmap(name, colour, size))
    return result


def pixmap(name: str, colour: str, size: int, scale: float = 1.0) -> QPixmap:
    """The icon at *size* device-independent pixels, on a screen of *scale* pixels each."""
    file = QFile(f":/icons/{name}.svg")
    if not file.open(QIODevice.OpenModeFlag.ReadOnly):
        raise LookupError(f"there is no icon {name!r}")
    source = bytes(file.readAll().data()).replace(_DRAWN_IN.encode(), colour.encode())
    side = round(size * scale)
    result = QPixmap(QSize(side, side))
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    QSvgRenderer(QByteArray(source)).render(painter)
    painter.end()
    result.setDevicePixelRatio(scale)
    return result


def application_icon() -> QIcon:
    return QIcon(":/icons/app.svg")
