from pathlib import Path
from typing import Any

import pytest

from trainer.data.labels.column_guess import guess_columns, unused_split
from trainer.data.labels.columns import LabelColumns, NamedTable, named
from trainer.data.labels.photo_index import PhotoIndex
from trainer.data.labels.table import table_of
from trainer.errors import DatasetError

ROOT = Path("/photos")
INDEX = PhotoIndex(ROOT, [ROOT / f"{name}.jpg" for name in "abcdefgh"])


def table_named(text: str) -> NamedTable:
    table = table_of(text)
    assert table is not None
    return named(table, INDEX)


def guess(text: str, **known: Any) -> LabelColumns:
    return guess_columns(table_named(text), INDEX, **known)


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


def test_a_single_column_is_refused() -> None:
    table = named(table_of(rows("a b", "x y")), INDEX)  # type: ignore[arg-type]
    narrow = type(table)(("path",), (("a",),), True)
    with pytest.raises(DatasetError, match="single column, “path”"):
        guess_columns(narrow, INDEX)


SPLITS = ("file a b c d e f", "class x x x y y y", "split train val test train train {}")


def test_a_column_of_splits_may_have_cells_that_are_none() -> None:
    expected = LabelColumns("file", ("class",), "split")
    for cell in ("extra", '""'):
        text = rows(*(column.format(cell) for column in SPLITS))
        assert guess(text) == expected
        assert unused_split(table_named(text), expected) is None
    valid = ("file a b c d e f", "class x x x y y y", "is_valid 1 0 1 0 ? 0")
    assert guess(rows(*valid)) == LabelColumns("file", ("class",), "is_valid")


def test_a_column_of_splits_that_does_not_count_is_told() -> None:
    text = rows("file a b c d", "class x x y y", "subset default default default train")
    chosen = guess(text)
    assert chosen == LabelColumns("file", ("class",))
    said = str(unused_split(table_named(text), chosen))
    assert said.startswith("The column “subset” holds splits (1), and does not count")
    text = rows("file a b c d", "class x x y y", "is_valid 0 1 0 0", "is_test 1 0 0 0")
    chosen = guess(text)
    assert chosen == LabelColumns("file", ("class",), "is_valid")
    assert "column “is_test” holds splits (4)" in str(unused_split(table_named(text), chosen))


@pytest.mark.parametrize(
    ("columns", "labels"),
    [
        (("file a b c d", "fruit_name x x y y", "day 1 0 1 0", "night 0 1 0 1"), ("fruit_name",)),
        # Either may be meant.
        (("file a b c d", "who kim kim lee lee", "day 1 0 1 0", "night 0 1 0 1"), ()),
        (("file a b c d", "annotator 1 1 2 2", "id 5 5 6 6", "lead_time 1 1 2 2"), ()),
        (("file a b c d", "annotator 1 1 2 2", "what x x y y"), ("what",)),
        (("file a b c d", "one 1.5 2.5 3.5 4.5", "two 2.5 2 3 7"), ()),
    ],
)
def test_labels_are_guessed_from_what_may_be_labels(
    columns: tuple[str, ...], labels: tuple[str, ...]
) -> None:
    assert guess(rows(*columns)) == LabelColumns("file", labels)


def test_others_are_guessed_around_those_that_are_known() -> None:
    text = rows("name a b c d", "class x x y y", "split train test train test", "number 1 1 2 2")
    assert guess(text) == LabelColumns("name", ("class",), "split")
    assert guess(text, labels=("split",)) == LabelColumns("name", ("split",))
    assert guess(text, photo="class") == LabelColumns("class", ("number",), "split")
    assert guess(text, split="") == LabelColumns("name", ("class",))
    assert guess(text, split="class") == LabelColumns("name", ("number",), "class")
    assert guess(text, labels=("name",)).photo != "name"


def test_a_column_is_not_two_things() -> None:
    text = rows("name a b c d", "class x x y y", "split train test train test")
    with pytest.raises(DatasetError, match="column “split” cannot be two things"):
        guess(text, labels=("split",), split="3")
