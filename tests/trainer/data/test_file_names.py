from pathlib import PurePosixPath, PureWindowsPath

import pytest

from trainer.data.file_names import folder_name, portable_name, portable_place


@pytest.mark.parametrize("name", ["COM1", "lpt³", "conin$", "CONOUT$.txt", "aux", "Nul .jpg"])
def test_what_windows_takes_for_a_device_is_no_name(name: str) -> None:
    assert folder_name(name) == portable_name(name) == f"_{name}"


@pytest.mark.parametrize("name", ["CONIN", "COM10", "사과", ".hidden", " a", "a.b", "é" * 127])
def test_a_name_that_every_system_takes_stays(name: str) -> None:
    assert portable_name(name) == name


def test_a_name_is_shortened_before_its_suffix() -> None:
    name = portable_name("é" * 200 + ".jpg")
    assert name.endswith("é.jpg")
    assert len(name.encode()) <= 255


@pytest.mark.parametrize(
    "place", ["a/D:/b", "../x", "a/..", "a:/b", "a\\..\\b", "a. /b. .", 'a/<"|?*>\t', "a/com1.x/b"]
)
def test_a_place_stays_inside_and_has_no_part_that_some_system_refuses(place: str) -> None:
    found = portable_place(PurePosixPath(place))
    root = PureWindowsPath(r"C:\root")
    path = root / found
    assert path.drive == root.drive
    assert path.parts == (*root.parts, *found.parts)
    for part in found.parts:
        assert not set(part) & set('<>:"/\\|?*\t')
        assert part == part.rstrip(". ")
