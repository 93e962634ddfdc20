"""A real window with real workers; every test must leave no thread behind."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QSettings, QThread
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from fruitgui import (
    resources_rc,  # noqa: F401  (registers the embedded files)
    theme,
)
from fruitgui.app import create_window
from fruitgui.i18n.language import Translation
from fruitgui.main_window import MainWindow
from fruitgui.settings import Settings
from fruitgui.workers.task import Task

LONG = 60_000
"""Milliseconds that loading torch and training small models may take."""


class PatientBot(QtBot):
    """Waits as long as a busy machine needs: what comes at all comes in time."""

    def waitUntil(self, callback: Callable[[], Any], *, timeout: int = LONG) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = LONG, **others: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **others)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture(scope="session", autouse=True)
def english(qapp: QApplication) -> Translation:
    """What a user reads, with singular and plural, whichever tests ran before."""
    translation = Translation()
    translation.install("en")
    return translation


@pytest.fixture(scope="package", autouse=True)
def no_collection_elsewhere(few_threads: None) -> Iterator[None]:
    """Widgets that are garbage are deleted by this thread, as in the app. After the window's last
    test, Python collects as it is used to."""
    gc.disable()
    yield
    gc.unfreeze()
    gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def collected_before(no_collection_elsewhere: None) -> None:
    """What the test before has left, which pytest holds until its end, is gone. What stays, such as
    modules that were imported meanwhile, is not looked through again."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    settings.language = "en"
    return settings


@pytest.fixture
def app(qapp: QApplication) -> QApplication:
    theme.apply(qapp, "light")
    return qapp


@contextmanager
def window_of(settings: Settings, *, is_dressed: bool = True) -> Iterator[MainWindow]:
    """A window that starts with these settings, and is gone afterwards."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.setStyleSheet("")  # As when the app starts.
    window = create_window(app, settings, is_dressed=is_dressed)
    try:
        yield window
    finally:
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
def is_dressed() -> bool:
    """Whether windows have their style sheet: it takes as long as all the rest of a window, and few
    tests are about looks. Those have a fixture of this name that says so."""
    return False


@pytest.fixture
def window(
    qapp: QApplication, qtbot: QtBot, settings: Settings, is_dressed: bool
) -> Iterator[MainWindow]:
    with window_of(settings, is_dressed=is_dressed) as window:
        window.resize(1280, 760)  # The screen of tests is smaller.
        window.show()
        yield window


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
