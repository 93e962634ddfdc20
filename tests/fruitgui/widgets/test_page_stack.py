"""Pages of which one is shown."""

from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from fruitgui.widgets.page_stack import PageStack


def test_it_asks_for_the_room_of_the_page_that_is_shown(app: QApplication, qtbot: QtBot) -> None:
    stack = PageStack()
    qtbot.addWidget(stack)
    small, large = QWidget(), QLabel("many words " * 200, wordWrap=True)
    small.setMinimumSize(20, 10)
    large.setMinimumSize(900, 700)
    stack.addWidget(small)
    stack.addWidget(large)
    assert stack.minimumSizeHint().toTuple() == (20, 10)
    assert not stack.hasHeightForWidth()
    stack.setCurrentWidget(large)
    assert stack.minimumSizeHint().width() >= 900
    assert stack.heightForWidth(100) == large.heightForWidth(100)
