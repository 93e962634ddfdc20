from pathlib import Path

import pytest

from trainer.data.labels.columns import box_areas, named, splits_in
from trainer.data.labels.photo_index import PhotoIndex
from trainer.data.labels.table import table_of
from trainer.errors import DatasetError

ROOT = Path("/photos")
INDEX = PhotoIndex(ROOT, [ROOT / f"{name}.jpg" for name in "abcdefgh"])


def rows(*columns: str) -> str:
    """Lines of a table, of a word of cells a column."""
    return "".join(
        ",".join(row) + "\n" for row in zip(*(each.split() for each in columns), strict=True)
    )


def test_a_column_is_named_by_its_name_or_number() -> None:
    table = table_of(rows("File,Name a b", "Label x y").replace("File,Name", '"File Name"'))
    assert table is not None
    found = named(table, INDEX)
    assert (found.column("File Name"), found.column("file_name"), found.column("2")) == (0, 0, 1)
    with pytest.raises(DatasetError, match="no column “3”, only: “File Name”, “Label”"):
        found.column("3")


@pytest.mark.parametrize(
    ("column", "cells", "splits"),
    [
        ("split", "Training|dev|unlabelled|", ["train", "validation", None, None]),
        ("구분", "테스트", ["test"]),
        ("is_valid", "True|0|?|", ["validation", "train", None, None]),
        ("is_valid", "1||1", ["validation", "train", "validation"]),
        ("is_training_image", "0|1", ["test", "train"]),
    ],
)
def test_splits_are_understood(column: str, cells: str, splits: list[str | None]) -> None:
    assert splits_in(column, cells.split("|")) == splits


@pytest.mark.parametrize(
    ("columns", "row", "area"),
    [
        ("file,xmin,ymin,xmax,ymax", "a.jpg,1,2,4,6", 12),
        ("file,width,height,XMin,YMin,XMax,YMax", "a.jpg,100,100,0.5,0.5,1,1", 0.25),
        ("file,x,y,width,height", "a.jpg,1,2,4,6", 24),
        ("file,width,height", "a.jpg,100,100", None),
    ],
)
def test_boxes_have_areas(columns: str, row: str, area: float | None) -> None:
    table = table_of(f"{columns}\n{row}\n")
    assert table is not None
    assert box_areas(named(table, INDEX)) == (None if area is None else [area])
