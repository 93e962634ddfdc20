import faulthandler
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fruitgui.log import begin_log, log_file, log_folder, without_secrets


@pytest.fixture
def log(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The log, while crashes of the tests themselves are still told where they were."""
    monkeypatch.setattr(faulthandler, "enable", lambda *_: None)
    monkeypatch.setattr(faulthandler, "disable", lambda: None)
    end = begin_log()
    yield log_file()
    end()


def test_what_went_wrong_is_written_without_secrets(log: Path) -> None:
    try:
        raise ValueError("rtsp://me:p@ss:word@10.0.0.7/live cannot be opened")
    except ValueError:
        logging.getLogger("fruitgui").exception("It failed on “%s”", Path.home() / "Anna.jpg")
    text = log.read_text(encoding="utf-8")
    assert "ValueError" in text
    assert "rtsp://…@10.0.0.7/live" in text
    assert "Anna" not in text
    assert "p@ss" not in text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("http://cam/video?user=me&pwd=x1&size=2", "http://cam/video?user=…&pwd=…&size=2"),
        ("“/photos/Aunt May.HEIC” is damaged", "“/photos/….HEIC” is damaged"),
        ("“안나 1.jpeg”, Anna.heic and more", "“….jpeg”, ….heic and more"),
        ("“Anna Lee.jpeg - copy for Beth.jpeg”", "“….jpeg”"),
        ("/p/Anna.gif (from Beth Miller).jpg and Beth.png", "/p/….png"),
        ("Anna.jpg.png", "….png"),
        ("Anna\n.jpg", "Anna\n.jpg"),
        ("a file that ends in .png", "a file that ends in .png"),
        ("epoch 3 of 20", "epoch 3 of 20"),
    ],
)
def test_secrets_and_photos_names_are_left_out(text: str, wanted: str) -> None:
    assert without_secrets(text) == wanted


def test_where_another_window_has_it_open_it_is_written_all_the_same(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: str, target: str) -> None:
        raise PermissionError(13, "used by another process", source)

    monkeypatch.setattr(os, "rename", refuse)
    for number in range(40):
        logging.getLogger("fruitgui").error("%s %s", number, "x" * 15_000)
    assert "39 xxx" in log.read_text(encoding="utf-8")


def test_it_stays_small(log: Path) -> None:
    for _ in range(40):
        logging.getLogger("fruitgui").error("x" * 50_000)
    assert sum(file.stat().st_size for file in log.parent.iterdir()) < 2**20


def test_a_crash_of_native_code_leaves_a_trace(home: Path) -> None:
    program = "import faulthandler, fruitgui.log as log; log.begin_log(); faulthandler._sigsegv()"
    subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    crash = "access violation" if sys.platform == "win32" else "Segmentation fault"
    assert crash in (log_folder() / "crashes.log").read_text()


def test_without_a_place_to_write_to_the_app_starts_all_the_same(home: Path) -> None:
    home.write_text("a file where the folder should be")
    begin_log()()
