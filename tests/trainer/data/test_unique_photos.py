import os
from pathlib import Path

import pytest

from tests.links import symlink
from tests.trainer.photos import photo
from trainer.data.dataset import images_in
from trainer.data.unique_photos import once


def test_a_photo_that_is_named_twice_is_taken_once_in_the_order_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = photo(tmp_path / "a" / "1.png"), photo(tmp_path / "a" / "2.png")
    monkeypatch.chdir(tmp_path)
    relative = Path("a/2.png")
    named = [relative, second, Path("a/../a/2.png"), tmp_path / "a", first]
    assert list(images_in(named)) == [relative, first]


def test_a_link_is_no_other_photo(tmp_path: Path) -> None:
    one = photo(tmp_path / "a" / "1.png")
    linked, folder = tmp_path / "linked.png", tmp_path / "b"
    symlink(linked, one)
    symlink(folder, tmp_path / "a")
    assert list(images_in([linked, one, folder])) == [linked]
    assert list(images_in([folder, one])) == [folder / "1.png"]


def test_where_capitals_make_no_difference_a_photo_has_one_name(tmp_path: Path) -> None:
    one, other = photo(tmp_path / "A.png"), tmp_path / "a.PNG"
    if not other.exists():
        # What such a disk says: one file, whatever the capitals.
        os.link(one, other)
    assert list(once([one, other])) == [one]


def test_copies_and_hard_links_are_photos_of_their_own(tmp_path: Path) -> None:
    one = photo(tmp_path / "1.png")
    copy, link = photo(tmp_path / "2.png"), tmp_path / "3.png"
    os.link(one, link)
    assert list(once([one, copy, link])) == [one, copy, link]


def test_files_that_are_not_there_are_told_apart_by_name(tmp_path: Path) -> None:
    named = [tmp_path / "1.png", tmp_path / "2.png", tmp_path / "1.png"]
    assert list(once(named)) == named[:2]
