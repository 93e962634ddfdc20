"""What the user changes in a data set without touching its photos: a list beside the folder.

A list of changes can be undone, travels with the folder, and may be applied to it in the end.
Photos are known by their places in the data set's folder.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Self

from trainer import paths
from trainer.atomic import write_text
from trainer.errors import DatasetError

FORMAT = "fruitgui-changes/1"
_SUFFIX = ".changes.json"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that the user did to one photo or several."""

    photos: tuple[str, ...]
    """Their places in the data set's folder, with ``/`` between folders."""
    label: str | None = None
    """The class that they are of from now on; None leaves it."""
    split: str | None = None
    """The split that they are in from now on; None leaves it."""
    is_excluded: bool = False
    """Whether they do not count any more."""
    made: str = ""
    """UTC, ISO 8601."""


@dataclass(slots=True)
class PhotoChange:
    """What all changes together come to for one photo."""

    label: str | None = None
    split: str | None = None
    is_excluded: bool = False


@dataclass(slots=True)
class ChangeList:
    """The changes to one data set, each written to disk the moment that it is made."""

    data: Path
    """The data set's folder or zip."""
    file: Path
    """Where the list is kept."""
    changes: list[Change] = field(default_factory=list)

    @classmethod
    def of(cls, data: Path) -> Self:
        """The list of a data set: empty where there is none.

        Raises:
            DatasetError: the list is damaged.
        """
        for file in _places(data):
            try:
                text = file.read_text(encoding="utf-8")
            except OSError:
                continue
            return cls(data, file, _read(text, file))
        return cls(data, _places(data)[0])

    @property
    def count(self) -> int:
        """How many changes count."""
        return len(self.changes)

    def add(self, change: Change) -> None:
        """Keep a change.

        Raises:
            OSError: it cannot be kept, neither beside the data set nor among the user's data.
        """
        made = datetime.now(UTC).isoformat(timespec="seconds")
        self._write(
            [*self.changes, Change(**{**asdict(change), "photos": change.photos, "made": made})]
        )

    def undo(self) -> Change | None:
        """Take the last change back, and return it; None where there is none.

        Raises:
            OSError: as :meth:`add`.
        """
        if not self.changes:
            return None
        last = self.changes[-1]
        self._write(self.changes[:-1])
        return last

    def replace(self, changes: Iterable[Change]) -> None:
        """Keep these changes instead.

        Raises:
            OSError: as :meth:`add`.
        """
        self._write(list(changes))

    def of_each(self) -> dict[str, PhotoChange]:
        """What the changes come to, by the photo's place."""
        result: dict[str, PhotoChange] = {}
        for change in self.changes:
            for photo in change.photos:
                of_photo = result.setdefault(photo, PhotoChange())
                of_photo.label = change.label or of_photo.label
                of_photo.split = change.split or of_photo.split
                of_photo.is_excluded = change.is_excluded
        return result

    def apply_to(
        self, splits: Mapping[str, Sequence[tuple[Path, str]]], root: Path
    ) -> dict[str, list[tuple[Path, str]]]:
        """Labelled photos of each split, as the changes have them.

        Args:
            root: the folder that photos' places are in.
        """
        changes = self.of_each()
        result: dict[str, list[tuple[Path, str]]] = {split: [] for split in splits}
        for split, photos in splits.items():
            for path, label in photos:
                change = changes.get(place_of(path, root))
                if change is None:
                    result[split].append((path, label))
                elif not change.is_excluded:
                    wanted = change.split or split
                    result.setdefault(wanted, []).append((path, change.label or label))
        return result

    def _write(self, changes: list[Change]) -> None:
        values = [{key: value for key, value in asdict(each).items() if value} for each in changes]
        text = json.dumps({"format": FORMAT, "changes": values}, indent=1)
        if not changes and not self.file.exists():
            self.changes = changes
            return
        try:
            write_text(self.file, text)
        except OSError:
            # A data set may lie where nothing can be written.
            _, among_the_users_own = _places(self.data)
            if self.file == among_the_users_own:
                raise
            write_text(among_the_users_own, text)
            self.file = among_the_users_own
        self.changes = changes


def place_of(photo: Path, root: Path) -> str:
    """A photo's place in the folder *root*, with ``/`` between folders."""
    try:
        return photo.relative_to(root).as_posix()
    except ValueError:
        return Path(os.path.relpath(photo, root)).as_posix()


def _places(data: Path) -> tuple[Path, Path]:
    """Beside the data set; and among the user's own data, where that cannot be."""
    path = data.resolve()
    digest = sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return path.with_name(path.name + _SUFFIX), paths.home() / "changes" / f"{digest}{_SUFFIX}"


def _read(text: str, file: Path) -> list[Change]:
    try:
        description = json.loads(text)
        if description["format"] != FORMAT:
            raise ValueError(description["format"])
        return [
            Change(**{**values, "photos": tuple(map(str, values["photos"]))})
            for values in description["changes"]
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise DatasetError(
            "The list of changes “{path}” is damaged. Move it away, or mend it, and try again.",
            path=file,
        ) from error
