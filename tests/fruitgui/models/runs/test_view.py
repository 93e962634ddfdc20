import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from fruitgui.i18n.language import Translation
from fruitgui.models.runs.columns import COLUMNS
from fruitgui.models.runs.view import RunBrowser
from fruitgui.settings import Settings
from tests.finished_runs import finished_run
from tests.fruitgui.models.runs.browsing import LEFT, column, ids, opened, press, select
from trainer.config.recipe import Recipe
from trainer.experiments.run import Run


def test_a_run_that_no_process_trains_was_interrupted(
    app: QApplication, qtbot: QtBot, settings: Settings
) -> None:
    busy, killed = (finished_run(Recipe(seed=seed), state="running") for seed in range(2))
    with busy.locked():
        browser = opened(qtbot, settings)
        states = dict(zip(ids(browser), column(browser, "state"), strict=True))
        assert states == {busy.id: "Being trained", killed.id: "Interrupted"}
        browser.shut_down()
        shiboken6.delete(browser)


def test_runs_of_others_are_seen_when_the_page_is_shown_again(
    browser: RunBrowser, qtbot: QtBot, runs: dict[str, Run]
) -> None:
    select(browser, qtbot, runs["good"])
    browser.bar.field.setText("resnet50")
    browser.hide()
    other = finished_run(Recipe(seed=9))
    browser.show()
    qtbot.waitUntil(lambda: ids(browser) == [other.id, runs["good"].id])
    assert [row.id for row in browser.list.selected_rows()] == [runs["good"].id]
    assert browser.details.run == runs["good"].id


def test_without_runs_the_page_says_how_to_get_one(
    app: QApplication, qtbot: QtBot, settings: Settings
) -> None:
    browser = opened(qtbot, settings)
    qtbot.waitUntil(browser.empty.isVisible)
    assert "Train page" in browser.empty.text.text()
    run = finished_run()
    browser.select([run.id])
    qtbot.waitUntil(lambda: browser.details.run == run.id)
    assert not browser.empty.isVisible()
    browser.shut_down()
    shiboken6.delete(browser)


def test_after_a_failure_the_list_shows_what_there_is(
    browser: RunBrowser, qtbot: QtBot, runs: dict[str, Run]
) -> None:
    runs["good"].model_file.unlink()
    runs["good"].model_file.mkdir()
    browser.list.select([runs["good"].id, runs["quick"].id])
    with qtbot.waitSignal(browser.models_changed):
        press(browser, qtbot, Qt.Key.Key_Delete)
    browser.bar.choose("trash")
    qtbot.mouseClick(browser.trash.empty, LEFT)
    qtbot.mouseClick(browser.trash.question._first, LEFT)
    qtbot.waitUntil(lambda: ids(browser) == [runs["good"].id])
    assert browser.notice.is_error


def test_everything_has_a_name_for_screen_readers(
    browser: RunBrowser, qtbot: QtBot, runs: dict[str, Run]
) -> None:
    select(browser, qtbot, runs["good"])
    browser.bar.choose("trash")
    browser.bar.choose("all")
    nameless = [
        widget
        for widget in (*browser.findChildren(QPushButton), *browser.findChildren(QLineEdit))
        if not (widget.accessibleName() or widget.text())
        and not browser.notice.isAncestorOf(widget)
        and not browser.trash.question.isAncestorOf(widget)
    ]
    assert nameless == []
    assert browser.list.accessibleName()
    assert browser.details.note.accessibleName()
    star = browser.list.filter.index(0, COLUMNS.index("star"))
    assert star.data(Qt.ItemDataRole.AccessibleTextRole) == "Not starred"


def test_the_language_changes_at_once(
    app: QApplication, browser: RunBrowser, qtbot: QtBot, runs: dict[str, Run]
) -> None:
    select(browser, qtbot, runs["good"])
    translation = Translation()
    translation.install("ko")
    try:
        qtbot.waitUntil(
            lambda: column(browser)[0] == "ConvNeXt-Tiny · 마지막 단계와 출력층 · 시드 2"
        )
        browser.bar.field.setText("마지막")
        assert set(ids(browser)) == {runs["good"].id, runs["failed"].id}
    finally:
        translation.install("en")
