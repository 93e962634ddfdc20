"""Images from the clipboard or a browser, which are files nowhere yet."""

import binascii
import hashlib
from base64 import b64decode
from collections.abc import Generator, Sequence
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter

from trainer import paths
from trainer.data.images import image_kind
from trainer.errors import ImageError, StorageError
from trainer.storage.atomic import replacing

_LONGEST_ADDRESS = 256 * 2**20


def keep_images(images: Sequence[QImage | str]) -> Generator[None, None, list[Path]]:
    """Write images from the clipboard or a browser, be they their own addresses, to the user's
    data; returns their files. The same image is kept once.

    Raises:
        ImageError: an address holds nothing, or far too much.
    """
    files = []
    for image in images:
        yield
        data = _embedded(image) if isinstance(image, str) else _png(image)
        name = hashlib.blake2b(data, digest_size=12).hexdigest()
        # The suffix is for people and their other programs: ours looks at the content.
        file = paths.captured_folder() / f"{name}.{image_kind(data)}"
        if file.exists():
            file.touch()  # It is called by when it was taken last.
        else:
            with replacing(file) as temporary:
                temporary.write_bytes(data)
        files.append(file)
    return files


def _embedded(address: str) -> bytes:
    """The image in a ``data:`` address."""
    if len(address) > _LONGEST_ADDRESS:
        raise ImageError("The picture is too large. Shrink it and try again.")
    kind, _, content = address.partition(",")
    try:
        plain = unquote_to_bytes(content)
        return b64decode(plain) if ";base64" in kind else plain
    except binascii.Error as error:
        raise ImageError(
            "The picture is damaged ({detail}). Save it again from the original.", detail=error
        ) from error


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"png"))
    if not writer.write(image):
        raise StorageError(
            "The picture could not be stored ({detail}). Make room on the disk.",
            detail=writer.errorString(),
        )
    return bytes(buffer.data().data())
