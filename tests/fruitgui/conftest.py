"""A real window with real workers; every test must leave no thread behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QSettings, QThread
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from fruitgui import (
    resources_rc,  # noqa: F401  (registers the embedded files)
    theme,
)
from fruitgui.app import create_window
from fruitgui.settings import Settings
from fruitgui.window import MainWindow
from fruitgui.workers.task import Task

LONG = 60_000
"""Milliseconds that loading torch and training small models may take."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    settings.language = "en"
    return settings


@pytest.fixture
def app(qapp: QApplication) -> QApplication:
    theme.apply(qapp, "light")
    return qapp


@pytest.fixture
def window(app: QApplication, qtbot: QtBot, settings: Settings) -> Iterator[MainWindow]:
    window = create_window(app, settings)
    window.show()
    yield window
    window.shut_down()
    threads = window.findChildren(QThread)
    assert [thread for thread in threads if thread.isRunning()] == []
    app.aboutToQuit.disconnect(window.shut_down)
    # What Python put there must not outlive Python.
    app.clipboard().clear()
    window.deleteLater()
    # Else it stays, and each test takes longer than the one before.
    app.sendPostedEvents(window, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def instant_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each task is over before whoever started it goes on, as on a busy machine."""

    def run_to_its_end(task: Task) -> None:
        QThread.start(task)
        task.wait()

    monkeypatch.setattr(Task, "start", run_to_its_end)


@pytest.fixture
def sample() -> Path:
    return Path(__file__).parents[2] / "assets" / "samples" / "tomato-1.jpg"


def choose_file(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Let the next file dialogs be answered with *path*; the system's own cannot be driven here."""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(path))
