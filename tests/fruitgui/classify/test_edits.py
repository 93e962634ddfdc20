import shutil
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from fruitgui.classify.photo_list import Filter
from fruitgui.main_window import MainWindow
from tests.fruitgui.photos import labelled, settled
from trainer import paths
from trainer.data import corrections
from trainer.models.metadata import read_model_info


def test_what_is_undone_is_not_hidden_by_a_filter(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    labelled(window, qtbot, sample.parent)
    page = window.classify
    photos = page.photos.paths
    page.edits.correct(photos[:1], "Quince")
    page.results.show_only(Filter("corrected"))
    page.edits.correct(photos[:1], "Medlar")
    page.edits.undo()
    assert page.photos.filter == Filter("corrected")  # It is still labelled.
    page.edits.undo()
    assert page.photos.filter == Filter("corrected")  # Its row has stayed in sight.
    page.edits.redo()
    page.results.show_only(Filter("unsure"))
    page.edits.undo()
    assert page.photos.filter == Filter()
    assert [entry.path for entry in page.results.grid.selected()] == photos[:1]


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
    # The starter knows its samples well, but not so well.
    page.photos.set_threshold(1.0)
    page.results.show_counts()
    assert "Move the slider to the left" in page.results._strictness_text.text()
    page.photos.set_threshold(0.5)
    page.results.show_counts()
    assert "slider" not in page.results._strictness_text.text()
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
    assert "1 photo removed from the list" in page._bar.summary.text()
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


def test_lists_that_were_cleared_one_after_the_other_keep_no_answers_and_come_back(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    page = window.classify
    folder = sorted(sample.parent.glob("*.jpg"))
    entries = []
    for photo in folder[:2]:
        labelled(window, qtbot, photo)
        entries.append(page.photos.entry(0))
        page.edits.correct([photo], "Plum")
        qtbot.mouseClick(page._bar.clear, Qt.MouseButton.LeftButton)
    first, second = entries
    assert first.answer is None
    assert second.answer is not None
    for _ in range(3):  # The second one cleared, its label, the first one cleared.
        page.edits.undo()
    settled(window, qtbot)
    assert page.photos.paths == folder[:2]
    assert first.answer is not None
    assert [entry.correction for entry in entries] == ["Plum", None]


def test_a_photo_of_a_list_that_came_back_is_not_taken_in_twice(
    window: MainWindow, qtbot: QtBot, sample: Path, tmp_path: Path
) -> None:
    labelled(window, qtbot, sample)
    page = window.classify
    qtbot.mouseClick(page._bar.clear, Qt.MouseButton.LeftButton)
    page.edits.undo()
    settled(window, qtbot)
    labelled(window, qtbot, shutil.copy(sample, tmp_path / "again.jpg"))
    assert page.photos.paths == [sample]
    assert page.photos.counts().twins == 1
