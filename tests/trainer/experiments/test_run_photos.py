import unicodedata
from dataclasses import replace
from pathlib import Path

from tests.trainer.photos import make, photo
from tests.trainer.runs import new_run
from trainer.control import drain
from trainer.data.dataset import open_data_set
from trainer.data.label_edits import LabelEdit, LabelEdits
from trainer.experiments.run_photos import changes_since, with_kept_splits, write_photos


def test_a_run_goes_on_with_the_splits_that_it_had(tmp_path: Path) -> None:
    """However another version may come to hold photos out."""
    data = open_data_set(make(tmp_path / "fruit", {"apple": 12, "pear": 12}))
    run = new_run(data, tmp_path / "run")
    swapped = {"train": "train", "validation": "test", "test": "validation"}
    otherwise = replace(data, splits={name: data.splits[swapped[name]] for name in data.splits})
    write_photos(run.folder, otherwise)
    assert drain(run.read_data()).splits == otherwise.splits
    assert drain(run.read_data()).fingerprint() == otherwise.fingerprint()


def test_where_the_photos_are_others_nothing_is_kept(tmp_path: Path) -> None:
    folder = make(tmp_path / "fruit", {"apple": 12, "pear": 12})
    data = open_data_set(folder)
    (tmp_path / "run").mkdir()
    write_photos(tmp_path / "run", data)
    make(folder, {"plum": 6})
    later = open_data_set(folder)
    assert with_kept_splits(tmp_path / "run", later) == later
    assert with_kept_splits(tmp_path / "none", later) == later


def test_splits_that_the_folders_say_are_theirs(tmp_path: Path) -> None:
    folder = make(tmp_path / "fruit", {"train/a": 4, "train/b": 4, "val/a": 2, "val/b": 2})
    data = open_data_set(folder)
    (tmp_path / "run").mkdir()
    write_photos(tmp_path / "run", replace(data, splits=dict.fromkeys(data.splits, ())))
    assert with_kept_splits(tmp_path / "run", data) == data


def test_changed_labels_leave_a_run_its_photos_in_their_order(tmp_path: Path) -> None:
    root = make(tmp_path / "data", {"apple": 12, "lime": 12})
    places = tuple(f"apple/{number}.png" for number in (3, 5))
    LabelEdits.of(root).add(LabelEdit(places, label="lime"))
    data = open_data_set(root)
    run = new_run(data, tmp_path / "run")
    write_photos(run.folder, data)
    again = drain(run.read_data())
    assert again.fingerprint() == data.fingerprint()


def test_photos_that_come_from_a_mac_are_the_same(tmp_path: Path) -> None:
    """It stores names decomposed."""
    root = make(tmp_path / "data", {"apple": 6, "pear": 6})
    for number in range(6):
        photo(root / "pear" / f"배 {number}.png")
    data = open_data_set(root)
    run = new_run(data, tmp_path / "run")
    swapped = {"train": "train", "validation": "test", "test": "validation"}
    otherwise = replace(data, splits={name: data.splits[swapped[name]] for name in data.splits})
    write_photos(run.folder, otherwise)
    fingerprint = otherwise.fingerprint()
    for file in (root / "pear").glob("배*"):
        file.rename(file.with_name(unicodedata.normalize("NFD", file.name)))
    again = drain(run.read_data())
    assert again.fingerprint() == fingerprint
    assert changes_since(run.folder, again) is None


def test_what_was_learnt_when_forms_of_names_were_told_apart_is_known(tmp_path: Path) -> None:
    root = make(tmp_path / "data", {"apple": 3, "pear": 3})
    plain = open_data_set(root).fingerprints()
    assert plain[0] == plain[1]
    photo(root / "pear" / unicodedata.normalize("NFD", "배.png"))
    now, then = open_data_set(root).fingerprints()
    assert now != then
