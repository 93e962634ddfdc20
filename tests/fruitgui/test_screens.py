"""Every page can be used on every screen."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QSettings, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from fruitgui import theme
from fruitgui.i18n.language import Translation
from fruitgui.i18n.run_texts import RunTexts
from fruitgui.main_window import MainWindow
from fruitgui.models.runs.columns import COLUMNS
from fruitgui.models.runs.list import RunList
from fruitgui.settings import Appearance, Language, Settings
from fruitgui.sidebar import SETTINGS
from fruitgui.widgets.plot import Plot
from tests.finished_runs import finished_run
from tests.fruitgui.conftest import window_of
from trainer import paths

PAGES = range(SETTINGS + 1)
MODELS = 3
VIEWS = ("library", "evaluation", "runs", "comparison")
"""Of the models."""


@pytest.fixture
def is_dressed() -> bool:
    return True


def test_the_first_window_fits_the_screen(
    app: QApplication, qtbot: QtBot, settings: Settings
) -> None:
    with window_of(settings) as window:
        room = window.screen().availableSize()
        assert window.width() < room.width()
        assert window.height() < room.height()


def scroll_area(window: MainWindow) -> QScrollArea:
    """What the page that is shown can be scrolled in."""
    widget: QWidget | None = window.page
    while widget is not None and not isinstance(widget, QScrollArea):
        widget = widget.parentWidget()
    assert widget is not None
    return widget


def choose_text_size(window: MainWindow, percent: int) -> None:
    box = window.settings_page.text_size
    box.setCurrentIndex(box.findData(percent))
    box.activated.emit(box.currentIndex())
    assert theme.text_scale() == percent / 100


def settle(window: MainWindow, qtbot: QtBot) -> None:
    """Until the page has the room that it gets."""
    page, viewport = window.page, scroll_area(window).viewport()
    qtbot.waitUntil(lambda: page.size() == page.minimumSizeHint().expandedTo(viewport.size()))


@pytest.mark.parametrize(
    ("width", "height", "percent"),
    [(1016, 560, 100), (1272, 760, 200)],  # Of screens of 1024 by 600, and 1280 by 800.
)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_page_is_wider_than_the_window(
    window: MainWindow,
    qtbot: QtBot,
    usual_looks: None,
    language: Language,
    width: int,
    height: int,
    percent: int,
) -> None:
    window.set_language(language)
    choose_text_size(window, percent)
    window.resize(width, height)
    for number in PAGES:
        window.show_page(number)
        settle(window, qtbot)
        assert scroll_area(window).horizontalScrollBar().maximum() == 0
        for view in VIEWS if window.page is window.models else ():
            window.models.show_view(view)
            settle(window, qtbot)
            assert scroll_area(window).horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize(
    ("language", "width", "height", "percent"),
    [("en", 1016, 560, 100), ("ko", 1016, 560, 100), ("en", 1272, 760, 200)],
)
def test_no_heading_of_the_epochs_is_cut(
    window: MainWindow,
    qtbot: QtBot,
    usual_looks: None,
    language: Language,
    width: int,
    height: int,
    percent: int,
) -> None:
    window.set_language(language)
    choose_text_size(window, percent)
    window.resize(width, height)
    window.show_page(2)
    settle(window, qtbot)
    header = window.train.run_panel._table.horizontalHeader()
    header.ensurePolished()
    for column in range(header.count()):
        assert header.sectionSize(column) >= header.sectionSizeFromContents(column).width()


def test_at_1024_by_600_the_models_are_scrolled_in_their_lists_alone(
    window: MainWindow, qtbot: QtBot
) -> None:
    finished_run()
    window.resize(1016, 560)
    window.show_page(MODELS)
    for view in ("library", "runs"):
        window.models.show_view(view)
        if view == "runs":
            qtbot.waitUntil(window.models.runs.list.isVisible)
        settle(window, qtbot)
        assert scroll_area(window).verticalScrollBar().maximum() == 0


def test_figures_of_runs_can_be_read_in_large_text(
    window: MainWindow, qtbot: QtBot, usual_looks: None
) -> None:
    finished_run(right=(60, 90), test_right=88)
    window.show_page(MODELS)
    window.models.show_view("runs")
    runs = window.models.runs.list
    qtbot.waitUntil(lambda: runs.filter.rowCount() == 1)
    name, validation = COLUMNS.index("name"), COLUMNS.index("validation")
    runs.horizontalHeader().resizeSection(name, 300)  # As the user may have wanted.
    for percent in (200, 125):
        choose_text_size(window, percent)
        cell = runs.visualRect(runs.filter.index(0, validation))
        wanted = runs.sizeHintForIndex(runs.filter.index(0, validation))
        assert cell.width() >= wanted.width()
        assert cell.height() + 1 >= wanted.height()  # Of which the grid takes one.
        assert runs.columnWidth(name) == 3 * percent
        runs.save_columns()
    theme.set_text_size(200)
    another = RunList(window._settings, RunTexts())
    qtbot.addWidget(another)
    assert another.columnWidth(name) == 600  # Though they were kept at another size.
    theme.set_text_size(125)
    assert runs.filter.index(0, validation).data() == "90.0%"


def test_a_chart_that_was_drawn_for_larger_text_is_as_it_was(
    window: MainWindow, usual_looks: None
) -> None:
    legend = window.train.run_panel._loss._legend
    before = legend.boundingRect()
    choose_text_size(window, 200)
    assert legend.boundingRect().width() > before.width()
    choose_text_size(window, 100)
    assert legend.boundingRect() == before


def test_no_sentence_is_cut_however_large_text_is(
    window: MainWindow, qtbot: QtBot, usual_looks: None
) -> None:
    choose_text_size(window, 200)
    window.resize(1272, 560)
    window.show_page(2)
    panel = window.train.run_panel
    panel.result.show_info(" ".join(["A sentence of what came of it."] * 6), "Use this model")
    panel.status.setText(" ".join(["Epoch"] * 20))
    settle(window, qtbot)
    for text in (panel.result._label, panel.status):
        qtbot.waitUntil(lambda text=text: text.height() >= text.heightForWidth(text.width()))
    high = panel.status.minimumHeight()
    panel.status.setText("Done")
    qtbot.waitUntil(lambda: panel.status.minimumHeight() < high)


def test_the_wheel_over_a_chart_is_left_to_the_page(window: MainWindow) -> None:
    for chart in window.findChildren(Plot):
        place, down = QPointF(9, 9), QPoint(0, -120)
        event = QWheelEvent(
            *(place, place, down, down),
            *(Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier),
            *(Qt.ScrollPhase.NoScrollPhase, False),
        )
        QApplication.sendEvent(chart.viewport(), event)
        assert not event.isAccepted()
    assert len(window.findChildren(Plot)) > 3


@pytest.mark.parametrize("language", ["en", "ko"])
def test_with_photos_chosen_start_is_in_sight(
    window: MainWindow, qtbot: QtBot, demo_folder: Path, language: Language
) -> None:
    window.set_language(language)
    window.resize(1272, 760)
    window.show_page(2)
    window.train.use_data(demo_folder)
    qtbot.waitUntil(window.train._start.isEnabled)
    settle(window, qtbot)
    assert scroll_area(window).verticalScrollBar().maximum() == 0
    window.set_language("en")


@pytest.fixture
def usual_looks(app: QApplication, english: Translation) -> Iterator[None]:
    """Whatever a test chooses, the next begins in English, light, with text as it was drawn."""
    yield
    english.install("en")
    theme.set_text_size(100)
    theme.apply(app, "light")


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("number", PAGES)
def test_on_a_tiny_screen_every_button_can_be_scrolled_to(
    window: MainWindow, qtbot: QtBot, usual_looks: None, number: int, percent: int
) -> None:
    choose_text_size(window, percent)
    width, height = 480 * percent // 100, 360 * percent // 100
    window.resize(width, height)
    window.show_page(number)
    scroll = scroll_area(window)
    qtbot.waitUntil(lambda: scroll.viewport().width() < width)
    settle(window, qtbot)
    for button in window.page.findChildren(QPushButton):
        if button.isVisible():
            scroll.ensureWidgetVisible(button, 0, 0)
            corner = button.mapTo(scroll.viewport(), QPoint(0, 0))
            assert corner.x() >= 0
            assert corner.x() + button.width() <= scroll.viewport().width() + 1


def pictures(window: MainWindow) -> list[np.ndarray]:
    """Every page as it is painted, int16 (H, W, 4)."""
    for widget in window.findChildren(QWidget):
        widget.ensurePolished()  # Else what was never in sight has not the size of its text yet.
    found = []
    for number in range(SETTINGS):  # The settings show what is set.
        window.show_page(number)
        QApplication.processEvents()
        image = window.page.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        pixels = np.frombuffer(image.constBits(), np.uint8)
        found.append(pixels.reshape(image.height(), image.width(), 4).astype(np.int16))
    return found


@pytest.mark.parametrize(
    ("language", "appearance", "percent"), [("ko", "dark", 100), ("en", "light", 200)]
)
def test_all_that_is_painted_follows_language_theme_and_text_size(
    window: MainWindow,
    app: QApplication,
    qtbot: QtBot,
    tmp_path: Path,
    language: Language,
    appearance: Appearance,
    usual_looks: None,
    percent: int,
) -> None:
    """A window that changes looks as one that was made so."""
    chosen = Settings(QSettings(str(tmp_path / "chosen.ini"), QSettings.Format.IniFormat))
    window.set_appearance("light" if appearance == "dark" else "dark")
    qtbot.waitUntil(lambda: window.sidebar.in_use.text() == "Starter model")
    pictures(window)
    window.set_language(language)
    window.set_appearance(appearance)
    window.resize(1280 * percent // 100, 760 * percent // 100)
    choose_text_size(window, percent)
    pictures(window)  # What is not in sight is laid out once it is.
    changed = pictures(window)
    chosen.language, chosen.appearance, chosen.text_size = language, appearance, percent
    with window_of(chosen) as other:
        other.resize(window.size())
        other.show()
        qtbot.waitUntil(lambda: other.sidebar.in_use.text() == window.sidebar.in_use.text())
        pictures(other)
        made = pictures(other)
    for ours, theirs in zip(changed, made, strict=True):
        assert ours.shape == theirs.shape
        assert (np.abs(ours - theirs).max(axis=2) > 24).mean() < 1e-4


def test_a_narrow_window_shows_icons_alone_whose_names_can_still_be_heard(
    window: MainWindow, qtbot: QtBot
) -> None:
    tab = window.sidebar.tabs.button(0)
    assert tab.text() == "Classify"
    window.resize(900, 600)
    qtbot.waitUntil(lambda: tab.text() == "")
    assert tab.accessibleName() == "Classify"
    assert not window.sidebar.in_use.isVisible()
    window.resize(1280, 760)
    qtbot.waitUntil(lambda: tab.text() == "Classify")


def test_text_is_as_large_as_the_systems(
    window: MainWindow, app: QApplication, qtbot: QtBot, usual_looks: None
) -> None:
    """Where nothing is chosen: up to twice as large as it was drawn, and never smaller."""
    usual = app.font()
    title = window.settings_page._title
    height = title.fontMetrics().height()
    try:
        for pixels, scale in ((60, 2.0), (8, 1.0), (round(1.5 * theme.SYSTEMS_TYPE), 1.5)):
            font = app.font()
            font.setPixelSize(pixels)
            app.setFont(font)
            qtbot.waitUntil(lambda scale=scale: theme.text_scale() == pytest.approx(scale, abs=0.1))
            assert title.fontMetrics().height() == pytest.approx(scale * height, rel=0.1)
    finally:
        app.setFont(usual)
    qtbot.waitUntil(lambda: theme.text_scale() == 1)


def in_order_of_tab(window: MainWindow) -> list[QRect]:
    """Where the controls are that Tab reaches, from the first to the last, as far as in sight."""
    found = []
    widget = window.nextInFocusChain()
    while widget is not window:
        takes_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled()
        if takes_tab and widget.isVisible() and not widget.visibleRegion().isEmpty():
            seen = widget.visibleRegion().boundingRect()
            found.append(seen.translated(widget.mapTo(window, QPoint(0, 0))))
        widget = widget.nextInFocusChain()
    return found


def test_tab_goes_as_one_reads(window: MainWindow, qtbot: QtBot, demo_folder: Path) -> None:
    """Down a column and to the right in a row, never back."""
    window.open_photos([paths.samples_folder()])
    qtbot.waitUntil(lambda: window.classify.photos.answered == 12)
    window.train.use_data(demo_folder)
    qtbot.waitUntil(lambda: window.train.data.data is not None)
    views = [(number, "") for number in (0, 1, 2, SETTINGS)]
    views += [(3, view) for view in ("library", "evaluation", "runs", "comparison")]
    for number, view in views:
        window.show_page(number)
        if view:
            window.models.show_view(view)
        settle(window, qtbot)
        controls = in_order_of_tab(window)
        assert len(controls) > 4, (number, view)
        for before, after in combinations(controls, 2):
            shared_width = min(before.right(), after.right()) - max(before.left(), after.left())
            shared_height = min(before.bottom(), after.bottom()) - max(before.top(), after.top())
            if shared_width > 0:
                assert after.top() >= before.top(), (number, view, before, after)
            if shared_height > 0:
                assert after.left() >= before.left(), (number, view, before, after)
