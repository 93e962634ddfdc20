"""Thumbnails that are asked for as they are painted, and kept as long as there is room."""

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QImage

_KEPT_BYTES = 96 * 2**20
"""What thumbnails may take of memory."""


class KeptThumbnails:
    """The thumbnails of the photos that were in sight last."""

    def __init__(self, request: Callable[[Path], None]) -> None:
        """Args: what asks for a photo's thumbnail, which is to be given to :meth:`keep`."""
        self._request = request
        self._images: OrderedDict[Path, QImage] = OrderedDict()
        self._bytes = 0

    def keep(self, path: Path, thumbnail: QImage) -> None:
        """Take a thumbnail that was requested; null where there can be none."""
        before = self._images.pop(path, None)
        self._images[path] = thumbnail
        self._bytes += thumbnail.sizeInBytes() - (before.sizeInBytes() if before else 0)
        while self._bytes > _KEPT_BYTES:
            _, oldest = self._images.popitem(last=False)
            self._bytes -= oldest.sizeInBytes()

    def get(self, path: Path) -> QImage | None:
        """The thumbnail, if it has been made."""
        return self._images.get(path)

    def wanted(self, path: Path) -> QImage | None:
        """The same; one that has not been made is asked for."""
        image = self._images.get(path)
        if image is None:
            self._request(path)
        return image
