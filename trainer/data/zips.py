"""Zips of photos, unpacked into the caches."""

import hashlib
import lzma
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Generator
from pathlib import Path, PurePosixPath

from trainer import paths
from trainer.control import drain
from trainer.data.images import looks_like_image
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
            members = [info for info in opened.infolist() if not info.is_dir()]
            contents = "\n".join(f"{i.filename} {i.CRC} {i.file_size}" for i in members)
            digest = hashlib.sha256(contents.encode("utf-8", "surrogateescape")).hexdigest()[:16]
            target = paths.caches_folder() / "unzipped" / digest
            if not target.is_dir():
                images = [i for i in members if looks_like_image(Path(i.filename))]
                byte_count = sum(info.file_size for info in images)
                if byte_count > min(MAX_UNZIPPED_BYTES, _free_bytes(paths.home())):
                    raise DatasetError("“{path}” is too large to unpack.", path=archive)
                yield from _extract(opened, members, target)
            return target
    except _ZIP_ERRORS as error:
        raise DatasetError(
            "“{path}” cannot be unpacked ({detail}).", path=archive, detail=error
        ) from error


def unzipped(archive: Path) -> Path:
    """The same, without telling how far it is."""
    return drain(unzip(archive))


def _extract(
    opened: zipfile.ZipFile, members: list[zipfile.ZipInfo], target: Path
) -> Generator[tuple[int, int], None, None]:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".unzip-") as temporary:
        unpacked = Path(temporary) / "content"
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
