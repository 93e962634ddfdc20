"""HEIC photos, decoded by the FFmpeg that is part of OpenCV: why is in docs/adr/0015.

Sources: ISO/IEC 14496-12 (boxes), 23008-12 (items and their properties), 14496-15 (how they hold
HEVC), and Rec. ITU-T H.265 (what is read of HEVC itself).
"""

import io
import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from trainer.data.colours import PROFILE

_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
"""Of files that are built alike, and that Pillow reads."""
_HEVC = frozenset({b"hvc1", b"hev1"})
_PARAMETER_SETS = range(32, 35)
"""The kinds of HEVC's units that say what a picture is like: VPS, SPS, PPS."""
_SPS = 33
_START = b"\0\0\0\1"
_TURNS = {
    1: Image.Transpose.ROTATE_90,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_270,
}
_MIRRORED = (Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.FLIP_LEFT_RIGHT)


class HeicError(Exception):
    """A file is damaged, or of a kind of HEIC that is not read."""


def is_heic(data: bytes) -> bool:
    """Whether a file begins as HEIC photos do, whatever its name."""
    if data[4:8] != b"ftyp":
        return False
    end = min(int.from_bytes(data[:4]), 256)
    brands = {data[at : at + 4] for at in range(8, end, 4)}
    return bool(brands & _BRANDS) and not brands & _AVIF_BRANDS


@dataclass(frozen=True, slots=True)
class _Property:
    kind: bytes
    body: bytes


@dataclass(slots=True)
class _Item:
    kind: bytes = b""
    extents: list[tuple[int, int]] = field(default_factory=list)
    """Where its bytes are in the file: offset and length."""
    parts: list[int] = field(default_factory=list)
    """The items that it is made of."""
    properties: list[_Property] = field(default_factory=list)

    def find(self, kind: bytes) -> bytes | None:
        """The body of its first property of a kind."""
        return next((each.body for each in self.properties if each.kind == kind), None)


class HeicFile:
    """What a HEIC file says of its photo, and the photo. Other photos in it are passed over."""

    def __init__(self, data: bytes) -> None:
        """Read all but the pixels.

        Raises:
            HeicError: it is damaged, or its photo is not stored as HEVC.
        """
        self._data = data
        try:
            self._items, primary = _read_items(data)
            self._photo = self._items[primary]
            size = self._photo.find(b"ispe")
            self.size: tuple[int, int] = struct.unpack(">II", (size or b"")[4:12])
            """Width and height, before it is turned upright."""
        except (struct.error, IndexError, KeyError) as error:
            raise HeicError("its boxes do not fit together") from error

    def read(self) -> Image.Image:
        """The photo, RGB and upright, with its profile.

        Raises:
            HeicError: it is damaged, or not stored as HEVC.
        """
        try:
            image = self._pixels()
        except (struct.error, IndexError, KeyError) as error:
            raise HeicError("its boxes do not fit together") from error
        for each in self._photo.properties:
            if each.kind == b"irot" and each.body[0] & 3:
                image = image.transpose(_TURNS[each.body[0] & 3])
            elif each.kind == b"imir":
                image = image.transpose(_MIRRORED[each.body[0] & 1])
            elif each.kind == b"clap":
                image = image.crop(_clean_aperture(each.body, image.size))
        profile = self._profile()
        if profile:
            image.info[PROFILE] = profile
        return image

    def _pixels(self) -> Image.Image:
        width, height = self.size
        if self._photo.kind in _HEVC:
            return Image.fromarray(_decode([self._stream(self._photo)], self.size)[0])
        if self._photo.kind != b"grid":
            kind = self._photo.kind.decode("latin-1")
            raise HeicError(f"its photo is stored as “{kind}”")
        rows, columns, size = _read_grid(self._content(self._photo))
        tiles = [self._items[number] for number in self._photo.parts]
        tile_size: tuple[int, int] = struct.unpack(">II", (tiles[0].find(b"ispe") or b"")[4:12])
        covered = (columns * tile_size[0], rows * tile_size[1])
        fits = all(
            total - one < wanted <= total
            for total, one, wanted in zip(covered, tile_size, size, strict=True)
        )
        if size != self.size or len(tiles) != rows * columns or not fits:
            raise HeicError("its tiles do not fit together")
        image = Image.new("RGB", (width, height))
        decoded = _decode([self._stream(tile) for tile in tiles], tile_size)
        for number, tile in enumerate(decoded):
            row, column = divmod(number, columns)
            place = (column * tile_size[0], row * tile_size[1])
            image.paste(Image.fromarray(tile), place)
        return image

    def _content(self, item: _Item) -> bytes:
        return b"".join(self._data[offset : offset + length] for offset, length in item.extents)

    def _stream(self, item: _Item) -> bytes:
        """A picture as a stream of HEVC (H.265, annex B)."""
        settings = item.find(b"hvcC")
        if item.kind not in _HEVC or settings is None:
            raise HeicError("its photo is not stored as HEVC")
        units = _parameter_sets(settings)
        limit = struct.unpack(">II", (item.find(b"ispe") or b"")[4:12])
        for unit in units:
            # A picture of few bytes could claim to be huge, whatever the file says of its size.
            if _kind_of(unit) == _SPS and any(
                coded > stated + 256 for coded, stated in zip(_coded_size(unit), limit, strict=True)
            ):
                raise HeicError("its pictures are larger than it says")
        content = self._content(item)
        length_bytes = (settings[21] & 3) + 1
        at = 0
        while at < len(content):
            length = int.from_bytes(content[at : at + length_bytes])
            at += length_bytes
            if length == 0 or at + length > len(content):
                raise HeicError("it is cut off")
            unit = content[at : at + length]
            if _kind_of(unit) not in _PARAMETER_SETS:
                units.append(unit)
            at += length
        return b"".join(_START + unit for unit in units)

    def _profile(self) -> bytes | None:
        sources = [self._photo, *(self._items[number] for number in self._photo.parts[:1])]
        for item in sources:
            for each in item.properties:
                if each.kind == b"colr" and each.body[:4] in {b"prof", b"rICC"}:
                    return each.body[4:]
        return None


def _decode(streams: Sequence[bytes], size: tuple[int, int]) -> list[np.ndarray]:
    """Decode pictures of one size, a stream each, to RGB, uint8 (height, width, 3)."""
    # FFmpeg tells standard error of every damaged picture, unless this is set before it starts.
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    import cv2  # No other photo waits for it.

    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    options = [
        *(cv2.CAP_PROP_N_THREADS, 1),
        *(cv2.CAP_PROP_HW_ACCELERATION, cv2.VIDEO_ACCELERATION_NONE),
    ]
    stream = io.BytesIO(b"".join(streams))
    # Not released by hand: OpenCV would let go of the stream without holding Python's lock.
    video = cv2.VideoCapture(stream, cv2.CAP_FFMPEG, options)  # type: ignore[call-overload]
    width, height = size
    pictures = []
    for _ in streams:
        found, picture = video.read()
        if not found or picture.shape[0] < height or picture.shape[1] < width:
            raise HeicError("it is cut off")
        pictures.append(np.ascontiguousarray(picture[:height, :width, ::-1]))
    return pictures


def _read_items(data: bytes) -> tuple[dict[int, _Item], int]:
    """The file's items by their numbers, and which of them is the photo."""
    meta = next((body for kind, body in _boxes(data, 0, len(data)) if kind == b"meta"), None)
    if meta is None:
        raise HeicError("it holds no photo")
    boxes = dict(_boxes(data, meta[0] + 4, meta[1]))
    items: dict[int, _Item] = {}
    _read_kinds(_Reader(data, *boxes[b"iinf"]), items)
    _read_places(_Reader(data, *boxes[b"iloc"]), items, boxes.get(b"idat", (0, 0))[0])
    if b"iref" in boxes:
        _read_parts(data, *boxes[b"iref"], items)
    _read_properties(data, *boxes[b"iprp"], items)
    reader = _Reader(data, *boxes[b"pitm"])
    version, _ = reader.version()
    return items, reader.number(4 if version else 2)


def _read_kinds(reader: "_Reader", items: dict[int, _Item]) -> None:
    version, _ = reader.version()
    reader.number(4 if version else 2)
    for kind, body in _boxes(reader.data, reader.at, reader.end):
        entry = _Reader(reader.data, *body)
        version, _ = entry.version()
        if kind == b"infe" and version >= 2:
            item = items.setdefault(entry.number(4 if version == 3 else 2), _Item())
            entry.number(2)
            item.kind = entry.take(4)


def _read_places(reader: "_Reader", items: dict[int, _Item], idat: int) -> None:
    version, _ = reader.version()
    sizes = reader.number(2)
    offset_bytes, length_bytes, base_bytes, index_bytes = (
        sizes >> shift & 15 for shift in (12, 8, 4, 0)
    )
    wide = 4 if version == 2 else 2
    for _ in range(reader.number(wide)):
        item = items.setdefault(reader.number(wide), _Item())
        method = reader.number(2) & 15 if version else 0
        reader.number(2)
        start = reader.number(base_bytes) + (idat if method == 1 else 0)
        for _ in range(reader.number(2)):
            reader.number(index_bytes if version else 0)
            offset = reader.number(offset_bytes)
            item.extents.append((start + offset, reader.number(length_bytes)))


def _read_parts(data: bytes, start: int, end: int, items: dict[int, _Item]) -> None:
    reader = _Reader(data, start, end)
    version, _ = reader.version()
    wide = 4 if version else 2
    for kind, body in _boxes(data, reader.at, end):
        reference = _Reader(data, *body)
        item = items.setdefault(reference.number(wide), _Item())
        numbers = [reference.number(wide) for _ in range(reference.number(2))]
        if kind == b"dimg":
            item.parts = numbers


def _read_properties(data: bytes, start: int, end: int, items: dict[int, _Item]) -> None:
    boxes = list(_boxes(data, start, end))
    container = dict(boxes)[b"ipco"]
    properties = [_Property(kind, data[slice(*body)]) for kind, body in _boxes(data, *container)]
    for kind, body in boxes:
        if kind != b"ipma":
            continue
        reader = _Reader(data, *body)
        version, flags = reader.version()
        for _ in range(reader.number(4)):
            item = items.setdefault(reader.number(4 if version else 2), _Item())
            for _ in range(reader.number(1)):
                index = reader.number(2) & 0x7FFF if flags & 1 else reader.number(1) & 0x7F
                if index:
                    item.properties.append(properties[index - 1])


def _read_grid(content: bytes) -> tuple[int, int, tuple[int, int]]:
    """Rows, columns, and the size of the whole."""
    rows, columns = content[2] + 1, content[3] + 1
    width, height = struct.unpack(">II" if content[1] & 1 else ">HH", content[4:])
    return rows, columns, (width, height)


def _clean_aperture(body: bytes, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The box of what is to be seen of a picture."""
    values = struct.unpack(">8i", body[:32])
    wide, high, x, y = (a / b if b else 0.0 for a, b in zip(values[::2], values[1::2], strict=True))
    left = round((size[0] - wide) / 2 + x)
    top = round((size[1] - high) / 2 + y)
    box = (left, top, left + round(wide), top + round(high))
    if left < 0 or top < 0 or box[2] > size[0] or box[3] > size[1] or min(wide, high) < 1:
        raise HeicError("its frame does not fit")
    return box


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """The kinds of the boxes in a part of the file, and where their bodies begin and end."""
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, start)
        body = start + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, body)
            body += 8
        stop = start + size if size else end
        if stop < body or stop > end:
            raise HeicError("it is cut off")
        yield kind, (body, stop)
        start = stop


class _Reader:
    """Reads whole numbers, one after another."""

    def __init__(self, data: bytes, start: int, end: int) -> None:
        self.data = data
        self.at = start
        self.end = end

    def take(self, count: int) -> bytes:
        if self.at + count > self.end:
            raise HeicError("it is cut off")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, byte_count: int) -> int:
        return int.from_bytes(self.take(byte_count))

    def version(self) -> tuple[int, int]:
        """Version and flags, with which many boxes begin."""
        return self.number(1), self.number(3)


def _kind_of(unit: bytes) -> int:
    return unit[0] >> 1 & 63


def _parameter_sets(settings: bytes) -> list[bytes]:
    """The units in a decoder's configuration (``hvcC``)."""
    reader = _Reader(settings, 22, len(settings))
    units = []
    for _ in range(reader.number(1)):
        reader.number(1)
        units += [reader.take(reader.number(2)) for _ in range(reader.number(2))]
    return [unit for unit in units if len(unit) > 2]


def _coded_size(sps: bytes) -> tuple[int, int]:
    """Width and height of the pictures that a sequence parameter set is of (H.265, 7.3.2.2)."""
    plain = sps[2:].replace(b"\0\0\3", b"\0\0")
    bits = _Bits(plain)
    bits.skip(4)
    sub_layers = bits.number(3)
    bits.skip(1 + 96)
    if sub_layers:
        present = [(bits.number(1), bits.number(1)) for _ in range(8)][:sub_layers]
        bits.skip(sum(88 * profile + 8 * level for profile, level in present))
    bits.golomb()
    if bits.golomb() == 3:
        bits.skip(1)
    return bits.golomb(), bits.golomb()


class _Bits:
    def __init__(self, data: bytes) -> None:
        self._bits = "".join(f"{byte:08b}" for byte in data)
        self._at = 0

    def skip(self, count: int) -> None:
        self._at += count

    def number(self, count: int) -> int:
        self._at += count
        return int(self._bits[self._at - count : self._at] or "0", 2)

    def golomb(self) -> int:
        """An unsigned number as Exp-Golomb codes it."""
        one = self._bits.find("1", self._at)
        if one < 0:
            raise HeicError("it is damaged")
        zeros = one - self._at
        self._at = one
        return self.number(zeros + 1) - 1
