"""Shades of a colour by which a table's cells tell how much they hold."""

from dataclasses import dataclass

from PySide6.QtGui import QColor

from fruitgui import theme

SHADES = 32
"""How many there are, beside that of nothing."""


@dataclass(frozen=True, slots=True)
class Shade:
    fill: QColor
    text: QColor


def shades_of(is_right: bool) -> tuple[Shade, ...]:
    """From few to all, with a text that can be read on each."""
    scheme = theme.colours()
    least = 0.1 if is_right else 0.25
    strongest = QColor(scheme.accent if is_right else scheme.wrong)
    texts = QColor(scheme.text), QColor(scheme.surface)
    shades = []
    for number in range(SHADES + 1):
        fill = mixed(QColor(scheme.surface), strongest, least + (1 - least) * number / SHADES)
        shades.append(Shade(fill, max(texts, key=lambda text: contrast(text, fill))))
    return tuple(shades)


def mixed(first: QColor, second: QColor, share: float) -> QColor:
    """Between two colours; *share* is that of the second."""
    parts = zip(_parts(first), _parts(second), strict=True)
    return QColor.fromRgbF(*(a + (b - a) * share for a, b in parts))


def contrast(first: QColor, second: QColor) -> float:
    """The contrast ratio of WCAG 2, from 1 to 21."""
    darker, lighter = sorted(map(_luminance, (first, second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in _parts(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: QColor) -> tuple[float, float, float]:
    return colour.redF(), colour.greenF(), colour.blueF()
