"""Zips of small photos."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from PIL import Image


def zip_of(archive: Path, photos: Mapping[str, str]) -> Path:
    """A zip with a photo of one colour at each of these places."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive, "w") as packed:
        for place, colour in photos.items():
            content = BytesIO()
            Image.new("RGB", (8, 8), colour).save(content, "PNG")
            packed.writestr(place, content.getvalue())
    return archive
