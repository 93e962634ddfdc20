import shutil
import unicodedata
import zipfile
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from tests.zips import zip_of
from trainer.data.dataset import open_data_set
from trainer.data.file_names import IGNORES_CASE
from trainer.data.images import open_rgb, read_file
from trainer.data.zips import is_there, places_of, shown, unzipped
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


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_photos_of_one_name_are_all_unpacked(tmp_path: Path) -> None:
    places = [
        *("a/1.png", "a/1.png", "a/1 2.png", "a/1.PNG", "A/1.png"),
        *(
            "a/x.png",
            "a/x.png/y.png",
            "a/X.PNG",
            "사과.png",
            unicodedata.normalize("NFD", "사과.png"),
        ),
    ]
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for number, place in enumerate(places):
            packed.writestr(place, f"{number}")
    root = unzipped(archive)
    found = {
        file.relative_to(root).as_posix(): file.read_text()
        for file in root.rglob("*")
        if file.is_file()
    }
    assert {name: number for number, name in found.items()} == {
        "0": "a/1.png",
        "1": "a/1 3.png",
        "2": "a/1 2.png",
        "3": "a/1 4.PNG",
        "4": "A 2/1 5.png" if IGNORES_CASE else "A/1 5.png",
        "5": "a/x 2.png",
        "6": "a/x.png/y.png",
        "7": "a/X 3.PNG",
        "8": "사과.png",
        "9": unicodedata.normalize("NFD", "사과") + " 2.png",
    }
    assert len({unicodedata.normalize("NFC", name).casefold() for name in found}) == len(places)


def places(*names: str, ignores_case: bool = False) -> list[str]:
    return [str(each) for each in places_of([*map(PurePosixPath, names)], ignores_case)]


def test_places_that_every_system_takes_stay_as_they_are() -> None:
    names = ["Apple/1.png", "apple/2.png", "사과/ㄱ, (1)/a b.v2.JPG", " x/~!.png", "c..d/e.png"]
    names.append(unicodedata.normalize("NFD", "사과/é.png"))
    assert places(*names) == names


def test_no_photo_of_a_zip_leaves_its_folder_on_any_system() -> None:
    names = ["foo/D:/x.jpg", "foo/C:/x.jpg", "a/D:x.jpg", "aux/nul.jpg", "con /COM¹.jpg", "a/:.png"]
    root = PureWindowsPath(r"C:\home\copy")
    found = places(*names)
    for place in found:
        path = root / PurePosixPath(place)
        assert path.parts[: len(root.parts)] == root.parts
        assert len(path.parts) == len(root.parts) + len(PurePosixPath(place).parts)
    assert found == [
        *("foo/D_/x.jpg", "foo/C_/x.jpg", "a/D_x.jpg"),
        *("_aux/_nul.jpg", "_con/_COM¹.jpg", "a/_.png"),
    ]


def test_folders_that_would_become_one_get_a_number() -> None:
    names = ["etc./a.png", "etc/a.png", "etc?/b/c.png", "etc_/a.png", "etc_/b/c.png", "etc /d.png"]
    assert places(*names) == [
        *("etc 3/a.png", "etc/a.png", "etc_ 2/b/c.png", "etc_/a.png", "etc_/b/c.png", "etc 2/d.png")
    ]


def test_a_photo_gives_way_to_one_whose_name_every_system_takes() -> None:
    assert places("a/1?.png", "a/1_.png") == ["a/1_ 2.png", "a/1_.png"]


def test_where_capitals_make_no_difference_two_classes_stay_two() -> None:
    composed, other = "사과", unicodedata.normalize("NFD", "사과")
    names = ["apple/1.png", "Apple/2.png", "Apple/b/3.png", f"{composed}/4.png", f"{other}/5.png"]
    assert places(*names) == names
    assert places(*names, ignores_case=True) == [
        *("apple 2/1.png", "Apple/2.png", "Apple/b/3.png"),
        *(f"{composed}/4.png", f"{composed}/5.png"),
    ]


def test_a_zip_with_names_that_some_systems_refuse_opens_with_all_photos(tmp_path: Path) -> None:
    colours = dict(zip("abcd", ("red", "green", "blue", "white"), strict=True))
    photos = {f"Apple: red/{name} 12:30.png": colour for name, colour in colours.items()}
    photos |= {f"aux/{name}.png": colour for name, colour in colours.items()}
    data_set = open_data_set(zip_of(tmp_path / "a.zip", photos))
    assert data_set.classes == ("Apple_ red", "_aux")
    assert sorted(photo.path.name for photo in data_set.photos if photo.label == 0) == [
        f"{name} 12_30.png" for name in "abcd"
    ]
