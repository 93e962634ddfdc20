import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from fruitgui.main_window import MainWindow
from fruitgui.settings import Settings
from fruitgui.train.page import TrainPage
from tests.fruitgui.conftest import choose_file, window_of
from tests.weights_server import Server
from trainer import events, paths
from trainer.config.presets import PRESETS
from trainer.control import Control
from trainer.data.dataset import DataSet, open_data_set
from trainer.events import EpochDone
from trainer.experiments import run_database, run_records
from trainer.experiments.run import create_run, open_run
from trainer.models import imagenet
from trainer.models.metadata import read_model_info
from trainer.training.fit import fit


@pytest.fixture
def page(
    window: MainWindow, qtbot: QtBot, demo_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> TrainPage:
    """The page, with the photos chosen."""
    window.show_page(2)
    choose_file(monkeypatch, demo_folder)
    qtbot.mouseClick(window.train.data.choose_folder, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(window.train._start.isEnabled)
    window.train.form.choose(image_size=32)  # Small pictures are learnt quickly.
    return window.train


def click_start(page: TrainPage, qtbot: QtBot) -> None:
    qtbot.mouseClick(page._start, Qt.MouseButton.LeftButton)
    assert page.is_training


def ended(page: TrainPage) -> Callable[[], bool]:
    return lambda: not page.is_training


def test_a_model_is_trained_and_used(
    window: MainWindow, page: TrainPage, qtbot: QtBot, sample: Path
) -> None:
    click_start(page, qtbot)
    qtbot.waitUntil(ended(page))
    assert page.run_panel.epochs.rowCount() >= 3
    assert "The best model" in page.run_panel.result.text

    page.run_panel.result.acted.emit()
    qtbot.waitUntil(lambda: window._settings.model_in_use is not None)
    in_use = window._settings.model_in_use
    assert in_use is not None
    classes = read_model_info(in_use).classes
    assert len(classes) == 3

    window.open_photos([sample])
    qtbot.waitUntil(lambda: window.classify.photos.answered == 1)
    answer = window.classify.photos.entry(0).answer
    assert answer is not None
    assert {ranked.label for ranked in answer.top} == set(classes)


def test_training_pauses_goes_on_and_stops_with_the_best_model(
    page: TrainPage, qtbot: QtBot
) -> None:
    page.form.choose(epochs=1000)
    click_start(page, qtbot)
    qtbot.waitUntil(lambda: page.run_panel.epochs.rowCount() > 0)
    qtbot.mouseClick(page._pause, Qt.MouseButton.LeftButton)
    if page.training is not None:
        qtbot.waitUntil(lambda: page.run_panel.status.text() == "Paused")
        qtbot.mouseClick(page._pause, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page._stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(ended(page))
    assert page.run_panel.model is not None
    assert page.run_panel.model.is_file()
    assert page._start.isEnabled()


def test_what_goes_wrong_is_said_on_the_page(page: TrainPage, qtbot: QtBot, tmp_path: Path) -> None:
    page.form.choose(weights=str(tmp_path / "nowhere.pth"))
    click_start(page, qtbot)
    qtbot.waitUntil(ended(page))
    assert "There is no weights file" in page.notice.text
    assert page._start.isEnabled()


def test_a_folder_that_is_no_data_set_is_refused(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.train.use_data(tmp_path)
    qtbot.waitUntil(lambda: "at least 2" in window.train.notice.text)
    assert not window.train._start.isEnabled()


def boxes(window: MainWindow) -> list[QMessageBox]:
    return [box for box in window.findChildren(QMessageBox) if box.isVisible()]


def press(box: QMessageBox, role: QMessageBox.ButtonRole, qtbot: QtBot) -> None:
    (button,) = [b for b in box.buttons() if box.buttonRole(b) is role]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_closing_during_training_asks_and_then_keeps_the_best_model(
    window: MainWindow, page: TrainPage, qtbot: QtBot
) -> None:
    page.form.choose(epochs=1000)
    page.form.choose(strategy="full")
    click_start(page, qtbot)
    qtbot.waitUntil(lambda: page.run_panel.epochs.rowCount() > 0)

    window.close()
    (box,) = boxes(window)
    press(box, QMessageBox.ButtonRole.RejectRole, qtbot)
    assert window.isVisible()
    assert page.is_training

    window.close()
    qtbot.waitUntil(lambda: len(boxes(window)) == 1)
    (box,) = boxes(window)
    press(box, QMessageBox.ButtonRole.DestructiveRole, qtbot)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert not page.is_training
    assert page.run_panel.model is not None
    assert page.run_panel.model.is_file()


def test_closing_during_a_download_ends_it_and_keeps_what_has_come(
    window: MainWindow, server: Server, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setitem(imagenet.HOSTS, "torchvision", server.address)
    server.breaks_after = [100_000] * 3
    window.show_page(2)
    form = window.train.form
    form.use_preset("layer4")
    qtbot.mouseClick(form.download.download, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(form.download.notice.isVisible)  # The line broke.
    (part,) = paths.weights_folder().glob("resnet50-*.part")
    server.flows.clear()
    qtbot.mouseClick(form.download.download, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(server.starts) == 4)
    task = form.download._task
    assert task is not None
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    window.shut_down()
    assert task.isFinished()
    server.flows.set()
    assert part.stat().st_size > 0


def test_a_stopped_run_goes_on_with_its_curves(page: TrainPage, qtbot: QtBot) -> None:
    page.form.choose(epochs=1000)
    click_start(page, qtbot)
    qtbot.waitUntil(lambda: page.run_panel.epochs.rowCount() > 1)
    qtbot.mouseClick(page._stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(ended(page))
    before = page.run_panel.epochs.rowCount()

    page.run_panel.result.declined.emit()
    qtbot.waitUntil(lambda: page.run_panel.epochs.rowCount() > before)
    page.stop()
    qtbot.waitUntil(ended(page))
    epochs = [
        page.run_panel.epochs.index(row, 0).data()
        for row in range(page.run_panel.epochs.rowCount())
    ]
    assert epochs == [str(number) for number in range(1, len(epochs) + 1)]


def test_a_killed_run_is_offered_when_the_app_starts_again(
    app: QApplication,
    qtbot: QtBot,
    settings: Settings,
    demo_data: DataSet,
) -> None:
    recipe = PRESETS["quick"].but(epochs=3, image_size=32, patience=0)
    run = create_run(recipe, demo_data.root)
    with closing(fit(run, demo_data)) as steps:
        next(event for event in steps if isinstance(event, EpochDone))
    with window_of(settings) as window:
        window.show()
        window.show_page(2)
        page = window.train
        qtbot.waitUntil(page.unfinished_run.isVisible)
        assert "after epoch 1 of 3" in page.unfinished_run.text
        qtbot.mouseClick(page.unfinished_run._first, Qt.MouseButton.LeftButton)
        assert page.form.recipe == recipe
        qtbot.waitUntil(ended(page))
        qtbot.waitUntil(lambda: page.data.data is not None)
        assert page.data.data is not None
        assert page.data.data.root == demo_data.root
        assert page.run_panel.epochs.rowCount() == 3
        assert page.run_panel.model == run.model_file
        assert not page.unfinished_run.isVisible()
        assert run_records.unfinished_runs() == []


def test_a_run_whose_folder_has_moved_goes_on_once_it_is_chosen(
    window: MainWindow,
    qtbot: QtBot,
    demo_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data, new = tmp_path / "data", tmp_path / "new"
    shutil.copytree(demo_folder, data)
    recipe = PRESETS["quick"].but(epochs=2, image_size=32, patience=0)
    data_set = open_data_set(data)
    run = create_run(recipe, data)
    with closing(fit(run, data_set)) as steps:
        next(event for event in steps if isinstance(event, EpochDone))
    shutil.move(data, new)
    window.show_page(2)
    page = window.train
    page.go_on_with(run.folder)
    qtbot.waitUntil(ended(page))
    qtbot.waitUntil(lambda: not page.data.is_reading)
    assert "There is no folder" in page.notice.text
    assert page.notice._first.text() == "Choose the folder…"

    changed = tmp_path / "changed"
    shutil.copytree(new, changed)
    sorted((changed / "train" / "Lime").iterdir())[0].unlink()
    choose_file(monkeypatch, changed)
    qtbot.mouseClick(page.notice._first, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "1 missing" in page.notice.text)
    qtbot.waitUntil(ended(page))
    qtbot.waitUntil(lambda: not page.data.is_reading)

    choose_file(monkeypatch, new)
    qtbot.mouseClick(page.notice._first, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "The best model" in page.run_panel.result.text)
    qtbot.waitUntil(ended(page))
    assert page.run_panel.epochs.rowCount() == 2
    assert page.data.data is not None
    assert page.data.data.root == new
    assert open_run(str(run.folder)).data == new
    assert not page.notice.isVisible()


def test_a_moved_zip_is_asked_for_as_a_zip(
    window: MainWindow, qtbot: QtBot, demo_folder: Path, tmp_path: Path
) -> None:
    archive = Path(shutil.make_archive(str(tmp_path / "fruit"), "zip", demo_folder))
    run = create_run(PRESETS["quick"].but(epochs=1), archive)
    archive.unlink()
    window.show_page(2)
    window.train.go_on_with(run.folder)
    qtbot.waitUntil(ended(window.train))
    qtbot.waitUntil(lambda: window.train.notice._first.text() == "Choose the zip…")


def test_a_folder_that_is_not_there_is_no_runs_matter(
    window: MainWindow, page: TrainPage, qtbot: QtBot, tmp_path: Path
) -> None:
    page.form.choose(epochs=1)
    click_start(page, qtbot)
    qtbot.waitUntil(ended(page))
    page.open_recipe(None, tmp_path / "gone")
    qtbot.waitUntil(lambda: "There is no folder" in page.notice.text)
    assert not page.notice._first.isVisible()


@pytest.mark.parametrize(
    ("ending", "said"),
    [("stopped", "You stopped the training"), ("failed", "failed after epoch 0")],
)
def test_the_offer_says_how_a_run_ended(
    window: MainWindow, qtbot: QtBot, demo_data: DataSet, ending: events.Ending, said: str
) -> None:
    run = create_run(PRESETS["quick"], demo_data.root)
    run_database.begin(run, "CPU")
    run_database.end(run, ending)
    (record,) = run_records.unfinished_runs()
    window.show_page(2)
    window.train.unfinished_run.show_record(record)
    assert said in window.train.unfinished_run.text
    assert "interrupted" not in window.train.unfinished_run.text


def test_a_run_that_is_left_is_not_offered_again(page: TrainPage, qtbot: QtBot) -> None:
    page.form.choose(epochs=1000)
    click_start(page, qtbot)
    qtbot.waitUntil(lambda: page.run_panel.epochs.rowCount() > 0)
    page.stop()
    qtbot.waitUntil(ended(page))
    (record,) = run_records.unfinished_runs()
    page.unfinished_run.show_record(record)
    qtbot.mouseClick(page.unfinished_run._second, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: run_records.unfinished_runs() == [])
    assert not page.unfinished_run.isVisible()


def test_before_the_start_the_page_says_how_long_it_will_take(
    page: TrainPage, qtbot: QtBot
) -> None:
    assert page.choices._estimate.isVisible()
    qtbot.waitUntil(lambda: "on this computer" in page.choices._estimate.text())


def test_after_a_run_the_page_says_again_how_long_another_will_take(
    page: TrainPage, qtbot: QtBot
) -> None:
    page.form.choose(epochs=1)
    click_start(page, qtbot)
    assert not page.choices._estimate.isVisible()
    qtbot.waitUntil(ended(page))
    qtbot.waitUntil(lambda: "on this computer" in page.choices._estimate.text())
    assert page.choices._estimate.isVisible()


def test_the_estimate_is_of_the_photos_that_are_chosen(
    page: TrainPage, qtbot: QtBot, tmp_path: Path
) -> None:
    estimate = page.choices._estimate
    qtbot.waitUntil(lambda: "on this computer" in estimate.text())
    known = estimate.text()
    page.form.choose(epochs=3)
    page.form.choose(epochs=20)
    assert estimate.text() in (known, "Measuring how long it will take…")
    page.set_blocked(True)
    assert not estimate.isVisible()
    page.set_blocked(False)
    # What was compared meanwhile has decoded the photos, perhaps.
    assert estimate.text() == "Measuring how long it will take…"
    page.use_data(tmp_path / "no photos")
    assert not estimate.isVisible()
    qtbot.waitUntil(lambda: page.notice.is_error)
    assert not estimate.isVisible()


def test_overfitting_is_named(page: TrainPage) -> None:
    panel = page.run_panel

    def epoch(number: int, train: float, validation: float, loss: float, best: bool) -> EpochDone:
        return EpochDone(
            epoch=number,
            epochs=5,
            train_loss=0.1,
            train_accuracy=train,
            validation_loss=loss,
            validation_accuracy=validation,
            validation_interval=(validation - 0.1, validation + 0.1),
            learning_rate=1e-3,
            seconds=1.0,
            best=best,
        )

    panel.begin(Control())
    panel.show_event(epoch(1, 0.8, 0.7, 0.9, best=True))
    assert not panel.warning.isVisible()
    panel.show_event(epoch(2, 0.99, 0.7, 1.2, best=False))
    assert "Overfitting" in panel.warning.text
    assert "99%" in panel.warning.text


def test_curves_keep_all_points_while_the_page_is_left(
    window: MainWindow, page: TrainPage, qtbot: QtBot
) -> None:
    page.form.choose(epochs=30, patience=0)
    click_start(page, qtbot)
    window.show_page(0)
    window.showMinimized()
    qtbot.waitUntil(ended(page))
    window.showNormal()
    window.show_page(2)
    assert page.run_panel.epochs.rowCount() == 30
    assert list(page.run_panel._loss._points[0]) == list(range(1, 31))


def test_a_run_that_failed_goes_on_once_its_photos_are_back(
    window: MainWindow, qtbot: QtBot, demo_folder: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(demo_folder, data)
    page = window.train
    window.show_page(2)
    page.use_data(data)
    qtbot.waitUntil(page._start.isEnabled)
    page.form.choose(image_size=32, epochs=1)
    # Found only by the training: the folder is still there, and empty.
    photos = [path for path in data.rglob("*.jpg") if "train" in path.parts]
    away = {path: path.read_bytes() for path in photos}
    for path in photos:
        path.write_bytes(bytes(path.stat().st_size))
    click_start(page, qtbot)
    qtbot.waitUntil(ended(page))
    assert "no readable photos" in page.notice.text
    assert page.run_panel.status.text() == "Training failed"
    # There is no model, so nothing is said to be kept.
    assert "nothing is kept of it yet" in page.run_panel.result.text
    for path, content in away.items():
        path.write_bytes(content)
    qtbot.mouseClick(page.run_panel.result._second, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(ended(page))
    assert "The best model" in page.run_panel.result.text
