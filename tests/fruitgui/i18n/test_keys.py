"""Keys in sentences."""

import pytest

from fruitgui.i18n.keys import with_own_keys


@pytest.mark.parametrize(
    ("text", "on_a_mac"),
    [
        ("Undo (Ctrl+Z); Ctrl+Shift+Z to redo", "Undo (⌘Z); ⇧⌘Z to redo"),
        ("Keep this picture (Ctrl+Return)", "Keep this picture (⌘↩)"),
        ("Return to enlarge", "Return to enlarge"),
    ],
)
def test_a_mac_has_other_keys(text: str, on_a_mac: str) -> None:
    assert with_own_keys(text, "darwin") == on_a_mac
    assert with_own_keys(text, "win32") == text
