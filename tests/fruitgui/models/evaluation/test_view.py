import dataclasses
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from fruitgui.main_window import MainWindow
from fruitgui.models.evaluation.photo_selection import PhotoSelection
from fruitgui.models.evaluation.view import EvaluationView
from tests.homes import relocate
from tests.trainer.runs import new_run
from trainer import paths
from trainer.data import synonyms
from trainer.data.dataset import open_data_set
from trainer.data.label_edits import LabelEdit, LabelEdits
from trainer.errors import TrainerError
from trainer.events import PhotoSkipped
from trainer.experiments import run_database, run_trash
from trainer.experiments.run import Run, open_run
from trainer.training.fit import fit

RUN = "20260101-000000-first"


@pytest.fixture(scope="module")
def trained(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set in which one lime lies among the tomatoes, and the home of a user with a model
    that knows these photos. To be copied."""
    folder = tmp_path_factory.mktemp("trained")
    data = folder / "과일"
    shutil.copytree(demo_folder, data)
    lime = sorted((data / "test" / "Lime").iterdir())[0]
    shutil.move(lime, data / "test" / "Tomato" / "misplaced.jpg")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FRUITGUI_HOME", str(folder / "home"))
        data_set = open_data_set(data)
        run = new_run(
            data_set,
            paths.runs_folder() / RUN,
            model="tf_efficientnet_lite0",
            weights="imagenet",
            strategy="head",
            image_size=160,
            epochs=16,
        )
        list(fit(run, data_set))
    return folder


@pytest.fixture
def data(trained: Path, home: Path, tmp_path: Path) -> Path:
    """A data set of one's own, to be changed."""
    shutil.copytree(trained, tmp_path, dirs_exist_ok=True)
    relocate(tmp_path, home, trained.as_posix())
    return tmp_path / "과일"


@pytest.fixture
def run(data: Path) -> Run:
    """A model that knows these photos."""
    return open_run(RUN)


@pytest.fixture
def view(window: MainWindow, qtbot: QtBot, run: Run) -> EvaluationView:
    """The evaluation of the model, on its test photos."""
    window.show_page(3)
    page = window.models
    page.refresh()
    qtbot.waitUntil(lambda: page.evaluation.bar.model.offers(run.model_file))
    page.evaluate(run.model_file, None)
    view = page.evaluation
    settle(view, qtbot)
    assert view.result.isVisible()
    return view


def settle(view: EvaluationView, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not view.is_busy)


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
    assert "Accuracy " in view.result.summary.figures.text()


@pytest.mark.parametrize(
    ("selection", "hint"),
    [
        (PhotoSelection("changed"), "You have changed no label here."),
        (PhotoSelection("mended"), "There are none. Choose under “Compare with…” "),
        (PhotoSelection("broken"), "There are none. Choose under “Compare with…” "),
        (PhotoSelection("cell", "Lime", "Tomato"), "There are no such photos. "),
    ],
)
def test_where_there_are_no_photos_it_says_what_that_means(
    view: EvaluationView, selection: PhotoSelection, hint: str
) -> None:
    photos = view.result.photos
    assert shown(view) == ["misplaced.jpg"]
    assert photos._hint.text().startswith("Select photos")
    view.result.show_photos(selection)
    assert shown(view) == []
    assert photos._hint.text().startswith(hint)


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
    qtbot.waitUntil(lambda: shown(view) == [])
    assert view.result.summary.figures.text() != before
    assert [edit.label for edit in LabelEdits.of(data).edits] == ["Lime"]
    # The file is where it was.
    assert (data / "test" / "Tomato" / "misplaced.jpg").is_file()
    view.result.show_photos(PhotoSelection("mistakes"))
    assert photos._hint.text() == "No answer is wrong."
    view.result.show_photos(PhotoSelection("changed"))
    assert shown(view) == ["misplaced.jpg"]

    qtbot.mouseClick(photos.undo, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    assert view.result.summary.figures.text() == before
    photos.redo_wanted.emit()
    settle(view, qtbot)
    assert view.result.summary.figures.text() != before
    assert LabelEdits.of(data).count == 1


def test_figures_of_doubles_alone_are_not_shown_without_a_word(view: EvaluationView) -> None:
    summary, evaluated = view.result.summary, view._evaluated
    assert evaluated is not None
    assert "all of them are" not in summary.details.text()
    paths = evaluated.evaluation.paths
    doubled = dataclasses.replace(evaluated, doubles=frozenset(paths))
    summary.show_evaluation(doubled, None, str)
    assert (
        "all of them are the same, or nearly the same, as training photos" in summary.details.text()
    )
    summary.show_evaluation(dataclasses.replace(evaluated, doubles=frozenset(paths[1:])), None, str)
    assert "all of them are" not in summary.details.text()


def test_reasons_are_shown_as_they_are_written(view: EvaluationView) -> None:
    summary, evaluated = view.result.summary, view._evaluated
    assert evaluated is not None
    reason = TrainerError("“{path}” cannot be read.", path="<img src=x>.jpg")
    skipped = (PhotoSkipped(Path("<img src=x>.jpg"), reason),)
    summary.show_evaluation(dataclasses.replace(evaluated, skipped=skipped), None, str)
    assert "&lt;img src=x&gt;.jpg" in summary.details.toolTip()


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
    photos.edits_menu.apply.trigger()
    # It asks first.
    assert "will be moved" in view.notice.text
    assert (data / "test" / "Tomato" / "misplaced.jpg").is_file()
    qtbot.mouseClick(view.notice._first, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    assert (data / "test" / "Lime" / "misplaced.jpg").is_file()
    assert not LabelEdits.of(data).edits
    assert "moved" in view.notice.text
    # What the list says by now is not the user's to undo.
    assert not photos.undo.isEnabled()
    assert photos.edits.text() == "0 changes"
    photos.edits_menu.revert_edits.trigger()
    settle(view, qtbot)
    assert (data / "test" / "Tomato" / "misplaced.jpg").is_file()
    assert LabelEdits.of(data).count == 1


def test_a_photo_is_shown_large_with_its_heat_map(view: EvaluationView, qtbot: QtBot) -> None:
    click_cell(view, qtbot, "Tomato", "Lime")
    view.result.photos.grid.go_to(0)
    qtbot.keyClick(view.result.photos.grid, Qt.Key.Key_Return)
    photo = view.result.photo
    assert photo.isVisible()
    assert photo._label.text() == "Tomato"
    assert "Lime" in photo._answer.text()
    qtbot.keyClick(photo, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: photo.view.has_heat)
    # For the label instead of the answer.
    qtbot.mouseClick(photo.heat_class._segments["label"], Qt.MouseButton.LeftButton)
    assert not photo.view.has_heat
    qtbot.waitUntil(lambda: photo.view.has_heat)
    qtbot.keyClicks(photo.class_field, "Lime")
    qtbot.keyClick(photo.class_field, Qt.Key.Key_Return)
    # With its only photo gone from the cell, the charts come back.
    qtbot.waitUntil(lambda: not photo.isVisible())
    settle(view, qtbot)


def test_two_models_are_held_against_each_other_photo_by_photo(
    window: MainWindow, view: EvaluationView, qtbot: QtBot, run: Run, data: Path
) -> None:
    data_set = open_data_set(data)
    worse = new_run(data_set, paths.runs_folder() / "20260102-000000-worse", epochs=1)
    list(fit(worse, data_set))
    window.models.refresh()
    qtbot.waitUntil(lambda: view.before.offers(worse.model_file))
    view.before.choose(worse.model_file)
    view.evaluate()
    qtbot.waitUntil(lambda: "the other model" in view.result.summary.details.text())
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
    qtbot.waitUntil(lambda: window.train.data.data is not None)
    assert window.train.form.recipe == run.recipe
    window.train.form.choose(epochs=1)
    window.train.start()
    qtbot.waitUntil(lambda: not window.train.is_training)
    window.show_page(3)
    qtbot.waitUntil(view.successor_offer.isVisible)
    qtbot.mouseClick(view.successor_offer._first, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "the other model" in view.result.summary.details.text())
    assert view.before.chosen == run.model_file
    assert view.bar.model.chosen != run.model_file


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
    qtbot.waitUntil(lambda: "There is no folder" in view.notice.text)
    # What was there stays.
    assert view.result.isVisible()


def test_changes_are_taken_back_by_keys_wherever_they_are_made(
    view: EvaluationView, qtbot: QtBot, data: Path
) -> None:
    view.result.show_photos(PhotoSelection("losses"))
    view.result.photos.grid.go_to(0)
    qtbot.keyClick(view.result.photos.grid, Qt.Key.Key_Return)
    photo = view.result.photo
    qtbot.keyClick(photo, Qt.Key.Key_Delete)
    settle(view, qtbot)
    assert LabelEdits.of(data).count == 1
    qtbot.keyClick(photo, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(view, qtbot)
    assert LabelEdits.of(data).count == 0


def test_working_down_a_list_by_keys_keeps_its_place(
    view: EvaluationView, qtbot: QtBot, data: Path
) -> None:
    view.result.show_photos(PhotoSelection("losses"))
    grid = view.result.photos.grid
    grid.setFocus()
    grid.go_to(2)
    after = shown(view)[3]
    # A second press, before the first has shown, leaves nothing out twice.
    qtbot.keyClick(grid, Qt.Key.Key_Delete)
    qtbot.keyClick(grid, Qt.Key.Key_Delete)
    settle(view, qtbot)
    assert LabelEdits.of(data).count == 1
    assert shown(view)[grid.currentIndex().row()] == after


def test_typing_goes_on_while_an_earlier_change_is_shown(
    view: EvaluationView, qtbot: QtBot, data: Path
) -> None:
    view.result.show_photos(PhotoSelection("losses"))
    photos = view.result.photos
    photos.grid.go_to(0)
    photos.exclude.click()
    photos.grid.go_to(2)
    photos.class_field.setFocus()
    settle(view, qtbot)
    assert photos.class_field.hasFocus()
    qtbot.keyClicks(photos.class_field, "red apple")
    assert photos.class_field.text() == "red apple"
    assert LabelEdits.of(data).count == 1


def test_the_users_own_photos_stay_when_another_model_is_chosen(
    view: EvaluationView, qtbot: QtBot, demo_folder: Path
) -> None:
    view.bar.choose_data(demo_folder)
    settle(view, qtbot)
    assert view.bar.model.choose(paths.starter_model())
    view.bar.model.activated.emit(view.bar.model.currentIndex())
    settle(view, qtbot)
    assert view._evaluated is not None
    assert view._evaluated.model == paths.starter_model()
    assert view._evaluated.data.root == demo_folder


def test_a_change_counts_where_it_was_made(
    view: EvaluationView, qtbot: QtBot, data: Path, tmp_path: Path
) -> None:
    """Also after another folder was chosen in vain: what is shown is what is changed."""
    view.bar.choose_data(tmp_path / "nowhere")
    qtbot.waitUntil(lambda: "There is no folder" in view.notice.text)
    click_cell(view, qtbot, "Tomato", "Lime")
    view.result.photos.grid.go_to(0)
    view.result.photos.class_field.class_entered.emit("Lime")
    settle(view, qtbot)
    assert shown(view) == []
    assert view.result.photos.undo.isEnabled()
    assert LabelEdits.of(data).count == 1


def test_of_quick_choices_only_the_last_is_evaluated(view: EvaluationView, qtbot: QtBot) -> None:
    evaluated: list[str] = []
    shows = view.result.charts.show_evaluation
    view.result.charts.show_evaluation = (  # type: ignore[method-assign]
        lambda each: (evaluated.append(each.split), shows(each))[1]
    )
    for split in ("test", "validation", "train", "all"):
        view.bar.split.setCurrentIndex(view.bar.split.findData(split))
        view.evaluate()
    settle(view, qtbot)
    assert evaluated == ["all"]


def test_a_model_that_has_gone_is_told_and_none_takes_its_place(
    window: MainWindow, view: EvaluationView, qtbot: QtBot, run: Run
) -> None:
    run_trash.move_to_trash([run.id])
    window.models.refresh()
    qtbot.waitUntil(lambda: "no longer there" in view.notice.text)
    assert view.bar.model.chosen is None
    assert not view.bar.start.isEnabled()
    # What it came to is still to be seen.
    assert view.result.isVisible()
    run_database.restore([run.id])
    window.models.refresh()
    qtbot.waitUntil(lambda: view.bar.model.chosen == run.model_file)
    assert view.bar.start.isEnabled()
    assert not view.notice.isVisible()


def test_a_folder_that_is_dropped_is_evaluated(
    view: EvaluationView, qtbot: QtBot, demo_folder: Path
) -> None:
    data = QMimeData()
    # As browsers and file managers mix them.
    data.setUrls([QUrl("https://example.org/"), QUrl.fromLocalFile(str(demo_folder))])
    view.dropEvent(
        QDropEvent(
            QPointF(50, 50),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    settle(view, qtbot)
    assert view._evaluated is not None
    assert view._evaluated.data.root == demo_folder


def test_an_abandoned_choice_that_fails_takes_nothing_from_the_next(
    view: EvaluationView, qtbot: QtBot, demo_folder: Path, tmp_path: Path
) -> None:
    view.bar.choose_data(tmp_path / "nowhere")
    view.bar.choose_data(demo_folder)
    settle(view, qtbot)
    assert view._evaluated is not None
    assert view._evaluated.data.root == demo_folder
    assert view.bar.request is not None
    assert view.bar.request.data == demo_folder
    assert not view.notice.isVisible()


def test_a_change_can_be_undone_though_the_evaluation_after_it_was_stopped(
    view: EvaluationView, qtbot: QtBot, data: Path
) -> None:
    click_cell(view, qtbot, "Tomato", "Lime")
    view.result.photos.grid.go_to(0)
    view.result.photos.class_field.class_entered.emit("Lime")
    qtbot.mouseClick(view.bar.stop, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    assert LabelEdits.of(data).count == 1
    assert view.result.photos.undo.isEnabled()
    assert view.result.photos.edits.text() == "1 change"
    view.result.undo_wanted.emit()
    settle(view, qtbot)
    assert LabelEdits.of(data).count == 0


def test_a_question_about_one_folder_is_not_answered_for_another(
    view: EvaluationView, qtbot: QtBot, data: Path, demo_folder: Path
) -> None:
    view.result.changed.emit(LabelEdit(("test/Tomato/misplaced.jpg",), label="Lime"))
    settle(view, qtbot)
    view.bar.choose_data(demo_folder)
    # What is shown is still the other folder.
    view.result.photos.edits_menu.apply.trigger()
    assert "within “과일”" in view.notice.text
    settle(view, qtbot)
    assert view._evaluated is not None
    assert view._evaluated.data.root == demo_folder
    assert not view.notice.isVisible()
    view.notice.acted.emit()
    settle(view, qtbot)
    assert (data / "test" / "Tomato" / "misplaced.jpg").is_file()


def test_the_matrix_names_the_classes_of_what_is_shown(
    view: EvaluationView, qtbot: QtBot, data: Path
) -> None:
    """Also where another model's figures are the same."""
    before = view._evaluated
    assert before is not None
    old = before.evaluation.classes
    renamed = dataclasses.replace(
        before.evaluation, classes=tuple(f"{name} 2" for name in before.evaluation.classes)
    )
    view.result.charts.show_evaluation(dataclasses.replace(before, evaluation=renamed))
    matrix = view.result.charts.matrix
    assert matrix.cell_rect(old[0], old[0]).isNull()
    assert not matrix.cell_rect(f"{old[0]} 2", f"{old[0]} 2").isNull()


def test_another_models_answers_are_held_only_against_the_same_photos(
    window: MainWindow, view: EvaluationView, qtbot: QtBot
) -> None:
    view.before.choose(paths.starter_model())
    view.evaluate()
    qtbot.waitUntil(lambda: "the other model" in view.result.summary.details.text())
    settle(view, qtbot)
    held: list[str] = []
    shows = view.result.summary.show_evaluation
    view.result.summary.show_evaluation = (  # type: ignore[method-assign]
        lambda evaluated, before, text: (
            held.append(before.split if before else "none"),
            shows(evaluated, before, text),
        )[1]
    )
    view.bar.split.setCurrentIndex(view.bar.split.findData("validation"))
    view.evaluate()
    settle(view, qtbot)
    assert held == ["none", "validation"]


def test_one_change_of_several_is_taken_back(
    view: EvaluationView, qtbot: QtBot, data: Path
) -> None:
    view.result.changed.emit(LabelEdit(("test/Tomato/misplaced.jpg",), is_excluded=True))
    view.result.changed.emit(LabelEdit(("train/Lime/1.jpg", "train/Lime/2.jpg"), label="Tomato"))
    view.result.changed.emit(LabelEdit(("train/Lime/3.jpg",), split="test"))
    settle(view, qtbot)
    menu = view.result.photos.edits_menu
    menu.list.aboutToShow.emit()
    texts = [action.text() for action in menu.list.actions()]
    assert texts == ["3.jpg → test photos", "2 photos → Tomato", "misplaced.jpg: left out"]
    menu.list.actions()[2].trigger()
    settle(view, qtbot)
    assert [edit.is_excluded for edit in LabelEdits.of(data).edits] == [False, False]
    view.result.show_photos(PhotoSelection("losses"))
    assert "misplaced.jpg" in shown(view)


def test_other_pages_count_what_was_changed_here(
    window: MainWindow, view: EvaluationView, qtbot: QtBot, data: Path
) -> None:
    comparison, train = window.models.comparison.data, window.train.data
    comparison.use_data(data)
    train.use_data(data)
    qtbot.waitUntil(lambda: comparison.data is not None and train.data is not None)
    assert "Your changes count" not in comparison.warnings.text
    view.result.changed.emit(LabelEdit(("test/Tomato/misplaced.jpg",), label="Lime"))
    settle(view, qtbot)
    window.models.show_view("comparison")
    qtbot.waitUntil(lambda: "Your changes count" in comparison.warnings.text)
    window.show_page(2)
    qtbot.waitUntil(lambda: "Your changes count" in train.warnings.text)


def test_another_model_is_not_tested_on_what_it_has_learnt_either(
    window: MainWindow, view: EvaluationView, qtbot: QtBot, run: Run, data: Path, tmp_path: Path
) -> None:
    """Also where a folder is taken whole, because the model does not know it."""
    flat = tmp_path / "flat"
    for path in sorted(data.rglob("*.jpg")):
        target = flat / path.parent.name / f"{path.parents[1].name} {path.name}"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    view.before.choose(run.model_file)
    view.bar.model.choose(paths.starter_model())
    view.bar.choose_data(flat)
    settle(view, qtbot)
    qtbot.waitUntil(lambda: view._before is not None)
    assert view._evaluated is not None
    assert view._before is not None
    assert view._evaluated.split == "all"
    assert view._before.evaluation.n < view._evaluated.evaluation.n
    assert len(view._before.skipped) > 0


def test_a_data_set_that_cannot_be_read_for_a_while_comes_back(
    window: MainWindow, view: EvaluationView, qtbot: QtBot, data: Path
) -> None:
    panel = window.models.comparison.data
    panel.use_data(data)
    qtbot.waitUntil(lambda: panel.data is not None)
    one_class = open_data_set(data)
    places = tuple(
        one_class.place_of(photo.path)
        for photo in one_class.split("train")
        if one_class.classes[photo.label] != "Lime"
    )
    view.result.changed.emit(LabelEdit(places, is_excluded=True))
    settle(view, qtbot)
    window.models.show_view("comparison")
    qtbot.waitUntil(lambda: not panel.is_reading and panel.data is None)
    window.models.show_view("evaluation")
    view.result.undo_wanted.emit()
    settle(view, qtbot)
    window.models.show_view("comparison")
    qtbot.waitUntil(lambda: panel.data is not None)


def test_what_is_changed_on_another_page_is_evaluated_anew(
    window: MainWindow, view: EvaluationView, qtbot: QtBot, data: Path
) -> None:
    before = view.result.summary.figures.text()
    window.show_page(2)
    LabelEdits.of(data).add(LabelEdit(("test/Tomato/misplaced.jpg",), label="Lime"))
    window.train.inspection.data_changed.emit(data)
    assert not view.is_busy
    window.show_page(3)
    settle(view, qtbot)
    assert view.result.summary.figures.text() != before
    assert view.result.photos.edits.text() == "1 change"
