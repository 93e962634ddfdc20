import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.links import symlink
from tests.trainer.photos import make, photo
from trainer.data.dataset import DataSet, open_data_set
from trainer.data.left_out import listed, same_photo_in_two_classes, shared_by_splits, unreadable
from trainer.errors import DatasetError


def said(data_set: DataSet) -> list[str]:
    return list(map(str, data_set.warnings))


def test_every_file_that_is_left_out_has_a_reason(tmp_path: Path) -> None:
    root = make(tmp_path / "fruit", {"apple": 6, "pear": 6})
    photo(root / "cover.png")
    (root / "README.md").write_text("about")
    (root / "apple" / "notes.txt").write_text("of apples")
    (root / "apple" / "deeper").mkdir()
    (root / "apple" / "deeper" / "IMG_1").write_text("?")
    (root / "pear" / "empty.JPG").touch()
    symlink(root / "pear" / "gone.png", tmp_path / "nowhere.png")
    symlink(root / "pear" / "round", root)
    (root / "pear" / "pear.zip").write_text("zipped")
    (root / "pear" / "pipe.png").mkdir()
    for name in ("Thumbs.db", ".DS_Store", "._0.png", "desktop.ini"):
        (root / "pear" / name).write_text("the system's")
    found = open_data_set(root)
    assert len(found.photos) == 12
    assert {each.path.relative_to(root).as_posix(): each.reason for each in found.left_out} == {
        "cover.png": "loose",
        "README.md": "not a picture",
        "apple/notes.txt": "not a picture",
        "apple/deeper/IMG_1": "no suffix",
        "pear/empty.JPG": "unreadable",
        "pear/gone.png": "link",
        "pear/round": "link",
        "pear/pear.zip": "not a picture",
    }
    assert said(found) == [
        "Left out: photos that cannot be read (1, such as “pear/empty.JPG”). Save them again "
        "from the originals.",
        "Left out: files without a suffix such as .jpg (1, such as “apple/deeper/IMG_1”). If they "
        "are photos, give them one.",
        "Left out: zip files inside (1, such as “pear/pear.zip”). Unpack them, or open one by "
        "itself.",
        "Left out: files that are not pictures (2, such as “README.md”).",
        "Left out: photos that are in no class's folder (1, such as “cover.png”). Put each into "
        "its class's folder.",
        "Left out: links that lead nowhere or in a circle (2, such as “pear/round”).",
    ]


def test_nothing_is_said_where_nothing_is_left_out(tmp_path: Path) -> None:
    found = open_data_set(make(tmp_path, {"apple": 6, "pear": 6}))
    assert found.left_out == ()
    assert found.warnings == ()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_what_may_not_be_read_is_left_out(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    root = make(tmp_path / "fruit", {"apple": 6, "pear": 6, "plum": 6, "pear/more": 2})
    closed = [root / "plum", root / "pear" / "more", root / "apple" / "0.png"]
    for path in closed:
        path.chmod(0)
    try:
        found = open_data_set(root)
        (root / "apple").chmod(0)
        with pytest.raises(DatasetError, match="permissions of “apple”"):
            open_data_set(root)
    finally:
        (root / "apple").chmod(0o755)
        for path in closed:
            path.chmod(0o755)
    assert found.classes == ("apple", "pear")
    assert Counter(each.reason for each in found.left_out) == {"no permission": 3}
    assert any("may not read (3, such as" in sentence for sentence in said(found))
    assert any("no photo that can be read: “plum”" in sentence for sentence in said(found))


def test_a_class_needs_a_photo_that_can_be_read(tmp_path: Path) -> None:
    root = make(tmp_path, {"apple": 6, "pear": 6})
    for name in ("bare", "empty", "texts"):
        (root / name).mkdir()
    (root / "empty" / "1.jpg").touch()
    (root / "texts" / "1.txt").write_text("no photo")
    found = open_data_set(root)
    assert found.classes == ("apple", "pear")
    assert said(found)[0] == (
        "No classes, for they hold no photo that can be read: “bare”, “empty”, “texts”. "
        "Add photos, or remove the folders."
    )


def test_classes_with_few_photos_are_named_in_a_line_each_kind(tmp_path: Path) -> None:
    found = open_data_set(make(tmp_path, {"a": 6, "one": 1, "two": 2, "four": 4, "five": 5}))
    assert said(found) == [
        "Learnt but never validated, because there is only one photo: “one”. Add photos.",
        "Hardly learnt, for they have fewer than 5 photos: “four”, “two”. Add photos.",
    ]


def test_classes_that_nothing_checks_are_named(tmp_path: Path) -> None:
    layout = {"train/a": 6, "train/b": 6, "train/c": 6, "val/a": 2, "test/c": 2}
    found = open_data_set(make(tmp_path, layout))
    assert said(found) == [
        "Learnt but never validated, because there are no validation or test photos: “b”. Add some."
    ]


def test_many_classes_are_one_line(tmp_path: Path) -> None:
    layout = {f"train/class {number:02}": 5 for number in range(30)}
    layout |= {f"val/other {number:02}": 1 for number in range(30)}
    layout |= {f"val/class {number:02}": 1 for number in range(30)}
    found = open_data_set(make(tmp_path, layout))
    assert said(found) == [
        "In validation but not in train, and left out: “other 00”, “other 01”, “other 02”, "
        "“other 03” … (30)."
    ]
    assert Counter(each.reason for each in found.left_out) == {"unknown class": 30}


def test_a_held_back_set_has_nothing_to_be_learnt(tmp_path: Path) -> None:
    assert open_data_set(make(tmp_path, {"test/a": 1, "test/b": 2})).warnings == ()


def test_names_in_another_encoding_can_be_printed(tmp_path: Path) -> None:
    assert listed(["\udcbb", "사과"]).encode() == "“\\udcbb”, “사과”".encode()


def test_what_only_contents_tell_has_its_sentences() -> None:
    assert "(3, such as “a/1.jpg”)" in str(unreadable(3, "a/1.jpg"))
    assert "(2, such as one in “a” and “b”)" in str(same_photo_in_two_classes(2, "a", "b"))
    assert str(shared_by_splits(4, "test", "train")) == (
        "Photos of test that are in train as well do not count in test (4)."
    )
