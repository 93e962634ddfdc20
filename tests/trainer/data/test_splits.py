from pathlib import Path

import pytest

from trainer.data.recordings import frame_name, new_recording, recording_of
from trainer.data.splits import hold_out


def photos(count: int) -> list[Path]:
    return [Path(f"{number}.jpg") for number in range(count)]


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
    parts = hold_out([p for length in lengths for p in recording(length)], with_test=True)
    sides = [{recording_of(photo) for photo in part} for part in parts]
    assert sides[0] and sides[1]
    assert not (sides[0] & sides[1] or sides[0] & sides[2] or sides[1] & sides[2])
    assert sum(map(len, parts)) == sum(lengths)
    assert len(parts[0]) >= sum(lengths) / 2


def test_a_third_recording_is_learnt_from_and_a_fifth_leaves_one_for_a_test() -> None:
    def lengths(recordings: int) -> list[int]:
        photos = [photo for _ in range(recordings) for photo in recording(12)]
        return [len(part) for part in hold_out(photos, with_test=True)]

    assert [lengths(count) for count in (2, 3, 5)] == [[12, 12, 0], [24, 12, 0], [36, 12, 12]]


def test_a_single_recording_is_learnt_from_whole() -> None:
    only = recording(30)
    assert hold_out(only, with_test=True) == (only, [], [])


def test_the_smallest_of_long_recordings_is_set_aside() -> None:
    long, short = recording(40), recording(10)
    train, validation, _ = hold_out([*long, *short], with_test=False)
    assert (train, validation) == (long, short)


def test_single_photos_are_divided_as_ever() -> None:
    train, validation, test = hold_out(photos(20), with_test=True)
    assert (len(train), len(validation), len(test)) == (14, 3, 3)


def test_among_photos_a_long_recording_is_learnt_from() -> None:
    long = recording(30)
    train, validation, test = hold_out([*photos(40), *long], with_test=True)
    assert set(long) <= set(train)
    assert len(validation) == len(test) == 10


def test_what_is_set_aside_stays_so_when_others_come() -> None:
    before = set(hold_out(photos(20), with_test=False)[1])
    train, validation, _ = hold_out(photos(24), with_test=False)
    assert len(before & set(validation)) >= 2
    assert len(train) + len(validation) == 24


def test_photos_of_the_same_name_are_not_a_recording() -> None:
    same = [Path(folder) / "1.jpg" for folder in "abcdefghij"]
    train, validation, test = hold_out(same, with_test=True)
    assert (len(train), len(validation), len(test)) == (6, 2, 2)


def test_of_two_one_checks() -> None:
    assert [len(part) for part in hold_out(photos(2), with_test=True)] == [1, 1, 0]
