import sys
import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from tests.links import symlink
from tests.trainer.photos import photo
from trainer.data.folders import Folder, place_order


def places(folder: Path) -> list[str]:
    return [each.path.relative_to(folder).as_posix() for each in Folder(folder).walk()]


def test_what_is_hidden_or_the_systems_is_passed_over(tmp_path: Path) -> None:
    for name in ("b", "a", ".git", "@eaDir", "$RECYCLE.BIN", "System Volume Information"):
        (tmp_path / name).mkdir()
    for name in ("lost+found", "LOST+FOUND", "__MACOSX", "#recycle"):
        (tmp_path / name).mkdir(exist_ok=True)
    photo(tmp_path / "b" / "2.png")
    photo(tmp_path / "b" / ".1.png")
    (tmp_path / "b" / "notes.txt").touch()
    assert places(tmp_path) == [".", "a", "b"]
    found = Folder(tmp_path).folders[1]
    assert found.files == ["2.png", "notes.txt"]
    assert found.images == [tmp_path / "b" / "2.png"]
    assert [folder.name for folder in Folder(tmp_path).folders if folder.has_images] == ["b"]


def test_links_are_followed_but_not_in_a_circle(tmp_path: Path) -> None:
    elsewhere, root = tmp_path / "elsewhere", tmp_path / "root"
    photo(elsewhere / "deeper" / "1.png")
    (root / "a").mkdir(parents=True)
    symlink(root / "a" / "linked", elsewhere)
    symlink(root / "a" / "self", root / "a")
    symlink(root / "a" / "above", tmp_path)
    symlink(elsewhere / "back", elsewhere / "deeper" / ".." / "..")
    assert places(root) == [".", "a", "a/linked", "a/linked/deeper"]
    assert Folder(root).folders[0].circles == [root / "a" / "above", root / "a" / "self"]


def test_a_folder_comes_once_and_at_its_own_place(tmp_path: Path) -> None:
    photo(tmp_path / "x" / "z" / "1.png")
    symlink(tmp_path / "x" / "a", tmp_path / "x" / "z")
    symlink(tmp_path / "b", tmp_path / "x")
    assert places(tmp_path) == [".", "x", "x/z"]


def test_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "gone")
    assert folder.folders == []
    assert isinstance(folder.error, FileNotFoundError)


def test_folders_have_one_order_on_every_system() -> None:
    names = ("apple", "Banana", "a/z", "a-b")
    for kind in (PurePosixPath, PureWindowsPath):
        paths = sorted(map(kind, names), key=place_order)
        assert [path.as_posix() for path in paths] == ["Banana", "a/z", "a-b", "apple"]


@pytest.mark.skipif(sys.platform == "darwin", reason="has one form of Unicode alone")
def test_photos_come_in_one_order_in_either_form_of_unicode(tmp_path: Path) -> None:
    names = ("é.png", "f.png", "z.png", "e.png")
    for form in ("NFC", "NFD"):
        folder = tmp_path / form
        folder.mkdir()
        for name in names:
            (folder / unicodedata.normalize(form, name)).touch()
    orders = [
        [unicodedata.normalize("NFC", name) for name in Folder(tmp_path / form).files]
        for form in ("NFC", "NFD")
    ]
    assert orders[0] == orders[1] == ["e.png", "f.png", "z.png", "é.png"]
