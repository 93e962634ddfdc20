import shutil
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from fruitgui.main_window import MainWindow
from fruitgui.train.inspection.photo_list import InspectedPhotoList
from fruitgui.train.inspection.view import InspectionView
from tests.fruitgui.train.inspection.looking import (
    edits,
    headings,
    left,
    left_out,
    opened,
    select,
    settle,
    shown,
    spoken,
)
from tests.trainer.edited_data import labelled
from tests.trainer.photos import make
from trainer.data.dataset import open_data_set
from trainer.data.label_edits import LabelEdit
from trainer.data.labels.label_source import LabelSource, keep


def test_a_data_set_is_looked_through(view: InspectionView) -> None:
    counts = left(view)
    assert counts["Overview"] == "50"
    assert counts["Exact duplicates"] == "1"
    assert counts["Duplicates across splits"] == "1"
    assert counts["Dark"] == "1"
    assert counts["Cannot be used"] == "1"
    view.show_section("duplicates")
    assert set(shown(view)) >= {"again.jpg", "tested.jpg"}
    # The one to test with comes last: the others are better kept.
    assert shown(view)[-1] == "tested.jpg"
    assert headings(view) == ["3 identical photos · Training / Test"]
    view.show_section("suspects")
    assert "misplaced.jpg" in shown(view)
    assert "looks like Banana" in spoken(view, "misplaced.jpg")
    view.show_section("left out")
    assert left_out(view) == ["train/Lime/notes.txt: not a picture"]


def test_what_was_left_out_is_found_again_and_used(
    view: InspectionView, qtbot: QtBot, data: Path
) -> None:
    view.show_section("dark")
    (name,) = shown(view)
    select(view, name)
    qtbot.mouseClick(view.section.actions_panel.exclude, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    assert left(view)["Left out by you"] == "1"
    view.show_section("excluded")
    assert shown(view) == [name]
    select(view, name)
    qtbot.mouseClick(view.section.actions_panel.exclude, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    assert left(view)["Left out by you"] == "0"
    assert edits(data)[-1].is_excluded is False


def test_a_wrong_label_is_mended_and_that_is_undone_and_done_again(
    view: InspectionView, qtbot: QtBot, data: Path
) -> None:
    before = left(view)
    view.show_section("suspects")
    select(view, "misplaced.jpg")
    take = view.section.actions_panel.take
    assert take.text() == "Change to Banana"
    qtbot.mouseClick(take, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    assert [edit.label for edit in edits(data)] == ["Banana"]
    assert (data / "train" / "Lime" / "misplaced.jpg").is_file()
    # It stays in sight, with what was decided.
    assert spoken(view, "misplaced.jpg").endswith("Banana, Training (Changed)")
    assert int(left(view)["Wrong labels?"]) == int(before["Wrong labels?"]) - 1
    qtbot.keyClick(view.section.grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(view, qtbot)
    assert edits(data) == []
    assert left(view) == before
    assert view.section.grid.selected()[0].path.name == "misplaced.jpg"
    redo = QKeySequence(QKeySequence.StandardKey.Redo)
    qtbot.keySequence(view.section.grid, redo)
    settle(view, qtbot)
    assert [edit.label for edit in edits(data)] == ["Banana"]


def test_a_label_that_is_right_is_kept_for_good(
    window: MainWindow, view: InspectionView, qtbot: QtBot, data: Path
) -> None:
    view.show_section("suspects")
    select(view, "misplaced.jpg")
    qtbot.mouseClick(view.section.actions_panel.keep, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    assert spoken(view, "misplaced.jpg").endswith("(Kept)")
    count = left(view)["Wrong labels?"]
    qtbot.mouseClick(view.again, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    assert left(view)["Wrong labels?"] == count
    view.show_section("suspects")
    assert spoken(view, shown(view)[-1]).endswith("(Kept)")
    assert labelled(open_data_set(data))["train"]["train/Lime/misplaced.jpg"] == "Lime"


def test_doubles_are_left_out_by_key_and_none_too_many(
    view: InspectionView, qtbot: QtBot, data: Path
) -> None:
    view.show_section("across splits")
    select(view, "tested.jpg")
    qtbot.keyClick(view.section.grid, Qt.Key.Key_Delete)
    qtbot.keyClick(view.section.grid, Qt.Key.Key_Delete)
    settle(view, qtbot)
    places = [place for edit in edits(data) if edit.is_excluded for place in edit.photos]
    assert set(places) == {"test/Tomato/tested.jpg"}
    assert spoken(view, "tested.jpg").endswith("(Left out)")
    counts = left(view)
    assert counts["Duplicates across splits"] == "0"
    # Two are left that are learnt from.
    assert counts["Exact duplicates"] == "1"
    assert counts["Overview"] == "49"
    select(view, "tested.jpg")
    qtbot.mouseClick(view.section.actions_panel.keep, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    assert left(view)["Duplicates across splits"] == "1"


def test_of_equal_photos_one_of_each_is_kept(
    view: InspectionView, qtbot: QtBot, data: Path
) -> None:
    view.show_section("duplicates")
    qtbot.mouseClick(view.section.one_of_each, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    assert left(view)["Exact duplicates"] == "0"
    (edit,) = edits(data)
    assert len(edit.photos) == 2
    assert "test/Tomato/tested.jpg" in edit.photos
    assert view.section.one_of_each.isHidden()
    assert len(shown(view)) == 3


def test_photos_are_moved_to_the_split_of_their_doubles(
    view: InspectionView, qtbot: QtBot, data: Path
) -> None:
    view.show_section("across splits")
    select(view, "tested.jpg")
    actions = {each.text(): each for each in view.section.actions_panel.move_menu.actions()}
    actions["Training"].trigger()
    settle(view, qtbot)
    assert left(view)["Duplicates across splits"] == "0"
    assert "test/Tomato/tested.jpg" in labelled(open_data_set(data))["train"]


def test_headings_cannot_be_selected_and_keys_pass_over_them(
    view: InspectionView, qtbot: QtBot
) -> None:
    view.show_section("class", "Tomato")
    grid = view.section.grid
    assert headings(view)[0].startswith("Training: ")
    assert len(headings(view)) == 3
    grid.selectAll()
    assert len(grid.selected()) == len(shown(view))
    select(view, shown(view)[0])
    for _ in range(10):
        qtbot.keyClick(grid, Qt.Key.Key_Down)
    assert grid.currentIndex().data(InspectedPhotoList.PhotoRole).split == "test"


def test_classes_are_counted_and_show_their_photos(view: InspectionView, qtbot: QtBot) -> None:
    table = view.overview.table
    rows = [
        [table.model().index(row, column).data() for column in range(4)]
        for row in range(table.model().rowCount())
    ]
    assert rows == [
        ["Banana", "11", "2", "2"],
        ["Lime", "13", "2", "2"],
        ["Tomato", "13", "2", "3"],
    ]
    table.clicked.emit(table.model().index(1, 0))
    assert "misplaced.jpg" in shown(view)
    assert len(shown(view)) == 17
    # Esc goes back, step by step.
    qtbot.keyClick(view.section.grid, Qt.Key.Key_Escape)
    assert view.overview.isVisible()


def test_a_photo_is_shown_large_and_decided_on_there(
    view: InspectionView, qtbot: QtBot, data: Path
) -> None:
    view.show_section("suspects")
    select(view, "misplaced.jpg")
    qtbot.keyClick(view.section.grid, Qt.Key.Key_Return)
    photo = view.section.photo
    assert photo.isVisible()
    qtbot.waitUntil(lambda: photo.view._photo.pixmap().width() == 64)
    field = photo.actions_panel.class_field
    qtbot.keyClicks(field, "tomat")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    settle(view, qtbot)
    assert [edit.label for edit in edits(data)] == ["Tomato"]
    qtbot.keyClick(photo, Qt.Key.Key_Escape)
    assert not photo.isVisible()
    assert view.section.grid.isVisible()


def test_looking_can_be_given_up(window: MainWindow, qtbot: QtBot, data: Path) -> None:
    window.show_page(2)
    page = window.train
    page.use_data(data)
    qtbot.waitUntil(page.choices.look.isVisible)
    qtbot.mouseClick(page.choices.look, Qt.MouseButton.LeftButton)
    view = page.inspection
    qtbot.mouseClick(view.cancel, Qt.MouseButton.LeftButton)
    assert not view.isVisible()
    assert not view.is_looking
    # And begun again.
    qtbot.mouseClick(page.choices.look, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    assert left(view)["Dark"] == "1"


def test_what_cannot_be_looked_through_is_one_sentence(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.show_page(2)
    page = window.train
    data = make(tmp_path / "fruit", {"apple": 2, "pear": 2})
    page.use_data(data)
    qtbot.waitUntil(page.choices.look.isVisible)
    shutil.move(data, data.with_name("elsewhere"))
    qtbot.mouseClick(page.choices.look, Qt.MouseButton.LeftButton)
    settle(page.inspection, qtbot)
    assert "There is no folder" in page.inspection.notice.text


def test_it_works_while_a_model_is_trained(window: MainWindow, qtbot: QtBot, data: Path) -> None:
    window.show_page(2)
    page = window.train
    page.use_data(data)
    qtbot.waitUntil(page.choices.look.isVisible)
    page.form.choose(epochs=1000)
    page.start()
    qtbot.mouseClick(page.choices.look, Qt.MouseButton.LeftButton)
    settle(page.inspection, qtbot)
    assert page.is_training
    assert left(page.inspection)["Dark"] == "1"
    page.stop()
    qtbot.waitUntil(lambda: not page.is_training)


def test_it_follows_the_language(view: InspectionView, window: MainWindow, qtbot: QtBot) -> None:
    view.show_section("class", "Banana")
    table = view.overview.table.model()
    name = shown(view)[0]
    for language, banana in (("ko", "바나나"), ("en", "Banana")):
        window.set_language(language)
        qtbot.waitUntil(lambda banana=banana: table.index(0, 0).data() == banana)
        assert f": {banana}, " in spoken(view, name)


def test_a_data_set_without_faults_is_said_to_be_well(
    window: MainWindow, qtbot: QtBot, demo_folder: Path
) -> None:
    view = opened(window, qtbot, demo_folder)
    view.show_section("dark")
    assert view.section.empty.isVisible()
    assert view.section.empty.text() == "No photo is too dark."


def test_what_labels_from_a_file_leave_out_is_told(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    photos = make(tmp_path / "photos", {"": 8})
    table = tmp_path / "labels.csv"
    rows = [f"{number}.png,{'apple' if number < 3 else 'pear'}" for number in range(6)]
    table.write_text("\n".join(("file,label", *rows, "6.png,apple", "6.png,pear", "nope.jpg,pear")))
    view = opened(window, qtbot, keep(LabelSource(photos, table)))
    view.show_section("left out")
    assert left_out(view) == [
        "nope.jpg: it has a label, but is not there",
        "6.png: it has several labels",
        "7.png: it has no label",
    ]


def test_labels_that_cannot_be_judged_are_not_said_to_be_right(
    window: MainWindow, qtbot: QtBot, demo_folder: Path, tmp_path: Path
) -> None:
    data = tmp_path / "fruit"
    for name in ("Banana", "Lime"):
        (data / name).mkdir(parents=True)
        shutil.copy(min((demo_folder / "train" / name).iterdir()), data / name)
    view = opened(window, qtbot, data)
    assert "not every label could be judged" in view.overview.verdict
    view.show_section("suspects")
    assert view.section.empty.text().startswith("The labels could not be checked")


def test_decisions_of_one_click_are_taken_back_and_made_again_at_once(
    view: InspectionView, qtbot: QtBot, data: Path
) -> None:
    before = left(view)
    view.show_section("across splits")
    select(view, "again.jpg")
    qtbot.keyClick(view.section.grid, Qt.Key.Key_Delete)
    view.section.edits_wanted.emit(
        [
            LabelEdit(("train/Lime/misplaced.jpg",), label="Banana"),
            LabelEdit(("test/Tomato/tested.jpg",), label="Lime"),
        ]
    )
    settle(view, qtbot)
    assert [edit.label for edit in edits(data)] == [None, "Banana", "Lime"]
    qtbot.mouseClick(view.undo, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    assert [edit.label for edit in edits(data)] == [None]
    # Of those that were taken back, the one that is shown here is gone to.
    assert [photo.path.name for photo in view.section.grid.selected()] == ["tested.jpg"]
    qtbot.keySequence(view.section.grid, QKeySequence(QKeySequence.StandardKey.Redo))
    settle(view, qtbot)
    assert [edit.label for edit in edits(data)] == [None, "Banana", "Lime"]
    for _ in range(2):
        qtbot.mouseClick(view.undo, Qt.MouseButton.LeftButton)
        settle(view, qtbot)
    assert edits(data) == []
    assert left(view) == before


def test_a_photo_that_was_left_out_is_used_again_at_the_same_button(
    view: InspectionView, qtbot: QtBot, data: Path
) -> None:
    view.show_section("across splits")
    select(view, "tested.jpg")
    button = view.section.actions_panel.exclude
    assert button.text() == "Leave out"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    assert left(view)["Overview"] == "49"
    select(view, "tested.jpg")
    assert button.text() == "Use again"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    assert left(view)["Overview"] == "50"
    assert spoken(view, "tested.jpg").endswith("Test")
    select(view, "tested.jpg")
    assert button.text() == "Leave out"


def test_a_folder_of_another_kind_is_told_and_its_photos_get_the_right_label(
    window: MainWindow, qtbot: QtBot, demo_folder: Path, tmp_path: Path
) -> None:
    data = tmp_path / "fruit"
    shutil.copytree(demo_folder, data)
    for split in ("train", "validation", "test"):
        (data / split / "Tomato").rename(data / split / "Leek")
    view = opened(window, qtbot, data)
    said = "The photos of “Leek” look like “Tomato”. Check the name of the class."
    assert said in view.overview._warnings.text
    assert view.overview.verdict == "The photos of some classes look like other classes."
    (rename,) = view.overview.renaming_buttons
    assert rename.text() == "Rename “Leek” to “Tomato”"
    qtbot.mouseClick(rename, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    qtbot.waitUntil(lambda: said not in view.overview._warnings.text)
    assert view.overview.renaming_buttons == []
    assert "Leek" not in view._findings.counts()
    qtbot.mouseClick(view.undo, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    view.show_section("class", "Leek")
    view.section.grid.selectAll()
    field = view.section.actions_panel.class_field
    qtbot.keyClicks(field, "Toma")  # Offered, though there is no folder of that name.
    qtbot.keyClick(field, Qt.Key.Key_Return)
    settle(view, qtbot)
    qtbot.waitUntil(lambda: said not in view.overview._warnings.text)
    assert {edit.label for edit in edits(data)} == {"Tomato"}
    qtbot.mouseClick(view.undo, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    qtbot.waitUntil(lambda: said in view.overview._warnings.text)
