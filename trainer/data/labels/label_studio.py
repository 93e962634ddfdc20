"""Labels of Label Studio: its JSON, and what its JSON-MIN and CSV have in their cells."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from trainer.data.labels.marks import UNKNOWN, WHOLE, Mark, known_area, labels_of, polygon_area
from trainer.data.labels.table import LabelTable, names_image
from trainer.errors import DatasetError

_OF_THE_WHOLE = ("choices", "taxonomy")
_IN_IT = (
    *("rectanglelabels", "polygonlabels", "ellipselabels", "brushlabels", "labels"),
    *("hypertextlabels", "keypointlabels", "bitmasklabels", "vectorlabels"),
)


def label_studio_table(value: Any) -> LabelTable | None:
    """https://labelstud.io/guide/export#JSON, with a column a control where there are several."""
    tasks = value if isinstance(value, list) else [value]
    if not all(isinstance(task, dict) and isinstance(task.get("data"), dict) for task in tasks):
        return None
    if not any("annotations" in task or "completions" in task for task in tasks):
        return None
    images = [_image_of(task["data"]) for task in tasks]
    results = [_results_of(task) for task in tasks]
    controls = list(
        dict.fromkeys(
            str(each.get("from_name", "")) for some in results for each in some if marks_in(each)
        )
    ) or [""]
    columns: list[list[str]] = []
    warnings: list[DatasetError] = []
    for control in controls:
        marked = [
            [
                mark
                for each in some
                if each.get("from_name", "") == control
                for mark in marks_in(each)
            ]
            for some in results
        ]
        labels, said = labels_of(zip(images, marked, strict=True))
        columns.append(labels)
        warnings += said
    names = tuple(controls) if len(controls) > 1 else ("label",)
    return LabelTable(
        "Label Studio",
        tuple(zip(images, *columns, strict=True)),
        ("image", *names),
        tuple(warnings),
    )


def _image_of(data: Mapping[str, Any]) -> str:
    addresses = [text for text in data.values() if isinstance(text, str)]
    return str(data.get("image") or next(filter(names_image, addresses), addresses[0]))


def _results_of(task: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    answers = task.get("annotations") or task.get("completions") or ()
    # What was skipped or cancelled says nothing; of several answers the last one counts.
    kept = [each for each in answers if not each.get("was_cancelled")]
    return kept[-1].get("result", ()) if kept else ()


def marks_in(result: Mapping[str, Any]) -> list[Mark]:
    """What one result says: the classes of the whole image, or of a shape in it."""
    inside = result.get("value")
    value = inside if isinstance(inside, Mapping) else result
    for key in _OF_THE_WHOLE:
        if isinstance(value.get(key), list):
            return [(_name(each), WHOLE) for each in value[key]]
    for key in _IN_IT:
        if isinstance(value.get(key), list):
            return [(_name(each), _area(value)) for each in value[key]]
    return []


def _name(label: Any) -> str:
    """A class; of a taxonomy, the last of its levels."""
    return _name(label[-1]) if isinstance(label, list) and label else str(label)


def _area(value: Mapping[str, Any]) -> float:
    """In percent of the image's sides."""
    if isinstance(value.get("points"), list):
        return known_area(polygon_area([(float(x), float(y)) for x, y in value["points"]]))
    if "radiusX" in value:
        return known_area(math.pi * float(value["radiusX"]) * float(value["radiusY"]))
    if "width" in value and "rle" not in value:
        return known_area(float(value["width"]) * float(value["height"]))
    return UNKNOWN


def is_marks(value: Any) -> bool:
    """Whether a JSON value is what JSON-MIN and CSV say of one control: a list of shapes, or an
    object with a list of choices."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(each, dict) and marks_in(each) for each in value)
    return isinstance(value, dict) and isinstance(value.get("choices"), list)


def with_marks_as_labels(table: LabelTable) -> LabelTable:
    """The same, with cells of JSON that Label Studio writes as the labels that they come to."""
    columns = list(zip(*table.rows, strict=True))
    found = {}
    for number, cells in enumerate(columns):
        marked = list(map(_marks_of_cell, cells))
        if any(marks is not None for marks in marked):
            found[number] = marked
    if not found:
        return table
    addresses = [next((cell for cell in row if names_image(cell)), row[0]) for row in table.rows]
    warnings = list(table.warnings)
    for number, marked in found.items():
        labels, said = labels_of(
            (address, marks or ()) for address, marks in zip(addresses, marked, strict=True)
        )
        # A name of the column, or a cell of a single choice, stays as it is.
        columns[number] = tuple(
            cell if marks is None else label
            for cell, marks, label in zip(columns[number], marked, labels, strict=True)
        )
        warnings += said
    return replace(table, rows=tuple(zip(*columns, strict=True)), warnings=tuple(warnings))


def _marks_of_cell(cell: str) -> list[Mark] | None:
    """None where it is no JSON of Label Studio's."""
    if cell[:1] not in {"[", "{"}:
        return None
    try:
        value = json.loads(cell)
        if not is_marks(value):
            return None
        return [
            mark
            for each in (value if isinstance(value, list) else [value])
            for mark in marks_in(each)
        ]
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
