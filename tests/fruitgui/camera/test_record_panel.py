"""Teaching by showing: recording classes from the camera, and learning from them."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fruitgui.camera.record_panel import RecordPanel
from fruitgui.camera.sources import video_file
from fruitgui.main_window import MainWindow
from tests.fruitgui.conftest import choose_file
from tests.fruitgui.videos import APPLE, CARROTS, RATE, images, write
from trainer import paths
from trainer.data.dataset import open_data_set
from trainer.data.recordings import recording_of

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def apple() -> list[np.ndarray]:
    return images(*APPLE, seconds=2)


@pytest.fixture(scope="module")
def carrots() -> list[np.ndarray]:
    return images(*CARROTS, seconds=2)


@pytest.fixture
def panel(window: MainWindow) -> RecordPanel:
    """The panel of a page whose camera runs, as far as it is told."""
    window.show_page(1)
    panel = window.camera.record_panel
    panel.set_live(True)
    panel.learns_at_once.setChecked(False)
    return panel


@pytest.fixture
def learning(panel: RecordPanel) -> RecordPanel:
    """The same, whose recordings are learnt at once."""
    panel.learns_at_once.setChecked(True)
    return panel


_clock = itertools.count(start=1)


def apart(panel: RecordPanel) -> None:
    """Make the next recording another one, as if time had passed."""
    panel.recorder._last = None
    panel._newest = None


def record(panel: RecordPanel, qtbot: QtBot, name: str, frames: list[np.ndarray]) -> None:
    """Hold the button of a class while these frames come."""
    apart(panel)
    began = float(next(_clock) * 1000)
    ended: list[object] = []
    panel.recorder.ended.connect(ended.append)
    qtbot.mousePress(panel.rows[name].record, LEFT)
    for number, frame in enumerate(frames):
        panel.offer(frame, began + number / RATE)
        # As fast as they come from a camera, they are never too many.
        qtbot.waitUntil(lambda: not panel.recorder.is_writing)
    qtbot.mouseRelease(panel.rows[name].record, LEFT)
    qtbot.waitUntil(lambda: bool(ended))
    panel.recorder.ended.disconnect(ended.append)


def from_elsewhere(frames: list[np.ndarray]) -> list[np.ndarray]:
    """The same thing from another side."""
    return [np.ascontiguousarray(frame[::-1, ::-1]) for frame in frames]


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_what_is_held_to_the_camera_becomes_photos(
    panel: RecordPanel, qtbot: QtBot, apple: list[np.ndarray]
) -> None:
    panel.add_class("아오리")
    record(panel, qtbot, "아오리", apple)
    found = files(panel.folder / "아오리")
    assert 6 <= len(found) <= 11
    assert {recording_of(path) for path in found} == {recording_of(found[0])} != {None}
    with Image.open(found[0]) as photo:
        # What the model sees of a frame of 640 × 480.
        assert photo.size == (480, 480)
    qtbot.waitUntil(lambda: panel.rows["아오리"].thumbnail_count == 5)


def test_what_is_held_still_is_taken_once(
    panel: RecordPanel, qtbot: QtBot, apple: list[np.ndarray]
) -> None:
    panel.add_class("Apple")
    record(panel, qtbot, "Apple", [apple[0]] * 30)
    assert len(files(panel.folder)) == 1
    qtbot.waitUntil(lambda: "nothing new" in panel.rows["Apple"].note)


def test_the_space_bar_records_too(
    panel: RecordPanel, qtbot: QtBot, apple: list[np.ndarray]
) -> None:
    panel.add_class("Apple")
    button = panel.rows["Apple"].record
    qtbot.keyPress(button, Qt.Key.Key_Space)
    assert panel.recorder.is_recording
    panel.offer(apple[0], 1.0)
    qtbot.keyRelease(button, Qt.Key.Key_Space)
    assert not panel.recorder.is_recording
    qtbot.waitUntil(lambda: len(panel._classes["Apple"].photos) == 1)


def test_a_button_let_go_for_a_moment_has_not_recorded_twice(
    panel: RecordPanel, qtbot: QtBot, apple: list[np.ndarray]
) -> None:
    panel.add_class("Apple")
    button = panel.rows["Apple"].record
    for number, frame in enumerate(apple[::10]):
        qtbot.mousePress(button, LEFT)
        panel.offer(frame, 10.0 + number)
        qtbot.mouseRelease(button, LEFT)
    qtbot.waitUntil(lambda: len(panel._classes["Apple"].photos) == len(apple[::10]))
    assert panel._classes["Apple"].recordings == 1
    assert len(files(panel.folder)) == len(apple[::10])


def test_the_mouse_may_wander_while_the_button_is_held(panel: RecordPanel, qtbot: QtBot) -> None:
    panel.add_class("Apple")
    button = panel.rows["Apple"].record
    qtbot.mousePress(button, LEFT)
    qtbot.mouseMove(button, QPoint(-300, -300))
    assert panel.recorder.is_recording
    qtbot.mouseRelease(button, LEFT, pos=QPoint(-300, -300))
    assert not panel.recorder.is_recording
    assert not button.isDown()


def test_the_same_view_again_adds_nothing(
    panel: RecordPanel, qtbot: QtBot, apple: list[np.ndarray]
) -> None:
    panel.add_class("Apple")
    record(panel, qtbot, "Apple", apple)
    before = files(panel.folder)
    record(panel, qtbot, "Apple", apple)
    assert files(panel.folder) == before


def test_without_a_picture_nothing_can_be_recorded(panel: RecordPanel, qtbot: QtBot) -> None:
    panel.add_class("Apple")
    qtbot.mousePress(panel.rows["Apple"].record, LEFT)
    assert panel.recorder.is_recording
    panel.set_live(False)
    assert not panel.recorder.is_recording
    assert not panel.rows["Apple"].record.isEnabled()


def test_it_says_what_is_missing_until_there_is_enough(
    panel: RecordPanel, qtbot: QtBot, apple: list[np.ndarray], carrots: list[np.ndarray]
) -> None:
    assert "Add the classes" in panel._hint.text()
    for name, frames in (("Apple", apple), ("Carrots", carrots)):
        panel.add_class(name)
        assert "at least two classes" in panel._hint.text()
        record(panel, qtbot, name, frames)
    assert "once more" in panel._hint.text()
    assert panel.recorded_once(["Apple", "Carrots", "Mango"]) == ["Apple", "Carrots"]
    assert not panel.train.isEnabled()
    for name, frames in (("Apple", apple), ("Carrots", carrots)):
        record(panel, qtbot, name, from_elsewhere(frames))
    assert panel.train.isEnabled()
    assert panel.recorded_once(["Apple", "Carrots"]) == []
    data = open_data_set(panel.folder)
    recordings = {
        split: {recording_of(photo.path) for photo in photos}
        for split, photos in data.splits.items()
    }
    assert len(recordings["train"]) == len(recordings["validation"]) == 2
    assert not recordings["train"] & recordings["validation"]


def test_photos_of_a_folder_need_no_second_recording(
    panel: RecordPanel, qtbot: QtBot, demo_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_file(monkeypatch, demo_folder)
    panel.sets.setCurrentIndex(panel.sets.findData("open"))
    panel.sets._on_activated()
    qtbot.waitUntil(lambda: set(panel.rows) == {"Banana", "Lime", "Tomato"})
    assert panel.train.isEnabled()
    qtbot.waitUntil(lambda: panel.rows["Tomato"].thumbnail_count == 5)


def test_the_last_recording_can_be_thrown_away_and_fetched_back(
    panel: RecordPanel,
    qtbot: QtBot,
    apple: list[np.ndarray],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "trash"))
    panel.add_class("Apple")
    record(panel, qtbot, "Apple", apple)
    first = files(panel.folder)
    record(panel, qtbot, "Apple", from_elsewhere(apple))
    both = files(panel.folder)
    qtbot.waitUntil(panel.rows["Apple"].take_back.isEnabled)
    qtbot.mouseClick(panel.rows["Apple"].take_back, LEFT)
    qtbot.waitUntil(lambda: files(panel.folder) == first)
    qtbot.waitUntil(lambda: "trash" in panel.notice.text)
    panel.notice.acted.emit()
    qtbot.waitUntil(lambda: files(panel.folder) == both)
    qtbot.waitUntil(lambda: panel._classes["Apple"].recordings == 2)


def test_what_was_thrown_away_twice_comes_back_whole(
    panel: RecordPanel,
    qtbot: QtBot,
    apple: list[np.ndarray],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "trash"))
    panel.add_class("Apple")
    record(panel, qtbot, "Apple", apple[:10])
    record(panel, qtbot, "Apple", from_elsewhere(apple[:10]))
    both = files(panel.folder)
    bin_button = panel.rows["Apple"].take_back
    for left in (1, 0):
        qtbot.waitUntil(bin_button.isEnabled)
        qtbot.mouseClick(bin_button, LEFT)
        assert not bin_button.isEnabled()
        qtbot.waitUntil(lambda left=left: panel._classes["Apple"].recordings == left)
    assert not files(panel.folder)
    panel.notice.acted.emit()
    qtbot.waitUntil(lambda: files(panel.folder) == both)


def test_a_class_without_photos_stays_until_it_is_removed(panel: RecordPanel, qtbot: QtBot) -> None:
    panel.add_class("다래")
    folder = panel.folder / "다래"
    qtbot.waitUntil(folder.is_dir)
    panel.use_folder(panel.folder)
    qtbot.waitUntil(lambda: "다래" in panel.rows)
    qtbot.mouseClick(panel.rows["다래"].take_back, LEFT)
    assert not panel.rows
    qtbot.waitUntil(lambda: not folder.exists())


def test_a_short_click_takes_what_is_seen(
    panel: RecordPanel, qtbot: QtBot, apple: list[np.ndarray]
) -> None:
    panel.add_class("Apple")
    panel.offer(apple[0], 1.0)
    qtbot.mouseClick(panel.rows["Apple"].record, LEFT)
    qtbot.waitUntil(lambda: len(files(panel.folder)) == 1)


def test_names_that_no_folder_can_have_are_changed_at_once(panel: RecordPanel) -> None:
    panel.add_class("a/b")
    panel.add_class("..")
    assert set(panel.rows) == {"a_b", "_"}


def test_photos_go_to_one_place_whatever_the_language_becomes(
    window: MainWindow, panel: RecordPanel, qtbot: QtBot
) -> None:
    window.set_language("ko")
    qtbot.waitUntil(lambda: panel.folder.name == "내 사진")  # Nobody has recorded yet.
    first = panel.folder
    panel.add_class("Mango")
    window.set_language("en")
    qtbot.waitUntil(lambda: panel._title.text() == "Teach by showing")
    assert panel.folder == first
    assert window._settings.recorded_folder == first


def test_photos_of_before_the_language_was_another_are_there(
    window: MainWindow, panel: RecordPanel, qtbot: QtBot, apple: list[np.ndarray]
) -> None:
    (paths.recorded_folder() / "내 사진" / "Apple").mkdir(parents=True)
    another = RecordPanel(window._settings)
    qtbot.addWidget(another)
    qtbot.waitUntil(lambda: "Apple" in another.rows)
    assert another.folder.name == "내 사진"
    another.shut_down()
    panel.use_folder(another.folder)
    window._settings.recorded_folder = paths.recorded_folder() / "elsewhere"
    qtbot.waitUntil(lambda: "Apple" in panel.rows)
    record(panel, qtbot, "Apple", apple)
    assert window._settings.recorded_folder == another.folder


def test_a_class_in_other_letters_is_the_same(panel: RecordPanel) -> None:
    panel.add_class("Fuji apple")
    panel.add_class("fuji APPLE")
    assert list(panel.rows) == ["Fuji apple"]


def test_a_full_disk_is_said_and_the_rest_is_kept(
    panel: RecordPanel, qtbot: QtBot, apple: list[np.ndarray]
) -> None:
    panel.add_class("Apple")
    record(panel, qtbot, "Apple", apple)
    before = files(panel.folder)
    # A file where the next class's folder would be made is refused by every system.
    (panel.folder / "Pear").write_text("not a folder")
    panel.add_class("Pear")
    qtbot.mousePress(panel.rows["Pear"].record, LEFT)
    panel.offer(apple[0], 1.0)
    qtbot.mouseRelease(panel.rows["Pear"].record, LEFT)
    qtbot.waitUntil(lambda: panel.notice.isVisible())
    assert "Pear" in panel.notice.text
    assert set(before) < set(files(panel.folder))


def test_another_data_set_has_its_own_classes(
    panel: RecordPanel, qtbot: QtBot, apple: list[np.ndarray]
) -> None:
    panel.add_class("Apple")
    record(panel, qtbot, "Apple", apple)
    first = panel.folder
    panel.sets._on_named("Nuts")
    assert panel.folder != first
    assert not panel.rows
    panel.use_folder(first)
    qtbot.waitUntil(lambda: list(panel.rows) == ["Apple"])


def test_two_classes_are_taught_and_used_from_the_page(
    window: MainWindow, panel: RecordPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    """From a video to a model that names what it shows."""
    page = window.camera
    shows = {"Red one": APPLE, "Long one": CARROTS}
    for name, part in shows.items():
        page.choose(video_file(write(tmp_path / f"{name}.avi", part, seconds=30)))
        page.bar.source_added.emit()
        qtbot.waitUntil(
            lambda name=name: page.camera is not None and name in page.camera.source.place
        )
        qtbot.waitUntil(lambda: page.snapshot.isEnabled())
        panel.add_class(name)
        row = panel.rows[name]
        for recordings in (1, 2):
            qtbot.mousePress(row.record, LEFT)
            qtbot.waitUntil(
                lambda name=name, wanted=6 * recordings: len(panel._classes[name].photos) >= wanted,
            )
            qtbot.mouseRelease(row.record, LEFT)
            apart(panel)
    qtbot.waitUntil(panel.train.isEnabled)
    qtbot.mouseClick(panel.train, LEFT)
    window.train.form.choose(epochs=6)  # Before the photos are read, and it starts.
    assert window.train.isVisible()
    qtbot.waitUntil(lambda: window.train.run_panel.model is not None)
    qtbot.waitUntil(lambda: not window.train.is_training)
    window.train.run_panel.result.acted.emit()
    assert page.isVisible()
    qtbot.waitUntil(lambda: page.view.accessibleName() == "Long one")


def test_what_was_recorded_is_known_when_the_button_is_let_go(
    window: MainWindow, learning: RecordPanel, qtbot: QtBot, apple: list[np.ndarray]
) -> None:
    panel = learning
    panel.add_class("Red one")
    button = panel.rows["Red one"].record
    QApplication.processEvents()  # The row gets its place.
    place = button.mapTo(window, QPoint(0, 0))
    record(panel, qtbot, "Red one", apple)
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model + Red one")
    assert button.mapTo(window, QPoint(0, 0)) == place  # Whatever is said.
    assert "including “Red one”" in window.camera.taught.text
    assert "Record “Red one” in another place, too" in window.camera.taught.text
    qtbot.mouseClick(window.camera.taught._first, LEFT)
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model")
    # The photos stay in the data set.
    assert len(panel._classes["Red one"].photos) >= 3


def test_nothing_is_learnt_at_once_where_that_is_not_wanted(
    window: MainWindow, learning: RecordPanel, qtbot: QtBot, apple: list[np.ndarray]
) -> None:
    panel = learning
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model")
    qtbot.mouseClick(panel.learns_at_once, LEFT, pos=QPoint(8, panel.learns_at_once.height() // 2))
    assert not window._settings.learns_at_once
    panel.add_class("Red one")
    record(panel, qtbot, "Red one", apple)
    assert not window.teacher.is_busy
    assert window.sidebar.in_use.text() == "Starter model"


def test_a_recording_that_is_taken_back_is_forgotten(
    window: MainWindow, learning: RecordPanel, qtbot: QtBot, apple: list[np.ndarray]
) -> None:
    panel = learning
    panel.add_class("Red one")
    record(panel, qtbot, "Red one", apple)
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model + Red one")
    qtbot.waitUntil(lambda: bool(window.teacher.photos))
    panel.rows["Red one"].taken_back.emit("Red one")
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model")
    qtbot.waitUntil(lambda: not window.camera.taught.isVisible())
    # And known again once it is fetched back.
    panel.notice.acted.emit()
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model + Red one")
