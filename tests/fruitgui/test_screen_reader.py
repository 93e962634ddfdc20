"""What is said to those who do not see the window."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fruitgui.main_window import MainWindow
from fruitgui.settings import Language
from fruitgui.shortcuts_dialog import ShortcutsDialog
from fruitgui.sidebar import SETTINGS
from fruitgui.train.curves import Curves
from tools.spoken_window import spoken


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("number", range(SETTINGS + 1))
def test_every_control_that_tab_reaches_has_a_name(
    window: MainWindow, qtbot: QtBot, number: int, language: Language
) -> None:
    window.set_language(language)
    window.show_page(number)
    lines = list(spoken(window.page))
    window.set_language("en")
    assert len(lines) >= 3
    assert [line for line in lines if "(no name)" in line] == []


def test_a_chart_says_in_words_what_it_shows(qtbot: QtBot) -> None:
    curves = Curves()
    qtbot.addWidget(curves)
    curves.set_texts("Loss", "training", "validation")
    assert curves.accessibleName() == "Loss"
    assert curves.accessibleDescription() == "No epoch yet"
    curves.add(1, 0.9, 0.8, is_best=True)
    curves.add(2, 0.5, 0.85, is_best=False)
    said = curves.accessibleDescription()
    assert said == "Epoch 2: training 0.5, validation 0.85. Best epoch: 1"


@pytest.mark.parametrize("is_dressed", [True])
def test_f1_lists_what_keys_do(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_F1)
    qtbot.waitUntil(lambda: window.findChild(ShortcutsDialog) is not None)
    dialog = window.findChild(ShortcutsDialog)
    assert isinstance(dialog, ShortcutsDialog)
    assert dialog.isVisible()
    assert dialog.height() < dialog.screen().availableSize().height()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
