from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fruitgui.models.runs.view import RunBrowser
from tests.fruitgui.models.runs.browsing import LEFT, ids, select
from trainer.experiments import run_records
from trainer.experiments.run import Run


def test_several_show_what_differs_and_what_came_of_it(
    browser: RunBrowser, qtbot: QtBot, runs: dict[str, Run]
) -> None:
    select(browser, qtbot, runs["good"], runs["quick"])
    comparison = browser.comparison
    table = comparison.differences
    rows = {
        table.headerData(row, Qt.Orientation.Vertical): [
            table.index(row, run).data() for run in range(table.columnCount())
        ]
        for row in range(table.rowCount())
    }
    # In the order of the list: the newest first.
    assert rows["Model"] == ["MobileNetV2", "ResNet50"]
    assert rows["Learning rate"] == ["0.001", "0.0001"]
    assert rows["Photos"] == ["과일", "fruit"]
    assert rows["Validation"] == ["70.0%", "90.0%"]
    assert rows["Test"] == ["–", "88.0%"]
    assert rows["Best epoch"] == ["2 of 3", "2 of 2"]
    assert not {"Dropout", "Label smoothing", "Device"} & set(rows)
    validation = list(rows).index("Validation")
    fonts = [table.index(validation, run).data(Qt.ItemDataRole.FontRole) for run in range(2)]
    assert fonts[0] is None
    assert fonts[1].bold()
    assert [len(curve.epochs) for curve in comparison.curves.curves._runs] == [3, 2]

    comparison.curves._figure._box.setCurrentIndex(1)
    comparison.curves._figure._box.activated.emit(1)
    assert comparison.curves.curves._figure == "validation_loss"


def test_all_are_starred_and_deleted_at_once(
    browser: RunBrowser, qtbot: QtBot, runs: dict[str, Run]
) -> None:
    browser.list.setFocus()
    qtbot.keyClick(browser.list, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(browser.comparison.star.isVisible)
    qtbot.mouseClick(browser.comparison.star, LEFT)
    qtbot.waitUntil(lambda: all(each.is_starred for each in run_records.runs()))
    assert browser.comparison.star.text() == "Remove the stars"
    qtbot.mouseClick(browser.comparison.delete, LEFT)
    qtbot.waitUntil(lambda: run_records.runs() == [])
    qtbot.waitUntil(lambda: ids(browser) == [])
    qtbot.waitUntil(lambda: "in the trash" in browser._nothing_text.text())
