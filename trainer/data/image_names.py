"""Which files are images by their names."""

from pathlib import Path

IMAGE_SUFFIXES = frozenset(
    ".jpg .jpeg .jpe .jfif .png .webp .gif .bmp .dib .tif .tiff .avif .avifs .heic .heif .hif "
    ".jp2 .j2k .jpx .ico .icns .ppm .pgm .pbm .pnm .tga .pcx .psd .qoi .dds .mpo .jxl".split()
)
"""JPEG XL is there to be told of: it cannot be read."""


def looks_like_image(path: Path) -> bool:
    """Whether the name is an image's; hidden files, as macOS leaves beside photos, are not."""
    return path.suffix.lower() in IMAGE_SUFFIXES and not path.name.startswith(".")
