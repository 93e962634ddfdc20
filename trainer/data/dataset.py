"""Data sets: folders and zips of photos, one folder a class."""

import hashlib
import zipfile
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from trainer.control import drain
from trainer.data.duplicates import duplicates
from trainer.data.folder_layout import (
    SPLIT_NAMES,
    class_name,
    images_by_folder,
    split_folders,
    split_named,
    subfolders,
    unwrapped,
)
from trainer.data.held_out import hold_out_photos
from trainer.data.label_edits import LabelEdits, place_of
from trainer.data.splits import SPLIT_RULE, SplitRule
from trainer.data.zips import is_zip, unzipped
from trainer.errors import DatasetError
from trainer.events import Preparing


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
    split_rule: SplitRule = SPLIT_RULE
    """How photos were held out where the folders do not say it."""

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
                size = photo.path.stat().st_size if photo.path.exists() else -1
                name = "" if photo.label == self.background else self.classes[photo.label]
                line = f"{split}\0{name}\0{photo.path.name}\0{size}\n"
                digest.update(line.encode("utf-8", "surrogateescape"))
        return digest.hexdigest()[:16]


def open_data_set(
    source: Path,
    *,
    with_edits: bool = True,
    with_doubles: bool = False,
    split_rule: SplitRule = SPLIT_RULE,
) -> DataSet:
    """The same as :func:`read_data_set`, without telling how far it is."""
    return drain(
        read_data_set(
            source, with_edits=with_edits, with_doubles=with_doubles, split_rule=split_rule
        )
    )


def read_data_set(
    source: Path,
    *,
    with_edits: bool = True,
    with_doubles: bool = False,
    split_rule: SplitRule = SPLIT_RULE,
) -> Generator[Preparing, None, DataSet]:
    """Find the photos of a data set, as the user has changed it.

    *source* is a folder or a zip of one: either ``train/``, ``validation/`` (or ``val/``,
    ``valid/``) and ``test/`` with one folder a class in each, or one folder a class, which is split
    by a fixed seed. Without a validation folder, validation photos are held out from the
    training photos in the same way: for that, each is read once. Photos may lie deeper inside a
    class's folder.

    Args:
        with_edits: whether the label edits beside the data set count.
        with_doubles: whether photos that are learnt from count in the other splits as well, where
            the folders have them in both.
        split_rule: how they are held out: see :data:`trainer.data.splits.SPLIT_RULE`.

    Yields:
        How many photos have been looked at.

    Raises:
        DatasetError: it is missing, is neither, or holds fewer than two classes.
    """
    if source.is_dir():
        root = source
    elif source.is_file() and zipfile.is_zipfile(source):
        root = unzipped(source)
    elif source.exists():
        raise DatasetError("“{path}” is neither a folder nor a zip file.", path=source)
    else:
        raise DatasetError("There is no folder or zip file “{path}”.", path=source)
    try:
        data_set = yield from _scan(unwrapped(root), source, split_rule)
        data_set = replace(data_set, folder=root, split_rule=split_rule)
        if with_edits:
            data_set = _with_edits(data_set, root)
        if with_doubles or split_rule == 1:
            return data_set
        return (yield from _without_doubles(data_set))
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


def _scan(root: Path, source: Path, split_rule: SplitRule) -> Generator[Preparing, None, DataSet]:
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
    photos_of: dict[str, tuple[Photo, ...]] = {}
    for split in SPLIT_NAMES:
        if split not in found:
            continue
        for name, photos in found[split].items():
            if photos and name not in label_of:
                warnings.append(_left_out(name, split, leading))
        photos_of[split] = tuple(
            Photo(path, label_of[name])
            for name, photos in found[split].items()
            if name in label_of
            for path in photos
        )
    if "train" in photos_of and not photos_of.get("validation"):
        by_class: dict[str, list[Path]] = {name: [] for name in classes}
        for photo in photos_of["train"]:
            by_class[classes[photo.label]].append(photo.path)
        held_out = yield from hold_out_photos(
            by_class,
            (folders or {"train": root})["train"],
            with_test="test" not in photos_of,
            rule=split_rule,
        )
        for split, named in held_out.splits.items():
            photos_of[split] = tuple(Photo(path, label_of[name]) for path, name in named)
        warnings += held_out.warnings
    return DataSet(source, classes, photos_of, tuple(warnings), has_own_splits)


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


def _without_doubles(data_set: DataSet) -> Generator[Preparing, None, DataSet]:
    """No photo both learnt from and measured with: a figure would be too good. What stands in
    ``train`` goes before ``validation``, and that before ``test``."""
    content = yield from duplicates(photo.path for photo in data_set.photos)
    if not content:
        return data_set
    warnings = [*data_set.warnings, *_in_two_classes(data_set, content)]
    splits: dict[str, tuple[Photo, ...]] = {}
    for split, photos in data_set.splits.items():
        left = photos
        for leading, others in splits.items():
            seen = {content.get(photo.path) for photo in others} - {None}
            new = tuple(photo for photo in left if content.get(photo.path) not in seen)
            if len(new) == len(left):
                continue
            warnings.append(
                DatasetError(
                    "{count} photos of {split} are in {leading} as well, and do not count in "
                    "{split}."
                    if new
                    else "All {count} photos of {split} are in {leading} as well, so its figures "
                    "say nothing. Take others.",
                    count=len(left) - len(new),
                    split=split,
                    leading=leading,
                )
            )
            left = new or left
        splits[split] = left
    return replace(data_set, splits=splits, warnings=tuple(warnings))


def _in_two_classes(data_set: DataSet, content: Mapping[Path, str]) -> Iterator[DatasetError]:
    classes: dict[str, set[int]] = {}
    for photo in data_set.photos:
        if photo.path in content:
            classes.setdefault(content[photo.path], set()).add(photo.label)
    between = [sorted(labels) for labels in classes.values() if len(labels) > 1]
    if between:
        one, other, *_ = (data_set.classes[label] for label in between[0])
        yield DatasetError(
            "{count} photos are in two classes, such as “{one}” and “{other}”. Decide for one.",
            count=len(between),
            one=one,
            other=other,
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


def images_in(sources: Iterable[Path]) -> Iterator[Path]:
    """Every image of *sources* in order: folders and zips are searched for all that look like
    images by name, sorted; a file named outright is always taken."""
    for source in sources:
        if is_zip(source):
            try:
                yield from _images(unzipped(source))
            except DatasetError:
                yield source  # Reading it tells why there are no images.
        else:
            yield from _images(source)
