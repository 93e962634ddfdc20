import csv

import pytest

from trainer.data.labels.table import table_of
from trainer.errors import DatasetError

ROWS = (("path", "label"), ("a.jpg", "apple"), ("b.jpg", "pear"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    table = table_of("".join(f"{delimiter.join(row)}\r\n" for row in ROWS))
    assert table is not None
    assert table.rows == ROWS


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('a.jpg,"apple, red"\nb.jpg,pear\n', (("a.jpg", "apple, red"), ("b.jpg", "pear"))),
        ('a.jpg,"a ""good"" one"\n', (("a.jpg", 'a "good" one'),)),
        (
            "a.jpg;apple, red\nb.jpg;pear, green\n",
            (("a.jpg", "apple, red"), ("b.jpg", "pear, green")),
        ),
        (
            "a.jpg;0,5;apple\nb.jpg;1,5;pear\n",
            (("a.jpg", "0,5", "apple"), ("b.jpg", "1,5", "pear")),
        ),
        ("a.jpg, apple\n\n , \nb.jpg, pear\n", (("a.jpg", "apple"), ("b.jpg", "pear"))),
        ("sep=;\na.jpg;apple\n", (("a.jpg", "apple"),)),
        ("my a.jpg 0\nmy b.jpg 1\n", (("my a.jpg", "0"), ("my b.jpg", "1"))),
        (
            "a.jpg,1\nb.jpg\nc.jpg,2,\nd.jpg,4\n" + "e.jpg,5\n" * 4,
            (("a.jpg", "1"), ("b.jpg", ""), ("c.jpg", "2"), ("d.jpg", "4"), *[("e.jpg", "5")] * 4),
        ),
        # A column of the rows' names that has none itself.
        (
            "file,label\n1,a.jpg,apple\n2,b.jpg,pear\n3,c.jpg,pear\n4,d.jpg,fig\n",
            (
                ("", "file", "label"),
                ("1", "a.jpg", "apple"),
                ("2", "b.jpg", "pear"),
                ("3", "c.jpg", "pear"),
                ("4", "d.jpg", "fig"),
            ),
        ),
        ("a.jpg,NaN\nb.jpg,null\nc.jpg,None\n", (("a.jpg", ""), ("b.jpg", ""), ("c.jpg", ""))),
        (
            'a.jpg,"red,\nand ripe"\nb.jpg,green\n',
            (("a.jpg", "red,\nand ripe"), ("b.jpg", "green")),
        ),
    ],
)
def test_rows_are_understood(text: str, rows: tuple[tuple[str, ...], ...]) -> None:
    table = table_of(text)
    assert table is not None
    assert table.rows == rows


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ('a5.jpg,"a', r"quotation mark in line 7 takes the lines below it .* “a”\. Remove it"),
        ('"a5.jpg,a', r"quotation mark in line 7 takes the lines below it .* “a5.jpg,a”"),
        (
            "a5.jpg,a, ripe",
            r"Line 7 has more cells .* “a5.jpg,a,ripe”\. Put quotation marks around",
        ),
    ],
)
@pytest.mark.parametrize("suffix", [".jpg", ""])
def test_what_would_lose_rows_is_refused(row: str, sentence: str, suffix: str) -> None:
    lines = ["file,label", *(f"a{n}{suffix},a" for n in range(40))]
    lines[6] = row.replace(".jpg", suffix)
    with pytest.raises(DatasetError, match=sentence.replace(".jpg", suffix)):
        table_of("\n".join(lines))
    lines.insert(0, "sep=,")
    with pytest.raises(DatasetError, match="ine 8"):
        table_of("\n".join(lines))


def test_a_letter_that_all_names_share_is_no_delimiter() -> None:
    text = "id,label\n" + "".join(f"e{n}e,pear\n" for n in range(9))
    table = table_of(text)
    assert table is not None
    assert table.rows[1] == ("e0e", "pear")


def test_prose_is_no_table() -> None:
    assert table_of("These are my photos.\nSome of them, not all, are good.\n") is None
    assert table_of("") is None
    limit = csv.field_size_limit()
    assert table_of("a.jpg,pear\n" + '"' + "x" * (1 << 21)) is None
    assert csv.field_size_limit() == limit
