import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from fruitgui.main_window import MainWindow
from fruitgui.train.inspection.findings import SECTIONS
from fruitgui.train.inspection.photo_list import InspectedPhotoList
from fruitgui.train.inspection.view import InspectionView
from tests.trainer.edited_data import labelled
from tests.trainer.photos import make
from trainer.control import drain
from trainer.data.dataset import open_data_set
from trainer.data.label_edits import LabelEdit, LabelEdits
from trainer.data.labels.label_source import LabelSource, keep
from trainer.inspection.inspect import inspect


@pytest.fixture(scope="module")
def messy(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A banana among the limes, a tomato twice to learn from and once to test with, and one that
    is nearly black; its photos stay as they are."""
    folder = tmp_path_factory.mktemp("messy") / "과일"
    shutil.copytree(demo_folder, folder)
    bananas, tomatoes = (sorted((folder / "train" / n).iterdir()) for n in ("Banana", "Tomato"))
    shutil.move(bananas[0], folder / "train" / "Lime" / "misplaced.jpg")
    shutil.copy(tomatoes[0], folder / "train" / "Tomato" / "again.jpg")
    shutil.copy(tomatoes[0], folder / "test" / "Tomato" / "tested.jpg")
    with Image.open(tomatoes[1]) as image:
        dark = Image.fromarray((np.asarray(image) * 0.1).astype(np.uint8))
    dark.save(tomatoes[1])
    (folder / "train" / "Lime" / "notes.txt").write_text("mine")
    return folder


@pytest.fixture(scope="module")
def acquainted(messy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose caches know the photos."""
    home = tmp_path_factory.mktemp("acquainted")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FRUITGUI_HOME", str(home))
        drain(inspect(messy))
    return home


@pytest.fixture
def data(messy: Path, acquainted: Path, home: Path) -> Iterator[Path]:
    """The messy photos, known already, and changed by nobody."""
    shutil.copytree(acquainted, home, dirs_exist_ok=True)
    yield messy
    LabelEdits.of(messy).file.unlink(missing_ok=True)


@pytest.fixture
def view(window: MainWindow, qtbot: QtBot, data: Path) -> InspectionView:
    """What was found in it."""
    return opened(window, qtbot, data)


def opened(window: MainWindow, qtbot: QtBot, data: Path) -> InspectionView:
    window.show_page(2)
    page = window.train
    assert page.look.isHidden()
    page.use_data(data)
    qtbot.waitUntil(page.look.isVisible)
    qtbot.mouseClick(page.look, Qt.MouseButton.LeftButton)
    view = page.inspection
    assert view.isVisible()
    assert view.progress.isVisible()
    settle(view, qtbot)
    assert view.sections.isVisible()
    return view


def settle(view: InspectionView, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not view.is_busy)


def left(view: InspectionView) -> dict[str, str]:
    """What stands beside each section."""
    items = (view.sections.item(row) for row in range(len(SECTIONS)))
    spoken = (item.data(Qt.ItemDataRole.AccessibleTextRole) for item in items)
    return dict(text.rsplit(": ", 1) for text in spoken)


def shown(view: InspectionView) -> list[str]:
    return [path.name for path in view.section.photos.paths]


def left_out(view: InspectionView) -> list[str]:
    files = view.section.left_out
    assert view.section.files.isVisible()
    return [files.index(row).data() for row in range(files.rowCount())]


def headings(view: InspectionView) -> list[str]:
    photos = view.section.photos
    texts = (
        photos.index(row).data(InspectedPhotoList.HeadingRole) for row in range(photos.rowCount())
    )
    return [text for text in texts if text is not None]


def spoken(view: InspectionView, name: str) -> str:
    """What a screen reader says of a card."""
    photos = view.section.photos
    (path,) = (path for path in photos.paths if path.name == name)
    row = photos.row_of(path)
    assert row is not None
    return str(photos.index(row).data(Qt.ItemDataRole.AccessibleTextRole))


def select(view: InspectionView, name: str) -> None:
    grid, photos = view.section.grid, view.section.photos
    (row,) = (photos.row_of(path) for path in photos.paths if path.name == name)
    assert row is not None
    grid.go_to(row)
    grid.setFocus()


def edits(data: Path) -> list[LabelEdit]:
    return LabelEdits.of(data).edits


def test_a_data_set_is_looked_through(view: InspectionView) -> None:
    counts = left(view)
    assert counts["Overview"] == "50"
    assert counts["Equal photos"] == "1"
    assert counts["Doubles across splits"] == "1"
    assert counts["Dark"] == "1"
    assert counts["Left out"] == "1"
    view.show_section("duplicates")
    assert set(shown(view)) >= {"again.jpg", "tested.jpg"}
    # The one to test with comes last: the others are better kept.
    assert shown(view)[-1] == "tested.jpg"
    assert headings(view) == ["3 equal photos · Training / Test"]
    view.show_section("suspects")
    assert "misplaced.jpg" in shown(view)
    assert "looks like Banana" in spoken(view, "misplaced.jpg")
    view.show_section("left out")
    assert left_out(view) == ["train/Lime/notes.txt: not a picture"]


def test_a_wrong_label_is_mended_and_that_is_undone_and_done_again(
    view: InspectionView, qtbot: QtBot, data: Path
) -> None:
    before = left(view)
    view.show_section("suspects")
    select(view, "misplaced.jpg")
    take = view.section.actions_panel.take
    assert take.text() == "It is Banana"
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
    assert counts["Doubles across splits"] == "0"
    # Two are left that are learnt from.
    assert counts["Equal photos"] == "1"
    assert counts["Overview"] == "49"
    select(view, "tested.jpg")
    qtbot.mouseClick(view.section.actions_panel.keep, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    assert left(view)["Doubles across splits"] == "1"


def test_of_equal_photos_one_of_each_is_kept(
    view: InspectionView, qtbot: QtBot, data: Path
) -> None:
    view.show_section("duplicates")
    qtbot.mouseClick(view.section.one_of_each, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    assert left(view)["Equal photos"] == "0"
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
    assert left(view)["Doubles across splits"] == "0"
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
    qtbot.mouseClick(window.train.look, Qt.MouseButton.LeftButton)
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
    assert left(view)["Doubles across splits"] == "0"


def test_looking_can_be_given_up(window: MainWindow, qtbot: QtBot, data: Path) -> None:
    window.show_page(2)
    page = window.train
    page.use_data(data)
    qtbot.waitUntil(page.look.isVisible)
    qtbot.mouseClick(page.look, Qt.MouseButton.LeftButton)
    view = page.inspection
    qtbot.mouseClick(view.cancel, Qt.MouseButton.LeftButton)
    assert not view.isVisible()
    assert not view.is_looking
    # And begun again.
    qtbot.mouseClick(page.look, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    assert left(view)["Dark"] == "1"


def test_what_cannot_be_looked_through_is_one_sentence(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.show_page(2)
    page = window.train
    data = make(tmp_path / "fruit", {"apple": 2, "pear": 2})
    page.use_data(data)
    qtbot.waitUntil(page.look.isVisible)
    shutil.move(data, data.with_name("elsewhere"))
    qtbot.mouseClick(page.look, Qt.MouseButton.LeftButton)
    settle(page.inspection, qtbot)
    assert "There is no folder" in page.inspection.notice.text


def test_it_works_while_a_model_is_trained(window: MainWindow, qtbot: QtBot, data: Path) -> None:
    window.show_page(2)
    page = window.train
    page.use_data(data)
    qtbot.waitUntil(page.look.isVisible)
    page.form.choose(epochs=1000)
    page.start()
    qtbot.mouseClick(page.look, Qt.MouseButton.LeftButton)
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
    assert view.section.empty.text().startswith("Which labels are wrong cannot be told")


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


def note_elsewhere(window: MainWindow, data: Path, edit: LabelEdit) -> None:
    """Change something on another page."""
    window.show_page(3)
    LabelEdits.of(data).add(edit)
    window.models.data_changed.emit(data)
    window.show_page(2)


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
    qtbot.waitUntil(window.train.look.isVisible)
    qtbot.mouseClick(window.train.look, Qt.MouseButton.LeftButton)
    assert view.is_looking
    settle(view, qtbot)
    assert left(view)["Doubles across splits"] == "0"
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
    assert left(view)["Doubles across splits"] == "1"
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
    qtbot.waitUntil(window.train.look.isVisible)
    assert window.train.notice.isHidden()
    # What is shown there was from before.
    qtbot.mouseClick(window.train.look, Qt.MouseButton.LeftButton)
    assert view.is_looking
    settle(view, qtbot)
    assert left(view)["Overview"] == "4"
