"""Which columns of a labels file hold the photo, its label and its split."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.data.labels.column_names import plain
from trainer.data.labels.photo_index import PhotoIndex
from trainer.data.labels.table import LabelTable, names_image
from trainer.data.left_out import listed
from trainer.data.split_names import split_named
from trainer.errors import DatasetError

_SAMPLE = 1000
"""Rows that are looked at, from the whole of the table."""
_PATH_NAMES = (
    "path imagepath filepath file filename filenames image imagename images img photo picture "
    "imageid id key 파일 파일명 파일이름 사진 이미지 경로"
).split()
_LABEL_NAMES = (
    "label labels class classname category categoryname target species variety name kind type "
    "fruit choice tag 라벨 레이블 클래스 분류 품종 종류 과일 정답 이름"
).split()
_SPLIT_NAMES = "split splits set subset partition fold dataset phase usage 분할 구분".split()
_YES = frozenset(("1", "1.0", "true", "yes"))
_NO = frozenset(("0", "0.0", "false", "no", ""))
_LEAST_ONE_HOT = 0.8
"""Of the rows with exactly one class, so that columns are of classes."""


@dataclass(frozen=True, slots=True)
class LabelColumns:
    """A choice among a table's columns, by their names."""

    photo: str
    labels: tuple[str, ...]
    """One column of labels; or a column a class, one of which is 1 and the others 0."""
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
    return names_image(cell) or _is_number(cell) or isinstance(photos.find(cell), Path)


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Names of columns, each once; what has none gets its number."""
    taken: list[str] = []
    for number, name in enumerate(names, start=1):
        wanted = name or str(number)
        taken.append(wanted if wanted not in taken else f"{wanted} ({number})")
    return tuple(taken)


def guess_columns(table: NamedTable, photos: PhotoIndex) -> LabelColumns:
    """What the columns probably hold: that of the photos is the one whose cells lead to some.

    Raises:
        DatasetError: there are fewer than two columns.
    """
    if len(table.columns) < 2:
        raise DatasetError(
            "The labels have a single column, “{name}”. A column of photos and one of labels are "
            "needed.",
            name=table.columns[0] if table.columns else "",
        )
    step = max(1, len(table.rows) // _SAMPLE)
    cells = list(zip(*table.rows[::step], strict=True))
    photo = max(
        range(len(cells)),
        key=lambda number: _likely_photos(table.columns[number], cells[number], photos),
    )
    others = [number for number in range(len(cells)) if number != photo]
    split = next((n for n in others if _is_split(table.columns[n], cells[n])), None)
    others = [number for number in others if number != split]
    chosen = _one_hot(table.columns, cells, others)
    if not chosen:
        wanted = others or [number for number in range(len(cells)) if number != photo]
        if not others:
            split = None
        chosen = [
            max(wanted, key=lambda number: _likely_labels(table.columns[number], cells[number]))
        ]
    return LabelColumns(
        table.columns[photo],
        tuple(table.columns[number] for number in chosen),
        "" if split is None else table.columns[split],
    )


def class_columns(table: NamedTable, photo: str, split: str) -> tuple[str, ...]:
    """The columns of a class each, beside those of the photo and the split; none where there are
    not two."""
    taken = {photo, split}
    cells = dict(zip(table.columns, zip(*table.rows, strict=True), strict=True))
    binary = [name for name in cells if name not in taken and _is_binary(cells[name])]
    return tuple(binary) if len(binary) > 1 else ()


def split_in(column: str, cell: str) -> str | None:
    """The split that a cell means, be it an answer to the column's question, as in ``is_valid``."""
    asked = _asked_split(column)
    if asked is not None and cell.lower() in _YES:
        return asked
    if asked is not None and cell.lower() in _NO:
        return "test" if asked == "train" else "train"
    return split_named(cell)


def is_yes(cell: str) -> bool:
    """Whether a cell of a class's column says that the photo is of it."""
    return cell.lower() in _YES


def _likely_photos(name: str, cells: Sequence[str], photos: PhotoIndex) -> tuple[float, ...]:
    hint = _hint(name, _PATH_NAMES)
    if _is_binary(cells):
        return (0.0, 0.0, 0.0, hint)
    found = sum(isinstance(photos.find(cell), Path) for cell in cells)
    look = sum(map(names_image, cells))
    # Labels may be called like photos, but come again and again.
    return (
        found and round(found / len(cells), 1) + 0.1,
        look / len(cells),
        len(set(cells)) / len(cells),
        hint,
    )


def _likely_labels(name: str, cells: Sequence[str]) -> tuple[float, ...]:
    values = {cell for cell in cells if cell}
    count = sum(bool(cell) for cell in cells)
    come_again = 2 <= len(values) <= max(2, count / 2)
    hint = _hint(name, _LABEL_NAMES)
    is_text = sum(not _is_number(value) for value in values) > len(values) / 2
    return (come_again, hint > 0, is_text, hint, -len(values))


def _hint(name: str, known: Sequence[str]) -> float:
    """How much a column's name is one of those *known*, from 0 to 2: the first ones say most."""
    called = plain(name)
    if called in known:
        return 2 - known.index(called) / len(known)
    return 0.5 if any(word in called for word in known[:4]) else 0.0


def _is_split(name: str, cells: Sequence[str]) -> bool:
    if _asked_split(name) is not None:
        return _is_binary(cells)
    if not all(split_named(cell) for cell in cells):
        return False
    return plain(name) in _SPLIT_NAMES or len({split_named(cell) for cell in cells}) > 1


def _asked_split(column: str) -> str | None:
    """The split that a column asks about: ``is_test``, ``is_training_image``."""
    called = plain(column)
    return split_named(called[2:]) if called.startswith("is") else None


def _one_hot(
    columns: Sequence[str], cells: Sequence[Sequence[str]], among: Sequence[int]
) -> list[int]:
    """The columns of a class each; none where there are none, or where another has the labels."""
    binary = [number for number in among if _is_binary(cells[number])]
    if len(binary) < 2:
        return []
    others = (number for number in among if number not in binary)
    if any(plain(columns[number]) in _LABEL_NAMES for number in others):
        return []
    rows = list(zip(*(cells[number] for number in binary), strict=True))
    single = sum(sum(map(is_yes, row)) == 1 for row in rows)
    return binary if single >= _LEAST_ONE_HOT * len(rows) else []


def _is_binary(cells: Sequence[str]) -> bool:
    values = {cell.lower() for cell in cells}
    return values <= _YES | _NO and values != {""}


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"[+-]?\d+([.,]\d*)?", cell) is not None
