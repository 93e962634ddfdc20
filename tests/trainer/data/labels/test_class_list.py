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
        ("class\napple\npear\nplum\n", ("0", "1")),
        ("name,index\napple,0\npear,1\nplum,2\n", ("0", "1")),
        ("apple,4\npear,5\n", ("4", "5")),
        ("apple 0\npear 1\n", ("0", "1")),
        ("id;colour;name\n1;red;apple\n2;green;pear\n", ("1", "2")),
        ("names:\n  0: apple\n  1: pear\n", ("0", "1")),
        ('[{"id": 5, "name": "apple"}, {"id": 7, "name": "pear"}]', ("5", "7")),
        ('[{"name": "apple"}, {"name": "pear"}]', ("0", "1")),
        ('{"names": {"3": "apple", "2": "pear"}}', ("3", "2")),
        ('{"categories": [{"id": 2, "name": "pear"}, {"id": 1, "name": "apple"}]}', ("1", "2")),
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
    beside, why = list_beside([tmp_path], ["0", "5"], tmp_path / "labels.csv")
    assert beside is None
    assert "what class 5 is called" in str(why)
    assert list_beside([tmp_path], ["0", "1"], tmp_path / "labels.csv") == (file, None)
    assert list_beside([tmp_path], ["0", "1"], file) == (None, None)


def test_names_with_numbers_in_them_are_names(tmp_path: Path) -> None:
    file = tmp_path / "classes.txt"
    file.write_text("Red 1\nRed 2\nGreen\n")
    assert class_names(file, ["0", "1", "2"]) == {"0": "Red 1", "1": "Red 2", "2": "Green"}
    file.write_text("Red 1\nRed 2\n")
    assert class_names(file, ["0", "1"]) == {"0": "Red 1", "1": "Red 2"}


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        # Labels from 1 on with the last class absent, or from 0 on with the first one absent.
        ("a\nb\nc\nd\ne\n", ("1", "2", "3", "4")),
        ('["a", "b", "c"]', ("1",)),
        ("a\n\nc\n", ("0", "1")),
    ],
)
def test_names_that_may_belong_to_one_number_or_the_next_are_refused(
    tmp_path: Path, text: str, labels: tuple[str, ...]
) -> None:
    file = tmp_path / "classes.txt"
    file.write_text(text)
    with pytest.raises(DatasetError, match="does not say which is whose"):
        class_names(file, labels)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("img1.jpg 0\nimg2.jpg 1\n", "names photos, such as “img1.jpg”"),
        ("img1.jpg\nimg2.jpg\n", "names photos, such as “img1.jpg”"),
        ("img1.jpg,0\nimg2.jpg,0\n", "no list of classes"),
        ("0\n1\n0\n", "no list of classes"),
        ("0 apple\n0 pear\n", "no list of classes"),
        ("", "no list of classes"),
        ('{"0": ["n01", "apple"], "1": ["n02", "pear"]}', "no list of classes"),
        ('[{"id": 1, "name": "apple"}, {"name": "pear"}]', "no list of classes"),
        ("0,red,apple\n1,green,pear\n", "no list of classes"),
    ],
)
def test_what_names_no_classes_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "labels.txt"
    file.write_text(text)
    with pytest.raises(DatasetError, match=sentence):
        class_names(file, ["0", "1"])


def test_what_numbers_are() -> None:
    assert are_numbers({"0", "12", "3.0"})
    assert not are_numbers({"0", "apple"})
    assert not are_numbers({"1" * 400})
    assert not are_numbers(set())
