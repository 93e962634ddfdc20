"""What is in something dropped or pasted: files, an image, or an address on the web."""

import html
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from trainer.data.image_names import looks_like_image
from trainer.storage import temporary_files

_WEB = ("http", "https", "ftp")
_MOST_LINES = 10_000
_LONGEST_PATH = 4096
_MOST_IMAGES = 50
_IMAGE = re.compile(
    r"""<img\b[^>]{0,2000}?\bsrc\s*=\s*(?:"([^"]+)"|'([^']+)'|([^\s>"']+))""", re.IGNORECASE
)
"""An image's tag, up to its address."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """All that can be taken from it."""

    files: tuple[Path, ...] = ()
    images: tuple[QImage | str, ...] = ()
    """Images themselves: as pixels, or as a ``data:`` address."""
    is_on_the_web: bool = False
    """Whether there is nothing but an address, which is not fetched."""


def may_hold_images(data: QMimeData) -> bool:
    """Whether it is worth offering to take it; looks no further than needed while it is dragged."""
    if data.hasUrls() or data.hasImage() or data.hasHtml():
        return True
    return data.hasText() and _address(data.text()[:_LONGEST_PATH].partition("\n")[0]) is not None


def first_file(data: QMimeData) -> Path | None:
    """The first file or folder of what was dropped; None where there is none."""
    return next(iter(local_files(data)), None)


def local_files(data: QMimeData) -> tuple[Path, ...]:
    """All files and folders of what was dropped."""
    return tuple(Path(name) for url in data.urls() if (name := url.toLocalFile()))


def dropped_files(data: QMimeData) -> tuple[Path, ...]:
    """All files and folders of what is dropped now. Other programs may delete them as soon as the
    drop has ended: they can be read all the same."""
    files = local_files(data)
    temporary_files.keep(files, looks_like_image)
    return files


def take_apart(data: QMimeData) -> Dropped:
    """Find files and images in what a file manager, a browser, an editor or a terminal gives."""
    addresses = data.urls() or _addresses_in(data.text() if data.hasText() else "")
    files = tuple(Path(url.toLocalFile()) for url in addresses if url.toLocalFile())
    if files:
        temporary_files.keep(files, looks_like_image)
        return Dropped(files)
    images = _embedded_in(addresses)
    if images:
        return Dropped(images=images)
    # Browsers give the image's address, and often the image itself as well: as pixels, or in the
    # page's own words.
    image = data.imageData() if data.hasImage() else None
    if isinstance(image, QImage) and not image.isNull():
        return Dropped(images=(image,))
    shown = _images_in(data.html()) if data.hasHtml() else []
    images = _embedded_in(shown)
    if images:
        return Dropped(images=images)
    return Dropped(is_on_the_web=any(url.scheme() in _WEB for url in (*addresses, *shown)))


def _embedded_in(addresses: Iterable[QUrl]) -> tuple[str, ...]:
    """Those of *addresses* that hold an image themselves."""
    texts = (
        url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
        for url in addresses
        if url.scheme() == "data"
    )
    return tuple(text for text in texts if text.startswith("data:image/") and "," in text)


def _images_in(page: str) -> list[QUrl]:
    """The addresses of the first images in a piece of a page, which may be long: an image's address
    may be the image itself."""
    found = itertools.islice(_IMAGE.finditer(page), _MOST_IMAGES)
    return [QUrl(html.unescape(match[1] or match[2] or match[3]).strip()) for match in found]


def _addresses_in(text: str) -> list[QUrl]:
    """The addresses in a text that holds nothing else: what is copied from a program's source or a
    letter is none of our business."""
    lines = [line for line in text.splitlines()[:_MOST_LINES] if line.strip()]
    addresses = [_address(line) for line in lines]
    return [] if None in addresses else [address for address in addresses if address is not None]


def _address(line: str) -> QUrl | None:
    """The address that a line of text is, be it a path."""
    text = line.strip().strip("\"'")
    kind = text.partition(":")[0].lower()
    if kind in (*_WEB, "data"):
        return QUrl(text)
    if kind == "file":
        url = QUrl(text)
        return url if url.toLocalFile().strip("/") else None
    path = Path(text)
    if text.startswith("~/"):
        path = Path.home() / text[2:]
    is_path = path.is_absolute() and path != Path(path.anchor) and not text.startswith(("//", "/*"))
    return QUrl.fromLocalFile(str(path)) if is_path else None
