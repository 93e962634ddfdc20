import json
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fruitgui.classify.label_counts import LabelCounts
from fruitgui.classify.photo_list import Counts, Filter
from fruitgui.classify.unreadable_dialog import UnreadableDialog
from fruitgui.main_window import MainWindow
from tests.fruitgui.conftest import choose_file
from tests.fruitgui.photos import labelled, save_as
from trainer.storage import caches


@pytest.fixture
def holiday(sample: Path, tmp_path: Path) -> Path:
    archive = tmp_path / "holiday.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(sample, "day1/a.jpg")
        packed.writestr("day2/b.jpg", b"no picture")
    return archive


def test_photos_of_a_zip_are_shown_and_saved_by_their_places_in_it(
    window: MainWindow, qtbot: QtBot, holiday: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled(window, qtbot, holiday)
    page = window.classify
    tooltip = page.photos.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert tooltip.splitlines()[0] == f"{holiday}/day1/a.jpg"
    page.results.opened.emit(page.photos.path_at(0))
    assert page.detail._name.toolTip() == f"{holiday}/day1/a.jpg"

    table = holiday.with_name("labels.jsonl")
    save_as(monkeypatch, table)
    page.export._json_lines.trigger()
    qtbot.waitUntil(lambda: table.name in page.notice.text)
    places = [json.loads(line)["path"] for line in table.read_text("utf-8").splitlines()]
    assert places == [f"{holiday}/day1/a.jpg", f"{holiday}/day2/b.jpg"]

    page._bar.unreadable.click()
    (dialog,) = page.findChildren(UnreadableDialog)
    item = dialog.table.item(0, 2)
    assert item is not None
    assert item.text() == f"{holiday}/day2"
    dialog.close()


def test_photos_of_a_zip_are_still_there_once_the_caches_were_cleared(
    window: MainWindow,
    qtbot: QtBot,
    holiday: Path,
    sample: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    labelled(window, qtbot, holiday)
    page = window.classify
    photo = page.photos.path_at(0)
    caches.clear()
    assert not photo.exists()
    page.edits.correct([photo], "Plum")
    out = tmp_path / "out"
    out.mkdir()
    choose_file(monkeypatch, out)
    page.export._copies.trigger()
    qtbot.waitUntil(lambda: "Plum 1" in page.notice.text)
    caches.clear()
    page.notice.acted.emit()
    qtbot.waitUntil(lambda: (out / "Plum" / "a.jpg").exists())
    assert (out / "Plum" / "a.jpg").read_bytes() == sample.read_bytes()


def test_the_unsure_have_a_row_that_no_class_is_taken_for(qtbot: QtBot) -> None:
    rows = LabelCounts()
    qtbot.addWidget(rows)
    counts = Counts(
        photos=3, answered=3, unsure=1, corrected=0, relabelled=0, twins=0, of_label={"Not sure": 2}
    )
    rows.show_counts(counts, Filter())
    names = [rows.item(number).text() for number in range(rows.count())]
    assert names == ["All photos", "Not sure 2", "Not sure"]
