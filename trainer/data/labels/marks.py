"""What is marked in images, as one label each: the class that covers most."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trainer.data.labels import label_warnings
from trainer.data.labels.table import LabelTable
from trainer.errors import DatasetError

WHOLE = math.inf
"""The area of what is said of the whole image: it counts before all that is marked in it."""
UNKNOWN = math.nan
"""The area of what was marked in a form that does not tell it."""

Mark = tuple[str, float]
"""A class, and the area that it covers: in pixels, or any unit that all of an image share."""


@dataclass(frozen=True, slots=True)
class MarkedImage:
    """An image, as it is named in a labels file, and what was marked in it."""

    image: str
    marks: Sequence[Mark]
    split: str = ""
    """As it is called in the file; empty where nothing says it."""


def label_of(marks: Iterable[Mark]) -> str | None:
    """The class that marks come to: the only one, that of the whole image, or the one that covers
    most. Empty where there are none; None where none can be told to cover most."""
    areas: defaultdict[str, float] = defaultdict(float)
    for name, area in marks:
        areas[name] = WHOLE if WHOLE in {area, areas[name]} else areas[name] + area
    if len(areas) <= 1:
        return next(iter(areas), "")
    if WHOLE not in areas.values() and any(map(math.isnan, areas.values())):
        return None
    most = max(area for area in areas.values() if not math.isnan(area))
    largest = [name for name, area in areas.items() if area == most]
    return largest[0] if len(largest) == 1 and most > 0 else None


def by_largest_area(format_name: str, images: Iterable[MarkedImage]) -> LabelTable:
    """A table of images, each with the label that its marks come to, and with its split if any has
    one."""
    images = list(images)
    labels, warnings = labels_of([(each.image, each.marks) for each in images])
    rows = [(each.image, label, each.split) for each, label in zip(images, labels, strict=True)]
    return table(format_name, rows, warnings)


def labels_of(
    marked: Iterable[tuple[str, Sequence[Mark]]],
) -> tuple[list[str], tuple[DatasetError, ...]]:
    """The label of each image, empty where it has none, and what is to be said of those with
    several classes."""
    labels: list[str] = []
    settled: list[str] = []
    undecided: list[str] = []
    for image, marks in marked:
        label = label_of(marks)
        if label is None:
            undecided.append(image)
        elif len({name for name, _ in marks}) > 1:
            settled.append(image)
        labels.append(label or "")
    warnings = []
    if settled:
        warnings.append(label_warnings.of_several_classes(len(settled), settled[0]))
    if undecided:
        warnings.append(label_warnings.of_undecided_classes(len(undecided), undecided[0]))
    return labels, tuple(warnings)


def table(
    format_name: str,
    rows: Sequence[tuple[str, str, str]],
    warnings: tuple[DatasetError, ...] = (),
) -> LabelTable:
    """Args: *rows* are of an image, a label and a split, be it empty in all of them."""
    if any(split for _, _, split in rows):
        return LabelTable(format_name, tuple(rows), ("image", "label", "split"), warnings)
    return LabelTable(format_name, tuple(row[:2] for row in rows), ("image", "label"), warnings)


def polygon_area(points: Sequence[tuple[float, float]]) -> float:
    """Of the polygon through *points*, which need not be closed."""
    following = (*points[1:], *points[:1])
    doubled = sum(x * v - u * y for (x, y), (u, v) in zip(points, following, strict=True))
    return abs(doubled) / 2


def run_length_area(counts: Sequence[float]) -> float:
    """Of a mask as lengths of runs, the first of which is outside of it."""
    return float(sum(counts[1::2]))


def known_area(area: float) -> float:
    """An area that a file tells; unknown where it is none."""
    return area if math.isfinite(area) and area > 0 else UNKNOWN
