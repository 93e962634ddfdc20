"""What is in something dropped or pasted: files, a picture, or an address on the web."""

import binascii
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

_WEB = ("http", "https", "ftp")
_MOST_LINES = 10_000


@dataclass(frozen=True, slots=True)
class Dropped:
    """All that can be taken from it."""

    files: tuple[Path, ...] = ()
    pictures: tuple[QImage | bytes, ...] = ()
    """Pictures themselves: as pixels, or the bytes of a file."""
    is_on_the_web: bool = False
    """Whether there is nothing but an address, which is not fetched."""


def may_hold_pictures(data: QMimeData) -> bool:
    """Whether it is worth offering to take it; looks no further than needed while it is dragged."""
    return data.hasUrls() or data.hasImage() or (data.hasText() and bool(_addresses(data)))


def take_apart(data: QMimeData) -> Dropped:
    """Find files and pictures in what a file manager, a browser, an editor or a terminal gives."""
    addresses = _addresses(data)
    files = tuple(Path(url.toLocalFile()) for url in addresses if url.isLocalFile())
    if files:
        return Dropped(files)
    embedded = tuple(_embedded(addresses))
    if embedded:
        return Dropped(pictures=embedded)
    # Browsers give the picture's address, and often the picture itself as well.
    picture = data.imageData() if data.hasImage() else None
    if isinstance(picture, QImage) and not picture.isNull():
        return Dropped(pictures=(picture,))
    return Dropped(is_on_the_web=any(url.scheme() in _WEB for url in addresses))


def _addresses(data: QMimeData) -> list[QUrl]:
    urls = data.urls()
    if urls or not data.hasText():
        return urls
    lines = (line.strip().strip("\"'") for line in data.text().splitlines()[:_MOST_LINES])
    return [url for line in lines if (url := _address(line)) is not None]


def _address(line: str) -> QUrl | None:
    """The address that a line of text is, be it a path."""
    if line.startswith("~"):
        return QUrl.fromLocalFile(str(Path(line).expanduser()))
    if Path(line).is_absolute():
        return QUrl.fromLocalFile(line)
    if line.partition(":")[0].lower() in (*_WEB, "file", "data"):
        return QUrl(line)
    return None


def _embedded(addresses: list[QUrl]) -> Iterator[bytes]:
    for url in addresses:
        if url.scheme() != "data":
            continue
        kind, comma, content = url.toString(QUrl.ComponentFormattingOption.FullyEncoded).partition(
            ","
        )
        if not comma or "image/" not in kind:
            continue
        try:
            plain = unquote_to_bytes(content)
            yield b64decode(plain, validate=False) if ";base64" in kind else plain
        except binascii.Error:
            continue
