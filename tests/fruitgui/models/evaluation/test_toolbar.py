import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fruitgui.models.evaluation.toolbar import EvaluationBar
from fruitgui.settings import Settings


@pytest.fixture
def bar(qtbot: QtBot, settings: Settings) -> EvaluationBar:
    bar = EvaluationBar(settings, str)
    qtbot.addWidget(bar)
    with qtbot.waitActive(bar):
        bar.show()
        bar.activateWindow()
    return bar


def test_the_button_that_takes_anothers_place_takes_its_focus(bar: EvaluationBar) -> None:
    bar.start.setEnabled(True)
    bar.start.setFocus(Qt.FocusReason.TabFocusReason)
    assert bar.start.hasFocus()
    bar.show_busy(True)
    assert bar.stop.hasFocus()
    assert not bar.start.isVisible()


def test_who_is_elsewhere_meanwhile_stays_there(bar: EvaluationBar) -> None:
    bar.split.setFocus()
    bar.show_busy(True)
    bar.show_busy(False)
    assert bar.split.hasFocus()
    assert not bar.stop.isVisible()
