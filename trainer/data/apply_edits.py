"""Applying a list of changes to the folder itself, so that it says the same without the list."""

import os
from collections import defaultdict
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from pathlib import Path

from trainer.data.chosen_folders import is_chosen
from trainer.data.dataset import DataSet, open_data_set
from trainer.data.edit_journal import EditJournal, JournalEntry
from trainer.data.file_copies import class_folder, free_place, move_file
from trainer.data.file_names import composed
from trainer.data.folder_layout import Layout, layout_of, mark_class
from trainer.data.label_edits import LabelEdit, LabelEdits, PhotoEdit, beside, except_of, place_of
from trainer.data.labels.label_source import is_label_source
from trainer.data.revert_edits import revert_edits
from trainer.errors import DatasetError

EXCLUDED = " (excluded)"

Wanted = dict[str, tuple[str, str]]
"""The split and the class that each photo is to be in, by its place once all are moved."""


@dataclass(frozen=True, slots=True)
class AppliedEdits:
    """What came of it."""

    moved: int
    """Photos."""
    kept: int
    """Photos of which the folder cannot say what the changes do, and which stay in the list: in a
    data set without folders for its splits, which split a photo is in; and classes that no folder
    can be called."""
    absent: int = 0
    """Photos that were not there, and whose changes stay in the list."""


def apply_edits(
    edits: LabelEdits, excluded_suffix: str = EXCLUDED
) -> Generator[tuple[int, int], None, AppliedEdits]:
    """Move the photos to where the changes have them; what was excluded goes to a folder beside
    the data set. Nothing is overwritten or removed. What was cut off midway is put back first, and
    begun again with the list as it is by then.

    Afterwards the folder, with what is left of the list, says what the folder said with all of it:
    each photo has the same class, and is in the same split. :func:`revert_edits` undoes it.

    Args:
        excluded_suffix: what the folder of excluded photos is called, after the data set's name.

    Yields:
        How many photos are done, and of how many.

    Raises:
        DatasetError: the data set is a zip, or its folder has gone; or the log is damaged.
        OSError: the folder cannot be written to.
    """
    root = edits.data
    if is_chosen(root):
        raise DatasetError(
            "“{path}” is of folders that were chosen together, so its photos cannot be moved. Open "
            "the folder that they lie in.",
            path=root,
        )
    if is_label_source(root):
        raise DatasetError(
            "“{path}” has its labels from a file or from names, so its photos cannot be moved into "
            "class folders. Change the labels there.",
            path=root.name,
        )
    if not root.is_dir():
        raise DatasetError(
            "“{path}” is not a folder, so its photos cannot be moved. Unpack it first.",
            path=edits.data,
        )
    log = EditJournal(root)
    if log.applications and log.applications[-1].is_cut_off:
        revert_edits(edits)
        log = EditJournal(root)
    edits = LabelEdits.of(root)
    absent = _absent(edits)
    application, wanted = _plan(edits, excluded_suffix)
    if not application.moves:
        return AppliedEdits(0, _count(edits.edits) - _count(absent), _count(_own(absent)))
    log.applications.append(application)
    # Ahead of the moves: whatever is cut off midway can be put back.
    log.write()
    total = len(application.moves)
    for number, (source, target) in enumerate(application.moves):
        if os.path.lexists(root / source):
            moved = move_file(root / source, root / target)
            if not target.startswith(".."):
                mark_class(moved.parent)
            if moved != root / target:
                # Someone put another file there since it was planned.
                place = place_of(moved, root)
                application.moves[number] = (source, place)
                if target in wanted:
                    wanted[place] = wanted.pop(target)
                log.write()
        yield number + 1, total
    remaining = [*_remaining(root, wanted), *absent]
    application.state, application.kept = "rewriting", remaining
    log.write()
    later = {composed(source): target for source, target in application.moves}
    known = len(application.edits)
    # Another window may have added to the list meanwhile.
    edits.rewrite(lambda now: [*remaining, *(each.at(later) for each in now[known:])])
    application.state = "done"
    log.write()
    return AppliedEdits(total, _count(remaining) - _count(absent), _count(_own(absent)))


def _plan(edits: LabelEdits, excluded_suffix: str) -> tuple[JournalEntry, Wanted]:
    root = edits.data
    before, after = _as_it_lies(root), open_data_set(root, with_doubles=True)
    layout = layout_of(root)
    wanted = _assignment(after)
    moves: list[tuple[str, str]] = []
    targets: dict[str, str] = {}
    taken: set[Path] = set()
    of_each = edits.of_each()
    for path, label in _labelled(before):
        place = before.place_of(path)
        edit = of_each.get(composed(place))
        if edit is None:
            continue
        target = _target(path, label, edit, root, layout, excluded_suffix)
        if target.parent == path.parent:
            continue
        target = free_place(target, taken)
        taken.add(target)
        targets[place] = place_of(target, root)
        moves.append((place, targets[place]))
    moved = {targets.get(place, place): goal for place, goal in wanted.items()}
    return JournalEntry(moves, list(edits.edits)), moved


def _as_it_lies(root: Path) -> DataSet:
    """The data set without what its user has changed."""
    return open_data_set(root, with_edits=False, with_doubles=True)


def _absent(edits: LabelEdits) -> list[LabelEdit]:
    """What is listed of photos that are not there now."""
    data_set = _as_it_lies(edits.data)
    places = {data_set.place_of(photo.path) for photo in data_set.photos}
    return except_of(edits.edits, places)


def _labelled(data_set: DataSet) -> Iterable[tuple[Path, str]]:
    for photo in data_set.photos:
        yield photo.path, data_set.classes[photo.label]


def _assignment(data_set: DataSet) -> Wanted:
    """The split and the class of each photo, by its place."""
    return {
        data_set.place_of(photo.path): (split, data_set.classes[photo.label])
        for split, photos in data_set.splits.items()
        for photo in photos
    }


def _remaining(root: Path, wanted: Wanted) -> list[LabelEdit]:
    """What the folder, as it is now, does not say of what is *wanted*."""
    missing: defaultdict[tuple[str | None, str | None], list[str]] = defaultdict(list)
    wanted = {composed(place): goal for place, goal in wanted.items()}
    for place, (split, label) in _assignment(_as_it_lies(root)).items():
        if composed(place) not in wanted:
            continue
        wanted_split, wanted_label = wanted[composed(place)]
        differences = (
            wanted_label if wanted_label != label else None,
            wanted_split if wanted_split != split else None,
        )
        if any(differences):
            missing[differences].append(place)
    return [
        LabelEdit(tuple(sorted(places)), label, split, is_pinned=True)
        for (label, split), places in sorted(missing.items(), key=str)
    ]


def _own(edits: Iterable[LabelEdit]) -> list[LabelEdit]:
    return [edit for edit in edits if not edit.is_pinned]


def _count(edits: Iterable[LabelEdit]) -> int:
    """How many photos changes are of."""
    return len({photo for edit in edits for photo in edit.photos})


def _target(
    source: Path, label: str, edit: PhotoEdit, root: Path, layout: Layout, excluded_suffix: str
) -> Path:
    """Args: *label* is the class that the photo is of by its folder."""
    if edit.is_excluded:
        excluded = beside(root, excluded_suffix) or root / ".excluded"
        return excluded / source.relative_to(root)
    parents = {split: [each.path for each in some] for split, some in layout.parents.items()}
    every = [parent for some in parents.values() for parent in some]
    # One split may lie in another's folder.
    parent = max((p for p in every if p in source.parents), key=lambda path: len(path.parts))
    if layout.has_own_splits and edit.split in parents:
        if parent not in parents[edit.split]:
            parent = parents[edit.split][0]
    elif not edit.label:
        return source
    return _folder_of(edit.label or label, parent, every) / source.name


def _folder_of(label: str, parent: Path, splits: Iterable[Path]) -> Path:
    """The folder of a class in *parent*; a new one is called as that of another split is."""
    folder = class_folder(parent, label)
    if folder.is_dir():
        return folder
    elsewhere = (class_folder(split, label) for split in splits)
    return next((parent / each.name for each in elsewhere if each.is_dir()), folder)
