from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from fruitgui.widgets.segmented import Segmented


@pytest.fixture
def segmented(app: QApplication, qtbot: QtBot) -> Iterator[Segmented]:
    segmented = Segmented()
    for key in ("overview", "classes", "photos"):
        segmented.add(key)
        segmented.set_text(key, key.title())
    with qtbot.waitExposed(segmented):
        segmented.show()
    yield segmented
    # At once: dressing the next test's widgets would dress it as well.
    shiboken6.delete(segmented)


def segment(segmented: Segmented, text: str) -> QPushButton:
    (found,) = (each for each in segmented.findChildren(QPushButton) if each.text() == text)
    return found


def test_the_first_segment_is_in_force(segmented: Segmented) -> None:
    assert segmented.current == "overview"
    assert segment(segmented, "Overview").isChecked()


def test_a_click_chooses_once(segmented: Segmented, qtbot: QtBot) -> None:
    chosen: list[str] = []
    segmented.chosen.connect(chosen.append)
    for _ in range(2):
        qtbot.mouseClick(segment(segmented, "Photos"), Qt.MouseButton.LeftButton)
    assert chosen == ["photos"]
    assert segmented.current == "photos"
    assert not segment(segmented, "Overview").isChecked()


def test_arrow_keys_choose_the_neighbour(segmented: Segmented, qtbot: QtBot) -> None:
    chosen: list[str] = []
    segmented.chosen.connect(chosen.append)
    qtbot.keyClick(segment(segmented, "Overview"), Qt.Key.Key_Right)
    qtbot.keyClick(segment(segmented, "Classes"), Qt.Key.Key_Right)
    qtbot.keyClick(segment(segmented, "Photos"), Qt.Key.Key_Left)
    assert chosen == ["classes", "photos", "classes"]
    assert segmented.current == "classes"


def test_tab_comes_to_the_segment_in_force_alone(segmented: Segmented) -> None:
    segmented.choose("classes")
    by_tab = [
        each.text()
        for each in segmented.findChildren(QPushButton)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert by_tab == ["Classes"]


def test_choosing_from_code_is_not_told(segmented: Segmented, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(segmented.chosen):
        segmented.choose("classes")
    assert segmented.current == "classes"
    assert segment(segmented, "Classes").isChecked()


def test_a_longer_text_is_not_cut(segmented: Segmented) -> None:
    before = segmented.sizeHint().width()
    segmented.set_text("photos", "Photos that were mistaken")
    assert segmented.sizeHint().width() > before
    button = segment(segmented, "Photos that were mistaken")
    assert button.minimumSizeHint().width() >= button.sizeHint().width()
