"""What tests of the runs share: how the view is used."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fruitgui.models.runs.columns import COLUMNS
from fruitgui.models.runs.view import RunBrowser
from fruitgui.settings import Settings
from trainer.experiments import run_records
from trainer.experiments.run import Run
from trainer.experiments.run_records import RunRecord

LEFT = Qt.MouseButton.LeftButton
ALL_RUNS = ("good", "quick", "failed")


def opened(qtbot: QtBot, settings: Settings) -> RunBrowser:
    browser = RunBrowser(settings)
    browser.resize(1072, 700)
    with qtbot.waitExposed(browser):
        browser.show()
    qtbot.waitUntil(lambda: browser._was_read)
    return browser


def column(browser: RunBrowser, name: str = "name") -> list[str]:
    number = COLUMNS.index(name)  # type: ignore[arg-type]
    shown = browser.list.filter
    return [shown.index(row, number).data() for row in range(shown.rowCount())]


def ids(browser: RunBrowser) -> list[str]:
    return [browser.list._row(number).id for number in range(browser.list.filter.rowCount())]


def select(browser: RunBrowser, qtbot: QtBot, *chosen: Run) -> None:
    """Select runs, and wait until their folders were looked at."""
    browser.select([run.id for run in chosen])
    if len(chosen) == 1:
        qtbot.waitUntil(
            lambda: browser.details.run == chosen[0].id and browser.details._files is not None
        )
    else:
        qtbot.waitUntil(lambda: len(browser.comparison._files) == len(chosen))


def record(run: Run) -> RunRecord:
    found = run_records.run_named(run.id)
    assert found is not None
    return found


def press(browser: RunBrowser, qtbot: QtBot, key: Qt.Key, **how: Qt.KeyboardModifier) -> None:
    browser.list.setFocus()
    qtbot.keyClick(browser.list, key, **how)
