"""The window is closed while something is being written."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from fruitgui.main_window import MainWindow
from tests.fruitgui.conftest import choose_file
from tests.fruitgui.photos import labelled, save_as
from trainer import paths

Role = QMessageBox.ButtonRole
COUNT = 12


@pytest.fixture
def copying(
    window: MainWindow,
    qtbot: QtBot,
    sample: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Where sorted copies are made, as soon as :func:`copy` begins."""
    photos = tmp_path / "photos"
    photos.mkdir()
    for number in range(COUNT):
        # Not one photo under many names.
        (photos / f"{number}.jpg").write_bytes(sample.read_bytes() + bytes([number]))
    labelled(window, qtbot, photos)
    page = window.classify
    page.edits.correct([entry.path for entry in page.photos.entries], "Plum")
    target = tmp_path / "sorted"
    target.mkdir()
    choose_file(monkeypatch, target)
    page.export._copies.trigger()
    qtbot.waitUntil(lambda: f"Plum {COUNT}" in page.notice.text)
    return target


def copy(window: MainWindow) -> None:
    """Begin to make the copies; whether they are done is only looked at by the event loop."""
    window.classify.notice.acted.emit()


def asked(window: MainWindow) -> QMessageBox:
    (box,) = (box for box in window.findChildren(QMessageBox) if box.isVisible())
    return box


def press(window: MainWindow, role: Role) -> None:
    box = asked(window)
    (button,) = (button for button in box.buttons() if box.buttonRole(button) is role)
    button.click()


def test_what_is_being_written_is_named_and_finished_first(
    window: MainWindow, qtbot: QtBot, copying: Path
) -> None:
    copy(window)
    window.close()
    assert "“sorted” is being written" in asked(window).informativeText()
    press(window, Role.AcceptRole)
    assert window.isVisible()
    assert window.sidebar.stay_open.isVisible()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert len(list((copying / "Plum").iterdir())) == COUNT


def test_enter_and_escape_stop_nothing(window: MainWindow, qtbot: QtBot, copying: Path) -> None:
    copy(window)
    window.close()
    box = asked(window)
    assert box.buttonRole(box.defaultButton()) is Role.RejectRole
    assert box.buttonRole(box.escapeButton()) is Role.RejectRole
    press(window, Role.RejectRole)
    qtbot.waitUntil(lambda: not window.classify.export.is_busy)
    assert window.isVisible()
    assert len(list((copying / "Plum").iterdir())) == COUNT
    # Nothing is left to ask about.
    window.close()
    assert not window.isVisible()


def test_it_can_be_stopped_and_leaves_no_half_photo(
    window: MainWindow, qtbot: QtBot, copying: Path, sample: Path
) -> None:
    copy(window)
    window.close()
    press(window, Role.DestructiveRole)
    qtbot.waitUntil(lambda: not window.isVisible())
    size = sample.stat().st_size + 1
    assert {file.stat().st_size for file in copying.rglob("*.jpg")} <= {size}


def test_one_who_changes_their_mind_stays(window: MainWindow, qtbot: QtBot, copying: Path) -> None:
    copy(window)
    window.close()
    press(window, Role.AcceptRole)
    window.sidebar.stay_open.click()
    qtbot.waitUntil(lambda: not window.classify.export.is_busy)
    assert not window.sidebar.stay_open.isVisible()
    assert window.isVisible()


def test_what_went_wrong_meanwhile_is_not_closed_upon(
    window: MainWindow,
    qtbot: QtBot,
    sample: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    labelled(window, qtbot, sample)
    (tmp_path / "file").touch()
    save_as(monkeypatch, tmp_path / "file" / "labels.csv")
    window.classify.export._csv.trigger()
    window.close()
    press(window, Role.AcceptRole)
    qtbot.waitUntil(lambda: window.classify.notice.is_error)
    qtbot.waitUntil(lambda: not window.sidebar.stay_open.isVisible())
    assert window.isVisible()


def test_a_question_that_is_closed_is_answered_with_staying(
    window: MainWindow, qtbot: QtBot, copying: Path
) -> None:
    copy(window)
    window.close()
    asked(window).close()
    qtbot.waitUntil(lambda: not window.classify.export.is_busy)
    # Long enough for the window to look again.
    with qtbot.waitSignal(window._closing.allowed, timeout=400, raising=False) as closed:
        pass
    assert not closed.signal_triggered
    assert window.isVisible()


def test_a_question_goes_once_there_is_nothing_to_ask(
    window: MainWindow, qtbot: QtBot, copying: Path
) -> None:
    copy(window)
    window.close()
    asked(window)
    qtbot.waitUntil(lambda: window._closing._box is None)
    assert not window.classify.export.is_busy
    assert window.isVisible()
    # It can be asked again, of something else.
    window.classify.export._written = (copying, 0, 0)
    window.close()
    assert "“sorted” is being written" in asked(window).informativeText()
    press(window, Role.RejectRole)
    window.classify.export._written = None


def test_an_export_that_fails_meanwhile_is_not_closed_upon(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    qtbot.waitUntil(lambda: window.models.library.list.count() == 1)
    window.models.library.list.setCurrentRow(0)
    (tmp_path / "file").touch()
    window.models.library.exporting.write(tmp_path / "file" / "fruit.onnx")
    window.close()
    press(window, Role.AcceptRole)
    qtbot.waitUntil(lambda: not window.models.library.exporting.is_busy)
    qtbot.waitUntil(lambda: window._closing.decided is None)
    assert window.isVisible()


def test_the_system_shuts_down_without_being_asked(
    window: MainWindow, qtbot: QtBot, copying: Path
) -> None:
    copy(window)
    window.stop_and_close()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert [box for box in window.findChildren(QMessageBox) if box.isVisible()] == []


def test_an_import_an_export_and_a_report_are_named(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    qtbot.waitUntil(lambda: window.models.library.list.count() == 1)
    models = window.models
    models.library.list.setCurrentRow(0)
    source = tmp_path / "mine.safetensors"
    shutil.copyfile(paths.starter_model(), source)
    models.library.importing.import_file(source)
    models.library.exporting.write(tmp_path / "fruit.onnx")
    models.write_report_to(str(paths.starter_model()), tmp_path / "report.html")
    window.close()
    text = asked(window).informativeText()
    assert "“mine.safetensors” is being imported." in text
    assert "“fruit.onnx” is being exported." in text
    assert "1 report is being written." in text
    press(window, Role.DestructiveRole)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert not (tmp_path / "fruit.onnx").exists()
