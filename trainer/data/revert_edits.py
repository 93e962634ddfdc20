"""Undoing that a list of changes was applied to its folder."""

import os
import stat
import sys
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from trainer.data.edit_journal import EditJournal, JournalEntry
from trainer.data.file_copies import free_place, move_file, same_content
from trainer.data.file_names import composed
from trainer.data.folder_layout import remove_mark
from trainer.data.label_edits import LabelEdit, LabelEdits, except_of, only_of, place_of
from trainer.errors import DatasetError


@dataclass(frozen=True, slots=True)
class RevertedEdits:
    """What came of it."""

    moved: int
    """Photos."""
    missing: tuple[str, ...] = ()
    """The places that photos were moved to and where they are no longer."""


def can_revert(data: Path) -> bool:
    """Whether changes were applied to a data set that could be put back."""
    return EditJournal.is_there(data)


def revert_edits(edits: LabelEdits) -> RevertedEdits:
    """Move the photos back to where they were before the changes were applied last, and list those
    changes again, before any that were made since. Where that is cut off midway, it is gone on with
    the next time.

    Photos that are no longer where they were moved to stay known, with their changes, until the
    next time: once they are there again, that puts them back. Where another file has taken a
    photo's place, the photo gets the next free name.

    Raises:
        DatasetError: nothing is known to put back; or the list or the log is damaged.
        OSError: the folder cannot be written to, or a photo cannot be moved; the others are.
    """
    root, log = edits.data, EditJournal(edits.data)
    if not log.applications:
        raise DatasetError(
            "Nothing was applied to “{path}” that could be put back.", path=edits.data
        )
    missing = _take_up(log, root)
    if log.applications[-1].state == "missing":
        return RevertedEdits(0, _targets(missing))
    application = log.applications[-1]
    if application.is_cut_off:
        _settle(root, application)
    if application.state != "returning":
        missing += _restore_list(edits, log)
        application = log.applications[-1]
    moved = _move_back(root, application.moves)
    log.applications.pop()
    log.write()
    return RevertedEdits(moved, _targets(missing))


def _take_up(log: EditJournal, root: Path) -> list[tuple[str, str]]:
    """Let photos that were missing, and are there by now, be put back like others. Those that are
    still missing wait behind all else; returns their moves, as far as it came to them."""
    missing: list[tuple[str, str]] = []
    for _ in range(len(log.applications)):
        late = log.applications[-1]
        if late.state != "missing":
            break
        log.applications.pop()
        here = [move for move in late.moves if _is_anywhere(root, move)]
        gone = [move for move in late.moves if move not in here]
        missing += gone
        if gone:
            edits = only_of(late.edits, _sources(gone))
            log.applications.insert(0, JournalEntry(gone, edits, state="missing"))
        if here:
            edits = only_of(late.edits, _sources(here))
            log.applications.append(JournalEntry(here, edits, kept=[], state="done"))
    log.write()
    return missing


def _settle(root: Path, application: JournalEntry) -> None:
    """Undo the one move that was cut off: a file may have two names then, or a name no content."""
    for source, target in application.moves:
        first, second = root / source, root / target
        if not (os.path.lexists(first) and os.path.lexists(second)):
            continue
        if _is_same_photo(first, second) or (
            application.state == "moving" and _is_placeholder(second)
        ):
            remove_second_name(second, first)
            _remove_empty(second.parent, root)
        elif application.state == "returning" and _is_placeholder(first):
            first.unlink()


def remove_second_name(second: Path, first: Path, system: str = sys.platform) -> None:
    """Remove a file of which *first* is left: the same by another name, or a copy.

    Raises:
        OSError: the folder cannot be written to, or the file is in use.
    """
    if system != "win32":
        second.unlink()
        return
    # There no name of what is read-only can be removed, and all its names are so together.
    mode = first.stat().st_mode
    second.chmod(second.stat().st_mode | stat.S_IWRITE)
    try:
        second.unlink()
    finally:
        first.chmod(mode)


def _restore_list(edits: LabelEdits, log: EditJournal) -> list[tuple[str, str]]:
    """List the changes again, of the photos that are there; returns the moves of the others, which
    get an entry of their own in the log."""
    root, application = edits.data, log.applications[-1]
    missing = [move for move in application.moves if not _is_anywhere(root, move)]
    _make_way(root, application)
    application.state = "listing"
    # Ahead of the list: places that were given to photos are not given again.
    log.write()
    late: list[LabelEdit] = []

    def restored(now: Sequence[LabelEdit]) -> list[LabelEdit]:
        listed = _restored(application, _sources(missing), now)
        late.extend(only_of(listed, _sources(missing)))
        return except_of(listed, _sources(missing))

    edits.rewrite(restored)
    log.applications.pop()
    if missing:
        # Below: what is there comes first.
        log.applications.append(JournalEntry(missing, late, state="missing"))
    application.moves = [move for move in application.moves if move not in missing]
    application.state = "returning"
    log.applications.append(application)
    log.write()
    return missing


def _restored(
    application: JournalEntry, missing: Collection[str], now: Sequence[LabelEdit]
) -> list[LabelEdit]:
    """The list with the changes that were applied, of what it is *now*."""
    earlier = {composed(target): source for source, target in application.moves}
    renamed = {composed(place): new for place, new in application.renamed.items()}
    if application.kept is None:
        # It was not rewritten yet, but the user may have changed it since.
        return [edit.at(renamed).at(earlier) for edit in now]
    before = [edit.at(renamed) for edit in application.edits]
    since = [edit for edit in now if not _is_of(edit, application.kept)]
    # Cut off, it may not have been rewritten yet; or have been restored already.
    for known in (application.edits, before, except_of(before, missing)):
        if known and list(now[: len(known)]) == known:
            since = list(now[len(known) :])
            break
    return [*before, *(edit.at(earlier) for edit in since)]


def _is_of(edit: LabelEdit, kept: Sequence[LabelEdit]) -> bool:
    """Whether a change is one of those, or what is left of it."""
    return any(
        replace(each, photos=edit.photos) == edit and set(edit.photos) <= set(each.photos)
        for each in kept
    )


def _make_way(root: Path, application: JournalEntry) -> None:
    """Let photos whose old places are taken by others be put beside those."""
    taken: set[Path] = set()
    for number, (source, target) in enumerate(application.moves):
        first, second = root / source, root / target
        if not (os.path.lexists(first) and os.path.lexists(second)):
            continue
        if _is_same_photo(first, second):
            continue  # Someone has copied it there.
        free = free_place(first, taken)
        taken.add(free)
        place = place_of(free, root)
        application.renamed[source] = place
        application.moves[number] = (place, target)


def _move_back(root: Path, moves: Sequence[tuple[str, str]]) -> int:
    """Returns how many photos were moved."""
    count = 0
    refused: OSError | None = None
    for source, target in reversed(moves):
        if os.path.lexists(root / source) or not os.path.lexists(root / target):
            continue
        try:
            move_file(root / target, root / source)
        except OSError as error:
            refused = refused or error
            continue
        count += 1
        _remove_empty((root / target).parent, root)
    if refused is not None:
        raise refused
    return count


def _remove_empty(folder: Path, root: Path) -> None:
    """Remove folders, from this one upwards, that were made for what was moved and are empty."""
    with suppress(OSError):
        while folder not in {root, root.parent}:
            remove_mark(folder)
            folder.rmdir()
            folder = folder.parent


def _is_anywhere(root: Path, move: tuple[str, str]) -> bool:
    return any(os.path.lexists(root / place) for place in move)


def _is_same_photo(first: Path, second: Path) -> bool:
    try:
        return first.samefile(second) or same_content(first, second)
    except OSError:
        return False


def _is_placeholder(file: Path) -> bool:
    """Whether a file is but a name that is taken for a photo, as where disks know no links."""
    return not file.is_symlink() and file.stat().st_size == 0


def _sources(moves: Iterable[tuple[str, str]]) -> set[str]:
    return {source for source, _ in moves}


def _targets(moves: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(target for _, target in moves)
