import unicodedata

import pytest
import shiboken6
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fruitgui.models.runs.columns import COLUMNS
from fruitgui.models.runs.view import RunBrowser
from fruitgui.settings import Settings
from tests.fruitgui.models.runs.browsing import (
    ALL_RUNS,
    column,
    ids,
    opened,
    press,
    select,
)
from trainer.experiments.run import Run


def test_all_runs_are_there_the_newest_first_and_selected(
    browser: RunBrowser, runs: dict[str, Run]
) -> None:
    assert ids(browser) == [runs[name].id for name in reversed(ALL_RUNS)]
    assert column(browser) == [
        "ConvNeXt-Tiny · Last stage and head · seed 2",
        "MobileNetV2 · Head only · seed 1",
        "ResNet50 · Last stage and head",
    ]
    assert column(browser, "validation") == ["", "70.0%", "90.0%"]
    assert column(browser, "test") == ["75.0%", "", "88.0%"]
    assert column(browser, "start") == ["ImageNet", "Starter model", "ImageNet"]
    assert column(browser, "data") == ["fruit", "과일", "fruit"]
    assert column(browser, "time") == ["", "30 s", "20 s"]
    assert column(browser, "state") == ["Failed", "Completed", "Completed"]
    assert browser.details.run == runs["failed"].id


@pytest.mark.parametrize(
    ("name", "rising"),
    [
        ("validation", ["70.0%", "90.0%", ""]),
        ("test", ["75.0%", "88.0%", ""]),
        ("time", ["20 s", "30 s", ""]),
        ("best_epoch", ["2", "2", ""]),
        ("data", ["fruit", "fruit", "과일"]),
    ],
)
def test_columns_sort_and_what_is_not_known_is_last(
    browser: RunBrowser, name: str, rising: list[str]
) -> None:
    number = COLUMNS.index(name)  # type: ignore[arg-type]
    browser.list.sortByColumn(number, Qt.SortOrder.AscendingOrder)
    assert column(browser, name) == rising
    browser.list.sortByColumn(number, Qt.SortOrder.DescendingOrder)
    known = [text for text in rising if text]
    assert column(browser, name) == known[::-1] + [""] * (len(rising) - len(known))


def test_sorting_keeps_what_is_selected(browser: RunBrowser, runs: dict[str, Run]) -> None:
    browser.list.select([runs["good"].id, runs["failed"].id])
    browser.list.sortByColumn(COLUMNS.index("validation"), Qt.SortOrder.DescendingOrder)
    selected = [row.id for row in browser.list.selected_rows()]
    assert selected == [runs["good"].id, runs["failed"].id]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("convnext", ["failed"]),
        ("CONV last", ["failed"]),
        ("resnet50 과일", []),
        ("과일 head", ["quick"]),
        ("completed", ["quick", "good"]),
        ("starter", ["quick"]),
        ("  ", ["failed", "quick", "good"]),
    ],
)
def test_all_words_that_are_typed_must_be_found(
    browser: RunBrowser, qtbot: QtBot, runs: dict[str, Run], text: str, found: list[str]
) -> None:
    browser.bar.field.setText(text)  # Keys cannot be told to type Hangul.
    assert ids(browser) == [runs[name].id for name in found]
    expected = f"{len(found)} of 3" if len(found) < 3 else "3 run"
    assert expected in browser.bar._count.text()


def test_decomposed_hangul_is_found_as_well(browser: RunBrowser, runs: dict[str, Run]) -> None:
    browser.bar.field.setText(unicodedata.normalize("NFD", "과일"))
    assert ids(browser) == [runs["quick"].id]


def test_columns_can_be_hidden_and_stay_so(
    browser: RunBrowser, qtbot: QtBot, settings: Settings
) -> None:
    header = browser.list.horizontalHeader()
    assert browser.list.horizontalScrollBar().maximum() == 0
    qtbot.mouseClick(browser.columns, Qt.MouseButton.LeftButton)
    menu = browser.columns.menu_of_columns
    titles = {action.text(): action for action in menu.actions()}
    assert "Name" not in titles
    titles["Test"].trigger()
    titles["Device"].trigger()
    menu.close()
    header.resizeSection(COLUMNS.index("name"), 333)
    browser.shut_down()

    again = opened(qtbot, settings)
    assert again.list.isColumnHidden(COLUMNS.index("test"))
    assert not again.list.isColumnHidden(COLUMNS.index("device"))
    assert again.list.columnWidth(COLUMNS.index("name")) == 333
    again.shut_down()
    shiboken6.delete(again)


def test_what_the_filter_hides_is_shown_when_it_is_to_be_selected(
    browser: RunBrowser, qtbot: QtBot, runs: dict[str, Run]
) -> None:
    browser.bar.field.setText("convnext")
    browser.bar.choose("starred")
    select(browser, qtbot, runs["quick"])
    assert browser.bar.shown.current == "all"
    assert browser.bar.field.text() == ""


def test_the_filter_is_reached_by_keys(browser: RunBrowser, qtbot: QtBot) -> None:
    press(browser, qtbot, Qt.Key.Key_F, modifier=Qt.KeyboardModifier.ControlModifier)
    assert browser.bar.field.hasFocus()
    qtbot.keyClick(browser.bar.field, Qt.Key.Key_Return)
    assert browser.list.hasFocus()
