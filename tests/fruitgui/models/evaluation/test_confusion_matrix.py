from collections.abc import Iterator
from itertools import pairwise

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from fruitgui import theme
from fruitgui.i18n.language import Translation
from fruitgui.models.evaluation.confusion_matrix import ConfusionMatrix
from trainer.evaluation.class_order import confusion_order

LEFT = Qt.MouseButton.LeftButton
CLASSES = ("lime", "apple", "lemon", "kiwi", "banana")
COUNTS = (
    (13, 0, 7, 0, 0),
    (0, 20, 0, 0, 0),
    (5, 0, 15, 0, 0),
    (0, 0, 0, 9, 1),
    (0, 0, 0, 0, 0),
)
"""Limes and lemons are confused; there are no photos of bananas."""


@pytest.fixture
def matrix(app: QApplication, qtbot: QtBot) -> Iterator[ConfusionMatrix]:
    matrix = ConfusionMatrix()
    matrix.resize(640, 480)
    matrix.show_matrix(CLASSES, COUNTS)
    with qtbot.waitExposed(matrix):
        matrix.show()
    yield matrix
    # At once: dressing the next test's widgets would dress it as well.
    shiboken6.delete(matrix)


def click(matrix: ConfusionMatrix, qtbot: QtBot, true: str | None, answered: str | None) -> None:
    at = matrix.cell_rect(true, answered).center()
    qtbot.mouseClick(matrix.viewport(), LEFT, pos=at)


def tool_tip(matrix: ConfusionMatrix, true: str | None, answered: str | None) -> str:
    at = matrix.cell_rect(true, answered).center()
    where = matrix.viewport().mapToGlobal(at)
    QApplication.sendEvent(matrix.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, where))
    return QToolTip.text()


def rows(matrix: ConfusionMatrix) -> list[str]:
    """The classes that are shown, from above."""
    shown = [name for name in CLASSES if not matrix.cell_rect(name, name).isNull()]
    return sorted(shown, key=lambda name: matrix.cell_rect(name, name).top())


def colour(matrix: ConfusionMatrix, true: str, answered: str) -> tuple[int, int, int]:
    """What a cell is filled with, beside its number."""
    at = matrix.cell_rect(true, answered).topLeft() + QPoint(5, 5)
    ratio = matrix.devicePixelRatio()
    found = matrix.viewport().grab().toImage().pixelColor(at * ratio)
    return found.red(), found.green(), found.blue()


def lightness(colour: tuple[int, int, int]) -> float:
    """From 0 to 255, as also those see it who do not tell red from green."""
    return sum(part * share for part, share in zip(colour, (0.21, 0.72, 0.07), strict=True))


def wheel(matrix: ConfusionMatrix, steps: int, at: QPoint) -> None:
    QApplication.sendEvent(
        matrix.viewport(),
        QWheelEvent(
            QPointF(at),
            QPointF(matrix.viewport().mapToGlobal(at)),
            QPoint(),
            QPoint(0, 120 * steps),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.ControlModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )


def test_a_click_on_a_cell_tells_its_classes_by_their_own_names(
    matrix: ConfusionMatrix, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(matrix.cell_chosen) as chosen:
        click(matrix, qtbot, "lime", "lemon")
    assert chosen.args == ["lime", "lemon"]


def test_an_empty_cell_cannot_be_chosen(matrix: ConfusionMatrix, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(matrix.cell_chosen):
        click(matrix, qtbot, "apple", "lemon")


def test_clicks_on_names_choose_a_class_or_an_answer(matrix: ConfusionMatrix, qtbot: QtBot) -> None:
    with (
        qtbot.waitSignal(matrix.class_chosen) as chosen,
        qtbot.assertNotEmitted(matrix.answer_chosen),
    ):
        click(matrix, qtbot, "kiwi", None)
    assert chosen.args == ["kiwi"]
    with (
        qtbot.waitSignal(matrix.answer_chosen) as answer,
        qtbot.assertNotEmitted(matrix.class_chosen),
    ):
        click(matrix, qtbot, None, "banana")
    assert answer.args == ["banana"]


def test_a_press_that_is_let_go_elsewhere_chooses_nothing(
    matrix: ConfusionMatrix, qtbot: QtBot
) -> None:
    with qtbot.assertNotEmitted(matrix.cell_chosen):
        at = matrix.cell_rect("lime", "lemon").center()
        qtbot.mousePress(matrix.viewport(), LEFT, pos=at)
        at = matrix.cell_rect("lemon", "lemon").center()
        qtbot.mouseRelease(matrix.viewport(), LEFT, pos=at)


def test_there_is_nothing_to_choose_in_the_corner(matrix: ConfusionMatrix, qtbot: QtBot) -> None:
    signals = (matrix.cell_chosen, matrix.class_chosen, matrix.answer_chosen)
    told: list[tuple[str, ...]] = []
    for signal in signals:
        signal.connect(lambda *names: told.append(names))
    qtbot.mouseClick(matrix.viewport(), LEFT, pos=QPoint(5, 5))
    assert told == []


def test_tool_tips_tell_the_figures(matrix: ConfusionMatrix) -> None:
    assert tool_tip(matrix, "lime", "lemon") == "7 of 20 Lime (35%) were mistaken for Lemon"
    assert tool_tip(matrix, "kiwi", "kiwi") == "9 of 10 Kiwi (90%) were recognised"
    assert tool_tip(matrix, "apple", "kiwi") == "None of 20 Apple were mistaken for Kiwi"
    assert tool_tip(matrix, "banana", "kiwi") == "There are no photos of Banana"
    assert tool_tip(matrix, "lime", None) == "13 of 20 Lime (65%) were recognised"
    assert tool_tip(matrix, None, "lime") == "Answer Lime: right for 13 of 18 (72%)"


def test_keys_go_from_cell_to_cell_and_choose(matrix: ConfusionMatrix, qtbot: QtBot) -> None:
    qtbot.keyClick(matrix, Qt.Key.Key_Down)
    qtbot.keyClick(matrix, Qt.Key.Key_Down)
    qtbot.keyClick(matrix, Qt.Key.Key_Right)
    qtbot.keyClick(matrix, Qt.Key.Key_Right)
    assert matrix.accessibleName() == "Confusion matrix: Kiwi → Kiwi"
    assert matrix.accessibleDescription() == "9 of 10 Kiwi (90%) were recognised"
    with qtbot.waitSignal(matrix.cell_chosen) as chosen:
        qtbot.keyClick(matrix, Qt.Key.Key_Return)
    assert chosen.args == ["kiwi", "kiwi"]


def test_keys_go_on_to_the_names(matrix: ConfusionMatrix, qtbot: QtBot) -> None:
    qtbot.keyClick(matrix, Qt.Key.Key_Left)
    with qtbot.waitSignal(matrix.class_chosen) as chosen:
        qtbot.keyClick(matrix, Qt.Key.Key_Return)
    assert chosen.args == ["apple"]
    # There is nothing in the corner.
    qtbot.keyClick(matrix, Qt.Key.Key_Up)
    qtbot.keyClick(matrix, Qt.Key.Key_Right)
    qtbot.keyClick(matrix, Qt.Key.Key_Up)
    with qtbot.waitSignal(matrix.answer_chosen) as answer:
        qtbot.keyClick(matrix, Qt.Key.Key_Return)
    assert answer.args == ["apple"]


def test_with_control_keys_go_to_the_next_cell_with_photos(
    matrix: ConfusionMatrix, qtbot: QtBot
) -> None:
    matrix.select("lime", "apple")
    qtbot.keyClick(matrix, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(matrix.cell_chosen) as chosen:
        qtbot.keyClick(matrix, Qt.Key.Key_Return)
    assert chosen.args == ["lime", "lemon"]


def test_classes_are_ordered_by_name_or_by_confusion(matrix: ConfusionMatrix) -> None:
    assert rows(matrix) == ["apple", "banana", "kiwi", "lemon", "lime"]
    matrix.set_order("confusion")
    assert rows(matrix) == ["lemon", "lime", "banana", "kiwi", "apple"]


def test_confused_classes_stand_side_by_side_whatever_their_order_was() -> None:
    # Each is taken for the next of a chain, which is given shuffled.
    chain = [4, 1, 5, 0, 3, 2]
    counts = [[20 if row == column else 0 for column in range(6)] for row in range(6)]
    for one, other in pairwise(chain):
        counts[one][other] = counts[other][one] = 5
    assert confusion_order(counts) in (chain, chain[::-1])
    assert confusion_order(counts) == confusion_order(counts)
    assert confusion_order([]) == []


def test_names_are_ordered_in_the_users_language(matrix: ConfusionMatrix, qtbot: QtBot) -> None:
    translation = Translation()
    translation.install("ko")
    try:
        # 라임, 레몬, 바나나, 사과, 키위
        wanted = ["lime", "lemon", "banana", "apple", "kiwi"]
        qtbot.waitUntil(lambda: rows(matrix) == wanted)
    finally:
        translation.install("en")
    qtbot.waitUntil(lambda: rows(matrix) == sorted(CLASSES))


def test_classes_that_mean_the_same_are_told_apart(matrix: ConfusionMatrix, qtbot: QtBot) -> None:
    matrix.show_matrix(("Carrot", "Carrots"), ((3, 1), (0, 4)))
    translation = Translation()
    translation.install("ko")
    try:
        qtbot.waitUntil(lambda: "당근 (Carrots)" in tool_tip(matrix, "Carrot", "Carrots"))
    finally:
        translation.install("en")
    qtbot.waitUntil(lambda: "Carrot (25%)" in tool_tip(matrix, "Carrot", "Carrots"))


def test_classes_without_mistakes_are_hidden_on_wish(matrix: ConfusionMatrix, qtbot: QtBot) -> None:
    matrix.set_hides_right(True)
    # A kiwi was taken for a banana, of which there are no photos.
    assert rows(matrix) == ["banana", "kiwi", "lemon", "lime"]
    with qtbot.waitSignal(matrix.cell_chosen) as chosen:
        click(matrix, qtbot, "kiwi", "banana")
    assert chosen.args == ["kiwi", "banana"]
    matrix.set_hides_right(False)
    assert len(rows(matrix)) == 5


def test_classes_that_no_photo_has_to_do_with_are_not_shown(matrix: ConfusionMatrix) -> None:
    counts = [[0] * 5 for _ in range(5)]
    counts[2][2], counts[2][4] = 3, 1
    matrix.show_matrix(CLASSES, counts)
    assert rows(matrix) == sorted([CLASSES[2], CLASSES[4]])
    # Without any photo nothing tells them apart.
    matrix.show_matrix(CLASSES, [[0] * 5 for _ in range(5)])
    assert rows(matrix) == sorted(CLASSES)


def test_where_nothing_was_mistaken_nothing_is_left(matrix: ConfusionMatrix, qtbot: QtBot) -> None:
    matrix.show_matrix(("lime", "kiwi"), ((3, 0), (0, 0)))
    matrix.set_hides_right(True)
    assert rows(matrix) == []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Plus):
        qtbot.keyClick(matrix, key)
    matrix.grab()
    matrix.show_matrix((), ())
    matrix.grab()
    assert matrix.accessibleDescription() == ""


def test_right_and_wrong_differ_in_lightness_and_follow_the_share(app: QApplication) -> None:
    for appearance in ("light", "dark"):
        theme.apply(app, appearance)
        matrix = ConfusionMatrix()
        matrix.resize(640, 480)
        matrix.show_matrix(("a", "b", "c"), ((20, 0, 0), (20, 0, 0), (9, 0, 11)))
        matrix.show()
        right, wrong = colour(matrix, "a", "a"), colour(matrix, "b", "a")
        half_right, half_wrong = colour(matrix, "c", "c"), colour(matrix, "c", "a")
        nothing = colour(matrix, "a", "b")
        assert abs(lightness(right) - lightness(wrong)) > 40
        for strong, weak in ((right, half_right), (wrong, half_wrong)):
            assert abs(sum(strong) - sum(nothing)) > abs(sum(weak) - sum(nothing)) > 0
        shiboken6.delete(matrix)


def test_colours_follow_the_theme(app: QApplication, matrix: ConfusionMatrix) -> None:
    light = colour(matrix, "lime", "lime")
    theme.apply(app, "dark")
    assert colour(matrix, "lime", "lime") != light


def test_the_mouse_highlights_row_and_column_and_their_names(
    matrix: ConfusionMatrix, qtbot: QtBot
) -> None:
    def bands() -> list[bool]:
        image = matrix.viewport().grab().toImage()
        ratio = matrix.devicePixelRatio()
        soft = theme.colours().accent_soft
        corners = (
            matrix.cell_rect("lime", "apple"),
            matrix.cell_rect("apple", "lemon"),
            matrix.cell_rect("lime", None),
            matrix.cell_rect(None, "lemon"),
            matrix.cell_rect("apple", "banana"),
        )
        points = [rect.topLeft() + QPoint(3, 3) for rect in corners]
        return [image.pixelColor(point * ratio).name() == soft for point in points]

    matrix.clearFocus()
    assert not any(bands())
    qtbot.mouseMove(matrix.viewport(), matrix.cell_rect("lime", "lemon").center())
    qtbot.waitUntil(lambda: bands() == [True, True, True, True, False])
    QApplication.sendEvent(matrix.viewport(), QEvent(QEvent.Type.Leave))
    assert not any(bands())


def test_what_is_selected_stays_marked(matrix: ConfusionMatrix) -> None:
    matrix.clearFocus()

    def outlined(true: str, answered: str) -> bool:
        rect = matrix.cell_rect(true, answered)
        image = matrix.viewport().grab().toImage()
        at = QPoint(rect.left() + 9, rect.top()) * matrix.devicePixelRatio()
        return image.pixelColor(at).name() == theme.colours().text

    assert not outlined("lime", "lemon")
    matrix.select("lime", "lemon")
    assert outlined("lime", "lemon")
    matrix.set_order("confusion")
    assert outlined("lime", "lemon")
    matrix.select("lime", None)
    assert outlined("lime", "apple")
    assert outlined("lime", "kiwi")
    matrix.clear_selection()
    assert not outlined("lime", "apple")


def many(count: int) -> tuple[list[str], list[list[int]]]:
    names = [f"class {number:03}" for number in range(count)]
    return names, [[9 if row == column else 0 for column in range(count)] for row in range(count)]


def test_few_classes_fill_the_place_and_many_scroll_with_their_names_in_sight(
    matrix: ConfusionMatrix, qtbot: QtBot
) -> None:
    assert matrix.verticalScrollBar().maximum() == 0
    assert matrix.cell_rect("lime", "lime").height() > 60
    matrix.show_matrix(*many(100))
    assert matrix.cell_rect("class 000", "class 000").height() >= 10
    assert matrix.verticalScrollBar().maximum() > 0
    matrix.select("class 099", "class 099")
    qtbot.keyClick(matrix, Qt.Key.Key_Left)
    assert matrix.viewport().rect().contains(matrix.cell_rect("class 099", "class 098"))
    assert matrix.viewport().rect().contains(matrix.cell_rect("class 099", None))
    assert matrix.viewport().rect().contains(matrix.cell_rect(None, "class 098"))


def test_the_wheel_zooms_around_the_mouse(matrix: ConfusionMatrix) -> None:
    matrix.show_matrix(*many(36))
    at = matrix.cell_rect("class 010", "class 010").center()
    before = matrix.cell_rect("class 010", "class 010").size()
    wheel(matrix, 3, at)
    assert matrix.cell_rect("class 010", "class 010").width() > before.width()
    assert matrix.cell_rect("class 010", "class 010").contains(at)
    wheel(matrix, -3, at)
    assert matrix.cell_rect("class 010", "class 010").size() == before


def test_keys_zoom_within_bounds_and_fit_again(matrix: ConfusionMatrix, qtbot: QtBot) -> None:
    matrix.show_matrix(*many(36))
    before = matrix.cell_rect("class 000", "class 000").size()
    for _ in range(20):
        qtbot.keyClick(matrix, Qt.Key.Key_Minus)
    assert matrix.cell_rect("class 000", "class 000").height() == 10
    qtbot.keyClick(matrix, Qt.Key.Key_Plus)
    qtbot.keyClick(matrix, Qt.Key.Key_Plus)
    assert matrix.cell_rect("class 000", "class 000").height() > 10
    qtbot.keyClick(matrix, Qt.Key.Key_0)
    assert matrix.cell_rect("class 000", "class 000").size() == before
