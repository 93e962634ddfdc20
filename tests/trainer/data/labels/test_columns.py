from pathlib import Path

import pytest

from trainer.data.labels.columns import LabelColumns, guess_columns, named, split_in
from trainer.data.labels.photo_index import PhotoIndex
from trainer.data.labels.table import table_of
from trainer.errors import DatasetError

ROOT = Path("/photos")
INDEX = PhotoIndex(ROOT, [ROOT / f"{name}.jpg" for name in "abcdefgh"])


def guess(text: str) -> LabelColumns:
    table = table_of(text)
    assert table is not None
    return guess_columns(named(table, INDEX), INDEX)


def rows(*columns: str) -> str:
    """Lines of a table, of a word of cells a column."""
    return "".join(
        ",".join(row) + "\n" for row in zip(*(each.split() for each in columns), strict=True)
    )


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (("id a b c d", "label x x y y"), LabelColumns("id", ("label",))),
        (("a.jpg b.jpg c.jpg d.jpg", "x x y y"), LabelColumns("1", ("2",))),
        (("a b c d", "x x y y"), LabelColumns("1", ("2",))),
        (("art x x y y", "bild a.jpg b.jpg c.jpg d.jpg"), LabelColumns("bild", ("art",))),
        (
            (
                "class_id 0 0 1 1",
                "filepaths a.jpg b.jpg c.jpg d.jpg",
                "labels X X Y Y",
                "data_set train train valid test",
                "scientific P P Q Q",
            ),
            LabelColumns("filepaths", ("labels",), "data_set"),
        ),
        (("n a b c d", "who kim kim lee lee", "y_label 1 0 1 0"), LabelColumns("n", ("y_label",))),
        (
            ("file a.jpg b.jpg c.jpg d.jpg", "is_valid True False False False", "label x x y y"),
            LabelColumns("file", ("label",), "is_valid"),
        ),
        (
            ("file a b c d", "apple 1 0 0 0", "pear 0 1 0 0", "plum 0 0 1 1"),
            LabelColumns("file", ("apple", "pear", "plum")),
        ),
        (
            ("file a b c d", "ripe 1 1 0 1", "red 0 1 1 0", "label x x y y"),
            LabelColumns("file", ("label",)),
        ),
        (
            ("파일 a.jpg b.jpg c.jpg d.jpg", "비고 하나 둘 셋 넷", "품종 사과 사과 배 배"),
            LabelColumns("파일", ("품종",)),
        ),
    ],
)
def test_columns_are_found_by_names_and_values(
    columns: tuple[str, ...], expected: LabelColumns
) -> None:
    assert guess(rows(*columns)) == expected


def test_numbered_photos_are_told_from_numbered_labels() -> None:
    index = PhotoIndex(ROOT, [ROOT / f"{n}.jpg" for n in range(6)])
    table = table_of(rows("label 0 0 1 1 0 1", "id 0 1 2 3 4 5"))
    assert table is not None
    assert guess_columns(named(table, index), index) == LabelColumns("id", ("label",))


def test_a_column_is_named_by_its_name_or_number() -> None:
    table = table_of(rows("File,Name a b", "Label x y").replace("File,Name", '"File Name"'))
    assert table is not None
    found = named(table, INDEX)
    assert (found.column("File Name"), found.column("file_name"), found.column("2")) == (0, 0, 1)
    with pytest.raises(DatasetError, match="no column “3”, only: “File Name”, “Label”"):
        found.column("3")


def test_a_single_column_is_refused() -> None:
    table = named(table_of(rows("a b", "x y")), INDEX)  # type: ignore[arg-type]
    narrow = type(table)(("path",), (("a",),), True)
    with pytest.raises(DatasetError, match="single column, “path”"):
        guess_columns(narrow, INDEX)


@pytest.mark.parametrize(
    ("column", "cell", "split"),
    [
        ("split", "Training", "train"),
        ("split", "dev", "validation"),
        ("구분", "테스트", "test"),
        ("is_valid", "True", "validation"),
        ("is_valid", "0", "train"),
        ("is_training_image", "0", "test"),
        ("split", "unlabelled", None),
        ("split", "", None),
    ],
)
def test_splits_are_understood(column: str, cell: str, split: str | None) -> None:
    assert split_in(column, cell) == split
