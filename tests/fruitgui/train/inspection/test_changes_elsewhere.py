"""What is changed in the view counts on the Train page, and the other way round."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fruitgui.main_window import MainWindow
from fruitgui.train.inspection.view import InspectionView
from tests.fruitgui.train.inspection.looking import edits, left, opened, settle
from tests.trainer.photos import make
from trainer.data.label_edits import LabelEdit, LabelEdits


def note_elsewhere(window: MainWindow, data: Path, edit: LabelEdit) -> None:
    """Change something on another page."""
    window.show_page(3)
    LabelEdits.of(data).add(edit)
    window.models.data_changed.emit(data)
    window.show_page(2)


def test_back_on_the_train_page_the_photos_are_read_anew(
    window: MainWindow, view: InspectionView, qtbot: QtBot, data: Path
) -> None:
    view.show_section("dark")
    view.section.grid.setFocus()
    qtbot.keyClick(view.section.grid, Qt.Key.Key_Delete)
    settle(view, qtbot)
    qtbot.keyClick(view.section.grid, Qt.Key.Key_Escape)
    panel = window.train.data
    assert not view.isVisible()
    assert panel.is_reading
    qtbot.waitUntil(lambda: panel.data is not None)
    assert panel.data is not None
    # One of the doubles is not among them in any case.
    assert len(panel.data.photos) == 48
    # What was found is there at once.
    qtbot.mouseClick(window.train.choices.look, Qt.MouseButton.LeftButton)
    assert not view.is_looking
    assert left(view)["Dark"] == "0"


def test_what_is_changed_elsewhere_is_looked_through_anew(
    window: MainWindow, view: InspectionView, qtbot: QtBot, data: Path
) -> None:
    LabelEdits.of(data).add(LabelEdit(("test/Tomato/tested.jpg",), is_excluded=True))
    window.show_page(3)
    window.models.data_changed.emit(data)
    window.show_page(2)
    settle(view, qtbot)
    assert left(view)["Duplicates across splits"] == "0"


def test_what_was_not_looked_through_anew_is_said_to_be_older(
    window: MainWindow, view: InspectionView, qtbot: QtBot, data: Path
) -> None:
    tested = LabelEdit(("test/Tomato/tested.jpg",), is_excluded=True)
    note_elsewhere(window, data, tested)
    assert view.is_looking
    qtbot.mouseClick(view.cancel, Qt.MouseButton.LeftButton)
    assert "changed elsewhere" in view.older.text
    assert view.older.isVisible()
    # Nothing is changed by what may no longer be so.
    view.show_section("dark")
    view.section.grid.setFocus()
    qtbot.keyClick(view.section.grid, Qt.Key.Key_Delete)
    settle(view, qtbot)
    assert len(edits(data)) == 1
    # It is looked through anew the next time.
    qtbot.mouseClick(view.back, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(window.train.choices.look.isVisible)
    qtbot.mouseClick(window.train.choices.look, Qt.MouseButton.LeftButton)
    assert view.is_looking
    settle(view, qtbot)
    assert left(view)["Duplicates across splits"] == "0"
    assert view.older.isHidden()


def test_what_could_not_be_looked_through_anew_is_said_to_be_older(
    window: MainWindow, view: InspectionView, qtbot: QtBot, data: Path
) -> None:
    tested = LabelEdit(("test/Tomato/tested.jpg",), is_excluded=True)
    list_of_changes = LabelEdits.of(data).file
    note_elsewhere(window, data, tested)
    qtbot.mouseClick(view.cancel, Qt.MouseButton.LeftButton)
    list_of_changes.write_text("damaged")
    qtbot.mouseClick(view.again, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    assert "damaged" in view.notice.text
    assert view.older.isVisible()
    assert left(view)["Duplicates across splits"] == "1"
    list_of_changes.unlink()
    qtbot.mouseClick(view.again, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    assert view.older.isHidden()
    assert view.notice.isHidden()


def test_a_class_that_was_left_out_is_brought_back_on_the_train_page(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    data = make(tmp_path / "fruit", {"train/apple": 2, "train/pear": 2})
    view = opened(window, qtbot, data)
    view.show_section("class", "pear")
    view.section.grid.selectAll()
    qtbot.keyClick(view.section.grid, Qt.Key.Key_Delete)
    settle(view, qtbot)
    qtbot.mouseClick(view.back, Qt.MouseButton.LeftButton)
    panel = window.train.data
    qtbot.waitUntil(panel.take_back.isVisible)
    assert "fruit.changes.json” leave photos of 1 classes" in window.train.notice.text
    qtbot.mouseClick(panel.take_back, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(window.train.choices.look.isVisible)
    assert window.train.notice.isHidden()
    # What is shown there was from before.
    qtbot.mouseClick(window.train.choices.look, Qt.MouseButton.LeftButton)
    assert view.is_looking
    settle(view, qtbot)
    assert left(view)["Overview"] == "4"
