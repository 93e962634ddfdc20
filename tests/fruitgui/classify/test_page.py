import zipfile
from base64 import b64encode
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage, QKeySequence
from pytestqt.qtbot import QtBot

from fruitgui.classify.photo_list import PhotoList
from fruitgui.classify.unreadable_dialog import UnreadableDialog
from fruitgui.main_window import MainWindow
from tests.fruitgui.conftest import choose_file
from tests.fruitgui.photos import dropped, files, labelled, save_as, settled
from tests.links import symlink
from trainer import paths
from trainer.inference.prediction import Answer, Prediction, Ranked


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
    symlink(shortcut, sample.parent)
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
    qtbot.waitUntil(lambda: len(window.classify.photos.unreadable) == 1)
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
    image = QImage(120, 90, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    window.classify.setFocus()
    for _ in range(2):
        qtbot.keySequence(window.classify, QKeySequence(QKeySequence.StandardKey.Paste))
        qtbot.waitUntil(lambda: window.classify.photos.answered == 1)
        settled(window, qtbot)
    (kept,) = paths.captured_folder().iterdir()
    assert QImage(str(kept)).pixelColor(5, 5) == Qt.GlobalColor.red
    assert window.classify.photos.rowCount() == 1


def test_files_are_pasted_too(window: MainWindow, qtbot: QtBot, sample: Path) -> None:
    QGuiApplication.clipboard().setMimeData(files(sample))
    qtbot.mouseClick(window.classify._bar.paste, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.classify.photos.answered == 1)


def test_paths_are_pasted_as_text(window: MainWindow, qtbot: QtBot, sample: Path) -> None:
    other = sample.with_name("kiwi-1.jpg")
    QGuiApplication.clipboard().setText(f'"{sample}"\n{other.as_uri()}\n')
    qtbot.mouseClick(window.classify._bar.paste, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.classify.photos.answered == 2)


def test_a_picture_that_is_its_own_address_is_taken(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    data = QMimeData()
    content = b64encode(sample.read_bytes()).decode()
    data.setUrls([QUrl(f"data:image/jpeg;base64,{content}")])
    dropped(window, data)
    qtbot.waitUntil(lambda: window.classify.photos.answered == 1)
    (kept,) = paths.captured_folder().iterdir()
    assert kept.read_bytes() == sample.read_bytes()
    assert kept.suffix == ".jpg"


def test_a_browser_that_gives_the_picture_beside_its_address_needs_no_web(
    window: MainWindow, qtbot: QtBot
) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/apple.jpg")])
    image = QImage(60, 60, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.green)
    data.setImageData(image)
    dropped(window, data)
    qtbot.waitUntil(lambda: window.classify.photos.answered == 1)


def test_photos_are_chosen_in_a_dialog(
    window: MainWindow, qtbot: QtBot, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_file(monkeypatch, sample)
    qtbot.mouseClick(window.classify._empty_choose, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.classify.photos.answered == 1)


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
    qtbot.waitUntil(lambda: "No pictures" in window.classify.notice.text)


def test_clear_empties_the_page(window: MainWindow, qtbot: QtBot, sample: Path) -> None:
    window.open_photos([sample])
    qtbot.waitUntil(lambda: window.classify.photos.answered == 1)
    qtbot.mouseClick(window.classify._bar.clear, Qt.MouseButton.LeftButton)
    assert window.classify.photos.rowCount() == 0


def test_nothing_is_lost_between_search_and_answer(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    photos = window.classify.photos
    for _ in range(20):
        window.open_photos([sample])
        qtbot.waitUntil(lambda: photos.answered == 1)
        window.classify._on_clear()


def test_stop_keeps_what_is_answered_and_forgets_the_rest(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    labelled(window, qtbot, sample)
    page = window.classify
    # Another model answers all of them anew.
    window.use_model(paths.starter_model())
    qtbot.waitUntil(lambda: page.photos.answered == 0)
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
    from trainer.inference.predictor import Predictor

    assert Predictor(paths.starter_model()).engine.name.startswith("OpenVINO")


def test_a_photo_that_is_answered_twice_is_one_duplicate(tmp_path: Path) -> None:
    """As where the model is changed while answers are on their way."""
    photos = PhotoList()
    first, twin = tmp_path / "first.jpg", tmp_path / "twin.jpg"
    photos.add([first, twin])
    answer = Answer("Plum", 0.9, (Ranked("Plum", 0.9),), 1.0)
    one, other = (Prediction(path, answer, digest="same") for path in (first, twin))
    photos.set_predictions([one, other, other])
    entry = photos.entry_of(first)
    assert entry is not None
    assert entry.twins == [twin]
