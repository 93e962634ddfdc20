import os
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from fruitgui.i18n.photo_names import photo_name
from trainer import paths


def test_what_was_pasted_is_called_by_when(qtbot: QtBot) -> None:
    file = paths.captured_folder() / f"{'0a' * 12}.png"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"x")
    now = datetime.now()
    os.utime(file, (now.timestamp(), now.timestamp()))
    # Midnight may have passed meanwhile.
    time = QLocale().toString(now.time(), QLocale.FormatType.ShortFormat)
    assert photo_name(file).startswith("Pasted ")
    assert time in photo_name(file)
    long_ago = datetime(2020, 5, 17, 16, 32).timestamp()
    os.utime(file, (long_ago, long_ago))
    assert "2020" in photo_name(file) or "20" in photo_name(file).removeprefix("Pasted ")
    assert "16:32" in photo_name(file) or "4:32" in photo_name(file)


def test_a_snapshot_is_called_by_when() -> None:
    name = photo_name(paths.captured_folder() / "snapshot-20200517-163200-0a0a0a.jpg")
    assert name.startswith("Snapshot ")
    assert "32" in name


def test_any_other_photo_has_its_files_name(tmp_path: Path) -> None:
    assert photo_name(tmp_path / f"{'0a' * 12}.png") == f"{'0a' * 12}.png"
    assert photo_name(paths.captured_folder() / "apple.jpg") == "apple.jpg"
