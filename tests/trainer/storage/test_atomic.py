import errno
import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trainer.storage import atomic
from trainer.storage.atomic import replacing, replacing_folder, replacing_pair, write_text
from trainer.storage.sqlite import transaction


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


def refused_at_first(does: Callable[..., Any], times: int) -> Callable[..., Any]:
    """What Windows does to a file while another program has it open."""
    left = [times]

    def act(path: Path, *arguments: Any, **options: Any) -> Any:
        if left[0] > 0:
            left[0] -= 1
            raise PermissionError(errno.EACCES, "used by another process", str(path))
        return does(path, *arguments, **options)

    return act


@pytest.fixture
def two_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Renames are tried three times, as often on any system, and at once."""
    monkeypatch.setattr(atomic, "PAUSES", (0.0, 0.0))


@pytest.mark.usefixtures("two_pauses")
def test_what_another_program_has_open_for_a_moment_is_replaced_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, folder, pair = tmp_path / "file.txt", tmp_path / "folder", tmp_path / "a.xml"
    replace = Path.replace
    write_text(file, "earlier")
    monkeypatch.setattr(Path, "replace", refused_at_first(replace, 2))
    write_text(file, "later")
    monkeypatch.setattr(Path, "replace", refused_at_first(replace, 2))
    with replacing_folder(folder) as temporary:
        (temporary / "one").write_text("1")
    monkeypatch.setattr(Path, "replace", refused_at_first(replace, 2))
    with replacing_pair(pair, beside) as temporary:
        temporary.write_text("one")
        beside(temporary).write_text("other")
    assert file.read_text() == "later"
    assert sorted(tmp_path.rglob("*")) == [beside(pair), pair, file, folder, folder / "one"]


@pytest.mark.usefixtures("two_pauses")
def test_a_damaged_database_that_is_open_for_a_moment_is_set_aside_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "damaged.sqlite"
    file.write_bytes(b"no database" * 100)
    monkeypatch.setattr(Path, "replace", refused_at_first(Path.replace, 2))
    with transaction(file, "CREATE TABLE IF NOT EXISTS t (x)", write=True) as database:
        assert database.execute("SELECT * FROM t").fetchall() == []
    with sqlite3.connect(file) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    opened.close()


@pytest.mark.usefixtures("two_pauses")
def test_what_stays_open_is_refused_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file.txt"
    write_text(file, "earlier")
    monkeypatch.setattr(Path, "replace", refused_at_first(Path.replace, 3))
    with pytest.raises(PermissionError):
        write_text(file, "later")
    assert file.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [file]


def test_the_first_error_is_told_where_the_temporary_file_cannot_be_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "unlink", refused_at_first(Path.unlink, 3))
    with pytest.raises(ZeroDivisionError), replacing(tmp_path / "file.txt"):
        raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError), replacing_pair(tmp_path / "a.xml", beside):
        raise ZeroDivisionError
