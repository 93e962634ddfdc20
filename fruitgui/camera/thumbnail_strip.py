"""A row of small images, the newest last."""

from collections import deque
from collections.abc import Iterable

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fruitgui import theme

_SIDE = 44
_GAP = 6


class ThumbnailStrip(QWidget):
    """Shows the newest images that it was given, as many as fit."""

    def __init__(self, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most = most
        self._images: deque[QImage] = deque(maxlen=most)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def count(self) -> int:
        return len(self._images)

    def show_images(self, images: Iterable[QImage]) -> None:
        self._images = deque(images, maxlen=self._most)
        self.update()

    def add(self, image: QImage) -> None:
        self._images.append(image)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._most * (_SIDE + _GAP) - _GAP, _SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for number in range(self._most):
            place = QRectF(number * (_SIDE + _GAP), 0, _SIDE, _SIDE)
            path = QPainterPath()
            path.addRoundedRect(place, 6, 6)
            if number < len(self._images):
                painter.setClipPath(path)
                painter.drawImage(place, self._images[number])
                painter.setClipping(False)
            else:
                painter.fillPath(path, QColor(theme.colours().track))
