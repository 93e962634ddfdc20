"""What the folders of a data set mean: which hold its splits, and which its classes."""

import itertools
import os
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from trainer.data.folders import Folder, place_order
from trainer.data.left_out import is_system_file, listed
from trainer.data.recordings import recording_of
from trainer.data.split_names import SPLITS, split_named
from trainer.errors import DatasetError

CLASS_MARK = ".class"
"""An empty file that makes a folder a class, be it called like a split."""


@dataclass(slots=True)
class Layout:
    """Where the classes of a data set lie."""

    root: Path
    """The folder that its splits or classes lie in."""
    has_own_splits: bool = False
    """Whether folders say which photo is in which split."""
    parents: dict[str, list[Folder]] = field(default_factory=dict)
    """The folders that class folders lie in, by split; without splits, one, as ``train``. There is
    more than one where several folders mean the same split."""
    class_folders: dict[str, list[Folder]] = field(default_factory=dict)
    """The folders of classes themselves, by split."""
    passed: list[Folder] = field(default_factory=list)
    """The folders above: what lies in them and is no folder is of no class."""
    strays: list[Folder] = field(default_factory=list)
    """Folders that are neither split nor class, with all that is in them."""

    @property
    def classes(self) -> dict[str, dict[str, list[Folder]]]:
        """The classes of each split by their names, with their folders."""
        found: dict[str, dict[str, list[Folder]]] = {}
        for split, folders in self.class_folders.items():
            found[split] = {}
            for folder in folders:
                found[split].setdefault(class_name(folder.path), []).append(folder)
        return found


def layout_of(
    root: Path, only: Collection[Path] | None = None, *, even_empty: bool = False
) -> Layout:
    """Find out what the folders in *root* mean. These are understood:

    * splits that hold class folders, whatever the splits are called: see
      :func:`~trainer.data.split_names.split_named`;
    * class folders side by side, and beside them perhaps splits that hold the same classes;
    * either of them in another folder that holds no photos itself, where it is alone in holding
      any below and none beside it is empty: that would be a class to come. What has splits to train
      and to check with inside is a data set, whatever is beside it.

    A class may be called “test”: splits are what has folders of classes inside. They count where
    one of them is to train with, or there is nothing else. But photos to check or to test with that
    are not sorted by class, beside two classes or more, are no class.

    Args:
        only: the folders that count of those in *root*, or below.
        even_empty: whether an empty folder may be a split as well, for photos to come.

    Raises:
        DatasetError: there are several data sets in it.
        OSError: it cannot be read.
    """
    layout = Layout(root)
    top = Folder(root)
    if only is None:
        top = _unwrapped(top, layout)
        folders = top.folders
        layout.root = top.path
        layout.passed.append(top)
    else:
        folders = [Folder(path) for path in sorted(only, key=place_order)]
    splits = _splits_among(folders, even_empty)
    if splits:
        layout.has_own_splits = True
        for split in SPLITS:
            for folder in splits.get(split, ()):
                _add_split(layout, split, folder)
        taken = [folder for some in splits.values() for folder in some]
        layout.strays += [folder for folder in folders if folder not in taken]
    else:
        _add_classes(layout, top, folders)
    return layout


def _unwrapped(folder: Folder, layout: Layout) -> Folder:
    """Go down as long as a single folder holds the data set: zips and copies often wrap what they
    hold."""
    while True:
        if folder.error is not None and not isinstance(folder.error, FileNotFoundError):
            raise folder.error
        inner = _wrapped_in(folder)
        if inner is None:
            return folder
        layout.passed.append(folder)
        layout.strays += [each for each in folder.folders if each is not inner]
        folder = inner


def _wrapped_in(folder: Folder) -> Folder | None:
    if _splits_among(folder.folders, even_empty=True):
        return None
    splits = {each: _splits_among(each.folders, False) for each in folder.folders}
    # A class may have folders inside, beside its photos.
    whole = [each for each, some in splits.items() if _can_train(some) and not each.images]
    if len(whole) > 1:
        raise DatasetError(
            "“{path}” holds several data sets: {names}. Choose one of them.",
            path=folder.path,
            names=listed([each.name for each in whole]),
        )
    if whole and len(splits[whole[0]]) > 1:
        return whole[0]
    if any(each.has_no_files for each in folder.folders):
        return None  # They await photos, so the others are classes as well.
    filled = _filled(folder.folders, most=2)
    if not filled:
        return whole[0] if whole else None
    inner = filled[0]
    if len(filled) > 1 or inner.images or split_named(inner.name):
        return None
    return inner


def _filled(folders: Iterable[Folder], most: int) -> list[Folder]:
    """The first folders that hold photos, at most so many."""
    found: list[Folder] = []
    for folder in folders:
        if folder.has_images:
            found.append(folder)
            if len(found) == most:
                break
    return found


def _splits_among(folders: Sequence[Folder], even_empty: bool) -> dict[str, list[Folder]]:
    """Those of the folders that are splits, by split; none where there are classes among them."""
    splits: dict[str, list[Folder]] = {}
    for folder in folders:
        split = split_named(folder.name)
        if not split or (folder.path / CLASS_MARK).exists():
            continue
        if folder.folders or (even_empty and folder.is_empty):
            splits.setdefault(split, []).append(folder)
    taken = [folder for some in splits.values() for folder in some]
    if not taken or _can_train(splits):
        return splits
    others = (folder for folder in folders if folder not in taken)
    return {} if any(folder.has_images for folder in others) else splits


def _can_train(splits: dict[str, list[Folder]]) -> bool:
    return any(folder.folders for folder in splits.get("train", ()))


def _add_split(layout: Layout, split: str, folder: Folder) -> None:
    """Take the class folders of a split, which may be wrapped as well: ``train/images/apple``."""
    known = {_folded(each) for some in layout.class_folders.values() for each in some}
    *wrappers, parent = _chain(folder, known)
    for wrapper, inner in itertools.pairwise((*wrappers, parent)):
        layout.strays += [each for each in wrapper.folders if each is not inner]
    layout.passed += [*wrappers, parent]
    layout.parents.setdefault(split, []).append(parent)
    layout.class_folders.setdefault(split, []).extend(parent.folders)


def _chain(folder: Folder, known: Collection[str]) -> list[Folder]:
    """The folders from a split's own down to the one that its class folders lie in.

    Args:
        known: the classes of other splits, if there are any.
    """
    chain = [folder]
    while not folder.images:
        filled = _filled(folder.folders, most=2)
        if len(filled) != 1 or _folded(filled[0]) in known or filled[0].images:
            break
        folder = filled[0]
        chain.append(folder)
        if _has_any(folder, known):
            break
    # What holds none of the classes, or a single folder, is a class itself.
    has_classes = _has_any(folder, known) if known else len(_filled(folder.folders, most=2)) > 1
    return chain if has_classes else chain[:1]


def _has_any(folder: Folder, known: Collection[str]) -> bool:
    return any(_folded(each) in known for each in folder.folders)


def _add_classes(layout: Layout, top: Folder, folders: Sequence[Folder]) -> None:
    """Take folders as classes, but for those that hold what is checked or tested with."""
    classes = [folder for folder in folders if not _is_held_out(folder)]
    if len(_filled(classes, most=2)) < 2:
        classes = list(folders)
    layout.parents["train"] = [top]
    layout.class_folders["train"] = classes
    known = set(map(_folded, classes))
    for folder in folders:
        if folder in classes:
            continue
        split = split_named(folder.name)
        if split and _has_any(_chain(folder, known)[-1], known):
            layout.has_own_splits = True
            _add_split(layout, split, folder)
        else:
            layout.strays.append(folder)


def _is_held_out(folder: Folder) -> bool:
    """Whether a folder is called like a split to check or to test with, and nothing says that it
    is a class all the same."""
    if split_named(folder.name) not in {"validation", "test"} or not folder.has_images:
        return False
    is_recorded = any(recording_of(image) for image in folder.images)
    return not is_recorded and not (folder.path / CLASS_MARK).exists()


def mark_class(folder: Path) -> None:
    """Let a class's folder stay a class where it is called like a split.

    Raises:
        OSError: it cannot be written to.
    """
    if split_named(folder.name):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / CLASS_MARK).touch()


def remove_mark(folder: Path) -> None:
    """Take back :func:`mark_class` where nothing else is in the folder, but for what systems leave
    in it, which goes as well: people do not see it, and for them it is empty.

    Raises:
        OSError: it cannot be looked into, or written to.
    """
    entries = list(folder.iterdir()) if folder.is_dir() else []
    if all(entry.name == CLASS_MARK or is_system_file(entry) for entry in entries):
        for entry in entries:
            entry.unlink()


def class_folders(folder: Path) -> dict[str, list[Path]]:
    """The classes of the data set in *folder*, by name, each with its folders of training photos
    (two where a name is there composed and decomposed); none where there is nothing yet.

    Raises:
        DatasetError: *folder* is a file, or holds several data sets.
        OSError: it cannot be read.
    """
    classes = _layout_for_more(folder).classes.get("train", {})
    return {name: [each.path for each in classes[name]] for name in sorted(classes)}


def photos_in(folders: Iterable[Path]) -> list[Path]:
    """The photos in a class's folders, by their names: other photos first, then recordings, the
    newest last."""
    photos = (path for folder in folders for some in images_by_folder(folder) for path in some)
    return sorted(photos, key=lambda path: (recording_of(path) is not None, path.name))


def class_folder_parents(folder: Path) -> tuple[Path, dict[str, Path]]:
    """The folder for the class folders of new training photos, and all that hold class folders now
    by their split, where the data set has splits of its own; else that one, as ``train``. Of
    several folders of one split, the first.

    Raises:
        DatasetError: *folder* is a file, or holds several data sets.
        OSError: it cannot be read.
    """
    layout = _layout_for_more(folder)
    parents = {split: some[0].path for split, some in layout.parents.items()}
    return parents.get("train", layout.root / "train"), parents


def all_class_folder_parents(folder: Path) -> list[Path]:
    """Every folder that class folders of the data set lie in, of whatever split.

    Raises:
        DatasetError, OSError: as :func:`class_folder_parents`.
    """
    return [each.path for some in _layout_for_more(folder).parents.values() for each in some]


def _layout_for_more(folder: Path) -> Layout:
    if folder.exists() and not folder.is_dir():
        raise DatasetError("“{path}” is a file. Choose a folder.", path=folder)
    return layout_of(folder, even_empty=True)


def class_name(folder: Path) -> str:
    """The class that a folder's name means."""
    # macOS stores Hangul decomposed; the same name must be the same class everywhere.
    return unicodedata.normalize("NFC", folder.name)


def _folded(folder: Folder) -> str:
    return folded(folder.name)


def folded(name: str) -> str:
    """A class's name without what differs between systems: capitals and Unicode's forms."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def images_by_folder(source: Path) -> Iterator[list[Path]]:
    """The images of each folder in *source* and below, sorted, be there none; of a file, it
    alone."""
    # Path.is_dir() raises on names that are too long and on folders that are closed to us.
    if not os.path.isdir(source):  # noqa: PTH112
        yield [source]
        return
    for folder in Folder(source).walk():
        yield folder.images
