"""Every page can be used on every screen."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSettings
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from fruitgui.app import create_window
from fruitgui.main_window import MainWindow
from fruitgui.settings import Appearance, Language, Settings
from fruitgui.sidebar import SETTINGS

PAGES = range(SETTINGS + 1)


def test_the_first_window_fits_the_screen(
    app: QApplication, qtbot: QtBot, settings: Settings
) -> None:
    window = create_window(app, settings)
    try:
        room = window.screen().availableSize()
        assert window.width() < room.width()
        assert window.height() < room.height()
    finally:
        window.shut_down()
        app.aboutToQuit.disconnect(window.shut_down)
        window.deleteLater()


def scroll_area(window: MainWindow) -> QScrollArea:
    """What the page that is shown can be scrolled in."""
    widget: QWidget | None = window.page
    while widget is not None and not isinstance(widget, QScrollArea):
        widget = widget.parentWidget()
    assert widget is not None
    return widget


def settle(window: MainWindow, qtbot: QtBot) -> None:
    """Until the page has the room that it gets."""
    page, scroll = window.page, scroll_area(window)
    qtbot.waitUntil(
        lambda: page.width() == max(scroll.viewport().width(), page.minimumSizeHint().width())
    )


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("number", PAGES)
def test_at_1024_by_600_no_page_is_wider_than_the_window(
    window: MainWindow, qtbot: QtBot, number: int, language: Language
) -> None:
    window.set_language(language)
    window.resize(1016, 560)  # Without its frame.
    window.show_page(number)
    settle(window, qtbot)
    assert scroll_area(window).horizontalScrollBar().maximum() == 0
    window.set_language("en")


@pytest.mark.parametrize("language", ["en", "ko"])
def test_with_photos_chosen_start_is_in_sight(
    window: MainWindow, qtbot: QtBot, demo_folder: Path, language: Language
) -> None:
    window.set_language(language)
    window.resize(1272, 760)
    window.show_page(2)
    window.train.use_data(demo_folder)
    qtbot.waitUntil(window.train._start.isEnabled)
    settle(window, qtbot)
    assert scroll_area(window).verticalScrollBar().maximum() == 0
    window.set_language("en")


@pytest.mark.parametrize("number", PAGES)
def test_on_a_tiny_screen_every_button_can_be_scrolled_to(
    window: MainWindow, qtbot: QtBot, number: int
) -> None:
    window.resize(480, 360)
    window.show_page(number)
    scroll = scroll_area(window)
    qtbot.waitUntil(lambda: scroll.viewport().width() < 480)
    settle(window, qtbot)
    for button in window.page.findChildren(QPushButton):
        if button.isVisible():
            scroll.ensureWidgetVisible(button, 0, 0)
            corner = button.mapTo(scroll.viewport(), QPoint(0, 0))
            assert corner.x() >= 0
            assert corner.x() + button.width() <= scroll.viewport().width() + 1


def pictures(window: MainWindow) -> list[np.ndarray]:
    """Every page as it is painted, uint8 (H, W, 4)."""
    found = []
    for number in range(SETTINGS):  # The settings show what is set.
        window.show_page(number)
        QApplication.processEvents()
        image = window.page.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        pixels = np.frombuffer(image.constBits(), np.uint8)
        found.append(pixels.reshape(image.height(), image.width(), 4).astype(int))
    return found


@pytest.mark.parametrize(
    ("language", "appearance"), [("en", "dark"), ("en", "light"), ("ko", "light")]
)
def test_all_that_is_painted_follows_language_and_theme(
    window: MainWindow,
    app: QApplication,
    qtbot: QtBot,
    tmp_path: Path,
    language: Language,
    appearance: Appearance,
) -> None:
    """A window that changes looks as one that was made so."""
    chosen = Settings(QSettings(str(tmp_path / "chosen.ini"), QSettings.Format.IniFormat))
    window.set_appearance("light" if appearance == "dark" else "dark")
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model")
    pictures(window)
    window.set_language(language)
    window.set_appearance(appearance)
    changed = pictures(window)
    chosen.language, chosen.appearance = language, appearance
    app.setStyleSheet("")
    other = create_window(app, chosen)
    try:
        other.resize(window.size())
        other.show()
        qtbot.waitUntil(lambda: other.sidebar.in_use.text() == window.sidebar.in_use.text())
        pictures(other)
        made = pictures(other)
    finally:
        other.set_language("en")
        other.shut_down()
        app.aboutToQuit.disconnect(other.shut_down)
        other.deleteLater()
        window.set_language("en")
        window.set_appearance("light")
    for ours, theirs in zip(changed, made, strict=True):
        assert ours.shape == theirs.shape
        assert (np.abs(ours - theirs).max(axis=2) > 24).mean() < 1e-4


def test_a_narrow_window_shows_icons_alone_whose_names_can_still_be_heard(
    window: MainWindow, qtbot: QtBot
) -> None:
    tab = window.sidebar.tabs.button(0)
    assert tab.text() == "Classify"
    window.resize(900, 600)
    qtbot.waitUntil(lambda: tab.text() == "")
    assert tab.accessibleName() == "Classify"
    assert not window.sidebar.in_use.isVisible()
    window.resize(1280, 760)
    qtbot.waitUntil(lambda: tab.text() == "Classify")
