from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from fruitgui.pages.train import TrainPage
from fruitgui.window import MainWindow
from tests.fruitgui.conftest import LONG, choose_file
from trainer.model_info import read_model_info


@pytest.fixture
def page(
    window: MainWindow, qtbot: QtBot, demo_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> TrainPage:
    """The page, with the photos chosen."""
    window.show_page(2)
    choose_file(monkeypatch, demo_folder)
    qtbot.mouseClick(window.train._choose_folder, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(window.train._start.isEnabled)
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
    qtbot.waitUntil(ended(page), timeout=LONG)
    assert page.epochs.rowCount() >= 3
    assert "best model" in page.result.text

    page.result.acted.emit()
    qtbot.waitUntil(lambda: window._settings.model_in_use is not None, timeout=LONG)
    in_use = window._settings.model_in_use
    assert in_use is not None
    classes = read_model_info(in_use).classes
    assert len(classes) == 3

    window.open_photos([sample])
    qtbot.waitUntil(lambda: window.classify.photos.answered == 1, timeout=LONG)
    prediction = window.classify.photos.entry(0).prediction
    assert prediction is not None
    assert prediction.answer is not None
    assert {ranked.label for ranked in prediction.answer.top} == set(classes)


def test_training_pauses_goes_on_and_stops_with_the_best_model(
    page: TrainPage, qtbot: QtBot
) -> None:
    page.form._epochs.setValue(1000)
    click_start(page, qtbot)
    qtbot.waitUntil(lambda: page.epochs.rowCount() > 0, timeout=LONG)
    qtbot.mouseClick(page._pause, Qt.MouseButton.LeftButton)
    if page.training is not None:
        qtbot.waitUntil(lambda: page._status.text() == "Paused", timeout=LONG)
        qtbot.mouseClick(page._pause, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page._stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(ended(page), timeout=LONG)
    assert page._model is not None
    assert page._model.is_file()
    assert page._start.isEnabled()


def test_what_goes_wrong_is_said_on_the_page(page: TrainPage, qtbot: QtBot, tmp_path: Path) -> None:
    page.form._weights_file = str(tmp_path / "nowhere.pth")
    page.form._weights.set_key("file")
    click_start(page, qtbot)
    qtbot.waitUntil(ended(page), timeout=LONG)
    assert "There is no weights file" in page.notice.text
    assert page._start.isEnabled()


def test_a_folder_that_is_no_data_set_is_refused(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.train.use_data(tmp_path)
    qtbot.waitUntil(lambda: "at least 2" in window.train.notice.text)
    assert not window.train._start.isEnabled()


def test_a_preset_sets_the_choices_and_the_starter_its_model(page: TrainPage) -> None:
    form = page.form
    form.use_preset("layer4")
    assert (form.recipe.model, form.recipe.strategy) == ("resnet50", "layer4")
    form._on_weights_chosen("starter")
    assert form.recipe.model == "mobilenet_v2"
    form._model.set_key("resnet50")
    form._on_model_chosen("resnet50")
    assert form.recipe.weights == "imagenet"


def boxes(window: MainWindow) -> list[QMessageBox]:
    return [box for box in window.findChildren(QMessageBox) if box.isVisible()]


def press(box: QMessageBox, role: QMessageBox.ButtonRole, qtbot: QtBot) -> None:
    (button,) = [b for b in box.buttons() if box.buttonRole(b) is role]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_closing_during_training_asks_and_then_keeps_the_best_model(
    window: MainWindow, page: TrainPage, qtbot: QtBot
) -> None:
    page.form._epochs.setValue(1000)
    page.form._strategy.set_key("full")
    click_start(page, qtbot)
    qtbot.waitUntil(lambda: page.epochs.rowCount() > 0, timeout=LONG)

    window.close()
    (box,) = boxes(window)
    press(box, QMessageBox.ButtonRole.RejectRole, qtbot)
    assert window.isVisible()
    assert page.is_training

    window.close()
    qtbot.waitUntil(lambda: len(boxes(window)) == 1)
    (box,) = boxes(window)
    press(box, QMessageBox.ButtonRole.AcceptRole, qtbot)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=LONG)
    assert not page.is_training
    assert page._model is not None
    assert page._model.is_file()
