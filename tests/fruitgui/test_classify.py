import json
import zipfile
from base64 import b64encode
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage, QKeySequence
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from fruitgui.models.photos import Filter
from fruitgui.pages.unreadable import UnreadableDialog
from fruitgui.window import MainWindow
from tests.fruitgui.conftest import LONG, choose_file
from trainer import corrections, paths
from trainer.dataset import DataSet
from trainer.events import Finished
from trainer.fit import fit
from trainer.model_info import read_model_info
from trainer.recipe import Recipe
from trainer.run import create_run


def dropped(window: MainWindow, data: QMimeData) -> None:
    event = QDropEvent(
        QPointF(100, 100),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.classify.dropEvent(event)


def files(*sources: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(source)) for source in sources])
    return data


def labelled(window: MainWindow, qtbot: QtBot, *sources: Path) -> None:
    """Drop photos and wait for all their answers."""
    dropped(window, files(*sources))
    settled(window, qtbot)


def settled(window: MainWindow, qtbot: QtBot) -> None:
    page = window.classify
    qtbot.waitUntil(lambda: not page._tasks, timeout=LONG)
    qtbot.waitUntil(lambda: page.photos.answered == len(page.photos.paths), timeout=LONG)
    qtbot.waitUntil(lambda: not page._showing.isActive())


def test_dropped_photos_and_folders_become_cards_with_labels(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    labelled(window, qtbot, sample, sample.parent)
    photos = window.classify.photos
    # The sample came twice, and is there once.
    assert photos.rowCount() == len(list(sample.parent.glob("*.jpg")))
    entry = photos.entry(0)
    assert entry.path == sample
    assert entry.answer is not None
    assert len(entry.answer.top) == 5
    spoken = photos.data(photos.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert sample.name in spoken
    assert window.grab().width() > 0  # The cards can be painted.


def test_the_same_photo_reached_by_two_ways_is_one_card(
    window: MainWindow, qtbot: QtBot, sample: Path, tmp_path: Path
) -> None:
    shortcut = tmp_path / "shortcut"
    shortcut.symlink_to(sample.parent, target_is_directory=True)
    labelled(window, qtbot, sample, shortcut / sample.name, sample.parent / "." / sample.name)
    assert window.classify.photos.rowCount() == 1


def test_files_that_hold_the_same_photo_are_one_card_and_a_row_each_in_a_table(
    window: MainWindow,
    qtbot: QtBot,
    sample: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    twin = tmp_path / "twin.jpg"
    twin.write_bytes(sample.read_bytes())
    labelled(window, qtbot, sample, twin)
    page = window.classify
    qtbot.waitUntil(lambda: page.photos.counts().twins == 1)
    assert [page.photos.entry(row).path for row in range(page.photos.rowCount())] == [sample]
    qtbot.waitUntil(lambda: page._bar.summary.text() == "1 photo · 1 duplicate")
    window.set_language("ko")
    qtbot.waitUntil(lambda: page._bar.summary.text() == "사진 1장 · 중복 1개")
    page.edits.correct([sample], "Plum")
    save_as(monkeypatch, tmp_path / "labels.csv")
    page.export._csv.trigger()
    qtbot.waitUntil(lambda: "labels.csv" in page.notice.text)
    rows = (tmp_path / "labels.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [row.split(",")[:2] for row in rows[1:]] == [
        [str(sample), "Plum"],
        [str(twin), "Plum"],
    ]
    dropped(window, files(twin))
    qtbot.waitUntil(lambda: "이미" in page._bar.summary.text())


def test_a_file_that_could_not_be_read_is_tried_again(
    window: MainWindow, qtbot: QtBot, sample: Path, tmp_path: Path
) -> None:
    file = tmp_path / "photo.jpg"
    file.write_text("not yet copied")
    labelled(window, qtbot, file)
    assert list(window.classify.photos.unreadable) == [file]
    file.write_bytes(sample.read_bytes())
    labelled(window, qtbot, file)
    assert window.classify.photos.unreadable == {}
    assert window.classify.photos.paths == [file]


def test_what_cannot_be_read_is_listed_apart_with_its_reason(
    window: MainWindow, qtbot: QtBot, sample: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "깨짐.jpg"
    broken.write_text("no picture")
    packed = tmp_path / "broken.zip"
    packed.write_bytes(b"PK\x03\x04 no zip")
    labelled(window, qtbot, broken, sample, packed)
    page = window.classify
    assert [page.photos.entry(row).path for row in range(page.photos.rowCount())] == [sample]
    reasons = {path.name: str(file.error) for path, file in page.photos.unreadable.items()}
    assert "not a picture" in reasons[broken.name]
    assert "unpack" in reasons[packed.name].lower()
    qtbot.waitUntil(lambda: page._bar.unreadable.isVisible())
    qtbot.mouseClick(page._bar.unreadable, Qt.MouseButton.LeftButton)
    (dialog,) = page.findChildren(UnreadableDialog)
    assert dialog.table.rowCount() == 2
    dialog.close()


def test_a_folder_that_cannot_be_read_at_all_leaves_the_page_empty_and_says_why(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "a.jpg").write_text("no picture")
    dropped(window, files(tmp_path))
    qtbot.waitUntil(lambda: len(window.classify.photos.unreadable) == 1, timeout=LONG)
    qtbot.waitUntil(lambda: window.classify._bar.unreadable.isVisible())
    assert window.classify._stack.currentWidget() is window.classify._empty


def test_the_photos_in_a_zip_become_cards(
    window: MainWindow, qtbot: QtBot, sample: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "사진.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(sample, "안/토마토.jpg")
        packed.writestr("read me.txt", "nothing")
    labelled(window, qtbot, archive)
    assert window.classify.photos.entry(0).path.name == "토마토.jpg"


def test_a_picture_is_pasted_with_the_keyboard_and_kept_once(
    window: MainWindow, qtbot: QtBot
) -> None:
    picture = QImage(120, 90, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(picture)
    window.classify.setFocus()
    for _ in range(2):
        qtbot.keySequence(window.classify, QKeySequence(QKeySequence.StandardKey.Paste))
        qtbot.waitUntil(lambda: window.classify.photos.answered == 1, timeout=LONG)
        settled(window, qtbot)
    (kept,) = paths.captured_folder().iterdir()
    assert QImage(str(kept)).pixelColor(5, 5) == Qt.GlobalColor.red
    assert window.classify.photos.rowCount() == 1


def test_files_are_pasted_too(window: MainWindow, qtbot: QtBot, sample: Path) -> None:
    QGuiApplication.clipboard().setMimeData(files(sample))
    qtbot.mouseClick(window.classify._bar.paste, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.classify.photos.answered == 1, timeout=LONG)


def test_paths_are_pasted_as_text(window: MainWindow, qtbot: QtBot, sample: Path) -> None:
    other = sample.with_name("kiwi-1.jpg")
    QGuiApplication.clipboard().setText(f'"{sample}"\n{other.as_uri()}\n')
    qtbot.mouseClick(window.classify._bar.paste, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.classify.photos.answered == 2, timeout=LONG)


def test_a_picture_that_is_its_own_address_is_taken(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    data = QMimeData()
    content = b64encode(sample.read_bytes()).decode()
    data.setUrls([QUrl(f"data:image/jpeg;base64,{content}")])
    dropped(window, data)
    qtbot.waitUntil(lambda: window.classify.photos.answered == 1, timeout=LONG)
    (kept,) = paths.captured_folder().iterdir()
    assert kept.read_bytes() == sample.read_bytes()
    assert kept.suffix == ".jpg"


def test_a_browser_that_gives_the_picture_beside_its_address_needs_no_web(
    window: MainWindow, qtbot: QtBot
) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/apple.jpg")])
    picture = QImage(60, 60, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.green)
    data.setImageData(picture)
    dropped(window, data)
    qtbot.waitUntil(lambda: window.classify.photos.answered == 1, timeout=LONG)


def test_photos_are_chosen_in_a_dialog(
    window: MainWindow, qtbot: QtBot, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_file(monkeypatch, sample)
    qtbot.mouseClick(window.classify._empty_choose, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.classify.photos.answered == 1, timeout=LONG)


def test_a_picture_on_the_web_is_not_fetched(window: MainWindow) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/apple.jpg")])
    dropped(window, data)
    assert "not fetched" in window.classify.notice.text
    assert window.classify.photos.rowCount() == 0


def test_a_folder_without_pictures_is_said_to_have_none(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    dropped(window, files(tmp_path))
    qtbot.waitUntil(lambda: "no pictures" in window.classify.notice.text)


def test_clear_empties_the_page(window: MainWindow, qtbot: QtBot, sample: Path) -> None:
    window.open_photos([sample])
    qtbot.waitUntil(lambda: window.classify.photos.answered == 1, timeout=LONG)
    qtbot.mouseClick(window.classify._bar.clear, Qt.MouseButton.LeftButton)
    assert window.classify.photos.rowCount() == 0


def test_nothing_is_lost_between_search_and_answer(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    photos = window.classify.photos
    for _ in range(20):
        window.open_photos([sample])
        qtbot.waitUntil(lambda: photos.answered == 1, timeout=LONG)
        window.classify._on_clear()


def test_stop_keeps_what_is_answered_and_forgets_the_rest(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    labelled(window, qtbot, sample)
    page = window.classify
    # Another model answers all of them anew.
    window.use_model(paths.starter_model())
    qtbot.waitUntil(lambda: page.photos.answered == 0, timeout=LONG)
    dropped(window, files(*sorted(sample.parent.glob("*.jpg"))))
    page._on_stop()
    assert page.photos.paths == [sample]
    assert page.photos.answered == 1
    settled(window, qtbot)
    assert page.photos.paths == [sample]
    # What was stopped is looked at when it comes again.
    labelled(window, qtbot, sample)
    assert page.photos.entry(0).answer is not None


def test_answers_need_no_torch(window: MainWindow, qtbot: QtBot, sample: Path) -> None:
    labelled(window, qtbot, sample)
    # Other tests import torch; what answers here tells of itself.
    from trainer.predict import Predictor

    assert Predictor(paths.starter_model()).engine.name.startswith("OpenVINO")


# Correcting


def test_digits_take_a_label_and_go_on_to_the_next_photo(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    labelled(window, qtbot, sample.parent)
    page = window.classify
    page.results.grid.go_to(0)
    first, second = (page.photos.entry(row) for row in (0, 1))
    assert first.answer is not None
    qtbot.keyClick(page.results.grid, Qt.Key.Key_2)
    assert first.correction == first.answer.top[1].label
    assert page.results.grid.current() is second
    page.shut_down()
    assert corrections.known([first.path]) == {first.path: first.correction}


def test_many_are_corrected_at_once_and_undone_at_once(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    labelled(window, qtbot, sample.parent)
    page = window.classify
    page.results.grid.selectAll()
    page.results.class_field.setText("lime")
    qtbot.keyClick(page.results.class_field, Qt.Key.Key_Return)
    counts = page.photos.counts()
    assert dict(counts.of_label) == {"Lime": counts.photos}
    qtbot.keySequence(page, QKeySequence(QKeySequence.StandardKey.Undo))
    assert page.photos.counts().corrected == 0
    qtbot.keySequence(page, QKeySequence(QKeySequence.StandardKey.Redo))
    assert page.photos.counts().corrected == counts.photos


def test_a_class_is_found_by_its_korean_name_and_a_new_one_is_taken(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    window.set_language("ko")
    labelled(window, qtbot, sample)
    page = window.classify
    for typed, label in (("바나나", "Banana"), ("두리안", "두리안")):
        page.results.grid.go_to(0)
        page.results.class_field.setText(typed)
        qtbot.keyClick(page.results.class_field, Qt.Key.Key_Return)
        assert page.photos.entry(0).correction == label


def test_letters_find_classes_in_both_languages_before_they_make_a_new_one(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    window.set_language("ko")
    labelled(window, qtbot, sample)
    page = window.classify
    field = page.results.class_field
    assert field.matches("kiw") == ["Kiwi"]
    assert field.matches("키위") == ["Kiwi"]
    assert field.matches("키")[0] == "Kiwi"
    assert field.matches("durian") == []
    page.results.grid.go_to(0)
    field.setFocus()
    qtbot.keyClicks(field, "kiw")
    assert field.text() == "kiw"
    rows = field.popup.model()
    assert [rows.index(row, 0).data() for row in range(rows.rowCount())] == [
        "키위 (Kiwi)",
        "새 클래스 “kiw”",
    ]
    qtbot.keyClick(field.popup, Qt.Key.Key_Return)
    assert page.photos.entry(0).correction == "Kiwi"
    assert field.text() == ""
    # The second row takes the text as it is.
    page.results.grid.go_to(0)
    field.setFocus()
    qtbot.keyClicks(field, "kiw")
    qtbot.keyClick(field.popup, Qt.Key.Key_Down)
    qtbot.keyClick(field.popup, Qt.Key.Key_Return)
    assert page.photos.entry(0).correction == "kiw"


def test_escape_leaves_the_field_and_not_the_page(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    labelled(window, qtbot, sample)
    page = window.classify
    page._open(sample)
    page.detail.class_field.setFocus()
    qtbot.keyClicks(page.detail.class_field, "to")
    page.detail.class_field.popup.hide()
    qtbot.keyClick(page.detail.class_field, Qt.Key.Key_Escape)
    assert page.detail.class_field.text() == ""
    assert page._stack.currentWidget() is page.detail


def test_the_selection_is_told_anew_when_a_filter_hides_it(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    labelled(window, qtbot, sample.parent)
    page = window.classify
    page.results.grid.selectAll()
    label = next(iter(page.photos.counts().of_label))
    page.photos.set_filter(Filter(label=label))
    assert page.results._selection.text() == f"{len(page.results.grid.selected())} SELECTED"


def test_a_correction_is_there_again_wherever_the_photo_is_next_time(
    window: MainWindow, qtbot: QtBot, sample: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "moved.jpg"
    moved.write_bytes(sample.read_bytes())
    corrections.keep({sample: "Plum"})
    labelled(window, qtbot, moved)
    qtbot.waitUntil(lambda: window.classify.photos.entry(0).correction == "Plum")


def test_the_rows_of_a_label_are_shown_alone(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    labelled(window, qtbot, sample.parent)
    page = window.classify
    everything = page.photos.rowCount()
    label, count = next(iter(page.photos.counts().of_label.items()))
    row = next(
        row
        for row in range(page.results.counts.count())
        if page.results.counts.item(row).toolTip() == label
    )
    page.results.counts.setCurrentRow(row)
    assert page.photos.rowCount() == count < everything
    assert {page.photos.entry(row).label for row in range(count)} == {label}
    page.results.counts.setCurrentRow(0)
    assert page.photos.rowCount() == everything


def test_photos_are_sorted_by_how_sure_they_are(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    labelled(window, qtbot, sample.parent)
    page = window.classify
    page.results.grid.go_to(0)
    selected = page.results.grid.current()
    order = page.results.order
    order.setCurrentIndex(order.findData("sure"))
    order.activated.emit(order.currentIndex())
    entries = [page.photos.entry(row) for row in range(page.photos.rowCount())]
    sure = [entry.answer.confidence for entry in entries if entry.answer and not entry.is_unsure]
    assert sure == sorted(sure, reverse=True)
    assert all(entry.is_unsure for entry in entries[len(sure) :])
    assert page.results.grid.current() is selected  # It has moved along.


def test_the_slider_shows_what_strictness_does_and_is_kept(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    labelled(window, qtbot, sample.parent)
    page = window.classify
    unsure = []
    for percent in (0, 5, 50):
        page.results.strictness.setValue(percent)
        unsure.append(page.photos.counts().unsure)
    assert unsure[0] == 0
    assert unsure == sorted(unsure)
    assert unsure[-1] > 0
    assert str(unsure[-1]) in page.results._strictness_text.text()
    model = paths.starter_model()
    assert window._settings.threshold_of(model, read_model_info(model)) == 0.5
    qtbot.mouseClick(page.results.own_strictness, Qt.MouseButton.LeftButton)
    assert page.results.strictness.value() == 5


def test_deleted_photos_come_back_and_their_files_stay(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    labelled(window, qtbot, sample.parent)
    page = window.classify
    count = page.photos.rowCount()
    page.results.grid.go_to(1)
    gone = page.photos.entry(1).path
    qtbot.keyClick(page.results.grid, Qt.Key.Key_Delete)
    assert page.photos.rowCount() == count - 1
    assert page.photos.entry_of(gone) is None
    assert gone.exists()
    qtbot.keySequence(page, QKeySequence(QKeySequence.StandardKey.Undo))
    assert page.photos.entry(1).path == gone
    assert "1 photo off the list" in page._bar.summary.text()
    settled(window, qtbot)


def test_a_cleared_list_comes_back(window: MainWindow, qtbot: QtBot, sample: Path) -> None:
    labelled(window, qtbot, sample.parent)
    page = window.classify
    before = page.photos.paths
    page.edits.correct([sample], "Plum")
    qtbot.mouseClick(page._bar.clear, Qt.MouseButton.LeftButton)
    assert page.photos.rowCount() == 0
    assert page._stack.currentWidget() is page._empty
    page.edits.undo()
    assert page.photos.paths == before
    entry = page.photos.entry_of(sample)
    assert entry is not None
    assert entry.correction == "Plum"
    settled(window, qtbot)


# One photo large


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
    qtbot.waitUntil(lambda: page.detail.view.has_heat, timeout=LONG)
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


# Taking labels out


def save_as(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))


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
    qtbot.waitUntil(lambda: "added" in page.notice.text, timeout=LONG)
    assert [file.relative_to(tmp_path) for file in tmp_path.rglob("*.jpg")] == [
        Path("data/Plum") / sample.name
    ]
    assert sample.exists()


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


# What goes wrong, and what comes in between


def test_undo_gives_back_what_was_said_in_an_earlier_session(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    corrections.keep({sample: "Kiwi"})
    labelled(window, qtbot, sample)
    page = window.classify
    qtbot.waitUntil(lambda: page.photos.entry(0).correction == "Kiwi")
    # As if the look-up had not answered yet.
    page.photos.set_corrections({sample: None})
    page.edits.correct([sample], "Plum")
    page.edits.undo()
    qtbot.waitUntil(lambda: page.photos.entry(0).correction == "Kiwi")
    page.shut_down()
    assert corrections.known([sample]) == {sample: "Kiwi"}


def test_a_label_that_cannot_be_kept_is_taken_away_and_said(
    window: MainWindow, qtbot: QtBot, sample: Path, tmp_path: Path
) -> None:
    photo = tmp_path / "unplugged.jpg"
    photo.write_bytes(sample.read_bytes())
    labelled(window, qtbot, photo)
    page = window.classify
    photo.unlink()
    page.edits.correct([photo], "Plum")
    qtbot.waitUntil(lambda: "could not be kept" in page.notice.text)
    assert page.photos.entry(0).correction is None


def test_what_was_not_selected_is_not_selected_by_a_filter(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    photos = window.classify.photos
    paths_of_all = [tmp_path / f"{number}.jpg" for number in range(3000)]
    photos.add(paths_of_all)
    photos.set_corrections(dict.fromkeys(paths_of_all[::2], "Apple"))
    photos.set_filter(Filter(label="Apple"))
    grid = window.classify.results.grid
    grid.selectAll()
    assert grid.selected_count == 1500
    photos.set_filter(Filter())
    assert {entry.path for entry in grid.selected()} == set(paths_of_all[::2])
    photos.set_order("name")
    assert {entry.path for entry in grid.selected()} == set(paths_of_all[::2])
    photos.remove(paths_of_all[::2])
    assert grid.selected_count == 0
    assert photos.rowCount() == 1500


def test_another_model_explains_the_open_photo_anew(
    window: MainWindow, qtbot: QtBot, sample: Path, tmp_path: Path
) -> None:
    labelled(window, qtbot, sample)
    page = window.classify
    page._open(sample)
    qtbot.keyClick(page.detail, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: page.detail.view.has_heat, timeout=LONG)
    other = tmp_path / "other.safetensors"
    other.write_bytes(paths.starter_model().read_bytes())
    window.use_model(other)
    qtbot.waitUntil(lambda: page.detail._model == other, timeout=LONG)
    settled(window, qtbot)
    qtbot.waitUntil(lambda: page.detail.view.has_heat, timeout=LONG)
    assert page.detail._answer.text() == "Tomato"


def test_a_model_file_that_goes_away_does_not_stop_the_answers(
    window: MainWindow, qtbot: QtBot, sample: Path, tmp_path: Path
) -> None:
    model = tmp_path / "model.safetensors"
    model.write_bytes(paths.starter_model().read_bytes())
    window.use_model(model)
    qtbot.waitUntil(lambda: window.classify._model == model, timeout=LONG)
    model.unlink()
    labelled(window, qtbot, sample.parent)
    page = window.classify
    page._open(sample)
    qtbot.keyClick(page.detail, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: page.detail.view.has_heat, timeout=LONG)


def test_similar_training_photos_are_shown_of_a_model_that_was_trained_here(
    window: MainWindow, qtbot: QtBot, demo_data: DataSet
) -> None:
    recipe = Recipe(
        model="mobilenet_v2", weights="starter", strategy="head", image_size=64, epochs=1
    )
    run = create_run(recipe, demo_data.root)
    finished = list(fit(run, demo_data, device="cpu"))[-1]
    assert isinstance(finished, Finished)
    window.use_model(run.model_file)
    page = window.classify
    qtbot.waitUntil(lambda: page._model == run.model_file, timeout=LONG)
    photo = demo_data.split("train")[0].path
    labelled(window, qtbot, photo)
    page._open(page.photos.entry(0).path)
    cards = page.detail._similar
    qtbot.waitUntil(lambda: all(card.isVisible() for card in cards), timeout=LONG)
    names = dict.fromkeys(demo_data.classes, 0)
    assert cards[0].accessibleName().split(",")[0] in names
    assert str(photo) not in cards[0].toolTip()
