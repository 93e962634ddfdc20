import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from fruitgui.models.photo_selection import PhotoSelection
from fruitgui.pages.evaluation.view import EvaluationView
from fruitgui.window import MainWindow
from tests.fruitgui.conftest import LONG
from tests.trainer.runs import new_run
from trainer import paths, synonyms
from trainer.changes import ChangeList
from trainer.dataset import open_data_set
from trainer.fit import fit
from trainer.run import Run


@pytest.fixture
def data(demo_folder: Path, tmp_path: Path) -> Path:
    """A data set of one's own, to be changed; one lime lies among the tomatoes."""
    folder = tmp_path / "과일"
    shutil.copytree(demo_folder, folder)
    lime = sorted((folder / "test" / "Lime").iterdir())[0]
    shutil.move(lime, folder / "test" / "Tomato" / "misplaced.jpg")
    return folder


@pytest.fixture
def run(data: Path) -> Run:
    """A model that knows these photos."""
    data_set = open_data_set(data)
    run = new_run(
        data_set,
        paths.runs_folder() / "20260101-000000-first",
        weights="starter",
        strategy="head",
        image_size=64,
        epochs=6,
    )
    list(fit(run, data_set))
    return run


@pytest.fixture
def view(window: MainWindow, qtbot: QtBot, run: Run) -> EvaluationView:
    """The evaluation of the model, on its test photos."""
    window.show_page(3)
    page = window.models
    page.refresh()
    qtbot.waitUntil(lambda: page.evaluation.model.offers(run.model_file), timeout=LONG)
    page.evaluate(run.model_file, None)
    view = page.evaluation
    settle(view, qtbot)
    assert view.result.isVisible()
    return view


def settle(view: EvaluationView, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not view.is_busy, timeout=LONG)


def shown(view: EvaluationView) -> list[str]:
    photos = view.result.photos.photos
    return [photos.row(number).photo.path.name for number in range(photos.rowCount())]


def click_cell(view: EvaluationView, qtbot: QtBot, label: str, answer: str) -> None:
    matrix = view.result.charts.matrix
    place = matrix.cell_rect(label, answer).center()
    qtbot.mouseClick(matrix.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_cell_of_the_matrix_shows_its_photos(view: EvaluationView, qtbot: QtBot) -> None:
    click_cell(view, qtbot, "Tomato", "Lime")
    assert shown(view) == ["misplaced.jpg"]
    qtbot.mouseClick(
        view.result.charts.matrix.viewport(),
        Qt.MouseButton.LeftButton,
        pos=view.result.charts.matrix.cell_rect("Banana", None).center(),
    )
    assert len(shown(view)) == 2
    assert "% right" in view.result.summary.figures.text()


def test_from_a_cell_to_a_new_label_and_back(
    view: EvaluationView, qtbot: QtBot, data: Path
) -> None:
    before = view.result.summary.figures.text()
    click_cell(view, qtbot, "Tomato", "Lime")
    photos = view.result.photos
    photos.grid.go_to(0)
    qtbot.keyClicks(photos.class_field, "Lime")
    qtbot.keyClick(photos.class_field, Qt.Key.Key_Return)
    settle(view, qtbot)
    qtbot.waitUntil(lambda: shown(view) == [], timeout=LONG)
    assert view.result.summary.figures.text() != before
    assert [change.label for change in ChangeList.of(data).changes] == ["Lime"]
    # The file is where it was.
    assert (data / "test" / "Tomato" / "misplaced.jpg").is_file()
    view.result.show_photos(PhotoSelection("changed"))
    assert shown(view) == ["misplaced.jpg"]

    qtbot.mouseClick(photos.undo, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    assert view.result.summary.figures.text() == before
    photos.redo_wanted.emit()
    settle(view, qtbot)
    assert view.result.summary.figures.text() != before
    assert ChangeList.of(data).count == 1


def test_photos_are_left_out_and_moved(view: EvaluationView, qtbot: QtBot, data: Path) -> None:
    view.result.show_photos(PhotoSelection("losses"))
    count = len(shown(view))
    photos = view.result.photos
    photos.grid.go_to(0)
    photos.grid.setFocus()
    qtbot.keyClick(photos.grid, Qt.Key.Key_Delete)
    settle(view, qtbot)
    assert len(shown(view)) == count - 1
    photos.grid.go_to(0)
    moved = shown(view)[0]
    actions = {action.text(): action for action in photos._move_menu.actions()}
    actions["Training photos"].trigger()
    settle(view, qtbot)
    assert moved not in shown(view)
    assert len(open_data_set(data).split("train")) == 3 * 12 + 1


def test_changes_are_applied_to_the_folder_and_put_back(
    view: EvaluationView, qtbot: QtBot, data: Path
) -> None:
    click_cell(view, qtbot, "Tomato", "Lime")
    photos = view.result.photos
    photos.grid.go_to(0)
    photos.class_field.class_entered.emit("Lime")
    settle(view, qtbot)
    photos._apply.trigger()
    settle(view, qtbot)
    assert (data / "test" / "Lime" / "misplaced.jpg").is_file()
    assert not ChangeList.of(data).changes
    assert "moved" in view.notice.text
    photos._put_back.trigger()
    settle(view, qtbot)
    assert (data / "test" / "Tomato" / "misplaced.jpg").is_file()
    assert ChangeList.of(data).count == 1


def test_a_photo_is_shown_large_with_its_heat_map(view: EvaluationView, qtbot: QtBot) -> None:
    click_cell(view, qtbot, "Tomato", "Lime")
    view.result.photos.grid.go_to(0)
    qtbot.keyClick(view.result.photos.grid, Qt.Key.Key_Return)
    photo = view.result.photo
    assert photo.isVisible()
    assert photo._label.text() == "Tomato"
    assert "Lime" in photo._answer.text()
    qtbot.keyClick(photo, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: photo.view.has_heat, timeout=LONG)
    # For the label instead of the answer.
    qtbot.mouseClick(photo.heat_class._segments["label"], Qt.MouseButton.LeftButton)
    assert not photo.view.has_heat
    qtbot.waitUntil(lambda: photo.view.has_heat, timeout=LONG)
    qtbot.keyClicks(photo.class_field, "Lime")
    qtbot.keyClick(photo.class_field, Qt.Key.Key_Return)
    # With its only photo gone from the cell, the charts come back.
    qtbot.waitUntil(lambda: not photo.isVisible(), timeout=LONG)
    settle(view, qtbot)


def test_two_models_are_held_against_each_other_photo_by_photo(
    window: MainWindow, view: EvaluationView, qtbot: QtBot, run: Run, data: Path
) -> None:
    data_set = open_data_set(data)
    worse = new_run(data_set, paths.runs_folder() / "20260102-000000-worse", epochs=1)
    list(fit(worse, data_set))
    window.models.refresh()
    qtbot.waitUntil(lambda: view.before.offers(worse.model_file), timeout=LONG)
    view.before.choose(worse.model_file)
    view.evaluate()
    qtbot.waitUntil(lambda: "mended" in view.result.summary.details.text(), timeout=LONG)
    view.result.show_photos(PhotoSelection("mended"))
    photos = view.result.photos.photos
    assert photos.rowCount() > 0
    for number in range(photos.rowCount()):
        row = photos.row(number)
        assert row.photo.is_right
        assert row.before is not None
        assert not row.before.is_right


def test_training_again_goes_back_to_what_changed(
    window: MainWindow, view: EvaluationView, qtbot: QtBot, run: Run, data: Path
) -> None:
    qtbot.mouseClick(view.result.summary.train_again, Qt.MouseButton.LeftButton)
    assert window.train.isVisible()
    qtbot.waitUntil(lambda: window.train.data.data is not None, timeout=LONG)
    assert window.train.form.recipe == run.recipe
    window.train.form.choose(epochs=1)
    window.train.start()
    qtbot.waitUntil(lambda: not window.train.is_training, timeout=LONG)
    window.show_page(3)
    qtbot.waitUntil(view.successor_offer.isVisible, timeout=LONG)
    qtbot.mouseClick(view.successor_offer._first, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "mended" in view.result.summary.details.text(), timeout=LONG)
    assert view.before.chosen == run.model_file
    assert view.model.chosen != run.model_file


def test_synonyms_merge_classes(view: EvaluationView, qtbot: QtBot) -> None:
    view.result.charts.show_chart("synonyms")
    editor = view.result.charts.synonyms
    strict = editor.figures.text()
    editor.text.setPlainText("Lime, Tomato")
    assert editor.figures.text() != strict
    qtbot.mouseClick(editor.keep, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    assert synonyms.read_groups() == (("Lime", "Tomato"),)
    assert "merged" in view.result.summary.details.text()


def test_bars_and_classes_show_their_photos(view: EvaluationView, qtbot: QtBot) -> None:
    charts = view.result.charts
    charts.show_chart("reliability")
    bins = view._evaluated.evaluation.reliability if view._evaluated else ()
    number = max(range(len(bins)), key=lambda each: bins[each].count)
    place = charts.reliability.bin_rect(number).center()
    qtbot.mouseClick(charts.reliability, Qt.MouseButton.LeftButton, pos=QPoint(place))
    assert len(shown(view)) == bins[number].count
    charts.show_chart("classes")
    index = charts.class_table.model().index(0, 0)
    charts.class_table.clicked.emit(index)
    assert view.result.photos._selection.label is not None


def test_what_cannot_be_evaluated_is_one_sentence(
    view: EvaluationView, qtbot: QtBot, tmp_path: Path, run: Run
) -> None:
    view.evaluate_model(run.model_file, tmp_path / "nowhere")
    qtbot.waitUntil(lambda: "There is no folder" in view.notice.text, timeout=LONG)
    # What was there stays.
    assert view.result.isVisible()
