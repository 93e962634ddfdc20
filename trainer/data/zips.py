"""Zips of photos, unpacked into the caches."""

import hashlib
import lzma
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Generator
from pathlib import Path, PurePosixPath

from trainer import paths
from trainer.control import drain
from trainer.data.folders import is_system_folder
from trainer.data.images import looks_like_image
from trainer.data.left_out import Reason, reason_of_name
from trainer.data.zip_names import names_of
from trainer.errors import DatasetError

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
    """Unpack a zip's images into the caches, once; returns their folder, which is named after
    the zip's table of contents.

    Yields:
        How many of its files are done, and of how many.

    Raises:
        DatasetError: it is damaged, encrypted, reaches outside its folder, or is far too large.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = _files(opened)
            contents = "\n".join(f"{name} {i.CRC} {i.file_size}" for name, i in members)
            digest = hashlib.sha256(contents.encode("utf-8", "surrogateescape")).hexdigest()[:16]
            target = paths.caches_folder() / "unzipped" / digest
            if not target.is_dir():
                images = [(name, info) for name, info in members if _is_image(name, info)]
                byte_count = sum(info.file_size for _, info in images)
                if byte_count > min(MAX_UNZIPPED_BYTES, _free_bytes(paths.home())):
                    raise DatasetError("“{path}” is too large to unpack.", path=archive)
                yield from _extract(opened, members, target)
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
    """A zip's files by their names."""
    members = opened.infolist()
    return [
        (name, info)
        for name, info in zip(names_of(members), members, strict=True)
        if not info.orig_filename.endswith(("/", "\\"))
    ]


def _is_image(name: PurePosixPath, info: zipfile.ZipInfo) -> bool:
    return looks_like_image(Path(name.name)) and not _is_systems(name) and not _is_link(info)


def _is_systems(name: PurePosixPath) -> bool:
    return any(is_system_folder(folder) for folder in name.parts[:-1] if folder != "..")


def _is_link(info: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(info.external_attr >> 16)


def _extract(
    opened: zipfile.ZipFile, members: list[tuple[PurePosixPath, zipfile.ZipInfo]], target: Path
) -> Generator[tuple[int, int], None, None]:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".unzip-") as temporary:
        unpacked = Path(temporary) / "content"
        for number, (name, info) in enumerate(members, start=1):
            yield number, len(members)
            if name.is_absolute() or ".." in name.parts or _is_drive(name.parts[:1]):
                raise DatasetError(
                    "The zip file reaches outside its folder (“{name}”), and is refused.", name=name
                )
            if not _is_image(name, info):
                continue
            path = unpacked / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with opened.open(info) as packed, path.open("wb") as file:
                shutil.copyfileobj(packed, file)
        unpacked.mkdir(exist_ok=True)
        unpacked.replace(target)


def _free_bytes(folder: Path) -> int:
    """Of the disk that *folder* is on, or will be."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _is_drive(first: tuple[str, ...]) -> bool:
    """Whether a path starts with a drive of Windows, which would lead out of its folder there."""
    return bool(first) and first[0][1:2] == ":"
