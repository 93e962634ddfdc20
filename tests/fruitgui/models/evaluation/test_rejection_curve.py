import math
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fruitgui import theme
from fruitgui.models.evaluation.rejection_curve import RejectionChart

THRESHOLDS = (0.0, 0.05, 0.5, 1.0)
ACCURACY = (0.9, 0.972, 0.99, math.nan)
ANSWERED = (1.0, 0.93, 0.4, 0.0)
OWN = "Threshold 50% (the model's default): 40% of photos get an answer, 99.0% of them right"


@pytest.fixture
def chart(app: QApplication, qtbot: QtBot) -> Iterator[RejectionChart]:
    chart = RejectionChart()
    chart.resize(480, 360)
    chart.show_points(THRESHOLDS, ACCURACY, ANSWERED, current=0.5)
    with qtbot.waitExposed(chart):
        chart.show()
    yield chart
    # At once: dressing the next test's widgets would dress it as well.
    shiboken6.delete(chart)


def at(chart: RejectionChart, threshold: float) -> tuple[QWidget, QPoint]:
    """Where a threshold is, and in which widget."""
    scene = chart._chart.getPlotItem().getViewBox().mapViewToScene(QPointF(threshold, 0.3))
    return chart._chart.viewport(), chart._chart.mapFromScene(scene)


def test_the_models_own_threshold_is_read(chart: RejectionChart) -> None:
    assert chart.reading == OWN
    assert chart.accessibleDescription() == OWN
    assert chart._own.value() == 0.5


def test_the_mouse_reads_the_nearest_threshold(chart: RejectionChart, qtbot: QtBot) -> None:
    wanted = "Threshold 5%: 93% of photos get an answer, 97.2% of them right"
    qtbot.mouseMove(*at(chart, 0.06))
    qtbot.waitUntil(lambda: chart.reading == wanted)
    QApplication.sendEvent(chart._chart, QEvent(QEvent.Type.Leave))
    assert chart.reading == OWN


def test_keys_move_along_from_the_models_own(chart: RejectionChart, qtbot: QtBot) -> None:
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chart.reading.startswith("Threshold 5%: ")
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chart.reading == "Threshold 0%: 100% of photos get an answer, 90.0% of them right"
    qtbot.keyClick(chart, Qt.Key.Key_Escape)
    assert chart.reading == OWN


def test_where_nothing_is_answered_nothing_is_said_to_be_right(
    chart: RejectionChart, qtbot: QtBot
) -> None:
    qtbot.keyClick(chart, Qt.Key.Key_End)
    assert chart.reading == "Threshold 100%: no photo gets an answer"


def test_without_points_nothing_is_read(chart: RejectionChart, qtbot: QtBot) -> None:
    chart.show_points((), (), (), current=0.5)
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.reading == ""


def test_colours_follow_the_theme(chart: RejectionChart, app: QApplication) -> None:
    def painted() -> set[str]:
        image = chart._chart.grab().toImage()
        return {
            image.pixelColor(x, y).name()
            for x in range(image.width())
            for y in range(image.height())
        }

    for appearance in ("light", "dark"):
        theme.apply(app, appearance)
        scheme = theme.colours()
        assert {scheme.surface, scheme.accent, scheme.second, scheme.text} <= painted()
