from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fruitgui.main_window import MainWindow
from tests.fruitgui.photos import labelled


def test_a_photo_is_opened_explained_turned_and_closed_by_keys(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    labelled(window, qtbot, sample.parent)
    page = window.classify
    page.results.grid.go_to(0)
    qtbot.keyClick(page.results.grid, Qt.Key.Key_Return)
    assert page._stack.currentWidget() is page.detail
    assert page.detail.path == page.photos.entry(0).path
    without = page.detail.view.grab().toImage()
    qtbot.keyClick(page.detail, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: page.detail.view.has_heat)
    assert page.detail.view.grab().toImage() != without
    qtbot.keyClick(page.detail, Qt.Key.Key_Right)
    assert page.detail.path == page.photos.entry(1).path
    qtbot.keyClick(page.detail, Qt.Key.Key_3)
    answer = page.photos.entry(1).answer
    assert answer is not None
    assert page.photos.entry(1).correction == answer.top[2].label
    qtbot.keyClick(page.detail, Qt.Key.Key_Escape)
    assert page._stack.currentWidget() is page.results
    assert page.results.grid.current() is page.photos.entry(1)


def test_of_a_file_that_is_cut_off_it_is_said(
    window: MainWindow, qtbot: QtBot, sample: Path, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.jpg"
    cut.write_bytes(sample.read_bytes()[:-40])
    labelled(window, qtbot, cut, sample)
    page = window.classify
    page._open(cut)
    assert not page.detail._file_note.isHidden()
    index = page.photos.index(0)
    assert "cut off" in index.data(Qt.ItemDataRole.ToolTipRole)
    page._open(sample)
    assert page.detail._file_note.isHidden()


def test_the_view_zooms_and_fits(window: MainWindow, qtbot: QtBot, sample: Path) -> None:
    labelled(window, qtbot, sample)
    page = window.classify
    page._open(sample)
    view = page.detail.view
    qtbot.waitUntil(lambda: view.sceneRect().width() > 250)
    fitted = view.transform().m11()
    qtbot.keyClick(page.detail, Qt.Key.Key_Plus)
    assert view.transform().m11() == pytest.approx(1.25 * fitted)
    qtbot.keyClick(page.detail, Qt.Key.Key_0)
    assert view.transform().m11() == pytest.approx(fitted)
