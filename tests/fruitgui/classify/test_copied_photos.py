import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fruitgui.main_window import MainWindow
from fruitgui.mime_data import take_apart
from tests.fruitgui.photos import labelled


@pytest.mark.skipif(sys.platform == "win32", reason="Windows refuses the name")
def test_copied_photos_are_rows_for_a_spreadsheet_and_files(
    window: MainWindow, qtbot: QtBot, sample: Path, tmp_path: Path
) -> None:
    other = tmp_path / "a <b>\tb.jpg"
    other.write_bytes(sample.read_bytes() + b"another")
    labelled(window, qtbot, sample, other)
    page = window.classify
    page.edits.correct([other], "Plum")
    grid = page.results.grid
    grid.selectAll()
    qtbot.keyClick(grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    data = QApplication.clipboard().mimeData()
    first, second = data.text().split("\n")
    answer = page.photos.entry(0).answer
    assert answer is not None
    assert first == f"{sample.name}\tTomato\t{answer.confidence:.1%}"
    assert second == "a <b> b.jpg\tPlum\t"
    assert "<td>a &lt;b&gt; b.jpg</td><td>Plum</td>" in data.html()
    assert take_apart(data).files == (sample, other)
    assert page._bar.summary.text() == "2 photos copied, as a table and as files"


def test_backspace_takes_off_the_list_as_delete_does(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    labelled(window, qtbot, sample)
    grid = window.classify.results.grid
    grid.selectAll()
    qtbot.keyClick(grid, Qt.Key.Key_Backspace)
    assert window.classify.photos.paths == []
    assert sample.exists()
