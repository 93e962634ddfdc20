import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.trainer.changed_data import labelled, place_in
from tests.trainer.photos import make, photo
from tests.trainer.runs import drained
from trainer.data.apply_edits import apply_to_folder
from trainer.data.dataset import open_data_set
from trainer.data.label_edits import Change, ChangeList
from trainer.data.revert_edits import PutBack, can_put_back, put_back


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data set with splits of its own."""
    return make(
        tmp_path / "fruit", {"train/a": 3, "train/b": 3, "val/a": 2, "val/b": 2, "test/a": 1}
    )


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
    # That is none of the user's own, and not for him to undo.
    assert ChangeList.of(data).count == 0
    assert ChangeList.of(data).undo() is None
    assert by_name(data) == wanted
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
    # Nothing is said of a photo that is not there: another may get its name.
    assert ChangeList.of(data).changes == listed[1:]
    assert put_back(ChangeList.of(data)) == PutBack(0, found.missing)
    excluded.parent.mkdir(parents=True, exist_ok=True)
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
    first = put_back(ChangeList.of(data))
    assert (first.moved, len(first.missing)) == (0, 1)
    assert put_back(ChangeList.of(data)).moved == 1
    assert (data / other).is_file()
    assert [change.photos for change in ChangeList.of(data).changes] == [(other,)]
    assert put_back(ChangeList.of(data)) == PutBack(0, first.missing)


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


def test_a_photo_that_comes_back_late_is_put_beside_one_that_took_its_place(data: Path) -> None:
    place, other = place_in(data, "train", "a"), place_in(data, "train", "a", 1)
    content = (data / place).read_bytes()
    changes = ChangeList.of(data)
    changes.add(Change((place, other), label="b"))
    changes.add(Change((place,), split="test"))
    drained(apply_to_folder(changes))
    (moved,) = [p for p in (data / "test" / "b").iterdir() if p.read_bytes() == content]
    elsewhere = moved.rename(data.parent / "elsewhere.png")
    assert len(put_back(ChangeList.of(data)).missing) == 1
    (data / place).write_bytes(b"a newcomer")
    moved.parent.mkdir(exist_ok=True)
    elsewhere.rename(moved)
    assert put_back(ChangeList.of(data)) == PutBack(1)
    assert (data / place).read_bytes() == b"a newcomer"
    named = {photo for change in ChangeList.of(data).changes for photo in change.photos}
    (beside,) = named - {other}
    assert (data / beside).read_bytes() == content
    assert not can_put_back(data)


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
        for name in ("unlink", "replace", "rmdir"):
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
        changes = ChangeList.of(data)
        changes.add(Change(("train/a/0.png",), label="b"))
        changes.add(Change(("train/a/1.png", "train/b/1.png"), label="c"))
        changes.add(Change(("test/b/1.png",), is_excluded=True))
        changes.add(Change(("train/c/0.png",), split="test"))
        listed, wanted = changes.changes, everything(data)
        if killed == "putting back":
            drained(apply_to_folder(ChangeList.of(data)))
        killer.kill_at(number)
        try:
            if killed == "applying":
                drained(apply_to_folder(ChangeList.of(data)))
            else:
                put_back(ChangeList.of(data))
        except Killed:
            pass
        if killer.let_live():
            break
        if is_finished:
            drained(apply_to_folder(ChangeList.of(data)))
            assert everything(data) == wanted, number
            assert not ChangeList.of(data).changes, number
        while can_put_back(data):
            assert not put_back(ChangeList.of(data)).missing, number
        assert everything(data) == wanted, number
        assert {path: path.read_bytes() for path in data.rglob("*.png")} == files, number
        assert ChangeList.of(data).changes == listed, number
        assert not list(data.parent.rglob("*.part")), number
    assert number > 20


def test_a_full_disk_at_the_last_moment_loses_no_change(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = place_in(data, "train", "a")
    ChangeList.of(data).add(Change((place,), label="b"))
    listed = ChangeList.of(data).changes
    replaces = Path.replace
    log = f"{data.name}.applied.json"

    def full(path: Path, target: Path) -> Path:
        if target.name == log and '"done"' in path.read_text(encoding="utf-8"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return replaces(path, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        drained(apply_to_folder(ChangeList.of(data)))
    monkeypatch.undo()
    assert put_back(ChangeList.of(data)) == PutBack(1)
    assert ChangeList.of(data).changes == listed


def test_a_photo_that_cannot_be_moved_keeps_no_other(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = [place_in(data, "train", "a", number) for number in range(2)]
    ChangeList.of(data).add(Change(tuple(places), label="b"))
    wanted = everything(data)
    drained(apply_to_folder(ChangeList.of(data)))
    unlinks = Path.unlink

    def locked(path: Path, missing_ok: bool = False) -> None:
        if path.parent.name == "b" and path.name == "0 2.png":
            raise PermissionError(errno.EACCES, "used by another program", str(path))
        unlinks(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", locked)
    with pytest.raises(PermissionError):
        put_back(ChangeList.of(data))
    monkeypatch.undo()
    put_back(ChangeList.of(data))
    assert everything(data) == wanted
    assert all((data / place).is_file() for place in places)
    assert not can_put_back(data)


def test_changes_of_photos_that_are_away_stay_listed(data: Path) -> None:
    here, away = place_in(data, "train", "a"), place_in(data, "train", "a", 1)
    ChangeList.of(data).add(Change((here, away), label="b"))
    content = (data / away).read_bytes()
    (data / away).unlink()
    applied = drained(apply_to_folder(ChangeList.of(data)))
    assert (applied.moved, applied.absent) == (1, 1)
    assert [change.photos for change in ChangeList.of(data).changes] == [(away,)]
    # It counts once the photo is back.
    (data / away).write_bytes(content)
    assert labelled(open_data_set(data))["train"][away] == "b"
    put_back(ChangeList.of(data))
    assert [change.photos for change in ChangeList.of(data).changes] == [(here, away)]


def test_what_was_changed_since_is_kept_though_what_applying_left_has_gone(data: Path) -> None:
    here, away = place_in(data, "train", "a"), place_in(data, "train", "a", 1)
    later = place_in(data, "test", "a")
    ChangeList.of(data).add(Change((here,), label="b"))
    ChangeList.of(data).add(Change((away,), label="b"))
    (data / away).unlink()
    drained(apply_to_folder(ChangeList.of(data)))
    # What is listed of the photo that is away is taken back, and something else is done.
    assert ChangeList.of(data).undo() is not None
    ChangeList.of(data).add(Change((later,), is_excluded=True))
    put_back(ChangeList.of(data))
    assert [change.photos for change in ChangeList.of(data).changes][-1] == (later,)


def test_a_photo_that_was_away_keeps_its_split(tmp_path: Path) -> None:
    data = named(tmp_path / "fruit", {"a": 40, "b": 40})
    tested = sorted(place for place, name in labelled(open_data_set(data))["test"].items())
    relabelled = [place for place in tested if place.startswith("a/")]
    ChangeList.of(data).add(Change(tuple(relabelled), label="b"))
    drained(apply_to_folder(ChangeList.of(data)))
    pinned = [
        photo
        for each in ChangeList.of(data).changes
        if each.split == "test"
        for photo in each.photos
    ]
    away = pinned[0]
    content = (data / away).read_bytes()
    (data / away).unlink()
    other = sorted(labelled(open_data_set(data))["train"])[0]
    ChangeList.of(data).add(Change((other,), is_excluded=True))
    applied = drained(apply_to_folder(ChangeList.of(data)))
    assert applied.absent == 0
    (data / away).write_bytes(content)
    assert away in labelled(open_data_set(data))["test"]
