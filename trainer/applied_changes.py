"""Applying a list of changes to the folder itself, so that it says the same without the list."""

import json
import os
from collections import defaultdict
from collections.abc import Generator, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from trainer.atomic import write_text
from trainer.changes import Change, ChangeList, PhotoChange, beside, place_of
from trainer.copying import class_folder, move_file, numbered_names, same_content
from trainer.dataset import DataSet, open_data_set, split_named
from trainer.errors import DatasetError

_SUFFIX = ".applied.json"

Wanted = dict[str, tuple[str, str]]
"""The split and the class that each photo is to be in, by its place once all are moved."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of it."""

    moved: int
    """Photos."""
    kept: int
    """Photos of which the folder cannot say what the changes do, and which stay in the list: in a
    data set without folders for its splits, which split a photo is in; and classes that no folder
    can be called."""


@dataclass(frozen=True, slots=True)
class PutBack:
    """What came of it."""

    moved: int
    """Photos."""
    missing: tuple[str, ...] = ()
    """The places that photos were moved to and where they are no longer."""


@dataclass(slots=True)
class _Application:
    """One time that changes were applied, as it stands in the log. Places are in the data set's
    folder, or, with ``..``, beside it."""

    moves: list[tuple[str, str]]
    changes: list[Change]
    """The list as it was before."""
    kept: int = 0
    """How many entries the list had afterwards."""
    state: Literal["moving", "done", "missing"] = "moving"
    """*missing*: all is put back but these photos, which were no longer there."""

    def as_json(self) -> dict[str, Any]:
        return {
            "moves": self.moves,
            "changes": [change.as_json() for change in self.changes],
            "kept": self.kept,
            "state": self.state,
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "_Application":
        state = values["state"]
        return cls(
            moves=[(str(source), str(target)) for source, target in values["moves"]],
            changes=[Change.from_json(change) for change in values["changes"]],
            kept=int(values["kept"]),
            state=state if state in {"done", "missing"} else "moving",
        )


def apply_to_folder(changes: ChangeList) -> Generator[tuple[int, int], None, Applied]:
    """Move the photos to where the changes have them; what was excluded goes to a folder beside
    the data set. Nothing is overwritten or removed. What was cut off midway is put back first, and
    begun again with the list as it is by then.

    Afterwards the folder, with what is left of the list, says what the folder said with all of it:
    each photo has the same class, and is in the same split. :func:`put_back` undoes it.

    Yields:
        How many photos are done, and of how many.

    Raises:
        DatasetError: the data set is a zip, or its folder has gone; or the log is damaged.
        OSError: the folder cannot be written to.
    """
    root = changes.data
    if not root.is_dir():
        raise DatasetError(
            "“{path}” is not a folder, so its photos cannot be moved. Unpack it first.",
            path=changes.data,
        )
    log = _Log(root)
    if log.applications and log.applications[-1].state == "moving":
        put_back(changes)
        log = _Log(root)
    changes = ChangeList.of(root)
    application, wanted = _plan(changes)
    if not application.moves:
        return Applied(0, _count(changes.changes))
    log.applications.append(application)
    # Ahead of the moves: whatever is cut off midway can be put back.
    log.write()
    total = len(application.moves)
    for number, (source, target) in enumerate(application.moves):
        if os.path.lexists(root / source):
            moved = _move(root / source, root / target)
            if moved != root / target:
                # Someone put another file there since it was planned.
                place = place_of(moved, root)
                application.moves[number] = (source, place)
                if target in wanted:
                    wanted[place] = wanted.pop(target)
                log.write()
        yield number + 1, total
    remaining = _remaining(root, wanted)
    later, known = dict(application.moves), len(application.changes)
    # Another window may have added to the list meanwhile.
    changes.rewrite(lambda now: [*remaining, *(each.at(later) for each in now[known:])])
    application.state, application.kept = "done", len(remaining)
    log.write()
    return Applied(total, _count(remaining))


def can_put_back(data: Path) -> bool:
    """Whether changes were applied to a data set that could be put back."""
    file = beside(data, _SUFFIX)
    return file is not None and file.is_file()


def put_back(changes: ChangeList) -> PutBack:
    """Move the photos back to where they were before the changes were applied last, and list those
    changes again, before any that were made since.

    Photos that are no longer where they were moved to stay known until the next time: once they are
    there again, that puts them back. Where another file has taken a photo's place, the photo gets
    the next free name.

    Raises:
        DatasetError: nothing is known to put back; or the list or the log is damaged.
        OSError: the folder cannot be written to.
    """
    root, log = changes.data, _Log(changes.data)
    if not log.applications:
        raise DatasetError(
            "Nothing was applied to “{path}” that could be put back.", path=changes.data
        )
    if log.applications[-1].state == "missing":
        late = log.applications.pop()
        _make_way(root, late)
        moved, _ = _move_back(root, late)
        log.write()
        if moved or not log.applications:
            return PutBack(moved)
    application = log.applications[-1]
    renamed = _make_way(root, application)
    if renamed:
        log.write()
    moved, missing = _move_back(root, application)
    changes.rewrite(lambda now: _restored(application, renamed, now))
    log.applications.pop()
    if missing:
        log.applications.append(_Application(missing, [], state="missing"))
    log.write()
    return PutBack(moved, tuple(target for _, target in missing))


def _make_way(root: Path, application: _Application) -> dict[str, str]:
    """Let photos whose old places are taken by others be put beside those; returns the new places
    by the old ones."""
    renamed: dict[str, str] = {}
    taken: set[Path] = set()
    for number, (source, target) in enumerate(application.moves):
        if not (os.path.lexists(root / source) and os.path.lexists(root / target)):
            continue
        if same_content(root / source, root / target):
            continue  # A move to another disk that was cut off, or a copy: it is there.
        free = _free(root / source, taken)
        taken.add(free)
        renamed[source] = place_of(free, root)
        application.moves[number] = (renamed[source], target)
    application.changes = [change.at(renamed) for change in application.changes]
    return renamed


def _move_back(root: Path, application: _Application) -> tuple[int, list[tuple[str, str]]]:
    """Returns how many photos were moved, and the moves of those that are nowhere."""
    count = 0
    missing: list[tuple[str, str]] = []
    for source, target in reversed(application.moves):
        if os.path.lexists(root / source):
            continue
        if not os.path.lexists(root / target):
            missing.append((source, target))
            continue
        _move(root / target, root / source)
        count += 1
        _remove_empty((root / target).parent, root)
    return count, missing


def _remove_empty(folder: Path, root: Path) -> None:
    """Remove folders, from this one upwards, that were made for what was moved and are empty."""
    with suppress(OSError):
        while folder not in {root, root.parent}:
            folder.rmdir()
            folder = folder.parent


def _restored(
    application: _Application, renamed: dict[str, str], now: Sequence[Change]
) -> list[Change]:
    """The list once the photos are back, of what it is *now*."""
    earlier = {target: source for source, target in application.moves}
    if application.state == "moving":
        # It was not rewritten yet, but the user may have changed it since.
        return [change.at(renamed).at(earlier) for change in now]
    return [*application.changes, *(change.at(earlier) for change in now[application.kept :])]


def _plan(changes: ChangeList) -> tuple[_Application, Wanted]:
    root = changes.data
    before, after = open_data_set(root, with_changes=False), open_data_set(root)
    split_folders = _split_folders(before)
    wanted = _assignment(after)
    moves: list[tuple[str, str]] = []
    targets: dict[str, str] = {}
    taken: set[Path] = set()
    of_each = changes.of_each()
    for path, _ in _labelled(before):
        place = before.place_of(path)
        change = of_each.get(place)
        if change is None:
            continue
        target = _target(path, change, root, split_folders)
        if target.parent == path.parent:
            continue
        target = _free(target, taken)
        taken.add(target)
        targets[place] = place_of(target, root)
        moves.append((place, targets[place]))
    moved = {targets.get(place, place): goal for place, goal in wanted.items()}
    return _Application(moves, list(changes.changes)), moved


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


def _remaining(root: Path, wanted: Wanted) -> list[Change]:
    """What the folder, as it is now, does not say of what is *wanted*."""
    missing: defaultdict[tuple[str | None, str | None], list[str]] = defaultdict(list)
    for place, (split, label) in _assignment(open_data_set(root, with_changes=False)).items():
        if place not in wanted:
            continue
        wanted_split, wanted_label = wanted[place]
        differences = (
            wanted_label if wanted_label != label else None,
            wanted_split if wanted_split != split else None,
        )
        if any(differences):
            missing[differences].append(place)
    return [
        Change(tuple(sorted(places)), label, split)
        for (label, split), places in sorted(missing.items(), key=str)
    ]


def _count(changes: Iterable[Change]) -> int:
    """How many photos changes are of."""
    return len({photo for change in changes for photo in change.photos})


def _split_folders(data_set: DataSet) -> dict[str, Path]:
    """The folder of each split that has one, as the photos lie."""
    found: dict[str, Path] = {}
    if not data_set.has_own_splits:
        return found
    root = data_set.folder or data_set.root
    for photo in data_set.photos:
        # The first folder on the way down that means a split: zips and folders may be wrapped.
        for parent in reversed(photo.path.relative_to(root).parents):
            split = split_named(parent.name)
            if split is not None:
                found.setdefault(split, root / parent)
                break
    return found


def _target(source: Path, change: PhotoChange, root: Path, split_folders: dict[str, Path]) -> Path:
    if change.is_excluded:
        excluded = beside(root, " (excluded)") or root / ".excluded"
        return excluded / source.relative_to(root)
    parent = next((f for f in split_folders.values() if f in source.parents), None)
    if parent is None:
        # One folder a class, perhaps wrapped: the one that the photo's class folder lies in.
        parent = _class_parent(source, root)
    own_class = source.relative_to(parent).parts[0]
    if change.split in split_folders:
        parent = split_folders[change.split]
    elif not change.label:
        return source
    return _folder_of(change.label or own_class, parent, split_folders.values()) / source.name


def _folder_of(label: str, parent: Path, splits: Iterable[Path]) -> Path:
    """The folder of a class in *parent*; a new one is called as that of another split is."""
    folder = class_folder(parent, label)
    if folder.is_dir():
        return folder
    elsewhere = (class_folder(split, label) for split in splits)
    return next((parent / each.name for each in elsewhere if each.is_dir()), folder)


def _class_parent(source: Path, root: Path) -> Path:
    folder = root
    while True:
        folders = [f for f in folder.iterdir() if f.is_dir() and not f.name.startswith(".")]
        if len(folders) != 1 or folders[0] == source.parent:
            return folder
        folder = folders[0]


def _free(target: Path, taken: set[Path]) -> Path:
    """*target*, or the next name like it that no file has or is about to have."""
    names = (target.with_name(name) for name in numbered_names(target.name))
    return next(path for path in names if path not in taken and not os.path.lexists(path))


def _move(source: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    return move_file(source, target)


class _Log:
    """The times that changes were applied to a data set and not put back, in a file beside it."""

    def __init__(self, data: Path) -> None:
        file = beside(data, _SUFFIX)
        if file is None:
            raise DatasetError(
                "“{path}” is a whole disk. Put the photos into a folder on it.", path=data
            )
        self._file = file
        try:
            values = json.loads(file.read_bytes())
            self.applications = [_Application.from_json(each) for each in values["applied"]]
        except FileNotFoundError:
            self.applications = []
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise DatasetError(
                "The list of changes “{path}” is damaged. Move it away, or mend it, and try again.",
                path=file,
            ) from error

    def write(self) -> None:
        if self.applications:
            applied = [application.as_json() for application in self.applications]
            write_text(self._file, json.dumps({"applied": applied}, indent=1))
        else:
            self._file.unlink(missing_ok=True)
