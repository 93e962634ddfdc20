import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fruitgui.classify.photo_list import Filter
from fruitgui.main_window import MainWindow
from tests.fruitgui.photos import labelled, settled
from trainer import paths
from trainer.config.recipe import Recipe
from trainer.data import corrections
from trainer.data.dataset import DataSet
from trainer.events import Finished
from trainer.experiments.run import create_run
from trainer.training.fit import fit


def test_undo_gives_back_what_was_said_in_an_earlier_session(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    corrections.keep({sample: "Kiwi"})
    labelled(window, qtbot, sample)
    page = window.classify
    qtbot.waitUntil(lambda: page.photos.entry(0).correction == "Kiwi")
    # As if the look-up had not answered yet.
    page.photos.set_corrections({sample: None})
    page.edits.correct([sample], "Plum")
    page.edits.undo()
    qtbot.waitUntil(lambda: page.photos.entry(0).correction == "Kiwi")
    page.shut_down()
    assert corrections.known([sample]) == {sample: "Kiwi"}


def test_a_label_that_cannot_be_kept_is_taken_away_and_said(
    window: MainWindow, qtbot: QtBot, sample: Path, tmp_path: Path
) -> None:
    photo = tmp_path / "unplugged.jpg"
    photo.write_bytes(sample.read_bytes())
    labelled(window, qtbot, photo)
    page = window.classify
    photo.unlink()
    page.edits.correct([photo], "Plum")
    qtbot.waitUntil(lambda: "could not be saved" in page.notice.text)
    assert page.photos.entry(0).correction is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no read-only folders")
def test_a_label_that_the_disk_refuses_is_counted_and_a_later_look_does_not_hide_it(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    labelled(window, qtbot, sample)
    page = window.classify
    database = paths.corrections_database()
    database.parent.mkdir(parents=True, exist_ok=True)
    database.mkdir()  # As good as a disk that takes nothing.
    page.edits.correct([sample], "Plum")
    qtbot.waitUntil(lambda: page.notice.is_error)
    page.shut_down()
    QApplication.processEvents()
    assert page.notice.text.startswith("1 label could not be saved.")


def test_a_label_that_cannot_be_taken_back_is_shown_again(
    window: MainWindow, qtbot: QtBot, sample: Path, tmp_path: Path
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(sample.read_bytes())
    labelled(window, qtbot, photo)
    page = window.classify
    page.edits.correct([photo], "Plum")
    qtbot.waitUntil(lambda: corrections.known([photo]) == {photo: "Plum"})
    away = photo.rename(tmp_path / "elsewhere")
    page.edits.undo()
    qtbot.waitUntil(lambda: page.notice.is_error)
    assert page.notice.text.startswith("1 label could not be undone.")
    away.rename(photo)
    assert corrections.known([photo]) == {photo: "Plum"}


def test_a_photo_that_goes_while_it_is_shown_keeps_its_picture_and_that_is_said(
    window: MainWindow, qtbot: QtBot, sample: Path, tmp_path: Path
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(sample.read_bytes())
    labelled(window, qtbot, photo)
    page = window.classify
    page.results.opened.emit(photo)
    assert page.detail.isVisible()
    assert not page.detail._file_note.isVisible()
    photo.unlink()
    qtbot.waitUntil(page.detail._file_note.isVisible)
    assert "no longer there" in page.detail._file_note.text()
    # Nor does it leave the list when it is asked about again.
    window.use_model(paths.starter_model())
    qtbot.waitUntil(lambda: page.photos.entry(0).error is not None)
    assert page.photos.paths == [photo]
    assert page.photos.unreadable == {}
    photo.write_bytes(sample.read_bytes())
    window.use_model(paths.starter_model())
    qtbot.waitUntil(lambda: page.photos.entry(0).answer is not None)
    assert page.photos.entry(0).error is None


def test_what_was_not_selected_is_not_selected_by_a_filter(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    photos = window.classify.photos
    paths_of_all = [tmp_path / f"{number}.jpg" for number in range(3000)]
    photos.add(paths_of_all)
    photos.set_corrections(dict.fromkeys(paths_of_all[::2], "Apple"))
    photos.set_filter(Filter(label="Apple"))
    grid = window.classify.results.grid
    grid.selectAll()
    assert grid.selected_count == 1500
    photos.set_filter(Filter())
    assert {entry.path for entry in grid.selected()} == set(paths_of_all[::2])
    photos.set_order("name")
    assert {entry.path for entry in grid.selected()} == set(paths_of_all[::2])
    photos.remove(paths_of_all[::2])
    assert grid.selected_count == 0
    assert photos.rowCount() == 1500


def test_another_model_explains_the_open_photo_anew(
    window: MainWindow, qtbot: QtBot, sample: Path, tmp_path: Path
) -> None:
    labelled(window, qtbot, sample)
    page = window.classify
    page._open(sample)
    qtbot.keyClick(page.detail, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: page.detail.view.has_heat)
    other = tmp_path / "other.safetensors"
    other.write_bytes(paths.starter_model().read_bytes())
    window.use_model(other)
    qtbot.waitUntil(lambda: page.detail._model == other)
    settled(window, qtbot)
    qtbot.waitUntil(lambda: page.detail.view.has_heat)
    assert page.detail._answer.text() == "Tomato"


def test_a_model_file_that_goes_away_does_not_stop_the_answers(
    window: MainWindow, qtbot: QtBot, sample: Path, tmp_path: Path
) -> None:
    model = tmp_path / "model.safetensors"
    model.write_bytes(paths.starter_model().read_bytes())
    window.use_model(model)
    qtbot.waitUntil(lambda: window.classify._model == model)
    model.unlink()
    labelled(window, qtbot, sample.parent)
    page = window.classify
    page._open(sample)
    qtbot.keyClick(page.detail, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: page.detail.view.has_heat)


def test_similar_training_photos_are_shown_of_a_model_that_was_trained_here(
    window: MainWindow, qtbot: QtBot, demo_data: DataSet
) -> None:
    recipe = Recipe(
        model="tf_efficientnet_lite0", weights="imagenet", strategy="head", image_size=32, epochs=1
    )
    run = create_run(recipe, demo_data.root)
    finished = list(fit(run, demo_data, device="cpu"))[-1]
    assert isinstance(finished, Finished)
    window.use_model(run.model_file)
    page = window.classify
    qtbot.waitUntil(lambda: page._model == run.model_file)
    photo = demo_data.split("train")[0].path
    labelled(window, qtbot, photo)
    page._open(page.photos.entry(0).path)
    cards = page.detail._similar
    qtbot.waitUntil(lambda: all(card.isVisible() for card in cards))
    names = dict.fromkeys(demo_data.classes, 0)
    assert cards[0].accessibleName().split(",")[0] in names
    assert str(photo) not in cards[0].toolTip()
