import errno
from pathlib import Path

import pytest

from trainer.storage.sqlite import transaction

SCHEMA = "CREATE TABLE IF NOT EXISTS fruit (name TEXT NOT NULL);"


def add(file: Path, name: str) -> None:
    with transaction(file, SCHEMA, write=True) as database:
        database.execute("INSERT INTO fruit VALUES (?)", (name,))


def names(file: Path) -> list[str]:
    with transaction(file, SCHEMA, write=False) as database:
        return [name for (name,) in database.execute("SELECT name FROM fruit ORDER BY rowid")]


def test_what_fails_did_not_happen(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "fruit.sqlite"
    add(file, "사과")
    with pytest.raises(ZeroDivisionError), transaction(file, SCHEMA, write=True) as database:
        database.execute("INSERT INTO fruit VALUES ('배')")
        _ = 1 / 0
    assert names(file) == ["사과"]


@pytest.mark.parametrize("damage", [b"CREATE \xe0ABLE", b"CREATE TABEL"])
def test_a_damaged_file_is_set_aside_and_another_begun(tmp_path: Path, damage: bytes) -> None:
    file = tmp_path / "fruit.sqlite"
    add(file, "Apple")
    file.write_bytes(damaged := file.read_bytes().replace(b"CREATE TABLE", damage))
    assert names(file) == []
    (aside,) = tmp_path.glob("*.damaged")
    assert aside.read_bytes() == damaged


def test_a_text_that_is_damaged_keeps_no_other_from_being_read(tmp_path: Path) -> None:
    file = tmp_path / "fruit.sqlite"
    add(file, "Apple")
    with transaction(file, SCHEMA, write=True) as database:
        database.execute("UPDATE fruit SET name = CAST(x'ff41' AS TEXT)")
    add(file, "Lime")
    assert names(file) == ["\ufffdA", "Lime"]


def test_a_place_that_is_a_folder_is_an_error_of_the_disk(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="unable to open") as caught:
        names(tmp_path)
    assert caught.value.errno == errno.EIO
