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
    """
    text, told = _without_told_delimiter(text)
    best: tuple[tuple[bool, float, int], str] | None = None
    for delimiter in told or _DELIMITERS:
        rows = _parsed(text, delimiter, _SAMPLE_ROWS)
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
    return LabelTable(title, _evened(_parsed(text, best[1])))


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


def _parsed(text: str, delimiter: str, most: int | None = None) -> list[tuple[str, ...]]:
    """The rows that are not empty; none of what is not to be parsed."""
    limit = csv.field_size_limit(_LARGEST_CELL)
    rows: list[tuple[str, ...]] = []
    try:
        for row in csv.reader(
            io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=delimiter != "\t"
        ):
            cells = tuple(cell.strip() for cell in row)
            if any(cells):
                rows.append(cells)
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


def _evened(rows: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Rows as long as most are; what stands beyond has no column."""
    width = Counter(map(len, rows)).most_common(1)[0][0] if rows else 0
    return tuple((*row[:width], *("",) * (width - len(row))) for row in rows)
