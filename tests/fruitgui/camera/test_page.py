from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fruitgui.camera.page import CameraPage
from fruitgui.camera.sources import Source, video_file
from fruitgui.camera.toolbar import CameraBar
from fruitgui.main_window import MainWindow
from fruitgui.qimages import to_array
from fruitgui.settings import Settings
from tests.fruitgui.conftest import choose_file
from tests.fruitgui.videos import APPLE, CARROTS, write


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds of carrots, in a file that only Unicode can name."""
    return write(tmp_path_factory.mktemp("video") / "당근.avi", CARROTS)


@pytest.fixture
def page(window: MainWindow) -> CameraPage:
    window.show_page(1)
    return window.camera


def start(page: CameraPage, qtbot: QtBot, path: Path) -> None:
    page.choose(video_file(path))
    qtbot.mouseClick(page.bar.start_stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page.view.image.isNull())


def test_a_video_is_shown_and_labelled_live(page: CameraPage, qtbot: QtBot, video: Path) -> None:
    start(page, qtbot, video)
    qtbot.waitUntil(lambda: page.view.accessibleName() == "Carrots")
    answer = page.view.answer
    assert answer is not None
    assert answer.confidence > 0.5
    assert len(answer.top) == 3
    qtbot.waitUntil(lambda: "delay " in page.view.figures)
    assert "320 × 240" in page.view.figures
    assert "inferences/s" in page.view.figures
    qtbot.mouseClick(page.bar.start_stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page.is_running)
    assert page.bar.start_stop.text() == "Start"


def test_the_end_of_a_video_is_said(page: CameraPage, qtbot: QtBot, tmp_path: Path) -> None:
    start(page, qtbot, write(tmp_path / "short.avi", APPLE, seconds=0.5))
    qtbot.waitUntil(lambda: not page.is_running)
    assert "ended" in page.notice.text


def test_the_picture_is_as_large_as_its_place(
    page: CameraPage, qtbot: QtBot, video: Path, window: MainWindow
) -> None:
    start(page, qtbot, video)
    window.resize(1100, 700)
    qtbot.waitUntil(
        lambda: (
            page.view.pixels().width() in {page.view.image.width(), page.view.image.width() + 1}
            or page.view.image.height() == page.view.pixels().height()
        ),
    )
    assert window.grab().width() > 0


def test_mirroring_changes_what_is_shown_and_not_what_the_model_sees(
    page: CameraPage, qtbot: QtBot, tmp_path: Path
) -> None:
    start(page, qtbot, write(tmp_path / "still.avi", APPLE, seconds=20))
    qtbot.waitUntil(lambda: page.view.answer is not None)
    before = page.view.image
    page.bar._toggles["mirror"].setChecked(True)
    qtbot.waitUntil(lambda: differs(page.view.image, before, 30))
    mirrored = page.view.image
    assert differs(mirrored, before, 30)
    assert not differs(mirrored.flipped(Qt.Orientation.Horizontal), before, 30)


def test_a_rotated_camera_is_turned(page: CameraPage, qtbot: QtBot, video: Path) -> None:
    start(page, qtbot, video)
    assert page.view.image.width() > page.view.image.height()
    page.bar._rotations[1].trigger()
    qtbot.waitUntil(lambda: page.view.image.width() < page.view.image.height())
    assert page._settings.camera_rotation == 90


def test_choices_of_the_menu_are_kept(page: CameraPage) -> None:
    page.bar._resolutions[2].trigger()
    page.bar._toggles["figures"].setChecked(False)
    assert page._settings.camera_resolution == (1280, 720)
    assert not page._settings.is_on("figures")
    assert page._settings.is_on("guide")


def test_another_source_takes_over_while_one_runs(
    page: CameraPage, qtbot: QtBot, video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(page, qtbot, video)
    other = tmp_path / "other.avi"
    other.write_bytes(video.read_bytes())
    choose_file(monkeypatch, other)
    page.bar._on_choose_video()
    qtbot.waitUntil(lambda: page.camera is not None and page.camera.source == video_file(other))
    qtbot.waitUntil(lambda: not page.view.image.isNull())
    assert page.bar.source == video_file(other)


def test_on_another_page_the_camera_is_off(
    page: CameraPage, window: MainWindow, qtbot: QtBot, video: Path
) -> None:
    start(page, qtbot, video)
    window.show_page(0)
    qtbot.waitUntil(lambda: not page.is_running)
    window.show_page(1)
    qtbot.waitUntil(lambda: not page.view.image.isNull())


def test_a_page_that_is_left_while_it_switches_stays_off(
    page: CameraPage, window: MainWindow, qtbot: QtBot, video: Path, tmp_path: Path
) -> None:
    start(page, qtbot, video)
    other = tmp_path / "other.avi"
    other.write_bytes(video.read_bytes())
    page.choose(video_file(other))
    page.bar.source_chosen.emit()
    window.show_page(0)
    qtbot.waitUntil(lambda: not page.is_running)
    assert not page.is_running
    window.show_page(1)
    assert page.camera is not None
    assert page.camera.source == video_file(other)


def test_the_last_source_is_chosen_again_be_it_there_or_not(
    settings: Settings, app: QApplication, qtbot: QtBot
) -> None:
    settings.camera_source = "/nowhere/" + 300 * "x" + ".avi"
    bar = CameraBar(settings)
    qtbot.addWidget(bar)
    assert bar.source == Source(settings.camera_source)


def test_once_stopped_it_stays_off(
    page: CameraPage, window: MainWindow, qtbot: QtBot, video: Path
) -> None:
    start(page, qtbot, video)
    page.stop()
    qtbot.waitUntil(lambda: not page.is_running)
    window.show_page(0)
    window.show_page(1)
    assert not page.is_running


def test_a_snapshot_goes_to_classify(
    page: CameraPage, window: MainWindow, qtbot: QtBot, video: Path
) -> None:
    assert not page.snapshot.isEnabled()
    start(page, qtbot, video)
    qtbot.waitUntil(lambda: page.view.accessibleName() == "Carrots")
    qtbot.mouseClick(page.snapshot, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.classify.photos.answered == 1)
    entry = window.classify.photos.entry(0)
    assert entry.answer is not None
    assert entry.answer.top[0].label == "Carrots"
    with_size = QImage(str(entry.path)).size()
    assert with_size.width() == with_size.height() == 240
    page.notice.acted.emit()
    assert window.classify.isVisible()


def test_the_empty_scene_can_be_shown(page: CameraPage, qtbot: QtBot, tmp_path: Path) -> None:
    start(page, qtbot, write(tmp_path / "table.avi", (None, 2)))
    qtbot.waitUntil(lambda: page.view.answer is not None)
    answered = page.view.accessibleName()
    assert answered != "Nothing there"
    qtbot.mouseClick(page.empty_scene, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.view.accessibleName() == "Nothing there")
    assert "Clear" in page.empty_scene.text()
    qtbot.mouseClick(page.empty_scene, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.view.accessibleName() == answered)


def test_cameras_come_and_go(page: CameraPage) -> None:
    bar = page.bar
    bar.show_cameras([])
    assert bar.source is None
    one, other = Source("FaceTime", 0), Source("Microscope", 2)
    bar.show_cameras([one])
    assert bar.source == one
    bar.show_cameras([one, other])
    assert bar.source == one
    bar.choose(other)
    bar.show_cameras([Source("Microscope", 1)])
    assert bar.sources.count() == 1
    assert bar.source == Source("Microscope", 1)


def test_two_cameras_of_one_name_are_told_apart(page: CameraPage) -> None:
    page.bar.show_cameras([Source("USB Camera", 0), Source("USB Camera", 2)])
    assert [page.bar.sources.itemText(row) for row in (0, 1)] == [
        "USB Camera (0)",
        "USB Camera (2)",
    ]


def test_videos_stay_in_the_list_beside_cameras(page: CameraPage, video: Path) -> None:
    page.choose(video_file(video))
    page.bar.show_cameras([Source("FaceTime", 0)])
    assert page.bar.source == video_file(video)


def test_closing_the_window_ends_the_camera(
    page: CameraPage, window: MainWindow, qtbot: QtBot, video: Path
) -> None:
    start(page, qtbot, video)
    window.close()
    assert not window.isVisible()


def differs(image: QImage, other: QImage, levels: float) -> bool:
    """Whether two images differ by so many grey levels in the mean."""
    if image.size() != other.size():
        return True
    return abs(to_array(image).astype(float) - to_array(other)).mean() > levels
