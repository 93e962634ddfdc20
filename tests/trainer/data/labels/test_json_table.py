import json
from typing import Any

import pytest

from trainer.data.labels.json_table import json_of, json_table

ROWS = (("a.jpg", "apple"), ("b.jpg", "pear"))
COCO = {
    "images": [
        {"id": 7, "file_name": "a.jpg"},
        {"id": 8, "file_name": "b.jpg"},
        {"id": 9, "file_name": "c.jpg"},
    ],
    "categories": [{"id": 1, "name": "apple"}, {"id": 2, "name": "pear"}],
    "annotations": [
        {"image_id": 7, "category_id": 1, "bbox": [0, 0, 4, 4]},
        # Two small apples together cover less than a pear.
        {"image_id": 8, "category_id": 1, "area": 10},
        {"image_id": 8, "category_id": 1, "area": 10},
        {"image_id": 8, "category_id": 2, "bbox": [0, 0, 5, 5]},
        {"image_id": 8, "category_id": 3, "area": 1000},
    ],
}
DATUMARO = {
    "info": {},
    "categories": {"label": {"labels": [{"name": "apple"}, {"name": "pear"}]}},
    "items": [
        {
            "id": "a",
            "annotations": [{"type": "label", "label_id": 0}],
            "image": {"path": "a.jpg"},
        },
        {"id": "b.jpg", "annotations": [{"type": "label", "label_id": 1}]},
    ],
}
LABEL_STUDIO = [
    {
        "id": number,
        "data": {"image": photo},
        "annotations": [
            {"result": [{"type": "choices", "value": {"choices": [label]}}]},
            {"was_cancelled": True, "result": [{"value": {"choices": ["other"]}}]},
        ],
    }
    for number, (photo, label) in enumerate(ROWS)
]


@pytest.mark.parametrize(
    "value",
    [
        {"a.jpg": "apple", "b.jpg": "pear"},
        {"a.jpg": ["apple"], "b.jpg": ["pear"]},
        {"apple": ["a.jpg"], "pear": ["b.jpg"]},
        [["a.jpg", "apple"], ["b.jpg", "pear"]],
        DATUMARO,
        LABEL_STUDIO,
    ],
)
def test_shapes_of_json_come_to_the_same(value: Any) -> None:
    table = json_table(value)
    assert table is not None
    assert table.rows == ROWS
    assert table.columns == ("image", "label")


@pytest.mark.parametrize(
    "value",
    [
        [{"file": "a.jpg", "class": "apple"}, {"file": "b.jpg", "class": "pear"}],
        {
            "info": {"by": "kim"},
            "photos": [{"file": "a.jpg", "class": "apple"}, {"file": "b.jpg", "class": ["pear"]}],
        },
        {"a.jpg": {"class": "apple"}, "b.jpg": {"class": "pear"}},
    ],
)
def test_objects_are_rows_and_their_keys_are_columns(value: Any) -> None:
    table = json_table(value)
    assert table is not None
    assert table.rows == ROWS
    assert table.columns[1] == "class"


def test_objects_inside_are_columns_too() -> None:
    table = json_table([{"image": {"path": "a.jpg"}, "meta": {"label": "x"}, "boxes": [1, 2]}])
    assert table is not None
    assert table.columns == ("image.path", "meta.label", "boxes")
    assert table.rows == (("a.jpg", "x", ""),)


def test_the_class_that_covers_most_counts() -> None:
    table = json_table(COCO)
    assert table is not None
    assert table.format == "COCO"
    assert table.rows == (*ROWS, ("c.jpg", ""))
    assert [str(warning) for warning in table.warnings] == [
        "Where several classes are marked in a photo, the one that covers most counts (1, such as "
        "“b.jpg”)."
    ]


def test_coco_without_names_has_numbers() -> None:
    table = json_table({**COCO, "categories": []})
    assert table is not None
    # Of the largest, which the names leave out above.
    assert table.rows == (("a.jpg", "1"), ("b.jpg", "3"), ("c.jpg", ""))


def test_annotations_are_of_the_image_that_has_their_number() -> None:
    images = [{"id": 1, "file_name": "0.jpg"}, {"id": 0, "file_name": "1.jpg"}]
    labels = [{"image_id": 0, "label": "pear"}, {"image_id": 1, "label": "apple"}]
    table = json_table({"images": images, "annotations": labels})
    assert table is not None
    assert table.rows == (("0.jpg", "apple"), ("1.jpg", "pear"))
    # Without a class, the number of an image is not taken for the name of one.
    assert json_table({"images": images, "annotations": [{"image_id": 0, "by": "kim"}]}) is None


@pytest.mark.parametrize(
    "large",
    [
        {"type": "polygon", "points": [0, 0, 8, 0, 8, 8, 0, 8]},
        {"type": "ellipse", "points": [0, 0, 8, 8]},
        {"type": "mask", "rle": {"counts": [4, 60], "size": [8, 8]}},
        {"type": "bbox", "bbox": [0, 0, 8, 8]},
        {"type": "label"},
    ],
)
def test_shapes_of_datumaro_have_areas(large: dict[str, Any]) -> None:
    small = {"type": "polygon", "label_id": 1, "points": [0, 0, 2, 0, 2, 2]}
    item = {"id": "a.jpg", "annotations": [small, large | {"label_id": 0}, small]}
    table = json_table({**DATUMARO, "items": [item]})
    assert table is not None
    assert table.rows == (("a.jpg", "apple"),)


def test_what_has_no_number_is_nothing() -> None:
    table = json_table([{"f": "a.jpg", "l": float("nan")}, {"f": "b.jpg", "l": "x"}])
    assert table is not None
    assert table.rows == (("a.jpg", ""), ("b.jpg", "x"))


@pytest.mark.parametrize("part", [dict(ROWS), {label: [photo] for photo, label in ROWS}])
def test_keys_may_be_splits(part: Any) -> None:
    table = json_table({"train": part, "val": {"c.jpg": "plum"}})
    assert table is not None
    assert table.columns == ("image", "label", "split")
    assert table.rows[1:] == (("b.jpg", "pear", "train"), ("c.jpg", "plum", "val"))


def test_a_photo_of_several_labels_has_none() -> None:
    table = json_table({"a.jpg": ["apple", "pear"], "b.jpg": ["pear"]})
    # Which of them are photos is plain from their names.
    assert table is not None
    assert table.rows == (("a.jpg", ""), ("b.jpg", "pear"))
    assert "such as “a.jpg”" in str(table.warnings[0])


def test_lines_of_json_are_a_list() -> None:
    assert json_of('{"a": 1}\n{"a": 2}\n') == [{"a": 1}, {"a": 2}]
    with pytest.raises(json.JSONDecodeError):
        json_of('{"a": 1}\n{"a": \n')


@pytest.mark.parametrize(
    "value", [{}, [], 5, [1, 2], {"a": [1, 2]}, {"images": [], "annotations": [], "categories": []}]
)
def test_what_holds_no_labels_is_no_table(value: Any) -> None:
    assert json_table(value) is None
