from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from fruitgui.settings import Settings
from fruitgui.train.page import TrainPage
from fruitgui.widgets.data_panel import DataPanel
from tests.trainer.photos import make
from tests.zips import zip_of
from trainer.data.dataset import DataSet
from trainer.data.label_edits import LabelEdit, LabelEdits
from trainer.errors import TrainerError


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
    assert "only one photo: “pear”" in single
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
    assert "one subfolder per class" in panel.summary
    assert panel.choose_folder.isEnabled()
    # What was read by then is remembered.
    panel.use_data(root)
    assert len(read(panel, qtbot).photos) == 400
    panel.shut_down()


def test_unpacking_a_zip_is_shown(settings: Settings, qtbot: QtBot, tmp_path: Path) -> None:
    panel = DataPanel(settings)
    qtbot.addWidget(panel)
    panel.show()
    colours = {f"{name}/{n}.png": f"#{n:06x}" for name in ("apple", "pear") for n in range(9)}
    said: list[str] = []
    panel.use_data(zip_of(tmp_path / "fruit.zip", colours))
    assert panel._task is not None
    panel._task.progressed.connect(lambda _: said.append(panel.summary))
    read(panel, qtbot)
    assert said[0] == "Unpacking: 1 of 18"
    panel.shut_down()


def test_changes_that_leave_one_class_are_taken_back_beside_the_sentence(
    settings: Settings, qtbot: QtBot, tmp_path: Path
) -> None:
    root = make(tmp_path / "fruit", {"apple": 8, "pear": 3})
    pears = tuple(f"pear/{number}.png" for number in range(3))
    LabelEdits.of(root).add(LabelEdit(("apple/0.png",), label="plum"))
    LabelEdits.of(root).add(LabelEdit(("apple/0.png", *pears), is_excluded=True))
    panel = DataPanel(settings)
    qtbot.addWidget(panel)
    panel.show()
    errors: list[TrainerError] = []
    changed: list[Path] = []
    panel.failed.connect(errors.append)
    panel.data_changed.connect(changed.append)
    panel.use_data(root)
    qtbot.waitUntil(lambda: bool(errors) and not panel.is_reading)
    assert "leave photos of 1 classes" in str(errors[0])
    assert panel.unsorted.isHidden()
    assert panel.take_back.isVisible()
    qtbot.mouseClick(panel.take_back, Qt.MouseButton.LeftButton)
    assert read(panel, qtbot).classes == ("apple", "pear", "plum")
    assert panel.take_back.isHidden()
    assert changed == [root]
    assert LabelEdits.of(root).count == 1
    panel.shut_down()
