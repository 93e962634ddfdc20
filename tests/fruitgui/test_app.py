"""The app as a program of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from fruitgui.app import Application, CrashReporter
from fruitgui.main_window import MainWindow
from tests.fruitgui.photos import settled
from trainer import paths


@pytest.mark.skipif(sys.platform == "win32", reason="sends Unix signals")
@pytest.mark.parametrize(
    ("number", "at_start"),
    [
        (signal.SIGINT, "print('shown', flush=True)"),
        (signal.SIGTERM, "print('shown', flush=True)"),
        # With a box on the screen that says so.
        (signal.SIGTERM, "print('shown', flush=True); raise OSError('unforeseen')"),
    ],
)
def test_a_signal_from_its_terminal_closes_it_whatever_is_open(
    tmp_path: Path, number: signal.Signals, at_start: str
) -> None:
    program = (
        "import sys; from PySide6.QtCore import QTimer; from fruitgui import app\n"
        "create = app.create_window\n"
        f"def started(): {at_start}\n"
        "def shown(*arguments):\n"
        "    window = create(*arguments)\n"
        "    QTimer.singleShot(0, started)\n"
        "    return window\n"
        "app.create_window = shown\n"
        "sys.exit(app.run(['fruitgui'], []))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "shown\n"
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert ("Traceback" in errors) == ("unforeseen" in at_start)


def test_cameras_are_set_up_before_opencv_is_loaded() -> None:
    program = (
        "import os, sys; from fruitgui.app import create_application\n"
        "application = create_application(['fruitgui'])\n"
        "print('cv2' in sys.modules, os.environ['OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False 0\n"


def test_what_goes_wrong_again_is_said_again(qtbot: QtBot, qapp: Application) -> None:
    reporter = CrashReporter()

    def report() -> QMessageBox:
        reporter.report(OSError, OSError("unforeseen"), None)
        qtbot.waitUntil(lambda: reporter._box is not None and reporter._box.isVisible())
        assert reporter._box is not None
        return reporter._box

    box = report()
    reporter.report(OSError, OSError("the same, a frame later"), None)
    assert report() is box
    qapp.closeAllWindows()  # From within which the box must not be deleted.
    assert not box.isVisible()
    another = report()
    assert another is not box
    another.close()


def test_what_macos_asks_it_to_open_is_classified(
    window: MainWindow, qtbot: QtBot, qapp: Application
) -> None:
    window.show_page(2)
    photos = sorted(paths.samples_folder().glob("*.jpg"))[:2]
    for photo in photos:
        # One event a file, as macOS sends them.
        QApplication.sendEvent(qapp, QFileOpenEvent(str(photo)))
    qtbot.waitUntil(lambda: len(window.classify.photos.paths) == 2)
    settled(window, qtbot)
    assert window.page is window.classify
    assert sorted(window.classify.photos.paths) == photos
