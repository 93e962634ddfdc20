"""Labels in JSON: COCO, Datumaro (of CVAT), Label Studio, and what people write themselves."""

import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from trainer.data.labels import label_warnings
from trainer.data.labels.label_studio import is_marks, label_studio_table
from trainer.data.labels.marks import (
    UNKNOWN,
    WHOLE,
    Mark,
    MarkedImage,
    by_largest_area,
    known_area,
    polygon_area,
    run_length_area,
    table,
)
from trainer.data.labels.table import LabelTable, cell_of, names_image
from trainer.data.split_names import split_named

_SPLIT = "split"


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
        for understood in (_coco, _datumaro, label_studio_table, _splits, _records, _mapping):
            found = understood(value)
            if found is not None and found.rows:
                return found
    except (LookupError, TypeError, ValueError, AttributeError):
        pass  # It looks like a format, and is not.
    return None


def _coco(value: Any) -> LabelTable | None:
    """https://cocodataset.org/#format-data, also without names for the categories' numbers, or
    with names in their place.

    Raises:
        ValueError: its annotations say no class. (Images and annotations are told together by the
            images' numbers, which may look like names of other photos.)
    """
    if not _has_lists(value, "images", "annotations") or not value["images"]:
        return None
    names = {each["id"]: str(each["name"]) for each in value.get("categories") or ()}
    found: defaultdict[Any, list[Mark]] = defaultdict(list)
    for each in value["annotations"]:
        label = _coco_label(each, names)
        if label is not None:
            found[each["image_id"]].append((label, _area(each)))
    if not found:
        raise ValueError("no class")
    return by_largest_area(
        "COCO",
        [
            MarkedImage(
                str(each.get("file_name") or each.get("path") or each["id"]), found[each["id"]]
            )
            for each in value["images"]
        ],
    )


def _coco_label(annotation: Mapping[str, Any], names: Mapping[Any, str]) -> str | None:
    """None where it is of no category that has a name, if any has one."""
    number = annotation.get("category_id")
    if names:
        return names.get(number)
    said = (number, *(annotation.get(key) for key in ("category", "label", "class")))
    return next((str(each) for each in said if isinstance(each, str | int)), None)


def _area(annotation: Mapping[str, Any]) -> float:
    """Pixels that an annotation of COCO or Datumaro covers."""
    kind = annotation.get("type")
    if kind in {"label", "caption"}:
        return WHOLE
    if annotation.get("area"):
        return known_area(float(annotation["area"]))
    outlines = annotation.get("segmentation")
    if kind in {"polygon", "polyline"}:
        outlines = [annotation["points"]] if kind == "polygon" else None
    elif kind == "mask":
        outlines = annotation.get("rle")
    if isinstance(outlines, list) and outlines:
        return known_area(
            sum(polygon_area(list(zip(p[::2], p[1::2], strict=False))) for p in outlines)
        )
    if isinstance(outlines, dict) and isinstance(outlines.get("counts"), list):
        return known_area(run_length_area(outlines["counts"]))
    if kind == "ellipse":
        left, top, right, bottom = annotation["points"]
        return known_area(math.pi / 4 * (right - left) * (bottom - top))
    box: Sequence[float] = annotation.get("bbox") or ()
    if len(box) == 4:
        return known_area(box[2] * box[3])
    # What has no shape at all is said of the whole image.
    has_shape = outlines or annotation.get("points") or annotation.get("keypoints")
    return UNKNOWN if has_shape or kind else WHOLE


def _datumaro(value: Any) -> LabelTable | None:
    """The JSON of Datumaro, in which CVAT exports labels of whole images."""
    if not _has_lists(value, "items") or not isinstance(value.get("categories"), dict):
        return None
    names = [str(each["name"]) for each in value["categories"]["label"]["labels"]]
    images = []
    for item in value["items"]:
        image = item.get("image") or item.get("media") or {}
        marks = [
            (names[each["label_id"]], _area(each))
            for each in item.get("annotations", ())
            if isinstance(each.get("label_id"), int) and 0 <= each["label_id"] < len(names)
        ]
        split = str(item.get("subset", ""))
        images.append(MarkedImage(str(image.get("path") or item["id"]), marks, split))
    return by_largest_area("Datumaro", images)


def _splits(value: Any) -> LabelTable | None:
    """An object with a key a split, and any of the other shapes in each."""
    if not isinstance(value, dict) or not value or not all(map(split_named, value)):
        return None
    tables = {split: json_table(part) for split, part in value.items()}
    found = {split: part for split, part in tables.items() if part is not None}
    shapes = {part.columns for part in found.values()}
    if len(shapes) != 1:
        return None
    columns = shapes.pop()
    return LabelTable(
        "JSON",
        tuple((*row, split) for split, part in found.items() for row in part.rows),
        (*columns, _SPLIT) if _SPLIT not in columns else (*columns, "split (key)"),
        tuple(warning for part in found.values() for warning in part.warnings),
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
        return table("JSON", [(_text(one), _text(other), "") for one, other in value])
    return None


def _mapping(value: Any) -> LabelTable | None:
    """Photos to their labels, or labels to their photos."""
    if not isinstance(value, dict):
        return None
    if all(isinstance(each, str | int | float) for each in value.values()):
        return table("JSON", [(key, _text(each), "") for key, each in value.items()])
    if not all(_is_list_of(each, str, least=0) for each in value.values()) or not any(
        value.values()
    ):
        return None
    are_photos = any(names_image(each) for some in value.values() for each in some)
    if are_photos or (
        not any(map(names_image, value)) and any(len(some) > 1 for some in value.values())
    ):
        return table("JSON", [(each, key, "") for key, some in value.items() for each in some])
    several = [key for key, some in value.items() if len(some) > 1]
    warnings = (label_warnings.of_several_labels(len(several), several[0]),) if several else ()
    rows = [(key, some[0] if len(some) == 1 else "", "") for key, some in value.items()]
    return table("JSON", rows, warnings)


def _flattened(value: Mapping[str, Any], above: str = "") -> dict[str, str]:
    """An object as cells, named with dots where there are objects inside."""
    cells: dict[str, str] = {}
    for key, each in value.items():
        if isinstance(each, dict) and not is_marks(each):
            cells |= _flattened(each, f"{above}{key}.")
        else:
            cells[above + key] = _text(each)
    return cells


def _text(value: Any) -> str:
    """A cell of a value; empty where it is none, or several."""
    if is_marks(value):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return _text(value[0]) if len(value) == 1 else ""
    if value is None or isinstance(value, dict):
        return ""
    return cell_of(str(value))


def _has_lists(value: Any, *keys: str) -> bool:
    return isinstance(value, dict) and all(isinstance(value.get(key), list) for key in keys)


def _is_list_of(value: Any, kind: type, least: int = 1) -> bool:
    return (
        isinstance(value, list)
        and len(value) >= least
        and all(isinstance(each, kind) for each in value)
    )
