from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from fruitgui import theme
from fruitgui.models.evaluation.reliability_diagram import ReliabilityDiagram

LEFT = Qt.MouseButton.LeftButton


@dataclass(frozen=True)
class Bin:
    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


BINS = (
    Bin(0.0, 0.25, 0, 0.0, 0.0),
    Bin(0.25, 0.5, 10, 0.4, 0.8),
    Bin(0.5, 0.75, 0, 0.0, 0.0),
    Bin(0.75, 1.0, 40, 0.9, 0.5),
)
"""Not sure enough, and too sure; the others have no photos."""


@pytest.fixture
def diagram(app: QApplication, qtbot: QtBot) -> Iterator[ReliabilityDiagram]:
    diagram = ReliabilityDiagram()
    diagram.resize(420, 380)
    diagram.show_bins(BINS)
    with qtbot.waitExposed(diagram):
        diagram.show()
    yield diagram
    # At once: dressing the next test's widgets would dress it as well.
    shiboken6.delete(diagram)


def colours_in(diagram: ReliabilityDiagram, number: int) -> set[str]:
    """What a bin is painted with."""
    diagram.clearFocus()
    ratio = diagram.devicePixelRatio()
    rect = diagram.bin_rect(number)
    image = diagram.grab().toImage()
    points = (
        QPoint(x, y)
        for x in range(rect.left(), rect.right())
        for y in range(rect.top(), rect.bottom())
    )
    return {image.pixelColor(point * ratio).name() for point in points}


def tool_tip(diagram: ReliabilityDiagram, number: int) -> str:
    at = diagram.bin_rect(number).center()
    event = QHelpEvent(QEvent.Type.ToolTip, at, diagram.mapToGlobal(at))
    QApplication.sendEvent(diagram, event)
    return QToolTip.text()


def test_a_click_chooses_a_bin_with_photos(diagram: ReliabilityDiagram, qtbot: QtBot) -> None:
    chosen: list[int] = []
    diagram.bin_chosen.connect(chosen.append)
    for number in (3, 0, 1):
        qtbot.mouseClick(diagram, LEFT, pos=diagram.bin_rect(number).center())
    assert chosen == [3, 1]


def test_keys_skip_bins_without_photos(diagram: ReliabilityDiagram, qtbot: QtBot) -> None:
    chosen: list[int] = []
    diagram.bin_chosen.connect(chosen.append)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Home):
        qtbot.keyClick(diagram, key)
    assert chosen == [1, 3]
    assert diagram.accessibleDescription().startswith("10 photos between 25% and 50% sure")


def test_the_tool_tip_tells_the_figures(diagram: ReliabilityDiagram) -> None:
    wanted = "40 photos between 75% and 100% sure: 90.0% sure on average, 50.0% right"
    assert tool_tip(diagram, 3) == wanted


def test_bars_and_the_gap_are_painted_in_the_themes_colours(
    diagram: ReliabilityDiagram, app: QApplication
) -> None:
    for appearance in ("light", "dark"):
        theme.apply(app, appearance)
        scheme = theme.colours()
        too_sure, not_sure_enough = colours_in(diagram, 3), colours_in(diagram, 1)
        assert {scheme.accent, scheme.wrong} <= too_sure
        assert scheme.accent in not_sure_enough
        assert scheme.wrong not in not_sure_enough
        assert scheme.accent not in colours_in(diagram, 2)


def test_the_bin_under_the_mouse_is_highlighted(diagram: ReliabilityDiagram, qtbot: QtBot) -> None:
    soft = theme.colours().accent_soft
    assert soft not in colours_in(diagram, 3)
    qtbot.mouseMove(diagram, diagram.bin_rect(3).center())
    qtbot.waitUntil(lambda: soft in colours_in(diagram, 3))
    QApplication.sendEvent(diagram, QEvent(QEvent.Type.Leave))
    assert soft not in colours_in(diagram, 3)


def test_without_photos_there_is_nothing_to_choose(
    diagram: ReliabilityDiagram, qtbot: QtBot
) -> None:
    for bins in ((), BINS[:1]):
        diagram.show_bins(bins)
        diagram.grab()
        with qtbot.assertNotEmitted(diagram.bin_chosen):
            qtbot.keyClick(diagram, Qt.Key.Key_Right)
            qtbot.keyClick(diagram, Qt.Key.Key_Return)
        assert diagram.accessibleDescription() == ""
