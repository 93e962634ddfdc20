"""Zips of photos, unpacked into the caches."""

import lzma
import shutil
import stat
import tempfile
import threading
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path, PurePosixPath

from trainer import paths
from trainer.control import drain
from trainer.data.file_names import (
    IGNORES_CASE,
    composed,
    numbered_names,
    portable_name,
    portable_place,
)
from trainer.data.folder_layout import folded
from trainer.data.folders import is_system_folder
from trainer.data.image_names import looks_like_image
from trainer.data.left_out import Reason, reason_of_name
from trainer.data.zip_names import names_of
from trainer.errors import DatasetError
from trainer.storage import caches, zip_copies
from trainer.storage.atomic import replace

_ZIP_ERRORS = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError),
    *(RuntimeError, NotImplementedError, ValueError, IndexError),
)
"""What zipfile raises on damaged, encrypted and exotic archives."""
MAX_UNZIPPED_BYTES = 64 * 2**30


def is_zip(path: Path) -> bool:
    """Whether a file is a zip by name and content: documents of many kinds are zips, too."""
    try:
        return path.suffix.lower() == ".zip" and zipfile.is_zipfile(path)
    except (OSError, ValueError):
        return False


def unzip(archive: Path) -> Generator[tuple[int, int], None, Path]:
    """Unpack a zip's images into the caches, once; returns their folder, which is another one once
    the zip's table of contents has changed. Each has its own place, as every system takes it; of
    images that would have one place, the later get a number. It stays as long as this process uses
    it: see :mod:`trainer.storage.zip_copies`.

    Yields:
        How many of its files are done, and of how many.

    Raises:
        DatasetError: it is damaged, encrypted, reaches outside its folder, or is far too large.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = _files(opened)
            target = _target(archive, members)
            zip_copies.hold(target.parent)
            if not target.is_dir():
                images = [(name, info) for name, info in members if _is_image(name, info)]
                byte_count = sum(info.file_size for _, info in images)
                if byte_count > min(MAX_UNZIPPED_BYTES, _free_bytes(paths.home())):
                    raise DatasetError("“{path}” is too large to unpack.", path=archive)
                yield from _extract(opened, archive, members, target)
            caches.note_use(target.parent)
            return target
    except _ZIP_ERRORS as error:
        raise _refusal(archive, error) from error


def _refusal(archive: Path, error: Exception) -> DatasetError:
    return DatasetError("“{path}” cannot be unpacked ({detail}).", path=archive, detail=error)


def unzipped(archive: Path) -> Path:
    """The same, without telling how far it is."""
    return drain(unzip(archive))


def not_unpacked(archive: Path) -> list[tuple[PurePosixPath, Reason]]:
    """What :func:`unzip` leaves in a zip, and why: all that is no image by its name.

    Raises:
        DatasetError: it is damaged.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = _files(opened)
    except _ZIP_ERRORS as error:
        raise _refusal(archive, error) from error
    left: list[tuple[PurePosixPath, Reason]] = []
    for name, info in members:
        reason = "link" if _is_link(info) else reason_of_name(name.name)
        if reason is not None and reason != "system" and not _is_systems(name):
            left.append((name, reason))
    return left


def _files(opened: zipfile.ZipFile) -> list[tuple[PurePosixPath, zipfile.ZipInfo]]:
    """A zip's files by their names, and its images by their places in the copy.

    Raises:
        DatasetError: one reaches outside its folder.
    """
    members = opened.infolist()
    files = [
        (name, info)
        for name, info in zip(names_of(members), members, strict=True)
        if not info.orig_filename.endswith(("/", "\\"))
    ]
    for name, _ in files:
        if name.is_absolute() or ".." in name.parts or _is_drive(name.parts[:1]):
            raise DatasetError(
                "The zip file reaches outside its folder (“{name}”), and is refused.", name=name
            )
    images = [number for number, (name, info) in enumerate(files) if _is_image(name, info)]
    places = places_of([files[number][0] for number in images])
    for number, place in zip(images, places, strict=True):
        files[number] = (place, files[number][1])
    return files


def places_of(
    names: Sequence[PurePosixPath], ignores_case: bool = IGNORES_CASE
) -> list[PurePosixPath]:
    """Where a zip's images go in its copy: to their names, as every system takes them, with a
    number where one would take the place of another, or of a folder, on any system: on some,
    capitals make no difference. So photos are called alike on all of them.

    Args:
        ignores_case: whether folders get a number as well that differ by capitals alone; elsewhere
            they are two classes as they are.
    """
    folders = _folder_places(names, (), str)
    wanted = [folders[name.parent] / portable_name(name.name) for name in names]
    # First come those whose names stay as they are.
    order = sorted(range(len(names)), key=lambda number: wanted[number] != names[number])
    apart = _apart([wanted[number] for number in order], folders.values(), _folded)
    places = [place for _, place in sorted(zip(order, apart, strict=True))]
    if ignores_case:
        folders = _folder_places([_composed(place) for place in places], places, _folded)
        places = [folders[_composed(place.parent)] / place.name for place in places]
    return places


def _folder_places(
    names: Iterable[PurePosixPath],
    taken: Iterable[PurePosixPath],
    key: Callable[[PurePosixPath], str],
) -> dict[PurePosixPath, PurePosixPath]:
    """Where each folder that is in *names* goes; see :func:`_apart`."""
    every = {folder for name in names for folder in name.parents if folder.parts}
    places = {PurePosixPath(): PurePosixPath()}
    # First come those whose names stay as they are.
    ordered = sorted(every, key=lambda each: (len(each.parts), portable_place(each) != each, each))
    for _, level in groupby(ordered, key=lambda folder: len(folder.parts)):
        folders = list(level)
        wanted = [places[folder.parent] / portable_name(folder.name) for folder in folders]
        places.update(zip(folders, _apart(wanted, taken, key), strict=True))
    return places


def _apart(
    wanted: Sequence[PurePosixPath],
    taken: Iterable[PurePosixPath],
    key: Callable[[PurePosixPath], str],
) -> list[PurePosixPath]:
    """The places that are *wanted*, with a number where one is *taken*, or an earlier one's.

    Args:
        key: what is the same of places that are one.
    """
    others = {key(place) for place in taken}
    firsts: dict[str, int] = {}
    for number, place in enumerate(wanted):
        if key(place) not in others:
            firsts.setdefault(key(place), number)
    others |= firsts.keys()
    tried: dict[str, int] = {}
    """Up to which number names of places that are one have been tried: thousands may be."""
    places: list[PurePosixPath] = []
    for number, place in enumerate(wanted):
        if firsts.get(key(place)) != number:
            first = tried.get(key(place), 1)
            numbered = map(place.with_name, numbered_names(place.name, first))
            last, free = next(
                pair for pair in enumerate(numbered, first) if key(pair[1]) not in others
            )
            tried[key(place)] = last + 1
            place = free
            others.add(key(place))
        places.append(place)
    return places


def _composed(place: PurePosixPath) -> PurePosixPath:
    return PurePosixPath(composed(str(place)))


def _folded(name: PurePosixPath) -> str:
    return folded(str(name))


def _is_image(name: PurePosixPath, info: zipfile.ZipInfo) -> bool:
    return looks_like_image(Path(name.name)) and not _is_systems(name) and not _is_link(info)


def _is_systems(name: PurePosixPath) -> bool:
    return any(is_system_folder(folder) for folder in name.parts[:-1] if folder != "..")


def _is_link(info: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(info.external_attr >> 16)


def photos_folder(archive: Path) -> Path:
    """Where a zip's images are unpacked to, be they or not: what is read there is unpacked then.

    Raises:
        DatasetError: it is missing, damaged or encrypted.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            return _target(archive, _files(opened))
    except _ZIP_ERRORS as error:
        raise _refusal(archive, error) from error


def shown(path: Path, *, absolute: bool = False) -> str:
    """A photo's path for people and files: of what was unpacked, the zip's own, as it was named,
    and the place in it, as in ``holiday.zip/day1/a.jpg``.

    Args:
        absolute: whether the zip's path is to be understood from elsewhere too.
    """
    found = zip_copies.place_in_copy(path)
    archive = zip_copies.archive_of(found[0]) if found is not None else None
    if found is None or archive is None:
        return str(path)
    return f"{archive.absolute() if absolute else archive}/{found[1]}"


def is_there(path: Path) -> bool:
    """Whether a photo is there, or in a zip that can be unpacked again."""
    if not path.exists():
        bring_back(path)
    return path.exists()


def bring_back(path: Path) -> None:
    """Unpack a zip again where *path* lay in a copy of it that has been cleared away since."""
    found = zip_copies.place_in_copy(path)
    if found is None or found[0].is_dir():
        return
    archive = zip_copies.archive_of(found[0])
    if archive is not None:
        # Many threads miss it at once.
        with _bringing_back, suppress(DatasetError):
            unzipped(archive)


_bringing_back = threading.Lock()


def _target(archive: Path, members: list[tuple[PurePosixPath, zipfile.ZipInfo]]) -> Path:
    contents = "\n".join(f"{name} {info.CRC} {info.file_size}" for name, info in members)
    return zip_copies.photos_of(archive, contents)


def _extract(
    opened: zipfile.ZipFile,
    archive: Path,
    members: list[tuple[PurePosixPath, zipfile.ZipInfo]],
    target: Path,
) -> Generator[tuple[int, int], None, None]:
    copies = zip_copies.folder()
    copies.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=copies, prefix=zip_copies.UNPACKING) as temporary:
        copy = Path(temporary) / "copy"
        unpacked = copy / target.name
        for number, (name, info) in enumerate(members, start=1):
            yield number, len(members)
            if not _is_image(name, info):
                continue
            path = unpacked / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with opened.open(info) as packed, path.open("wb") as file:
                shutil.copyfileobj(packed, file)
        unpacked.mkdir(parents=True, exist_ok=True)
        zip_copies.note_archive(copy, archive)
        try:
            replace(copy, target.parent)
        except OSError:
            if not target.is_dir():  # Another process may have been quicker.
                raise


def _free_bytes(folder: Path) -> int:
    """Of the disk that *folder* is on, or will be."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _is_drive(first: tuple[str, ...]) -> bool:
    """Whether a path starts with a drive of Windows, which would lead out of its folder there."""
    return bool(first) and first[0][1:2] == ":"
