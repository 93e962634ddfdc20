import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fruitgui import theme
from fruitgui.main_window import MainWindow
from fruitgui.sidebar import SETTINGS
from trainer import paths
from trainer.runtime.device import choose_device


def choose(box: object, value: str) -> None:
    box.setCurrentIndex(box.findData(value))  # type: ignore[attr-defined]
    box.activated.emit(box.currentIndex())  # type: ignore[attr-defined]


def test_it_is_reached_by_mouse_and_key(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(window.sidebar.tabs.button(SETTINGS), Qt.MouseButton.LeftButton)
    assert window.settings_page.isVisible()
    window.show_page(0)
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.settings_page.isVisible)


@pytest.mark.parametrize("is_dressed", [True])
def test_language_and_looks_change_at_once(window: MainWindow, qtbot: QtBot) -> None:
    window.show_page(SETTINGS)
    page = window.settings_page
    choose(page.language, "ko")
    qtbot.waitUntil(lambda: page.language.accessibleName() == "언어")
    assert page.language.currentData() == "ko"
    choose(page.appearance, "dark")
    assert theme.colours() is theme.DARK
    choose(page.appearance, "light")
    choose(page.language, "en")
    qtbot.waitUntil(lambda: page.language.accessibleName() == "Language")


def test_the_processor_alone_can_be_asked_for(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FRUITGUI_DEVICE")
    page = window.settings_page
    choose(page.device, "cpu")
    assert os.environ["FRUITGUI_DEVICE"] == "cpu"
    assert choose_device().type == "cpu"
    choose(page.device, "auto")
    assert "FRUITGUI_DEVICE" not in os.environ
    # What whoever started the app has said stays: the tests compute in 32 bits.
    choose(page.precision, "auto")
    assert os.environ["FRUITGUI_PRECISION"] == "float32"


def test_the_cache_shows_its_size_and_place_and_is_cleared(
    window: MainWindow, qtbot: QtBot
) -> None:
    cached = paths.caches_folder() / "computed" / "cached"
    cached.parent.mkdir(parents=True, exist_ok=True)
    cached.write_bytes(bytes(10_000_000))
    window.show_page(SETTINGS)
    page = window.settings_page
    qtbot.waitUntil(lambda: "10" in page._cache.text())
    assert str(paths.caches_folder()) in page._cache.text()
    page.set_busy(True)
    window.show_page(0)
    window.show_page(SETTINGS)
    qtbot.waitUntil(lambda: not page._tasks.are_running)
    assert not page.clear_cache.isEnabled()
    page.set_busy(False)
    qtbot.mouseClick(page.clear_cache, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not cached.exists())
    qtbot.waitUntil(lambda: not page._cache.text().startswith("10"))


def test_it_says_what_this_is(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "Starter model (OpenVINO" in window.settings_page._about.text())
    assert str(paths.home()) == window.settings_page._home.text()
    assert Path(paths.licences()).exists()
