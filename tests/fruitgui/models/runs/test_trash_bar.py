import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fruitgui.models.runs.view import RunBrowser
from fruitgui.settings import Settings
from tests.finished_runs import finished_run
from tests.fruitgui.models.runs.browsing import ALL_RUNS, LEFT, ids, opened, press, record, select
from trainer.experiments import run_database, run_trash
from trainer.experiments.run import Run


def test_delete_moves_to_the_trash_at_once_and_undo_brings_back(
    browser: RunBrowser, qtbot: QtBot, runs: dict[str, Run]
) -> None:
    select(browser, qtbot, runs["quick"])
    with qtbot.waitSignal(browser.models_changed):
        press(browser, qtbot, Qt.Key.Key_Delete)
    assert ids(browser) == [runs["failed"].id, runs["good"].id]
    assert [row.id for row in browser.list.selected_rows()] == [runs["good"].id]
    assert browser.notice.isVisible()
    with qtbot.waitSignal(browser.models_changed):
        qtbot.mouseClick(browser.notice._first, LEFT)
    assert ids(browser) == [runs[name].id for name in reversed(ALL_RUNS)]
    assert record(runs["quick"]).trashed is None
    assert [row.id for row in browser.list.selected_rows()] == [runs["quick"].id]


def test_undo_by_keys_brings_back_one_deletion_after_another(
    browser: RunBrowser, qtbot: QtBot, runs: dict[str, Run]
) -> None:
    for name in ("good", "quick"):
        select(browser, qtbot, runs[name])
        with qtbot.waitSignal(browser.models_changed):
            press(browser, qtbot, Qt.Key.Key_Delete)
    for name in ("quick", "good"):
        with qtbot.waitSignal(browser.models_changed):
            press(browser, qtbot, Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
        assert record(runs[name]).trashed is None
    with qtbot.assertNotEmitted(browser.models_changed, wait=50):
        press(browser, qtbot, Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)


def test_what_is_being_trained_cannot_be_deleted(
    app: QApplication, qtbot: QtBot, settings: Settings
) -> None:
    busy = finished_run(state="running")
    run_database.set_details(busy.id, name="Overnight")
    with busy.locked():
        browser = opened(qtbot, settings)
        select(browser, qtbot, busy)
        assert not browser.details.delete.isEnabled()
        press(browser, qtbot, Qt.Key.Key_Delete)
        assert "“Overnight” is being trained" in browser.notice.text
        assert record(busy).trashed is None
        browser.shut_down()
        shiboken6.delete(browser)


def test_one_that_began_again_elsewhere_is_not_deleted_either(
    browser: RunBrowser, qtbot: QtBot, runs: dict[str, Run]
) -> None:
    select(browser, qtbot, runs["failed"])
    run_database.begin(runs["failed"], "CPU")
    with runs["failed"].locked():
        press(browser, qtbot, Qt.Key.Key_Delete)
        qtbot.waitUntil(browser.notice.isVisible)
    assert "being trained" in browser.notice.text
    assert record(runs["failed"]).trashed is None


def test_the_trash_is_restored_from_and_emptied_after_asking_once(
    browser: RunBrowser, qtbot: QtBot, runs: dict[str, Run]
) -> None:
    browser.list.select([runs["good"].id, runs["quick"].id])
    with qtbot.waitSignal(browser.models_changed):
        press(browser, qtbot, Qt.Key.Key_Delete)
    assert browser.list.hasFocus()
    browser.bar.choose("trash")
    assert set(ids(browser)) == {runs["good"].id, runs["quick"].id}
    select(browser, qtbot, runs["good"])
    details = browser.details
    assert not any(b.isVisible() for b in (details.use, details.evaluate, details.delete))
    with qtbot.waitSignal(browser.models_changed):
        qtbot.mouseClick(details.restore, LEFT)
    assert ids(browser) == [runs["quick"].id]
    assert record(runs["good"]).trashed is None

    trash = browser.trash
    qtbot.waitUntil(lambda: "B)" in trash.empty.text() or "bytes)" in trash.empty.text())
    qtbot.mouseClick(trash.empty, LEFT)
    qtbot.mouseClick(trash.question._second, LEFT)
    assert not trash.question.isVisible()
    qtbot.mouseClick(trash.empty, LEFT)
    with qtbot.waitSignal(browser.models_changed):
        qtbot.mouseClick(trash.question._first, LEFT)
    qtbot.waitUntil(lambda: ids(browser) == [])
    assert not runs["quick"].folder.exists()
    assert runs["good"].model_file.exists()
    assert not trash.empty.isEnabled()
    qtbot.waitUntil(lambda: "The trash is empty" in browser._nothing_text.text())


def test_what_is_trashed_after_the_question_stays(
    browser: RunBrowser, qtbot: QtBot, runs: dict[str, Run]
) -> None:
    select(browser, qtbot, runs["good"])
    with qtbot.waitSignal(browser.models_changed):
        press(browser, qtbot, Qt.Key.Key_Delete)
    browser.bar.choose("trash")
    qtbot.mouseClick(browser.trash.empty, LEFT)
    assert "Remove 1 run " in browser.trash.question.text
    run_trash.move_to_trash([runs["quick"].id])
    with qtbot.waitSignal(browser.models_changed):
        qtbot.mouseClick(browser.trash.question._first, LEFT)
    assert not runs["good"].folder.exists()
    assert runs["quick"].model_file.exists()
    # The list shows what there is by now.
    qtbot.waitUntil(lambda: ids(browser) == [runs["quick"].id])
