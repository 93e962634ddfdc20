"""Finding the photo that a labels file means by a path, which was written on another computer."""

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, unquote

from trainer.data.file_names import portable_name
from trainer.data.labels.table import names_image

Miss = Literal["missing", "outside", "ambiguous"]
"""Why a path leads to no photo: there is none; it leads out of the photos' folder; or there are
several."""

_URL = re.compile(r"[a-z][a-z0-9+.-]+://[^/?#]*([^?#]*)", re.IGNORECASE)
_DRIVE = re.compile(r"^[A-Za-z]:(?=/)")
_UPLOADED = re.compile(r"[0-9a-f]{8}-(?=.)")
"""What Label Studio puts in front of the names of what is uploaded to it."""
_WHOLE_NUMBER = re.compile(r"(\d+)\.0+")
"""What spreadsheets and pandas make of the name ``1``."""
_JPEG = re.compile(r"\.(?:jpe?g|jpe|jfif)$", re.IGNORECASE)
_JPEG_SUFFIXES = (".jpg", ".jpeg", ".jpe", ".jfif")

Parts = tuple[str, ...]
"""The names in a path, from its first folder on."""


@dataclass(frozen=True, slots=True)
class Match:
    """A photo that a path may mean."""

    photo: Path
    stripped: Parts = ()
    """The folders ahead in the path that stand for the photos' folder, folded."""
    shared: int = 1
    """How many names from the end the path and the photo's place have in common."""
    is_exact: bool = False


class PhotoIndex:
    """The photos of a folder by their names. Whatever a labels file says, only these are found:
    no path of its is ever opened."""

    def __init__(self, root: Path, photos: Iterable[Path], beside: Path | None = None) -> None:
        """Args: *beside* is the folder that the labels file lies in."""
        self.root = root
        self.photos = tuple(photos)
        self.root_parts = parts_of(_without_drive(root))
        told_from = (parts_of(_without_drive(each)) for each in (beside, root) if each)
        self.bases: tuple[Parts, ...] = tuple(dict.fromkeys(told_from))
        """What a path may be told from: the labels file comes first."""
        depth = len(root.parts)
        self._places = [(photo.parts[depth:], photo) for photo in self.photos]

    @cached_property
    def _whole(self) -> "_Names":
        return _Names(self._places)

    @cached_property
    def _ends(self) -> "_Names":
        return _Names(
            (parts[start:], photo) for parts, photo in self._places for start in range(len(parts))
        )

    def find(self, text: str) -> Path | Miss:
        """The photo of a path: relative to the labels file, to the photos' folder, or to a folder
        above or inside it; absolute, or an address on the web, of a computer of its own; a name
        alone where it is unique; without the suffix. Capitals and Unicode's forms may differ.

        Either all of the path or all of the photo's place counts: what shares its end with a path
        and lies in another folder is another photo. A path into the photos' folder is that of a
        photo right there, or of none.
        """
        match = self.match(text)
        return match.photo if isinstance(match, Match) else match

    def match(self, text: str, bases: tuple[Parts, ...] | None = None) -> Match | Miss:
        """The same, and how it was found.

        Args:
            bases: what relative paths are told from, if not from any of :attr:`bases`.
        """
        path, is_absolute = understood(text)
        bases = self.bases if bases is None else bases
        first: Miss = "missing"
        for number, parts in enumerate(_readings(path)):
            match = self._match(parts, is_absolute, bases)
            if match not in {"missing", "outside"}:
                return match
            if number == 0 and not isinstance(match, Match):
                first = match
        if _uploaded(path) is not None or _URL.match(text.strip()):
            return "missing"  # A server's path says nothing of where photos lie.
        return first

    def _match(self, parts: Parts, is_absolute: bool, bases: tuple[Parts, ...]) -> Match | Miss:
        if not any(part != ".." for part in parts):
            return "missing"
        inside = [
            place
            for base in ([()] if is_absolute else bases)
            if (place := self._place_inside((*base, *parts)))
        ]
        for place in inside:
            found = self._whole.find(place)
            if found != "missing":
                return found if isinstance(found, str) else Match(found, (), len(place), True)
        if ".." in parts:
            return "missing" if inside else "outside"
        if inside and is_absolute:
            return "missing"
        return self._by_end(parts) or ("outside" if is_absolute else "missing")

    def _place_inside(self, parts: Parts) -> Parts:
        """Where a path leads inside the photos' folder; empty where it leads elsewhere."""
        whole: list[str] = []
        for part in parts:
            if part != "..":
                whole.append(part)
            elif whole:
                whole.pop()
        depth = len(self.root_parts)
        return tuple(whole[depth:]) if tuple(whole[:depth]) == self.root_parts else ()

    def _by_end(self, parts: Parts) -> Match | Literal["ambiguous"] | None:
        """The photo whose place ends as all of the path does, or else the one whose place is most
        of the path's end."""
        for start in range(len(parts)):
            found = (self._whole if start else self._ends).find(parts[start:])
            if isinstance(found, Path):
                return Match(found, folded_parts(parts[:start]), len(parts) - start)
            if found == "ambiguous":
                return found
        return None


class _Names:
    """Photos by what they are called: as it is spelt, without regard to capitals and Unicode's
    forms, and without their suffixes."""

    def __init__(self, named: Iterable[tuple[Parts, Path]]) -> None:
        self._spelt: dict[str, Path | None] = {}
        self._folded: dict[str, Path | None] = {}
        """None where several photos are called so."""
        self._stems: dict[str, Path | None] = {}
        for parts, photo in named:
            name = "/".join(parts)
            folded = _folded(name)
            stem, _, suffix = folded.rpartition(".")
            for names, key in (
                (self._spelt, name),
                (self._folded, folded),
                (self._stems, stem if stem and "/" not in suffix else folded),
            ):
                names[key] = photo if key not in names else None

    def find(self, parts: Parts) -> Path | Literal["missing", "ambiguous"]:
        name = "/".join(parts)
        folded = _folded(name)
        for names, key in ((self._spelt, name), (self._folded, folded)):
            if key in names:
                return names[key] or "ambiguous"
        if names_image(name) or folded not in self._stems:
            return "missing"
        return self._stems[folded] or "ambiguous"


def understood(text: str) -> tuple[str, bool]:
    """A path with ``/`` between folders, and whether it comes from elsewhere: from the root of a
    disk, or of a server."""
    text = text.strip().strip("\"'")
    if text.startswith("/data/local-files/?"):
        # How Label Studio names what lies on its disk.
        return parse_qs(text.partition("?")[2]).get("d", [""])[0], False
    if match := _URL.match(text):
        return "/" + unquote(match[1]).lstrip("/"), True
    path = _DRIVE.sub("", text.replace("\\", "/"), count=1)
    return path, path.startswith("/")


def _readings(path: str) -> Iterator[Parts]:
    """What a path may mean: what it says comes first, and then what a program may have made of
    it, the next where the one before leads to no photo."""
    for written in dict.fromkeys((path, unquote(path))):
        parts = parts_of(written)
        yield parts
        if not parts:
            continue
        if (name := _uploaded(written)) is not None:
            yield (name,)
        if number := _WHOLE_NUMBER.fullmatch(parts[-1]):
            yield (*parts[:-1], number[1])
        if _JPEG.search(parts[-1]):
            stem = _JPEG.sub("", parts[-1])
            yield from ((*parts[:-1], stem + suffix) for suffix in _JPEG_SUFFIXES)
        unpacked = tuple(map(portable_name, parts))
        if ".." not in parts and unpacked != parts:
            yield unpacked  # From a zip, it has this name.


def _uploaded(path: str) -> str | None:
    """What a photo was called before it was uploaded to Label Studio, which keeps no folders."""
    *folders, name = path.split("/")
    is_upload = "upload" in folders and _UPLOADED.match(name)
    return _UPLOADED.sub("", name, count=1) if is_upload else None


def _without_drive(folder: Path) -> str:
    """Paths of other computers have lost their drives, too."""
    absolute = os.path.abspath(folder)  # noqa: PTH100  (links stay links)
    return os.path.splitdrive(absolute)[1].replace(os.sep, "/")


def parts_of(path: str) -> Parts:
    """The names in a path with ``/`` between them."""
    return tuple(part for part in path.split("/") if part not in {"", "."})


def folded_parts(parts: Parts) -> Parts:
    """Names without regard to capitals and Unicode's forms."""
    return tuple(map(_folded, parts))


def _folded(name: str) -> str:
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
