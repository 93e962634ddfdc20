"""What was found in a data set, and what is left of it after the user's changes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from fruitgui.workers.label_edits import KeptEdits
from trainer.data.class_names import class_meant
from trainer.data.dataset import DataSet
from trainer.data.file_names import composed
from trainer.data.label_edits import LabelEdit, LabelEdits, PhotoEdit
from trainer.inspection.result import FLAWS, Inspection

Section = Literal[
    "overview",
    "suspects",
    "across splits",
    "duplicates",
    "near-duplicates",
    "unlike",
    "blurred",
    "dark",
    "small",
    "odd-shaped",
    "excluded",
    "left out",
    "class",
]
SECTIONS: tuple[Section, ...] = (
    "overview",
    "suspects",
    "across splits",
    "duplicates",
    "near-duplicates",
    "unlike",
    *FLAWS,
    "excluded",
    "left out",
)
"""In the order in which it is best to work through them. A *class* is come to from the overview."""
GROUPED: frozenset[Section] = frozenset({"across splits", "duplicates", "near-duplicates"})
"""Those whose photos stand in groups of doubles."""
_DECIDED: frozenset[Section] = frozenset({"overview", "excluded"})
"""Those in which nothing waits for the user."""
_SPLITS = ("train", "validation", "test")


@dataclass(frozen=True, slots=True)
class InspectedPhoto:
    """A photo as it stands by now."""

    path: Path
    label: str
    split: str
    folder_label: str
    """What it is without the user's changes."""
    folder_split: str
    is_excluded: bool = False
    is_settled: bool = False
    """Whether the user has said what is on it, or has left it out."""
    suggested: str | None = None
    """What is probably on it instead, where its label is suspected."""


def open_suggestions(photos: Sequence[InspectedPhoto]) -> dict[InspectedPhoto, str]:
    """What selected photos are suggested to be and are not yet; of several, not those that were
    decided on."""
    return {
        photo: photo.suggested
        for photo in photos
        if photo.suggested not in (None, photo.label) and (len(photos) == 1 or not photo.is_settled)
    }


class Findings:
    """An inspection, and the user's changes to the same data set, also those made since.

    Nothing of it changes: :meth:`after` makes another. All that takes longer with more photos is
    computed then, beside the GUI thread, and is there when it is asked for.
    """

    def __init__(self, inspection: Inspection, unchanged: DataSet, kept: KeptEdits) -> None:
        """Args: *unchanged* is the same data set without any changes."""
        self.inspection = inspection
        self.kept = kept
        unreadable = {each.path for each in inspection.left_out}
        self._suggested = {each.path: each.suggested for each in inspection.suspects or ()}
        self._photos = {
            photo.path: self._in_folder(photo.path, unchanged.classes[photo.label], split)
            for split, photos in unchanged.splits.items()
            for photo in photos
            if photo.path not in unreadable
        }
        """As they stand by now."""
        self._folder_classes = {photo.label for photo in self._photos.values()}
        self._places = {path: unchanged.place_of(path) for path in self._photos}
        self._path_at = {composed(place): path for path, place in self._places.items()}
        # What has gone while it was looked through is not shown.
        self._copies = self._there(inspection.duplicates)
        self._similar = self._there(inspection.near_duplicates)
        self._doubles = _with_copies(self._copies, self._similar)
        singles: dict[Section, Iterable[Path]] = {
            "suspects": self._suggested,
            "unlike": inspection.unlike,
        }
        singles |= {flaw: inspection.flaws[flaw] for flaw in FLAWS}
        self._singles = {
            section: [path for path in paths if path in self._photos]
            for section, paths in singles.items()
        }
        self._take_in(())

    @property
    def root(self) -> Path:
        """The data set's folder or zip."""
        return self.inspection.data.root

    def after(self, kept: KeptEdits) -> "Findings":
        """The same, with what the user has changed by now."""
        findings = copy(self)
        findings.kept = kept
        findings._take_in(composed(place) for edit in self.kept.edits for place in edit.photos)
        return findings

    def _take_in(self, before: Iterable[str]) -> None:
        """Args: *before* are the places of photos that are as earlier changes have them."""
        edits, own = _of_each(self.kept, self.kept.edits), _of_each(self.kept, self.kept.own)
        self._photos = dict(self._photos)
        for place in {*before, *edits}:
            path = self._path_at.get(place)
            if path is not None:
                photo = self._photos[path]
                changed = self._changed(photo, edits.get(place), own.get(place))
                if changed != photo:
                    self._photos[path] = changed
        counted = (photo for photo in self._photos.values() if not photo.is_excluded)
        self._counts = Counter((photo.label, photo.split) for photo in counted)
        self._classes = tuple(sorted({*self._folder_classes, *(name for name, _ in self._counts)}))
        self._groups = {section: self._find_groups(section) for section in SECTIONS}
        self._left = {section: self._find_left(section) for section in SECTIONS}
        self._spare_copies = self._find_spare_copies()

    def _in_folder(self, path: Path, label: str, split: str) -> InspectedPhoto:
        """A photo without the user's changes."""
        return InspectedPhoto(path, label, split, label, split, suggested=self._suggested.get(path))

    def _changed(
        self, photo: InspectedPhoto, edit: PhotoEdit | None, own: PhotoEdit | None
    ) -> InspectedPhoto:
        unchanged = self._in_folder(photo.path, photo.folder_label, photo.folder_split)
        if edit is None:
            return unchanged
        return replace(
            unchanged,
            label=edit.label or photo.folder_label,
            split=edit.split or photo.folder_split,
            is_excluded=edit.is_excluded,
            is_settled=own is not None and (own.is_excluded or own.label is not None),
        )

    def photo(self, path: Path) -> InspectedPhoto:
        """A photo as it stands by now."""
        return self._photos[path]

    def place_of(self, path: Path) -> str:
        """A photo's place, as a label edit has it."""
        return self._places[path]

    def paths_of(self, edits: Iterable[LabelEdit]) -> Iterator[Path]:
        """The photos of changes, as far as they are there."""
        places = (composed(place) for edit in edits for place in edit.photos)
        return (self._path_at[place] for place in places if place in self._path_at)

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes that there are by now, and those of the folder."""
        return self._classes

    @property
    def splits(self) -> tuple[str, ...]:
        """Where photos can be moved to."""
        data = self.inspection.data
        return tuple(data.splits) if data.has_own_splits else _SPLITS

    def counts(self) -> dict[str, dict[str, int]]:
        """How many photos of each class are in each split by now, classes by name."""
        found: dict[str, dict[str, int]] = {}
        for (label, split), count in sorted(self._counts.items()):
            found.setdefault(label, dict.fromkeys(_SPLITS, 0))[split] = count
        return found

    @property
    def misnamed(self) -> dict[str, str]:
        """Of classes whose photos look like another, and of most of which the user has said
        nothing yet: that."""
        before = self.inspection.counts()
        return {
            name: other
            for name, other in self.inspection.misnamed.items()
            if 2 * len(self._undecided(name)) > sum(before[name].values())
        }

    def renaming(self, name: str, other: str) -> LabelEdit:
        """The change that gives a class's photos the other label, as the data set spells it; what
        the user has said of a photo stays."""
        places = tuple(map(self.place_of, self._undecided(name)))
        return LabelEdit(places, label=class_meant(other, self.classes), is_excluded=None)

    def _undecided(self, class_name: str) -> list[Path]:
        return [
            path
            for path, photo in self._photos.items()
            if photo.label == class_name and not photo.is_settled and not photo.is_excluded
        ]

    def groups(self, section: Section, class_name: str = "") -> list[tuple[Path, ...]]:
        """The photos of a section, in groups; those that are still open first.

        Args:
            class_name: of the section *class*, whose groups are the splits.
        """
        return self._by_split(class_name) if section == "class" else self._groups[section]

    def left(self, section: Section) -> int:
        """How much of a section the user has not decided on yet: photos, or groups of doubles; and
        of photos across splits, those that have a double in an earlier one. Of the photos that the
        user has left out, all."""
        return self._left[section]

    def spare_copies(self) -> list[Path]:
        """All equal photos but the first of each group, or those that the user has decided to keep;
        none of those in several classes, of which one label must be wrong."""
        return self._spare_copies

    @property
    def is_decided(self) -> bool:
        """Whether the user has decided on all; files that were left out may be left."""
        waiting = (section for section in SECTIONS if section not in {*_DECIDED, "left out"})
        return not any(self.left(section) for section in waiting)

    @property
    def is_clean(self) -> bool:
        """Whether there is nothing that the user should look at."""
        return not any(self.left(section) for section in SECTIONS if section not in _DECIDED)

    def _find_groups(self, section: Section) -> list[tuple[Path, ...]]:
        if section == "across splits":
            return [self._in_order(group) for group in self._doubles if self._across(group)]
        found = {"duplicates": self._copies, "near-duplicates": self._similar}.get(section)
        if found is not None:
            groups = sorted(found, key=lambda group: not self._is_open(group))
            return [self._in_order(group) for group in groups]
        if section == "excluded":
            return [tuple(path for path, photo in self._photos.items() if photo.is_excluded)]
        photos = self._singles.get(section, [])
        return [tuple(sorted(photos, key=lambda path: self._photos[path].is_settled))]

    def _find_left(self, section: Section) -> int:
        match section:
            case "overview":
                return self._counts.total()
            case "excluded":
                return sum(photo.is_excluded for photo in self._photos.values())
            case "left out":
                return len(self.inspection.left_out)
            case "across splits":
                return sum(map(self._across, self._doubles))
            case "duplicates" | "near-duplicates":
                return sum(map(self._is_open, self._groups[section]))
            case _:
                return sum(not self._photos[path].is_settled for path in self._singles[section])

    def _find_spare_copies(self) -> list[Path]:
        spare: list[Path] = []
        for group in filter(self._is_open, self._copies):
            photos = self._counting(self._in_order(group))
            if len({photo.label for photo in photos}) == 1:
                undecided = [photo.path for photo in photos if not photo.is_settled]
                spare += undecided[1:] if len(undecided) == len(photos) else undecided
        return spare

    def _by_split(self, class_name: str) -> list[tuple[Path, ...]]:
        groups: dict[str, list[Path]] = {split: [] for split in _SPLITS}
        for path, photo in self._photos.items():
            if photo.label == class_name:
                groups.setdefault(photo.split, []).append(path)
        return [tuple(group) for group in groups.values() if group]

    def _in_order(self, group: Sequence[Path]) -> tuple[Path, ...]:
        """Photos that are learnt from first, for these are worth keeping."""
        return tuple(sorted(group, key=lambda path: _SPLITS.index(self._photos[path].split)))

    def _counting(self, group: Sequence[Path]) -> list[InspectedPhoto]:
        return [photo for photo in map(self.photo, group) if not photo.is_excluded]

    def _is_open(self, group: Sequence[Path]) -> bool:
        photos = self._counting(group)
        return len(photos) > 1 and not all(photo.is_settled for photo in photos)

    def _there(self, groups: Sequence[Sequence[Path]]) -> list[tuple[Path, ...]]:
        there = (tuple(path for path in group if path in self._photos) for group in groups)
        return [group for group in there if len(group) > 1]

    def _across(self, group: Sequence[Path]) -> int:
        """How many photos of a group of doubles are in a later split than another of them."""
        ranks = [_SPLITS.index(photo.split) for photo in self._counting(group)]
        return sum(rank > min(ranks) for rank in ranks)


def _of_each(kept: KeptEdits, edits: Sequence[LabelEdit]) -> dict[str, PhotoEdit]:
    return LabelEdits(kept.data, Path(kept.file), list(edits)).of_each()


def _with_copies(
    equal: Sequence[tuple[Path, ...]], similar: Sequence[tuple[Path, ...]]
) -> list[tuple[Path, ...]]:
    """The groups of photos that are equal or nearly the same: with all copies, of which one stands
    for the others among the near-duplicates."""
    copies = {group[0]: group for group in equal}
    near = [
        tuple(copy for path in group for copy in copies.pop(path, (path,))) for group in similar
    ]
    return [*near, *copies.values()]
