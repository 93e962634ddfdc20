"""Cameras that are not there, hang, are cut off, send rubbish, and come back."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from benchmarks.network_camera import NetworkCamera, network_camera
from fruitgui.camera import sources
from fruitgui.camera.page import CameraPage
from fruitgui.camera.sources import CameraError, Source, address, reason, video_file
from fruitgui.main_window import MainWindow
from tests.fruitgui.videos import APPLE, RATE, jpegs


@pytest.fixture(scope="module")
def frames() -> list[bytes]:
    return jpegs(*APPLE)


@pytest.fixture
def camera(frames: list[bytes]) -> Iterator[NetworkCamera]:
    with network_camera(frames, RATE) as camera:
        yield camera


@pytest.fixture
def page(window: MainWindow) -> CameraPage:
    window.show_page(1)
    return window.camera


@pytest.fixture
def running(page: CameraPage, camera: NetworkCamera, qtbot: QtBot) -> CameraPage:
    """The page, with the network camera's picture on it."""
    page.bar._on_address_entered(camera.address)
    qtbot.waitUntil(lambda: page.view.answer is not None)
    return page


def is_live(page: CameraPage) -> bool:
    return page.snapshot.isEnabled() and not page.view.message


def test_a_network_camera_is_labelled(running: CameraPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: running.view.accessibleName() == "Apple")


@pytest.mark.parametrize("trouble", ["stalled", "cut"])
def test_a_lost_camera_is_said_and_taken_up_again(
    running: CameraPage, camera: NetworkCamera, qtbot: QtBot, trouble: str
) -> None:
    camera.mode = trouble  # type: ignore[assignment]
    qtbot.waitUntil(lambda: "no longer sends a picture" in running.view.message)
    assert not running.snapshot.isEnabled()
    assert running.view.answer is None
    camera.mode = "sending"
    qtbot.waitUntil(lambda: is_live(running))
    qtbot.waitUntil(lambda: running.view.accessibleName() == "Apple")


def test_a_loss_is_noticed_within_three_seconds(
    running: CameraPage, camera: NetworkCamera, qtbot: QtBot
) -> None:
    from fruitgui.camera import camera_thread as watched

    # By its own limit: a clock here would measure how busy the computer is.
    assert watched._SECONDS_WITHOUT_A_FRAME < 3
    camera.mode = "stalled"
    qtbot.waitUntil(lambda: bool(running.view.message))


@pytest.mark.parametrize("trouble", ["broken", "garbage"])
def test_damaged_frames_do_not_end_it(
    running: CameraPage, camera: NetworkCamera, qtbot: QtBot, trouble: str
) -> None:
    camera.mode = trouble  # type: ignore[assignment]
    before = running._started_at
    done = threading.Event()
    timer = threading.Timer(0.5, done.set)
    timer.start()
    qtbot.waitUntil(done.is_set)
    camera.mode = "sending"
    qtbot.waitUntil(lambda: is_live(running))
    qtbot.waitUntil(lambda: running.view.accessibleName() == "Apple")
    assert running._started_at == before


def captures() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("capture")]


@pytest.fixture
def hanging(page: CameraPage, qtbot: QtBot, tmp_path: Path) -> Iterator[CameraPage]:
    """The page, while it opens what never answers: a pipe that nobody writes to."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no pipes among files here")
    pipe = tmp_path / "pipe.avi"
    os.mkfifo(pipe)
    page.choose(video_file(pipe))
    page.start()
    qtbot.waitUntil(lambda: bool(captures()))
    yield page
    # What waits for a writer is let go by one that says nothing.
    os.close(os.open(pipe, os.O_RDWR))
    qtbot.waitUntil(lambda: not captures())


def test_stopping_does_not_wait_for_a_camera_that_hangs(hanging: CameraPage, qtbot: QtBot) -> None:
    assert "Opening" in hanging.view.message
    qtbot.mouseClick(hanging.bar.start_stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not hanging.is_running)
    assert captures()


def test_another_source_is_shown_while_the_first_hangs(
    running: CameraPage, camera: NetworkCamera, qtbot: QtBot, frames: list[bytes]
) -> None:
    camera.mode = "stalled"
    with network_camera(frames, RATE) as other:
        running.bar._on_address_entered(other.address)
        qtbot.waitUntil(
            lambda: (
                running.camera is not None
                and running.camera.source.place == other.address
                and is_live(running)
            ),
        )
        running.stop()
        qtbot.waitUntil(lambda: not running.is_running)


def test_one_that_never_sends_is_given_up(
    page: CameraPage, camera: NetworkCamera, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fruitgui.camera.capture_thread._OPEN_MILLISECONDS", 500)
    camera.mode = "stalled"
    page.bar._on_address_entered(camera.address)
    qtbot.waitUntil(lambda: not page.is_running)
    assert "does not answer" in page.notice.text


def test_a_password_is_taken_as_it_is_typed_and_a_wrong_one_is_called_that(
    page: CameraPage, camera: NetworkCamera, qtbot: QtBot
) -> None:
    camera.credentials = "me:p@ss#w:rd%"
    host = camera.address.removeprefix("http://")
    wrong = f"http://me:wrong@{host}"
    page.bar._on_address_entered(wrong)
    qtbot.waitUntil(lambda: not page.is_running)
    assert "does not take this name and password" in page.notice.text
    assert "wrong" not in page.notice.text
    # It stands in the field again, to be mended.
    page.bar._on_choose_address()
    (dialog,) = page.bar.findChildren(QInputDialog)
    assert dialog.textValue() == wrong
    dialog.setTextValue(f"http://{camera.credentials}@{host}")
    dialog.accept()
    qtbot.waitUntil(lambda: is_live(page))
    page.stop()
    assert "p@ss" not in page.bar._settings.camera_source


def test_a_camera_that_wants_a_password_says_so(
    page: CameraPage, camera: NetworkCamera, qtbot: QtBot
) -> None:
    camera.credentials = "me:secret"
    page.bar._on_address_entered(camera.address)
    qtbot.waitUntil(lambda: not page.is_running)
    assert "asks for a name and a password" in page.notice.text


def test_starting_and_stopping_leaves_nothing_behind(
    running: CameraPage, camera: NetworkCamera, qtbot: QtBot
) -> None:
    process = psutil.Process()

    def again() -> None:
        running.stop()
        qtbot.waitUntil(lambda: not running.is_running)
        qtbot.waitUntil(lambda: not captures())
        running.start()
        qtbot.waitUntil(lambda: is_live(running))

    again()
    threads, files = process.num_threads(), len(process.open_files())
    for _ in range(5):
        again()
    assert len(captures()) == 1
    assert process.num_threads() <= threads + 1
    assert len(process.open_files()) <= files


_QUIT = """
import sys
from PySide6.QtCore import QTimer
from fruitgui import app, main_window
from fruitgui.camera.sources import address

class Quitting(main_window.MainWindow):
    def __init__(self, *args):
        super().__init__(*args)
        QTimer.singleShot(0, self.begin)

    def begin(self):
        self.show_page(1)
        self.camera.choose(address(sys.argv[1]))
        self.camera.start()
        QTimer.singleShot(300, self.close)

app.MainWindow = Quitting
sys.exit(app.run(["test"], []))
"""


def test_quitting_while_a_camera_hangs_is_no_crash(camera: NetworkCamera, tmp_path: Path) -> None:
    camera.mode = "stalled"
    environment = os.environ | {
        "FRUITGUI_HOME": str(tmp_path / "home"),
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    process = subprocess.run(
        [sys.executable, "-c", _QUIT, camera.address],
        env=environment,
        cwd=Path(__file__).parents[3],
        timeout=120,
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr


def test_what_is_no_video_is_said(page: CameraPage, qtbot: QtBot, tmp_path: Path) -> None:
    letter = tmp_path / "letter.avi"
    letter.write_text("Dear grocer")
    for path, sentence in ((letter, "not a video"), (tmp_path / "gone.avi", "no video")):
        page.choose(video_file(path))
        page.start()
        qtbot.waitUntil(lambda: not page.is_running)
        assert sentence in page.notice.text
        assert path.name in page.notice.text


def test_a_name_that_is_no_text_is_said(page: CameraPage, qtbot: QtBot, tmp_path: Path) -> None:
    page.choose(video_file(tmp_path / os.fsdecode(b"\xff.avi")))
    page.start()
    qtbot.waitUntil(lambda: not page.is_running)
    assert "Rename it" in page.notice.text


def test_what_gave_nothing_is_not_offered_again(
    page: CameraPage, qtbot: QtBot, tmp_path: Path
) -> None:
    page.choose(video_file(tmp_path / "gone.avi"))
    page.start()
    qtbot.waitUntil(lambda: not page.is_running)
    assert page.bar.source is None
    assert page._settings.camera_source == ""


def test_without_any_camera_it_says_what_to_do(page: CameraPage) -> None:
    page.bar.show_cameras([])
    page.start()
    assert "Connect one" in page.notice.text
    assert not page.is_running


@pytest.mark.parametrize("text", ["kitchen", "file:///etc/passwd", "http://", "rtsp://"])
def test_what_is_no_address_is_refused(page: CameraPage, text: str) -> None:
    page.bar._on_address_entered(text)
    assert "starts with http://" in page.notice.text
    assert not page.is_running


def test_an_address_is_shown_without_its_password() -> None:
    for text in (" rtsp://me:secret@10.0.0.7/live ", "rtsp://me:se/cret@10.0.0.7/live?key=secret"):
        assert address(text).title == "rtsp://10.0.0.7/live"
        assert address(text).has_password
    assert not address("http://10.0.0.7/live").has_password


@pytest.mark.parametrize(
    ("system", "words"),
    [("win32", "desktop apps may use it"), ("darwin", "System Settings"), ("linux", "Plug it in")],
)
def test_a_camera_that_gives_nothing_is_explained(
    monkeypatch: pytest.MonkeyPatch, system: str, words: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert words in str(reason(Source("FaceTime", 77)))


def test_a_camera_that_the_group_may_not_use_is_explained(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(sources.os, "access", lambda *_: False)
    monkeypatch.setattr(sources.Path, "exists", lambda _: True)
    error = reason(Source("USB Camera", 0))
    assert isinstance(error, CameraError)
    assert "usermod -aG video" in str(error)


def test_a_camera_is_found_again_under_another_number(monkeypatch: pytest.MonkeyPatch) -> None:
    there = [Source("Microscope", 3)]
    monkeypatch.setattr(sources, "cameras", lambda: there)
    assert sources.present(Source("Microscope", 1)) == there[0]
    assert sources.present(Source("Gone", 0)) == Source("Gone", 0)
