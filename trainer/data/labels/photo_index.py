"""Finding the photo that a labels file means by a path, which was written on another computer."""

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, unquote

from trainer.data.labels.table import names_image

Miss = Literal["missing", "outside", "ambiguous"]
"""Why a path leads to no photo: there is none; it leads out of the photos' folder; or there are
several."""

_URL = re.compile(r"[a-z][a-z0-9+.-]+://[^/?#]*([^?#]*)", re.IGNORECASE)
_DRIVE = re.compile(r"^[A-Za-z]:(?=/)")
_UPLOADED = re.compile(r"[0-9a-f]{8}-(?=.)")
"""What Label Studio puts in front of the names of what is uploaded to it."""


class PhotoIndex:
    """The photos of a folder by their names. Whatever a labels file says, only these are found:
    no path of its is ever opened."""

    def __init__(self, root: Path, photos: Iterable[Path], beside: Path | None = None) -> None:
        """Args: *beside* is the folder that the labels file lies in."""
        self.root = root
        self.photos = tuple(photos)
        self._root_parts = _parts(_without_drive(root))
        # What a path may be told from: the labels file comes first.
        self._bases = [_parts(_without_drive(each)) for each in (beside, root) if each]
        self._by_name: defaultdict[str, list[_Place]] = defaultdict(list)
        self._by_stem: defaultdict[str, list[_Place]] = defaultdict(list)
        depth = len(root.parts)
        for photo in self.photos:
            place = _Place(photo, photo.parts[depth:])
            name = place.folded[-1]
            self._by_name[name].append(place)
            self._by_stem[name.rpartition(".")[0] or name].append(place)

    def find(self, text: str) -> Path | Miss:
        """The photo of a path: relative to the labels file, to the photos' folder, or to a folder
        above or inside it; absolute, or an address on the web, of a computer of its own; a name
        alone where it is unique; without the suffix. Capitals and Unicode's forms may differ."""
        path, is_absolute = _understood(text)
        parts = _parts(path)
        if not any(part != ".." for part in parts):
            return "missing"
        inside = [
            place
            for base in ([()] if is_absolute else self._bases)
            if (place := self._place_inside((*base, *parts)))
        ]
        for place in inside:
            found = self._exactly(place)
            if found != "missing":
                return found
        if ".." in parts:
            return "missing" if inside else "outside"
        found = self._by_tail(parts, is_absolute)
        if found == "missing" and is_absolute and _UPLOADED.match(parts[-1]):
            found = self._by_tail((*parts[:-1], _UPLOADED.sub("", parts[-1], count=1)), True)
        if found == "missing" and is_absolute and not inside and not _URL.match(text.strip()):
            return "outside"
        return found

    def _place_inside(self, parts: tuple[str, ...]) -> tuple[str, ...]:
        """Where a path leads inside the photos' folder; empty where it leads elsewhere."""
        whole: list[str] = []
        for part in parts:
            if part != "..":
                whole.append(part)
            elif whole:
                whole.pop()
        depth = len(self._root_parts)
        return tuple(whole[depth:]) if tuple(whole[:depth]) == self._root_parts else ()

    def _exactly(self, parts: tuple[str, ...]) -> Path | Miss:
        wanted = _folded_parts(parts)
        places = [place for place in self._named(parts[-1]) if place.is_at(wanted)]
        return _only(places, parts)

    def _by_tail(self, parts: tuple[str, ...], is_absolute: bool) -> Path | Miss:
        """The photo whose place ends as the path does, or the other way round; of a path from
        elsewhere, the one that has most of its end."""
        wanted = _folded_parts(parts)
        alike = [(place, place.shared_with(wanted)) for place in self._named(parts[-1])]
        whole = [
            (place, shared)
            for place, shared in alike
            if shared in {len(wanted), len(place.parts)} or is_absolute
        ]
        most = max((shared for _, shared in whole), default=0)
        return _only([place for place, shared in whole if shared == most], parts)

    def _named(self, name: str) -> "list[_Place]":
        name = _folded(name)
        if name in self._by_name or names_image(name):
            return self._by_name.get(name, [])
        return self._by_stem.get(name, [])


class _Place:
    """Where a photo lies."""

    __slots__ = ("folded", "parts", "photo")

    def __init__(self, photo: Path, parts: tuple[str, ...]) -> None:
        self.photo = photo
        self.parts = parts
        self.folded = _folded_parts(parts)

    def is_at(self, wanted: tuple[str, ...]) -> bool:
        """Whether its folders are these; its name is known to be."""
        return self.folded[:-1] == wanted[:-1]

    def shared_with(self, wanted: tuple[str, ...]) -> int:
        """How many names from the end are the same; the last one is known to be."""
        count = 1
        shortest = min(len(wanted), len(self.folded))
        while count < shortest and self.folded[-1 - count] == wanted[-1 - count]:
            count += 1
        return count


def _only(places: list[_Place], parts: tuple[str, ...]) -> Path | Miss:
    if len(places) > 1:
        # Capitals, or the suffix, may tell them apart after all.
        places = [each for each in places if each.parts[-len(parts) :] == parts] or places
    if len(places) > 1:
        return "ambiguous"
    return places[0].photo if places else "missing"


def _understood(text: str) -> tuple[str, bool]:
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


def _without_drive(folder: Path) -> str:
    """Paths of other computers have lost their drives, too."""
    absolute = os.path.abspath(folder)  # noqa: PTH100  (links stay links)
    return os.path.splitdrive(absolute)[1].replace(os.sep, "/")


def _parts(path: str) -> tuple[str, ...]:
    return tuple(part for part in path.split("/") if part not in {"", "."})


def _folded(name: str) -> str:
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _folded_parts(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(_folded, parts))
