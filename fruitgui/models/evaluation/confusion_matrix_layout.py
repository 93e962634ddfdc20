"""Where the cells and names of a matrix are."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QFontMetrics

from fruitgui import theme

NAME = -1
"""Stands for a row's or a column's name, beside the numbers of the cells."""
SMALLEST = 10
LARGEST = 192
"""A cell's least and greatest side, however far one zooms."""
SMALLEST_TYPE = 9
CORNER_TYPE = 11
PADDING = 6
_SMALLEST_FITTED = 13
"""So that names can be read unless the user wants otherwise."""
_LARGEST_FITTED = QSize(192, 112)
_LARGEST_TYPE = 13


@dataclass(frozen=True, slots=True)
class Place:
    """A cell; or, with :data:`NAME` as its column or row, the name of that row or column."""

    row: int
    column: int


@dataclass(frozen=True, slots=True)
class MatrixLayout:
    """Where all is, in the viewport. Lengths are logical pixels."""

    count: int = 0
    """How many rows there are, and columns."""
    left: int = 0
    """The width of the names of the rows."""
    top: int = 0
    """The height of the names of the columns."""
    cell: QSize = field(default_factory=lambda: QSize(1, 1))
    room: QSize = field(default_factory=lambda: QSize(0, 0))
    """The viewport's, names and all."""
    row_type: int = _LARGEST_TYPE
    column_type: int = _LARGEST_TYPE
    is_upright: bool = False
    """Whether the names of the columns are too long to lie."""
    scrolled: QPoint = field(default_factory=QPoint)
    """How far the cells are moved to the left and up."""

    @property
    def size(self) -> QSize:
        """Of all, in sight or not."""
        cells = self.cell * self.count
        return QSize(self.left + cells.width(), self.top + cells.height())

    def rect(self, place: Place) -> QRect:
        """Where a cell or a name is; all of it, also where it is scrolled out of sight."""
        x = self.left + place.column * self.cell.width() - self.scrolled.x()
        y = self.top + place.row * self.cell.height() - self.scrolled.y()
        rect = QRect(QPoint(x, y), self.cell)
        if place.column == NAME:
            rect.setLeft(0)
            rect.setRight(self.left - 1)
        if place.row == NAME:
            rect.setTop(0)
            rect.setBottom(self.top - 1)
        return rect

    def place_at(self, point: QPoint) -> Place | None:
        """What is at a point; None for the corner, and beyond the last row or column."""
        column = row = NAME
        if point.x() >= self.left:
            column = (point.x() - self.left + self.scrolled.x()) // self.cell.width()
        if point.y() >= self.top:
            row = (point.y() - self.top + self.scrolled.y()) // self.cell.height()
        is_corner = row == column == NAME
        is_beyond = max(row, column) >= self.count
        return None if is_corner or is_beyond else Place(row, column)


def fitted_layout(
    room: QSize, bars: QSize, names: Sequence[str], corner: Sequence[str], zoom: float
) -> MatrixLayout:
    """The largest cells with which all fits; where none do, it is larger than its room.

    Args:
        room: of the viewport without scroll bars.
        bars: the width of the upright scroll bar, and the height of the lying one.
        names: what the rows and columns are called.
        corner: the texts between the names.
        zoom: how much larger cells are than what fits.
    """
    layout = MatrixLayout()
    scrolls_across = scrolls_down = False
    # Small cells have names in small type, which leave more room; scroll bars leave less.
    for _ in range(3):
        inner = QSize(
            room.width() - (bars.width() if scrolls_down else 0),
            room.height() - (bars.height() if scrolls_across else 0),
        )
        layout = _fitted(inner, layout, names, corner, zoom)
        scrolls_across |= layout.size.width() > inner.width()
        scrolls_down |= layout.size.height() > inner.height()
    return layout


def _fitted(
    room: QSize, before: MatrixLayout, names: Sequence[str], corner: Sequence[str], zoom: float
) -> MatrixLayout:
    """How all is placed in *room*, with the types of the attempt *before*."""
    count = max(1, len(names))
    rows, columns = (_metrics(size) for size in (before.row_type, before.column_type))
    around = 2 * PADDING + 2
    left = max(map(rows.horizontalAdvance, names), default=0) + around
    widest = max(map(_metrics(CORNER_TYPE).horizontalAdvance, corner)) + around
    left = max(min(left, room.width() * 3 // 10), widest)
    longest = max(map(columns.horizontalAdvance, names), default=0) + around
    is_upright = longest > before.cell.width()
    lying = columns.height() + 2 * PADDING
    top = min(longest, max(72, room.height() // 4)) if is_upright else lying
    # Two lines of the corner.
    top = max(top, theme.scaled(44))
    width = min((room.width() - left) // count, _LARGEST_FITTED.width())
    height = min((room.height() - top) // count, _LARGEST_FITTED.height())
    smallest = theme.scaled(_SMALLEST_FITTED)
    width, height = max(width, smallest), max(height, smallest)
    # Wide cells leave room for numbers, but a diagonal should look like one.
    width, height = min(width, 2 * height), min(height, width)
    cell = QSize(*(min(max(round(side * zoom), SMALLEST), LARGEST) for side in (width, height)))
    types = _type(cell.height()), _type(cell.width())
    return MatrixLayout(len(names), left, top, cell, room, *types, is_upright)


def _metrics(pixels: int) -> QFontMetrics:
    return QFontMetrics(theme.font(pixels))


def _type(side: int) -> int:
    """The size of the type of a name or number in cells of this size, before text is scaled."""
    return min(max(round(side / theme.text_scale()) - 3, SMALLEST_TYPE), _LARGEST_TYPE)
