import json
import os
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from fruitgui.settings import Settings
from fruitgui.train.page import TrainPage
from fruitgui.widgets.data_panel import DataPanel
from fruitgui.widgets.labels_dialog import LabelsDialog
from fruitgui.workers.task import Tasks
from tests.trainer.photos import photo
from trainer.data.labels.label_source import label_source

NAMES = [f"{kind}_{n}.png" for kind in ("apple", "pear") for n in range(6)]


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    for name in NAMES:
        photo(folder / name)
    return folder


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "labels.csv"
    rows = [f"{n},{n[0]},{n.partition('_')[0]},{'val' if '_5' in n else 'train'}" for n in NAMES]
    file.write_text("\n".join(("file,letter,kind,half", *rows, "gone.png,a,apple,train")))
    return file


def opened(
    settings: Settings, qtbot: QtBot, photos: Path, file: Path | None = None
) -> LabelsDialog:
    dialog = LabelsDialog(settings, photos, file)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    wait(dialog, qtbot)
    return dialog


def wait(dialog: LabelsDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not dialog.is_looking)


def classes(dialog: LabelsDialog) -> dict[str, str]:
    cells = dialog.classes
    return {cells.item(row, 0).text(): cells.item(row, 1).text() for row in range(cells.rowCount())}


def first_row(dialog: LabelsDialog) -> list[str]:
    return [dialog.preview.item(0, column).text() for column in range(3)]


def choose(dialog: LabelsDialog, qtbot: QtBot, box: str, text: str) -> None:
    column = getattr(dialog.columns, box)
    column.setCurrentIndex(column.findText(text))
    column.activated.emit(column.currentIndex())
    wait(dialog, qtbot)


def test_a_table_is_shown_as_it_is_understood(
    settings: Settings, qtbot: QtBot, photos: Path, table: Path
) -> None:
    dialog = opened(settings, qtbot, photos, table)
    assert dialog.columns.photo.currentText() == "file"
    assert dialog.columns.split.currentText() == "half"
    choose(dialog, qtbot, "label", "kind")
    assert classes(dialog) == {"apple": "6", "pear": "6"}
    assert first_row(dialog) == ["apple_0.png", "apple", "train"]
    assert "not there (1, such as “gone.png”)" in dialog.warnings.text
    choose(dialog, qtbot, "label", "letter")
    assert classes(dialog) == {"a": "6", "p": "6"}
    choose(dialog, qtbot, "split", "None: split automatically")
    assert dialog.preview.isColumnHidden(2)
    with qtbot.waitSignal(dialog.labels_chosen) as signal:
        qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    source = label_source(signal.args[0])
    assert source.columns is not None
    assert (source.columns.labels, source.columns.split) == (("letter",), "")
    qtbot.waitUntil(dialog.isHidden)


def test_another_column_mends_what_does_not_fit(
    settings: Settings, qtbot: QtBot, photos: Path, table: Path
) -> None:
    dialog = opened(settings, qtbot, photos, table)
    choose(dialog, qtbot, "photo", "letter")
    assert dialog.notice.is_error
    assert "names no photo" in dialog.notice.text
    assert not dialog.use.isEnabled()
    # What is there is shown all the same, so that one sees what is wrong.
    assert first_row(dialog)[:2] == ["a", "no such photo"]
    choose(dialog, qtbot, "photo", "file")
    assert dialog.notice.isHidden()
    assert dialog.use.isEnabled()
    dialog.shut_down()


def test_names_are_taken_apart_as_the_pattern_is_typed(
    settings: Settings, qtbot: QtBot, photos: Path
) -> None:
    dialog = opened(settings, qtbot, photos)
    assert dialog.pattern.currentText() == "{label}_#"
    assert classes(dialog) == {"apple": "6", "pear": "6"}
    field = dialog.pattern.lineEdit()
    field.selectAll()
    qtbot.keyClicks(field, "*_{label}")
    wait(dialog, qtbot)
    assert field.text() == "*_{label}"
    assert list(classes(dialog)) == ["0", "1", "2", "3", "4", "5"]
    assert first_row(dialog)[:2] == ["apple_0.png", "0"]
    field.clear()
    wait(dialog, qtbot)
    # It is about to be typed, and not to be guessed.
    assert field.text() == ""
    assert "needs one {label}" in dialog.notice.text
    assert not dialog.use.isEnabled()
    qtbot.keyClicks(field, "{label}_*")
    wait(dialog, qtbot)
    assert dialog.use.isEnabled()
    dialog.shut_down()


def test_one_turns_from_a_file_to_names_and_back(
    settings: Settings, qtbot: QtBot, photos: Path, table: Path
) -> None:
    dialog = opened(settings, qtbot, photos, table)
    dialog.kind.choose("names")
    dialog.kind.chosen.emit("names")
    wait(dialog, qtbot)
    assert dialog.pattern.isVisible()
    assert not dialog.columns.photo.isVisible()
    assert dialog.pattern.currentText() == "{label}_#"
    dialog.kind.choose("file")
    dialog.kind.chosen.emit("file")
    wait(dialog, qtbot)
    assert dialog.columns.photo.currentText() == "file"
    dialog.shut_down()


def test_numbers_get_names_from_a_list(
    settings: Settings,
    qtbot: QtBot,
    photos: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = tmp_path / "labels.json"
    file.write_text(json.dumps({name: int(name.startswith("pear")) for name in NAMES}))
    names = tmp_path / "ours.txt"
    names.write_text("apple\npear\n")
    dialog = opened(settings, qtbot, photos, file)
    assert list(classes(dialog)) == ["0", "1"]
    answer = (str(names), "")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: answer)
    qtbot.mouseClick(dialog.columns.choose_names, Qt.MouseButton.LeftButton)
    wait(dialog, qtbot)
    assert list(classes(dialog)) == ["apple", "pear"]
    dialog.shut_down()


def test_a_column_is_not_two_things(
    settings: Settings, qtbot: QtBot, photos: Path, table: Path
) -> None:
    dialog = opened(settings, qtbot, photos, table)
    choose(dialog, qtbot, "label", "half")
    assert dialog.columns.split.currentText() == "None: split automatically"
    assert classes(dialog) == {"train": "10", "val": "2"}
    choose(dialog, qtbot, "photo", "half")
    assert dialog.columns.label.currentText() != "half"
    choose(dialog, qtbot, "photo", "file")
    choose(dialog, qtbot, "label", "kind")
    choose(dialog, qtbot, "split", "kind")
    assert dialog.columns.label.currentText() != "kind"
    dialog.shut_down()


def test_labels_that_may_be_in_either_column_are_asked_for(
    settings: Settings, qtbot: QtBot, photos: Path, tmp_path: Path
) -> None:
    file = tmp_path / "labels.csv"
    rows = [
        f"{name},{'kim lee'.split()[n % 2]},{1 - n // 6},{n // 6}" for n, name in enumerate(NAMES)
    ]
    file.write_text("\n".join(("file,who,apple,pear", *rows)))
    dialog = opened(settings, qtbot, photos, file)
    assert "Nothing tells which column" in dialog.notice.text
    assert dialog.columns.photo.currentText() == "file"
    assert dialog.columns.label.currentIndex() == -1
    assert not dialog.use.isEnabled()
    choose(dialog, qtbot, "label", "A column a class (2)")
    assert classes(dialog) == {"apple": "6", "pear": "6"}
    assert dialog.use.isEnabled()
    dialog.shut_down()


def test_labels_that_contradict_one_another_are_not_shown_as_taken(
    settings: Settings, qtbot: QtBot, photos: Path, tmp_path: Path
) -> None:
    file = tmp_path / "labels.csv"
    rows = [f"{name},{name.partition('_')[0]}" for name in NAMES]
    file.write_text("\n".join(("file,kind", f"{NAMES[0]},pear", *rows)))
    dialog = opened(settings, qtbot, photos, file)
    assert first_row(dialog)[:2] == [NAMES[0], "several labels"]
    taken, left = (dialog.preview.item(row, 0).foreground().color() for row in (2, 0))
    assert taken != left
    boxes = [f"{name},1,1,7,7,{name.partition('_')[0]}" for name in NAMES]
    boxes.insert(0, f"{NAMES[0]},1,1,2,2,leaf")
    file.write_text("\n".join(("file,xmin,ymin,xmax,ymax,kind", *boxes)))
    dialog = opened(settings, qtbot, photos, file)
    assert first_row(dialog)[:2] == [NAMES[0], "leaf: covers less"]
    assert classes(dialog) == {"apple": "6", "pear": "6"}
    dialog.shut_down()


def test_keys_lead_out_of_the_tables_and_scroll_them(
    settings: Settings, qtbot: QtBot, photos: Path, table: Path
) -> None:
    dialog = opened(settings, qtbot, photos, table)
    for cells in (dialog.preview, dialog.classes):
        cells.setFocus()
        assert dialog.focusWidget() is cells
        qtbot.keyClick(cells, Qt.Key.Key_Tab)
        assert dialog.focusWidget() is not cells
    dialog.preview.setFocus()
    qtbot.keyClick(dialog.preview, Qt.Key.Key_PageDown)
    qtbot.keyClick(dialog.preview, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert dialog.preview.currentRow() == dialog.preview.rowCount() - 1
    dialog.shut_down()


def writer_of(pipe: Path) -> int:
    """Open a pipe that is being read.

    Raises:
        AssertionError: nobody reads it yet.
    """
    try:
        return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    except OSError as error:
        raise AssertionError from error


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes in folders")
def test_what_takes_long_is_told_and_not_waited_for(
    settings: Settings, qtbot: QtBot, photos: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "photos.zip"
    with zipfile.ZipFile(archive, "w") as opened_zip:
        for name in NAMES:
            opened_zip.write(photos / name, name)
    pipe = tmp_path / "labels.csv"
    os.mkfifo(pipe)  # Whoever reads it waits until whoever writes it is done.
    tasks = Tasks()
    dialog = LabelsDialog(settings, archive, pipe, tasks=tasks)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    writers: list[int] = []
    qtbot.waitUntil(lambda: writers.append(writer_of(pipe)) is None)
    qtbot.waitUntil(lambda: dialog.status.text() == "Unpacking: 12 of 12")
    dialog.reject()
    assert dialog.isHidden()
    assert dialog.is_looking
    os.close(writers[0])
    wait(dialog, qtbot)
    tasks.shut_down()
    assert dialog.classes.rowCount() == 0


def drop(page: TrainPage, *files: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, left, none))


def test_a_dropped_table_becomes_a_data_set(
    settings: Settings, qtbot: QtBot, photos: Path, table: Path
) -> None:
    page = TrainPage(settings)
    qtbot.addWidget(page)
    page.show()
    drop(page, table, photos)
    dialog = page.data.labels_dialog
    assert dialog is not None
    wait(dialog, qtbot)
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.data.data is not None)
    assert page.data.data is not None
    assert page.data.data.has_own_splits
    assert len(page.data.data.photos) == 12
    assert page.data.labels_dialog is None
    page.shut_down()


def test_what_is_dropped_with_labels_counts_or_is_told(
    settings: Settings, qtbot: QtBot, photos: Path, table: Path
) -> None:
    page = TrainPage(settings)
    qtbot.addWidget(page)
    page.show()
    more = table.with_name("more.csv")
    more.write_text(table.read_text())
    (photos.parent / "others").mkdir()
    for dropped in ((table, more, photos), (table, photos, photos.parent / "others")):
        with qtbot.waitSignal(page.data.failed) as signal:
            drop(page, *dropped)
        assert "Drop one of each, without “" in str(signal.args[0])
        assert page.data.labels_dialog is None
    page.shut_down()


def test_unsorted_photos_offer_where_labels_may_be(
    settings: Settings, qtbot: QtBot, photos: Path
) -> None:
    panel = DataPanel(settings)
    qtbot.addWidget(panel)
    panel.show()
    with qtbot.waitSignal(panel.failed):
        panel.use_data(photos)
    assert panel.take_from_file.isVisible()
    qtbot.waitUntil(lambda: not panel.is_reading)
    panel.take_from_names.click()
    dialog = panel.labels_dialog
    assert dialog is not None
    wait(dialog, qtbot)
    dialog.use.click()
    qtbot.waitUntil(lambda: panel.data is not None)
    assert panel.data is not None
    assert panel.data.classes == ("apple", "pear")
    assert not panel.take_from_file.isVisible()
    panel.shut_down()
