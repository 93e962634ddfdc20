"""What is dropped where no page takes it is taken all the same, or it is said what would be."""

import shutil
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fruitgui.main_window import MainWindow
from tests.fruitgui.photos import files, settled
from tests.fruitgui.videos import APPLE, write
from trainer import paths
from trainer.data.dataset import DataSet

COPY, LEFT = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier


def drop(window: MainWindow, target: QWidget, data: QMimeData) -> None:
    """As Qt does it: whoever is nearest to the mouse and accepts what is dragged gets it."""
    widget: QWidget | None = target
    while widget is not None:
        if widget.acceptDrops():
            enter = QDragEnterEvent(QPoint(5, 5), COPY, data, LEFT, NO_KEY)
            enter.ignore()
            QApplication.sendEvent(widget, enter)
            if enter.isAccepted():
                QApplication.sendEvent(widget, QDropEvent(QPointF(5, 5), COPY, data, LEFT, NO_KEY))
                return
        widget = widget.parentWidget()
    raise AssertionError("nobody takes it")


def test_a_video_on_the_camera_page_is_shown(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.show_page(1)
    video = write(tmp_path / "apple.avi", APPLE, seconds=2)
    drop(window, window.camera.view, files(video))
    qtbot.waitUntil(lambda: window.camera.view.answer is not None)
    window.camera.stop()


def test_photos_on_the_camera_page_are_labelled(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    window.show_page(1)
    drop(window, window.camera, files(sample))
    assert window.classify.isVisible()
    settled(window, qtbot)
    assert window.classify.photos.paths == [sample]


def test_a_model_on_the_models_page_is_imported_and_of_photos_it_is_said_where_they_go(
    window: MainWindow, qtbot: QtBot, sample: Path, tmp_path: Path
) -> None:
    window.show_page(3)
    qtbot.waitUntil(lambda: window.models.library.list.count() == 1)
    drop(window, window.models.library, files(sample))
    assert "Drop labelled photos on Evaluate" in window.models.notice.text
    model = tmp_path / "mine.safetensors"
    shutil.copyfile(paths.starter_model(), model)
    drop(window, window.models.library, files(model))
    qtbot.waitUntil(lambda: window.models.library.list.count() == 2)


def test_photos_on_the_train_page_while_it_trains_are_refused_in_a_sentence(
    window: MainWindow, qtbot: QtBot, demo_data: DataSet, sample: Path
) -> None:
    window.show_page(2)
    page = window.train
    page.use_data(demo_data.root)
    qtbot.waitUntil(page._start.isEnabled)
    page.form.choose(epochs=1000, image_size=32)
    page.start()
    drop(window, page, files(sample.parent))
    assert page.notice.text.startswith("A model is being trained.")
    assert page.is_training
    page.stop()
    qtbot.waitUntil(lambda: not page.is_training)


def test_photos_on_the_sidebar_are_taken_by_the_page_that_is_shown(
    window: MainWindow, qtbot: QtBot, demo_folder: Path, sample: Path
) -> None:
    drop(window, window.sidebar, files(sample))
    settled(window, qtbot)
    assert window.classify.photos.paths == [sample]
    window.show_page(2)
    drop(window, window.sidebar, files(demo_folder))
    qtbot.waitUntil(lambda: window.train.data.data is not None)
