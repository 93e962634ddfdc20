"""Data sets: folders and zips of photos, one folder a class."""

import hashlib
import lzma
import os
import shutil
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from trainer import paths
from trainer.bursts import burst_of
from trainer.errors import DatasetError
from trainer.pictures import looks_like_picture
from trainer.set_aside import set_aside

SPLIT_NAMES = {
    "train": ("train", "training"),
    "validation": ("validation", "val", "valid"),
    "test": ("test", "testing"),
}
"""A split's own name, and the folder names that mean it."""

_ZIP_ERRORS = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError),
    *(RuntimeError, NotImplementedError, ValueError, IndexError),
)
"""What zipfile raises on damaged, encrypted and exotic archives."""
MAX_UNZIPPED_BYTES = 64 * 2**30


@dataclass(frozen=True, slots=True)
class Photo:
    """A labelled photo; ``label`` is an index into its data set's classes."""

    path: Path
    label: int


@dataclass(frozen=True, slots=True)
class DataSet:
    """Photos in splits. ``classes`` are folder names, sorted, in Unicode's composed form."""

    root: Path
    classes: tuple[str, ...]
    splits: dict[str, tuple[Photo, ...]]
    warnings: tuple[DatasetError, ...] = ()
    """What is unusual and was left out, a sentence each; none is a reason not to go on."""
    has_own_splits: bool = True
    """Whether the folders themselves say which photo is in which split."""

    @property
    def photos(self) -> tuple[Photo, ...]:
        """The photos of every split."""
        return tuple(photo for photos in self.splits.values() for photo in photos)

    def split(self, name: str) -> tuple[Photo, ...]:
        """The photos of a split, by its own name or one that means the same.

        Raises:
            DatasetError: there is no such split.
        """
        photos = self.splits.get(split_named(name) or name)
        if photos is None:
            raise DatasetError(
                "“{root}” has no split “{name}”, only: {known}.",
                root=self.root,
                name=name,
                known=", ".join(self.splits),
            )
        return photos

    def place(self) -> str:
        """A digest of where it lies: 16 hexadecimal digits, which tell no one the path."""
        path = str(self.root.resolve()).encode("utf-8", "surrogateescape")
        return hashlib.sha256(path).hexdigest()[:16]

    def fingerprint(self) -> str:
        """A digest of every photo's place and size: 16 hexadecimal digits."""
        digest = hashlib.sha256()
        for split, photos in sorted(self.splits.items()):
            for photo in photos:
                size = photo.path.stat().st_size if photo.path.exists() else -1
                line = f"{split}\0{self.classes[photo.label]}\0{photo.path.name}\0{size}\n"
                digest.update(line.encode("utf-8", "surrogateescape"))
        return digest.hexdigest()[:16]


def split_named(folder_name: str) -> str | None:
    """The split that a folder's name means, or None."""
    for split, names in SPLIT_NAMES.items():
        if folder_name.lower() in names:
            return split
    return None


def open_data_set(source: Path) -> DataSet:
    """Find the photos of a data set.

    *source* is a folder or a zip of one: either ``train/``, ``validation/`` (or ``val/``,
    ``valid/``) and ``test/`` with one folder a class in each, or one folder a class, which is split
    by a fixed seed. Without a validation folder, validation photos are set aside from the
    training photos in the same way. Photos may lie deeper inside a class's folder.

    Raises:
        DatasetError: it is missing, is neither, or holds fewer than two classes.
    """
    if source.is_dir():
        root = source
    elif source.is_file() and zipfile.is_zipfile(source):
        root = _unzip(source)
    elif source.exists():
        raise DatasetError("“{path}” is neither a folder nor a zip file.", path=source)
    else:
        raise DatasetError("There is no folder or zip file “{path}”.", path=source)
    try:
        return _scan(_descend(root), source)
    except OSError as error:
        raise DatasetError(
            "“{path}” cannot be read ({detail}).", path=source, detail=error.strerror or error
        ) from error


def _folders(folder: Path) -> list[Path]:
    return sorted(
        entry
        for entry in folder.iterdir()
        if entry.is_dir() and not entry.name.startswith((".", "__MACOSX"))
    )


def _descend(root: Path) -> Path:
    """Go down while there is but one folder, and that no split: zips often wrap what they hold."""
    while True:
        folders = _folders(root)
        if len(folders) != 1 or split_named(folders[0].name) or _has_pictures(folders[0]):
            return root
        root = folders[0]


def _has_pictures(folder: Path) -> bool:
    return any(looks_like_picture(entry) for entry in folder.iterdir())


def _class_name(folder: Path) -> str:
    # macOS stores Hangul decomposed; the same name must be the same class everywhere.
    return unicodedata.normalize("NFC", folder.name)


def _is_undecodable(name: str) -> bool:
    """Whether a name was written in another encoding than the system's."""
    return any("\ud800" <= character <= "\udfff" for character in name)


def _pictures(folder: Path) -> Iterator[Path]:
    """Every picture in *folder* and below, sorted folder by folder, as they are found."""
    for pictures in pictures_by_folder(folder):
        yield from pictures


def pictures_by_folder(source: Path) -> Iterator[list[Path]]:
    """The pictures of each folder in *source* and below, sorted, be there none; of a file, it
    alone."""
    # Path.is_dir() raises on names that are too long and on folders that are closed to us.
    if not os.path.isdir(source):  # noqa: PTH112
        yield [source]
        return
    for name, folders, files in os.walk(source):
        folders[:] = sorted(f for f in folders if not f.startswith((".", "__MACOSX")))
        candidates = (Path(name, file) for file in sorted(files))
        yield [
            path
            for path in candidates
            if looks_like_picture(path) and os.path.isfile(path)  # noqa: PTH113
        ]


def _photos_by_class(split_folder: Path) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for folder in _folders(split_folder):
        found.setdefault(_class_name(folder), []).extend(_pictures(folder))
    return found


def _scan(root: Path, source: Path) -> DataSet:
    split_folders: dict[str, Path] = {}
    for folder in _folders(root):
        split = split_named(folder.name)
        if split is not None and split not in split_folders:
            split_folders[split] = folder

    # A class may be called “test”: splits are what has folders of classes inside.
    split_folders = {split: f for split, f in split_folders.items() if _folders(f)}
    has_own_splits = "train" in split_folders or len(split_folders) == len(_folders(root)) > 0
    found = (
        {split: _photos_by_class(folder) for split, folder in split_folders.items()}
        if has_own_splits
        else {"train": _photos_by_class(root)}
    )
    # A held-back set may be a test split alone.
    leading = "train" if "train" in found else next(iter(found))
    warnings = [
        DatasetError("The class “{name}” has no photos.", name=name)
        for name, photos in found[leading].items()
        if not photos
    ]
    classes = tuple(sorted(name for name, photos in found[leading].items() if photos))
    if len(classes) < 2:
        raise DatasetError(
            "“{path}” holds photos of {count} classes, but at least 2 are needed: "
            "put the photos of each class into a folder of their own.",
            path=source,
            count=len(classes),
        )
    for name in classes:
        if _is_undecodable(name):
            raise DatasetError(
                "The folder name “{name}” is not readable text. Rename it and try again.",
                name=name.encode("utf-8", "backslashreplace").decode(),
            )
    label_of = {name: label for label, name in enumerate(classes)}
    splits: dict[str, tuple[Photo, ...]] = {}
    for split in SPLIT_NAMES:
        if split not in found:
            continue
        for name, photos in found[split].items():
            if photos and name not in label_of:
                warnings.append(
                    DatasetError(
                        "“{name}” is in {split} but not in {leading}, and is left out.",
                        name=name,
                        split=split,
                        leading=leading,
                    )
                )
        splits[split] = tuple(
            Photo(path, label_of[name])
            for name, photos in found[split].items()
            if name in label_of
            for path in photos
        )
    if "train" in splits and not splits.get("validation"):
        splits = _set_aside(splits, with_test="test" not in splits)
        if not splits["validation"] and len(_single_bursts(splits)) == len(classes):
            raise DatasetError(
                "All photos of each class are of one recording, so none can check what is learnt. "
                "Record each class once more."
            )
        warnings += [
            DatasetError(
                "All photos of “{name}” are of one recording, so none can check what is learnt. "
                "Record it once more.",
                name=classes[label],
            )
            for label in sorted(_single_bursts(splits))
        ]
    return DataSet(source, classes, splits, tuple(warnings), has_own_splits)


def _set_aside(
    splits: dict[str, tuple[Photo, ...]], with_test: bool
) -> dict[str, tuple[Photo, ...]]:
    """Take validation (and test) photos out of the training photos, a like share of each class."""
    by_label: dict[int, list[Path]] = {}
    for photo in splits["train"]:
        by_label.setdefault(photo.label, []).append(photo.path)
    result: dict[str, list[Photo]] = {"train": [], "validation": [], "test": []}
    for label, photos in sorted(by_label.items()):
        parts = set_aside(photos, with_test)
        for split, part in zip(result, parts, strict=True):
            result[split] += [Photo(path, label) for path in part]
    if not with_test:
        result["test"] = list(splits["test"])
    return {split: tuple(photos) for split, photos in result.items()}


def _single_bursts(splits: dict[str, tuple[Photo, ...]]) -> set[int]:
    """The classes of which nothing can be set aside, for all of it is one recording."""
    checked = {photo.label for photo in splits["validation"]}
    bursts: dict[int, set[str | None]] = {}
    for photo in splits["train"]:
        if photo.label not in checked:
            bursts.setdefault(photo.label, set()).add(burst_of(photo.path))
    return {label for label, names in bursts.items() if None not in names}


def pictures_in(sources: Iterable[Path]) -> Iterator[Path]:
    """Every picture of *sources* in order: folders and zips are searched for all that look like
    pictures by name, sorted; a file named outright is always taken."""
    for source in sources:
        if is_zip(source):
            try:
                yield from _pictures(_unzip(source))
            except DatasetError:
                yield source  # Reading it tells why there are no pictures.
        else:
            yield from _pictures(source)


def is_zip(path: Path) -> bool:
    """Whether a file is a zip by name and content: documents of many kinds are zips, too."""
    try:
        return path.suffix.lower() == ".zip" and zipfile.is_zipfile(path)
    except (OSError, ValueError):
        return False


def _unzip(archive: Path) -> Path:
    steps = unzip(archive)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            folder: Path = end.value
            return folder


def unzip(archive: Path) -> Generator[tuple[int, int], None, Path]:
    """Unpack a zip's pictures into the caches, once; returns their folder, which is named after
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
                pictures = [i for i in members if looks_like_picture(Path(i.filename))]
                byte_count = sum(info.file_size for info in pictures)
                if byte_count > min(MAX_UNZIPPED_BYTES, _free_bytes(paths.home())):
                    raise DatasetError("“{path}” is too large to unpack.", path=archive)
                yield from _extract(opened, members, target)
            return target
    except _ZIP_ERRORS as error:
        raise DatasetError(
            "“{path}” cannot be unpacked ({detail}).", path=archive, detail=error
        ) from error


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
            if not looks_like_picture(Path(name.name)) or "__MACOSX" in name.parts:
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
