"""Folders as they lie on disk: looked into once, and no sooner than needed."""

import os
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path, PurePath
from typing import NamedTuple

from trainer.data.file_names import composed
from trainer.data.image_names import looks_like_image

_SYSTEM_FOLDERS = frozenset(
    (
        *("$recycle.bin", "recycler", "recycled", "system volume information", "found.000"),
        *("lost+found", "network trash folder", "temporary items"),
        *("@eadir", "@tmp", "@recycle", "@recently-snapshot", "#recycle", "#snapshot"),
        "__macosx",
    )
)
"""Folders that Windows, Linux, macOS and network drives make of their own accord."""


def is_system_folder(name: str) -> bool:
    """Whether a folder of this name is no user's own, but the system's, or hidden."""
    return name.startswith((".", "__MACOSX")) or name.casefold() in _SYSTEM_FOLDERS


def place_order(path: PurePath) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What paths are sorted by: as they are, Windows' take no notice of capitals, and macOS' may
    have accents that stand alone; photos would come in another order there, of which other figures
    come."""
    return tuple(map(composed, path.parts)), path.parts


class Folder:
    """A folder and what is in it, but for what is hidden and for the system's own folders.

    Links to folders are followed, unless they lead back to where one comes from.
    """

    def __init__(self, path: Path, real: str | None = None, parent: "Folder | None" = None) -> None:
        """Args: *real* is the path without links, *parent* the folder that one comes from."""
        self.path = path
        self._real = os.path.realpath(path) if real is None else real
        self._parent = parent

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def folders(self) -> "list[Folder]":
        """The folders in it, sorted."""
        return self._content.folders

    @property
    def files(self) -> list[str]:
        """The names of whatever is no folder, sorted; also of links that lead nowhere."""
        return self._content.files

    @property
    def circles(self) -> list[Path]:
        """Links that would lead back."""
        return self._content.circles

    @property
    def error(self) -> OSError | None:
        """Why it cannot be looked into."""
        return self._content.error

    @cached_property
    def _content(self) -> "_Content":
        content = _Content([], [], [], None)
        try:
            with os.scandir(self.path) as entries:
                found = list(entries)
        except OSError as error:
            return content._replace(error=error)
        for entry in found:
            if not _is(entry.is_dir):
                if not entry.name.startswith("."):
                    content.files.append(entry.name)
            elif not is_system_folder(entry.name):
                self._add_folder(entry, content)
        content.folders.sort(key=lambda folder: place_order(folder.path))
        content.files.sort(key=lambda name: (composed(name), name))
        content.circles.sort(key=place_order)
        return content

    def _add_folder(self, entry: "os.DirEntry[str]", content: "_Content") -> None:
        path = self.path / entry.name
        real = os.path.join(self._real, entry.name)  # noqa: PTH118
        # Windows' junctions are links that do not say so.
        if entry.is_symlink() or os.name == "nt":
            real = os.path.realpath(real)
            if self._is_reached_through(real):
                content.circles.append(path)
                return
        content.folders.append(Folder(path, real, self))

    def _is_reached_through(self, real: str) -> bool:
        """Whether the folder of that name is this one, or lies on the way here."""
        folder: Folder | None = self
        while folder is not None:
            if _is_within(folder._real, real):
                return True
            folder = folder._parent
        return False

    @cached_property
    def images(self) -> list[Path]:
        """What lies in it and is an image by its name, sorted."""
        places = (self.path / name for name in self.files)
        return [place for place in places if _is_image(place)]

    @cached_property
    def has_images(self) -> bool:
        """Whether there are images in it or below."""
        return any(_is_image(each.path / name) for each in self.walk() for name in each.files)

    @property
    def is_empty(self) -> bool:
        return not self.folders and not self.files and self.error is None

    @property
    def has_no_files(self) -> bool:
        """Whether nothing but empty folders is in it or below."""
        return not any(each.files or each.error for each in self.walk())

    def walk(self) -> "Iterator[Folder]":
        """It and all folders below; each comes once, at its own place rather than at a link's."""
        seen: set[str] = set()
        waiting: list[Folder] = [self]
        links: list[Folder] = []
        while waiting or links:
            folder = waiting.pop() if waiting else links.pop(0)
            if folder._real in seen:
                continue
            seen.add(folder._real)
            yield folder
            for each in reversed(folder.folders):
                is_here = each._real == os.path.join(folder._real, each.name)  # noqa: PTH118
                (waiting if is_here else links).append(each)


class _Content(NamedTuple):
    folders: list[Folder]
    files: list[str]
    circles: list[Path]
    error: OSError | None


def _is_image(path: Path) -> bool:
    # Path.is_file() raises in folders that are closed to us.
    return looks_like_image(path) and os.path.isfile(path)  # noqa: PTH113


def _is(question: Callable[[], bool]) -> bool:
    """The answer to a question about a file; no, where it may not be asked."""
    try:
        return question()
    except OSError:
        return False


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
