import shutil
from pathlib import Path

import pytest

from tests.zips import zip_of
from trainer.data.images import open_rgb, read_file
from trainer.data.zips import is_there, shown, unzipped
from trainer.errors import ImageError
from trainer.storage import caches, zip_copies


def test_people_see_the_zip_and_the_place_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    zip_of(tmp_path / "holiday.zip", {"day1/a.png": "red", "첫날/b c.png": "blue"})
    folder = unzipped(Path("holiday.zip"))
    assert shown(folder / "day1" / "a.png") == "holiday.zip/day1/a.png"
    assert shown(folder / "첫날" / "b c.png") == "holiday.zip/첫날/b c.png"
    absolute = f"{tmp_path / 'holiday.zip'}/day1/a.png"
    assert shown(folder / "day1" / "a.png", absolute=True) == absolute


def test_other_photos_are_shown_as_they_are_named(tmp_path: Path) -> None:
    assert shown(Path("a/b.jpg")) == str(Path("a/b.jpg"))
    assert shown(tmp_path / "b.jpg") == str(tmp_path / "b.jpg")


def test_the_same_zip_in_two_places_is_shown_at_both(tmp_path: Path) -> None:
    first = zip_of(tmp_path / "first.zip", {"a.png": "red"})
    second = tmp_path / "second.zip"
    shutil.copyfile(first, second)
    places = [shown(unzipped(archive) / "a.png") for archive in (first, second)]
    assert places == [f"{first}/a.png", f"{second}/a.png"]


def test_a_zip_that_changed_is_unpacked_anew(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    before = unzipped(zip_of(archive, {"a.png": "red"})) / "a.png"
    after = unzipped(zip_of(archive, {"a.png": "blue"})) / "a.png"
    assert open_rgb(before).getpixel((0, 0)) == (255, 0, 0)
    assert open_rgb(after).getpixel((0, 0)) == (0, 0, 255)
    assert shown(after) == f"{archive}/a.png"


def test_what_was_cleared_away_is_unpacked_again_where_it_is_read(tmp_path: Path) -> None:
    photo = unzipped(zip_of(tmp_path / "a.zip", {"b/a.png": "red"})) / "b" / "a.png"
    content = read_file(photo)
    caches.clear()
    assert not photo.exists()
    assert shown(photo) == f"{tmp_path / 'a.zip'}/b/a.png"
    assert is_there(photo)
    caches.clear()
    assert read_file(photo) == content


def test_a_photo_is_gone_with_its_zip(tmp_path: Path) -> None:
    archive = zip_of(tmp_path / "a.zip", {"a.png": "red"})
    photo = unzipped(archive) / "a.png"
    zip_copies.remove(photo.parents[1])
    archive.unlink()
    with pytest.raises(ImageError, match="no such file"):
        read_file(photo)
    assert not is_there(photo)
