import pytest
from PySide6.QtGui import QTextDocument

from fruitgui.widgets.tool_tip import plain


@pytest.mark.parametrize("text", ["<b>x.jpg", "<img src='x'>\n<i>Apple</i> & co", "a < b", "사과"])
def test_a_name_that_looks_like_a_tag_is_shown_as_it_is(text: str) -> None:
    shown = plain(text)
    document = QTextDocument()
    if shown == text:
        document.setPlainText(shown)
    else:
        document.setHtml(shown)
    assert document.toPlainText() == text
