from pathlib import Path

import cv2
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from fruitgui.window import MainWindow
from tests.fruitgui.conftest import LONG
from trainer import demo


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds of a tomato, at 20 frames a second."""
    path = tmp_path_factory.mktemp("video") / "토마토.avi"
    picture = demo.render("Tomato", 3, 240)[:, :, ::-1]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 20, (240, 240))
    for number in range(200):
        writer.write(np.roll(picture, number, axis=1))
    writer.release()
    return path


def test_a_video_is_shown_and_answered_live(window: MainWindow, qtbot: QtBot, video: Path) -> None:
    page = window.camera
    window.show_page(1)
    page.choose(str(video))
    page._start_stop.click()
    qtbot.waitUntil(lambda: not page._view.image.isNull(), timeout=LONG)
    qtbot.waitUntil(lambda: page._label.text() == "Tomato", timeout=LONG)
    assert "% sure" in page._confidence.text()
    assert window.grab().width() > 0
    page._start_stop.click()
    qtbot.waitUntil(lambda: not page.is_running)


def test_what_is_no_camera_is_said_on_the_page(window: MainWindow, qtbot: QtBot) -> None:
    page = window.camera
    page.choose("nowhere.avi")
    page.start()
    qtbot.waitUntil(lambda: not page.is_running)
    assert "gives no picture" in page.notice.text


def test_without_any_camera_it_says_what_to_do(window: MainWindow) -> None:
    page = window.camera
    page._sources.clear()
    page.start()
    assert "Connect one" in page.notice.text
    assert not page.is_running


def test_another_source_takes_over_while_one_runs(
    window: MainWindow, qtbot: QtBot, video: Path, tmp_path: Path
) -> None:
    page = window.camera
    page.choose(str(video))
    page.start()
    qtbot.waitUntil(lambda: not page._view.image.isNull(), timeout=LONG)
    other = tmp_path / "other.avi"
    other.write_bytes(video.read_bytes())
    page.choose(str(other))
    page._on_source_activated()
    qtbot.waitUntil(
        lambda: page._camera is not None and page._camera.source == str(other), timeout=LONG
    )


def test_closing_the_window_ends_the_camera(window: MainWindow, qtbot: QtBot, video: Path) -> None:
    window.camera.choose(str(video))
    window.camera.start()
    qtbot.waitUntil(lambda: not window.camera._view.image.isNull(), timeout=LONG)
    window.close()
    assert not window.isVisible()
