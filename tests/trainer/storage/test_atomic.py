import errno
import os
import sys
from pathlib import Path

import pytest

from trainer.storage.atomic import replacing, replacing_pair, write_text


def test_a_file_is_replaced_only_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "폴더" / "file.txt"
    write_text(path, "사과")
    with pytest.raises(ZeroDivisionError), replacing(path) as temporary:
        temporary.write_text("half")
        raise ZeroDivisionError
    assert path.read_text(encoding="utf-8") == "사과"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no umask")
def test_others_may_read_what_the_user_lets_them(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        write_text(tmp_path / "file.txt", "a")
    finally:
        os.umask(before)
    assert (tmp_path / "file.txt").stat().st_mode & 0o777 == 0o644


def beside(path: Path) -> Path:
    return path.with_suffix(".bin")


def test_a_pair_that_cannot_be_replaced_stays(tmp_path: Path) -> None:
    first, second = tmp_path / "a.xml", tmp_path / "a.bin"
    first.write_text("earlier")
    second.mkdir()  # No file takes the place of a folder.
    with pytest.raises(OSError) as refusal, replacing_pair(first, beside) as temporary:
        temporary.write_text("later")
        beside(temporary).write_text("its other half")
    assert str(second) in (refusal.value.filename, refusal.value.filename2)
    assert first.read_text() == "earlier"
    assert sorted(tmp_path.iterdir()) == [second, first]


@pytest.mark.parametrize("nth", [1, 2])
def test_a_full_disk_at_the_last_moment_costs_no_pair(
    nth: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "a.xml", tmp_path / "a.bin"
    first.write_text("earlier")
    second.write_text("its other half")
    synced: list[int] = []

    def sync(file: int) -> None:
        synced.append(file)
        if len(synced) == nth:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", sync)
    with pytest.raises(OSError) as refusal, replacing_pair(first, beside) as temporary:
        temporary.write_text("later")
        beside(temporary).write_text("later half")
    assert refusal.value.filename == str(first)
    assert (first.read_text(), second.read_text()) == ("earlier", "its other half")
    assert sorted(tmp_path.iterdir()) == [second, first]


def test_a_pair_is_not_there_by_half(tmp_path: Path) -> None:
    first, second = tmp_path / "a.xml", tmp_path / "a.bin"
    with pytest.raises(FileNotFoundError), replacing_pair(first, beside) as temporary:
        temporary.write_text("without its other half")
    assert not list(tmp_path.iterdir())
    with replacing_pair(first, beside) as temporary:
        assert temporary.suffix == ".xml"
        temporary.write_text("one")
        beside(temporary).write_text("other")
    assert (first.read_text(), second.read_text()) == ("one", "other")
    assert sorted(tmp_path.iterdir()) == [second, first]
