from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from fruitgui.settings import Settings
from fruitgui.train.page import TrainPage
from fruitgui.widgets.data_panel import DataPanel
from tests.trainer.photos import make
from trainer.data.dataset import DataSet


def read(panel: DataPanel, qtbot: QtBot) -> DataSet:
    qtbot.waitUntil(lambda: panel.data is not None)
    assert panel.data is not None
    return panel.data


def test_what_is_left_out_is_shown_with_the_photos(
    settings: Settings, qtbot: QtBot, tmp_path: Path
) -> None:
    panel = DataPanel(settings)
    qtbot.addWidget(panel)
    panel.use_data(make(tmp_path / "fruit", {"apple": 6, "pear": 1, "plum": 6, "test": 3}))
    assert len(read(panel, qtbot).classes) == 3
    single, unsorted = panel.warnings.text.splitlines()
    assert "single photo: “pear”" in single
    assert "“test” (files: 3)" in unsorted
    panel.use_data(make(tmp_path / "other", {"apple": 6, "pear": 6}))
    assert panel.warnings.isHidden()
    assert read(panel, qtbot).warnings == ()
    panel.shut_down()


def test_class_folders_dropped_together_are_one_data_set(
    settings: Settings, qtbot: QtBot, tmp_path: Path
) -> None:
    root = make(tmp_path / "fruit", {"apple": 6, "pear": 6, "plum": 6})
    page = TrainPage(settings)
    qtbot.addWidget(page)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(root / name)) for name in ("plum", "apple")])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, left, none))
    found = read(page.data, qtbot)
    assert found.classes == ("apple", "plum")
    assert len(found.photos) == 12
    # What is trained goes on from what is kept.
    page.data.use_data(found.root)
    assert read(page.data, qtbot).photos == found.photos
    page.shut_down()


def test_looking_through_photos_is_shown_and_can_be_cancelled(
    settings: Settings, qtbot: QtBot, tmp_path: Path
) -> None:
    panel = DataPanel(settings)
    qtbot.addWidget(panel)
    panel.show()
    root = make(tmp_path / "fruit", {"apple": 200, "pear": 200})
    panel.use_data(root)
    qtbot.waitUntil(panel.cancel.isVisible)
    assert "of 400" in panel.summary
    qtbot.mouseClick(panel.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not panel.is_reading)
    assert panel.data is None
    assert panel.cancel.isHidden()
    assert "One folder a class" in panel.summary
    assert panel.choose_folder.isEnabled()
    # What was read by then is remembered.
    panel.use_data(root)
    assert len(read(panel, qtbot).photos) == 400
    panel.shut_down()
