from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage, QKeySequence
from pytestqt.qtbot import QtBot

from fruitgui.window import MainWindow
from tests.fruitgui.conftest import LONG, choose_file
from trainer import paths


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


def test_dropped_photos_and_folders_become_cards_with_labels(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    dropped(window, files(sample, sample.parent))
    photos = window.classify.photos
    count = len(list(sample.parent.glob("*.jpg")))
    qtbot.waitUntil(lambda: photos.answered == count, timeout=LONG)
    assert photos.rowCount() == count  # The sample came twice, and is there once.
    prediction = photos.entry(0).prediction
    assert prediction is not None
    assert prediction.path == sample
    assert prediction.answer is not None
    assert len(prediction.answer.top) == 5
    spoken = photos.data(photos.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert sample.name in spoken


def test_a_photo_that_cannot_be_read_says_why_on_its_card(
    window: MainWindow, qtbot: QtBot, sample: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "깨짐.jpg"
    broken.write_text("no picture")
    dropped(window, files(broken, sample))
    photos = window.classify.photos
    qtbot.waitUntil(lambda: photos.answered == 2, timeout=LONG)
    prediction = photos.entry(0).prediction
    assert prediction is not None
    assert "not a picture" in str(prediction.error)
    assert window.grab().width() > 0  # The cards can be painted.


def test_a_picture_is_pasted_with_the_keyboard_and_kept(window: MainWindow, qtbot: QtBot) -> None:
    picture = QImage(120, 90, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(picture)
    window.classify.setFocus()
    qtbot.keySequence(window.classify, QKeySequence(QKeySequence.StandardKey.Paste))
    qtbot.waitUntil(lambda: window.classify.photos.answered == 1, timeout=LONG)
    (kept,) = paths.captured_folder().iterdir()
    assert QImage(str(kept)).pixelColor(5, 5) == Qt.GlobalColor.red


def test_files_are_pasted_too(window: MainWindow, qtbot: QtBot, sample: Path) -> None:
    QGuiApplication.clipboard().setMimeData(files(sample))
    qtbot.mouseClick(window.classify._paste, Qt.MouseButton.LeftButton)
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
    qtbot.mouseClick(window.classify._clear, Qt.MouseButton.LeftButton)
    assert window.classify.photos.rowCount() == 0


def test_nothing_is_lost_between_search_and_answer(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    photos = window.classify.photos
    for _ in range(20):
        window.open_photos([sample])
        qtbot.waitUntil(lambda: photos.rowCount() == 1)
        window.classify._on_clear()


def test_stop_keeps_what_is_answered_and_forgets_the_rest(
    window: MainWindow, qtbot: QtBot, sample: Path
) -> None:
    window.open_photos([sample.parent])
    photos = window.classify.photos
    qtbot.waitUntil(lambda: photos.rowCount() > 0)
    qtbot.mouseClick(window.classify._stop, Qt.MouseButton.LeftButton)
    assert photos.rowCount() == photos.answered
