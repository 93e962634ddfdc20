"""Data sets: folders and zips of photos, one folder a class."""

import hashlib
import zipfile
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from trainer.control import drain, relay
from trainer.data import left_out
from trainer.data.chosen_folders import common_folder, folders_of, is_chosen
from trainer.data.class_photos import ClassPhotos, find_photos
from trainer.data.duplicates import duplicates
from trainer.data.file_names import composed
from trainer.data.folder_layout import images_by_folder, layout_of
from trainer.data.held_out import hold_out_photos
from trainer.data.label_edits import LabelEdits, place_of
from trainer.data.labels import label_warnings
from trainer.data.labels.label_file import looks_like_labels
from trainer.data.labels.label_source import is_label_source, label_source, other_choices
from trainer.data.labels.labelled_photos import find_labelled
from trainer.data.left_out import LeftOut
from trainer.data.recordings import recording_of
from trainer.data.split_names import SPLITS, split_named
from trainer.data.splits import SPLIT_RULE, SplitRule
from trainer.data.unique_photos import once
from trainer.data.zips import is_there, is_zip, not_unpacked, unzip, unzipped
from trainer.errors import (
    DataNotFoundError,
    DatasetError,
    TooFewClassesLeftError,
    UnsortedPhotosError,
)
from trainer.events import Preparing
from trainer.storage.encoding import encoded


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
    left_out: tuple[LeftOut, ...] = ()
    """Every file that was left out, and why; but only reading photos tells which are damaged."""
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
        return hashlib.sha256(encoded(str(self.root.resolve()))).hexdigest()[:16]

    def fingerprint(self) -> str:
        """A digest of every photo's place and size: 16 hexadecimal digits."""
        return self.fingerprints()[0]

    def fingerprints(self) -> tuple[str, str]:
        """The fingerprint, and what it was in version 0.1, where it told Unicode's forms apart:
        what was learnt then was learnt from these photos, too."""
        now, then = hashlib.sha256(), hashlib.sha256()
        for split, photos in sorted(self.splits.items()):
            for photo in photos:
                size = photo.path.stat().st_size if is_there(photo.path) else -1
                name = "" if photo.label == self.background else self.classes[photo.label]
                for digest, file in ((now, composed(photo.path.name)), (then, photo.path.name)):
                    digest.update(encoded(f"{split}\0{name}\0{file}\0{size}\n"))
        return now.hexdigest()[:16], then.hexdigest()[:16]


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

    *source* is a folder or a zip of one: either splits with one folder a class in each, or one
    folder a class, which is split by a fixed seed; what names and shapes are understood,
    :func:`~trainer.data.folder_layout.layout_of` says. Or it is a list of class folders that were
    chosen together, or of photos with labels from elsewhere: see
    :mod:`trainer.data.chosen_folders` and :mod:`trainer.data.labels.label_source`. Without a
    validation folder, validation photos are held out from the training photos: for that, each is
    read once. Photos may lie deeper inside a class's folder.

    What is left out is in :attr:`DataSet.left_out`, and told in :attr:`DataSet.warnings`.

    Args:
        with_edits: whether the label edits beside the data set count.
        with_doubles: whether photos that are learnt from count in the other splits as well, where
            the folders have them in both.
        split_rule: how photos are held out: see :data:`trainer.data.splits.SPLIT_RULE`.

    Yields:
        How many files of a zip are unpacked, and then how many photos have been looked at.

    Raises:
        DataNotFoundError: there is nothing.
        DatasetError: it is neither, or holds fewer than two classes.
    """
    try:
        found, root = yield from _find(source)
        scanned = yield from _scan(found, source, split_rule)
        warnings = left_out.with_unreadable(scanned.warnings, scanned.left_out, root)
        data_set = replace(scanned, folder=root, split_rule=split_rule, warnings=tuple(warnings))
        if with_edits:
            data_set = _with_edits(data_set, root)
        if split_rule > 1 and not with_doubles:
            data_set = yield from _without_doubles(data_set)
    except OSError as error:
        raise DatasetError(
            "“{path}” cannot be read ({detail}).", path=source, detail=error.strerror or error
        ) from error
    return replace(data_set, warnings=(*_poor_classes(data_set), *data_set.warnings))


def _find(source: Path) -> Generator[Preparing, None, tuple[ClassPhotos, Path]]:
    """The photos of a data set by class, and the folder that they lie in."""
    if source.is_dir():
        return find_photos(layout_of(source), source), source
    if source.is_file() and is_chosen(source):
        only = folders_of(source)
        root = common_folder(only)
        return find_photos(layout_of(root, only), root), root
    if source.is_file() and is_label_source(source):
        return (yield from find_labelled(label_source(source)))
    if source.is_file() and zipfile.is_zipfile(source):
        root = yield from relay(unzip(source), lambda step: Preparing("unzip", *step))
        packed = [LeftOut(root / name, reason) for name, reason in not_unpacked(source)]
        return find_photos(layout_of(root), root, packed), root
    if looks_like_labels(source):
        raise DatasetError(
            "“{path}” may hold labels, but a folder or zip of photos is needed first. Choose that, "
            "and then this file as its labels.",
            path=source,
        )
    if source.exists():
        raise DatasetError("“{path}” is neither a folder nor a zip file.", path=source)
    raise DataNotFoundError("There is no folder or zip file “{path}”.", path=source)


def _is_undecodable(name: str) -> bool:
    """Whether a name was written in another encoding than the system's."""
    return any("\ud800" <= character <= "\udfff" for character in name)


def _images(folder: Path) -> Iterator[Path]:
    """Every image in *folder* and below, sorted folder by folder, as they are found."""
    for images in images_by_folder(folder):
        yield from images


def _scan(
    found: ClassPhotos, source: Path, split_rule: SplitRule
) -> Generator[Preparing, None, DataSet]:
    classes, warnings, skipped = found.classes, found.warnings, list(found.left_out)
    if len(classes) < 2:
        raise _too_few_classes(source, len(classes), found.left_out)
    for name in classes:
        if _is_undecodable(name):
            raise DatasetError(
                "The folder name “{name}” is not readable text. Rename it and try again.",
                name=left_out.readable(name),
            )
    label_of = {name: label for label, name in enumerate(classes)}
    splits = {
        split: tuple(Photo(path, label_of[name]) for path, name in photos)
        for split, photos in found.splits.items()
    }
    if "train" in splits and not splits.get("validation"):
        by_class: dict[str, list[Path]] = {name: [] for name in classes}
        for photo in splits["train"]:
            by_class[classes[photo.label]].append(photo.path)
        held_out = yield from hold_out_photos(
            by_class,
            found.training_folders,
            with_test="test" not in splits,
            rule=split_rule,
        )
        for split, named in held_out.splits.items():
            splits[split] = tuple(Photo(path, label_of[name]) for path, name in named)
        warnings += held_out.warnings
        skipped += [LeftOut(path, "unreadable") for path in held_out.unreadable]
    return DataSet(
        source,
        classes,
        splits,
        tuple(warnings),
        found.has_own_splits,
        left_out=tuple(skipped),
    )


def _poor_classes(data_set: DataSet) -> list[DatasetError]:
    """What is to be said of classes with few photos, as the user has changed them."""
    if "train" not in data_set.splits:
        return []
    counts = Counter(photo.label for photo in data_set.photos)
    held_out = {
        photo.label for split in ("validation", "test") for photo in data_set.splits.get(split, ())
    }
    recorded = _single_recordings(data_set.splits)
    single, unchecked, few = (
        [data_set.classes[label] for label in sorted(labels)]
        for labels in (
            {label for label, count in counts.items() if count == 1},
            {label for label, count in counts.items() if count > 1} - held_out - recorded,
            {label for label, count in counts.items() if 1 < count < left_out.FEW} - recorded,
        )
    )
    told = (
        (single, left_out.single_photos),
        (unchecked, left_out.never_checked),
        (few, left_out.few_photos),
    )
    return [sentence(names) for names, sentence in told if names]


def _with_edits(data_set: DataSet, root: Path) -> DataSet:
    """What the user has changed without touching the photos; which photo is in which split is
    decided before, so that a new label makes nobody learn from a photo that was tested on.

    Raises:
        TooFewClassesLeftError: fewer than two classes are left.
    """
    edits = LabelEdits.of(data_set.root)
    if not edits.count and is_label_source(data_set.root):
        elsewhere = _edits_of_other_choices(data_set.root)
        data_set = replace(data_set, warnings=(*data_set.warnings, *elsewhere))
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
        raise TooFewClassesLeftError(
            "Your changes in “{path}” leave photos of {count} classes, but at least 2 are needed. "
            "Take back the last of them, or move that list away.",
            path=edits.file,
            count=len(classes),
        )
    label_of = {name: label for label, name in enumerate(classes)}
    warning = left_out.changes_counted(edits.count, edits.file.name)
    unknown = [
        left_out.unknown_classes(names, split, leading)
        for split, photos in changed.items()
        if (names := sorted({name for _, name in photos} - label_of.keys()))
    ]
    return replace(
        data_set,
        classes=classes,
        splits={
            split: tuple(Photo(path, label_of[name]) for path, name in photos if name in label_of)
            for split, photos in changed.items()
        },
        warnings=(*data_set.warnings, *([warning] if edits.count else ()), *unknown),
    )


def _edits_of_other_choices(source: Path) -> list[DatasetError]:
    """What is to be said of changes that were made with other columns of the same labels."""
    told = []
    for other, choice in other_choices(source):
        try:
            count = LabelEdits.of(other).count
        except DatasetError:
            continue  # Told by whoever opens it.
        if count:
            columns = choice.columns.labels if choice.columns else (choice.pattern,)
            names = (choice.class_names.name,) if choice.class_names else ()
            told.append(label_warnings.edits_of_other_labels(count, (*columns, *names)))
    return told


def _without_doubles(data_set: DataSet) -> Generator[Preparing, None, DataSet]:
    """No photo both learnt from and measured with: a figure would be too good. What stands in
    ``train`` goes before ``validation``, and that before ``test``."""
    content = yield from duplicates(photo.path for photo in data_set.photos)
    if not content:
        return data_set
    warnings = [*_in_two_classes(data_set, content), *data_set.warnings]
    splits: dict[str, tuple[Photo, ...]] = {}
    for split in filter(data_set.splits.__contains__, SPLITS):
        left = data_set.splits[split]
        for leading, others in splits.items():
            seen = {content.get(photo.path) for photo in others} - {None}
            new = tuple(photo for photo in left if content.get(photo.path) not in seen)
            if len(new) == len(left):
                continue
            tell = left_out.shared_by_splits if new else left_out.of_copies_alone
            warnings.append(tell(len(left) - len(new), split, leading))
            left = new or left
        splits[split] = left
    splits = {split: splits[split] for split in data_set.splits}
    return replace(data_set, splits=splits, warnings=tuple(warnings))


def _in_two_classes(data_set: DataSet, content: Mapping[Path, str]) -> Iterator[DatasetError]:
    classes: dict[str, set[int]] = {}
    for photo in data_set.photos:
        if photo.path in content:
            classes.setdefault(content[photo.path], set()).add(photo.label)
    between = [sorted(labels) for labels in classes.values() if len(labels) > 1]
    if between:
        one, other, *_ = (data_set.classes[label] for label in between[0])
        yield left_out.same_photo_in_two_classes(len(between), one, other)


def _too_few_classes(source: Path, count: int, skipped: Sequence[LeftOut]) -> DatasetError:
    zips = [each.path for each in skipped if each.path.suffix.lower() == ".zip"]
    closed = [each.path for each in skipped if each.reason == "no permission"]
    if closed:
        return DatasetError(
            "“{path}” holds photos of {count} classes that you may read, but at least 2 are "
            "needed. Change the permissions of “{name}”.",
            path=source,
            count=count,
            name=left_out.readable(closed[0].name),
        )
    if zips:
        return DatasetError(
            "“{path}” holds photos of {count} classes, and zip files. Unpack them, or open one of "
            "them by itself.",
            path=source,
            count=count,
        )
    if is_label_source(source):
        return DatasetError(
            "The labels of “{path}” are of {count} classes, but at least 2 are needed. Choose "
            "another column, or another pattern.",
            path=source.name,
            count=count,
        )
    return UnsortedPhotosError(
        "“{path}” holds photos of {count} classes, but at least 2 are needed: put the photos of "
        "each class into a folder of their own, or take their labels from a file or their names.",
        path=source,
        count=count,
    )


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
