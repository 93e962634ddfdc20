"""What takes less width where there is little of it."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fruitgui.widgets.folding import FoldingBar, FoldingRow
from fruitgui.widgets.icon_button import IconButton


@pytest.fixture
def bar(app: QApplication, qtbot: QtBot) -> Iterator[FoldingBar]:
    """Three buttons; the first two lose their names, the second one first."""
    page = QWidget()
    qtbot.addWidget(page)
    bar = FoldingBar(page)
    layout = QHBoxLayout(bar)
    for name in ("Open a folder", "Paste a picture", "Start"):
        button = IconButton("open")
        button.setText(name)
        layout.addWidget(button)
    first, second, _ = buttons(bar)
    bar.set_folding((second,), (first,))
    with qtbot.waitExposed(page):
        page.show()
    yield bar


def buttons(bar: FoldingBar) -> list[IconButton]:
    return bar.findChildren(IconButton)


def texts(bar: FoldingBar) -> list[str]:
    return [button.text() for button in buttons(bar)]


def test_names_go_one_after_the_other_and_come_back(bar: FoldingBar, qtbot: QtBot) -> None:
    bar.resize(1000, 40)
    wide = bar.sizeHint().width()
    bar.resize(wide, 40)
    assert texts(bar) == ["Open a folder", "Paste a picture", "Start"]
    bar.resize(wide - 1, 40)
    assert texts(bar) == ["Open a folder", "", "Start"]
    folded = buttons(bar)[1]
    assert (folded.accessibleName(), folded.toolTip()) == ("Paste a picture", "Paste a picture")
    bar.resize(bar.minimumSizeHint().width(), 40)
    assert texts(bar) == ["", "", "Start"]
    assert bar.layout().minimumSize().width() <= bar.width()
    bar.resize(wide, 40)
    assert texts(bar) == ["Open a folder", "Paste a picture", "Start"]
    assert (folded.accessibleName(), folded.toolTip()) == ("", "")


def test_a_folded_button_can_be_named_anew_and_keeps_a_tool_tip_of_its_own(
    bar: FoldingBar, qtbot: QtBot
) -> None:
    first, second, _ = buttons(bar)
    first.setToolTip("Ctrl+O")
    bar.resize(bar.minimumSizeHint().width(), 40)
    second.setText("Coller")
    assert (second.text(), second.accessibleName(), second.toolTip()) == ("", "Coller", "Coller")
    assert (first.accessibleName(), first.toolTip()) == ("Open a folder", "Ctrl+O")


def test_a_text_beside_them_is_cut_last(bar: FoldingBar, qtbot: QtBot) -> None:
    first, second, _ = buttons(bar)
    bar.resize(1000, 40)
    wide = bar.sizeHint().width()
    bar.set_folding((second,), (first,), text_width=100)
    bar.resize(wide + 100, 40)
    assert texts(bar) == ["Open a folder", "Paste a picture", "Start"]
    bar.resize(wide + 99, 40)
    assert texts(bar) == ["Open a folder", "", "Start"]


def test_a_tool_tip_that_is_taken_away_leaves_the_name(bar: FoldingBar, qtbot: QtBot) -> None:
    first = buttons(bar)[0]
    bar.resize(bar.minimumSizeHint().width(), 40)
    first.setToolTip("A folder")
    assert first.toolTip() == "A folder"
    first.setToolTip("")
    assert first.toolTip() == "Open a folder"


def test_a_button_that_comes_takes_the_room_of_names(bar: FoldingBar, qtbot: QtBot) -> None:
    bar.resize(1000, 40)
    bar.resize(bar.sizeHint().width(), 40)
    button = IconButton("stop")
    button.setText("Stop")
    layout = bar.layout()
    assert layout is not None
    layout.addWidget(button)
    qtbot.waitUntil(lambda: texts(bar) == ["Open a folder", "", "Start", "Stop"])


def test_side_by_side_or_one_below_the_other(app: QApplication, qtbot: QtBot) -> None:
    left, right = QWidget(), QWidget()
    for widget in (left, right):
        widget.setMinimumSize(100, 50)
    page = QWidget()
    qtbot.addWidget(page)
    row = FoldingRow(left, right)
    row.setParent(page)
    with qtbot.waitExposed(page):
        page.show()
    row.resize(300, 200)
    qtbot.waitUntil(lambda: left.y() == right.y())
    assert row.minimumSizeHint().width() == 100
    row.resize(150, 200)
    qtbot.waitUntil(lambda: left.x() == right.x())
    row.resize(300, 200)
    qtbot.waitUntil(lambda: left.y() == right.y())
    right.setMinimumWidth(250)
    qtbot.waitUntil(lambda: left.x() == right.x())
