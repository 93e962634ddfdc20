import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from fruitgui.i18n.language import Translation
from fruitgui.models.runs.columns import COLUMNS
from fruitgui.models.runs.view import RunBrowser
from fruitgui.settings import Settings
from tests.finished_runs import finished_run
from trainer import paths
from trainer.config.presets import PRESETS
from trainer.config.recipe import Recipe
from trainer.errors import DeviceError
from trainer.experiments import run_database, run_records, run_trash
from trainer.experiments.run import Run
from trainer.experiments.run_records import RunRecord

LEFT = Qt.MouseButton.LeftButton
ALL_RUNS = ("good", "quick", "failed")


@pytest.fixture
def runs() -> dict[str, Run]:
    """The newest last."""
    return {
        "good": finished_run(right=(60, 90), test_right=88),
        "quick": finished_run(
            PRESETS["quick"].but(model="mobilenet_v2", weights="starter", epochs=9, seed=1),
            Path("/사진/과일"),
            (50, 70, 65),
            test_right=None,
        ),
        "failed": finished_run(
            Recipe(model="convnext_tiny", seed=2),
            right=(),
            state="failed",
            failure=DeviceError("no {what}", what="memory"),
        ),
    }


def opened(qtbot: QtBot, settings: Settings) -> RunBrowser:
    browser = RunBrowser(settings)
    browser.resize(1072, 700)
    with qtbot.waitExposed(browser):
        browser.show()
    qtbot.waitUntil(lambda: browser._was_read)
    return browser


@pytest.fixture
def browser(
    app: QApplication, qtbot: QtBot, settings: Settings, runs: dict[str, Run]
) -> Iterator[RunBrowser]:
    browser = opened(qtbot, settings)
    yield browser
    browser.shut_down()
    shiboken6.delete(browser)


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


# The list


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


def test_a_failure_says_why(browser: RunBrowser) -> None:
    state = browser.list.filter.index(0, COLUMNS.index("state"))
    assert state.data(Qt.ItemDataRole.ToolTipRole) == "no memory"
    assert "no memory" in browser.details._state.text()


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


def test_what_the_filter_hides_is_shown_when_it_is_to_be_selected(
    browser: RunBrowser, qtbot: QtBot, runs: dict[str, Run]
) -> None:
    browser.bar.field.setText("convnext")
    browser.bar.choose("starred")
    select(browser, qtbot, runs["quick"])
    assert browser.bar.shown.current == "all"
    assert browser.bar.field.text() == ""


# One run


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


# Several


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


# The trash


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


# All of it


def test_the_filter_is_reached_by_keys(browser: RunBrowser, qtbot: QtBot) -> None:
    press(browser, qtbot, Qt.Key.Key_F, modifier=Qt.KeyboardModifier.ControlModifier)
    assert browser.bar.field.hasFocus()
    qtbot.keyClick(browser.bar.field, Qt.Key.Key_Return)
    assert browser.list.hasFocus()


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
        and widget.parent() is not browser.notice
        and widget.parent() is not browser.trash.question
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
