import errno
import os
import stat
from pathlib import Path

import pytest

from trainer.data.file_copies import class_folder, name_of_folder, rename
from trainer.data.revert_edits import remove_second_name


@pytest.fixture
def windows_unlink(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows removes no name of a file that is read-only."""
    unlink = Path.unlink

    def refuse_read_only(path: Path, missing_ok: bool = False) -> None:
        if not path.stat().st_mode & stat.S_IWRITE:
            raise PermissionError(errno.EACCES, "Access is denied", str(path))
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse_read_only)


def read_only(path: Path) -> Path:
    """A photo as it is copied from a CD."""
    path.write_bytes(b"photo")
    path.chmod(stat.S_IREAD)
    return path


@pytest.mark.usefixtures("windows_unlink")
def test_on_windows_a_read_only_photo_that_is_moved_has_one_name(tmp_path: Path) -> None:
    photo, place = read_only(tmp_path / "a.jpg"), tmp_path / "b.jpg"
    rename(photo, place, "win32")
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.usefixtures("windows_unlink")
def test_on_windows_the_second_name_of_a_read_only_photo_can_be_removed(tmp_path: Path) -> None:
    photo, second = read_only(tmp_path / "a.jpg"), tmp_path / "b.jpg"
    os.link(photo, second)
    remove_second_name(second, photo, "win32")
    assert list(tmp_path.iterdir()) == [photo]
    assert not photo.stat().st_mode & stat.S_IWRITE


def test_no_file_takes_the_place_of_another(tmp_path: Path) -> None:
    photo, other = tmp_path / "a.jpg", tmp_path / "b.jpg"
    photo.write_bytes(b"photo")
    other.write_bytes(b"other")
    with pytest.raises(FileExistsError):
        rename(photo, other)
    assert (photo.read_bytes(), other.read_bytes()) == (b"photo", b"other")


def test_where_capitals_make_no_difference_a_class_has_the_folder_that_is_there() -> None:
    assert name_of_folder("apple", ["Apple"], is_there=True) == "Apple"
    assert name_of_folder("apple", ["Apple", "apple"], is_there=True) == "apple"
    assert name_of_folder("b: c", ["B_ C"], is_there=True) == "B_ C"
    assert name_of_folder("apple", [], is_there=False) == "apple"


def test_where_capitals_tell_folders_apart_a_class_has_its_own(tmp_path: Path) -> None:
    assert name_of_folder("apple", ["Apple"], is_there=False) == "apple"
    (tmp_path / "Apple").mkdir()
    ignores_case = (tmp_path / "apple").is_dir()
    assert class_folder(tmp_path, "apple").name == ("Apple" if ignores_case else "apple")
    assert class_folder(tmp_path, "Apple").name == "Apple"
