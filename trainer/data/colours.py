"""From whatever colours an image is stored in to sRGB, 8 bits a channel."""

import functools
import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageCms

PROFILE = "icc_profile"
"""Where Pillow keeps an image's profile, among its ``info``."""

_LARGEST_PROFILE = 4 * 2**20
"""Bytes. Those of printing presses take two or three million; what is larger is passed over."""
_UNSEEN = 2
"""Of 255. What changes colours by no more is not worth its time; most photos carry such."""

_GREY_MODES = frozenset({"1", "L", "LA"})
_DEEP_MODES = frozenset({"I;16", "I;16B", "I;16L", "I;16N", "I", "F"})
_WHITES = (255, 1023, 4095, 16383, 65535)
"""The largest values of 8, 10, 12, 14 and 16 bits."""
_LARGEST_VALUE_TAGS = (341, 281)
"""TIFF's SMaxSampleValue and MaxSampleValue."""


def to_rgb(image: Image.Image) -> Image.Image:
    """An image of any mode as RGB, 8 bits a channel. It loses its profile.

    Palettes are looked up, transparency is laid on white, values of more than 8 bits are scaled by
    the bits in use, and colours are converted by the image's profile. Only where that is needed
    for an opaque RGB image, it keeps its colours and its profile: :func:`to_srgb` converts them,
    which costs less once the image has been shrunk.
    """
    stored = image.info.pop(PROFILE, None)
    profile = _read_profile(stored) if stored else None
    if image.mode in _DEEP_MODES:
        image = _eight_bit_grey(image)
    alpha = image.convert("RGBA").getchannel("A") if image.has_transparency_data else None
    if profile is None or not profile.fits(image.mode):
        colours = image.convert("RGB")
    elif profile.mode == "RGB" and alpha is None:
        colours = image.convert("RGB")
        colours.info[PROFILE] = stored
    else:
        colours = profile.convert(image.convert(profile.mode))
    if alpha is None:
        return colours
    on_white = Image.new("RGB", image.size, "white")
    on_white.paste(colours, mask=alpha)
    return on_white


def to_srgb(image: Image.Image) -> Image.Image:
    """An RGB image in sRGB: as it is, if it has no profile that says otherwise."""
    stored = image.info.pop(PROFILE, None)
    profile = _read_profile(stored) if stored else None
    return image if profile is None or profile.mode != "RGB" else profile.convert(image)


@dataclass(frozen=True, slots=True, eq=False)
class _Profile:
    """What an ICC profile says of colours."""

    mode: str
    """Pillow's mode of the colours that it is of: RGB, L or CMYK."""
    transform: ImageCms.ImageCmsTransform

    def fits(self, mode: str) -> bool:
        """Whether it can be of an image of that mode."""
        match self.mode:
            case "L":
                return mode in _GREY_MODES
            case "CMYK":
                return mode == "CMYK"
        # Editors leave RGB profiles in grey photos.
        return mode not in {"CMYK", "LAB"}

    def convert(self, image: Image.Image) -> Image.Image:
        """An image of the profile's mode as sRGB."""
        converted = self.transform.apply(image)
        converted.info = {key: value for key, value in image.info.items() if key != PROFILE}
        return converted


# Photos of one camera have one profile, to the byte.
@functools.lru_cache(maxsize=16)
def _read_profile(stored: bytes) -> _Profile | None:
    """None where a profile is broken, of colours that are no image's, or as good as sRGB."""
    if len(stored) > _LARGEST_PROFILE:
        return None
    try:
        read = ImageCms.ImageCmsProfile(io.BytesIO(stored))
        mode = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}[read.profile.xcolor_space.strip()]
        srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
        profile = _Profile(mode, ImageCms.ImageCmsTransform(read, srgb, mode, "RGB"))
        is_srgb = mode != "CMYK" and _changes_nothing(profile)
    except Exception:  # noqa: BLE001
        # LittleCMS and Pillow raise several types, and KeyError is of the line above.
        return None
    return None if is_srgb else profile


def _changes_nothing(profile: _Profile) -> bool:
    steps = np.arange(0, 256, 15, dtype=np.uint8)
    red, green, blue = np.meshgrid(steps, steps, steps)
    colours = np.stack([red, green, blue], axis=-1).reshape(len(steps), -1, 3)
    before = Image.fromarray(colours).convert(profile.mode)
    after = np.asarray(profile.convert(before), np.int16)
    return int(np.abs(after - np.asarray(before.convert("RGB"))).max()) <= _UNSEEN


def white_in_use(largest: float) -> float:
    """The value that is white in whole numbers up to *largest*: cameras and scanners write 10, 12
    or 14 bits as they are into files of 16."""
    return next((white for white in _WHITES if largest <= white), largest)


def _eight_bit_grey(image: Image.Image) -> Image.Image:
    """Scale grey values of more than 8 bits, or floats: L, or LA where some are transparent."""
    values = np.asarray(image)
    if values.dtype.kind == "f":
        scaled = np.nan_to_num(values.astype(np.float64))
        largest = scaled.max(initial=0)
        white = 1.0 if largest <= 1 else max(255.0, largest)
    else:
        scaled = values.astype(np.float64)
        largest = scaled.max(initial=0)
        white = _declared_white(image, largest) or white_in_use(largest)
    grey = Image.fromarray(to_eight_bits(scaled, white))
    transparent = image.info.get("transparency")
    if isinstance(transparent, int):
        grey.putalpha(Image.fromarray(np.where(values == transparent, 0, 255).astype(np.uint8)))
    return grey


def to_eight_bits(values: np.ndarray, white: float) -> np.ndarray:
    """Scale values of any shape so that *white* becomes 255: uint8."""
    return np.clip(values * (255.0 / white) + 0.5, 0, 255).astype(np.uint8)


def _declared_white(image: Image.Image, largest: float) -> float | None:
    """What a TIFF says that its largest value may be, if that can be true."""
    tags = getattr(image, "tag_v2", {})
    for tag in _LARGEST_VALUE_TAGS:
        declared = tags.get(tag)
        declared = declared[0] if isinstance(declared, tuple) and declared else declared
        if isinstance(declared, int) and declared >= max(1, largest):
            return float(declared)
    return None


def has_unused_bits(image: Image.Image) -> bool:
    """Whether an image of 16 bits a channel, of which Pillow keeps the upper 8, uses no more than
    14: :func:`read_bits_in_use` reads it better."""
    return int(np.asarray(image)[..., :3].max(initial=0)) < 64


def read_bits_in_use(data: bytes) -> Image.Image:
    """Read a PNG or TIFF of 16 bits a channel, and scale colours and alpha by the bits in use.

    Raises:
        ValueError: OpenCV cannot read it.
    """
    import cv2  # No other photo waits for it.

    values = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if values is None or values.ndim != 3:
        raise ValueError("no colours")
    colours = values[..., 2::-1]
    parts = [to_eight_bits(colours, white_in_use(float(colours.max())))]
    if values.shape[2] == 4:
        alpha = values[..., 3:]
        parts.append(to_eight_bits(alpha, white_in_use(float(alpha.max()))))
    return Image.fromarray(np.concatenate(parts, axis=2))
