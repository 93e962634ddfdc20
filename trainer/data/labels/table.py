"""Tables: CSV and its like, whichever delimiter; and what any labels file is read as."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from trainer.data.image_names import IMAGE_SUFFIXES
from trainer.errors import DatasetError

_DELIMITERS = "\t;,|"
_SAMPLE_ROWS = 200
_LEAST_ALIKE = 0.7
"""Of the rows that have as many cells as most, so that it is a table."""
_LARGEST_CELL = 1 << 20
"""Characters: a cell of more is a quotation mark that nothing closes."""
_NOTHING = frozenset(("nan", "null", "none"))
"""How programs write that a cell is empty."""


@dataclass(frozen=True, slots=True)
class LabelTable:
    """A labels file, whatever its format, as rows of cells."""

    format: str
    """What it is, as people call it: ``CSV``, ``COCO`` …"""
    rows: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...] = ()
    """Their names; none where the first row may hold them."""
    warnings: tuple[DatasetError, ...] = ()


def table_of(text: str) -> LabelTable | None:
    """The table that a text is; None where it is none.

    ``csv.Sniffer`` takes a letter for the delimiter where names are alike; here the delimiter is
    the one that gives all rows the same number of cells, of which one is a photo's name at best.

    Raises:
        DatasetError: a quotation mark, or a delimiter, makes cells of what are none.
    """
    text, told = _without_told_delimiter(text)
    best: tuple[tuple[bool, float, int], str] | None = None
    for delimiter in told or _DELIMITERS:
        rows = [row for _, row in _parsed(text, delimiter, _SAMPLE_ROWS)]
        if not rows:
            continue
        width, count = Counter(map(len, rows)).most_common(1)[0]
        alike = count / len(rows)
        if width < 2 or alike < _LEAST_ALIKE:
            continue
        has_photos = any(names_image(cell) for row in rows for cell in row)
        rank = (has_photos, round(alike, 1), width)
        if best is None or rank > best[0]:
            best = rank, delimiter
    if best is None:
        return _of_words(text)
    title = {"\t": "TSV", ",": "CSV"}.get(best[1], f"CSV ({best[1]})")
    return LabelTable(title, _evened(_parsed(text, best[1]), best[1], 1 + bool(told)))


def names_image(cell: str) -> bool:
    """Whether a cell ends like an image's name."""
    name = cell.replace("\\", "/").partition("?")[0]
    return PurePosixPath(name).suffix.lower() in IMAGE_SUFFIXES


def _without_told_delimiter(text: str) -> tuple[str, str]:
    """Excel writes ``sep=;`` ahead of the table."""
    first, _, rest = text.partition("\n")
    told = first.strip().lower().removeprefix("sep=")
    if len(told) == 1 and first.lower().startswith("sep="):
        return rest, told
    return text, ""


def cell_of(text: str) -> str:
    """A cell without the space around it; empty of what says that there is nothing."""
    text = text.strip()
    return "" if text.lower() in _NOTHING else text


def _parsed(
    text: str, delimiter: str, most: int | None = None
) -> list[tuple[int, tuple[str, ...]]]:
    """The rows that are not empty, with the number of the line before each; none of what is not to
    be parsed."""
    limit = csv.field_size_limit(_LARGEST_CELL)
    rows: list[tuple[int, tuple[str, ...]]] = []
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=delimiter != "\t"
    )
    line = 0
    try:
        for row in reader:
            cells = tuple(map(cell_of, row))
            if any(cells):
                rows.append((line, cells))
            line = reader.line_num
            if len(rows) == most:
                break
    except csv.Error:
        return []
    finally:
        csv.field_size_limit(limit)
    return rows


def _of_words(text: str) -> LabelTable | None:
    """Lines of a photo's name, a space and a label, as lists of ImageNet have them."""
    lines = [line.rsplit(maxsplit=1) for line in text.splitlines() if line.strip()]
    named = [line for line in lines if len(line) == 2 and names_image(line[0])]
    if not named or len(named) < _LEAST_ALIKE * len(lines):
        return None
    return LabelTable("list", tuple((name, label) for name, label in named))


def _evened(
    rows: Sequence[tuple[int, tuple[str, ...]]], delimiter: str, first_line: int
) -> tuple[tuple[str, ...], ...]:
    """Rows as long as most are.

    Raises:
        DatasetError: a row has more cells, or a cell has rows in it.
    """
    width = Counter(len(row) for _, row in rows).most_common(1)[0][0] if rows else 0
    for line, row in rows:
        if any(row[width:]):
            raise DatasetError(
                "Line {line} has more cells than the other lines: “{start}”. Put quotation marks "
                "around what has a {delimiter} in it.",
                line=line + first_line,
                start=delimiter.join(row)[:60],
                delimiter=f"“{delimiter}”",
            )
        swallowed = next((cell for cell in row if _has_rows(cell, delimiter, width)), None)
        if swallowed is not None:
            raise DatasetError(
                "A quotation mark in line {line} takes the lines below it for one cell: “{start}”. "
                "Remove it, or close it.",
                line=line + first_line,
                start=swallowed.splitlines()[0][:60],
            )
    evened = [(*row[:width], *("",) * (width - len(row))) for _, row in rows]
    if len(rows) > 1 and _lacks_first_name([row for _, row in rows]):
        evened[0] = ("", *rows[0][1])
    return tuple(evened)


def _lacks_first_name(rows: Sequence[tuple[str, ...]]) -> bool:
    """Whether the first row has the names of all columns but the first, as R writes it, which holds
    the rows' own names."""
    first, *others = rows
    are_names = not any(names_image(cell) or cell.isdecimal() for cell in first)
    return are_names and len(first) > 1 and {len(row) for row in others} == {len(first) + 1}


def _has_rows(cell: str, delimiter: str, width: int) -> bool:
    """Whether most of the further lines of a cell look like rows of the table, or name photos."""
    lines = cell.splitlines()[1:]
    if not lines:
        return False
    rows = sum(line.count(delimiter) == width - 1 for line in lines)
    names = (part for line in lines for part in (*line.split(delimiter), *line.split()))
    return 2 * rows > len(lines) or any(map(names_image, names))
