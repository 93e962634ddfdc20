"""From a photo's file, whatever its kind, to an upright RGB image."""

import io
import os
import warnings
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from trainer.data.colours import has_unused_bits, read_bits_in_use, to_rgb, to_srgb
from trainer.data.heic import HeicError, HeicFile, is_heic
from trainer.data.zips import bring_back
from trainer.errors import ImageError
from trainer.storage import temporary_files

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

_CUT_OFF = "cut_off"
"""Among an image's ``info``: that the end of its file is missing."""

_JPEG, _END_OF_JPEG = b"\xff\xd8", b"\xff\xd9"
_FILLED_IN = 128
"""Grey, which libjpeg fills in for what is missing."""
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG_XL = (b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n")


def open_rgb(
    source: Path | bytes,
    at_least: int | None = None,
    at_most: int | None = None,
    name: Path | None = None,
) -> Image.Image:
    """Read an image as upright sRGB, 8 bits a channel.

    Colours are converted by the image's ICC profile, one that is broken is passed over. Palettes
    are looked up, transparency is laid on white, values of more than 8 bits are scaled by the bits
    in use, an animation gives its first frame, and the orientation is applied. Of a JPEG that is
    cut off, what is whole is read: see :func:`is_cut_off`.

    Args:
        source: a file, or the bytes of one.
        at_least: a JPEG may be decoded at a reduced scale whose short side has no fewer than twice
            this many pixels, several times as fast; None decodes it whole.
        at_most: the image is shrunk until neither side has more pixels. It costs next to nothing
            here, and spares converting the colours of what is not wanted.
        name: the file that bytes are of, to tell why they are no image.

    Raises:
        ImageError: it is missing, no image, damaged, or too large.
    """
    image = open_upright(source, at_least, name)
    if at_most is not None:
        image.thumbnail((at_most, at_most))
    return to_srgb(image)


def open_upright(
    source: Path | bytes, at_least: int | None = None, name: Path | None = None
) -> Image.Image:
    """The same, but in its own colours where ``info`` has their profile: to be shrunk first, and
    converted then, by :func:`trainer.data.colours.to_srgb`."""
    data = source if isinstance(source, bytes) else read_file(source)
    try:
        if is_heic(data):
            return _read_heic(data)
        try:
            return _read(data, at_least)
        except (ValueError, UnidentifiedImageError):
            sound = _without_profile(data)
            if sound is None:
                raise
            return _read(sound, at_least)
    except ImageError:
        raise
    except UnidentifiedImageError:
        file = source if isinstance(source, Path) else name
        raise _unknown_format(data, file) from None
    except Image.DecompressionBombError:
        raise ImageError("The picture is too large. Shrink it and try again.") from None
    except Exception as error:
        # Pillow's decoders raise nearly every type there is on damaged files (SyntaxError,
        # struct.error, IndexError …); whatever it is, the image cannot be read.
        raise ImageError(
            "The picture is damaged ({detail}). Save it again from the original.",
            detail=str(error) or type(error).__name__,
        ) from error


def is_cut_off(image: Image.Image) -> bool:
    """Whether the end of the image's file is missing, so that it may be incomplete."""
    return _CUT_OFF in image.info


def _read(data: bytes, at_least: int | None) -> Image.Image:
    """Read what Pillow opens; whatever it raises is passed on."""
    try:
        image = _decode(data, at_least)
    except OSError:
        if not data.startswith(_JPEG):
            raise
        image = _whole_part(_decode(data + _END_OF_JPEG, at_least))
    turn = _TURNS.get(_orientation(image))
    upright = to_rgb(image)
    return upright if turn is None else upright.transpose(turn)


def _decode(data: bytes, at_least: int | None) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        _refuse_bomb(*image.size)
        if at_least is not None:
            _reduce_while_decoding(image, 2 * at_least)
        had_16_bits = any(";16" in str(tile.args) for tile in image.tile)
        image.load()
        if had_16_bits and image.mode in {"RGB", "RGBA"} and has_unused_bits(image):
            image.paste(read_bits_in_use(data).convert(image.mode))
        return image


def _whole_part(image: Image.Image) -> Image.Image:
    """What was read of a JPEG before its file ends, without what libjpeg filled in below.

    Raises:
        OSError: that is less than half of it.
    """
    filled_in = np.abs(np.asarray(image, np.int16) - _FILLED_IN) <= 1
    whole_rows = np.flatnonzero(~filled_in.reshape(image.height, -1).all(axis=1))
    whole = int(whole_rows.max(initial=-1)) + 1
    if whole < image.height / 2:
        raise OSError("less than half of it is there")
    part = image.crop((0, 0, image.width, whole))
    part.info[_CUT_OFF] = True
    return part


def _without_profile(data: bytes) -> bytes | None:
    """A PNG without its ICC profile, over which Pillow stumbles where it is damaged or a bomb;
    None where there is none to leave out."""
    if not data.startswith(_PNG):
        return None
    at = len(_PNG)
    while at + 8 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        if kind == b"iCCP":
            return data[:at] + data[at + 12 + length :]
        at += 12 + length
    return None


def _read_heic(data: bytes) -> Image.Image:
    try:
        file = HeicFile(data)
        _refuse_bomb(*file.size)
        _refuse_bomb(*file.decoded_size)
        return to_rgb(file.read())
    except HeicError as error:
        raise ImageError(
            "This HEIC photo is damaged, or of a rare kind. Save it as a JPEG and try again."
        ) from error


def _refuse_bomb(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise ImageError(
            "The picture is too large ({width}×{height}). Shrink it and try again.",
            width=width,
            height=height,
        )


def image_kind(data: bytes) -> str:
    """The usual suffix of an image's format, without its dot; ``bin`` of what is no image."""
    if is_heic(data):
        return "heic"
    try:
        with Image.open(io.BytesIO(data)) as image:
            return (image.format or "bin").lower().replace("jpeg", "jpg")
    except Exception:  # noqa: BLE001
        # As in open_rgb, Pillow raises nearly every type there is.
        return "bin"


def read_file(path: Path) -> bytes:
    """The bytes of an image's file; where it lay in the caches, its zip is unpacked again if need
    be, and where another program has deleted it that only lent it, what was kept of it is read.

    Raises:
        ImageError: it is missing, empty, no file, or cannot be read.
    """
    try:
        if not path.exists():
            bring_back(path)
        file = temporary_files.place_of(path)
        if not file.is_file():
            # A pipe or a device would block for ever.
            if file.is_dir():
                raise ImageError("This is a folder, not a picture.")
            raise ImageError("There is no such file.")
        if file.stat().st_size > MAX_FILE_BYTES:
            raise ImageError("The picture is too large. Shrink it and try again.")
        data = file.read_bytes()
        temporary_files.note_read(path)
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and os.strerror(error.errno or 0)) or str(error)
        raise ImageError("The file cannot be read ({detail}).", detail=reason) from error
    if not data:
        raise ImageError("The file is empty.")
    return data


def _unknown_format(data: bytes, file: Path | None) -> ImageError:
    if data.startswith(_JPEG_XL):
        return ImageError("JPEG XL cannot be read. Save the picture as a JPEG and try again.")
    if file and file.suffix.lower() == ".zip":
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
