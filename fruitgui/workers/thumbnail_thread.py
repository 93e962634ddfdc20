"""Small images of photos, made as they come into view."""

import threading
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtGui import QImage

from fruitgui.qimages import cover, to_image
from trainer.data.images import open_rgb
from trainer.errors import ImageError

_WAITING_AT_MOST = 200
"""Requests beyond it are of cards that have been scrolled out of view since."""


class ThumbnailThread(QThread):
    """Makes thumbnails, the last requested first; needs no torch.

    Signals:
        thumbnail_ready(Path, QImage): null where the photo cannot be read.
    """

    thumbnail_ready = Signal(object, QImage)

    def __init__(self, width: int, height: int, parent: QObject | None = None) -> None:
        """Args: the size of the thumbnails, in pixels of the screen."""
        super().__init__(parent)
        self._width, self._height = width, height
        self._changed = threading.Condition()
        self._waiting: list[Path] = []
        self._under_way: Path | None = None
        self._stopping = False

    def request(self, path: Path) -> None:
        """Ask for a thumbnail; asking again puts it first."""
        with self._changed:
            if path == self._under_way:
                return
            if path in self._waiting:
                self._waiting.remove(path)
            self._waiting.append(path)
            del self._waiting[:-_WAITING_AT_MOST]
            self._changed.notify()

    def shut_down(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self.wait()

    def run(self) -> None:
        while (path := self._next()) is not None:
            self.thumbnail_ready.emit(path, self._thumbnail(path))

    def _next(self) -> Path | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._stopping)
            self._under_way = None if self._stopping else self._waiting.pop()
            return self._under_way

    def _thumbnail(self, path: Path) -> QImage:
        try:
            # Shrunk in Pillow first, which is several times as fast as in Qt on large photos.
            side = max(self._width, self._height)
            image = open_rgb(path, at_least=side // 2, at_most=3 * side)
        except ImageError:
            return QImage()
        return cover(to_image(np.asarray(image)), self._width, self._height)
