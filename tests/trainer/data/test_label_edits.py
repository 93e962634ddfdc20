import errno
import json
import shutil
import sys
import unicodedata
import zipfile
from pathlib import Path, PureWindowsPath

import pytest

from tests.trainer.edited_data import labelled, place_in
from tests.trainer.photos import make, photo
from trainer.control import drain
from trainer.data.apply_edits import apply_edits
from trainer.data.dataset import open_data_set
from trainer.data.label_edits import LabelEdit, LabelEdits, except_of, only_of, resolved_on_its_disk
from trainer.data.revert_edits import revert_edits
from trainer.errors import DatasetError, TooFewClassesLeftError
from trainer.storage import atomic


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data set with splits of its own."""
    return make(
        tmp_path / "fruit", {"train/a": 3, "train/b": 3, "val/a": 2, "val/b": 2, "test/a": 1}
    )


def test_a_new_label_counts_and_the_photo_stays_where_it_is(data: Path) -> None:
    place = place_in(data, "validation", "a")
    LabelEdits.of(data).add(LabelEdit((place,), label="b"))
    found = open_data_set(data)
    assert labelled(found)["validation"][place] == "b"
    assert (data / place).is_file()
    assert "fruit.changes.json" in str(found.warnings[-1])
    # The list lies beside the folder, which it leaves alone.
    assert (data.parent / "fruit.changes.json").is_file()
    assert found.fingerprint() != open_data_set(copy_without_list(data)).fingerprint()


def copy_without_list(data: Path) -> Path:
    target = data.parent / "copy" / data.name
    shutil.copytree(data, target)
    return target


def test_a_change_of_no_photos_is_none(data: Path) -> None:
    edits = LabelEdits.of(data)
    edits.add(LabelEdit((), label="Quince"))
    assert LabelEdits.of(data).edits == []
    edits.add(LabelEdit((), label="Quince"), LabelEdit(("train/apple/0.png",), label="Quince"))
    assert len(LabelEdits.of(data).edits) == 1


def test_photos_move_between_splits_and_are_left_out(data: Path) -> None:
    before = open_data_set(data)
    moved, excluded = place_in(data, "train", "a"), place_in(data, "train", "b")
    edits = LabelEdits.of(data)
    edits.add(LabelEdit((moved,), split="validation"))
    edits.add(LabelEdit((excluded,), is_excluded=True))
    found = open_data_set(data)
    assert labelled(found)["validation"][moved] == "a"
    everything = {place for places in labelled(found).values() for place in places}
    assert excluded not in everything
    assert len(everything) == len(before.photos) - 1


def test_a_photo_may_become_the_first_of_a_new_class(data: Path) -> None:
    place = place_in(data, "train", "a")
    LabelEdits.of(data).add(LabelEdit((place,), label="c"))
    found = open_data_set(data)
    assert found.classes == ("a", "b", "c")
    assert labelled(found)["train"][place] == "c"


def test_a_data_set_of_one_class_is_refused(data: Path) -> None:
    places = tuple(p for p, name in labelled(open_data_set(data))["train"].items() if name == "b")
    LabelEdits.of(data).add(LabelEdit(places, label="a"))
    with pytest.raises(TooFewClassesLeftError, match=r"fruit.changes.json” leave photos of 1"):
        open_data_set(data)
    LabelEdits.of(data).undo()
    assert open_data_set(data).classes == ("a", "b")


def test_changes_are_taken_back_one_by_one(data: Path) -> None:
    place = place_in(data, "test", "a")
    edits = LabelEdits.of(data)
    edits.add(LabelEdit((place,), label="b"))
    edits.add(LabelEdit((place,), is_excluded=True))
    assert "test" in labelled(open_data_set(data))
    assert LabelEdits.of(data).undo() == (edits.edits[1],)
    assert labelled(open_data_set(data))["test"][place] == "b"
    again = LabelEdits.of(data)
    again.undo()
    assert labelled(open_data_set(data))["test"][place] == "a"
    assert again.undo() == ()


def test_changes_made_at_once_are_taken_back_at_once(data: Path) -> None:
    first, second = place_in(data, "train", "a"), place_in(data, "train", "b")
    before = labelled(open_data_set(data))
    edits = LabelEdits.of(data)
    edits.add(LabelEdit((first,), split="test"))
    edits.add(LabelEdit((first,), label="b"), LabelEdit((second,), label="a"))
    # Another click is another change, though it is of the same kind.
    edits.add(LabelEdit((first,), label="a"), LabelEdit((second,), label="b"))
    assert len({edit.group for edit in edits.edits}) == 3
    undone = LabelEdits.of(data).undo()
    assert [edit.label for edit in undone] == ["a", "b"]
    LabelEdits.of(data).add(*undone)
    assert LabelEdits.of(data).undo()[0].photos == (first,)
    assert len(LabelEdits.of(data).undo()) == 2
    assert len(LabelEdits.of(data).undo()) == 1
    assert labelled(open_data_set(data)) == before


def test_what_was_left_out_stays_so_wherever_it_is_moved(data: Path) -> None:
    place = place_in(data, "train", "a")
    edits = LabelEdits.of(data)
    edits.add(LabelEdit((place,), is_excluded=True))
    edits.add(LabelEdit((place,), split="test", is_excluded=None))
    assert not any(place in photos for photos in labelled(open_data_set(data)).values())
    edits.add(LabelEdit((place,), label="b"))
    assert labelled(open_data_set(data))["test"][place] == "b"


def test_a_list_from_before_changes_could_leave_that_counts_as_it_did(data: Path) -> None:
    place = place_in(data, "train", "a")
    changes = [{"photos": [place], "is_excluded": True}, {"photos": [place], "split": "test"}]
    text = json.dumps({"format": "fruitgui-changes/1", "changes": changes})
    (data.parent / "fruit.changes.json").write_text(text)
    assert labelled(open_data_set(data))["test"][place] == "a"
    LabelEdits.of(data).undo()
    assert not any(place in photos for photos in labelled(open_data_set(data)).values())


def test_a_new_label_moves_no_photo_to_another_split(tmp_path: Path) -> None:
    """A folder without splits is divided class by class: not anew after each change."""
    data = make(tmp_path / "flat", {"a": 20, "b": 20})
    before = labelled(open_data_set(data))
    places = tuple(sorted(before["test"]))[:2]
    LabelEdits.of(data).add(LabelEdit(places, label="b"))
    after = labelled(open_data_set(data))
    for split, photos in before.items():
        assert after[split].keys() == photos.keys()
    assert {after["test"][place] for place in places} == {"b"}


def test_photos_of_a_zip_can_be_changed(data: Path, tmp_path: Path) -> None:
    archive = tmp_path / "fruit.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for photo in sorted(data.rglob("*.png")):
            opened.write(photo, photo.relative_to(data).as_posix())
    place = place_in(archive, "train", "a")
    LabelEdits.of(archive).add(LabelEdit((place,), label="b"))
    assert labelled(open_data_set(archive))["train"][place] == "b"
    with pytest.raises(DatasetError, match="Unpack it"):
        drain(apply_edits(LabelEdits.of(archive)))


def test_where_nothing_can_be_written_the_list_is_among_the_users_own(
    data: Path, home: Path
) -> None:
    place = place_in(data, "train", "a")
    # In the way of the list: not even root can write a file there.
    (data.parent / "fruit.changes.json").mkdir()
    LabelEdits.of(data).add(LabelEdit((place,), label="b"))
    assert labelled(open_data_set(data))["train"][place] == "b"
    assert len(list((home / "changes").glob("*.json"))) == 1


def test_a_list_that_is_open_for_a_moment_stays_beside_the_folder(
    data: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaces, refusals = Path.replace, [1, 1]

    def refused_twice(path: Path, target: Path) -> Path:
        if refusals:
            refusals.pop()
            raise PermissionError(errno.EACCES, "used by another process", str(path))
        return replaces(path, target)

    monkeypatch.setattr(atomic, "PAUSES", (0.0, 0.0))
    monkeypatch.setattr(Path, "replace", refused_twice)
    edits = LabelEdits.of(data)
    edits.add(LabelEdit((place_in(data, "train", "a"),), label="b"))
    assert edits.file == data.parent / "fruit.changes.json"
    assert edits.file.is_file()
    assert not list((home / "changes").glob("*.json"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows refuses paths so long")
def test_a_list_beside_a_folder_where_nothing_can_be_written_goes_on(
    data: Path, home: Path, tmp_path: Path
) -> None:
    first, second = place_in(data, "train", "a"), place_in(data, "test", "a")
    LabelEdits.of(data).add(LabelEdit((first,), label="b"))
    # Its list can have this name, but not what would be written in its stead, even by root.
    data = data.rename(tmp_path / ("f" * 240))
    beside = tmp_path / ("f" * 240 + ".changes.json")
    (tmp_path / "fruit.changes.json").rename(beside)
    content = beside.read_bytes()
    LabelEdits.of(data).add(LabelEdit((second,), label="b"))
    LabelEdits.of(data).add(LabelEdit((second,), label="c"))
    assert [each.label for each in LabelEdits.of(data).edits] == ["b", "b", "c"]
    LabelEdits.of(data).undo()
    assert LabelEdits.of(data).count == 2
    assert beside.read_bytes() == content
    # Someone who may write there has changed it since.
    beside.write_text('{"format": "fruitgui-changes/1", "changes": []}')
    assert LabelEdits.of(data).count == 0
    LabelEdits.of(data).add(LabelEdit((first,), label="c"))
    assert LabelEdits.of(data).count == 1
    # The user's own are kept all the same.
    kept = [json.loads(file.read_bytes()) for file in (home / "changes").glob("*.json")]
    assert sorted(len(each["changes"]) for each in kept) == [1, 2]


def test_a_damaged_list_is_one_sentence(data: Path) -> None:
    (data.parent / "fruit.changes.json").write_text('{"format": "other"}')
    with pytest.raises(DatasetError, match="list of changes"):
        open_data_set(data)


@pytest.mark.parametrize(
    "edits",
    [
        [{"photos": ["../diary.txt"], "label": "b"}],
        [{"photos": ["train/../../diary.txt"], "label": "b"}],
        [{"photos": ["/etc/hostname"], "is_excluded": True}],
        [{"photos": ["train/a/0.png"], "label": 5}],
        [{"photos": ["train/a/0.png"], "split": "banana"}],
        [{"photos": "train/a/0.png", "is_excluded": "yes"}],
        [{"photos": ["train/a/0.png"], "group": 5}],
        ["no change"],
    ],
)
def test_a_list_of_strange_changes_is_refused(data: Path, edits: list[object]) -> None:
    """It travels with the folder, so a stranger may have written it."""
    diary = data.parent / "diary.txt"
    diary.write_text("mine")
    text = json.dumps({"format": "fruitgui-changes/1", "changes": edits})
    (data.parent / "fruit.changes.json").write_text(text)
    with pytest.raises(DatasetError, match="list of changes"):
        open_data_set(data)
    assert diary.read_text() == "mine"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[" * 100_000, b"{}", b"null"])
def test_damage_of_any_kind_is_one_sentence(data: Path, content: bytes) -> None:
    (data.parent / "fruit.changes.json").write_bytes(content)
    with pytest.raises(DatasetError, match="list of changes"):
        open_data_set(data)


def test_two_windows_lose_nothing_of_each_other(data: Path) -> None:
    first, second = LabelEdits.of(data), LabelEdits.of(data)
    first.add(LabelEdit((place_in(data, "train", "a"),), label="b"))
    second.add(LabelEdit((place_in(data, "test", "a"),), label="b"))
    assert LabelEdits.of(data).count == 2
    first.undo()
    assert second.undo()
    assert LabelEdits.of(data).count == 0


def test_a_class_that_changes_leave_nothing_to_learn_of_is_named(tmp_path: Path) -> None:
    data = make(tmp_path / "fruit", {"train/a": 2, "train/b": 2, "train/c": 1, "test/c": 2})
    LabelEdits.of(data).add(LabelEdit(("train/c/0.png",), label="b"))
    found = open_data_set(data)
    assert found.classes == ("a", "b")
    assert "“c” is in test but not in train, and is left out." in map(str, found.warnings)


def test_changes_count_where_a_mac_has_stored_the_names_decomposed(data: Path) -> None:
    composed, decomposed = (unicodedata.normalize(form, "배.png") for form in ("NFC", "NFD"))
    photo(data / "train" / "a" / decomposed)
    edits = LabelEdits.of(data)
    edits.add(LabelEdit((f"train/a/{composed}",), label="b"))
    assert labelled(open_data_set(data))["train"][f"train/a/{decomposed}"] == "b"
    places = {f"train/a/{decomposed}"}
    assert only_of(edits.edits, places) == edits.edits
    assert except_of(edits.edits, places) == []
    drain(apply_edits(edits))
    assert (data / "train" / "b" / decomposed).is_file()
    assert LabelEdits.of(data).edits == []
    revert_edits(LabelEdits.of(data))
    assert (data / "train" / "a" / decomposed).is_file()
    assert labelled(open_data_set(data))["train"][f"train/a/{decomposed}"] == "b"


def test_a_list_lies_on_the_disk_that_the_data_set_is_opened_on() -> None:
    """From another one, no photo's place can be told."""
    mapped, real = PureWindowsPath("Z:/photos"), PureWindowsPath("//server/share/photos")
    assert resolved_on_its_disk(mapped, real) == mapped
    link, target = PureWindowsPath("c:/photos"), PureWindowsPath("C:/real")
    assert resolved_on_its_disk(link, target) == target
    assert resolved_on_its_disk(Path("/link"), Path("/real")) == Path("/real")
