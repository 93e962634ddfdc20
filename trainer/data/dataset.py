"""Data sets: folders and zips of photos, one folder a class."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from trainer.data.folder_layout import (
    SPLIT_NAMES,
    class_name,
    images_by_folder,
    split_folders,
    split_named,
    subfolders,
    unwrapped,
)
from trainer.data.label_edits import LabelEdits, place_of
from trainer.data.named_once import once
from trainer.data.recordings import recording_of
from trainer.data.splits import hold_out
from trainer.data.zips import is_there, is_zip, unzipped
from trainer.errors import DataNotFoundError, DatasetError


@dataclass(frozen=True, slots=True)
class Photo:
    """A labelled photo; ``label`` is an index into its data set's classes, or
    :attr:`DataSet.background`."""

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
    folder: Path | None = None
    """What photos' places are told from: the root, or what a zip was unpacked to."""

    def place_of(self, photo: Path) -> str:
        """A photo's place, as a :class:`~trainer.data.label_edits.LabelEdit` has it."""
        return place_of(photo, self.folder or self.root)

    @property
    def background(self) -> int:
        """The label of photos to learn from that are of no class, as a joint head can: see
        :class:`trainer.models.joint_head.JointHead`."""
        return len(self.classes)

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
                size = photo.path.stat().st_size if is_there(photo.path) else -1
                name = "" if photo.label == self.background else self.classes[photo.label]
                line = f"{split}\0{name}\0{photo.path.name}\0{size}\n"
                digest.update(line.encode("utf-8", "surrogateescape"))
        return digest.hexdigest()[:16]


def open_data_set(source: Path, *, with_edits: bool = True) -> DataSet:
    """Find the photos of a data set, as the user has changed it.

    *source* is a folder or a zip of one: either ``train/``, ``validation/`` (or ``val/``,
    ``valid/``) and ``test/`` with one folder a class in each, or one folder a class, which is split
    by a fixed seed. Without a validation folder, validation photos are set aside from the
    training photos in the same way. Photos may lie deeper inside a class's folder.

    Args:
        with_edits: whether the label edits beside the data set count.

    Raises:
        DataNotFoundError: there is nothing.
        DatasetError: it is neither, or holds fewer than two classes.
    """
    if source.is_dir():
        root = source
    elif source.is_file() and zipfile.is_zipfile(source):
        root = unzipped(source)
    elif source.exists():
        raise DatasetError("“{path}” is neither a folder nor a zip file.", path=source)
    else:
        raise DataNotFoundError("There is no folder or zip file “{path}”.", path=source)
    try:
        data_set = replace(_scan(unwrapped(root), source), folder=root)
        return _with_edits(data_set, root) if with_edits else data_set
    except OSError as error:
        raise DatasetError(
            "“{path}” cannot be read ({detail}).", path=source, detail=error.strerror or error
        ) from error


def _is_undecodable(name: str) -> bool:
    """Whether a name was written in another encoding than the system's."""
    return any("\ud800" <= character <= "\udfff" for character in name)


def _images(folder: Path) -> Iterator[Path]:
    """Every image in *folder* and below, sorted folder by folder, as they are found."""
    for images in images_by_folder(folder):
        yield from images


def _photos_by_class(split_folder: Path) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for folder in subfolders(split_folder):
        found.setdefault(class_name(folder), []).extend(_images(folder))
    return found


def _scan(root: Path, source: Path) -> DataSet:
    folders = split_folders(root)
    has_own_splits = bool(folders)
    found = {split: _photos_by_class(f) for split, f in (folders or {"train": root}).items()}
    # A held-back set may be a test split alone.
    leading = "train" if "train" in found else next(iter(found))
    warnings = [
        DatasetError("The class “{name}” has no photos.", name=name)
        for name, photos in found[leading].items()
        if not photos
    ]
    classes = tuple(sorted(name for name, photos in found[leading].items() if photos))
    if len(classes) < 2:
        raise _too_few_classes(source, len(classes))
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
                warnings.append(_left_out(name, split, leading))
        splits[split] = tuple(
            Photo(path, label_of[name])
            for name, photos in found[split].items()
            if name in label_of
            for path in photos
        )
    if "train" in splits and not splits.get("validation"):
        splits = _hold_out(splits, with_test="test" not in splits)
        if not splits["validation"] and len(_single_recordings(splits)) == len(classes):
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
            for label in sorted(_single_recordings(splits))
        ]
    return DataSet(source, classes, splits, tuple(warnings), has_own_splits)


def _with_edits(data_set: DataSet, root: Path) -> DataSet:
    """What the user has changed without touching the photos; which photo is in which split is
    decided before, so that a new label makes nobody learn from a photo that was tested on.

    Raises:
        DatasetError: fewer than two classes are left.
    """
    edits = LabelEdits.of(data_set.root)
    if not edits.edits:
        return data_set
    named = {
        split: [(photo.path, data_set.classes[photo.label]) for photo in photos]
        for split, photos in data_set.splits.items()
    }
    changed = edits.apply_to(named, root)
    leading = "train" if "train" in changed else next(iter(changed))
    classes = tuple(sorted({name for _, name in changed[leading]}))
    if len(classes) < 2:
        raise _too_few_classes(data_set.root, len(classes))
    label_of = {name: label for label, name in enumerate(classes)}
    warning = DatasetError(
        "Your changes count here ({count}). They are kept in “{file}”, beside the folder.",
        count=edits.count,
        file=edits.file.name,
    )
    left_out = [
        _left_out(name, split, leading)
        for split, photos in changed.items()
        for name in sorted({name for _, name in photos} - label_of.keys())
    ]
    return replace(
        data_set,
        classes=classes,
        splits={
            split: tuple(Photo(path, label_of[name]) for path, name in photos if name in label_of)
            for split, photos in changed.items()
        },
        warnings=(*data_set.warnings, *([warning] if edits.count else ()), *left_out),
    )


def _left_out(name: str, split: str, leading: str) -> DatasetError:
    return DatasetError(
        "“{name}” is in {split} but not in {leading}, and is left out.",
        name=name,
        split=split,
        leading=leading,
    )


def _too_few_classes(source: Path, count: int) -> DatasetError:
    return DatasetError(
        "“{path}” holds photos of {count} classes, but at least 2 are needed: "
        "put the photos of each class into a folder of their own.",
        path=source,
        count=count,
    )


def _hold_out(
    splits: dict[str, tuple[Photo, ...]], with_test: bool
) -> dict[str, tuple[Photo, ...]]:
    """Take validation (and test) photos out of the training photos, a like share of each class."""
    by_label: dict[int, list[Path]] = {}
    for photo in splits["train"]:
        by_label.setdefault(photo.label, []).append(photo.path)
    result: dict[str, list[Photo]] = {"train": [], "validation": [], "test": []}
    for label, photos in sorted(by_label.items()):
        parts = hold_out(photos, with_test)
        for split, part in zip(result, parts, strict=True):
            result[split] += [Photo(path, label) for path in part]
    if not with_test:
        result["test"] = list(splits["test"])
    return {split: tuple(photos) for split, photos in result.items()}


def _single_recordings(splits: dict[str, tuple[Photo, ...]]) -> set[int]:
    """The classes of which nothing can be set aside, for all of it is one recording."""
    checked = {photo.label for photo in splits["validation"]}
    recordings: dict[int, set[str | None]] = {}
    for photo in splits["train"]:
        if photo.label not in checked:
            recordings.setdefault(photo.label, set()).add(recording_of(photo.path))
    return {label for label, names in recordings.items() if None not in names}


def images_in(sources: Iterable[Path]) -> Iterator[Path]:
    """Every image of *sources* in order, each once: folders and zips are searched for all that
    look like images by name, sorted; a file named outright is always taken."""
    return once(_found_in(sources))


def _found_in(sources: Iterable[Path]) -> Iterator[Path]:
    for source in sources:
        if is_zip(source):
            try:
                yield from _images(unzipped(source))
            except DatasetError:
                yield source  # Reading it tells why there are no images.
        else:
            yield from _images(source)
