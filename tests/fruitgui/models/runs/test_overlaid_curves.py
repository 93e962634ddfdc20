from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fruitgui import theme
from fruitgui.i18n.language import Translation
from fruitgui.models.runs.overlaid_curves import MOST_RUNS, Figure, OverlaidCurves, RunCurve
from trainer.events import EpochDone


def epoch(number: int, validation_accuracy: float, best: bool) -> EpochDone:
    return EpochDone(
        epoch=number,
        epochs=20,
        train_loss=0.5,
        train_accuracy=0.95,
        validation_loss=1.5 - validation_accuracy,
        validation_accuracy=validation_accuracy,
        validation_interval=(0.0, 1.0),
        learning_rate=1e-4,
        seconds=1.0,
        best=best,
    )


FIRST = RunCurve("first", (epoch(1, 0.5, True), epoch(2, 0.75, True), epoch(3, 0.625, False)))
SECOND = RunCurve("second", (epoch(1, 0.25, True),))


@pytest.fixture
def curves(app: QApplication, qtbot: QtBot) -> Iterator[OverlaidCurves]:
    curves = OverlaidCurves()
    curves.resize(640, 360)
    with qtbot.waitExposed(curves):
        curves.show()
    yield curves
    # At once: dressing the next test's widgets would dress it as well.
    shiboken6.delete(curves)


def lines(curves: OverlaidCurves) -> list[list[tuple[float, float]]]:
    """The points of all that is drawn: the lines first, then the best epochs."""
    drawn = (item.getData() for item in curves.getPlotItem().listDataItems())
    return [
        [] if epochs is None else list(zip(epochs.tolist(), values.tolist(), strict=True))
        for epochs, values in drawn
    ]


def title(curves: OverlaidCurves) -> str:
    return str(curves.getPlotItem().titleLabel.text)


def names(curves: OverlaidCurves) -> list[str]:
    return [label.item.toPlainText() for _, label in curves._legend.items]


def test_runs_are_drawn_with_the_best_epoch_of_each(curves: OverlaidCurves) -> None:
    curves.show_runs([FIRST, SECOND])
    assert lines(curves) == [[(1, 50), (2, 75), (3, 62.5)], [(1, 25)], [(2, 75)], [(1, 25)]]
    assert names(curves) == ["first", "second"]
    assert curves.accessibleDescription() == (
        "Validation accuracy, %; first: 75 in epoch 2, its best; 62.5 in epoch 3; "
        "second: 25 in epoch 1, its best; 25 in epoch 1"
    )
    curves.show_runs([SECOND])
    assert lines(curves) == [[(1, 25)], [(1, 25)]]
    assert names(curves) == ["second"]


@pytest.mark.parametrize(
    ("figure", "values", "wanted"),
    [
        ("validation_loss", [1.0, 0.75, 0.875], "Validation loss"),
        ("train_accuracy", [95, 95, 95], "Training accuracy, %"),
        ("train_loss", [0.5, 0.5, 0.5], "Training loss"),
        ("gap", [45, 20, 32.5], "Accuracy gap, % points"),
    ],
)
def test_figures_can_be_chosen(
    curves: OverlaidCurves, figure: Figure, values: list[float], wanted: str
) -> None:
    curves.show_runs([FIRST])
    curves.set_figure(figure)
    line, best = lines(curves)
    assert [value for _, value in line] == pytest.approx(values)
    # The epoch whose weights were kept, whatever is shown of it.
    assert best == [line[1]]
    assert title(curves) == wanted


def test_an_accuracy_goes_to_100_percent_at_most(curves: OverlaidCurves) -> None:
    curves.show_runs([RunCurve("right", (epoch(1, 1.0, True), epoch(2, 1.0, False)))])
    low, high = curves.getPlotItem().viewRange()[1]
    assert low <= 95
    curves.show_runs([RunCurve("better", (epoch(1, 0.0, False), epoch(2, 1.0, True)))])
    low, high = curves.getPlotItem().viewRange()[1]
    axis = curves.getPlotItem().getAxis("left")
    marks = [value for _, values in axis.tickValues(low, high, 300) for value in values]
    assert (min(marks), max(marks)) == (0, 100)
    assert high > 100  # A mark at 100 is seen whole.
    curves.set_figure("gap")
    low, high = curves.getPlotItem().viewRange()[1]
    marks = [value for _, values in axis.tickValues(-5, 105, 300) for value in values]
    assert min(marks) < 0
    assert max(marks) > 100


def test_ten_runs_differ_in_colour_or_style_and_all_in_symbol(curves: OverlaidCurves) -> None:
    curves.show_runs([FIRST] * (MOST_RUNS + 2))
    drawn = curves._lines
    assert len(drawn) == MOST_RUNS
    pens = [line.opts["pen"] for line in drawn]
    assert len({(pen.color().name(), pen.style()) for pen in pens}) == MOST_RUNS
    assert len({line.opts["symbol"] for line in drawn}) == MOST_RUNS
    assert len({pen.style() for pen in pens}) > 2


def test_colours_and_names_follow_the_theme(curves: OverlaidCurves, app: QApplication) -> None:
    curves.show_runs([FIRST, SECOND])
    for appearance in ("light", "dark"):
        theme.apply(app, appearance)
        scheme = theme.colours()
        colours = [line.opts["pen"].color().name() for line in curves._lines]
        assert colours == list(scheme.runs[:2])
        assert curves._legend.items[0][1].opts["color"].name() == scheme.text


def test_each_run_can_be_seen_on_its_background(app: QApplication) -> None:
    def luminance(colour: str) -> float:
        parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        linear = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return sum(p * share for p, share in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))

    for scheme in (theme.LIGHT, theme.DARK):
        for colour in scheme.runs:
            dark, light = sorted((luminance(colour), luminance(scheme.surface)))
            assert (light + 0.05) / (dark + 0.05) >= 3, colour


def test_long_names_are_cut_and_taken_as_they_are(curves: OverlaidCurves) -> None:
    name = "a very long name of a run that would take all the room <b>1</b>"
    curves.show_runs([RunCurve(name, FIRST.epochs), RunCurve("a < b", SECOND.epochs)])
    cut, short = names(curves)
    assert "…" in cut
    assert cut.endswith("</b>")
    assert short == "a < b"
    shown = QTextDocument()
    shown.setHtml(curves._legend.items[0][1].toolTip())
    assert shown.toPlainText() == name


def test_names_stand_beside_the_curves(curves: OverlaidCurves, qtbot: QtBot) -> None:
    curves.show_runs([FIRST, SECOND])
    legend, box = curves._legend, curves.getPlotItem().getViewBox()

    def beside() -> bool:
        left = legend.mapRectToScene(legend.boundingRect()).left()
        return bool(left >= box.mapRectToScene(box.boundingRect()).right())

    qtbot.waitUntil(beside)


def test_titles_follow_the_language(curves: OverlaidCurves, qtbot: QtBot) -> None:
    # What another language would say: the texts themselves are the translators'.
    curves.show_runs([FIRST])
    curves.getPlotItem().setTitle("")
    translation = Translation()
    try:
        translation.install("ko")
        qtbot.waitUntil(lambda: title(curves) != "")
    finally:
        translation.install("en")
