"""The photos of each class as a data set's folders have them, and what is unusual about them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.data import left_out
from trainer.data.folder_layout import Layout, folded
from trainer.data.folders import Folder
from trainer.data.left_out import LeftOut
from trainer.data.split_names import SPLITS, split_named
from trainer.errors import DatasetError


@dataclass(frozen=True, slots=True)
class ClassPhotos:
    """Photos by split and class."""

    classes: tuple[str, ...]
    """Those to learn: of the training photos, or else of the only split. Sorted."""
    splits: dict[str, list[tuple[Path, str]]]
    """Each photo with its class, which is one of those."""
    left_out: list[LeftOut]
    warnings: list[DatasetError]
    has_own_splits: bool
    """Whether it is said which photo is in which split."""
    training_folders: frozenset[Path]
    """The folders that the training photos of a class lie in, or below."""


def find_photos(layout: Layout, root: Path, packed: Sequence[LeftOut] = ()) -> ClassPhotos:
    """Look into every folder of the data set in *root*.

    Args:
        packed: what was left out before there were folders.
    """
    skipped = [*packed, *(each for folder in layout.passed for each in left_out.loose_in(folder))]
    found: dict[str, dict[str, list[Path]]] = {}
    for split, classes in layout.classes.items():
        found[split] = {}
        for name, folders in classes.items():
            photos = found[split][name] = []
            for folder in folders:
                some, others = left_out.photos_in(folder)
                photos += some
                skipped += others
    strays, about_strays = _strays(layout)
    warnings = [*_unusual(layout), *about_strays]
    folders_to_train = layout.class_folders.get("train", ())
    return classes_among(
        found,
        skipped,
        root,
        warnings=warnings,
        elsewhere=strays,
        has_own_splits=layout.has_own_splits,
        training_folders=[folder.path for folder in folders_to_train],
    )


def classes_among(
    found: Mapping[str, Mapping[str, list[Path]]],
    skipped: Sequence[LeftOut],
    root: Path,
    *,
    warnings: Sequence[DatasetError],
    has_own_splits: bool,
    training_folders: Iterable[Path],
    elsewhere: Sequence[LeftOut] = (),
    about_alike: Callable[[Sequence[str]], DatasetError] = left_out.alike_classes,
) -> ClassPhotos:
    """The classes to learn among photos by split and class, and what is to be said of the others.

    Args:
        skipped: what is left out, and still to be told.
        warnings: what is told already, for instance of what lies *elsewhere*.
        about_alike: what is said of classes whose names differ in capitals alone.
    """
    warnings = list(warnings)
    # A held-back set may be a test split alone.
    leading = "train" if "train" in found else next(iter(found))
    names = tuple(sorted(name for name, photos in found[leading].items() if photos))
    if empty := [name for name, photos in found[leading].items() if not photos]:
        warnings.append(left_out.without_photos(empty))
    if alike := _alike(names):
        warnings.append(about_alike(alike))
    splits: dict[str, list[tuple[Path, str]]] = {}
    unknown: list[LeftOut] = []
    for split in (split for split in SPLITS if split in found):
        splits[split], about_classes, of_no_class = _of_taught(found[split], names, split, leading)
        warnings += about_classes
        unknown += [LeftOut(path, "unknown class") for path in of_no_class]
    warnings += left_out.sentences(skipped, root)
    return ClassPhotos(
        names,
        splits,
        [*skipped, *elsewhere, *unknown],
        warnings,
        has_own_splits,
        frozenset(training_folders),
    )


def _of_taught(
    found: Mapping[str, list[Path]], names: Sequence[str], split: str, leading: str
) -> tuple[list[tuple[Path, str]], list[DatasetError], list[Path]]:
    """The photos of a split that are of a class to learn, what is to be said, and the others."""
    spelt = {folded(name): name for name in names}
    taught: list[tuple[Path, str]] = []
    others: list[Path] = []
    otherwise, unknown = [], []
    for name, photos in found.items():
        same = name if name in names else spelt.get(folded(name))
        if not photos:
            continue
        if same is None:
            unknown.append(name)
            others += photos
            continue
        if same != name:
            otherwise.append(name)
        taught += [(path, same) for path in photos]
    warnings = []
    if otherwise:
        warnings.append(left_out.other_spellings(split, otherwise))
    if unknown:
        warnings.append(left_out.unknown_classes(unknown, split, leading))
    return taught, warnings, others


def _unusual(layout: Layout) -> list[DatasetError]:
    """What is to be said of how the folders lie."""
    warnings = [
        left_out.merged_folders(split, [folder.name for folder in parents])
        for split, parents in layout.parents.items()
        if len(parents) > 1
    ]
    if not layout.has_own_splits:
        folders = [folder for folder in layout.class_folders["train"] if folder.has_images]
        if folders and all(split_named(folder.name) for folder in folders):
            names = [folder.name for folder in folders]
            warnings.append(left_out.classes_called_like_splits(names))
        inside = [_splits_inside(folder) for folder in folders]
        if inside and all(len(some) > 1 for some in inside):
            first = inside[0][0]
            warnings.append(left_out.split_inside_classes(f"{folders[0].name}/{first.name}"))
    return warnings


def _splits_inside(folder: Folder) -> list[Folder]:
    return [each for each in folder.folders if split_named(each.name)]


def _strays(layout: Layout) -> tuple[list[LeftOut], list[DatasetError]]:
    """What lies in folders that are neither split nor class, and what is to be said of them."""
    of_each = {folder: left_out.loose_in(folder, below=True) for folder in layout.strays}
    warnings = []
    for is_split, sentence in ((True, left_out.unsorted_splits), (False, left_out.stray_folders)):
        folders = [
            folder
            for folder, some in of_each.items()
            if bool(split_named(folder.name)) is is_split and some
        ]
        if folders:
            count = sum(len(of_each[folder]) for folder in folders)
            warnings.append(sentence([folder.name for folder in folders], count))
    return [each for some in of_each.values() for each in some], warnings


def _alike(names: Sequence[str]) -> list[str]:
    by_name: dict[str, list[str]] = {}
    for name in names:
        by_name.setdefault(folded(name), []).append(name)
    return [name for some in by_name.values() if len(some) > 1 for name in some]
