"""Names for files and folders that every system takes."""

import itertools
import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import PurePosixPath

IGNORES_CASE = sys.platform in {"win32", "darwin"}
"""Whether disks take ``Apple`` and ``apple`` for one name here, as a rule."""

_LONGEST_NAME = 255
"""Bytes that a file's name may have on nearly every disk."""
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\ud800-\udfff]')
_RESERVED = frozenset(
    (
        *("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"),
        *(f"{port}{digit}" for port in ("COM", "LPT") for digit in "123456789¹²³"),
    )
)
"""Names of devices, which Windows takes for no file or folder."""


def composed(name: str) -> str:
    """A name in Unicode's composed form: macOS stores Hangul and accents decomposed, so names, and
    places of files, are compared in this one."""
    return unicodedata.normalize("NFC", name)


def folder_name(label: str) -> str:
    """A name for the folder of *label* that every system takes.

    Characters that some forbid become ``_``, spaces and dots around it go, and what is reserved on
    Windows gets a ``_`` in front.
    """
    name = _FORBIDDEN.sub("_", composed(label)).strip(". ")
    return _unreserved(shortened(name, _LONGEST_NAME).rstrip(". "))


def portable_name(name: str) -> str:
    """A name of a file or a folder that every system takes: *name* itself, if it is one.

    Characters that some forbid become ``_``, spaces and dots at its end go, what is reserved on
    Windows gets a ``_`` in front, and what is too long is shortened before its suffix.
    """
    taken = _unreserved(_FORBIDDEN.sub("_", name).rstrip(". "))
    return next(numbered_names(taken)).rstrip(". ")


def portable_place(place: PurePosixPath) -> PurePosixPath:
    """A relative path whose parts are each a :func:`portable_name`: on no system does it lead out
    of the folder that it is told from."""
    return PurePosixPath(*map(portable_name, place.parts))


def _unreserved(name: str) -> str:
    if not name or name.split(".")[0].rstrip().upper() in _RESERVED:
        return f"_{name}"
    return name


def numbered_names(name: str, first: int = 1) -> Iterator[str]:
    """*name*, then the same with “ 2”, “ 3” … before its suffix; none is too long for a disk.

    Args:
        first: the number to begin with; 1 is *name* itself.
    """
    stem, suffix = os.path.splitext(name)  # noqa: PTH122
    suffix = shortened(suffix, _LONGEST_NAME // 2)
    for number in itertools.count(first):
        ending = suffix if number == 1 else f" {number}{suffix}"
        yield shortened(stem, _LONGEST_NAME - len(os.fsencode(ending))) + ending


def shortened(text: str, longest: int) -> str:
    """*text* without its end, so that it is no longer than so many bytes on disk."""
    # Character by character: bytes cut off amid one would leave a name that is no text.
    while len(os.fsencode(text)) > max(longest, 0):
        text = text[:-1]
    return text
