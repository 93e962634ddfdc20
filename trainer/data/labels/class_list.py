"""What numbered classes are called: a list beside the labels."""

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from trainer.data.labels.text import read_text
from trainer.errors import DatasetError

_NUMBER = re.compile(r"\d+(?:\.0*)?")
_NUMBERED = re.compile(r"(\d+)\s*[,;:=\t ]\s*(.+)")
_LARGEST = 1 << 20
_BESIDE = (
    *("classes.txt", "class_names.txt", "classnames.txt", "labels.txt", "label_names.txt"),
    *("names.txt", "classes.names", "obj.names", "classes.csv", "class_names.csv"),
    *("classes.json", "class_names.json", "class_indices.json", "class_to_idx.json"),
    *("label_map.json", "labels.json", "label_num_to_disease_map.json"),
)


def are_numbers(labels: Collection[str]) -> bool:
    """Whether labels are whole numbers, which stand for names."""
    return bool(labels) and all(_NUMBER.fullmatch(label) for label in labels)


def list_beside(folders: Collection[Path], labels: Collection[str], but: Path) -> Path | None:
    """A file that says what all of these numbers are called, in the first folder that has one.

    Args:
        but: the labels file itself.
    """
    for file in (folder / name for folder in folders for name in _BESIDE):
        if file == but or not file.is_file() or file.stat().st_size > _LARGEST:
            continue
        try:
            class_names(file, labels)
        except DatasetError:
            continue
        return file
    return None


def class_names(file: Path, labels: Collection[str]) -> dict[str, str]:
    """The name of each label: of a line a name, in order from 0 on (or from 1, where no label is 0
    and the last has the number of the names); of lines with numbers in front; or of JSON, as a
    list, as names by number or as numbers by name.

    Raises:
        DatasetError: it cannot be read, or has no name for one of the labels.
    """
    text = read_text(file)
    known = _names_in(text)
    numbers = {label: int(float(label)) for label in labels}
    if isinstance(known, list):
        start = int(0 not in numbers.values() and max(numbers.values(), default=0) == len(known))
        known = dict(enumerate(known, start=start))
    missing = next((label for label, number in numbers.items() if number not in known), None)
    if missing is not None:
        raise DatasetError(
            "“{path}” does not say what class {label} is called. A line a name is needed, in the "
            "order of the numbers.",
            path=file,
            label=missing,
        )
    return {label: known[number] for label, number in numbers.items()}


def _names_in(text: str) -> list[str] | dict[int, str]:
    try:
        return _names_of(json.loads(text))
    except (ValueError, RecursionError):
        pass
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    numbered = [_NUMBERED.fullmatch(line) for line in lines]
    found = {int(match[1]): match[2].strip("\"' ") for match in numbered if match}
    if lines and len(found) >= len(lines) - 1 and len(found) > 1:  # One may be the columns' names.
        return found
    return [line.strip("\"' ") for line in lines]


def _names_of(value: Any) -> list[str] | dict[int, str]:
    if isinstance(value, list):
        return [
            str(each["name"]) if isinstance(each, dict) and "name" in each else str(each)
            for each in value
        ]
    if not isinstance(value, Mapping):
        return []
    if all(isinstance(number, int) for number in value.values()):
        return {number: str(name) for name, number in value.items()}
    return {int(number): str(name) for number, name in value.items() if str(number).isdecimal()}
