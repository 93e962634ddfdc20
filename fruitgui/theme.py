"""Colours, type scale and spacing: the only place that knows them."""

import re
import sys
from dataclasses import dataclass, fields, replace
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QHeaderView, QWidget

from fruitgui.settings import Appearance

SPACE = 8
"""The unit of all spacing, in device-independent pixels."""
LARGEST_TEXT = 2.0
"""How many times as large as it was drawn text can be, whatever the system asks for."""

SYSTEMS_TYPE = {"win32": 12, "darwin": 13}.get(sys.platform, 15)
"""The height of a system's text, in pixels, unless its user wants another; where systems of one
kind differ, that of the largest."""
_UNSCALED_WIDTH, _UNSCALED_HEIGHT = "unscaledWidth", "unscaledHeight"
_UNSCALED_SECTIONS = "unscaledSections"
_text_scale = 1.0


@dataclass(frozen=True, slots=True)
class Colours:
    """A scheme, each colour as ``#rrggbb``."""

    window: str
    sidebar: str
    surface: str
    raised: str
    """Fields and buttons on a surface."""
    border: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    on_accent: str
    tick: str
    """The icon of a tick on the accent."""
    accent_soft: str
    """A tint of the accent to stand behind text."""
    track: str
    """Behind the filled part of a bar."""
    warning: str
    danger: str
    second: str
    """The other line of a chart."""
    wrong: str
    """What was mistaken, in a chart. It differs from the accent in lightness too, for those who do
    not tell red from green."""
    runs: tuple[str, ...]
    """The lines of several runs in one chart: hues of Okabe and Ito, https://jfly.uni-koeln.de/color,
    each at least 3:1 against the surface."""


LIGHT = Colours(
    window="#f6f7f4",
    sidebar="#eceee8",
    surface="#ffffff",
    raised="#f3f5f0",
    border="#d9ddd2",
    text="#1d211a",
    muted="#62695c",
    accent="#2b7a3b",
    accent_hover="#226330",
    on_accent="#ffffff",
    tick="tick-white",
    accent_soft="#e0f0e2",
    track="#e6e9e0",
    warning="#a35a00",
    danger="#b3261e",
    second="#c2571a",
    wrong="#f08a24",
    runs=(
        "#0072b2",
        "#d55e00",
        "#009068",
        "#b8548c",
        "#a87400",
        "#3a93c9",
        "#6b6400",
        "#1d211a",
    ),
)
DARK = Colours(
    window="#171a16",
    sidebar="#1f231d",
    surface="#242922",
    raised="#2e342b",
    border="#3c4438",
    text="#eef1ea",
    muted="#a3ac9b",
    accent="#69c779",
    accent_hover="#83d591",
    on_accent="#0d1f10",
    tick="tick-black",
    accent_soft="#273b2a",
    track="#384033",
    warning="#f0b35c",
    danger="#ff8f86",
    second="#f2a46b",
    wrong="#d9582b",
    runs=(
        "#56b4e9",
        "#f07b2e",
        "#1fc495",
        "#dc8fba",
        "#f0b429",
        "#3d8fd1",
        "#f0e442",
        "#eef1ea",
    ),
)


_CONTRASTED = {
    scheme.window: replace(
        scheme,
        window=ground,
        sidebar=ground,
        surface=ground,
        raised=ground,
        border=scheme.text,
        muted=scheme.text,
        text=text,
        warning=text,
        danger=danger,
    )
    for scheme, ground, text, danger in (
        (LIGHT, "#ffffff", "#000000", "#8c0000"),
        (DARK, "#000000", "#ffffff", "#ffb3ad"),
    )
}


def scheme_of(*, is_dark: bool, is_contrasted: bool) -> Colours:
    """A scheme; with *is_contrasted*, for those who need text and edges to stand out."""
    scheme = DARK if is_dark else LIGHT
    return _CONTRASTED[scheme.window] if is_contrasted else scheme


def colours() -> Colours:
    """The scheme in use."""
    is_dark = QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128
    return scheme_of(is_dark=is_dark, is_contrasted=_wants_contrast())


def _wants_contrast() -> bool:
    # Held, as what it gives is deleted with it.
    hints = QGuiApplication.styleHints()
    return bool(hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast)


def text_scale() -> float:
    """How many times as large as it was drawn text is, from 1 to :data:`LARGEST_TEXT`."""
    return _text_scale


def scaled(length: float) -> int:
    """A length that text has to fit into, or is high, in pixels, as large as text is now."""
    return round(length * _text_scale)


def fix_width(widget: QWidget, pixels: int) -> None:
    """Make a widget as wide as text of so many pixels was drawn for, however large it is or will
    be."""
    widget.setProperty(_UNSCALED_WIDTH, pixels)
    widget.setFixedWidth(scaled(pixels))


def fix_height(widget: QWidget, pixels: int) -> None:
    """The same of its height."""
    widget.setProperty(_UNSCALED_HEIGHT, pixels)
    widget.setFixedHeight(scaled(pixels))


def fix_sections(header: QHeaderView, pixels: int) -> None:
    """The same of each row or column of a table."""
    header.setProperty(_UNSCALED_SECTIONS, pixels)
    header.setDefaultSectionSize(scaled(pixels))


def font(pixels: int) -> QFont:
    """The application's font, as high as text that was drawn so many pixels high is now."""
    result = QFont()
    result.setPixelSize(scaled(pixels))
    return result


def set_text_size(percent: int) -> None:
    """Choose how large text is that is dressed from now on.

    Args:
        percent: of the size that it was drawn in; 0 for as large as the system's.
    """
    global _text_scale
    wanted = percent / 100 or QFontInfo(QApplication.font()).pixelSize() / SYSTEMS_TYPE
    _text_scale = min(max(wanted, 1.0), LARGEST_TEXT)


class Scaled:
    """Mixed into a widget that has lengths to set anew when text is of another size."""

    def scale(self) -> None:
        raise NotImplementedError


def scale_widgets(window: QWidget) -> None:
    """Let what a window holds have room for text of another size than before. Style sheets alone do
    not: what was never in sight is not dressed yet."""
    for widget in window.findChildren(QWidget):
        width, height = widget.property(_UNSCALED_WIDTH), widget.property(_UNSCALED_HEIGHT)
        if width is not None:
            widget.setFixedWidth(scaled(width))
        if height is not None:
            widget.setFixedHeight(scaled(height))
        if isinstance(widget, QHeaderView) and widget.property(_UNSCALED_SECTIONS) is not None:
            widget.setDefaultSectionSize(scaled(widget.property(_UNSCALED_SECTIONS)))
        if isinstance(widget, Scaled):
            widget.scale()


def apply(app: QApplication, appearance: Appearance) -> None:
    """Dress *app*: always light or dark, or as the system is. Call it when either changes."""
    set_palette(app, appearance)
    set_style_sheet(app)


def set_palette(app: QApplication, appearance: Appearance) -> None:
    """Choose the colours, which widgets ask for as they are made."""
    wanted = {
        "system": Qt.ColorScheme.Unknown,
        "light": Qt.ColorScheme.Light,
        "dark": Qt.ColorScheme.Dark,
    }[appearance]
    # Where the platform can, its own parts follow: the title bar, the file dialogs.
    app.styleHints().setColorScheme(wanted)
    if wanted is Qt.ColorScheme.Unknown:
        wanted = app.styleHints().colorScheme()
    is_dark = wanted is Qt.ColorScheme.Dark
    scheme = scheme_of(is_dark=is_dark, is_contrasted=_wants_contrast())
    # With a sheet, each widget is dressed anew for the style, for the palette and for the next
    # sheet, which takes six times as long.
    app.setStyleSheet("")
    app.setStyle("Fusion")
    app.setPalette(_palette(scheme))


def set_style_sheet(app: QApplication) -> None:
    """Dress what is there in the colours chosen. With a style sheet set, each widget that is put
    into another is dressed anew with all that it holds, so a window is quicker made before."""
    scheme = colours()
    values = {field.name: getattr(scheme, field.name) for field in fields(scheme)}
    values["line"] = f"{scaled(20)}px"
    sheet = _STYLE_SHEET.substitute(values)
    app.setStyleSheet("")
    app.setStyleSheet(_TYPE.sub(lambda found: f"font-size: {scaled(int(found[1]))}px", sheet))


def _palette(scheme: Colours) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for colour_role, value in {
        role.Window: scheme.window,
        role.WindowText: scheme.text,
        role.Base: scheme.surface,
        role.AlternateBase: scheme.raised,
        role.Text: scheme.text,
        role.PlaceholderText: scheme.muted,
        role.Button: scheme.raised,
        role.ButtonText: scheme.text,
        role.ToolTipBase: scheme.surface,
        role.ToolTipText: scheme.text,
        role.Highlight: scheme.accent,
        role.HighlightedText: scheme.on_accent,
        role.Accent: scheme.accent,
        role.Link: scheme.accent,
        role.Mid: scheme.border,
    }.items():
        palette.setColor(colour_role, QColor(value))
    for disabled in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, disabled, QColor(scheme.muted))
    return palette


_TYPE = re.compile(r"font-size: (\d+)px")
_STYLE_SHEET = Template("""
* { font-size: 14px; }
QToolTip { color: $text; background: $surface; border: 1px solid $border; padding: 4px; }
QLabel[role="title"] { font-size: 24px; font-weight: 600; }
QLabel[role="heading"] { font-size: 16px; font-weight: 600; }
QLabel[role="brand"] { font-size: 18px; font-weight: 700; }
QLabel[role="answer"] { font-size: 32px; font-weight: 700; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="caption"] { color: $muted; font-size: 12px; }
QLabel[role="field"] { color: $muted; font-size: 12px; font-weight: 600; }

#sidebar { background: $sidebar; border: none; border-right: 1px solid $border; }
#sidebar QPushButton {
    text-align: left; padding: 10px 12px; border: none; border-radius: 8px; background: transparent;
}
#sidebar QPushButton:hover { background: $track; }
#sidebar QPushButton:checked { background: $accent_soft; color: $accent; font-weight: 600; }
#sidebar QPushButton:focus { border: 1px solid $accent; padding: 9px 11px; }
#sidebar QPushButton::menu-indicator { width: 0; }

QFrame[panel="true"] { background: $surface; border: 1px solid $border; border-radius: 12px; }
QFrame[panel="true"] QLabel { background: transparent; border: none; }
QFrame[row="true"] { background: $raised; border: none; border-radius: 10px; }
QFrame[row="true"] QLabel { background: transparent; }
QFrame[notice="info"] { background: $accent_soft; border: none; border-radius: 8px; }
QFrame[notice="error"] { background: $surface; border: 1px solid $danger; border-radius: 8px; }
QFrame[notice="error"] QLabel { color: $danger; }

QPushButton {
    background: $raised; border: 1px solid $border; border-radius: 8px; padding: 7px 14px;
}
QPushButton:hover { border-color: $muted; }
QPushButton:pressed { background: $track; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $muted; background: transparent; }
QPushButton[kind="primary"] {
    background: $accent; border-color: $accent; color: $on_accent; font-weight: 600;
}
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:focus { border-color: $text; }
QPushButton[kind="primary"]:disabled {
    background: $track; border-color: $track; color: $muted;
}
QPushButton[kind="flat"] { background: transparent; border-color: transparent; padding: 7px 10px; }
QPushButton[kind="flat"][small="true"] { padding: 1px 6px; color: $warning; font-size: 13px; }
QPushButton[kind="flat"]:hover { background: $track; }
QPushButton[kind="flat"]:focus { border-color: $accent; }

Segmented { background: $raised; border: 1px solid $border; border-radius: 9px; }
QPushButton[kind="segment"] {
    background: transparent; border: 1px solid transparent; border-radius: 7px; padding: 5px 10px;
    color: $muted; font-weight: 600;
}
QPushButton[kind="segment"][dense="true"] { padding: 5px 6px; }
QPushButton[kind="segment"]:hover { background: $track; }
QPushButton[kind="segment"]:checked { background: $accent_soft; color: $accent; }
QPushButton[kind="segment"]:focus { border-color: $accent; }

QCheckBox::indicator {
    width: 16px; height: 16px; border: 1px solid $muted; border-radius: 4px; background: $surface;
}
QCheckBox::indicator:checked {
    background: $accent; border-color: $accent; image: url(:/icons/$tick.svg);
}
QCheckBox::indicator:focus { border: 2px solid $text; }
QCheckBox::indicator:disabled { border-color: $border; }
QCheckBox::indicator:checked:disabled { background: $muted; border-color: $muted; }

QComboBox, QAbstractSpinBox, QLineEdit, QPlainTextEdit {
    background: $raised; border: 1px solid $border; border-radius: 8px; padding: 6px 10px;
    min-height: $line; selection-background-color: $accent; selection-color: $on_accent;
}
QComboBox:focus, QAbstractSpinBox:focus, QLineEdit:focus, QPlainTextEdit:focus {
    border-color: $accent;
}
QComboBox:disabled, QAbstractSpinBox:disabled, QLineEdit:disabled { color: $muted; }
QComboBox { combobox-popup: 0; }
QComboBox QAbstractItemView {
    background: $surface; border: 1px solid $border; padding: 4px; outline: none;
}
QComboBox QAbstractItemView::item { padding: 5px 8px; border-radius: 6px; color: $text; }
QComboBox QAbstractItemView::item:selected { background: $accent_soft; }

QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: url(:/icons/chevron.svg); width: 14px; height: 14px; }
QAbstractSpinBox { padding: 6px 28px 6px 10px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    border: none; background: transparent; width: 26px;
}
QAbstractSpinBox::up-arrow { image: url(:/icons/chevron-up.svg); width: 12px; height: 12px; }
QAbstractSpinBox::down-arrow { image: url(:/icons/chevron.svg); width: 12px; height: 12px; }

#completions {
    background: $surface; border: 1px solid $border; border-radius: 6px; padding: 4px;
}
#completions::item { padding: 6px; border-radius: 4px; color: $text; }
#completions::item:selected { background: $accent_soft; }
QSlider { min-height: 20px; }
QSlider::groove:horizontal { background: $border; height: 4px; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; height: 4px; border-radius: 2px; }
QSlider::handle:horizontal {
    background: $surface; border: 2px solid $accent; width: 12px; height: 12px; margin: -6px 0;
    border-radius: 8px;
}
QSlider::handle:horizontal:focus { background: $accent; }
QSlider::sub-page:horizontal:disabled { background: $border; }
QSlider::handle:horizontal:disabled { border-color: $border; }

QProgressBar {
    background: $track; border: none; border-radius: 4px; min-height: 8px; max-height: 8px;
}
QProgressBar::chunk { background: $accent; border-radius: 4px; }

QScrollArea, QScrollArea > QWidget > QWidget#content { background: transparent; border: none; }
QListView, QTableView, QListWidget { border: none; outline: none; }
PhotoGrid, QListWidget { background: transparent; }
QListWidget::item { padding: 10px; border-radius: 8px; }
QListWidget::item:hover { background: $raised; }
QListWidget::item:selected { background: $accent_soft; color: $text; }
QTableView {
    background: $surface; border: 1px solid $border; border-radius: 12px;
    gridline-color: transparent; selection-background-color: $accent_soft; selection-color: $text;
}
QTableView::item { padding: 4px 8px; }
QHeaderView::section {
    background: transparent; border: none; border-bottom: 1px solid $border; color: $muted;
    font-size: 12px; font-weight: 600; padding: 6px 8px;
}
QTableView[kind="dense"] QHeaderView::section { padding: 6px 3px; }
QHeaderView::up-arrow, QHeaderView::down-arrow {
    width: 10px; height: 10px; subcontrol-position: top center;
}
QHeaderView::up-arrow { image: url(:/icons/chevron-up.svg); }
QHeaderView::down-arrow { image: url(:/icons/chevron.svg); }
QAbstractScrollArea::corner { background: transparent; border: none; }
QTableCornerButton::section { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 2px; }
QScrollBar::handle { background: $border; border-radius: 4px; min-height: 32px; min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QMenu { background: $surface; border: 1px solid $border; border-radius: 8px; padding: 6px; }
QMenu::item { padding: 7px 28px 7px 24px; border-radius: 6px; }
QMenu::item:selected { background: $accent_soft; }
QMenu::separator { height: 1px; background: $border; margin: 6px; }

#empty_state { border: 2px dashed $border; border-radius: 16px; background: transparent; }
""")
