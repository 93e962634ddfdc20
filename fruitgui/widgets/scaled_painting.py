"""Painting what grows as a whole with its text."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter

from fruitgui import theme


@contextmanager
def text_scaled(painter: QPainter, area: QRect) -> Iterator[QRect]:
    """Let what fills *area* be painted in the lengths that it was drawn in; gives its rectangle in
    these, at the origin."""
    scale = theme.text_scale()
    painter.save()
    painter.translate(area.topLeft())
    painter.scale(scale, scale)
    try:
        yield QRect(0, 0, round(area.width() / scale), round(area.height() / scale))
    finally:
        painter.restore()


def scaled_size(width: int, height: int) -> QSize:
    """The size of what was drawn in this one."""
    return QSize(theme.scaled(width), theme.scaled(height))
