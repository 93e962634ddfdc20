import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fruitgui.classify.photo_list import Filter
from fruitgui.main_window import MainWindow
from tests.fruitgui.conftest import choose_file
from tests.fruitgui.photos import labelled, save_as


def test_labels_are_saved_as_a_table_with_corrections_and_failures(
    window: MainWindow,
    qtbot: QtBot,
    sample: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_text("no picture")
    labelled(window, qtbot, sample, broken)
    page = window.classify
    page.edits.correct([sample], "토마토")
    save_as(monkeypatch, tmp_path / "labels.csv")
    page.export._csv.trigger()
    qtbot.waitUntil(lambda: "labels.csv" in page.notice.text)
    rows = (tmp_path / "labels.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == "path,label,confidence,unknown,error,corrected,guess,name"
    assert rows[1].startswith(f"{sample},토마토,")
    assert "not a picture" in rows[2]

    save_as(monkeypatch, tmp_path / "labels.jsonl")
    page.export._json_lines.trigger()
    qtbot.waitUntil(lambda: "labels.jsonl" in page.notice.text)
    lines = (tmp_path / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    first, second = map(json.loads, lines)
    assert (first["label"], first["corrected"]) == ("토마토", True)
    assert second["error"]


def test_copies_are_made_only_after_the_plan_has_been_seen(
    window: MainWindow,
    qtbot: QtBot,
    sample: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    labelled(window, qtbot, sample)
    page = window.classify
    page.edits.correct([sample], "Plum")
    choose_file(monkeypatch, tmp_path)
    page.export._copies.trigger()
    qtbot.waitUntil(lambda: "Plum 1" in page.notice.text)
    assert not (tmp_path / "Plum").exists()
    page.notice.acted.emit()
    qtbot.waitUntil(lambda: (tmp_path / "Plum" / sample.name).exists())
    assert sample.exists()


def test_corrections_become_training_photos(
    window: MainWindow,
    qtbot: QtBot,
    sample: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    labelled(window, qtbot, sample.parent)
    page = window.classify
    page.edits.correct([sample], "Plum")
    choose_file(monkeypatch, tmp_path / "data")
    page.export._corrections.trigger()
    qtbot.waitUntil(lambda: "added" in page.notice.text)
    assert [file.relative_to(tmp_path) for file in tmp_path.rglob("*.jpg")] == [
        Path("data/Plum") / sample.name
    ]
    assert sample.exists()


def test_a_corrected_photo_that_is_gone_is_not_called_there_already(
    window: MainWindow,
    qtbot: QtBot,
    sample: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gone = tmp_path / "gone.jpg"
    gone.write_bytes(sample.read_bytes() + b"another")
    labelled(window, qtbot, sample, gone)
    page = window.classify
    page.edits.correct([sample, gone], "Plum")
    page.edits._thread.shut_down()
    gone.unlink()
    choose_file(monkeypatch, tmp_path / "data")
    page.export._corrections.trigger()
    qtbot.waitUntil(lambda: "added" in page.notice.text)
    assert page.notice.text == (
        "1 photo added to the training photos in “data”. 1 photo is gone or cannot be read."
    )


def test_only_what_is_shown_is_taken_out(
    window: MainWindow,
    qtbot: QtBot,
    sample: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    labelled(window, qtbot, sample.parent)
    page = window.classify
    page.edits.correct([sample], "Plum")
    page.photos.set_filter(Filter("corrected"))
    save_as(monkeypatch, tmp_path / "labels.csv")
    page.export._csv.trigger()
    qtbot.waitUntil(lambda: "labels.csv" in page.notice.text)
    assert len((tmp_path / "labels.csv").read_text(encoding="utf-8-sig").splitlines()) == 2
