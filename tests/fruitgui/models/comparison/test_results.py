from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fruitgui import theme
from fruitgui.models.comparison.results import ComparisonResults
from fruitgui.models.comparison.table import VERDICT, ComparisonTable
from fruitgui.models.comparison.texts import ComparisonTexts
from fruitgui.settings import Settings
from tests.trainer.comparisons import some, table_of_runs, trained
from trainer.config.presets import PRESETS
from trainer.data.dataset import DataSet
from trainer.experiments.comparison import Comparison, Grid, Start, create_comparison
from trainer.experiments.comparison_table import Table


def cell(results: ComparisonResults, row: int, column: int) -> str:
    return str(results.sorted.index(row, column).data())


@pytest.fixture
def results(app: QApplication, settings: Settings) -> Iterator[ComparisonResults]:
    results = ComparisonResults(settings, ComparisonTexts(app))
    results.resize(680, 600)
    results.show()
    yield results
    # At once: dressing the next test's widgets would dress it as well.
    shiboken6.delete(results)


@pytest.fixture
def comparison(demo_data: DataSet) -> Comparison:
    """A study that would take hours."""
    starts = (Start("resnet50", "imagenet"), Start("mobilenet_v2", "imagenet"))
    recipes = Grid(PRESETS["layer4"], starts, ("head", "layer4", "full"), (0, 1)).recipes()
    return create_comparison(recipes, demo_data.root)


@pytest.fixture
def shown(results: ComparisonResults, tmp_path: Path, comparison: Comparison) -> Table:
    """Its table, shown."""
    right = {"head": 180, "layer4": 236, "full": 238}
    runs = [
        trained(
            tmp_path,
            some(right[recipe.strategy] - (recipe.model != "resnet50") - recipe.seed, 250),
            Start(recipe.model, recipe.weights),
            recipe.strategy,
            recipe.seed,
            validation=right[recipe.strategy] / 250,
            milliseconds=40 if recipe.model == "resnet50" else 9,
        )
        for recipe in comparison.recipes[:-2]
    ]
    table = table_of_runs(runs)
    results.show_table(comparison, table)
    return table


def test_the_table_marks_best_alike_and_recommended(
    results: ComparisonResults, shown: Table
) -> None:
    assert (shown.best, shown.take, shown.reason) == (2, 4, "cheaper")
    verdicts = [cell(results, row, VERDICT) for row in range(5)]
    assert verdicts == ["worse", "≈ best", "best", "worse", "★ ≈ best"]
    assert cell(results, 4, 0) == "MobileNetV2, ImageNet"
    assert cell(results, 4, 1) == "Last stage and head"
    assert "±" in cell(results, 4, VERDICT + 1)
    assert cell(results, 0, VERDICT + 3) == "< 0.001"
    assert "It may be as good as ResNet50, ImageNet · Everything (95.0%), the best on" in (
        results.advice.text
    )
    assert not results.doubt.isVisible()
    # The row to take is selected to begin with, and stands out in type too.
    assert results.selected == shown.rows[4]
    font = results.sorted.index(4, 0).data(Qt.ItemDataRole.FontRole)
    assert font.bold()


def test_where_the_seeds_disagree_nothing_is_called_worse(
    results: ComparisonResults, shown: Table, comparison: Comparison
) -> None:
    best, other = (shown.rows[number] for number in (2, 0))
    assert best.held_out is not None
    higher = replace(other, held_out=replace(best.held_out, mean=0.96))
    results.show_table(comparison, replace(shown, rows=(higher, *shown.rows[1:])))
    assert cell(results, 0, VERDICT) == "unclear"


def test_without_test_photos_the_figures_are_doubted(
    results: ComparisonResults, shown: Table, comparison: Comparison
) -> None:
    results.show_table(comparison, replace(shown, split="validation", photos=20))
    assert results.doubt.isVisible()
    assert results.doubt.text().startswith("There are no test photos: ")
    assert "Only 20 photo" in results.doubt.text()


def test_a_start_from_a_file_has_its_name_without_the_suffix(
    app: QApplication, tmp_path: Path
) -> None:
    start = Start("mobilenet_v2", str(tmp_path / "my.weights.safetensors"))
    assert ComparisonTexts(app).network(start) == "MobileNetV2, my.weights"


def test_the_table_is_sorted_and_what_is_not_known_comes_last(
    results: ComparisonResults, shown: Table
) -> None:
    probability = VERDICT + 3
    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        results.view.sortByColumn(probability, order)
        # The best itself has none.
        assert results.sorted.order[-1] == shown.best
        names = [interval.name for interval in results.chart.rows]
        assert len(names) == 5
        assert names[-1] == "ResNet50, ImageNet · Everything"
    results.view.sortByColumn(VERDICT, Qt.SortOrder.AscendingOrder)
    assert results.sorted.order[:2] == [shown.take, shown.best]
    assert results.selected == shown.rows[4]


def test_the_table_is_copied_for_spreadsheets(
    results: ComparisonResults, shown: Table, qtbot: QtBot, app: QApplication
) -> None:
    with qtbot.waitExposed(results):
        results.activateWindow()
    results.view.setFocus()
    qtbot.keyClick(results.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = app.clipboard().text().split("\n")
    app.clipboard().clear()
    assert [line.count("\t") for line in lines] == [ComparisonTable.COLUMNS - 1] * 6
    assert lines[0].startswith(
        "Network and starting weights\tWhat is trained\tVerdict\tTest accuracy"
    )
    assert lines[5].startswith("MobileNetV2, ImageNet\tLast stage and head\t★ ≈ best\t93.8% ± 0.3")


def test_every_figure_is_explained(results: ComparisonResults, shown: Table) -> None:
    rows = results.rows
    helps = [
        rows.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        for column in range(ComparisonTable.COLUMNS)
    ]
    assert all(text.endswith(".") for text in helps)
    for word in ("Wilson", "McNemar", "Holm", "expected calibration error", "F1"):
        assert any(word in text for text in helps)


def test_the_first_columns_stay_in_sight(
    results: ComparisonResults, shown: Table, qtbot: QtBot
) -> None:
    table = results.view
    for column in range(ComparisonTable.COLUMNS):
        table.setColumnHidden(column, False)
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() > 0)
    table.horizontalScrollBar().setValue(table.horizontalScrollBar().maximum())
    assert table.horizontalScrollBar().value() > 0
    fixed = table._fixed
    assert fixed.isVisible()
    assert fixed.width() == table.columnWidth(0) + table.columnWidth(1)
    assert fixed.horizontalScrollBar().value() == 0
    assert [fixed.isColumnHidden(column) for column in range(4)] == [False, False, True, True]
    results.resize(360, 600)
    assert fixed.isHidden()
    results.resize(680, 600)
    heights = {table.rowViewportPosition(4), fixed.rowViewportPosition(4)}
    assert len(heights) == 1


def test_the_chart_says_what_it_shows(results: ComparisonResults, shown: Table) -> None:
    chart = results.chart
    assert [row.kind for row in chart.rows] == ["plain", "plain", "best", "plain", "taken"]
    assert chart.accessibleName() == "Accuracy on the test photos, with its 95% interval"
    assert "ResNet50, ImageNet · Everything: 95.0% (" in chart.accessibleDescription()
    assert not chart.grab().isNull()


def test_light_dark_and_another_language_are_followed(
    results: ComparisonResults, shown: Table, app: QApplication
) -> None:
    theme.apply(app, "dark")
    assert not results.grab().isNull()
    theme.apply(app, "light")
    results.use.setText("")
    app.sendEvent(results, QEvent(QEvent.Type.LanguageChange))
    assert cell(results, 4, VERDICT) == "★ ≈ best"
    assert results.use.text() == "Use this model"


def test_what_matters_is_seen_without_scrolling_and_the_rest_is_a_menu_away(
    results: ComparisonResults, shown: Table, qtbot: QtBot, settings: Settings
) -> None:
    view = results.view
    assert view.horizontalScrollBar().maximum() == 0
    names = [name for name in columns(results) if name]
    assert "Test accuracy" in names
    assert "Macro F1" not in names
    qtbot.mouseClick(results.columns, Qt.MouseButton.LeftButton)
    menu = results.columns.menu_of_columns
    actions = {action.text(): action for action in menu.actions()}
    assert "Verdict" not in actions
    actions["Macro F1"].trigger()
    actions["Validation accuracy"].trigger()
    menu.close()
    assert "Macro F1" in columns(results)
    assert settings.shown_comparison_columns == {"accuracy", "macro_f1"}
    again = ComparisonResults(settings, ComparisonTexts(results))
    qtbot.addWidget(again)
    assert columns(again) == columns(results)


def columns(results: ComparisonResults) -> list[str]:
    """The names of those that are shown."""
    model = results.view.model()
    return [
        " ".join(str(model.headerData(number, Qt.Orientation.Horizontal)).split())
        for number in range(ComparisonTable.COLUMNS)
        if not results.view.isColumnHidden(number)
    ]
