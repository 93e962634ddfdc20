import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fruitgui.models.comparison.results import ComparisonResults
from fruitgui.models.comparison.table import VERDICT, ComparisonTable
from fruitgui.models.comparison.view import ComparisonView
from fruitgui.settings import Settings
from tests.fruitgui.conftest import choose_file
from trainer import paths
from trainer.config.presets import PRESETS
from trainer.data.dataset import DataSet, open_data_set
from trainer.experiments import run_database
from trainer.experiments.comparison import (
    STUDY,
    Comparison,
    Grid,
    RunEnded,
    Start,
    comparisons,
    create_comparison,
    open_comparison,
)
from trainer.training.compare import compare

SMALL = PRESETS["quick"].but(epochs=1, image_size=32)
RANDOM = Start("timm/test_resnet", "none")


@pytest.fixture
def view(app: QApplication, qtbot: QtBot, settings: Settings) -> Iterator[ComparisonView]:
    view = ComparisonView(settings)
    view.resize(1024, 640)
    view.show()
    yield view
    view.shut_down()
    view.deleteLater()
    app.sendPostedEvents(view, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def ready(view: ComparisonView, qtbot: QtBot, demo_folder: Path) -> ComparisonView:
    """The view, with the photos chosen, and what is learnt quickly."""
    view.form.choose(epochs=1, image_size=32, patience=0)
    view.data.use_data(demo_folder)
    qtbot.waitUntil(view.start_button.isEnabled)
    return view


def click(button: object, qtbot: QtBot) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def ended(view: ComparisonView) -> Callable[[], bool]:
    return lambda: not view.is_running


def rows_done(view: ComparisonView) -> list[int]:
    table = view.results.table
    return [len(row.runs) for row in table.rows] if table is not None else []


def rows_failed(view: ComparisonView) -> list[int]:
    table = view.results.table
    return [len(row.failed) for row in table.rows] if table is not None else []


def cell(results: ComparisonResults, row: int, column: int) -> str:
    return str(results.sorted.index(row, column).data())


def half_done(data: DataSet) -> Comparison:
    """A comparison that was killed after the first of its two runs."""
    grid = Grid(SMALL, (RANDOM,), ("full", "head"))
    comparison = create_comparison(grid.recipes(), data.root)
    with closing(compare(comparison, data)) as steps:
        next(event for event in steps if isinstance(event, RunEnded))
    return comparison


def test_the_view_loads_no_torch() -> None:
    code = "import sys, fruitgui.models.comparison.view\nprint('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_at_first_there_is_an_invitation(view: ComparisonView, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: view.empty.isVisible())
    assert not view.start_button.isEnabled()
    assert "Choose photos to start." in view.summary.text()
    assert not view.results.isVisible()


def test_models_are_compared_and_one_is_used(ready: ComparisonView, qtbot: QtBot) -> None:
    told: list[object] = []
    ready.runs_changed.connect(lambda: told.append("runs"))
    ready.running_changed.connect(told.append)
    click(ready.start_button, qtbot)
    assert ready.is_running
    assert not ready.start_button.isEnabled()
    qtbot.waitUntil(lambda: "Run 1 of 2" in ready.progress.status.text())
    qtbot.waitUntil(ended(ready))
    qtbot.waitUntil(lambda: rows_done(ready) == [1, 1])
    assert (told[0], told[-1]) == (True, False)
    assert told.count("runs") >= 4
    assert "Recommended: EfficientNet-Lite2, starter · " in ready.results.advice.text
    assert "were used to measure accuracy" in ready.results.doubt.text()
    assert "2 of 2 runs" in ready.list.box.currentText()
    assert not ready.list.go_on.isVisible()
    verdicts = [cell(ready.results, row, VERDICT) for row in (0, 1)]
    assert sum("★" in verdict for verdict in verdicts) == 1
    assert {verdict.removeprefix("★ ") for verdict in verdicts} == {"best", "≈ best"}
    assert len(ready.results.chart.rows) == 2

    row = ready.results.selected
    assert row is not None
    with qtbot.waitSignal(ready.model_chosen) as model:
        click(ready.results.use, qtbot)
    assert model.args[0].is_file()
    ready.show_in_use(model.args[0])
    assert not ready.results.use.isEnabled()
    with qtbot.waitSignal(ready.runs_wanted) as runs:
        click(ready.results.show_runs, qtbot)
    assert runs.args == [[record.id for record in row.runs]]
    with qtbot.waitSignal(ready.report_wanted) as report:
        click(ready.list.report, qtbot)
    assert report.args == [comparisons()[0].folder]


def test_a_comparison_is_stopped_and_goes_on(ready: ComparisonView, qtbot: QtBot) -> None:
    ready.form.strategies.choose(("full",))
    ready.form.choose(epochs=1000)
    click(ready.start_button, qtbot)
    # On a quick machine, not every epoch is told.
    later = re.compile(r"Epoch (?!1 )\d+ of 1000")
    qtbot.waitUntil(lambda: bool(later.match(ready.progress.details.text())))
    assert "left in this run" in ready.progress.details.text()
    qtbot.waitUntil(lambda: "training…" in cell(ready.results, 0, VERDICT))
    click(ready.stop_button, qtbot)
    assert not ready.stop_button.isEnabled()
    qtbot.waitUntil(ended(ready))
    assert "Results so far are kept" in ready.notice.text
    qtbot.waitUntil(lambda: cell(ready.results, 0, VERDICT) == "not trained yet")
    run = comparisons()[0].begun_run(0)
    assert run is not None
    epochs = len(run_database.epochs_of(run.id))
    assert epochs >= 1

    click(ready.list.go_on, qtbot)
    assert ready.is_running
    qtbot.waitUntil(lambda: len(run_database.epochs_of(run.id)) > epochs)
    ready.shut_down()
    qtbot.waitUntil(ended(ready))
    assert len(comparisons()) == 1


def test_what_was_killed_is_listed_and_goes_on(
    demo_data: DataSet, view: ComparisonView, qtbot: QtBot
) -> None:
    comparison = half_done(demo_data)
    view.refresh()
    qtbot.waitUntil(lambda: rows_done(view) == [1, 0])
    assert "1 of 2 runs" in view.list.box.currentText()
    assert "There is no other model to compare with yet." in view.results.advice.text
    first = comparison.begun_run(0)
    assert first is not None
    written = first.model_file.stat().st_mtime_ns
    click(view.list.go_on, qtbot)
    qtbot.waitUntil(ended(view))
    qtbot.waitUntil(lambda: rows_done(view) == [1, 1])
    assert first.model_file.stat().st_mtime_ns == written
    assert "2 of 2 runs" in view.list.box.currentText()


def test_a_comparison_whose_folder_has_moved_goes_on_once_it_is_chosen(
    view: ComparisonView,
    qtbot: QtBot,
    demo_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data, new = tmp_path / "data", tmp_path / "new"
    shutil.copytree(demo_folder, data)
    comparison = half_done(open_data_set(data))
    shutil.move(data, new)
    view.show()
    view.go_on(comparison)
    qtbot.waitUntil(ended(view))
    assert "There is no folder" in view.notice.text
    choose_file(monkeypatch, new)
    qtbot.mouseClick(view.notice._first, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.is_running)
    qtbot.waitUntil(ended(view))
    assert not view.notice.isVisible()
    assert open_comparison(comparison.id).data == new
    qtbot.waitUntil(lambda: rows_done(view) == [1, 1])


def test_what_fails_says_why_beside_its_row(
    ready: ComparisonView, qtbot: QtBot, tmp_path: Path
) -> None:
    weights = tmp_path / "weights.pth"
    weights.write_text("no weights")
    ready.form.files.add_file(weights, "mobilenet_v2")
    ready.form.strategies.choose(("head",))
    click(ready.start_button, qtbot)
    qtbot.waitUntil(ended(ready))
    qtbot.waitUntil(lambda: rows_failed(ready) == [0, 1])
    assert "holds something else" in cell(ready.results, 1, VERDICT)
    assert ready.results.view.columnSpan(1, VERDICT) == ComparisonTable.COLUMNS - VERDICT
    assert "could not be trained" in ready.notice.text
    assert "1 of 2 runs" in ready.list.box.currentText()
    ready.results.view.selectRow(1)
    assert not ready.results.use.isEnabled()
    assert ready.results.show_runs.isEnabled()


def test_another_training_keeps_it_from_starting(ready: ComparisonView) -> None:
    ready.set_blocked(True)
    assert not ready.start_button.isEnabled()
    assert "on the Train page" in ready.summary.text()
    ready.start()
    assert not ready.is_running
    ready.set_blocked(False)
    assert ready.start_button.isEnabled()


def test_photos_are_dropped_on_it(view: ComparisonView, qtbot: QtBot, demo_folder: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(demo_folder))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    view.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, left, none))
    qtbot.waitUntil(lambda: view.data.data is not None)
    qtbot.waitUntil(view.start_button.isEnabled)


def test_a_comparison_leaves_the_list_and_comes_back(
    view: ComparisonView, qtbot: QtBot, demo_data: DataSet
) -> None:
    grid = Grid(SMALL, (RANDOM,), ("full",))
    comparison = create_comparison(grid.recipes(), demo_data.root)
    view.refresh()
    qtbot.waitUntil(lambda: rows_done(view) == [0])
    assert "not trained yet" in cell(view.results, 0, VERDICT)
    assert not view.list.report.isEnabled()
    click(view.list.forget, qtbot)
    qtbot.waitUntil(view.empty.isVisible)
    view.notice.acted.emit()
    qtbot.waitUntil(lambda: view.list.box.count() == 1)
    assert view.results.isVisible()
    # However quick the undo is, it comes after.
    for _ in range(10):
        click(view.list.forget, qtbot)
        view.notice.acted.emit()
        qtbot.waitUntil(lambda: not view.list._changes.is_busy)
        assert comparison.id in run_database.comparison_folders()


def test_another_comparison_is_looked_at(
    view: ComparisonView, qtbot: QtBot, demo_data: DataSet
) -> None:
    for strategies in (("full",), ("full", "head")):
        create_comparison(Grid(SMALL, (RANDOM,), strategies).recipes(), demo_data.root)
    view.refresh()
    qtbot.waitUntil(lambda: len(rows_done(view)) == 2)
    view.list.box.setCurrentIndex(1)
    view.list.box.activated.emit(1)
    qtbot.waitUntil(lambda: len(rows_done(view)) == 1)


def test_the_studys_question_is_one_click(view: ComparisonView, qtbot: QtBot) -> None:
    click(view.form.study, qtbot)
    assert view.form.grid == STUDY
    assert "6 runs" in view.summary.text()
    assert "downloaded once: ResNet50, EfficientNet-B0" in view.summary.text()
    paths.weights_folder().mkdir(parents=True)
    (paths.weights_folder() / "resnet50-0676ba61.pth").touch()
    assert view.form.to_download == ("EfficientNet-B0",)


def test_what_cannot_be_is_refused_in_its_place(view: ComparisonView, qtbot: QtBot) -> None:
    form = view.form
    form.strategies.box("head").click()
    form.strategies.box("layer4").click()
    assert "at least one option under “Layers trained”" in form._strategies_problem.text
    assert form._strategies_problem.isVisible()
    assert form.grid is None
    form.strategies.box("full").click()
    assert not form._strategies_problem.isVisible()
    form.networks.box("starter").click()
    assert "at least one network" in form._networks_problem.text
    form.networks.box("resnet18").click()
    form.seeds._box.setValue(3)
    grid = form.grid
    assert grid is not None
    assert (grid.starts, grid.strategies) == ((Start("resnet18", "imagenet"),), ("full",))
    assert grid.seeds == (0, 1, 2)


def test_without_the_starter_nothing_starts_from_it(
    view: ComparisonView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = view.form
    assert form.grid is not None
    monkeypatch.setattr(paths, "starter_model", lambda: tmp_path / "nowhere.safetensors")
    form.strategies.box("full").click()
    assert "The starter model is missing" in form._networks_problem.text
    assert form.grid is None
    form.networks.choose(("resnet18",))
    form.strategies.box("full").click()
    assert form._networks_problem.isHidden()
    assert form.grid is not None


def test_random_weights_are_for_experts(view: ComparisonView) -> None:
    form = view.form
    assert not form.random.isVisible()
    assert not form._figures["learning_rate"].isVisible()
    assert form._figures["epochs"].isVisible()
    form._show_all.click()
    assert form.random.isVisible()
    form.random.box("resnet18").click()
    assert "hardly anything is learnt" in form._random_problem.text
    form._show_all.click()
    # What is chosen is never out of sight.
    assert form.random.isVisible()
    assert Start("resnet18", "none") in form.starts


def test_a_weights_file_starts_only_its_own_network(
    view: ComparisonView, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = tmp_path / "mine.safetensors"
    shutil.copyfile(paths.starter_model(), weights)
    choose_file(monkeypatch, weights)
    for _ in range(2):
        click(view.form.files.add, qtbot)
    # A model of this app says what it is; the same twice is there once.
    assert view.form.files.starts == (Start("tf_efficientnet_lite2", str(weights)),)
    (row,) = view.form.files._rows
    row._network.set_value("resnet50")
    row._network.changed.emit()
    assert "holds weights of EfficientNet-Lite2, and cannot start another" in row._problem.text
    assert view.form.grid is None
    weights.unlink()
    row._network.changed.emit()
    assert row._problem.text == "“mine.safetensors” is no longer there."
    assert view.form.grid is None
    row._remove.click()
    assert view.form.files.starts == ()
    assert view.form.grid is not None


def test_the_recipe_of_all_else_is_a_preset_and_what_differs(view: ComparisonView) -> None:
    form = view.form
    form._preset.set_value("layer4")
    form._preset.changed.emit()
    form._show_all.click()
    form._figures["batch_size"]._box.setValue(1)
    assert form.grid is not None
    # A batch of one cannot be learnt from, so it is stepped over.
    assert form.grid.base == PRESETS["layer4"].but(batch_size=0)
    form._figures["image_size"]._box.setValue(96)
    assert form.grid.base.image_size == 96


def test_another_language_is_followed(view: ComparisonView, app: QApplication) -> None:
    for widget in (view, view.form, view.form.files, view.progress, view.list):
        app.sendEvent(widget, QEvent(QEvent.Type.LanguageChange))
    assert view.start_button.text() == "Compare"
    assert view.form.strategies.box("head").text() == "Head only"


def test_before_the_start_the_view_says_how_long_it_will_take(
    ready: ComparisonView, qtbot: QtBot
) -> None:
    assert "Measuring how long it will take" in ready.summary.text()
    qtbot.waitUntil(lambda: "on this computer" in ready.summary.text())
    before = ready.summary.text()
    ready.form.seeds.set_value(2)
    ready.form.seeds.changed.emit()
    assert ready.summary.text() != before
    assert "4 runs" in ready.summary.text()
    qtbot.waitUntil(lambda: "on this computer" in ready.summary.text())


def test_nothing_is_measured_where_nobody_sees_it(ready: ComparisonView, qtbot: QtBot) -> None:
    assert "Measuring" in ready.summary.text()
    ready.hide()
    assert "Measuring" not in ready.summary.text()
    ready.show()
    assert "Measuring" in ready.summary.text()


def test_what_is_measured_makes_way_for_training(ready: ComparisonView, qtbot: QtBot) -> None:
    ready.form.strategies.choose(("head",))
    with qtbot.waitSignal(ready._time.changed):
        pass
    click(ready.start_button, qtbot)
    assert "Measuring" not in ready.summary.text()
    qtbot.waitUntil(ended(ready))
    qtbot.waitUntil(lambda: rows_done(ready) == [1])
