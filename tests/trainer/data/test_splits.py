from collections.abc import Iterable
from pathlib import Path, PurePath

import pytest

from trainer.data.recordings import frame_name, new_recording, recording_of
from trainer.data.splits import SplitRule, grouped, hold_out

Parts = tuple[list[Path], list[Path], list[Path]]


def photos(count: int) -> list[Path]:
    return [Path(f"{number}.jpg") for number in range(count)]


def divided(photos: Iterable[Path], with_test: bool, rule: SplitRule = 2) -> Parts:
    """Photos whose paths tell where they lie inside their class."""
    return hold_out(grouped({photo: PurePath(photo) for photo in photos}, {}, rule), with_test, {})


def recording(length: int) -> list[Path]:
    name = new_recording()
    return [Path(frame_name(name, number)) for number in range(1, length + 1)]


def test_a_frame_knows_its_recording() -> None:
    name = new_recording()
    assert recording_of(Path("kiwi") / frame_name(name, 7)) == name
    # As a copy of a copy is called.
    assert recording_of(Path(f"{name}_007 2.jpg")) == name
    assert recording_of(Path("burst-of-flavour_1.jpg")) is None
    assert new_recording() != new_recording()


@pytest.mark.parametrize("lengths", [[30, 30], [3, 5, 8, 13], [1, 40], [9] * 12])
def test_no_recording_is_on_two_sides(lengths: list[int]) -> None:
    parts = divided([p for length in lengths for p in recording(length)], with_test=True)
    sides = [{recording_of(photo) for photo in part} for part in parts]
    assert sides[0] and sides[1]
    assert not (sides[0] & sides[1] or sides[0] & sides[2] or sides[1] & sides[2])
    assert sum(map(len, parts)) == sum(lengths)
    assert len(parts[0]) >= sum(lengths) / 2


def test_a_third_recording_is_learnt_from_and_a_fifth_leaves_one_for_a_test() -> None:
    def lengths(recordings: int) -> list[int]:
        photos = [photo for _ in range(recordings) for photo in recording(12)]
        return [len(part) for part in divided(photos, with_test=True)]

    assert [lengths(count) for count in (2, 3, 5)] == [[12, 12, 0], [24, 12, 0], [36, 12, 12]]


def test_a_single_recording_is_learnt_from_whole() -> None:
    only = recording(30)
    assert divided(only, with_test=True) == (only, [], [])


def test_the_smallest_of_long_recordings_is_set_aside() -> None:
    long, short = recording(40), recording(10)
    train, validation, _ = divided([*long, *short], with_test=False)
    assert (train, validation) == (long, short)


def test_single_photos_are_divided_as_ever() -> None:
    train, validation, test = divided(photos(20), with_test=True)
    assert (len(train), len(validation), len(test)) == (14, 3, 3)


def test_among_photos_a_long_recording_is_learnt_from() -> None:
    long = recording(30)
    train, validation, test = divided([*photos(40), *long], with_test=True)
    assert set(long) <= set(train)
    assert len(validation) == len(test) == 10


def test_what_is_set_aside_stays_so_when_others_come() -> None:
    before = set(divided(photos(20), with_test=False)[1])
    train, validation, _ = divided(photos(24), with_test=False)
    assert len(before & set(validation)) >= 2
    assert len(train) + len(validation) == 24


def test_photos_of_the_same_name_are_not_a_recording() -> None:
    same = [Path(folder) / "1.jpg" for folder in "abcdefghij"]
    train, validation, test = divided(same, with_test=True, rule=1)
    assert (len(train), len(validation), len(test)) == (6, 2, 2)


def test_of_two_one_checks() -> None:
    assert [len(part) for part in divided(photos(2), with_test=True)] == [1, 1, 0]


@pytest.mark.parametrize("views", [("front", "side"), ("top", "a/deep", "b/deep")])
def test_a_subfolder_is_on_one_side(views: tuple[str, ...]) -> None:
    plants = [f"plant{number:02}" for number in range(1, 21)]
    found = [Path(plant) / f"{view}.jpg" for plant in plants for view in views]
    parts = divided(found, with_test=True)
    sides = [{photo.parts[0] for photo in part} for part in parts]
    assert [len(side) for side in sides] == [14, 3, 3]
    assert set.union(*sides) == set(plants)
    assert {photo.stem for photo in parts[1]} == {Path(view).name for view in views}


def test_a_folder_that_all_lie_in_is_no_group() -> None:
    wrapped = [Path("photos") / "good" / f"{number}.jpg" for number in range(20)]
    assert [len(part) for part in divided(wrapped, with_test=True)] == [14, 3, 3]
    days = [Path("photos") / f"day {n % 10}" / f"{n}.jpg" for n in range(40)]
    sides = [{photo.parts[1] for photo in part} for part in divided(days, with_test=True)]
    assert [len(side) for side in sides] == [8, 1, 1]


def test_near_duplicates_are_on_one_side_also_across_subfolders() -> None:
    found = [Path(f"day {n % 4}") / f"{n}.jpg" for n in range(8)] + photos(32)
    alike = {found[0]: 7, found[1]: 7, found[20]: 9, found[30]: 9}
    groups = grouped({photo: photo for photo in found}, alike)
    sizes = sorted(len(group.photos) for group in groups)
    assert sizes == [1] * 30 + [2, 2, 2, 4]
    for part in hold_out(groups, True, {}):
        assert (found[0] in part) == (found[1] in part) == (found[5] in part)
        assert (found[20] in part) == (found[30] in part)


def test_a_copy_in_another_class_goes_where_the_first_went() -> None:
    found = photos(20)
    groups = grouped({photo: photo for photo in found}, {})
    for side in range(3):
        assert found[4] in hold_out(groups, True, {found[4]: side})[side]
    _, validation, test = hold_out(groups, True, dict.fromkeys(found[:5], 1))
    assert (len(validation), len(test)) == (5, 3)


def test_groups_stay_where_they_are_when_other_photos_come() -> None:
    plants = [Path(f"plant{n}") / f"{view}.jpg" for n in range(20) for view in "abc"]
    before = divided(plants, with_test=False)[1]
    more = [path.with_name("d.jpg") for path in plants[::3]]
    assert set(before) <= set(divided([*plants, *more], with_test=False)[1])


def test_a_photo_whose_name_is_half_a_character_is_in_a_split() -> None:
    """Windows lets programs cut names amid one."""
    photos = [Path("a", name) for name in ("photo \ud83c.jpg", "b.jpg", "c.jpg")]
    groups = grouped({photo: PurePath(photo.name) for photo in photos}, {})
    assert sorted(photo for group in groups for photo in group.photos) == sorted(photos)
