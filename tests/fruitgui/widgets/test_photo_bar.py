from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.photo_bar import PhotoBar


def test_it_turns_as_far_as_there_are_photos(qtbot: QtBot) -> None:
    bar = PhotoBar()
    qtbot.addWidget(bar)
    turned: list[int] = []
    bar.turned.connect(turned.append)
    back, previous, following = bar.findChildren(IconButton)
    bar.show_photo("apple.jpg", 1, 2)
    assert (previous.isEnabled(), following.isEnabled()) == (False, True)
    qtbot.mouseClick(following, Qt.MouseButton.LeftButton)
    bar.show_photo("pear.jpg", 2, 2)
    assert (previous.isEnabled(), following.isEnabled()) == (True, False)
    qtbot.mouseClick(previous, Qt.MouseButton.LeftButton)
    assert turned == [1, -1]
    with qtbot.waitSignal(bar.closed):
        qtbot.mouseClick(back, Qt.MouseButton.LeftButton)


def test_keys_turn_too_and_others_are_left(qtbot: QtBot) -> None:
    bar = PhotoBar()
    qtbot.addWidget(bar)
    turned: list[int] = []
    bar.turned.connect(turned.append)
    keys = (Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_H)
    assert [bar.takes_key(key) for key in keys] == [True, True, True, False]
    assert turned == [-1, 1, 1]
