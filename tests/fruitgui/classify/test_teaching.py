"""Teaching the model in use what is on photos."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fruitgui.classify.photo_list import Filter
from fruitgui.main_window import MainWindow
from tests.fruitgui.photos import labelled, settled
from tests.trainer.teaching.patterns import write_patterns
from trainer import paths
from trainer.control import drain
from trainer.experiments.taught_models import is_taught, teach_kept

STRIPES = ("#2030d0", "#f0f0f0")
LEFT = Qt.MouseButton.LeftButton
TOOL_TIP = Qt.ItemDataRole.ToolTipRole


@pytest.fixture
def stripes(tmp_path: Path) -> list[Path]:
    return write_patterns(tmp_path / "stripes", STRIPES, 6)


def labels(window: MainWindow) -> dict[str, str | None]:
    """What the model itself says of each photo."""
    entries = window.classify.photos.entries
    return {each.path.name: each.answer.top[0].label if each.answer else None for each in entries}


def taught(window: MainWindow, qtbot: QtBot, stripes: list[Path]) -> None:
    """The first four are labelled, and taught."""
    labelled(window, qtbot, *stripes)
    window.classify.edits.correct(stripes[:4], "Zebra fruit")
    card = window.classify.results.teach_card
    qtbot.waitUntil(card.isVisible)
    qtbot.mouseClick(card.button, LEFT)
    qtbot.waitUntil(lambda: not window.teacher.is_busy)
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model + Zebra fruit")
    settled(window, qtbot)


def test_a_kind_that_is_new_is_taught_and_the_other_photos_are_known(
    window: MainWindow, qtbot: QtBot, stripes: list[Path]
) -> None:
    taught(window, qtbot, stripes)
    page = window.classify
    assert set(labels(window).values()) == {"Zebra fruit"}
    assert "now knows 46 kinds, including “Zebra fruit”" in page.taught.text
    # Two were not taught, and are taken for it now.
    qtbot.waitUntil(lambda: "2 other photos here got another label" in page.taught.text)
    qtbot.mouseClick(page.taught._second, LEFT)
    shown = [page.photos.entry(row) for row in range(page.photos.rowCount())]
    assert [each.path for each in shown] == stripes[4:]
    assert all(
        "Most probable before teaching: " in page.photos.index(row).data(TOOL_TIP) for row in (0, 1)
    )
    # What its user has looked through is not among them any more.
    page.edits.correct(stripes[4:5], "Zebra fruit")
    assert page.photos.counts().relabelled == 1
    assert "1 other photo here got another label" in page.taught.text
    page.edits.correct(stripes[5:6], "Zebra fruit")
    assert "another label" not in page.taught.text
    page.edits.undo()
    page.edits.undo()
    assert "2 other photos here got another label" in page.taught.text
    # There is nothing left to teach.
    qtbot.waitUntil(lambda: not page.results.teach_card.isVisible())
    in_use = window._settings.model_in_use
    assert in_use is not None
    assert is_taught(in_use)
    qtbot.waitUntil(lambda: window.models.library.list.count() == 2)


def test_what_was_taught_is_taken_back(
    window: MainWindow, qtbot: QtBot, stripes: list[Path]
) -> None:
    taught(window, qtbot, stripes)
    qtbot.mouseClick(window.classify.taught._first, LEFT)
    qtbot.waitUntil(lambda: window._settings.model_in_use is None)
    settled(window, qtbot)
    assert "Zebra fruit" not in labels(window).values()
    qtbot.waitUntil(lambda: window.models.library.list.count() == 1)
    assert not window.models.notice.isVisibleTo(window.models)
    # What was said of the photos stays said, and can be taught again.
    qtbot.waitUntil(window.classify.results.teach_card.isVisible)


def test_what_a_lesson_changed_is_forgotten_with_it(
    window: MainWindow, qtbot: QtBot, stripes: list[Path]
) -> None:
    taught(window, qtbot, stripes)
    page = window.classify
    qtbot.waitUntil(lambda: page.photos.counts().relabelled == 2)
    qtbot.mouseClick(page.taught._second, LEFT)
    page.edits.remove(stripes[5:])
    qtbot.mouseClick(page.taught._first, LEFT)
    qtbot.waitUntil(lambda: window._settings.model_in_use is None)
    settled(window, qtbot)
    # Nothing is hidden by a filter that there is no row of any more.
    assert page.photos.filter == Filter()
    assert page.photos.rowCount() == 5
    page.edits.undo()
    assert page.photos.counts().relabelled == 0


def test_a_list_that_was_cleared_shows_what_is_added_then(
    window: MainWindow, qtbot: QtBot, stripes: list[Path], sample: Path
) -> None:
    taught(window, qtbot, stripes)
    page = window.classify
    qtbot.waitUntil(lambda: page.photos.counts().relabelled == 2)
    qtbot.mouseClick(page.taught._second, LEFT)
    qtbot.mouseClick(page._bar.clear, LEFT)
    assert "another label" not in page.taught.text
    assert page.taught._second.isHidden()
    labelled(window, qtbot, sample)
    assert page.photos.rowCount() == 1


def test_a_lesson_whose_notice_was_closed_is_not_told_again(
    window: MainWindow, qtbot: QtBot, stripes: list[Path]
) -> None:
    taught(window, qtbot, stripes)
    notice = window.classify.taught
    qtbot.waitUntil(lambda: "another label" in notice.text)
    qtbot.mouseClick(notice._close, LEFT)
    window.set_language("ko")
    window.set_language("en")
    window.classify.edits.correct(stripes[4:5], "Zebra fruit")
    assert not notice.isVisible()


def test_of_too_few_photos_it_is_said_how_many_are_missing(
    window: MainWindow, qtbot: QtBot, stripes: list[Path]
) -> None:
    labelled(window, qtbot, *stripes)
    card = window.classify.results.teach_card
    assert not card.isVisible()
    window.classify.edits.correct(stripes[:1], "Zebra fruit")
    assert card.isVisible()
    assert card.text.text() == (
        "“Zebra fruit” is new to the model. 2 more photos are needed to teach it."
    )
    assert not card.button.isEnabled()
    window.classify.edits.correct(stripes[:3], "Zebra fruit")
    assert card.text.text() == ("“Zebra fruit” is new to the model: 3 photos. Better with 10.")
    assert card.button.isEnabled()
    window.classify.edits.undo()
    window.classify.edits.undo()
    assert not card.isVisible()


def test_corrections_of_what_is_known_are_learnt(
    window: MainWindow, qtbot: QtBot, stripes: list[Path]
) -> None:
    labelled(window, qtbot, *stripes)
    window.classify.edits.correct(stripes[:5], "Aubergine")
    card = window.classify.results.teach_card
    qtbot.waitUntil(card.isVisible)
    assert card.button.text() == "Learn corrections"
    qtbot.mouseClick(card.button, LEFT)
    qtbot.waitUntil(lambda: window.classify.taught.isVisible())
    assert window.classify.taught.text.startswith("The model has learnt from 5 photos.")
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model, corrected")
    settled(window, qtbot)
    assert labels(window)["5.png"] == "Aubergine"


def test_what_cannot_be_learnt_is_said_and_the_model_stays(
    window: MainWindow, qtbot: QtBot, stripes: list[Path]
) -> None:
    labelled(window, qtbot, *stripes)
    # As if kept long ago.
    window.classify.photos.set_corrections(dict.fromkeys(stripes[:3], "Zebra fruit"))
    window.classify.edits.labels_changed.emit()
    for path in stripes[:2]:
        path.unlink()
    card = window.classify.results.teach_card
    qtbot.mouseClick(card.button, LEFT)
    qtbot.waitUntil(lambda: window.classify.notice.is_error)
    assert "at least 3 different photos of it are needed" in window.classify.notice.text
    assert window.sidebar.in_use.text() == "Starter model"
    assert not paths.taught_models_folder().exists()


def test_closing_names_what_is_being_learnt_and_finishes_it_first(
    window: MainWindow, qtbot: QtBot, stripes: list[Path]
) -> None:
    labelled(window, qtbot, *stripes)
    window.classify.edits.correct(stripes, "Zebra fruit")
    qtbot.mouseClick(window.classify.results.teach_card.button, LEFT)
    assert window.teacher.unfinished() == ["The model is learning photos."]
    qtbot.waitUntil(lambda: window.teacher.unfinished() == [])
    assert list(paths.taught_models_folder().glob("*/model.safetensors"))


def test_what_came_of_a_lesson_is_told_though_the_page_was_turned(
    window: MainWindow, qtbot: QtBot, stripes: list[Path]
) -> None:
    labelled(window, qtbot, *stripes)
    window.classify.edits.correct(stripes[:4], "Zebra fruit")
    qtbot.mouseClick(window.classify.results.teach_card.button, LEFT)
    window.show_page(2)
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model + Zebra fruit")
    window.show_page(0)
    assert "including “Zebra fruit”" in window.classify.taught.text
    assert not window.camera.taught.isVisibleTo(window.camera)


def test_what_another_model_says_otherwise_no_lesson_has_changed(
    window: MainWindow, qtbot: QtBot, stripes: list[Path], tmp_path: Path
) -> None:
    labelled(window, qtbot, *stripes)
    other = drain(teach_kept(paths.starter_model(), [(path, "Candy") for path in stripes])).model
    window.classify.edits.correct(stripes[:4], "Zebra fruit")
    qtbot.mouseClick(window.classify.results.teach_card.button, LEFT)
    window.use_model(other)
    qtbot.waitUntil(lambda: not window.teacher.is_busy)
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model + Candy")
    settled(window, qtbot)
    assert set(labels(window).values()) == {"Candy"}
    assert "including “Zebra fruit”" in window.classify.taught.text
    assert "another label" not in window.classify.taught.text


def test_two_lessons_at_once_are_learnt_one_after_the_other(
    window: MainWindow, qtbot: QtBot, stripes: list[Path], tmp_path: Path
) -> None:
    others = write_patterns(tmp_path / "others", ("#101010", "#d020c0"), 4)
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model")
    window.teacher.teach([(path, "Zebra fruit") for path in stripes])
    window.teacher.teach([(path, "Candy") for path in others])
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model + Zebra fruit, Candy")
    assert len(list(paths.taught_models_folder().iterdir())) == 1


def test_a_model_that_was_chosen_meanwhile_stays_in_use(
    window: MainWindow, qtbot: QtBot, stripes: list[Path], tmp_path: Path
) -> None:
    other = tmp_path / "other.safetensors"
    shutil.copy(paths.starter_model(), other)
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model")
    window.teacher.teach([(path, "Zebra fruit") for path in stripes])
    window.use_model(other)
    qtbot.waitUntil(lambda: not window.teacher.is_busy)
    qtbot.waitUntil(lambda: window._settings.model_in_use == other)
    assert list(paths.taught_models_folder().glob("*/model.safetensors"))


def test_a_lesson_of_a_model_that_is_not_in_use_is_taken_back(
    window: MainWindow, qtbot: QtBot, stripes: list[Path]
) -> None:
    taught = drain(teach_kept(paths.starter_model(), [(path, "Candy") for path in stripes]))
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model")
    window.teacher.forget(taught.model, taught.lessons)
    qtbot.waitUntil(lambda: not window.teacher.is_busy)
    assert not taught.model.exists()
    assert window._settings.model_in_use is None
    window.teacher.teach([(path, "Zebra fruit") for path in stripes])
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model + Zebra fruit")


def test_what_is_wanted_before_the_model_is_loaded_is_learnt_then(
    window: MainWindow, qtbot: QtBot, stripes: list[Path]
) -> None:
    window.teacher.teach([(path, "Zebra fruit") for path in stripes])
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model + Zebra fruit")
