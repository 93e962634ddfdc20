"""Photos that another program deletes as soon as they have been dropped."""

import shutil
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fruitgui.classify.find_photos import find_photos
from fruitgui.main_window import MainWindow
from fruitgui.mime_data import take_apart
from tests.fruitgui.photos import dropped, files, settled

COUNT = 3


@pytest.fixture
def unpacked(tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Photos where an archive manager unpacks them."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    photos = [tmp_path / ".fr-abc" / f"{number}.jpg" for number in range(COUNT)]
    photos[0].parent.mkdir()
    for number, photo in enumerate(photos):
        photo.write_bytes(sample.read_bytes() + bytes([number]))
    return photos


def test_none_is_missed_that_is_deleted_while_its_folder_is_searched(
    unpacked: list[Path],
) -> None:
    folder = unpacked[0].parent
    deeper = folder / "more"
    deeper.mkdir()
    for photo in unpacked[1:]:
        photo.rename(deeper / photo.name)
    take_apart(files(folder))
    search = find_photos([folder])
    found = list(next(search).photos)
    shutil.rmtree(folder)
    for step in search:
        found += step.photos
    assert found == [unpacked[0], *(deeper / photo.name for photo in unpacked[1:])]


@pytest.mark.parametrize("by", ["photo", "folder"])
def test_they_are_labelled_all_the_same(
    window: MainWindow, qtbot: QtBot, unpacked: list[Path], by: str
) -> None:
    folder = unpacked[0].parent
    dropped(window, files(*(unpacked if by == "photo" else [folder])))
    shutil.rmtree(folder)
    settled(window, qtbot)
    page = window.classify
    assert page.photos.unreadable == {}
    assert [entry.path for entry in page.photos.entries] == unpacked
    assert all(entry.answer is not None for entry in page.photos.entries)
