"""Zips of photos, unpacked into the caches."""

import lzma
import shutil
import tempfile
import threading
import zipfile
import zlib
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from trainer import paths
from trainer.control import drain
from trainer.data.image_names import looks_like_image
from trainer.errors import DatasetError
from trainer.storage import caches, zip_copies

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
    the zip's table of contents has changed. It stays as long as this process uses it: see
    :mod:`trainer.storage.zip_copies`.

    Yields:
        How many of its files are done, and of how many.

    Raises:
        DatasetError: it is damaged, encrypted, reaches outside its folder, or is far too large.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = _members(opened)
            target = _target(archive, members)
            zip_copies.hold(target.parent)
            if not target.is_dir():
                images = [i for i in members if looks_like_image(Path(i.filename))]
                byte_count = sum(info.file_size for info in images)
                if byte_count > min(MAX_UNZIPPED_BYTES, _free_bytes(paths.home())):
                    raise DatasetError("“{path}” is too large to unpack.", path=archive)
                yield from _extract(opened, archive, members, target)
            caches.note_use(target.parent)
            return target
    except _ZIP_ERRORS as error:
        raise DatasetError(
            "“{path}” cannot be unpacked ({detail}).", path=archive, detail=error
        ) from error


def unzipped(archive: Path) -> Path:
    """The same, without telling how far it is."""
    return drain(unzip(archive))


def photos_folder(archive: Path) -> Path:
    """Where a zip's images are unpacked to, be they or not: what is read there is unpacked then.

    Raises:
        DatasetError: it is missing, damaged or encrypted.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            return _target(archive, _members(opened))
    except _ZIP_ERRORS as error:
        raise DatasetError(
            "“{path}” cannot be unpacked ({detail}).", path=archive, detail=error
        ) from error


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


def _members(opened: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [info for info in opened.infolist() if not info.is_dir()]


def _target(archive: Path, members: list[zipfile.ZipInfo]) -> Path:
    contents = "\n".join(f"{i.filename} {i.CRC} {i.file_size}" for i in members)
    return zip_copies.photos_of(archive, contents)


def _extract(
    opened: zipfile.ZipFile, archive: Path, members: list[zipfile.ZipInfo], target: Path
) -> Generator[tuple[int, int], None, None]:
    copies = zip_copies.folder()
    copies.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=copies, prefix=zip_copies.UNPACKING) as temporary:
        copy = Path(temporary) / "copy"
        unpacked = copy / target.name
        for number, info in enumerate(members, start=1):
            yield number, len(members)
            name = PurePosixPath(_member_name(info))
            if name.is_absolute() or ".." in name.parts or _is_drive(name.parts[:1]):
                raise DatasetError(
                    "The zip file reaches outside its folder (“{name}”), and is refused.", name=name
                )
            if not looks_like_image(Path(name.name)) or "__MACOSX" in name.parts:
                continue
            path = unpacked / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with opened.open(info) as packed, path.open("wb") as file:
                shutil.copyfileobj(packed, file)
        unpacked.mkdir(parents=True, exist_ok=True)
        zip_copies.note_archive(copy, archive)
        try:
            copy.replace(target.parent)
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


def _member_name(info: zipfile.ZipInfo) -> str:
    """The member's name; names not marked as UTF-8 are, in practice, UTF-8 or Korean Windows'."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename  # Of the zip's Unicode extra field, which zipfile prefers.
    for encoding in ("utf-8", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename
