import json
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.trainer.runs import drained
from tests.trainer.test_dataset import make, photo
from trainer.applied_changes import PutBack, apply_to_folder, can_put_back, put_back
from trainer.changes import Change, ChangeList
from trainer.dataset import DataSet, open_data_set
from trainer.errors import DatasetError


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data set with splits of its own."""
    return make(
        tmp_path / "fruit", {"train/a": 3, "train/b": 3, "val/a": 2, "val/b": 2, "test/a": 1}
    )


def labelled(data_set: DataSet) -> dict[str, dict[str, str]]:
    """Of each split, the class of each photo by its place."""
    return {
        split: {data_set.place_of(p.path): data_set.classes[p.label] for p in photos}
        for split, photos in data_set.splits.items()
    }


def place_in(data: Path, split: str, name: str, number: int = 0) -> str:
    return sorted(
        place for place, label in labelled(open_data_set(data))[split].items() if label == name
    )[number]


def test_a_new_label_counts_and_the_photo_stays_where_it_is(data: Path) -> None:
    place = place_in(data, "validation", "a")
    ChangeList.of(data).add(Change((place,), label="b"))
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


def test_photos_move_between_splits_and_are_left_out(data: Path) -> None:
    before = open_data_set(data)
    moved, excluded = place_in(data, "train", "a"), place_in(data, "train", "b")
    changes = ChangeList.of(data)
    changes.add(Change((moved,), split="validation"))
    changes.add(Change((excluded,), is_excluded=True))
    found = open_data_set(data)
    assert labelled(found)["validation"][moved] == "a"
    everything = {place for places in labelled(found).values() for place in places}
    assert excluded not in everything
    assert len(everything) == len(before.photos) - 1


def test_a_photo_may_become_the_first_of_a_new_class(data: Path) -> None:
    place = place_in(data, "train", "a")
    ChangeList.of(data).add(Change((place,), label="c"))
    found = open_data_set(data)
    assert found.classes == ("a", "b", "c")
    assert labelled(found)["train"][place] == "c"


def test_a_data_set_of_one_class_is_refused(data: Path) -> None:
    places = tuple(p for p, name in labelled(open_data_set(data))["train"].items() if name == "b")
    ChangeList.of(data).add(Change(places, label="a"))
    with pytest.raises(DatasetError, match="at least 2"):
        open_data_set(data)


def test_changes_are_taken_back_one_by_one(data: Path) -> None:
    place = place_in(data, "test", "a")
    changes = ChangeList.of(data)
    changes.add(Change((place,), label="b"))
    changes.add(Change((place,), is_excluded=True))
    assert "test" in labelled(open_data_set(data))
    assert ChangeList.of(data).undo() == changes.changes[1]
    assert labelled(open_data_set(data))["test"][place] == "b"
    again = ChangeList.of(data)
    again.undo()
    assert labelled(open_data_set(data))["test"][place] == "a"
    assert again.undo() is None


def test_a_new_label_moves_no_photo_to_another_split(tmp_path: Path) -> None:
    """A folder without splits is divided class by class: not anew after each change."""
    data = make(tmp_path / "flat", {"a": 20, "b": 20})
    before = labelled(open_data_set(data))
    places = tuple(sorted(before["test"]))[:2]
    ChangeList.of(data).add(Change(places, label="b"))
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
    ChangeList.of(archive).add(Change((place,), label="b"))
    assert labelled(open_data_set(archive))["train"][place] == "b"
    with pytest.raises(DatasetError, match="Unpack it"):
        drained(apply_to_folder(ChangeList.of(archive)))


def test_where_nothing_can_be_written_the_list_is_among_the_users_own(
    data: Path, home: Path
) -> None:
    place = place_in(data, "train", "a")
    # In the way of the list: not even root can write a file there.
    (data.parent / "fruit.changes.json").mkdir()
    ChangeList.of(data).add(Change((place,), label="b"))
    assert labelled(open_data_set(data))["train"][place] == "b"
    assert len(list((home / "changes").glob("*.json"))) == 1


def test_a_list_beside_a_folder_where_nothing_can_be_written_goes_on(
    data: Path, home: Path, tmp_path: Path
) -> None:
    first, second = place_in(data, "train", "a"), place_in(data, "test", "a")
    ChangeList.of(data).add(Change((first,), label="b"))
    # Its list can have this name, but not what would be written in its stead, even by root.
    data = data.rename(tmp_path / ("f" * 240))
    beside = tmp_path / ("f" * 240 + ".changes.json")
    (tmp_path / "fruit.changes.json").rename(beside)
    content = beside.read_bytes()
    ChangeList.of(data).add(Change((second,), label="b"))
    ChangeList.of(data).add(Change((second,), label="c"))
    assert [each.label for each in ChangeList.of(data).changes] == ["b", "b", "c"]
    ChangeList.of(data).undo()
    assert ChangeList.of(data).count == 2
    assert beside.read_bytes() == content
    # Someone who may write there has changed it since.
    beside.write_text('{"format": "fruitgui-changes/1", "changes": []}')
    assert ChangeList.of(data).count == 0


def test_a_damaged_list_is_one_sentence(data: Path) -> None:
    (data.parent / "fruit.changes.json").write_text('{"format": "other"}')
    with pytest.raises(DatasetError, match="list of changes"):
        open_data_set(data)


def test_applied_to_the_folder_it_says_the_same_without_the_list(data: Path) -> None:
    changes = ChangeList.of(data)
    relabelled, moved = place_in(data, "train", "a"), place_in(data, "train", "a", 1)
    excluded = place_in(data, "validation", "b")
    content = (data / relabelled).read_bytes()
    changes.add(Change((relabelled,), label="b"))
    changes.add(Change((moved,), split="test"))
    changes.add(Change((excluded,), is_excluded=True))
    wanted = open_data_set(data)
    files = sorted(path.name for path in data.rglob("*.png"))

    applied = drained(apply_to_folder(changes))

    assert (applied.moved, applied.kept) == (3, 0)
    found = open_data_set(data)
    assert not found.warnings
    counts = {split: sorted(places.values()) for split, places in labelled(wanted).items()}
    assert {s: sorted(places.values()) for s, places in labelled(found).items()} == counts
    assert any(p.read_bytes() == content for p in (data / "train" / "b").iterdir())
    everywhere = [*data.rglob("*.png"), *(data.parent / "fruit (excluded)").rglob("*.png")]
    assert len(everywhere) == len(files) == 11

    # And all of it can be put back.
    assert can_put_back(data)
    assert put_back(ChangeList.of(data)) == PutBack(3)
    assert labelled(open_data_set(data)) == labelled(wanted)
    assert (data / relabelled).read_bytes() == content
    assert not can_put_back(data)


def by_name(data: Path) -> dict[str, tuple[str, str]]:
    """The split and the class of each photo, by its file's name."""
    return {
        Path(place).name: (split, label)
        for split, places in labelled(open_data_set(data)).items()
        for place, label in places.items()
    }


def named(root: Path, layout: dict[str, int]) -> Path:
    """As :func:`make`, but no two photos have the same name."""
    make(root, layout)
    for path in sorted(root.rglob("*.png")):
        path.rename(path.with_name(f"{path.parent.name}-{path.parents[1].name}-{path.name}"))
    return root


@pytest.mark.parametrize(
    "layout",
    [
        {"a": 40, "b": 40},
        {"wrapper/a": 20, "wrapper/b": 20},
        {"train/a": 20, "train/b": 20, "test/a": 4, "test/b": 4},
    ],
    ids=["flat", "wrapped", "without validation"],
)
def test_what_the_folder_cannot_say_stays_in_the_list(
    layout: dict[str, int], tmp_path: Path
) -> None:
    """Above all: no photo that was tested on is learnt from because others were relabelled."""
    data = named(tmp_path / "fruit", layout)
    before = labelled(open_data_set(data))
    changes = ChangeList.of(data)
    relabelled = [place for place, name in before["test"].items() if name == "a"]
    changes.add(Change(tuple(relabelled), label="b"))
    changes.add(Change((sorted(before["validation"])[0],), split="train"))
    changes.add(Change((sorted(before["train"])[0],), split="validation"))
    wanted = by_name(data)
    applied = drained(apply_to_folder(changes))
    assert applied.moved >= len(relabelled)
    assert by_name(data) == wanted
    assert sum(len(change.photos) for change in ChangeList.of(data).changes) == applied.kept > 0
    put_back(ChangeList.of(data))
    assert by_name(data) == wanted


def test_each_time_that_changes_were_applied_can_be_put_back(data: Path) -> None:
    first, second = place_in(data, "train", "a"), place_in(data, "train", "a", 1)
    start = sorted(p.relative_to(data) for p in data.rglob("*.png"))
    changes = ChangeList.of(data)
    changes.add(Change((first,), label="b"))
    drained(apply_to_folder(changes))
    once = sorted(p.relative_to(data) for p in data.rglob("*.png"))
    changes.add(Change((second,), label="b"))
    drained(apply_to_folder(changes))
    # With nothing to move, nothing is forgotten.
    drained(apply_to_folder(ChangeList.of(data)))
    assert put_back(ChangeList.of(data)) == PutBack(1)
    assert sorted(p.relative_to(data) for p in data.rglob("*.png")) == once
    assert put_back(ChangeList.of(data)) == PutBack(1)
    assert sorted(p.relative_to(data) for p in data.rglob("*.png")) == start
    assert not can_put_back(data)


def test_what_was_changed_since_is_kept_when_photos_are_put_back(data: Path) -> None:
    place, other = place_in(data, "train", "a"), place_in(data, "train", "b")
    changes = ChangeList.of(data)
    changes.add(Change((place,), label="b"))
    drained(apply_to_folder(changes))
    moved = sorted(set(labelled(open_data_set(data))["train"]) - {*labelled_before(data)})[0]
    changes.add(Change((moved, other), is_excluded=True))
    put_back(ChangeList.of(data))
    assert [change.photos for change in ChangeList.of(data).changes] == [(place,), (place, other)]


def labelled_before(data: Path) -> set[str]:
    """The places that photos of this data set have at first."""
    return {f"train/{name}/{number}.png" for name in "ab" for number in range(3)}


def test_photos_that_were_moved_on_stay_known_and_keep_nothing_else_back(data: Path) -> None:
    place, other = place_in(data, "train", "a"), place_in(data, "train", "a", 1)
    changes = ChangeList.of(data)
    changes.add(Change((place,), is_excluded=True))
    changes.add(Change((other,), label="b"))
    listed = changes.changes
    drained(apply_to_folder(changes))
    (excluded,) = (data.parent / "fruit (excluded)").rglob("*.png")
    elsewhere = excluded.rename(data.parent / "elsewhere.png")
    found = put_back(ChangeList.of(data))
    assert (found.moved, [Path(each).name for each in found.missing]) == (1, [Path(place).name])
    assert (data / other).is_file()
    assert ChangeList.of(data).changes == listed
    elsewhere.rename(excluded)
    assert put_back(ChangeList.of(data)) == PutBack(1)
    assert (data / place).is_file()
    assert ChangeList.of(data).changes == listed
    assert not can_put_back(data)
    # Nothing that was made for it is left.
    assert not (data.parent / "fruit (excluded)").exists()


def test_photos_that_are_gone_do_not_bar_what_was_applied_before(data: Path) -> None:
    place, other = place_in(data, "train", "a"), place_in(data, "train", "a", 1)
    changes = ChangeList.of(data)
    changes.add(Change((other,), label="b"))
    drained(apply_to_folder(changes))
    changes.add(Change((place,), is_excluded=True))
    drained(apply_to_folder(changes))
    shutil.rmtree(data.parent / "fruit (excluded)")
    assert put_back(ChangeList.of(data)).moved == 0
    assert put_back(ChangeList.of(data)) == PutBack(1)
    assert (data / other).is_file()
    assert not can_put_back(data)


def test_a_photo_whose_place_is_taken_is_put_beside_it(data: Path) -> None:
    place = place_in(data, "train", "a")
    content = (data / place).read_bytes()
    changes = ChangeList.of(data)
    changes.add(Change((place,), label="b"))
    drained(apply_to_folder(changes))
    (data / place).write_bytes(b"another photo")
    assert put_back(ChangeList.of(data)) == PutBack(1)
    assert (data / place).read_bytes() == b"another photo"
    (change,) = ChangeList.of(data).changes
    assert change.photos != (place,)
    assert (data / change.photos[0]).read_bytes() == content
    assert not can_put_back(data)


def test_symbolic_links_lead_to_where_they_led(data: Path) -> None:
    pool = photo(data.parent / "pool" / "original.png")
    link = data / "train" / "a" / "deep" / "link.png"
    link.parent.mkdir()
    link.symlink_to(Path("../../../../pool/original.png"))
    changes = ChangeList.of(data)
    changes.add(Change(("train/a/deep/link.png",), label="b"))
    drained(apply_to_folder(changes))
    moved = data / "train" / "b" / "link.png"
    assert moved.is_symlink()
    assert moved.resolve() == pool
    put_back(ChangeList.of(data))
    assert link.resolve() == pool
    assert not moved.exists()


@pytest.mark.parametrize(
    "changes",
    [
        [{"photos": ["../diary.txt"], "label": "b"}],
        [{"photos": ["train/../../diary.txt"], "label": "b"}],
        [{"photos": ["/etc/hostname"], "is_excluded": True}],
        [{"photos": ["train/a/0.png"], "label": 5}],
        [{"photos": ["train/a/0.png"], "split": "banana"}],
        [{"photos": "train/a/0.png", "is_excluded": "yes"}],
        ["no change"],
    ],
)
def test_a_list_of_strange_changes_is_refused(data: Path, changes: list[object]) -> None:
    """It travels with the folder, so a stranger may have written it."""
    diary = data.parent / "diary.txt"
    diary.write_text("mine")
    text = json.dumps({"format": "fruitgui-changes/1", "changes": changes})
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
    first, second = ChangeList.of(data), ChangeList.of(data)
    first.add(Change((place_in(data, "train", "a"),), label="b"))
    second.add(Change((place_in(data, "test", "a"),), label="b"))
    assert ChangeList.of(data).count == 2
    first.undo()
    assert second.undo() is not None
    assert ChangeList.of(data).count == 0


def test_a_class_whose_name_no_folder_can_have_stays_itself(data: Path) -> None:
    (data / "train" / "b: c").mkdir()
    photo(data / "train" / "b: c" / "x.png")
    photo(data / "train" / "b: c" / "y.png")
    changes = ChangeList.of(data)
    changes.add(Change(("train/b: c/x.png",), split="validation"))
    wanted = by_name(data)["x.png"]
    drained(apply_to_folder(changes))
    assert by_name(data)["x.png"] == wanted == ("validation", "b: c")


@pytest.mark.parametrize("is_finished", [True, False])
def test_what_was_cut_off_midway_can_be_finished_or_put_back(data: Path, is_finished: bool) -> None:
    places = [place_in(data, "train", "a", number) for number in range(2)]
    changes = ChangeList.of(data)
    for place in places:
        changes.add(Change((place,), label="b"))
    wanted = sorted(labelled(open_data_set(data))["train"].values())
    steps = apply_to_folder(changes)
    next(steps)
    steps.close()
    # One photo has moved, the other has not: both count as they should.
    assert sorted(labelled(open_data_set(data))["train"].values()) == wanted
    if is_finished:
        drained(apply_to_folder(ChangeList.of(data)))
        assert sorted(labelled(open_data_set(data))["train"].values()) == wanted
        assert not ChangeList.of(data).changes
    put_back(ChangeList.of(data))
    assert all((data / place).is_file() for place in places)
    assert sorted(labelled(open_data_set(data))["train"].values()) == wanted
    assert ChangeList.of(data).count == 2


@pytest.mark.parametrize("is_finished", [True, False])
@pytest.mark.parametrize("is_undone", [True, False])
def test_what_was_changed_after_a_cut_counts(
    data: Path, is_finished: bool, is_undone: bool
) -> None:
    places = [place_in(data, "train", "a", number) for number in range(2)]
    tested = place_in(data, "test", "a")
    changes = ChangeList.of(data)
    for place in places:
        changes.add(Change((place,), label="b"))
    steps = apply_to_folder(changes)
    next(steps)
    steps.close()
    if is_undone:
        ChangeList.of(data).undo()
    (moved,) = {*labelled(open_data_set(data))["train"]} - labelled_before(data)
    ChangeList.of(data).add(Change((moved, tested), label="c"))
    ChangeList.of(data).add(Change((places[1],), label="c"))
    wanted = {
        split: sorted(found.values()) for split, found in labelled(open_data_set(data)).items()
    }

    def found() -> dict[str, list[str]]:
        return {
            split: sorted(found.values()) for split, found in labelled(open_data_set(data)).items()
        }

    if is_finished:
        drained(apply_to_folder(ChangeList.of(data)))
        assert found() == wanted
        assert not ChangeList.of(data).changes
    put_back(ChangeList.of(data))
    assert found() == wanted
    assert all((data / place).is_file() for place in places)
    listed = [change.photos for change in ChangeList.of(data).changes]
    assert listed[-2:] == [(places[0], tested), (places[1],)]
    assert len(listed) == (3 if is_undone else 4)


def test_no_photo_takes_the_place_of_another(data: Path) -> None:
    place = place_in(data, "train", "a")
    twin = data / "train" / "b" / Path(place).name
    twin.write_bytes(b"another photo of the same name")
    changes = ChangeList.of(data)
    changes.add(Change((place,), label="b"))
    drained(apply_to_folder(changes))
    assert twin.read_bytes() == b"another photo of the same name"
    assert not (data / place).exists()


def test_a_class_that_changes_leave_nothing_to_learn_of_is_named(tmp_path: Path) -> None:
    data = make(tmp_path / "fruit", {"train/a": 2, "train/b": 2, "train/c": 1, "test/c": 2})
    ChangeList.of(data).add(Change(("train/c/0.png",), label="b"))
    found = open_data_set(data)
    assert found.classes == ("a", "b")
    assert "“c” is in test but not in train, and is left out." in map(str, found.warnings)
