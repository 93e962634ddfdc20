"""What was found in a data set: counts, copies, poor photos, labels that are probably wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from trainer.data.dataset import DataSet
from trainer.data.left_out import LeftOut
from trainer.data.zips import shown
from trainer.errors import DatasetError

Flaw = Literal["blurred", "dark", "small", "odd-shaped"]
FLAWS: tuple[Flaw, ...] = ("blurred", "dark", "small", "odd-shaped")


def misnamed_warning(name: str, other: str) -> DatasetError:
    """That the photos of a class look like another."""
    return DatasetError(
        "The photos of “{name}” look like “{other}”. Check the name of the class.",
        name=name,
        other=other,
    )


@dataclass(frozen=True, slots=True)
class SuspectLabel:
    """A photo whose label is probably wrong."""

    path: Path
    label: str
    suggested: str
    score: float
    """How much more probable the suggested class is, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """Of one data set, with its user's label edits, and before anything is left out of a split for
    being in another as well."""

    data: DataSet
    left_out: tuple[LeftOut, ...]
    """All that no one learns from; also the photos that cannot be read."""
    warnings: tuple[DatasetError, ...]
    formats: dict[str, int]
    """How many photos there are of each format."""
    sizes: tuple[int, int, int]
    """The shorter side of the smallest photo, of the one in the middle, and of the largest, in
    pixels; zeros where there is none."""
    duplicates: tuple[tuple[Path, ...], ...]
    """Groups of equal files."""
    near_duplicates: tuple[tuple[Path, ...], ...]
    """Groups of photos that are nearly the same; of equal files, the first stands for all."""
    across_splits: int
    """Photos of the validation and test splits of which an earlier split has one that is equal or
    nearly the same."""
    flaws: dict[Flaw, tuple[Path, ...]]
    suspects: tuple[SuspectLabel, ...] | None
    """The likeliest mistake first; None where it could be told of no class."""
    unjudged: tuple[str, ...]
    """The classes of which it could not be told whether their labels are right."""
    misnamed: Mapping[str, str]
    """Of classes whose photos look like another that the model knows: that class."""
    unlike: tuple[Path, ...]
    """Photos that are unlike all others of their class, the unlikest first."""

    def counts(self) -> dict[str, dict[str, int]]:
        """How many photos of each class are in each split."""
        found = {
            name: dict.fromkeys(("train", "validation", "test"), 0) for name in self.data.classes
        }
        for split, photos in self.data.splits.items():
            for photo in photos:
                found[self.data.classes[photo.label]][split] += 1
        return found

    def as_json(self) -> dict[str, Any]:
        """Plain values, as the command line prints them."""
        return {
            "classes": self.counts(),
            "photos": len(self.data.photos),
            "left_out": [{"path": shown(e.path), "reason": e.reason} for e in self.left_out],
            "warnings": [str(warning) for warning in self.warnings],
            "formats": self.formats,
            "sizes": dict(zip(("smallest", "median", "largest"), self.sizes, strict=True)),
            "duplicates": [[shown(path) for path in group] for group in self.duplicates],
            "near_duplicates": [[shown(path) for path in group] for group in self.near_duplicates],
            "across_splits": self.across_splits,
            "flaws": [
                {"path": shown(path), "flaw": flaw}
                for flaw, paths in self.flaws.items()
                for path in paths
            ],
            "suspects": [
                {
                    "path": shown(each.path),
                    "label": each.label,
                    "suggested": each.suggested,
                    "score": round(each.score, 4),
                }
                for each in self.suspects or ()
            ],
            "unjudged": list(self.unjudged),
            "misnamed": [
                {"class": name, "looks_like": other} for name, other in self.misnamed.items()
            ],
            "unlike": [shown(path) for path in self.unlike],
        }
