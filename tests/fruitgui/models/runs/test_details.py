import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fruitgui.models.runs.columns import COLUMNS
from fruitgui.models.runs.view import RunBrowser
from tests.finished_runs import finished_run
from tests.fruitgui.models.runs.browsing import (
    LEFT,
    column,
    ids,
    press,
    record,
    select,
)
from trainer import paths
from trainer.config.recipe import Recipe
from trainer.experiments.run import Run


def test_a_failure_says_why(browser: RunBrowser) -> None:
    state = browser.list.filter.index(0, COLUMNS.index("state"))
    assert state.data(Qt.ItemDataRole.ToolTipRole) == "no memory"
    assert "no memory" in browser.details._state.text()


def test_one_run_shows_its_figures_curves_and_choices(
    browser: RunBrowser, qtbot: QtBot, runs: dict[str, Run]
) -> None:
    select(browser, qtbot, runs["quick"])
    details = browser.details
    texts = {key: value.text() for key, (_, value) in details._figure_labels.items()}
    assert texts["validation"] == "70.0%  (60–78%)"
    assert texts["best_epoch"] == "2 of 3"
    assert texts["gap"] == "+5.0"
    assert details._figure_labels["test"][0].isHidden()
    (curve,) = details.curves.curves._runs
    assert [epoch.epoch for epoch in curve.epochs] == [1, 2, 3]
    assert details._choices_text.text().splitlines() == [
        "Preset “Quick”, except:",
        "Model: MobileNetV2 instead of EfficientNet-Lite0",
        "Start from: Starter model instead of ImageNet",
        "Maximum epochs: 9 instead of 20",
        "Seed: 1 instead of 0",
    ]
    assert str(runs["quick"].folder) in details._folder.text()

    select(browser, qtbot, runs["good"])
    assert details._figure_labels["test"][1].text() == "88.0%  (80–93%)"
    assert details._choices_text.text() == "Same as the preset “Thorough”."


def test_a_name_is_typed_with_f2(browser: RunBrowser, qtbot: QtBot, runs: dict[str, Run]) -> None:
    select(browser, qtbot, runs["good"])
    press(browser, qtbot, Qt.Key.Key_F2)
    assert browser.details.name.hasFocus()
    qtbot.keyClicks(browser.details.name, "Baseline ")
    qtbot.keyClick(browser.details.name, Qt.Key.Key_Return)
    assert browser.list.hasFocus()
    assert "Baseline" in column(browser)
    qtbot.waitUntil(lambda: record(runs["good"]).name == "Baseline")
    assert browser.details.name.text() == "Baseline"

    press(browser, qtbot, Qt.Key.Key_F2)
    qtbot.keyClicks(browser.details.name, "never mind")
    qtbot.keyClick(browser.details.name, Qt.Key.Key_Escape)
    assert browser.details.name.text() == "Baseline"
    assert "Baseline" in column(browser)


def test_a_note_is_kept_when_another_run_is_selected(
    browser: RunBrowser, qtbot: QtBot, runs: dict[str, Run]
) -> None:
    select(browser, qtbot, runs["good"])
    browser.details.note.setFocus()
    qtbot.keyClicks(browser.details.note, "lower rate")
    browser.list.select([runs["quick"].id])
    qtbot.waitUntil(lambda: browser.details.note.toPlainText() == "")
    qtbot.waitUntil(lambda: record(runs["good"]).note == "lower rate")
    browser.bar.field.setText("lower")
    assert ids(browser) == [runs["good"].id]


@pytest.mark.parametrize("leave", ["shut_down", "hide", "filter", "several", "wait"])
def test_a_note_is_never_lost(
    browser: RunBrowser, qtbot: QtBot, runs: dict[str, Run], leave: str
) -> None:
    select(browser, qtbot, runs["good"])
    browser.details.note.setFocus()
    qtbot.keyClicks(browser.details.note, "first")
    qtbot.keyClick(browser.details.note, Qt.Key.Key_Return)
    qtbot.keyClicks(browser.details.note, "second")
    match leave:
        case "shut_down":
            browser.shut_down()
            assert record(runs["good"]).note == "first\nsecond"
        case "hide":
            browser.hide()
        case "filter":
            browser.bar.field.setText("convnext")
        case "several":
            browser.list.selectAll()
    qtbot.waitUntil(lambda: record(runs["good"]).note == "first\nsecond")


def test_what_is_typed_survives_a_refresh(
    browser: RunBrowser, qtbot: QtBot, runs: dict[str, Run]
) -> None:
    select(browser, qtbot, runs["good"])
    browser.details.note.setFocus()
    qtbot.keyClicks(browser.details.note, "half a")
    other = finished_run(Recipe(seed=9))
    browser.refresh()
    qtbot.waitUntil(lambda: other.id in ids(browser))
    assert browser.details.note.toPlainText() == "half a"
    qtbot.keyClicks(browser.details.note, " word")
    browser.shut_down()
    assert record(runs["good"]).note == "half a word"


def test_what_cannot_be_kept_is_said_and_not_forgotten(
    browser: RunBrowser, qtbot: QtBot, runs: dict[str, Run], home: Path
) -> None:
    select(browser, qtbot, runs["good"])
    away = home.with_name("away")
    shutil.move(home, away)
    home.write_text("in the way")
    qtbot.keyClicks(browser.details.name, "precious")
    qtbot.keyClick(browser.details.name, Qt.Key.Key_Return)
    qtbot.waitUntil(browser.notice.isVisible)
    assert "precious" in column(browser)
    home.unlink()
    shutil.move(away, home)
    qtbot.mouseClick(browser.notice._first, LEFT)
    qtbot.waitUntil(lambda: record(runs["good"]).name == "precious")


def test_stars_are_given_in_the_list_and_beside_it(
    browser: RunBrowser, qtbot: QtBot, runs: dict[str, Run]
) -> None:
    select(browser, qtbot, runs["good"])
    place = browser.list.visualRect(browser.list.filter.index(2, COLUMNS.index("star"))).center()
    qtbot.mouseClick(browser.list.viewport(), LEFT, pos=place)
    qtbot.waitUntil(lambda: record(runs["good"]).is_starred)
    assert browser.details.star.isChecked()
    assert browser.details.star.accessibleName() == "Remove the star"
    browser.bar.choose("starred")
    assert ids(browser) == [runs["good"].id]
    qtbot.mouseClick(browser.details.star, LEFT)
    qtbot.waitUntil(lambda: not record(runs["good"]).is_starred)
    assert ids(browser) == []
    qtbot.waitUntil(lambda: "Star a run" in browser._nothing_text.text())


def test_the_buttons_say_what_is_wanted(
    browser: RunBrowser, qtbot: QtBot, runs: dict[str, Run]
) -> None:
    run = runs["good"]
    select(browser, qtbot, run)
    details = browser.details
    for button, signal, said in (
        (details.open, browser.recipe_opened, [run.recipe, run.data]),
        (details.evaluate, browser.evaluation_wanted, [run.model_file, run.data]),
        (details.use, browser.model_chosen, [run.model_file]),
        (details.report, browser.report_wanted, [run.folder]),
    ):
        with qtbot.waitSignal(signal) as told:
            qtbot.mouseClick(button, LEFT)
        assert told.args == said
    browser.show_in_use(run.model_file)
    assert not details.use.isEnabled()
    browser.show_in_use(paths.starter_model())
    assert details.use.isEnabled()
    assert not details.go_on.isVisible()
    with qtbot.waitSignal(browser.evaluation_wanted):
        press(browser, qtbot, Qt.Key.Key_Return)


def test_a_failed_run_can_go_on_and_has_no_model(
    browser: RunBrowser, qtbot: QtBot, runs: dict[str, Run]
) -> None:
    select(browser, qtbot, runs["failed"])
    details = browser.details
    assert not any(b.isEnabled() for b in (details.use, details.evaluate, details.report))
    with qtbot.waitSignal(browser.continuation_wanted) as told:
        qtbot.mouseClick(details.go_on, LEFT)
    assert told.args == [runs["failed"].folder]
    with qtbot.assertNotEmitted(browser.evaluation_wanted):
        press(browser, qtbot, Qt.Key.Key_Return)
