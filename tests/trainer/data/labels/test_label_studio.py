import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.trainer.photos import photo
from trainer.data.dataset import open_data_set
from trainer.data.labels.label_file import read_label_file
from trainer.data.labels.label_source import label_source
from trainer.data.labels.label_studio import label_studio_table, marks_in
from trainer.data.labels.labelled_photos import choose_labels

LEAVES = [
    {"points": [[0, 0], [1, 0], [1, 1]], "polygonlabels": ["leaf"]},
    {"points": [[5, 5], [6, 5], [6, 6]], "polygonlabels": ["leaf"]},
]
FRUIT = {"points": [[10, 10], [90, 10], [90, 90], [10, 90]], "polygonlabels": ["fruit"]}


@pytest.mark.parametrize(
    ("value", "area"),
    [
        ({"rectanglelabels": ["a"], "width": 2, "height": 3}, 6),
        ({"polygonlabels": ["a"], "points": [[0, 0], [4, 0], [4, 3]]}, 6),
        ({"ellipselabels": ["a"], "radiusX": 2, "radiusY": 1}, pytest.approx(6.2832, rel=1e-4)),
        ({"choices": ["a"]}, float("inf")),
        ({"brushlabels": ["a"], "rle": [1, 2], "width": 4, "height": 4}, None),
    ],
)
def test_results_have_areas(value: dict[str, Any], area: float | None) -> None:
    ((name, found),) = marks_in({"value": value})
    assert name == "a"
    assert found == area or (area is None and found != found)


def task(*values: dict[str, Any], **controls: str) -> dict[str, Any]:
    chosen = [
        {"from_name": name, "type": "choices", "value": {"choices": [label]}}
        for name, label in controls.items()
    ]
    result = [{"from_name": "shape", "value": value} for value in values] + chosen
    return {"data": {"image": "/data/upload/1/0a1b2c3d-a.jpg"}, "annotations": [{"result": result}]}


def test_a_large_shape_outweighs_small_ones() -> None:
    table = label_studio_table([task(*LEAVES, FRUIT)])
    assert table is not None
    assert [row[1:] for row in table.rows] == [("fruit",)]


def test_each_control_is_a_column() -> None:
    table = label_studio_table(
        [task(quality="good", fruit="apple"), task(quality="bad", fruit="pear")]
    )
    assert table is not None
    assert table.columns == ("image", "quality", "fruit")
    assert [row[1:] for row in table.rows] == [("good", "apple"), ("bad", "pear")]
    assert table.warnings == ()


def rows(folder: Path) -> list[dict[str, Any]]:
    """What JSON-MIN says of six photos."""
    for number in range(6):
        photo(folder / f"{number}.png")
    big = {"x": 1, "y": 1, "width": 50, "height": 50, "original_width": 8}
    return [
        {
            "image": f"/data/upload/1/0a1b2c3d-{number}.png",
            "id": number // 2,
            "label": [
                big | {"rectanglelabels": ["apple" if number < 3 else "pear"]},
                big | {"rectanglelabels": ["leaf"], "width": 2},
            ],
            "annotator": 1 + number % 2,
            "annotation_id": 40 + number,
            "lead_time": 2.5,
        }
        for number in range(6)
    ]


@pytest.mark.parametrize("suffix", ["json", "csv"])
def test_the_small_exports_are_understood(tmp_path: Path, suffix: str) -> None:
    found = rows(tmp_path / "photos")
    file = tmp_path / f"labels.{suffix}"
    if suffix == "json":
        file.write_text(json.dumps(found))
    else:
        with file.open("w", newline="") as opened:
            writer = csv.DictWriter(opened, fieldnames=list(found[0]))
            writer.writeheader()
            writer.writerows(row | {"label": json.dumps(row["label"])} for row in found)
    assert "covers most counts (6," in str(read_label_file(file).warnings[0])
    chosen = choose_labels(tmp_path / "photos", file)
    columns = label_source(chosen).columns
    assert columns is not None
    assert (columns.photo, columns.labels) == ("image", ("label",))
    data = open_data_set(chosen)
    assert {each.path.name: data.classes[each.label] for each in data.photos} == {
        f"{number}.png": "apple" if number < 3 else "pear" for number in range(6)
    }


def test_several_choices_are_no_label(tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    file.write_text('image,choice\na.jpg,apple\nb.jpg,"{""choices"": [""apple"", ""pear""]}"\n')
    table = read_label_file(file)
    assert table.rows == (("image", "choice"), ("a.jpg", "apple"), ("b.jpg", ""))
    assert "none is known to cover most (1, such as “b.jpg”)" in str(table.warnings[0])
