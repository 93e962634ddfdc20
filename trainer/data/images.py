"""From a file of any kind that Pillow opens to an upright RGB image."""

import io
import os
import warnings
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from trainer.data.zips import bring_back
from trainer.errors import ImageError

# Pillow warns of a decompression bomb where we refuse one (see open_rgb); once is enough.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)

MAX_PIXELS = 250_000_000
"""An image with more pixels is refused unread: no camera takes such, but bombs are made so."""

MAX_FILE_BYTES = 2**30
"""A file with more bytes is refused unread, since it is read whole."""

# Else Pillow refuses what large sensors take, from 179 million pixels on.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes an image upright, by its EXIF orientation."""

_SIXTEEN_BIT_MODES = frozenset({"I;16", "I;16B", "I;16L", "I;16N"})


def open_rgb(
    source: Path | bytes, at_least: int | None = None, name: Path | None = None
) -> Image.Image:
    """Read an image as upright RGB, 8 bits a channel.

    Palettes are looked up, transparency is laid on white, 16-bit and floating-point values are
    scaled, CMYK is converted, an animation gives its first frame, and the EXIF orientation is
    applied.

    Args:
        source: a file, or the bytes of one.
        at_least: a JPEG may be decoded at a reduced scale whose short side has no fewer than twice
            this many pixels, several times as fast; None decodes it whole.
        name: the file that bytes are of, to tell why they are no image.

    Raises:
        ImageError: it is missing, no image, cut off, or too large.
    """
    try:
        data = source if isinstance(source, bytes) else read_file(source)
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ImageError(
                    "The picture is too large ({width}×{height}). Shrink it and try again.",
                    width=image.width,
                    height=image.height,
                )
            if at_least is not None:
                _reduce_while_decoding(image, 2 * at_least)
            image.load()
            turn = _TURNS.get(_orientation(image))
            upright = _to_rgb(image)
            return upright if turn is None else upright.transpose(turn)
    except ImageError:
        raise
    except UnidentifiedImageError:
        raise _unknown_format(source if isinstance(source, Path) else name) from None
    except Image.DecompressionBombError:
        raise ImageError("The picture is too large. Shrink it and try again.") from None
    except Exception as error:
        # Pillow's decoders raise nearly every type there is on damaged files (SyntaxError,
        # struct.error, IndexError …); whatever it is, the image cannot be read.
        raise ImageError(
            "The picture is damaged ({detail}). Save it anew from its source.",
            detail=str(error) or type(error).__name__,
        ) from error


def image_kind(data: bytes) -> str:
    """The usual suffix of an image's format, without its dot; ``bin`` of what is no image."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            return (image.format or "bin").lower().replace("jpeg", "jpg")
    except Exception:  # noqa: BLE001
        # As in open_rgb, Pillow raises nearly every type there is.
        return "bin"


def read_file(path: Path) -> bytes:
    """The bytes of an image's file; where it lay in the caches, its zip is unpacked again if need
    be.

    Raises:
        ImageError: it is missing, empty, no file, or cannot be read.
    """
    try:
        if not path.exists():
            bring_back(path)
        if not path.is_file():
            # A pipe or a device would block for ever.
            if path.is_dir():
                raise ImageError("This is a folder, not a picture.")
            raise ImageError("There is no such file.")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ImageError("The picture is too large. Shrink it and try again.")
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and os.strerror(error.errno or 0)) or str(error)
        raise ImageError("The file cannot be read ({detail}).", detail=reason) from error
    if not data:
        raise ImageError("The file is empty.")
    return data


def _unknown_format(file: Path | None) -> ImageError:
    suffix = file.suffix.lower() if file else ""
    if suffix in {".heic", ".heif"}:
        return ImageError("HEIC photos are not supported. Save the photo as a JPEG and try again.")
    if suffix == ".zip":
        return ImageError(
            "The zip file is damaged or locked. Unpack it with another program, and try again."
        )
    return ImageError("This is not a picture, or of a kind that is not supported.")


def _reduce_while_decoding(image: Image.Image, short_side: int) -> None:
    shortest = min(image.size)
    if image.format in {"JPEG", "MPO"} and shortest > short_side:
        scale = short_side / shortest
        # draft() keeps both sides at least as large as asked for.
        image.draft("RGB", (int(image.width * scale), int(image.height * scale)))


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001
        # Cameras and editors write broken EXIF data beside sound images.
        return 1


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode in _SIXTEEN_BIT_MODES or image.mode in {"I", "F"}:
        return Image.fromarray(_eight_bit(np.asarray(image))).convert("RGB")
    if image.has_transparency_data:
        with_alpha = image.convert("RGBA")
        on_white = Image.new("RGB", image.size, "white")
        on_white.paste(with_alpha, mask=with_alpha.getchannel("A"))
        return on_white
    return image.convert("RGB")


def _eight_bit(values: np.ndarray) -> np.ndarray:
    """Scale grey values (H, W) of more than 8 bits, or floats, to uint8 (H, W)."""
    if values.dtype.kind == "f":
        values = np.nan_to_num(values.astype(np.float64))
        white = 1.0 if values.max(initial=0) <= 1 else 255.0
    else:
        values = values.astype(np.float64)
        white = 65535.0 if values.max(initial=0) > 255 else 255.0
    if white == 255.0 and values.max(initial=0) > 255:
        white = float(values.max())
    return np.clip(values * (255.0 / white) + 0.5, 0, 255).astype(np.uint8)
