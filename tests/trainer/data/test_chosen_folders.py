import os
import shutil
from pathlib import Path

import pytest

from tests.trainer.photos import make, photo
from trainer.data.apply_edits import apply_edits
from trainer.data.chosen_folders import chosen_together
from trainer.data.dataset import open_data_set
from trainer.data.label_edits import LabelEdit, LabelEdits
from trainer.errors import DatasetError


def test_all_class_folders_of_a_folder_are_that_folder(tmp_path: Path) -> None:
    root = make(tmp_path / "fruit", {"apple": 6, "pear": 6})
    (root / "empty").mkdir()
    (root / ".hidden").mkdir()
    assert chosen_together([root / "pear", root / "apple"]) == root
    assert chosen_together([root]) == root
    assert chosen_together([root, root / "apple"]) == root


def test_some_class_folders_are_a_data_set_of_their_own(tmp_path: Path) -> None:
    root = make(tmp_path / "fruit", {"apple": 6, "pear": 6, "plum": 6})
    chosen = chosen_together([root / "apple", root / "pear"])
    found = open_data_set(chosen)
    assert found.classes == ("apple", "pear")
    assert len(found.photos) == 12
    assert found.root == chosen
    assert "apple" in chosen.name
    # The same folders are the same data set, in whatever order they were dropped.
    assert chosen_together([root / "pear", root / "apple"]) == chosen
    assert {path.name for path in root.iterdir()} == {"apple", "pear", "plum"}


def test_class_folders_may_lie_apart(tmp_path: Path) -> None:
    make(tmp_path, {"here/사과": 6, "there/deeper/pear": 6, "there/other": 3})
    chosen = chosen_together([tmp_path / "here" / "사과", tmp_path / "there" / "deeper" / "pear"])
    found = open_data_set(chosen)
    assert found.classes == ("pear", "사과")
    edits = LabelEdits.of(chosen)
    place = found.place_of(found.split("train")[0].path)
    edits.add(LabelEdit((place,), is_excluded=True))
    assert len(open_data_set(chosen).photos) == 11
    with pytest.raises(DatasetError, match="chosen together"):
        list(apply_edits(edits))


def test_splits_may_be_chosen_together(tmp_path: Path) -> None:
    make(tmp_path, {"a/train/apple": 3, "a/train/pear": 3, "b/Test Set/apple": 2, "b/x": 1})
    found = open_data_set(chosen_together([tmp_path / "a" / "train", tmp_path / "b" / "Test Set"]))
    assert found.has_own_splits
    assert len(found.split("test")) == 2


def test_what_cannot_be_opened_together_is_refused_in_a_sentence(tmp_path: Path) -> None:
    root = make(tmp_path / "fruit", {"apple": 6, "pear": 6, "plum": 6})
    with pytest.raises(DatasetError, match="Only folders"):
        chosen_together([root / "apple", photo(tmp_path / "other" / "a.png")])
    chosen = chosen_together([root / "apple", root / "pear"])
    shutil.rmtree(root / "apple")
    with pytest.raises(DatasetError, match="apple” is no longer there"):
        open_data_set(chosen)
    chosen.write_text("[]")
    with pytest.raises(DatasetError, match="no list of folders"):
        open_data_set(chosen)


def test_folders_of_long_korean_names_are_opened_together(tmp_path: Path) -> None:
    names = [letter * 60 for letter in "가나"]
    root = make(tmp_path / "fruit", {**dict.fromkeys(names, 3), "other": 3})
    chosen = chosen_together([root / name for name in names])
    assert open_data_set(chosen).classes == tuple(names)
    assert len(os.fsencode(chosen.stem)) <= 120


def test_a_list_that_was_kept_under_another_title_is_the_same_data_set(tmp_path: Path) -> None:
    root = make(tmp_path / "fruit", {"apple": 3, "pear": 3, "plum": 3})
    folders = [root / "apple", root / "pear"]
    chosen = chosen_together(folders)
    earlier = chosen.rename(chosen.with_name("earlier.folders"))
    assert chosen_together(folders) == earlier


def test_class_folders_that_are_called_alike_are_told_of(tmp_path: Path) -> None:
    make(tmp_path, {"x/apple": 6, "y/apple": 6, "y/pear": 6, "y/plum": 6})
    found = open_data_set(
        chosen_together([tmp_path / "x" / "apple", tmp_path / "y" / "apple", tmp_path / "y/pear"])
    )
    assert found.classes == ("apple", "pear")
    assert "the same name: “x/apple”, “y/apple”." in "\n".join(map(str, found.warnings))
    make(tmp_path, {"x/kiwi": 6})
    found = open_data_set(chosen_together([tmp_path / "x" / "kiwi", tmp_path / "y" / "pear"]))
    assert "called alike" not in "\n".join(map(str, found.warnings))
