"""What numbered classes are called: a list beside the labels."""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from trainer.data.labels.column_names import plain
from trainer.data.labels.table import names_image, table_of
from trainer.data.labels.text import read_text
from trainer.errors import DatasetError

_NUMBER = re.compile(r"\d{1,18}(?:\.0*)?")
_NUMBERED = re.compile(r"(?P<number>\d{1,18})\s*[:=.)\s]\s*(?P<name>.+)")
_WITH_NUMBER = re.compile(r"(?P<name>.*[^\d\s].*?)\s*[:=\s]\s*(?P<number>\d{1,18})")
_LARGEST = 1 << 20
_BESIDE = (
    *("classes.txt", "class_names.txt", "classnames.txt", "labels.txt", "label_names.txt"),
    *("names.txt", "classes.names", "obj.names", "classes.csv", "class_names.csv"),
    *("classes.json", "class_names.json", "class_indices.json", "class_to_idx.json"),
    *("label_map.json", "labels.json", "label_num_to_disease_map.json"),
)
_NAMES = (
    "name names class classes classname classnames label labels labelname labelnames category "
    "categories categoryname displayname title species 이름 클래스 클래스명 라벨 레이블 품종"
).split()
"""What a column of names is called; the first ones say most."""
_NUMBERS = (
    "id ids index idx number no num value classid classindex classidx labelid labelindex "
    "categoryid class label category 번호 순번"
).split()

_Names = Sequence[str] | Mapping[int, str]
"""Names in the order of their numbers, which are not said; or by their numbers."""


def are_numbers(labels: Collection[str]) -> bool:
    """Whether labels are whole numbers, which stand for names."""
    return bool(labels) and all(_NUMBER.fullmatch(label) for label in labels)


def list_beside(
    folders: Iterable[Path], labels: Collection[str], but: Path
) -> tuple[Path | None, DatasetError | None]:
    """A file that says what all of these numbers are called, in the first folder that has one; or
    why one of those that are there does not.

    Args:
        but: the labels file itself.
    """
    why: DatasetError | None = None
    for file in (folder / name for folder in dict.fromkeys(folders) for name in _BESIDE):
        if file == but or not file.is_file() or file.stat().st_size > _LARGEST:
            continue
        try:
            class_names(file, labels)
        except DatasetError as error:
            why = why or error
            continue
        return file, None
    return None, why


def class_names(file: Path, labels: Collection[str]) -> dict[str, str]:
    """The name of each label, from a text of a name a line; a table with a column of numbers and
    one of names; or JSON, as a list, as names by number or as numbers by name.

    Names without numbers stand in order: from 0 on where a label is 0; from 1 on where the last
    label has the number of the names.

    Raises:
        DatasetError: it cannot be read, is no such list, has no name for one of the labels, or
            nothing tells whether it begins with 0 or with 1.
    """
    known = _require_names(_names_in(read_text(file)), file)
    numbers = {label: int(float(label)) for label in labels}
    by_number = known if isinstance(known, Mapping) else _counted(known, numbers.values(), file)
    missing = next((label for label, number in numbers.items() if number not in by_number), None)
    if missing is not None:
        raise DatasetError(
            "“{path}” does not say what class {label} is called. A line a name is needed, in the "
            "order of the numbers.",
            path=file,
            label=missing,
        )
    return {label: by_number[number] for label, number in numbers.items()}


def _counted(names: Sequence[str], numbers: Collection[int], file: Path) -> dict[int, str]:
    """Names by number; those of too short a list miss some."""
    least, most = min(numbers, default=0), max(numbers, default=0)
    if "" in names or 0 < least <= most < len(names):
        raise DatasetError(
            "“{path}” has {count} names for labels from {least} to {most}, and does not say which "
            "is whose. Write its number and a comma in front of each name.",
            path=file,
            count=len(names),
            least=least,
            most=most,
        )
    return dict(enumerate(names, start=int(least > 0)))


def _require_names(known: _Names | None, file: Path) -> _Names:
    """The same, if these are names of classes.

    Raises:
        DatasetError: they are not.
    """
    names = [*known.values()] if isinstance(known, Mapping) else known
    if known is None or not names or all(_NUMBER.fullmatch(name) for name in names):
        raise DatasetError(
            "“{path}” is understood as no list of classes. Write a line for each: its number, a "
            "comma and its name.",
            path=file,
        )
    of_photo = next((name for name in names if any(map(names_image, [name, *name.split()]))), None)
    if of_photo is not None:
        raise DatasetError(
            "“{path}” names photos, such as “{name}”, and no classes. Choose the list of the "
            "classes.",
            path=file,
            name=of_photo,
        )
    return known


def _names_in(text: str) -> _Names | None:
    """None where they are not understood."""
    if text.lstrip()[:1] in {"{", "["}:
        try:
            return _names_of(json.loads(text))
        except (ValueError, RecursionError):
            pass
    table = table_of(text)
    if table is not None:
        return _of_rows(table.rows)
    # A line that is empty within the others may be that of a number without a name.
    lines = [line.strip() for line in text.strip().splitlines()]
    if lines and _is_header(lines[0]):
        del lines[0]
    filled = [line for line in lines if line]
    for form in (_NUMBERED, _WITH_NUMBER):
        matches = [match for line in filled if (match := form.fullmatch(line))]
        if not matches or len(matches) < len(filled):
            continue
        numbers = [int(match["number"]) for match in matches]
        names = [_stripped(match["name"]) for match in matches]
        # “Red 1” and “Red 2”, or “Apple 6” alone, are names with numbers in them.
        if form is _NUMBERED or (_are_all(numbers) and len(set(names)) == len(names)):
            return _by_number(zip(numbers, names, strict=True))
    return [_stripped(line) for line in lines]


def _is_header(line: str) -> bool:
    """Whether a line says what stands below it, and is no name itself."""
    words = [plain(word) for word in [line, *re.split(r"[\s:=]+", line)] if plain(word)]
    known = {*_NAMES, *_NUMBERS}
    return bool(words) and (words[0] in known or all(word in known for word in words[1:]))


def _are_all(numbers: Sequence[int]) -> bool:
    """Whether these are the numbers from 0 or from 1 on, in order."""
    return numbers[0] in {0, 1} and list(numbers) == list(range(numbers[0], numbers[-1] + 1))


def _of_rows(rows: Sequence[tuple[str, ...]]) -> _Names | None:
    """The names of a table with a column of numbers, each of which comes once."""
    columns = list(zip(*rows, strict=True))
    header = [plain(column[0]) for column in columns]
    has_header = not any(_NUMBER.fullmatch(column[0]) for column in columns)
    cells = [column[has_header:] for column in columns]
    numbers = [
        number
        for number, column in enumerate(cells)
        if column and all(map(_NUMBER.fullmatch, column)) and len(set(column)) == len(column)
    ]
    number = _chosen(numbers, header, _NUMBERS)
    if number is None:
        return None
    name = _chosen([each for each in range(len(cells)) if each != number], header, _NAMES)
    if name is None:
        return None
    pairs = zip(cells[number], cells[name], strict=True)
    return _by_number((int(float(each)), _stripped(called)) for each, called in pairs)


def _chosen(columns: Sequence[int], header: Sequence[str], known: Sequence[str]) -> int | None:
    """Which of these columns is called as one of *known*; None where that is not plain."""
    if len(columns) == 1:
        return columns[0]
    named = [column for column in columns if header[column] in known]
    return min(named, key=lambda column: known.index(header[column]), default=None)


def _by_number(pairs: Iterable[tuple[int, str]]) -> dict[int, str] | None:
    """None where a number has two names, or a name is empty."""
    names: dict[int, str] = {}
    for number, name in pairs:
        if not name or names.setdefault(number, name) != name:
            return None
    return names


def _names_of(value: Any) -> _Names | None:
    """The names in what a JSON file holds."""
    if isinstance(value, list):
        if all(isinstance(each, str) for each in value):
            return [each.strip() for each in value]
        return _of_objects(value) if all(isinstance(each, dict) for each in value) else None
    if not isinstance(value, dict) or not value:
        return None
    if all(_is_number(number) for number in value.values()):
        return _by_number((int(number), name.strip()) for name, number in value.items())
    if all(_NUMBER.fullmatch(number) for number in value):
        names = [_name_in(each) for each in value.values()]
        pairs = zip(value, names, strict=True)
        return _by_number((int(float(number)), name) for number, name in pairs)
    inside = [each for key, each in value.items() if plain(key) in _NAMES]
    return _names_of(inside[0]) if len(inside) == 1 else None


def _of_objects(objects: Sequence[Mapping[str, Any]]) -> _Names | None:
    """Names by their own numbers, or in order where none has one."""
    names = [_name_in(each) for each in objects]
    if not all(names):
        return None
    numbers = [number for each in objects if (number := _number_in(each)) is not None]
    if not numbers:
        return names
    if len(numbers) < len(names):
        return None
    return _by_number(zip(numbers, names, strict=True))


def _name_in(value: Any) -> str:
    """The name that a JSON value is, or that an object says; empty where there is none."""
    if isinstance(value, str):
        return value.strip()
    if not isinstance(value, dict):
        return ""
    said = {plain(key): each for key, each in value.items() if isinstance(each, str)}
    return next((said[key].strip() for key in _NAMES if key in said), "")


def _number_in(value: Mapping[str, Any]) -> int | None:
    said = {plain(key): int(each) for key, each in value.items() if _is_number(each)}
    return next((said[key] for key in _NUMBERS if key in said), None)


def _is_number(value: Any) -> bool:
    """Whether a JSON value is a whole number, be it as text."""
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, str) and value.isdecimal()
    )


def _stripped(name: str) -> str:
    return name.strip("\"' ")
