from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fruitgui.i18n.language import Translation
from fruitgui.widgets.class_field import ClassField


def test_a_syllable_that_is_being_composed_finds_classes(
    qtbot: QtBot, english: Translation
) -> None:
    field = ClassField()
    qtbot.addWidget(field)
    field.show()
    english.install("ko")
    try:
        field.offer(["Tomato", "Apple"])
        QApplication.sendEvent(field, QInputMethodEvent("사", []))
        assert field._names.stringList()[0].startswith("사과")
        QApplication.sendEvent(field, QInputMethodEvent("토", []))
        assert field._names.stringList()[0].startswith("토마토")
        commit = QInputMethodEvent()
        commit.setCommitString("토")
        QApplication.sendEvent(field, commit)
        QApplication.sendEvent(field, QInputMethodEvent("마", []))
        assert field._names.stringList()[0].startswith("토마토")
    finally:
        field.popup.hide()
        english.install("en")


def test_a_name_that_is_only_part_of_a_known_one_is_a_new_class(
    qtbot: QtBot, english: Translation
) -> None:
    field = ClassField()
    qtbot.addWidget(field)
    field.show()
    entered: list[str] = []
    field.class_entered.connect(entered.append)
    field.offer(["Red cabbage", "Cabbage patch", "Leek"])
    qtbot.keyClicks(field, "cabbage")
    assert field._names.stringList() == ["Cabbage patch", "New class “cabbage”", "Red cabbage"]
    field.clear()
    qtbot.keyClicks(field, "eek")
    assert field._names.stringList() == ["New class “eek”", "Leek"]
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert entered == ["eek"]
    # What is called so is taken, and beginnings are completed.
    qtbot.keyClicks(field, "lee")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert entered == ["eek", "Leek"]
