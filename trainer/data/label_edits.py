"""What the user changes in a data set without touching its photos: a list beside the folder.

A list of changes can be undone, travels with the folder, and may be applied to it in the end.
Photos are known by their places in the data set's folder.
"""

import json
import os
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path, PurePath, PurePosixPath
from typing import Any, Self, TypeVar

from filelock import FileLock

from trainer import paths
from trainer.data.file_copies import free_place
from trainer.data.file_names import composed
from trainer.data.split_names import SPLITS
from trainer.errors import DatasetError
from trainer.storage.atomic import write_text
from trainer.storage.encoding import encoded

FORMAT = "fruitgui-changes/1"
_SUFFIX = ".changes.json"
_Path = TypeVar("_Path", bound=PurePath)


@dataclass(frozen=True, slots=True)
class LabelEdit:
    """One thing that the user did to one photo or several."""

    photos: tuple[str, ...]
    """Their places in the data set's folder, with ``/`` between folders."""
    label: str | None = None
    """The class that they are of from now on; None leaves it."""
    split: str | None = None
    """The split that they are in from now on; None leaves it."""
    is_excluded: bool | None = False
    """Whether they do not count any more; None leaves it."""
    made: str = ""
    """UTC, ISO 8601."""
    is_pinned: bool = False
    """Whether it is none of the user's own, but was noted when those were applied to the folder, so
    that no photo changed its split or class by that."""
    group: str = ""
    """What is the same for changes that were made at once, and are taken back at once; empty for
    one alone."""

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read what :meth:`as_json` gave, or a stranger wrote.

        Raises:
            TypeError, ValueError, KeyError: it is no change, or is of photos outside the folder.
        """
        edit = cls(
            photos=tuple(values["photos"]),
            label=values.get("label"),
            split=values.get("split"),
            is_excluded=values.get("is_excluded", False),
            made=values.get("made", ""),
            is_pinned=values.get("is_pinned", False),
            group=values.get("group", ""),
        )
        is_possible = (
            all(isinstance(photo, str) and _is_inside(photo) for photo in edit.photos)
            and (edit.label is None or (isinstance(edit.label, str) and edit.label))
            and edit.split in {None, *SPLITS}
            and (edit.is_excluded is None or isinstance(edit.is_excluded, bool))
            and isinstance(edit.made, str)
            and isinstance(edit.is_pinned, bool)
            and isinstance(edit.group, str)
        )
        if not is_possible:
            raise ValueError("no change")
        return edit

    def at(self, places: Mapping[str, str]) -> Self:
        """The same change, of photos that have moved: from the keys of *places*, composed, to its
        values."""
        moved = (places.get(composed(photo), photo) for photo in self.photos)
        return replace(self, photos=tuple(moved))

    def as_json(self) -> dict[str, Any]:
        # Lists of before have no change that leaves what was excluded: without a word, it counts.
        kept = {"is_excluded": None} if self.is_excluded is None else {}
        return {key: value for key, value in asdict(self).items() if value} | kept


def _is_inside(place: str) -> bool:
    path = PurePosixPath(place)
    return not path.is_absolute() and ".." not in path.parts and bool(path.parts)


@dataclass(slots=True)
class PhotoEdit:
    """What all changes together come to for one photo."""

    label: str | None = None
    split: str | None = None
    is_excluded: bool = False


@dataclass(slots=True)
class LabelEdits:
    """The changes to one data set, each written to disk the moment that it is made. Whoever else
    changes it meanwhile, in another window or terminal, loses nothing."""

    data: Path
    """The data set's folder or zip."""
    file: Path
    """Where the list is kept."""
    edits: list[LabelEdit] = field(default_factory=list)

    @classmethod
    def of(cls, data: Path) -> Self:
        """The list of a data set: empty where there is none.

        Raises:
            DatasetError: the list is damaged, or cannot be read.
        """
        near, own = beside(data, _SUFFIX), _own_file(data)
        content = None if near is None else _content_of(near)
        own_content = _content_of(own)
        if own_content is not None:
            edits, continued = _read(own_content, own)
            # Where nothing could be written any more, it goes on from what lies there.
            if content is None or continued == _digest(content):
                return cls(data, own, edits)
        if near is not None and content is not None:
            return cls(data, near, _read(content, near)[0])
        return cls(data, near or own)

    @property
    def count(self) -> int:
        """How many changes the user has made."""
        return sum(not edit.is_pinned for edit in self.edits)

    def add(self, *edits: LabelEdit) -> None:
        """Keep a change, or several that were made at once and are taken back at once; one of no
        photos is none.

        Raises:
            DatasetError: the list has been damaged meanwhile.
            OSError: it cannot be kept, neither beside the data set nor among the user's data.
        """
        with self._held():
            made = datetime.now(UTC).isoformat(timespec="seconds")
            group = uuid.uuid4().hex[:12] if len(edits) > 1 else ""
            new = [replace(edit, made=made, group=group) for edit in edits if edit.photos]
            if new:
                self._write([*self.edits, *new])

    def undo(self) -> tuple[LabelEdit, ...]:
        """Take back what the user changed last, with all that was changed at once, and return it;
        nothing where there is none, or it has been applied to the folder.

        Raises:
            DatasetError, OSError: as :meth:`add`.
        """
        with self._held():
            if not self.edits or self.edits[-1].is_pinned:
                return ()
            group, first = self.edits[-1].group, len(self.edits) - 1
            while group and first > 0 and self.edits[first - 1].group == group:
                first -= 1
            undone = tuple(self.edits[first:])
            self._write(self.edits[:first])
            return undone

    def rewrite(self, rewritten: Callable[[Sequence[LabelEdit]], Iterable[LabelEdit]]) -> None:
        """Keep what *rewritten* makes of the changes that there are by then.

        Raises:
            DatasetError, OSError: as :meth:`add`.
        """
        with self._held():
            self._write(list(rewritten(tuple(self.edits))))

    def of_each(self) -> dict[str, PhotoEdit]:
        """What the changes come to, by the photo's place in Unicode's composed form: the list may
        have been made on another system than the photos were copied with."""
        result: dict[str, PhotoEdit] = {}
        for edit in self.edits:
            for photo in edit.photos:
                of_photo = result.setdefault(composed(photo), PhotoEdit())
                of_photo.label = edit.label or of_photo.label
                of_photo.split = edit.split or of_photo.split
                if edit.is_excluded is not None:
                    of_photo.is_excluded = edit.is_excluded
        return result

    def apply_to(
        self, splits: Mapping[str, Sequence[tuple[Path, str]]], root: Path
    ) -> dict[str, list[tuple[Path, str]]]:
        """Labelled photos of each split, as the changes have them.

        Args:
            root: the folder that photos' places are in.
        """
        edits = self.of_each()
        result: dict[str, list[tuple[Path, str]]] = {split: [] for split in splits}
        for split, photos in splits.items():
            for path, label in photos:
                edit = edits.get(composed(place_of(path, root)))
                if edit is None:
                    result[split].append((path, label))
                elif not edit.is_excluded:
                    wanted = edit.split or split
                    result.setdefault(wanted, []).append((path, edit.label or label))
        return result

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Keep others from changing the list, and take in what they have changed."""
        lock = _own_file(self.data).with_suffix(".lock")
        lock.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(lock):
            now = type(self).of(self.data)
            self.file, self.edits = now.file, now.edits
            yield

    def _write(self, edits: list[LabelEdit]) -> None:
        if edits or self.file.exists():
            values: dict[str, Any] = {
                "format": FORMAT,
                "changes": [edit.as_json() for edit in edits],
            }
            own = _own_file(self.data)
            if self.file != own:
                try:
                    write_text(self.file, json.dumps(values, indent=1))
                except OSError:
                    # A data set may lie where nothing can be written.
                    self.file = own
            if self.file == own:
                near = beside(self.data, _SUFFIX)
                content = None if near is None else _content_of(near)
                values["continues"] = None if content is None else _digest(content)
                _keep_apart(own, values["continues"])
                write_text(own, json.dumps(values, indent=1))
        self.edits = edits


def only_of(edits: Iterable[LabelEdit], photos: Collection[str]) -> list[LabelEdit]:
    """What changes do to these photos."""
    wanted = set(map(composed, photos))
    return _of_photos(edits, lambda photo: composed(photo) in wanted)


def except_of(edits: Iterable[LabelEdit], photos: Collection[str]) -> list[LabelEdit]:
    """What changes do to other photos."""
    unwanted = set(map(composed, photos))
    return _of_photos(edits, lambda photo: composed(photo) not in unwanted)


def _of_photos(edits: Iterable[LabelEdit], is_wanted: Callable[[str], bool]) -> list[LabelEdit]:
    kept = (replace(edit, photos=tuple(filter(is_wanted, edit.photos))) for edit in edits)
    return [edit for edit in kept if edit.photos]


def place_of(photo: Path, root: Path) -> str:
    """A photo's place in the folder *root*, with ``/`` between folders."""
    try:
        return photo.relative_to(root).as_posix()
    except ValueError:
        return Path(os.path.relpath(photo, root)).as_posix()


def resolved_on_its_disk(path: _Path, resolved: _Path) -> _Path:
    """A path without links; with them, where they lead to another disk of Windows, as the letter of
    a network drive does: photos have no places there that are told from here.

    Args:
        path: absolute.
        resolved: the same without links.
    """
    return resolved if resolved.drive.casefold() == path.drive.casefold() else path


def beside(data: Path, suffix: str) -> Path | None:
    """A file of ours beside a data set; None for a whole disk, beside which is nothing."""
    path = resolved_on_its_disk(Path(os.path.abspath(data)), data.resolve())  # noqa: PTH100
    return path.with_name(path.name + suffix) if path.name else None


@contextmanager
def adopted(old: Path, new: Path) -> Iterator[None]:
    """Let the list of a data set that has moved from *old* count at *new*, unless there is one:
    that which went along beside it, that which stayed beside its old place, and that among the
    user's data. What lies there is copied, and stays. If the block raises, nothing was adopted.

    Raises:
        DatasetError: a list is damaged, or cannot be read.
        OSError: it cannot be kept.
    """
    file = _own_file(new)
    edits = [] if file.exists() else _left_behind(old, new)
    if not edits:
        yield
        return
    near = beside(new, _SUFFIX)
    content = None if near is None else _content_of(near)
    values = {
        "format": FORMAT,
        "changes": [edit.as_json() for edit in edits],
        "continues": None if content is None else _digest(content),
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    write_text(file, json.dumps(values, indent=1))
    try:
        yield
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def _left_behind(old: Path, new: Path) -> list[LabelEdit]:
    """The changes that do not lie beside *new* under its own name."""
    near = beside(new, _SUFFIX)
    travelled = new.resolve().with_name(old.name + _SUFFIX)
    beside_it = None if near is None else _content_of(near)
    others = (travelled, beside(old, _SUFFIX))
    content = beside_it or next(
        (found for file in others if file is not None and (found := _content_of(file))), None
    )
    own = _content_of(_own_file(old))
    if own is not None:
        edits, continued = _read(own, _own_file(old))
        if content is None or continued == _digest(content):
            return edits
    if content is None or beside_it is not None:
        return []
    return _read(content, travelled)[0]


def _own_file(data: Path) -> Path:
    digest = sha256(encoded(str(data.resolve()))).hexdigest()[:16]
    return paths.home() / "changes" / f"{digest}{_SUFFIX}"


def _content_of(file: Path) -> bytes | None:
    """None where there is no such file."""
    try:
        return file.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as error:
        raise DatasetError(
            "“{path}” cannot be read ({detail}).", path=file, detail=error.strerror
        ) from error


def _keep_apart(own: Path, continued: str | None) -> None:
    """Give the user's own list another name where it went on from a list that is another by now."""
    content = _content_of(own)
    if content is not None and continued not in {None, _read(content, own)[1]}:
        own.rename(free_place(own))


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _read(content: bytes, file: Path) -> tuple[list[LabelEdit], str | None]:
    """The changes, and the digest of the list beside the data set from which they go on."""
    try:
        description = json.loads(content)
        if description["format"] != FORMAT:
            raise ValueError(description["format"])
        edits = [LabelEdit.from_json(values) for values in description["changes"]]
        return edits, description.get("continues")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DatasetError(
            "The list of changes “{path}” is damaged. Move it away, or mend it, and try again.",
            path=file,
        ) from error
