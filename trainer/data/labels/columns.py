"""Which columns of a labels file hold the photo, its label and its split."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.data.labels.column_names import plain
from trainer.data.labels.marks import known_area
from trainer.data.labels.photo_index import PhotoIndex
from trainer.data.labels.table import LabelTable, names_image
from trainer.data.left_out import listed
from trainer.data.split_names import split_named
from trainer.errors import DatasetError

_YES = frozenset(("1", "1.0", "true", "yes"))
_NO = frozenset(("0", "0.0", "false", "no"))
_CORNERS = (
    ("xmin", "ymin", "xmax", "ymax"),
    ("x1", "y1", "x2", "y2"),
    ("left", "top", "right", "bottom"),
    ("xtl", "ytl", "xbr", "ybr"),
)
_SIDES = (("x", "y", "w", "h"), ("x", "y", "width", "height"), ("left", "top", "width", "height"))
"""What the columns of boxes are called. (Of *width* and *height* alone, they are the photo's.)"""


@dataclass(frozen=True, slots=True)
class LabelColumns:
    """A choice among a table's columns, by their names."""

    photo: str
    labels: tuple[str, ...]
    """One column of labels; or a column a class, one of which is 1 and the others 0. None where
    nothing tells which."""
    split: str = ""
    """Empty where the table says nothing of it."""

    @property
    def are_one_hot(self) -> bool:
        return len(self.labels) > 1


@dataclass(frozen=True, slots=True)
class NamedTable:
    """A table that has names for its columns: its own, or else their numbers from 1 on."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    has_header: bool

    def column(self, name: str) -> int:
        """The number of a column, from 0 on, by its name or, failing that, its number from 1 on.

        Raises:
            DatasetError: there is no such column.
        """
        if name in self.columns:
            return self.columns.index(name)
        alike = [n for n, column in enumerate(self.columns) if plain(column) == plain(name)]
        if len(alike) == 1:
            return alike[0]
        if name.isdecimal() and 0 < int(name) <= len(self.columns):
            return int(name) - 1
        raise DatasetError(
            "The labels have no column “{name}”, only: {columns}.",
            name=name,
            columns=listed(self.columns, most=12),
        )


def named(table: LabelTable, photos: PhotoIndex) -> NamedTable:
    """The table with names for its columns. The first row holds them where none of its cells is a
    photo."""
    if table.columns:
        return NamedTable(_distinct(table.columns), table.rows, True)
    first = table.rows[0]
    has_header = (
        len(table.rows) > 1
        and len(set(first)) == len(first)
        and not any(_is_value(cell, photos) for cell in first)
    )
    if has_header:
        return NamedTable(_distinct(first), table.rows[1:], True)
    return NamedTable(tuple(str(n + 1) for n in range(len(first))), table.rows, False)


def _is_value(cell: str, photos: PhotoIndex) -> bool:
    return names_image(cell) or is_number(cell) or isinstance(photos.find(cell), Path)


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Names of columns, each once; what has none gets its number."""
    taken: list[str] = []
    for number, name in enumerate(names, start=1):
        wanted = name or str(number)
        taken.append(wanted if wanted not in taken else f"{wanted} ({number})")
    return tuple(taken)


def class_columns(table: NamedTable, photo: str, split: str) -> tuple[str, ...]:
    """The columns of a class each, beside those of the photo and the split; none where there are
    not two."""
    taken = {photo, split}
    cells = dict(zip(table.columns, zip(*table.rows, strict=True), strict=True))
    binary = [name for name in cells if name not in taken and are_answers(cells[name])]
    return tuple(binary) if len(binary) > 1 else ()


def box_areas(table: NamedTable) -> list[float] | None:
    """The area of the box in each row; None where no columns say it."""
    called = {plain(name): number for number, name in enumerate(table.columns)}
    for corners in _CORNERS:
        if all(name in called for name in corners):
            left, top, right, bottom = (called[name] for name in corners)
            return [
                _area(
                    _number(row[right]) - _number(row[left]),
                    _number(row[bottom]) - _number(row[top]),
                )
                for row in table.rows
            ]
    for x, y, width, height in _SIDES:
        if all(name in called for name in (x, y, width, height)):
            return [
                _area(_number(row[called[width]]), _number(row[called[height]]))
                for row in table.rows
            ]
    return None


def _area(width: float, height: float) -> float:
    return known_area(abs(width * height))


def _number(cell: str) -> float:
    """Not a number where it is none."""
    return float(cell.replace(",", ".")) if is_number(cell) else math.nan


def splits_in(column: str, cells: Sequence[str]) -> list[str | None]:
    """The split that each cell of a column means, be it an answer to the column's question, as in
    ``is_valid``. None of what is no split; an empty cell answers no where nothing else does."""
    asked = asked_split(column)
    if asked is None:
        return [split_named(cell) for cell in cells]
    other = "test" if asked == "train" else "train"
    has_no = any(cell.lower() in _NO for cell in cells)
    answers = dict.fromkeys(_YES, asked) | dict.fromkeys(_NO, other)
    return [
        answers.get(cell.lower(), split_named(cell)) if cell or has_no else other for cell in cells
    ]


def asked_split(column: str) -> str | None:
    """The split that a column asks about: ``is_test``, ``is_training_image``."""
    called = plain(column)
    return split_named(called[2:]) if called.startswith("is") else None


def is_yes(cell: str) -> bool:
    """Whether a cell of a class's column says that the photo is of it."""
    return cell.lower() in _YES


def is_answer(cell: str) -> bool:
    """Whether a cell says yes or no."""
    return cell.lower() in _YES | _NO


def are_answers(cells: Sequence[str]) -> bool:
    """Whether a column says yes, no or nothing, and not nothing alone."""
    values = set(cells) - {""}
    return bool(values) and all(map(is_answer, values))


def is_number(cell: str) -> bool:
    """Whether a cell is a number, whole or not."""
    return re.fullmatch(r"[+-]?\d+([.,]\d*)?", cell) is not None
