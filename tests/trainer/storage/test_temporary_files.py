import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.links import symlink
from tests.trainer.photos import photo
from trainer.data.image_names import looks_like_image
from trainer.data.images import read_file
from trainer.errors import ImageError
from trainer.storage import temporary_files


def keep(*sources: Path) -> None:
    temporary_files.keep(sources, looks_like_image)


@pytest.fixture
def unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where an archive manager unpacks."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    yield tmp_path / "unpacked"
    temporary_files.forget()


def test_what_is_kept_is_read_after_it_was_deleted(unpacked: Path) -> None:
    file = photo(unpacked / "apple" / "1.png")
    content = file.read_bytes()
    keep(file)
    shutil.rmtree(unpacked)
    assert read_file(file) == content
    assert read_file(file) == content
    # Nothing is put where another program, or its user, cleared up.
    assert not unpacked.exists()


def test_a_folder_can_be_read_as_a_whole(unpacked: Path) -> None:
    files = {photo(unpacked / "fruit" / place) for place in ("apple/1.png", "pear/1.png")}
    (unpacked / "fruit" / "notes.txt").write_text("not wanted")
    keep(unpacked / "fruit")
    assert temporary_files.place_of(unpacked / "fruit") == unpacked / "fruit"
    shutil.rmtree(unpacked)
    assert set(temporary_files.files_kept_in(unpacked / "fruit")) == files
    place = temporary_files.place_of(unpacked / "fruit")
    assert place.name == "fruit"
    found = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    assert found == {"apple/1.png", "pear/1.png"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets not everybody make links")
def test_a_file_is_found_through_a_link_to_its_folder(unpacked: Path) -> None:
    file = photo(unpacked / "1.png")
    link = unpacked.with_name("link")
    symlink(link, unpacked)
    keep(link / "1.png")
    content = file.read_bytes()
    shutil.rmtree(unpacked)
    assert read_file(file) == content


def test_what_was_not_kept_stays_away(unpacked: Path) -> None:
    kept, other = photo(unpacked / "kept.png"), photo(unpacked / "other.png")
    keep(kept)
    shutil.rmtree(unpacked)
    with pytest.raises(ImageError, match="no such file"):
        read_file(other)


def test_a_photo_that_its_user_deletes_after_it_was_read_is_gone(unpacked: Path) -> None:
    file = photo(unpacked / "1.png")
    keep(file)
    read_file(file)
    file.unlink()
    with pytest.raises(ImageError, match="no such file"):
        read_file(file)


def test_a_file_that_was_made_anew_is_the_one_that_counts(unpacked: Path) -> None:
    file = photo(unpacked / "1.png")
    keep(file)
    file.unlink()
    file.write_bytes(b"another")
    assert read_file(file) == b"another"


def test_photos_elsewhere_are_left_to_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    file = photo(tmp_path / "mine" / "1.png")
    keep(file)
    file.unlink()
    assert list(temporary.iterdir()) == []
    assert temporary_files.place_of(file) == file


def test_what_a_killed_process_left_is_swept_away(unpacked: Path) -> None:
    program = (
        "import os, sys\nfrom pathlib import Path\nfrom trainer.storage import temporary_files\n"
        "temporary_files.keep([Path(sys.argv[1])], lambda _: True)\nos._exit(0)"
    )
    file = photo(unpacked / "1.png")
    subprocess.run([sys.executable, "-c", program, str(file)], check=True, env=os.environ)
    (left,) = unpacked.parent.glob("fruitgui-*")
    keep(photo(unpacked / "2.png"))
    assert not left.exists()
