import shutil
from pathlib import Path

import pytest

from tests.trainer.photos import photo
from trainer.data.images import read_file
from trainer.errors import ImageError
from trainer.storage import temporary_files


@pytest.fixture
def unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where an archive manager unpacks."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path / "unpacked"


def test_what_is_kept_is_read_after_it_was_deleted(unpacked: Path) -> None:
    file = photo(unpacked / "apple" / "1.png")
    content = file.read_bytes()
    temporary_files.keep([file])
    shutil.rmtree(unpacked)
    assert read_file(file) == content


def test_a_folder_is_there_again_as_a_whole(unpacked: Path) -> None:
    files = {photo(unpacked / "fruit" / place) for place in ("apple/1.png", "pear/1.png")}
    temporary_files.keep([unpacked / "fruit"])
    shutil.rmtree(unpacked)
    temporary_files.bring_back(unpacked / "fruit")
    assert {path for path in unpacked.rglob("*") if path.is_file()} == files


def test_what_was_not_kept_stays_away(unpacked: Path) -> None:
    kept, other = photo(unpacked / "kept.png"), photo(unpacked / "other.png")
    temporary_files.keep([kept])
    shutil.rmtree(unpacked)
    with pytest.raises(ImageError, match="no such file"):
        read_file(other)


def test_a_photo_that_its_user_deletes_after_it_was_read_is_gone(unpacked: Path) -> None:
    file = photo(unpacked / "1.png")
    temporary_files.keep([file])
    read_file(file)
    file.unlink()
    with pytest.raises(ImageError, match="no such file"):
        read_file(file)


def test_a_file_that_was_made_anew_is_not_overwritten(unpacked: Path) -> None:
    file = photo(unpacked / "1.png")
    temporary_files.keep([file])
    file.unlink()
    file.write_bytes(b"another")
    temporary_files.bring_back(file)
    assert file.read_bytes() == b"another"
