from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fruitgui.widgets.warning_list import WarningList
from trainer.data.left_out import single_photos, unreadable
from trainer.errors import TrainerError


def many(count: int) -> list[TrainerError]:
    return [unreadable(number, f"{number}.jpg") for number in range(1, count + 1)]


def test_a_few_warnings_are_shown_a_line_each(qtbot: QtBot) -> None:
    warnings = WarningList()
    qtbot.addWidget(warnings)
    assert warnings.isHidden()
    warnings.show_warnings([*many(2), single_photos(["<b>apple</b>"])])
    assert not warnings.isHidden()
    assert warnings.more.isHidden()
    first, _, last = warnings.text.splitlines()
    assert first.startswith("• Left out: photos that cannot be read (1, such as “1.jpg”)")
    assert "“<b>apple</b>”" in last
    warnings.show_warnings([])
    assert warnings.isHidden()


def test_many_warnings_are_folded(qtbot: QtBot) -> None:
    warnings = WarningList()
    qtbot.addWidget(warnings)
    warnings.show_warnings(many(10))
    assert len(warnings.text.splitlines()) == 3
    assert "7" in warnings.more.text()
    qtbot.mouseClick(warnings.more, Qt.MouseButton.LeftButton)
    assert len(warnings.text.splitlines()) == 10
    qtbot.mouseClick(warnings.more, Qt.MouseButton.LeftButton)
    assert len(warnings.text.splitlines()) == 3
    warnings.show_warnings(many(4))
    assert len(warnings.text.splitlines()) == 4
