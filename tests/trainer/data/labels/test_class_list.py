from pathlib import Path

import pytest

from trainer.data.labels.class_list import are_numbers, class_names, list_beside
from trainer.errors import DatasetError


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("apple\npear\n", ("0", "1")),
        ("apple\npear\n", ("1", "2")),
        ("0 apple\n1 pear\n", ("0", "1")),
        ("id,name\n3,apple\n7,pear\n", ("3", "7")),
        ('["apple", "pear"]', ("0", "1.0")),
        ('{"0": "apple", "1": "pear"}', ("0", "1")),
        ('{"apple": 0, "pear": 1}', ("0", "1")),
    ],
)
def test_numbers_get_their_names(tmp_path: Path, text: str, labels: tuple[str, str]) -> None:
    file = tmp_path / "names"
    file.write_text(text)
    assert class_names(file, labels) == dict(zip(labels, ("apple", "pear"), strict=True))


def test_a_list_that_is_too_short_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "classes.txt"
    file.write_text("apple\npear\n")
    with pytest.raises(DatasetError, match="what class 5 is called"):
        class_names(file, ["0", "5"])
    assert list_beside([tmp_path], ["0", "5"], tmp_path / "labels.csv") is None
    assert list_beside([tmp_path], ["0", "1"], tmp_path / "labels.csv") == file
    assert list_beside([tmp_path], ["0", "1"], file) is None


def test_what_numbers_are() -> None:
    assert are_numbers({"0", "12", "3.0"})
    assert not are_numbers({"0", "apple"})
    assert not are_numbers(set())
