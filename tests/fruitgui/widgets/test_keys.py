import sys

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from fruitgui.widgets.keys import digit_of, pressed_key

NONE = Qt.KeyboardModifier.NoModifier


def pressed(
    key: int, text: str, scan_code: int = 0, modifiers: Qt.KeyboardModifier = NONE
) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, modifiers, scan_code, 0, 0, text)


linux = pytest.mark.skipif(sys.platform != "linux", reason="scan codes of X and Wayland")


@linux
@pytest.mark.parametrize(
    ("key", "text", "scan_code", "digit"),
    [
        (Qt.Key.Key_1, "1", 10, 1),
        (Qt.Key.Key_Ampersand, "&", 10, 1),  # AZERTY
        (Qt.Key.Key_Eacute, "é", 11, 2),
        (Qt.Key.Key_ParenLeft, "(", 14, 5),
        (Qt.Key.Key_Plus, "+", 10, 1),  # Czech
        (Qt.Key.Key_A, "a", 38, None),
        (Qt.Key.Key_Left, "", 113, None),
    ],
)
def test_digits_go_by_the_key(key: Qt.Key, text: str, scan_code: int, digit: int | None) -> None:
    assert digit_of(pressed(key, text, scan_code)) == digit


@linux
@pytest.mark.parametrize(
    ("key", "text", "scan_code", "wanted"),
    [
        (0x0420, "р", 43, Qt.Key.Key_H),  # Russian
        (0x3157, "ㅗ", 43, Qt.Key.Key_H),  # Korean
        (Qt.Key.Key_unknown, "ㅗ", 43, Qt.Key.Key_H),
        # Where letters are Latin, they are what they say: W is where an American has Z.
        (Qt.Key.Key_W, "w", 52, Qt.Key.Key_W),
        (Qt.Key.Key_Agrave, "à", 19, Qt.Key.Key_0),
        (Qt.Key.Key_Minus, "-", 15, Qt.Key.Key_Minus),  # AZERTY
        (Qt.Key.Key_Delete, "\x7f", 119, Qt.Key.Key_Delete),
    ],
)
def test_letters_of_other_scripts_go_by_the_key(
    key: int, text: str, scan_code: int, wanted: Qt.Key
) -> None:
    assert pressed_key(pressed(key, text, scan_code)) == wanted


def test_a_digit_with_a_modifier_is_somebody_elses() -> None:
    control = Qt.KeyboardModifier.ControlModifier
    assert digit_of(pressed(Qt.Key.Key_1, "1", modifiers=control)) is None
    keypad = Qt.KeyboardModifier.KeypadModifier
    assert digit_of(pressed(Qt.Key.Key_1, "1", modifiers=keypad)) == 1
