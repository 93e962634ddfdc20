"""How a confusion matrix is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from fruitgui import theme
from fruitgui.models.evaluation.confusion_matrix_colours import SHADES, Shade, mixed
from fruitgui.models.evaluation.confusion_matrix_layout import (
    CORNER_TYPE,
    NAME,
    PADDING,
    SMALLEST_TYPE,
    MatrixLayout,
    Place,
)

_NARROW = 70
"""Percent of a font's width."""


@dataclass(frozen=True, slots=True)
class MatrixContent:
    """What is drawn."""

    names: Sequence[str]
    """Of the rows and of the columns."""
    counts: Sequence[Sequence[int]]
    """Square, as *names*."""
    photos: Sequence[int]
    """Of each row, those in hidden columns too."""
    corner: tuple[str, str]
    """What the columns and the rows are."""


class MatrixPainter:
    """Draws what is in sight of a matrix."""

    def __init__(
        self,
        painter: QPainter,
        font: QFont,
        content: MatrixContent,
        layout: MatrixLayout,
        shades: dict[bool, tuple[Shade, ...]],
    ) -> None:
        """Args: *shades* are of mistakes, and of what is right."""
        self._painter = painter
        self._font = font
        self._content = content
        self._layout = layout
        self._shades = shades
        last = len(content.names) - 1
        everything = QRect(
            QPoint(layout.left, layout.top), layout.rect(Place(last, last)).bottomRight()
        )
        self._body = everything.intersected(QRect(QPoint(0, 0), layout.room))
        """The cells, as far as they are in sight."""

    def paint(self, lit: Place) -> None:
        """Draw cells and names; *lit* is the cell whose row and column stand out."""
        painter, body = self._painter, self._body
        first = self._layout.place_at(body.topLeft())
        last = self._layout.place_at(body.bottomRight())
        if first is None or last is None:
            return
        rows, columns = range(first.row, last.row + 1), range(first.column, last.column + 1)
        painter.setClipRect(body)
        self._paint_grid(rows, columns, lit)
        self._paint_cells(rows, columns)
        painter.setClipRect(0, body.top(), body.left(), body.height())
        for row in rows:
            self._paint_row_name(row, row == lit.row)
        painter.setClipRect(body.left(), 0, body.width(), body.top())
        for column in columns:
            self._paint_column_name(column, column == lit.column)
        painter.setClipping(False)
        self._paint_corner()

    def mark_selected(self, place: Place) -> None:
        """Outline a cell; or, where *place* is a name, its whole row or column."""
        rect = self._layout.rect(place)
        if place.column == NAME:
            rect.setRight(self._body.right())
        if place.row == NAME:
            rect.setBottom(self._body.bottom())
        self._clip(place)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(QPen(QColor(theme.colours().text), 2))
        self._painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def mark_focused(self, place: Place) -> None:
        """Show where the keys are."""
        scheme, painter = theme.colours(), self._painter
        rect = self._layout.rect(place).adjusted(0, 0, -2, -2)
        self._clip(place)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(scheme.surface), 1))
        painter.drawRect(rect)
        painter.setPen(QPen(QColor(scheme.text), 1, Qt.PenStyle.DotLine))
        painter.drawRect(rect)

    def _clip(self, place: Place) -> None:
        """Keep a mark from where its place is scrolled under the names."""
        body = self._body
        left = 0 if place.column == NAME else body.left() - 2
        top = 0 if place.row == NAME else body.top() - 2
        self._painter.setClipRect(QRect(QPoint(left, top), body.bottomRight() + QPoint(2, 2)))

    def _paint_grid(self, rows: range, columns: range, lit: Place) -> None:
        """The lines between the cells, and behind them the row and column of one."""
        painter, body, rect_of = self._painter, self._body, self._layout.rect
        scheme = theme.colours()
        line = mixed(QColor(scheme.surface), QColor(scheme.border), 0.5)
        band = QColor(scheme.accent_soft)
        if lit.row != NAME:
            rect = rect_of(Place(lit.row, 0))
            painter.fillRect(body.left(), rect.top(), body.width(), rect.height(), band)
        if lit.column != NAME:
            rect = rect_of(Place(0, lit.column))
            painter.fillRect(rect.left(), body.top(), rect.width(), body.height(), band)
        for row in rows:
            painter.fillRect(body.left(), rect_of(Place(row, 0)).bottom(), body.width(), 1, line)
        for column in columns:
            painter.fillRect(rect_of(Place(0, column)).right(), body.top(), 1, body.height(), line)

    def _paint_cells(self, rows: range, columns: range) -> None:
        painter, layout, content = self._painter, self._layout, self._content
        width, height = layout.cell.width() - 1, layout.cell.height() - 1
        has_shares = width >= theme.scaled(56) and height >= theme.scaled(40)
        font, small = QFont(self._font), QFont(self._font)
        font.setPixelSize(theme.scaled(16 if has_shares else layout.row_type))
        small.setPixelSize(theme.scaled(11))
        painter.setFont(font)
        metrics = QFontMetrics(font)
        lowered = (metrics.ascent() - metrics.descent()) // 2
        # Two digits are narrowed where they would not fit otherwise.
        narrow = QFont(font)
        narrow.setStretch(_NARROW)
        fitting: dict[int, tuple[QFont, int] | None] = {}
        for row in rows:
            counts, photos = content.counts[row], content.photos[row]
            corner = layout.rect(Place(row, columns.start))
            for column in columns:
                count = counts[column]
                is_right = row == column
                if not count and not (is_right and photos):
                    continue
                x, y = corner.left() + (column - columns.start) * (width + 1), corner.top()
                share = count / photos
                # A few mistakes among many photos are to be seen as well.
                shade = self._shades[is_right][round((share if is_right else share**0.5) * SHADES)]
                painter.fillRect(x, y, width, height, shade.fill)
                if not count:
                    continue
                if count not in fitting:
                    fitting[count] = _fitting(str(count), width, (font, narrow))
                found = fitting[count]
                if found is None or height < theme.scaled(SMALLEST_TYPE) + 2:
                    continue
                digits, advance = found
                painter.setPen(shade.text)
                middle = y + height // 2 + lowered
                if has_shares:
                    painter.setFont(small)
                    below = QRect(x, middle + 2, width, theme.scaled(16))
                    painter.drawText(below, Qt.AlignmentFlag.AlignCenter, f"{share:.0%}")
                    middle -= theme.scaled(8)
                painter.setFont(digits)
                painter.drawText(x + (width - advance + 1) // 2, middle, str(count))

    def _paint_row_name(self, row: int, is_lit: bool) -> None:
        painter, rect = self._painter, self._layout.rect(Place(row, NAME))
        self._dress_name(rect, self._layout.row_type, is_lit)
        inner = rect.adjusted(PADDING, 0, -PADDING, 0)
        text = painter.fontMetrics().elidedText(
            self._content.names[row], Qt.TextElideMode.ElideRight, inner.width()
        )
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_column_name(self, column: int, is_lit: bool) -> None:
        painter, rect = self._painter, self._layout.rect(Place(NAME, column))
        self._dress_name(rect, self._layout.column_type, is_lit)
        is_upright = self._layout.is_upright
        inner = QRect(0, 0, rect.height(), rect.width()) if is_upright else QRect(rect)
        text = painter.fontMetrics().elidedText(
            self._content.names[column], Qt.TextElideMode.ElideRight, inner.width() - 2 * PADDING
        )
        if not is_upright:
            bottom = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
            painter.drawText(inner.adjusted(0, 0, 0, -PADDING), bottom, text)
            return
        painter.save()
        painter.translate(rect.left(), rect.bottom() + 1 - PADDING)
        painter.rotate(-90)
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _dress_name(self, rect: QRect, pixels: int, is_lit: bool) -> None:
        scheme, painter = theme.colours(), self._painter
        if is_lit:
            painter.fillRect(rect, QColor(scheme.accent_soft))
        painter.setPen(QColor(scheme.accent if is_lit else scheme.text))
        painter.setFont(theme.font(pixels))

    def _paint_corner(self) -> None:
        painter, layout = self._painter, self._layout
        corner = QRect(0, 0, layout.left, layout.top).adjusted(PADDING, PADDING, -PADDING, -PADDING)
        painter.setFont(theme.font(CORNER_TYPE))
        painter.setPen(QColor(theme.colours().muted))
        columns, rows = self._content.corner
        right = Qt.AlignmentFlag.AlignRight
        painter.drawText(corner, right | Qt.AlignmentFlag.AlignTop, columns)
        painter.drawText(corner, right | Qt.AlignmentFlag.AlignBottom, rows)


def _fitting(text: str, width: int, fonts: Sequence[QFont]) -> tuple[QFont, int] | None:
    """The first font in which *text* fits, and how wide it is there; None where it fits in none."""
    for font in fonts:
        advance = QFontMetrics(font).horizontalAdvance(text)
        if advance <= width:
            return font, advance
    return None
