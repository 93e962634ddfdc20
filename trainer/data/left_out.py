"""What a data set leaves out, why, and the sentences that say so."""

import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from trainer.data.folders import Folder
from trainer.data.image_names import IMAGE_SUFFIXES
from trainer.errors import DatasetError

Reason = Literal[
    "not a picture",
    "unreadable",
    "no suffix",
    "loose",
    "no permission",
    "link",
    "unknown class",
    "no label",
    "several labels",
    "no photo",
]
"""Why a file is left out: *loose*, it lies in no class's folder; *link*, it leads nowhere or in a
circle; *unknown class*, its class is none of those that are learnt; *no label* and *several
labels*, by a file of labels or by its name; *no photo*, labels name it, and it is not there."""

FEW = 5
"""A class with fewer photos than this has few."""

_SYSTEM_FILES = frozenset({".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"})
_EVERYONE = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file, or a folder, that a data set leaves out."""

    path: Path
    reason: Reason


def photos_in(folder: Folder) -> tuple[list[Path], list[LeftOut]]:
    """The photos in a folder and below, in order, and what else is there. No file is opened: a
    photo may still turn out to be damaged."""
    photos: list[Path] = []
    left_out: list[LeftOut] = []
    for each in folder.walk():
        left_out += _closed(each)
        for name in each.files:
            path = each.path / name
            reason = _reason(path)
            if reason is None:
                photos.append(path)
            elif reason != "system":
                left_out.append(LeftOut(path, reason))
    return photos, left_out


def loose_in(folder: Folder, *, below: bool = False) -> list[LeftOut]:
    """What lies in a folder that is none of a class; *below* says whether also in its folders."""
    left_out: list[LeftOut] = []
    for each in folder.walk() if below else (folder,):
        left_out += _closed(each)
        for path in (each.path / name for name in each.files):
            reason = _reason(path)
            if reason != "system":
                left_out.append(LeftOut(path, reason or "loose"))
    return left_out


def _closed(folder: Folder) -> list[LeftOut]:
    circles = [LeftOut(path, "link") for path in folder.circles]
    if folder.error is None:
        return circles
    return [LeftOut(folder.path, "no permission"), *circles]


def _reason(path: Path) -> Reason | Literal["system"] | None:
    """Why a file is no photo; None of a photo."""
    reason = reason_of_name(path.name)
    if reason is not None:
        return reason
    try:
        status = path.stat()
    except PermissionError:
        return "no permission"
    except OSError:
        return "link"  # Of a file that has gone this very moment, too.
    if not stat.S_ISREG(status.st_mode):
        return "not a picture"
    if status.st_size == 0:
        return "unreadable"
    # Asking costs, and what everyone may read needs no asking.
    if status.st_mode & _EVERYONE != _EVERYONE and not os.access(path, os.R_OK):
        return "no permission"
    return None


def reason_of_name(name: str) -> Reason | Literal["system"] | None:
    """Why a file of this name is no photo; None of a photo's name."""
    _, suffix = os.path.splitext(name)  # noqa: PTH122
    if suffix.lower() in IMAGE_SUFFIXES:
        return None
    if name.startswith(".") or name.casefold() in _SYSTEM_FILES:
        return "system"
    return "not a picture" if suffix else "no suffix"


def is_system_file(path: Path) -> bool:
    """Whether it is a file that Windows or macOS leave in the folders that people look into."""
    return path.name.casefold() in _SYSTEM_FILES and path.is_file()


# What is said of it, a sentence a kind.


def readable(name: str) -> str:
    """A name with what is no text in it made visible."""
    return name.encode("utf-8", "backslashreplace").decode()


def listed(names: Sequence[str], most: int = 4) -> str:
    """Names for a sentence, quoted; of many, the first few and how many there are."""
    quoted = ", ".join(f"“{readable(name)}”" for name in names[:most])
    return f"{quoted} … ({len(names)})" if len(names) > most else quoted


def sentences(left_out: Iterable[LeftOut], root: Path) -> list[DatasetError]:
    """A sentence for each reason that there is, with how many and one of them. (Of photos of an
    unknown class another sentence names the class; of labels, those of
    :mod:`trainer.data.labels.label_warnings` say more.)"""
    by_reason: dict[str, list[Path]] = {}
    for each in left_out:
        is_zip = each.reason == "not a picture" and each.path.suffix.lower() == ".zip"
        by_reason.setdefault("zip" if is_zip else each.reason, []).append(each.path)
    makers = {
        "unreadable": unreadable,
        "no suffix": _no_suffix,
        "zip": _zips,
        "not a picture": _no_picture,
        "loose": _loose,
        "no permission": _no_permission,
        "link": _links,
    }
    return [
        make(len(by_reason[reason]), _place(by_reason[reason][0], root))
        for reason, make in makers.items()
        if reason in by_reason
    ]


def with_unreadable(
    warnings: Iterable[DatasetError], left_out: Sequence[LeftOut], root: Path
) -> list[DatasetError]:
    """The same sentences, now that photos have been read: one tells of all that cannot be."""
    damaged = [each.path for each in left_out if each.reason == "unreadable"]
    if not damaged:
        return list(warnings)
    sentence = unreadable(len(damaged), _place(damaged[0], root))
    told = list(warnings)
    known = [each.template for each in told]
    if sentence.template in known:
        told[known.index(sentence.template)] = sentence
        return told
    return [sentence, *told]


def _place(path: Path, root: Path) -> str:
    """Where it lies, as text."""
    place = path.relative_to(root) if path.is_relative_to(root) else path
    return readable(place.as_posix())


def unreadable(count: int, name: str) -> DatasetError:
    """Of photos that are empty, damaged, or no pictures in spite of their names."""
    return DatasetError(
        "Left out: photos that cannot be read ({count}, such as “{name}”). Save them again "
        "from the originals.",
        count=count,
        name=name,
    )


def nothing_readable(count: int) -> DatasetError:
    """Of a data set none of whose *count* photos can be read."""
    return DatasetError(
        "None of the photos can be read ({count}). Save them again from the originals.", count=count
    )


def _no_suffix(count: int, name: str) -> DatasetError:
    return DatasetError(
        "Left out: files without a suffix such as .jpg ({count}, such as “{name}”). If they are "
        "photos, give them one.",
        count=count,
        name=name,
    )


def _no_picture(count: int, name: str) -> DatasetError:
    return DatasetError(
        "Left out: files that are not pictures ({count}, such as “{name}”).",
        count=count,
        name=name,
    )


def _zips(count: int, name: str) -> DatasetError:
    return DatasetError(
        "Left out: zip files inside ({count}, such as “{name}”). Unpack them, or open one by "
        "itself.",
        count=count,
        name=name,
    )


def _loose(count: int, name: str) -> DatasetError:
    return DatasetError(
        "Left out: photos that are in no class's folder ({count}, such as “{name}”). Put each into "
        "its class's folder.",
        count=count,
        name=name,
    )


def _no_permission(count: int, name: str) -> DatasetError:
    return DatasetError(
        "Left out: files and folders that you may not read ({count}, such as “{name}”). Change "
        "their permissions.",
        count=count,
        name=name,
    )


def _links(count: int, name: str) -> DatasetError:
    return DatasetError(
        "Left out: links that lead nowhere or in a circle ({count}, such as “{name}”).",
        count=count,
        name=name,
    )


def without_photos(names: Sequence[str]) -> DatasetError:
    """Of class folders without a photo that can be read."""
    return DatasetError(
        "No classes, for they hold no photo that can be read: {names}. Add photos, or "
        "remove the folders.",
        names=listed(names),
    )


def single_photos(names: Sequence[str]) -> DatasetError:
    """Of classes with one photo."""
    return DatasetError(
        "Learnt but never validated, because there is only one photo: {names}. Add photos.",
        names=listed(names),
    )


def never_checked(names: Sequence[str]) -> DatasetError:
    """Of classes with photos to learn from, and none held out."""
    return DatasetError(
        "Learnt but never validated, because there are no validation or test photos: {names}. "
        "Add some.",
        names=listed(names),
    )


def few_photos(names: Sequence[str]) -> DatasetError:
    """Of classes with fewer photos than :data:`FEW`, but more than one."""
    return DatasetError(
        "Hardly learnt, for they have fewer than {least} photos: {names}. Add photos.",
        least=FEW,
        names=listed(names),
    )


def single_recordings(names: Sequence[str]) -> DatasetError:
    """Of classes all of whose photos are of one recording each."""
    if len(names) == 1:
        return DatasetError(
            "All photos of “{name}” are from one recording, so none are left for validation. "
            "Record it once more.",
            name=names[0],
        )
    return DatasetError(
        "All photos of each of these classes are from one recording, so none are left for "
        "validation: {names}. Record them once more.",
        names=listed(names),
    )


def unknown_classes(names: Sequence[str], split: str, leading: str) -> DatasetError:
    """Of classes that are in *split*, but not in the split that is *leading*."""
    if len(names) == 1:
        return DatasetError(
            "“{name}” is in {split} but not in {leading}, and is left out.",
            name=names[0],
            split=split,
            leading=leading,
        )
    return DatasetError(
        "In {split} but not in {leading}, and left out: {names}.",
        split=split,
        leading=leading,
        names=listed(names),
    )


def stray_folders(names: Sequence[str], count: int) -> DatasetError:
    """Of folders beside the splits or the classes that are none, and of the *count* files there."""
    return DatasetError(
        "Left out, for they are neither a split nor a class: {names} (files: {count}).",
        names=listed(names),
        count=count,
    )


def unsorted_splits(names: Sequence[str], count: int) -> DatasetError:
    """Of folders that are called like splits, and hold *count* files but no classes."""
    return DatasetError(
        "Left out, because their photos are not sorted by class: {names} (files: {count}). "
        "Sort them into class folders; or, if the folder is a class, give it another name.",
        names=listed(names),
        count=count,
    )


def merged_folders(split: str, names: Sequence[str]) -> DatasetError:
    """Of several folders of one split."""
    return DatasetError(
        "Taken together, for all of them mean {split}: {names}.", split=split, names=listed(names)
    )


def classes_of_one_name(places: Sequence[str]) -> DatasetError:
    """Of class folders in different places that are called alike."""
    return DatasetError(
        "Combined into one class, because the folders have the same name: {names}. If they are "
        "different classes, rename one.",
        names=listed(places),
    )


def split_inside_classes(name: str) -> DatasetError:
    """Of classes with folders of splits inside, instead of splits with folders of classes."""
    return DatasetError(
        "Inside the classes are folders called like splits, such as “{name}”. All photos of a "
        "class are taken together and divided anew; to keep them apart, put the class folders into "
        "the splits.",
        name=name,
    )


def classes_called_like_splits(names: Sequence[str]) -> DatasetError:
    """Of a data set all of whose classes are called like splits."""
    return DatasetError(
        "The classes are called {names}. If these are splits, sort the photos in them into class "
        "folders.",
        names=listed(names),
    )


def other_spellings(split: str, names: Sequence[str]) -> DatasetError:
    """Of class folders whose names differ from the classes' in capitals or Unicode's form."""
    return DatasetError(
        "Spelt otherwise in {split}, and taken for the same classes: {names}.",
        split=split,
        names=listed(names),
    )


def alike_classes(names: Sequence[str]) -> DatasetError:
    """Of classes whose names differ in capitals alone."""
    return DatasetError(
        "Treated as different classes, although only capitals differ: {names}. If they are the "
        "same, put their photos into one folder.",
        names=listed(names),
    )


# What only the photos' contents tell, for whoever reads them all.


def same_photo_in_two_classes(count: int, first: str, second: str) -> DatasetError:
    """Of *count* photos that are in more than one class, and two classes of one of them."""
    return DatasetError(
        "The same photo is in two classes ({count}, such as one in “{first}” and “{second}”). "
        "Remove it from one of them.",
        count=count,
        first=first,
        second=second,
    )


def shared_by_splits(count: int, split: str, leading: str) -> DatasetError:
    """Of *count* photos of *split* that are in the split *leading* as well."""
    return DatasetError(
        "Photos of {split} that are in {leading} as well do not count in {split} ({count}).",
        count=count,
        split=split,
        leading=leading,
    )


def of_copies_alone(count: int, split: str, leading: str) -> DatasetError:
    """Of a *split* all of whose *count* photos are in the split *leading* as well."""
    return DatasetError(
        "All photos of {split} are in {leading} as well ({count}), so its figures say nothing. "
        "Take others.",
        count=count,
        split=split,
        leading=leading,
    )


def changes_counted(count: int, file: str) -> DatasetError:
    """Of *count* label edits, which are kept in *file*."""
    return DatasetError(
        "Your changes count here ({count}). They are kept in “{file}”, beside the folder.",
        count=count,
        file=file,
    )


def near_duplicates_across_splits(count: int) -> DatasetError:
    """Of *count* photos to check or to test with that are nearly those of an earlier split."""
    return DatasetError(
        "Some validation or test photos are the same, or nearly the same, as photos of an "
        "earlier split ({count}), so results look better than they are. Remove one of each.",
        count=count,
    )


def near_duplicates_held_together(count: int) -> DatasetError:
    """Of *count* photos that have a near-duplicate."""
    return DatasetError(
        "Photos that are nearly the same stay together, to learn from or to check with ({count}).",
        count=count,
    )


def subfolders_held_together(classes: int) -> DatasetError:
    """Of *classes* whose photos lie in subfolders."""
    return DatasetError(
        "Photos of one subfolder stay together, to learn from or to check with (in {count} "
        "classes).",
        count=classes,
    )


def looking_alike(names: Sequence[str]) -> DatasetError:
    """Of classes nearly all of whose photos are near-duplicates."""
    return DatasetError(
        "Nearly all photos of {names} look the same, so their accuracy will look too good: it "
        "is measured on photos like those it learnt from. Add photos of other pieces.",
        names=listed(names),
    )
