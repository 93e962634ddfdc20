"""Which key was pressed, whatever the layout writes with it."""

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_ROWS = (("1234567890", 2), ("QWERTYUIOP", 16), ("ASDFGHJKL", 30), ("ZXCVBNM", 44))
"""The keys of a row as an American keyboard names them, and the scan code of the first, which is
what Windows gives and Linux's drivers, too."""
_ZOOM = {Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Equal}
"""Looked for by what is printed on them, wherever they are."""
_X11_OFFSET = 8
"""X and Wayland count from here."""
_MAC = (
    *zip("1234567890", (18, 19, 20, 21, 23, 22, 26, 28, 25, 29), strict=True),
    *zip("QWERTYUIOP", (12, 13, 14, 15, 17, 16, 32, 34, 31, 35), strict=True),
    *zip("ASDFGHJKL", (0, 1, 2, 3, 5, 4, 38, 40, 37), strict=True),
    *zip("ZXCVBNM", (6, 7, 8, 9, 11, 45, 46), strict=True),
)
"""The virtual key codes of macOS, which are of places too."""


def pressed_key(event: QKeyEvent) -> Qt.Key:
    """The key of an event: a Latin letter or a digit by what it writes, any other that writes
    something by its place on an American keyboard.

    So that 1 is 1 where digits take Shift (AZERTY), and H is H where letters are Cyrillic or
    Hangul.
    """
    key = Qt.Key(event.key())
    return key if key in _ZOOM else _by_place(event)


def digit_of(event: QKeyEvent) -> int | None:
    """The digit of a key that was pressed alone; None of other keys."""
    number = _by_place(event) - Qt.Key.Key_0
    is_alone = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return number if is_alone and 0 <= number <= 9 else None


def _by_place(event: QKeyEvent) -> Qt.Key:
    key = Qt.Key(event.key())
    if _is_letter_or_digit(key) or not event.text().strip():
        return key
    return _key_at(event) or key


def _is_letter_or_digit(key: Qt.Key) -> bool:
    return Qt.Key.Key_0 <= key <= Qt.Key.Key_9 or Qt.Key.Key_A <= key <= Qt.Key.Key_Z


def _key_at(event: QKeyEvent) -> Qt.Key | None:
    if sys.platform == "darwin":
        name = _MAC_NAMES.get(event.nativeVirtualKey())
    else:
        offset = 0 if sys.platform == "win32" else _X11_OFFSET
        name = _NAMES.get(event.nativeScanCode() - offset)
    return Qt.Key(ord(name)) if name is not None else None


_NAMES = {first + place: name for row, first in _ROWS for place, name in enumerate(row)}
_MAC_NAMES = {code: name for name, code in _MAC}
