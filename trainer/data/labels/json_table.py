"""Labels in JSON: COCO, Datumaro (of CVAT), Label Studio, and what people write themselves."""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from trainer.data import left_out
from trainer.data.labels.table import LabelTable, names_image
from trainer.data.split_names import split_named
from trainer.errors import DatasetError

_IMAGE, _LABEL, _SPLIT = "image", "label", "split"


def json_of(text: str) -> Any:
    """The value of a JSON text, or the list of those of JSON lines.

    Raises:
        ValueError: it is neither; a JSONDecodeError where it says why.
        RecursionError: it is nested too deeply.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2:
            raise
        try:
            return [json.loads(line) for line in lines]
        except json.JSONDecodeError:
            pass  # What is wrong with the whole says more than what is wrong with a line.
        raise


def json_table(value: Any) -> LabelTable | None:
    """The labels in what a JSON file holds; None where there are none that are understood."""
    try:
        for understood in (_coco, _datumaro, _label_studio, _splits, _records, _mapping):
            table = understood(value)
            if table is not None and table.rows:
                return table
    except (LookupError, TypeError, ValueError, AttributeError):
        pass  # It looks like a format, and is not.
    return None


def _coco(value: Any) -> LabelTable | None:
    """https://cocodataset.org/#format-data"""
    if not _has_lists(value, "images", "annotations", "categories"):
        return None
    names = {each["id"]: str(each["name"]) for each in value["categories"]}
    found: defaultdict[Any, list[tuple[str, float]]] = defaultdict(list)
    for each in value["annotations"]:
        if each.get("category_id") in names:
            found[each["image_id"]].append((names[each["category_id"]], _area(each)))
    return by_largest_area(
        "COCO",
        (
            (str(each.get("file_name") or each.get("path") or each["id"]), found[each["id"]], "")
            for each in value["images"]
        ),
    )


def _area(annotation: Mapping[str, Any]) -> float:
    """Pixels that an annotation covers; 0 where it is of the whole picture."""
    box: Sequence[float] = annotation.get("bbox") or (0, 0, 0, 0)
    area = annotation.get("area") or box[2] * box[3]
    return float(area) if math.isfinite(area) else 0.0


def by_largest_area(
    format_name: str, images: Iterable[tuple[str, Sequence[tuple[str, float]], str]]
) -> LabelTable:
    """A table of images with, each, what was marked in them: its class and its area; and their
    split, be it empty. Of several classes the one that covers most counts."""
    rows: list[tuple[str, ...]] = []
    several: list[str] = []
    for image, marked, split in images:
        areas: defaultdict[str, float] = defaultdict(float)
        marks = Counter(name for name, _ in marked)
        for name, area in marked:
            areas[name] += area
        if len(marks) > 1:
            several.append(image)
        label = max(marks, key=lambda name: (areas[name], marks[name]), default="")
        rows.append((image, label, split))
    warnings = (left_out.of_several_classes(len(several), several[0]),) if several else ()
    return _table(format_name, rows, warnings)


def _datumaro(value: Any) -> LabelTable | None:
    """The JSON of Datumaro, in which CVAT exports labels of whole images."""
    if not _has_lists(value, "items") or not isinstance(value.get("categories"), dict):
        return None
    names = [str(each["name"]) for each in value["categories"]["label"]["labels"]]
    images = []
    for item in value["items"]:
        image = item.get("image") or item.get("media") or {}
        marked = [
            (names[each["label_id"]], _area(each))
            for each in item.get("annotations", ())
            if isinstance(each.get("label_id"), int) and 0 <= each["label_id"] < len(names)
        ]
        images.append((str(image.get("path") or item["id"]), marked, str(item.get("subset", ""))))
    return by_largest_area("Datumaro", images)


def _label_studio(value: Any) -> LabelTable | None:
    """https://labelstud.io/guide/export#JSON"""
    tasks = value if isinstance(value, list) else [value]
    if not all(isinstance(task, dict) and isinstance(task.get("data"), dict) for task in tasks):
        return None
    if not any("annotations" in task or "completions" in task for task in tasks):
        return None
    images = []
    for task in tasks:
        data = task["data"]
        addresses = [text for text in data.values() if isinstance(text, str)]
        image = data.get("image") or next(filter(names_image, addresses), addresses[0])
        answers = task.get("annotations") or task.get("completions") or ()
        # What was skipped or cancelled says nothing; of several answers the last one counts.
        kept = [each for each in answers if not each.get("was_cancelled")]
        results = kept[-1].get("result", ()) if kept else ()
        images.append((str(image), [mark for each in results for mark in _choices(each)], ""))
    return by_largest_area("Label Studio", images)


def _choices(result: Mapping[str, Any]) -> list[tuple[str, float]]:
    """What one result says: the classes of the whole image, or of a box in it."""
    value = result.get("value")
    if not isinstance(value, dict):
        return []
    box = value.get("width", 0) * value.get("height", 0)
    for key in ("choices", "labels", "rectanglelabels", "polygonlabels", "brushlabels"):
        if isinstance(value.get(key), list):
            return [(str(name), float(box)) for name in value[key]]
    return []


def _splits(value: Any) -> LabelTable | None:
    """An object with a key a split, and any of the other shapes in each."""
    if not isinstance(value, dict) or not value or not all(map(split_named, value)):
        return None
    tables = {split: json_table(part) for split, part in value.items()}
    found = {split: table for split, table in tables.items() if table is not None}
    shapes = {table.columns for table in found.values()}
    if len(shapes) != 1:
        return None
    columns = shapes.pop()
    return LabelTable(
        "JSON",
        tuple((*row, split) for split, table in found.items() for row in table.rows),
        (*columns, _SPLIT) if _SPLIT not in columns else (*columns, "split (key)"),
        tuple(warning for table in found.values() for warning in table.warnings),
    )


def _records(value: Any) -> LabelTable | None:
    """A list of objects, or of pairs; be it in an object of one kind of entry or another."""
    if isinstance(value, dict):
        lists = [each for each in value.values() if _is_list_of(each, dict)]
        if lists:
            return _records(max(lists, key=len))
        if value and all(isinstance(each, dict) for each in value.values()):
            return _records([{"key": key, **each} for key, each in value.items()])
        return None
    if _is_list_of(value, dict):
        flat = [_flattened(each) for each in value]
        columns = tuple(dict.fromkeys(key for each in flat for key in each))
        rows = tuple(tuple(each.get(key, "") for key in columns) for each in flat)
        return LabelTable("JSON", rows, columns) if len(columns) > 1 else None
    if _is_list_of(value, list) and {len(each) for each in value} == {2}:
        return _table("JSON", [(_text(one), _text(other), "") for one, other in value])
    return None


def _mapping(value: Any) -> LabelTable | None:
    """Photos to their labels, or labels to their photos."""
    if not isinstance(value, dict):
        return None
    if all(isinstance(each, str | int | float) for each in value.values()):
        return _table("JSON", [(key, _text(each), "") for key, each in value.items()])
    if not all(_is_list_of(each, str, least=0) for each in value.values()) or not any(
        value.values()
    ):
        return None
    are_photos = any(names_image(each) for some in value.values() for each in some)
    if are_photos or (
        not any(map(names_image, value)) and any(len(some) > 1 for some in value.values())
    ):
        return _table("JSON", [(each, key, "") for key, some in value.items() for each in some])
    several = [key for key, some in value.items() if len(some) > 1]
    warnings = (left_out.of_several_labels(len(several), several[0]),) if several else ()
    rows = [(key, some[0] if len(some) == 1 else "", "") for key, some in value.items()]
    return _table("JSON", rows, warnings)


def _flattened(value: Mapping[str, Any], above: str = "") -> dict[str, str]:
    """An object as cells, named with dots where there are objects inside."""
    cells: dict[str, str] = {}
    for key, each in value.items():
        if isinstance(each, dict):
            cells |= _flattened(each, f"{above}{key}.")
        else:
            cells[above + key] = _text(each)
    return cells


def _text(value: Any) -> str:
    """A cell of a value; empty where it is none, or several."""
    if isinstance(value, list):
        return _text(value[0]) if len(value) == 1 else ""
    if value is None or isinstance(value, dict):
        return ""
    return str(value).strip()


def _table(
    format_name: str,
    rows: Sequence[tuple[str, ...]],
    warnings: tuple[DatasetError, ...] = (),
) -> LabelTable:
    """Args: *rows* are of an image, a label and a split, be it empty in all of them."""
    if any(row[2] for row in rows):
        return LabelTable(format_name, tuple(rows), (_IMAGE, _LABEL, _SPLIT), warnings)
    return LabelTable(format_name, tuple(row[:2] for row in rows), (_IMAGE, _LABEL), warnings)


def _has_lists(value: Any, *keys: str) -> bool:
    return isinstance(value, dict) and all(isinstance(value.get(key), list) for key in keys)


def _is_list_of(value: Any, kind: type, least: int = 1) -> bool:
    return (
        isinstance(value, list)
        and len(value) >= least
        and all(isinstance(each, kind) for each in value)
    )
