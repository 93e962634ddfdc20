import errno
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.links import symlink
from tests.trainer.edited_data import labelled, place_in
from tests.trainer.photos import make, photo
from trainer.control import drain
from trainer.data.apply_edits import apply_edits
from trainer.data.dataset import open_data_set
from trainer.data.label_edits import LabelEdit, LabelEdits
from trainer.data.revert_edits import RevertedEdits, can_revert, revert_edits
from trainer.storage import atomic


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data set with splits of its own."""
    return make(
        tmp_path / "fruit", {"train/a": 3, "train/b": 3, "val/a": 2, "val/b": 2, "test/a": 1}
    )


def test_applied_to_the_folder_it_says_the_same_without_the_list(data: Path) -> None:
    edits = LabelEdits.of(data)
    relabelled, moved = place_in(data, "train", "a"), place_in(data, "train", "a", 1)
    excluded = place_in(data, "validation", "b")
    content = (data / relabelled).read_bytes()
    edits.add(LabelEdit((relabelled,), label="b"))
    edits.add(LabelEdit((moved,), split="test"))
    edits.add(LabelEdit((excluded,), is_excluded=True))
    wanted = open_data_set(data)
    files = sorted(path.name for path in data.rglob("*.png"))

    applied = drain(apply_edits(edits))

    assert (applied.moved, applied.kept) == (3, 0)
    found = open_data_set(data)
    assert not found.warnings
    counts = {split: sorted(places.values()) for split, places in labelled(wanted).items()}
    assert {s: sorted(places.values()) for s, places in labelled(found).items()} == counts
    assert any(p.read_bytes() == content for p in (data / "train" / "b").iterdir())
    everywhere = [*data.rglob("*.png"), *(data.parent / "fruit (excluded)").rglob("*.png")]
    assert len(everywhere) == len(files) == 11

    # And all of it can be put back.
    assert can_revert(data)
    assert revert_edits(LabelEdits.of(data)) == RevertedEdits(3)
    assert labelled(open_data_set(data)) == labelled(wanted)
    assert (data / relabelled).read_bytes() == content
    assert not can_revert(data)


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
    edits = LabelEdits.of(data)
    relabelled = [place for place, name in before["test"].items() if name == "a"]
    edits.add(LabelEdit(tuple(relabelled), label="b"))
    edits.add(LabelEdit((sorted(before["validation"])[0],), split="train"))
    edits.add(LabelEdit((sorted(before["train"])[0],), split="validation"))
    wanted = by_name(data)
    applied = drain(apply_edits(edits))
    assert applied.moved >= len(relabelled)
    assert by_name(data) == wanted
    assert sum(len(edit.photos) for edit in LabelEdits.of(data).edits) == applied.kept > 0
    # That is none of the user's own, and not for him to undo.
    assert LabelEdits.of(data).count == 0
    assert LabelEdits.of(data).undo() == ()
    assert by_name(data) == wanted
    revert_edits(LabelEdits.of(data))
    assert by_name(data) == wanted


def test_each_time_that_changes_were_applied_can_be_put_back(data: Path) -> None:
    first, second = place_in(data, "train", "a"), place_in(data, "train", "a", 1)
    start = sorted(p.relative_to(data) for p in data.rglob("*.png"))
    edits = LabelEdits.of(data)
    edits.add(LabelEdit((first,), label="b"))
    drain(apply_edits(edits))
    once = sorted(p.relative_to(data) for p in data.rglob("*.png"))
    edits.add(LabelEdit((second,), label="b"))
    drain(apply_edits(edits))
    # With nothing to move, nothing is forgotten.
    drain(apply_edits(LabelEdits.of(data)))
    assert revert_edits(LabelEdits.of(data)) == RevertedEdits(1)
    assert sorted(p.relative_to(data) for p in data.rglob("*.png")) == once
    assert revert_edits(LabelEdits.of(data)) == RevertedEdits(1)
    assert sorted(p.relative_to(data) for p in data.rglob("*.png")) == start
    assert not can_revert(data)


def test_what_was_changed_since_is_kept_when_photos_are_put_back(data: Path) -> None:
    place, other = place_in(data, "train", "a"), place_in(data, "train", "b")
    edits = LabelEdits.of(data)
    edits.add(LabelEdit((place,), label="b"))
    drain(apply_edits(edits))
    moved = sorted(set(labelled(open_data_set(data))["train"]) - {*labelled_before(data)})[0]
    edits.add(LabelEdit((moved, other), is_excluded=True))
    revert_edits(LabelEdits.of(data))
    assert [edit.photos for edit in LabelEdits.of(data).edits] == [(place,), (place, other)]


def labelled_before(data: Path) -> set[str]:
    """The places that photos of this data set have at first."""
    return {f"train/{name}/{number}.png" for name in "ab" for number in range(3)}


def test_photos_that_were_moved_on_stay_known_and_keep_nothing_else_back(data: Path) -> None:
    place, other = place_in(data, "train", "a"), place_in(data, "train", "a", 1)
    edits = LabelEdits.of(data)
    edits.add(LabelEdit((place,), is_excluded=True))
    edits.add(LabelEdit((other,), label="b"))
    listed = edits.edits
    drain(apply_edits(edits))
    (excluded,) = (data.parent / "fruit (excluded)").rglob("*.png")
    elsewhere = excluded.rename(data.parent / "elsewhere.png")
    found = revert_edits(LabelEdits.of(data))
    assert (found.moved, [Path(each).name for each in found.missing]) == (1, [Path(place).name])
    assert (data / other).is_file()
    # Nothing is said of a photo that is not there: another may get its name.
    assert LabelEdits.of(data).edits == listed[1:]
    assert revert_edits(LabelEdits.of(data)) == RevertedEdits(0, found.missing)
    excluded.parent.mkdir(parents=True, exist_ok=True)
    elsewhere.rename(excluded)
    assert revert_edits(LabelEdits.of(data)) == RevertedEdits(1)
    assert (data / place).is_file()
    assert LabelEdits.of(data).edits == listed
    assert not can_revert(data)
    # Nothing that was made for it is left.
    assert not (data.parent / "fruit (excluded)").exists()


def test_photos_that_are_gone_do_not_bar_what_was_applied_before(data: Path) -> None:
    place, other = place_in(data, "train", "a"), place_in(data, "train", "a", 1)
    edits = LabelEdits.of(data)
    edits.add(LabelEdit((other,), label="b"))
    drain(apply_edits(edits))
    edits.add(LabelEdit((place,), is_excluded=True))
    drain(apply_edits(edits))
    shutil.rmtree(data.parent / "fruit (excluded)")
    first = revert_edits(LabelEdits.of(data))
    assert (first.moved, len(first.missing)) == (0, 1)
    assert revert_edits(LabelEdits.of(data)).moved == 1
    assert (data / other).is_file()
    assert [edit.photos for edit in LabelEdits.of(data).edits] == [(other,)]
    assert revert_edits(LabelEdits.of(data)) == RevertedEdits(0, first.missing)


def test_a_photo_whose_place_is_taken_is_put_beside_it(data: Path) -> None:
    place = place_in(data, "train", "a")
    content = (data / place).read_bytes()
    edits = LabelEdits.of(data)
    edits.add(LabelEdit((place,), label="b"))
    drain(apply_edits(edits))
    (data / place).write_bytes(b"another photo")
    assert revert_edits(LabelEdits.of(data)) == RevertedEdits(1)
    assert (data / place).read_bytes() == b"another photo"
    (edit,) = LabelEdits.of(data).edits
    assert edit.photos != (place,)
    assert (data / edit.photos[0]).read_bytes() == content
    assert not can_revert(data)


def test_symbolic_links_lead_to_where_they_led(data: Path) -> None:
    pool = photo(data.parent / "pool" / "original.png")
    link = data / "train" / "a" / "deep" / "link.png"
    link.parent.mkdir()
    symlink(link, "../../../../pool/original.png")
    edits = LabelEdits.of(data)
    edits.add(LabelEdit(("train/a/deep/link.png",), label="b"))
    drain(apply_edits(edits))
    moved = data / "train" / "b" / "link.png"
    assert moved.is_symlink()
    assert moved.resolve() == pool
    revert_edits(LabelEdits.of(data))
    assert link.resolve() == pool
    assert not moved.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows refuses the name")
def test_a_class_whose_name_no_folder_can_have_stays_itself(data: Path) -> None:
    (data / "train" / "b: c").mkdir()
    photo(data / "train" / "b: c" / "x.png")
    photo(data / "train" / "b: c" / "y.png")
    edits = LabelEdits.of(data)
    edits.add(LabelEdit(("train/b: c/x.png",), split="validation"))
    wanted = by_name(data)["x.png"]
    drain(apply_edits(edits))
    assert by_name(data)["x.png"] == wanted == ("validation", "b: c")


@pytest.mark.parametrize("is_finished", [True, False])
def test_what_was_cut_off_midway_can_be_finished_or_put_back(data: Path, is_finished: bool) -> None:
    places = [place_in(data, "train", "a", number) for number in range(2)]
    edits = LabelEdits.of(data)
    for place in places:
        edits.add(LabelEdit((place,), label="b"))
    wanted = sorted(labelled(open_data_set(data))["train"].values())
    steps = apply_edits(edits)
    next(steps)
    steps.close()
    # One photo has moved, the other has not: both count as they should.
    assert sorted(labelled(open_data_set(data))["train"].values()) == wanted
    if is_finished:
        drain(apply_edits(LabelEdits.of(data)))
        assert sorted(labelled(open_data_set(data))["train"].values()) == wanted
        assert not LabelEdits.of(data).edits
    revert_edits(LabelEdits.of(data))
    assert all((data / place).is_file() for place in places)
    assert sorted(labelled(open_data_set(data))["train"].values()) == wanted
    assert LabelEdits.of(data).count == 2


@pytest.mark.parametrize("is_finished", [True, False])
@pytest.mark.parametrize("is_undone", [True, False])
def test_what_was_changed_after_a_cut_counts(
    data: Path, is_finished: bool, is_undone: bool
) -> None:
    places = [place_in(data, "train", "a", number) for number in range(2)]
    tested = place_in(data, "test", "a")
    edits = LabelEdits.of(data)
    for place in places:
        edits.add(LabelEdit((place,), label="b"))
    steps = apply_edits(edits)
    next(steps)
    steps.close()
    if is_undone:
        LabelEdits.of(data).undo()
    (moved,) = {*labelled(open_data_set(data))["train"]} - labelled_before(data)
    LabelEdits.of(data).add(LabelEdit((moved, tested), label="c"))
    LabelEdits.of(data).add(LabelEdit((places[1],), label="c"))
    wanted = {
        split: sorted(found.values()) for split, found in labelled(open_data_set(data)).items()
    }

    def found() -> dict[str, list[str]]:
        return {
            split: sorted(found.values()) for split, found in labelled(open_data_set(data)).items()
        }

    if is_finished:
        drain(apply_edits(LabelEdits.of(data)))
        assert found() == wanted
        assert not LabelEdits.of(data).edits
    revert_edits(LabelEdits.of(data))
    assert found() == wanted
    assert all((data / place).is_file() for place in places)
    listed = [edit.photos for edit in LabelEdits.of(data).edits]
    assert listed[-2:] == [(places[0], tested), (places[1],)]
    assert len(listed) == (3 if is_undone else 4)


def test_no_photo_takes_the_place_of_another(data: Path) -> None:
    place = place_in(data, "train", "a")
    twin = data / "train" / "b" / Path(place).name
    twin.write_bytes(b"another photo of the same name")
    edits = LabelEdits.of(data)
    edits.add(LabelEdit((place,), label="b"))
    drain(apply_edits(edits))
    assert twin.read_bytes() == b"another photo of the same name"
    assert not (data / place).exists()


def test_a_photo_that_comes_back_late_is_put_beside_one_that_took_its_place(data: Path) -> None:
    place, other = place_in(data, "train", "a"), place_in(data, "train", "a", 1)
    content = (data / place).read_bytes()
    edits = LabelEdits.of(data)
    edits.add(LabelEdit((place, other), label="b"))
    edits.add(LabelEdit((place,), split="test"))
    drain(apply_edits(edits))
    (moved,) = [p for p in (data / "test" / "b").iterdir() if p.read_bytes() == content]
    elsewhere = moved.rename(data.parent / "elsewhere.png")
    assert len(revert_edits(LabelEdits.of(data)).missing) == 1
    (data / place).write_bytes(b"a newcomer")
    moved.parent.mkdir(exist_ok=True)
    elsewhere.rename(moved)
    assert revert_edits(LabelEdits.of(data)) == RevertedEdits(1)
    assert (data / place).read_bytes() == b"a newcomer"
    named = {photo for edit in LabelEdits.of(data).edits for photo in edit.photos}
    (beside,) = named - {other}
    assert (data / beside).read_bytes() == content
    assert not can_revert(data)


class Killed(BaseException):
    """What nothing catches."""


class Killer:
    """Ends the program before or after the nth time that something is done to a file."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, has_links: bool) -> None:
        self._countdown = -1
        if has_links:
            self._watch(monkeypatch, os, "link")
        else:
            monkeypatch.setattr(os, "link", self._refuse)
            self._watch(monkeypatch, Path, "touch")
        for name in ("unlink", "rename", "replace", "rmdir"):
            self._watch(monkeypatch, Path, name)

    def kill_at(self, number: int) -> None:
        self._countdown = number

    def let_live(self) -> bool:
        """Returns whether it would have been killed later only."""
        survived, self._countdown = self._countdown > 0, -1
        return survived

    @staticmethod
    def _refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Memory sticks know no links")

    def _watch(self, monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> None:
        does = getattr(owner, name)

        def watched(*arguments: Any, **options: Any) -> Any:
            self._tick()
            result = does(*arguments, **options)
            self._tick()
            return result

        monkeypatch.setattr(owner, name, watched)

    def _tick(self) -> None:
        self._countdown -= 1
        if self._countdown == 0:
            raise Killed


def everything(data: Path) -> list[tuple[str, str, bytes]]:
    """The split, the class and the content of each photo that counts."""
    found = open_data_set(data)
    return sorted(
        (split, found.classes[photo.label], photo.path.read_bytes())
        for split, photos in found.splits.items()
        for photo in photos
    )


@pytest.mark.parametrize("has_links", [True, False], ids=["links", "no links"])
@pytest.mark.parametrize("is_finished", [True, False], ids=["finished", "put back"])
@pytest.mark.parametrize("killed", ["applying", "putting back"])
def test_whenever_it_is_killed_nothing_is_lost(
    killed: str, is_finished: bool, has_links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killer = Killer(monkeypatch, has_links=has_links)
    number = 0
    while True:
        number += 1
        data = make(
            tmp_path / str(number) / "fruit",
            {f"{split}/{name}": 2 for split in ("train", "val", "test") for name in "abc"},
        )
        for count, path in enumerate(sorted(data.rglob("*.png"))):
            path.write_bytes(path.read_bytes() + bytes([count]))
        files = {path: path.read_bytes() for path in data.rglob("*.png")}
        edits = LabelEdits.of(data)
        edits.add(LabelEdit(("train/a/0.png",), label="b"))
        edits.add(LabelEdit(("train/a/1.png", "train/b/1.png"), label="c"))
        edits.add(LabelEdit(("test/b/1.png",), is_excluded=True))
        edits.add(LabelEdit(("train/c/0.png",), split="test"))
        listed, wanted = edits.edits, everything(data)
        if killed == "putting back":
            drain(apply_edits(LabelEdits.of(data)))
        killer.kill_at(number)
        try:
            if killed == "applying":
                drain(apply_edits(LabelEdits.of(data)))
            else:
                revert_edits(LabelEdits.of(data))
        except Killed:
            pass
        if killer.let_live():
            break
        if is_finished:
            drain(apply_edits(LabelEdits.of(data)))
            assert everything(data) == wanted, number
            assert not LabelEdits.of(data).edits, number
        while can_revert(data):
            assert not revert_edits(LabelEdits.of(data)).missing, number
        assert everything(data) == wanted, number
        assert {path: path.read_bytes() for path in data.rglob("*.png")} == files, number
        assert LabelEdits.of(data).edits == listed, number
        assert not list(data.parent.rglob("*.part")), number
    assert number > 20


def test_a_full_disk_at_the_last_moment_loses_no_change(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = place_in(data, "train", "a")
    LabelEdits.of(data).add(LabelEdit((place,), label="b"))
    listed = LabelEdits.of(data).edits
    replaces = Path.replace
    log = f"{data.name}.applied.json"

    def full(path: Path, target: Path) -> Path:
        if target.name == log and '"done"' in path.read_text(encoding="utf-8"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return replaces(path, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        drain(apply_edits(LabelEdits.of(data)))
    monkeypatch.undo()
    assert revert_edits(LabelEdits.of(data)) == RevertedEdits(1)
    assert LabelEdits.of(data).edits == listed


def test_a_photo_that_cannot_be_moved_keeps_no_other(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = [place_in(data, "train", "a", number) for number in range(2)]
    LabelEdits.of(data).add(LabelEdit(tuple(places), label="b"))
    wanted = everything(data)
    drain(apply_edits(LabelEdits.of(data)))
    # What takes a photo's old name from it.
    name = "rename" if sys.platform == "win32" else "unlink"
    does = getattr(Path, name)

    def locked(path: Path, *arguments: Any, **options: Any) -> None:
        if path.parent.name == "b" and path.name == "0 2.png":
            raise PermissionError(errno.EACCES, "used by another program", str(path))
        does(path, *arguments, **options)

    monkeypatch.setattr(atomic, "PAUSES", ())
    monkeypatch.setattr(Path, name, locked)
    with pytest.raises(PermissionError):
        revert_edits(LabelEdits.of(data))
    monkeypatch.undo()
    revert_edits(LabelEdits.of(data))
    assert everything(data) == wanted
    assert all((data / place).is_file() for place in places)
    assert not can_revert(data)


def test_changes_of_photos_that_are_away_stay_listed(data: Path) -> None:
    here, away = place_in(data, "train", "a"), place_in(data, "train", "a", 1)
    LabelEdits.of(data).add(LabelEdit((here, away), label="b"))
    content = (data / away).read_bytes()
    (data / away).unlink()
    applied = drain(apply_edits(LabelEdits.of(data)))
    assert (applied.moved, applied.absent) == (1, 1)
    assert [edit.photos for edit in LabelEdits.of(data).edits] == [(away,)]
    # It counts once the photo is back.
    (data / away).write_bytes(content)
    assert labelled(open_data_set(data))["train"][away] == "b"
    revert_edits(LabelEdits.of(data))
    assert [edit.photos for edit in LabelEdits.of(data).edits] == [(here, away)]


def test_what_was_changed_since_is_kept_though_what_applying_left_has_gone(data: Path) -> None:
    here, away = place_in(data, "train", "a"), place_in(data, "train", "a", 1)
    later = place_in(data, "test", "a")
    LabelEdits.of(data).add(LabelEdit((here,), label="b"))
    LabelEdits.of(data).add(LabelEdit((away,), label="b"))
    (data / away).unlink()
    drain(apply_edits(LabelEdits.of(data)))
    # What is listed of the photo that is away is taken back, and something else is done.
    assert LabelEdits.of(data).undo()
    LabelEdits.of(data).add(LabelEdit((later,), is_excluded=True))
    revert_edits(LabelEdits.of(data))
    assert [edit.photos for edit in LabelEdits.of(data).edits][-1] == (later,)


def test_a_photo_that_was_away_keeps_its_split(tmp_path: Path) -> None:
    data = named(tmp_path / "fruit", {"a": 40, "b": 40})
    tested = sorted(place for place, name in labelled(open_data_set(data))["test"].items())
    relabelled = [place for place in tested if place.startswith("a/")]
    LabelEdits.of(data).add(LabelEdit(tuple(relabelled), label="b"))
    drain(apply_edits(LabelEdits.of(data)))
    pinned = [
        photo for each in LabelEdits.of(data).edits if each.split == "test" for photo in each.photos
    ]
    away = pinned[0]
    content = (data / away).read_bytes()
    (data / away).unlink()
    other = sorted(labelled(open_data_set(data))["train"])[0]
    LabelEdits.of(data).add(LabelEdit((other,), is_excluded=True))
    applied = drain(apply_edits(LabelEdits.of(data)))
    assert applied.absent == 0
    (data / away).write_bytes(content)
    assert away in labelled(open_data_set(data))["test"]


@pytest.mark.parametrize("layout", [{"a": 6, "b": 6}, {"train/a": 6, "train/b": 6, "val/a": 2}])
def test_a_class_called_like_a_split_stays_one(tmp_path: Path, layout: dict[str, int]) -> None:
    data = make(tmp_path / "fruit", layout)
    places = tuple(sorted(labelled(open_data_set(data))["train"]))[:3]
    LabelEdits.of(data).add(LabelEdit(places, "test"))
    wanted = open_data_set(data).classes
    assert wanted == ("a", "b", "test")
    for _ in apply_edits(LabelEdits.of(data)):
        pass
    assert open_data_set(data).classes == wanted
    revert_edits(LabelEdits.of(data))
    assert not list(data.rglob("test"))


def test_photos_of_folders_that_are_one_split_stay_in_theirs(tmp_path: Path) -> None:
    data = make(tmp_path / "fruit", {"train/a": 6, "train/b": 6, "val/a": 2, "valid/a": 2})
    place = next(
        place for place in labelled(open_data_set(data))["validation"] if "valid/" in place
    )
    LabelEdits.of(data).add(LabelEdit((place,), "b"))
    for _ in apply_edits(LabelEdits.of(data)):
        pass
    assert [path.parent.relative_to(data).as_posix() for path in data.rglob("val*/b/*")] == [
        "valid/b"
    ]
