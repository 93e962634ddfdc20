"""Applying a list of changes to the folder itself, so that it says the same without the list."""

import json
import shutil
from collections.abc import Collection, Generator
from dataclasses import asdict, dataclass
from pathlib import Path

from trainer.atomic import write_text
from trainer.changes import Change, ChangeList, PhotoChange, place_of
from trainer.class_folders import class_folder_parents
from trainer.copying import class_folder, numbered_names
from trainer.errors import DatasetError


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of it."""

    moved: int
    """Photos."""
    kept: int
    """Changes that no folder can express, which stay in the list: in a data set without folders
    for its splits, which split a photo is in."""


def apply_to_folder(changes: ChangeList) -> Generator[tuple[int, int], None, Applied]:
    """Move the photos to where the changes have them; what was excluded goes to a folder beside
    the data set. Nothing is overwritten or removed, and :func:`put_back` undoes it, also where it
    was cut off midway.

    Yields:
        How many photos are done, and of how many.

    Raises:
        DatasetError: the data set is a zip, or its folder has gone.
        OSError: the folder cannot be written to.
    """
    root = changes.data.resolve()
    if not root.is_dir():
        raise DatasetError(
            "“{path}” is not a folder, so its photos cannot be moved. Unpack it first.",
            path=changes.data,
        )
    _, split_folders = class_folder_parents(root)
    has_own_splits = set(split_folders) != {"train"} or split_folders["train"] != root
    moves: dict[Path, Path] = {}
    remaining: list[Change] = []
    for place, change in changes.of_each().items():
        source = root / place
        if not source.is_file():
            continue
        target = _target(source, change, root, split_folders if has_own_splits else {})
        if target.parent != source.parent:
            target = _free(target, moves.values())
            moves[source] = target
        if change.split and not change.is_excluded and not has_own_splits:
            moved_to = place_of(moves.get(source, source), root)
            remaining.append(Change((moved_to,), split=change.split))
    log = _log(changes.data)
    # Ahead of the moves: whatever is cut off midway can be put back.
    _write_log(log, moves, changes.changes)
    for done, (source, target) in enumerate(moves.items(), start=1):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(source, target)
        yield done, len(moves)
    changes.replace(remaining)
    return Applied(len(moves), len(remaining))


def can_put_back(data: Path) -> bool:
    """Whether changes were applied to a data set that could be put back."""
    return _log(data).is_file()


def put_back(changes: ChangeList) -> int:
    """Move the photos back to where they were before the changes were applied last, and list the
    changes again; returns how many photos were moved.

    Raises:
        DatasetError: nothing is known to put back.
        OSError: the folder cannot be written to.
    """
    log = _log(changes.data)
    try:
        description = json.loads(log.read_text(encoding="utf-8"))
        moves = [(Path(source), Path(target)) for source, target in description["moves"]]
        before = [
            Change(**{**values, "photos": tuple(values["photos"])})
            for values in description["changes"]
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(
            "Nothing was applied to “{path}” that could be put back.", path=changes.data
        ) from error
    count = 0
    for source, target in reversed(moves):
        if target.is_file() and not source.exists():
            source.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(target, source)
            count += 1
    changes.replace(before)
    log.unlink()
    return count


def _target(source: Path, change: PhotoChange, root: Path, split_folders: dict[str, Path]) -> Path:
    if change.is_excluded:
        excluded = root.with_name(f"{root.name} (excluded)")
        return excluded / source.relative_to(root)
    parent = next((folder for folder in split_folders.values() if folder in source.parents), root)
    own_class = source.relative_to(parent).parts[0]
    if change.split in split_folders:
        parent = split_folders[change.split]
    return class_folder(parent, change.label or own_class) / source.name


def _free(target: Path, taken: Collection[Path]) -> Path:
    """*target*, or the next name like it that no file has or is about to have."""
    names = (target.with_name(name) for name in numbered_names(target.name))
    return next(path for path in names if not path.exists() and path not in taken)


def _log(data: Path) -> Path:
    path = data.resolve()
    return path.with_name(f"{path.name}.applied.json")


def _write_log(log: Path, moves: dict[Path, Path], changes: list[Change]) -> None:
    values = {
        "moves": [[str(source), str(target)] for source, target in moves.items()],
        "changes": [asdict(change) for change in changes],
    }
    write_text(log, json.dumps(values, indent=1))
