"""The confusion matrix: which classes are taken for which."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QCursor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QScrollBar, QToolTip, QWidget

from fruitgui import theme
from fruitgui.produce_names import display_name
from fruitgui.widgets.confusion_order import confusion_order
from fruitgui.widgets.shades import SHADES, Shade, mixed, shades_of

Order = Literal["name", "confusion"]

_NAME = -1
"""Stands for a row's or a column's name, beside the numbers of the cells."""
_SMALLEST = 10
_SMALLEST_FITTED = 13
"""So that names can be read unless the user wants otherwise."""
_LARGEST_FITTED = QSize(192, 112)
_LARGEST = 192
_ZOOM_STEP = 1.25
_SMALLEST_TYPE = 9
_LARGEST_TYPE = 13
_CORNER_TYPE = 11
_NARROW = 70
"""Percent of a font's width."""
_PADDING = 6


@dataclass(frozen=True, slots=True)
class _Place:
    """A cell; or, with :data:`_NAME` as its column or row, the name of that row or column."""

    row: int
    column: int


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where all is, in the viewport."""

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


class ConfusionMatrix(QAbstractScrollArea):
    """Rows are true classes, columns are answers. The diagonal is shaded by the share of the row
    that was right, other cells by the share that was taken for the column.

    Fills its place, and scrolls where cells would be too small; names stay in sight. ``Ctrl`` and
    the wheel, ``+`` and ``-`` zoom, ``0`` fits again. Arrow keys go from cell to cell and to the
    names, with ``Ctrl`` to the next cell with photos; Return chooses.

    Signals:
        cell_chosen(str, str): a cell with photos was chosen: the true class and the answer.
        class_chosen(str): a row's name was chosen.
        answer_chosen(str): a column's name was chosen.
    """

    cell_chosen = Signal(str, str)
    class_chosen = Signal(str)
    answer_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[str, ...] = ()
        self._counts: tuple[tuple[int, ...], ...] = ()
        self._photos: tuple[int, ...] = ()
        self._answers: tuple[int, ...] = ()
        self._order: Order = "name"
        self._hides_right = False
        self._shown: tuple[int, ...] = ()
        """The classes that are shown, in their order, by number."""
        self._names: tuple[str, ...] = ()
        self._grid = _Grid()
        self._zoom = 1.0
        self._hovered: _Place | None = None
        self._pressed: _Place | None = None
        self._focused = _Place(0, 0)
        self._selected: tuple[str | None, str | None] = (None, None)
        self._shades: dict[bool, tuple[Shade, ...]] = {}
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMinimumSize(240, 200)
        # Else the style paints a box where the scroll bars meet.
        self.setCornerWidget(QWidget())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        # The page takes drops, wherever they fall.
        self.setAcceptDrops(False)
        self._arrange()

    def show_matrix(self, classes: Sequence[str], counts: Sequence[Sequence[int]]) -> None:
        """Show how often photos of each class, by row, were answered with each, by column."""
        self._shown = ()
        self._classes = tuple(classes)
        self._counts = tuple(tuple(row) for row in counts)
        self._photos = tuple(map(sum, self._counts))
        self._answers = tuple(map(sum, zip(*self._counts, strict=True)))
        self._selected = (None, None)
        self._focused = _Place(0, 0)
        self._zoom = 1.0
        self._arrange()

    def set_order(self, order: Order) -> None:
        """Order the classes by name, or so that those that are confused stand side by side."""
        self._order = order
        self._arrange()

    def set_hides_right(self, hides: bool) -> None:
        """Hide classes that no photo was wrongly taken from or for, or that there is nothing of."""
        self._hides_right = hides
        self._arrange()

    def select(self, true: str | None, answered: str | None) -> None:
        """Mark a cell, or a whole row or column where only one of the two is given."""
        self._selected = (true, answered)
        place = _Place(self._number(true), self._number(answered))
        if _is_shown(place, self._selected):
            self._focus(place)
        self.viewport().update()

    def clear_selection(self) -> None:
        self._selected = (None, None)
        self.viewport().update()

    def cell_rect(self, true: str | None, answered: str | None) -> QRect:
        """Where in the viewport a cell is; or the name of a row or column, with the other None.
        It is null where that is hidden."""
        place = _Place(self._number(true), self._number(answered))
        return self._rect(place) if _is_shown(place, (true, answered)) else QRect()

    def zoom(self, factor: float, anchor: QPoint | None = None) -> None:
        """Make cells larger or smaller; what is at *anchor* stays there."""
        before = self._grid
        sides = before.cell.width(), before.cell.height()
        if max(sides) <= _SMALLEST if factor < 1 else min(sides) >= _LARGEST:
            return
        self._zoom *= factor
        anchor = anchor or self.viewport().rect().center()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        x = (anchor.x() - before.left + across.value()) / before.cell.width()
        y = (anchor.y() - before.top + down.value()) / before.cell.height()
        self._lay_out()
        grid = self._grid
        across.setValue(round(x * grid.cell.width()) - anchor.x() + grid.left)
        down.setValue(round(y * grid.cell.height()) - anchor.y() + grid.top)

    def fit(self) -> None:
        """Fill the place."""
        self._zoom = 1.0
        self._lay_out()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(640, 480)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange):
            self._arrange()
        super().changeEvent(event)

    # What is shown, and where

    def _arrange(self) -> None:
        """Choose and order the classes."""
        order = sorted(range(len(self._classes)), key=lambda n: self._classes[n])
        if self._order == "confusion":
            by_name = [[self._counts[row][column] for column in order] for row in order]
            order = [order[number] for number in confusion_order(by_name)]
        else:
            order.sort(key=lambda n: display_name(self._classes[n]).casefold())
        if self._hides_right:
            order = [number for number in order if self._has_mistakes(number)]
        # The keys stay at their cell where it is still shown.
        focused = [self._class(number) for number in (self._focused.row, self._focused.column)]
        self._shown = tuple(order)
        self._names = tuple(display_name(self._classes[number]) for number in order)
        self._shades = {is_right: shades_of(is_right) for is_right in (True, False)}
        self._hovered = self._pressed = None
        self._lay_out()
        place = _Place(*(self._number(name) for name in focused))
        self._focused = place if place != _Place(_NAME, _NAME) else _Place(0, 0)
        self._describe()

    def _has_mistakes(self, number: int) -> bool:
        right = self._counts[number][number]
        return self._photos[number] > right or self._answers[number] > right

    def _number(self, name: str | None) -> int:
        """A class's row and column; :data:`_NAME` where it is not shown."""
        if name is None or name not in self._classes:
            return _NAME
        number = self._classes.index(name)
        return self._shown.index(number) if number in self._shown else _NAME

    def _class(self, place: int) -> str | None:
        """The class of a row or column."""
        return self._classes[self._shown[place]] if 0 <= place < len(self._shown) else None

    def _lay_out(self) -> None:
        """Find the largest cells with which all fits, and how far it scrolls where none do."""
        room = self.maximumViewportSize()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        count = len(self._shown)
        grid = _Grid()
        scrolls_across = scrolls_down = False
        # Small cells have names in small type, which leave more room; scroll bars leave less.
        for _ in range(3):
            inner = QSize(
                room.width() - (down.sizeHint().width() if scrolls_down else 0),
                room.height() - (across.sizeHint().height() if scrolls_across else 0),
            )
            grid = self._fitted(inner, grid)
            scrolls_across |= grid.left + count * grid.cell.width() > inner.width()
            scrolls_down |= grid.top + count * grid.cell.height() > inner.height()
        self._grid = grid
        for bar, size, names, cell in (
            (across, inner.width(), grid.left, grid.cell.width()),
            (down, inner.height(), grid.top, grid.cell.height()),
        ):
            bar.setPageStep(max(1, size - names))
            bar.setSingleStep(cell)
            bar.setRange(0, max(0, names + count * cell - size))
        self.viewport().update()

    def _fitted(self, room: QSize, before: _Grid) -> _Grid:
        """How all is placed in *room*, with the types of the attempt *before*."""
        count = max(1, len(self._names))
        rows, columns = (_metrics(size) for size in (before.row_type, before.column_type))
        left = max(map(rows.horizontalAdvance, self._names), default=0) + 2 * _PADDING + 2
        corner = max(map(_metrics(_CORNER_TYPE).horizontalAdvance, self._corner_texts()))
        corner += 2 * _PADDING + 2
        left = max(min(left, room.width() * 3 // 10), corner)
        longest = max(map(columns.horizontalAdvance, self._names), default=0) + 2 * _PADDING + 2
        is_upright = longest > before.cell.width()
        lying = columns.height() + 2 * _PADDING
        top = min(longest, max(72, room.height() // 4)) if is_upright else lying
        # Two lines of the corner.
        top = max(top, 44)
        width = min((room.width() - left) // count, _LARGEST_FITTED.width())
        height = min((room.height() - top) // count, _LARGEST_FITTED.height())
        width, height = max(width, _SMALLEST_FITTED), max(height, _SMALLEST_FITTED)
        # Wide cells leave room for numbers, but a diagonal should look like one.
        width, height = min(width, 2 * height), min(height, width)
        cell = QSize(
            *(min(max(round(side * self._zoom), _SMALLEST), _LARGEST) for side in (width, height))
        )
        types = _type(cell.height()), _type(cell.width())
        return _Grid(left, top, cell, room, *types, is_upright)

    def _rect(self, place: _Place) -> QRect:
        """Where a cell or a name is; all of it, also where it is scrolled out of sight."""
        grid = self._grid
        x = grid.left + place.column * grid.cell.width() - self.horizontalScrollBar().value()
        y = grid.top + place.row * grid.cell.height() - self.verticalScrollBar().value()
        rect = QRect(QPoint(x, y), grid.cell)
        if place.column == _NAME:
            rect.setLeft(0)
            rect.setRight(grid.left - 1)
        if place.row == _NAME:
            rect.setTop(0)
            rect.setBottom(grid.top - 1)
        return rect

    def _place_at(self, point: QPoint) -> _Place | None:
        grid, last = self._grid, len(self._shown) - 1
        column = row = _NAME
        if point.x() >= grid.left:
            scrolled = self.horizontalScrollBar().value()
            column = (point.x() - grid.left + scrolled) // grid.cell.width()
        if point.y() >= grid.top:
            row = (point.y() - grid.top + self.verticalScrollBar().value()) // grid.cell.height()
        is_corner = row == column == _NAME
        return None if is_corner or row > last or column > last else _Place(row, column)

    # What the figures are in words

    def _count(self, place: _Place) -> int:
        return self._counts[self._shown[place.row]][self._shown[place.column]]

    def _text(self, place: _Place) -> str:
        """The figures of a cell, or of a class."""
        if place.column == _NAME or place.row == _NAME:
            number = self._shown[max(place.row, place.column)]
            right = self._counts[number][number]
            name = display_name(self._classes[number])
            if place.row == _NAME:
                photos = self._answers[number]
                text = self.tr(
                    "{name} was answered for {photos}, and right for %n ({share})", "", right
                )
                if not photos:
                    text = self.tr("{name} was never answered")
            else:
                photos = self._photos[number]
                text = self.tr("%n of {photos} {name} ({share}) were recognised", "", right)
                if not photos:
                    text = self.tr("There are no photos of {name}")
            return text.format(name=name, photos=photos, share=_percent(right, photos))
        name, answer = self._names[place.row], self._names[place.column]
        count, photos = self._count(place), self._photos[self._shown[place.row]]
        if place.row == place.column or not photos:
            return self._text(_Place(place.row, _NAME))
        if count:
            text = self.tr("%n of {photos} {name} ({share}) were taken for {answer}", "", count)
        else:
            text = self.tr("None of {photos} {name} were taken for {answer}")
        share = _percent(count, photos)
        return text.format(photos=photos, name=name, share=share, answer=answer)

    def _describe(self) -> None:
        """Tell screen readers where the keys are."""
        name = self.tr("Confusion matrix")
        if not self._shown:
            self.setAccessibleName(name)
            self.setAccessibleDescription("")
            return
        parts = [self._names[n] for n in (self._focused.row, self._focused.column) if n != _NAME]
        self.setAccessibleName(f"{name}: {' → '.join(parts)}")
        self.setAccessibleDescription(self._text(self._focused))

    # Mouse and keys

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.Leave:
            self._hover(None)
        elif isinstance(event, QHelpEvent):
            place = self._place_at(event.pos())
            if place is not None:
                text, rect = self._text(place), self._rect(place)
                QToolTip.showText(event.globalPos(), text, self.viewport(), rect)
            return True
        return super().viewportEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._hover(self._place_at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._place_at(event.position().toPoint())
            if self._pressed is not None:
                self._focus(self._pressed)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        pressed, self._pressed = self._pressed, None
        if pressed is not None and pressed == self._place_at(event.position().toPoint()):
            self._choose(pressed)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            steps = event.angleDelta().y() / 120
            self.zoom(_ZOOM_STEP**steps, event.position().toPoint())
            event.accept()
        else:
            super().wheelEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802
        super().scrollContentsBy(dx, dy)
        if self._hovered is not None:
            self._hover(self._place_at(self.viewport().mapFromGlobal(QCursor.pos())))

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusOutEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._lay_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        is_far = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match event.key():
            case Qt.Key.Key_Left:
                self._step(0, -1, is_far)
            case Qt.Key.Key_Right:
                self._step(0, 1, is_far)
            case Qt.Key.Key_Up:
                self._step(-1, 0, is_far)
            case Qt.Key.Key_Down:
                self._step(1, 0, is_far)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space if self._shown:
                self._choose(self._focused)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(_ZOOM_STEP)
            case Qt.Key.Key_Minus:
                self.zoom(1 / _ZOOM_STEP)
            case Qt.Key.Key_0:
                self.fit()
            case _:
                super().keyPressEvent(event)

    def _step(self, down: int, right: int, is_far: bool) -> None:
        """Move the keys to the neighbour; with *is_far*, to the next cell with photos, or the last
        one."""
        place, last = self._focused, len(self._shown) - 1
        while True:
            beside = _Place(place.row + down, place.column + right)
            is_corner = beside == _Place(_NAME, _NAME)
            if is_corner or not _NAME <= beside.row <= last or not _NAME <= beside.column <= last:
                break
            place = beside
            if not is_far or _NAME in (place.row, place.column) or self._count(place):
                break
        if place != self._focused:
            self._hovered = None
            self._focus(place)
            corner = self.viewport().mapToGlobal(self._rect(place).bottomRight())
            QToolTip.showText(corner, self._text(place), self.viewport())

    def _focus(self, place: _Place) -> None:
        self._focused = place
        grid, rect = self._grid, self._rect(place)
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        if place.column != _NAME:
            _bring(across, rect.left(), rect.right(), grid.left, grid.room.width())
        if place.row != _NAME:
            _bring(down, rect.top(), rect.bottom(), grid.top, grid.room.height())
        self._describe()
        self.viewport().update()

    def _hover(self, place: _Place | None) -> None:
        if place != self._hovered:
            self._hovered = place
            can_choose = place is not None and self._can_choose(place)
            pointer = (
                Qt.CursorShape.PointingHandCursor if can_choose else Qt.CursorShape.ArrowCursor
            )
            self.viewport().setCursor(pointer)
            self.viewport().update()

    def _can_choose(self, place: _Place) -> bool:
        return _NAME in (place.row, place.column) or self._count(place) > 0

    def _choose(self, place: _Place) -> None:
        true, answered = self._class(place.row), self._class(place.column)
        if not self._can_choose(place):
            return
        self._selected = (true, answered)
        self.viewport().update()
        if true is None:
            self.answer_chosen.emit(answered)
        elif answered is None:
            self.class_chosen.emit(true)
        else:
            self.cell_chosen.emit(true, answered)

    # The picture

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self.viewport())
        scheme, grid = theme.colours(), self._grid
        if not self._shown:
            text = self.tr("Nothing was mistaken") if self._classes else ""
            painter.setPen(QColor(scheme.muted))
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, text)
            return
        end = self._rect(_Place(len(self._shown) - 1, len(self._shown) - 1)).bottomRight()
        body = QRect(QPoint(grid.left, grid.top), end).intersected(self.viewport().rect())
        first, last = self._place_at(body.topLeft()), self._place_at(body.bottomRight())
        if first is None or last is None:
            return
        rows, columns = range(first.row, last.row + 1), range(first.column, last.column + 1)
        lit = self._hovered or (self._focused if self.hasFocus() else _Place(_NAME, _NAME))
        painter.setClipRect(body)
        self._paint_grid(painter, body, rows, columns, lit)
        self._paint_cells(painter, rows, columns)
        painter.setClipRect(0, body.top(), body.left(), body.height())
        for row in rows:
            self._paint_row_name(painter, row, row == lit.row)
        painter.setClipRect(body.left(), 0, body.width(), body.top())
        for column in columns:
            self._paint_column_name(painter, column, column == lit.column)
        painter.setClipping(False)
        self._paint_corner(painter)
        self._paint_marks(painter, body)

    def _paint_grid(
        self, painter: QPainter, body: QRect, rows: range, columns: range, lit: _Place
    ) -> None:
        """The lines between the cells, and behind them the row and column of one."""
        scheme = theme.colours()
        line = mixed(QColor(scheme.surface), QColor(scheme.border), 0.5)
        band = QColor(scheme.accent_soft)
        if lit.row != _NAME:
            rect = self._rect(_Place(lit.row, 0))
            painter.fillRect(body.left(), rect.top(), body.width(), rect.height(), band)
        if lit.column != _NAME:
            rect = self._rect(_Place(0, lit.column))
            painter.fillRect(rect.left(), body.top(), rect.width(), body.height(), band)
        for row in rows:
            painter.fillRect(
                body.left(), self._rect(_Place(row, 0)).bottom(), body.width(), 1, line
            )
        for column in columns:
            x = self._rect(_Place(0, column)).right()
            painter.fillRect(x, body.top(), 1, body.height(), line)

    def _paint_cells(self, painter: QPainter, rows: range, columns: range) -> None:
        grid = self._grid
        width, height = grid.cell.width() - 1, grid.cell.height() - 1
        has_shares = width >= 56 and height >= 40
        font, small = QFont(self.font()), QFont(self.font())
        font.setPixelSize(16 if has_shares else grid.row_type)
        small.setPixelSize(11)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        lowered = (metrics.ascent() - metrics.descent()) // 2
        # Two digits are narrowed where they would not fit otherwise.
        narrow = QFont(font)
        narrow.setStretch(_NARROW)
        fitting: dict[int, tuple[QFont, int] | None] = {}
        for row in rows:
            counts, photos = self._counts[self._shown[row]], self._photos[self._shown[row]]
            corner = self._rect(_Place(row, columns.start))
            for column in columns:
                count = counts[self._shown[column]]
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
                if found is None or height < _SMALLEST_TYPE + 2:
                    continue
                digits, advance = found
                painter.setPen(shade.text)
                middle = y + height // 2 + lowered
                if has_shares:
                    painter.setFont(small)
                    below = QRect(x, middle + 2, width, 16)
                    painter.drawText(below, Qt.AlignmentFlag.AlignCenter, f"{share:.0%}")
                    middle -= 8
                painter.setFont(digits)
                painter.drawText(x + (width - advance + 1) // 2, middle, str(count))

    def _paint_row_name(self, painter: QPainter, row: int, is_lit: bool) -> None:
        rect = self._rect(_Place(row, _NAME))
        self._dress_name(painter, rect, self._grid.row_type, is_lit)
        inner = rect.adjusted(_PADDING, 0, -_PADDING, 0)
        text = painter.fontMetrics().elidedText(
            self._names[row], Qt.TextElideMode.ElideRight, inner.width()
        )
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_column_name(self, painter: QPainter, column: int, is_lit: bool) -> None:
        rect = self._rect(_Place(_NAME, column))
        self._dress_name(painter, rect, self._grid.column_type, is_lit)
        is_upright = self._grid.is_upright
        inner = QRect(0, 0, rect.height(), rect.width()) if is_upright else QRect(rect)
        text = painter.fontMetrics().elidedText(
            self._names[column], Qt.TextElideMode.ElideRight, inner.width() - 2 * _PADDING
        )
        if not is_upright:
            bottom = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
            painter.drawText(inner.adjusted(0, 0, 0, -_PADDING), bottom, text)
            return
        painter.save()
        painter.translate(rect.left(), rect.bottom() + 1 - _PADDING)
        painter.rotate(-90)
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _dress_name(self, painter: QPainter, rect: QRect, pixels: int, is_lit: bool) -> None:
        scheme = theme.colours()
        if is_lit:
            painter.fillRect(rect, QColor(scheme.accent_soft))
        painter.setPen(QColor(scheme.accent if is_lit else scheme.text))
        painter.setFont(_font(pixels))

    def _paint_corner(self, painter: QPainter) -> None:
        grid = self._grid
        corner = QRect(0, 0, grid.left, grid.top).adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING)
        painter.setFont(_font(_CORNER_TYPE))
        painter.setPen(QColor(theme.colours().muted))
        answer, true = self._corner_texts()
        right = Qt.AlignmentFlag.AlignRight
        painter.drawText(corner, right | Qt.AlignmentFlag.AlignTop, answer)
        painter.drawText(corner, right | Qt.AlignmentFlag.AlignBottom, true)

    def _corner_texts(self) -> tuple[str, str]:
        """What the columns and the rows are."""
        return self.tr("Answer →"), self.tr("True class ↓")

    def _paint_marks(self, painter: QPainter, body: QRect) -> None:
        """Outline what is selected, and where the keys are."""
        scheme = theme.colours()
        marked = _Place(*map(self._number, self._selected))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if _is_shown(marked, self._selected):
            rect = self._rect(marked)
            if marked.column == _NAME:
                rect.setRight(body.right())
            if marked.row == _NAME:
                rect.setBottom(body.bottom())
            self._clip(painter, marked, body)
            painter.setPen(QPen(QColor(scheme.text), 2))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        if self.hasFocus():
            self._clip(painter, self._focused, body)
            rect = self._rect(self._focused).adjusted(0, 0, -2, -2)
            painter.setPen(QPen(QColor(scheme.surface), 1))
            painter.drawRect(rect)
            painter.setPen(QPen(QColor(scheme.text), 1, Qt.PenStyle.DotLine))
            painter.drawRect(rect)

    def _clip(self, painter: QPainter, place: _Place, body: QRect) -> None:
        """Keep a mark from where its place is scrolled under the names."""
        left = 0 if place.column == _NAME else body.left() - 2
        top = 0 if place.row == _NAME else body.top() - 2
        painter.setClipRect(QRect(QPoint(left, top), body.bottomRight() + QPoint(2, 2)))


def _is_shown(place: _Place, names: tuple[str | None, str | None]) -> bool:
    """Whether *place*, where *names* are, is not hidden."""
    numbers = (place.row, place.column)
    return any(names) and all(
        number != _NAME or name is None for number, name in zip(numbers, names, strict=True)
    )


def _bring(bar: QScrollBar, start: int, end: int, first: int, last: int) -> None:
    """Scroll what lies from *start* to *end* to between *first* and *last*."""
    if start < first:
        bar.setValue(bar.value() + start - first)
    elif end >= last:
        bar.setValue(bar.value() + end - last + 1)


def _fitting(text: str, width: int, fonts: Sequence[QFont]) -> tuple[QFont, int] | None:
    """The first font in which *text* fits, and how wide it is there; None where it fits in none."""
    for font in fonts:
        advance = QFontMetrics(font).horizontalAdvance(text)
        if advance <= width:
            return font, advance
    return None


def _font(pixels: int) -> QFont:
    font = QFont()
    font.setPixelSize(pixels)
    return font


def _metrics(pixels: int) -> QFontMetrics:
    return QFontMetrics(_font(pixels))


def _type(side: int) -> int:
    """The size of the type of a name or number in cells of this size."""
    return min(max(side - 3, _SMALLEST_TYPE), _LARGEST_TYPE)


def _percent(part: int, whole: int) -> str:
    return f"{part / max(1, whole):.0%}"
