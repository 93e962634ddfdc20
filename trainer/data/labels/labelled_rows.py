"""What labels say of photos, row by row, and what comes of all rows together."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from trainer.data import left_out
from trainer.data.labels import label_warnings
from trainer.data.labels.found_photos import FoundPhotos
from trainer.data.labels.marks import Mark, label_of
from trainer.data.labels.photo_index import Miss
from trainer.data.left_out import LeftOut
from trainer.data.split_names import SPLITS
from trainer.errors import DatasetError


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """What a labels file, or a photo's name, says of a photo."""

    text: str
    """The path in the file, or the photo's place."""
    label: str
    split: str | None
    """None where nothing says it; empty where what says it is no split."""
    photo: Path | Miss | None
    """None of a name that does not fit."""
    conflict: Literal["", "outweighed", "contradicted"] = ""
    """What other rows of its photo make of it: one of a class that covers more, or of another."""


def with_largest_boxes(
    rows: Sequence[LabelledRow], areas: Sequence[float]
) -> tuple[list[LabelledRow], tuple[DatasetError, ...]]:
    """Rows of a box each, where those of a class count that covers most of their photo; and what
    is to be said of the others.

    Args:
        areas: that of each row's box.
    """
    marks: dict[Path, list[Mark]] = {}
    for row, area in zip(rows, areas, strict=True):
        if isinstance(row.photo, Path) and row.label:
            marks.setdefault(row.photo, []).append((row.label, area))
    several = {photo: some for photo, some in marks.items() if len({name for name, _ in some}) > 1}
    largest = {photo: label for photo, some in several.items() if (label := label_of(some))}
    settled: list[LabelledRow] = []
    for row in rows:
        is_less = isinstance(row.photo, Path) and row.label != largest.get(row.photo, row.label)
        settled.append(replace(row, conflict="outweighed") if is_less and row.label else row)
    names = dict.fromkeys(row.text for row in settled if row.conflict)
    said = (label_warnings.of_several_classes(len(names), next(iter(names))),) if names else ()
    return settled, said


@dataclass(slots=True)
class GatheredRows:
    """Rows by what comes of them."""

    found: FoundPhotos
    are_boxes: bool = False
    """Whether a row is a box in a photo, so that several say the same of one."""
    rows: list[LabelledRow] = field(default_factory=list)
    label_of: dict[Path, tuple[str, str]] = field(default_factory=dict)
    """The label and the split of each photo that has one of each."""
    texts: dict[str, list[str]] = field(default_factory=dict)
    """The paths in rows that do not count, by why."""
    contradicted: dict[Path, str] = field(default_factory=dict)

    def add(self, row: LabelledRow) -> None:
        self.rows.append(row)
        photo = row.photo
        if not isinstance(photo, Path):
            self._note(photo or "unfitting", row)
        elif not row.label:
            self._note("no label", row)
        elif row.split == "":
            self._note("no split", row)
        elif not row.conflict:
            self._label(photo, row)

    def _label(self, photo: Path, row: LabelledRow) -> None:
        said = (row.label, row.split or "")
        known = self.label_of.get(photo)
        if photo in self.contradicted:
            return
        if known is None:
            self.label_of[photo] = said
        elif known == said:
            if not self.are_boxes:
                self._note("repeated", row)
        else:
            del self.label_of[photo]
            self.contradicted[photo] = row.text

    def _note(self, why: str, row: LabelledRow) -> None:
        self.texts.setdefault(why, []).append(row.text)

    def mark_contradicted(self) -> None:
        """Note of each row whether others contradict it, once all are there."""
        if self.contradicted:
            self.rows = [
                replace(row, conflict="contradicted") if row.photo in self.contradicted else row
                for row in self.rows
            ]

    def rename(self, names: dict[str, str]) -> None:
        """Call numbered classes by their names."""
        self.rows = [
            replace(row, label=composed(names[row.label])) if row.label else row
            for row in self.rows
        ]
        self.label_of = {
            photo: (composed(names[label]), split)
            for photo, (label, split) in self.label_of.items()
        }

    @property
    def photos(self) -> dict[str, dict[str, list[Path]]]:
        """Those with a label, by split and class, in the order of their places."""
        found: dict[str, dict[str, list[Path]]] = {}
        for photo in self.found.index.photos:
            if photo in self.label_of:
                label, split = self.label_of[photo]
                found.setdefault(split or "train", {}).setdefault(label, []).append(photo)
        return {split: found[split] for split in SPLITS if split in found}

    def left_out(self) -> list[LeftOut]:
        """The photos that do not count, and the paths that lead to none. What is said of them is
        in :meth:`warnings`."""
        missed = (*self.texts.get("missing", ()), *self.texts.get("outside", ()))
        photos = [photo for photo in self.found.index.photos if photo not in self.label_of]
        return [
            *(LeftOut(Path(text), "no photo") for text in missed),
            *(
                LeftOut(photo, "several labels" if photo in self.contradicted else "no label")
                for photo in photos
            ),
        ]

    def warnings(self) -> Iterator[DatasetError]:
        told: dict[str, Callable[[int, str], DatasetError]] = {
            "missing": label_warnings.labels_of_no_photo,
            "outside": label_warnings.labels_of_photos_outside,
            "ambiguous": label_warnings.labels_of_several_photos,
            "unfitting": label_warnings.unfitting_names,
            "no label": label_warnings.empty_labels,
            "no split": label_warnings.unknown_splits,
            "repeated": label_warnings.repeated_labels,
        }
        named_photos = {row.photo for row in self.rows}
        root = self.found.index.root
        unnamed = [photo for photo in self.found.index.photos if photo not in named_photos]
        if unnamed and "unfitting" not in self.texts:
            yield label_warnings.without_labels(len(unnamed), _place(unnamed[0], root))
        if self.contradicted:
            first = next(iter(self.contradicted.values()))
            yield label_warnings.contradicting_labels(
                len(self.contradicted), left_out.readable(first)
            )
        for why, sentence in told.items():
            if texts := self.texts.get(why):
                yield sentence(len(texts), left_out.readable(texts[0]))


def composed(label: str) -> str:
    """A label as a class is called: see :func:`trainer.data.folder_layout.class_name`."""
    return unicodedata.normalize("NFC", " ".join(label.split()))


def _place(photo: Path, root: Path) -> str:
    return left_out.readable(photo.relative_to(root).as_posix())
