"""The text of a file whose encoding nobody tells."""

import codecs
import re
from pathlib import Path

from trainer.errors import DatasetError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 4096
"""Bytes that tell UTF-16 without a mark."""
_PAIR = re.compile(rb"[\x81-\xfe][\x41-\xfe]")
_COMMON_HANGUL = re.compile(rb"[\xb0-\xc8][\xa1-\xfe]")
"""The 2350 syllables of KS X 1001, of which Korean text is nearly all made."""
_LEAST_HANGUL = 0.6
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How the files of Excel and its like begin: a zip, or an old compound file."""


def read_text(file: Path) -> str:
    """A text file as text, be it UTF-8, UTF-16, Korean or western Windows' encoding.

    Raises:
        DatasetError: it is not there, or no text.
    """
    try:
        content = file.read_bytes()
    except FileNotFoundError as error:
        raise DatasetError(
            "The labels file “{path}” is not there. Put it back, or choose the labels again.",
            path=file,
        ) from error
    except OSError as error:
        raise DatasetError(
            "“{path}” cannot be read ({detail}).", path=file, detail=error.strerror or error
        ) from error
    if content.startswith(_SPREADSHEETS):
        raise DatasetError(
            "“{path}” is a spreadsheet or a zip, and no text. Save the table as CSV, and choose "
            "that.",
            path=file,
        )
    text = decoded(content)
    if text is None:
        raise DatasetError(
            "“{path}” is no text. Labels come from a table (CSV, TSV), from JSON, or from CVAT's "
            "XML.",
            path=file,
        )
    return text


def decoded(content: bytes) -> str | None:
    """What *content* says, without a byte order mark; None of what is no text."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _tried(content, encoding)
    if wide := _utf16_of(content[:_SAMPLE]):
        return _tried(content, wide)
    if b"\0" in content:
        return None
    text = _tried(content, "utf-8")
    if text is None and _is_korean(content):
        text = _tried(content, "cp949")
    # Five bytes mean nothing in cp1252, and Latin 1 has a meaning for each.
    return text or _tried(content, "cp1252") or content.decode("latin-1")


def _tried(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _utf16_of(sample: bytes) -> str | None:
    """UTF-16 where every other byte is zero, as digits, commas and file names have it."""
    even, odd = sample[::2], sample[1::2]
    if len(odd) < 4:
        return None
    low, high = even.count(0) / len(even), odd.count(0) / len(odd)
    if high > 0.3 > 10 * low:
        return "utf-16-le"
    return "utf-16-be" if low > 0.3 > 10 * high else None


def _is_korean(content: bytes) -> bool:
    """Accented letters of the west, each alone between letters, are seldom pairs of this kind."""
    pairs = _PAIR.findall(content)
    common = sum(_COMMON_HANGUL.fullmatch(pair) is not None for pair in pairs)
    return bool(pairs) and common / len(pairs) >= _LEAST_HANGUL
