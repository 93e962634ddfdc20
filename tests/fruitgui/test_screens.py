"""Every page can be used on every screen."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from fruitgui.app import create_window
from fruitgui.main_window import MainWindow
from fruitgui.settings import Settings
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


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("number", PAGES)
def test_at_1024_by_600_no_page_is_wider_than_the_window(
    window: MainWindow, qtbot: QtBot, number: int, language: str
) -> None:
    window.set_language(language)  # type: ignore[arg-type]
    window.resize(1016, 560)  # Without its frame.
    window.show_page(number)
    qtbot.waitUntil(lambda: window.width() == 1016)
    scroll = window.findChild(QScrollArea, "pages")
    assert isinstance(scroll, QScrollArea)
    assert scroll.horizontalScrollBar().maximum() == 0
    window.set_language("en")


@pytest.mark.parametrize("number", PAGES)
def test_on_a_tiny_screen_every_button_can_be_scrolled_to(
    window: MainWindow, qtbot: QtBot, number: int
) -> None:
    window.resize(480, 360)
    window.show_page(number)
    scroll = window.findChild(QScrollArea, "pages")
    assert isinstance(scroll, QScrollArea)
    stack = scroll.widget()

    def is_settled() -> bool:
        width = max(scroll.viewport().width(), stack.minimumSizeHint().width())
        return bool(stack.width() == width and scroll.viewport().width() < 480)

    qtbot.waitUntil(is_settled)
    for button in stack.currentWidget().findChildren(QPushButton):  # type: ignore[attr-defined]
        if button.isVisible():
            scroll.ensureWidgetVisible(button, 0, 0)
            corner = button.mapTo(scroll.viewport(), QPoint(0, 0))
            assert corner.x() >= 0
            assert corner.x() + button.width() <= scroll.viewport().width() + 1


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
