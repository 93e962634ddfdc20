"""The confusion matrix: which classes are taken for which."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QCursor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QScrollBar, QToolTip, QWidget

from fruitgui import theme
from fruitgui.i18n.display_names import display_names
from fruitgui.models.evaluation.confusion_matrix_colours import Shade, shades_of
from fruitgui.models.evaluation.confusion_matrix_layout import (
    LARGEST,
    NAME,
    SMALLEST,
    MatrixLayout,
    Place,
    fitted_layout,
)
from fruitgui.models.evaluation.confusion_matrix_painter import MatrixContent, MatrixPainter
from fruitgui.widgets.keys import pressed_key
from trainer.evaluation.class_order import confusion_order, present_classes

Order = Literal["name", "confusion"]

_ZOOM_STEP = 1.25


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
        self._displayed: tuple[str, ...] = ()
        """What all classes are called."""
        self._fitted = MatrixLayout()
        self._zoom = 1.0
        self._hovered: Place | None = None
        self._pressed: Place | None = None
        self._focused = Place(0, 0)
        self._selected: tuple[str | None, str | None] = (None, None)
        self._content = MatrixContent((), (), (), ("", ""))
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
        self._focused = Place(0, 0)
        self._zoom = 1.0
        self._arrange()

    def set_order(self, order: Order) -> None:
        """Order the classes by name, or so that those that are confused stand side by side."""
        self._order = order
        self._arrange()

    def set_hides_right(self, hides: bool) -> None:
        """Hide classes without mistakes, too: those that no photo is of, and that none was taken
        for, are never shown beside others."""
        self._hides_right = hides
        self._arrange()

    def select(self, true: str | None, answered: str | None) -> None:
        """Mark a cell, or a whole row or column where only one of the two is given."""
        self._selected = (true, answered)
        place = Place(self._number(true), self._number(answered))
        if _is_shown(place, self._selected):
            self._focus(place)
        self.viewport().update()

    def clear_selection(self) -> None:
        self._selected = (None, None)
        self.viewport().update()

    def cell_rect(self, true: str | None, answered: str | None) -> QRect:
        """Where in the viewport a cell is; or the name of a row or column, with the other None.
        It is null where that is hidden."""
        place = Place(self._number(true), self._number(answered))
        return self._layout.rect(place) if _is_shown(place, (true, answered)) else QRect()

    def zoom(self, factor: float, anchor: QPoint | None = None) -> None:
        """Make cells larger or smaller; what is at *anchor* stays there."""
        before = self._layout
        sides = before.cell.width(), before.cell.height()
        if max(sides) <= SMALLEST if factor < 1 else min(sides) >= LARGEST:
            return
        self._zoom *= factor
        anchor = anchor or self.viewport().rect().center()
        x = (anchor.x() - before.left + before.scrolled.x()) / before.cell.width()
        y = (anchor.y() - before.top + before.scrolled.y()) / before.cell.height()
        self._lay_out()
        after = self._fitted
        self.horizontalScrollBar().setValue(round(x * after.cell.width()) - anchor.x() + after.left)
        self.verticalScrollBar().setValue(round(y * after.cell.height()) - anchor.y() + after.top)

    def fit(self) -> None:
        """Fill the place."""
        self._zoom = 1.0
        self._lay_out()

    def sizeHint(self) -> QSize:
        return QSize(640, 480)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange):
            self._arrange()
        super().changeEvent(event)

    # What is shown, and where

    def _arrange(self) -> None:
        """Choose and order the classes."""
        names = display_names(self._classes)
        self._displayed = tuple(names[each] for each in self._classes)
        order = sorted(range(len(self._classes)), key=lambda n: self._classes[n])
        if self._order == "confusion":
            by_name = [[self._counts[row][column] for column in order] for row in order]
            order = [order[number] for number in confusion_order(by_name)]
        else:
            order.sort(key=lambda n: self._displayed[n].casefold())
        if self._hides_right:
            order = [number for number in order if self._has_mistakes(number)]
        else:
            present = set(present_classes(self._counts))
            order = [number for number in order if number in present]
        # The keys stay at their cell where it is still shown.
        focused = [self._class(number) for number in (self._focused.row, self._focused.column)]
        self._shown = tuple(order)
        self._content = MatrixContent(
            tuple(self._displayed[number] for number in order),
            tuple(tuple(self._counts[row][column] for column in order) for row in order),
            tuple(self._photos[number] for number in order),
            (self.tr("Answer →"), self.tr("True class ↓")),
        )
        self._shades = {is_right: shades_of(is_right) for is_right in (True, False)}
        self._hovered = self._pressed = None
        self._lay_out()
        place = Place(*(self._number(name) for name in focused))
        self._focused = place if place != Place(NAME, NAME) else Place(0, 0)
        self._describe()

    def _has_mistakes(self, number: int) -> bool:
        right = self._counts[number][number]
        return self._photos[number] > right or self._answers[number] > right

    def _number(self, name: str | None) -> int:
        """A class's row and column; :data:`NAME` where it is not shown."""
        if name is None or name not in self._classes:
            return NAME
        number = self._classes.index(name)
        return self._shown.index(number) if number in self._shown else NAME

    def _class(self, place: int) -> str | None:
        """The class of a row or column."""
        return self._classes[self._shown[place]] if 0 <= place < len(self._shown) else None

    def _lay_out(self) -> None:
        """Find the largest cells with which all fits, and how far it scrolls where none do."""
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        bars = QSize(down.sizeHint().width(), across.sizeHint().height())
        content = self._content
        layout = fitted_layout(
            self.maximumViewportSize(), bars, content.names, content.corner, self._zoom
        )
        self._fitted = layout
        size, room = layout.size, layout.room
        for bar, whole, length, names, cell in (
            (across, size.width(), room.width(), layout.left, layout.cell.width()),
            (down, size.height(), room.height(), layout.top, layout.cell.height()),
        ):
            bar.setPageStep(max(1, length - names))
            bar.setSingleStep(cell)
            bar.setRange(0, max(0, whole - length))
        self.viewport().update()

    @property
    def _layout(self) -> MatrixLayout:
        """As it is scrolled now."""
        scrolled = QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        return replace(self._fitted, scrolled=scrolled)

    # What the figures are in words

    def _count(self, place: Place) -> int:
        return self._content.counts[place.row][place.column]

    def _text(self, place: Place) -> str:
        """The figures of a cell, or of a class."""
        if place.column == NAME or place.row == NAME:
            number = self._shown[max(place.row, place.column)]
            right = self._counts[number][number]
            name = self._displayed[number]
            if place.row == NAME:
                photos = self._answers[number]
                text = self.tr("Answer {name}: right for %n of {photos} ({share})", "", right)
                if not photos:
                    text = self.tr("No photo got the answer {name}")
            else:
                photos = self._photos[number]
                text = self.tr("%n of {photos} {name} ({share}) were recognised", "", right)
                if not photos:
                    text = self.tr("There are no photos of {name}")
            return text.format(name=name, photos=photos, share=_percent(right, photos))
        name, answer = self._content.names[place.row], self._content.names[place.column]
        count, photos = self._count(place), self._photos[self._shown[place.row]]
        if place.row == place.column or not photos:
            return self._text(Place(place.row, NAME))
        if count:
            text = self.tr("%n of {photos} {name} ({share}) were mistaken for {answer}", "", count)
        else:
            text = self.tr("None of {photos} {name} were mistaken for {answer}")
        share = _percent(count, photos)
        return text.format(photos=photos, name=name, share=share, answer=answer)

    def _describe(self) -> None:
        """Tell screen readers where the keys are."""
        name = self.tr("Confusion matrix")
        if not self._shown:
            self.setAccessibleName(name)
            self.setAccessibleDescription("")
            return
        parts = [
            self._content.names[n] for n in (self._focused.row, self._focused.column) if n != NAME
        ]
        self.setAccessibleName(f"{name}: {' → '.join(parts)}")
        self.setAccessibleDescription(self._text(self._focused))

    # Mouse and keys

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Leave:
            self._hover(None)
        elif isinstance(event, QHelpEvent):
            place = self._layout.place_at(event.pos())
            if place is not None:
                text, rect = self._text(place), self._layout.rect(place)
                QToolTip.showText(event.globalPos(), text, self.viewport(), rect)
            return True
        return super().viewportEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._layout.place_at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._layout.place_at(event.position().toPoint())
            if self._pressed is not None:
                self._focus(self._pressed)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is not None and pressed == self._layout.place_at(event.position().toPoint()):
            self._choose(pressed)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            steps = event.angleDelta().y() / 120
            self.zoom(_ZOOM_STEP**steps, event.position().toPoint())
            event.accept()
        else:
            super().wheelEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if self._hovered is not None:
            self._hover(self._layout.place_at(self.viewport().mapFromGlobal(QCursor.pos())))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_far = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match pressed_key(event):
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
            beside = Place(place.row + down, place.column + right)
            is_corner = beside == Place(NAME, NAME)
            if is_corner or not NAME <= beside.row <= last or not NAME <= beside.column <= last:
                break
            place = beside
            if not is_far or NAME in (place.row, place.column) or self._count(place):
                break
        if place != self._focused:
            self._hovered = None
            self._focus(place)
            corner = self.viewport().mapToGlobal(self._layout.rect(place).bottomRight())
            QToolTip.showText(corner, self._text(place), self.viewport())

    def _focus(self, place: Place) -> None:
        self._focused = place
        layout = self._layout
        rect = layout.rect(place)
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        if place.column != NAME:
            _bring(across, rect.left(), rect.right(), layout.left, layout.room.width())
        if place.row != NAME:
            _bring(down, rect.top(), rect.bottom(), layout.top, layout.room.height())
        self._describe()
        self.viewport().update()

    def _hover(self, place: Place | None) -> None:
        if place != self._hovered:
            self._hovered = place
            can_choose = place is not None and self._can_choose(place)
            pointer = (
                Qt.CursorShape.PointingHandCursor if can_choose else Qt.CursorShape.ArrowCursor
            )
            self.viewport().setCursor(pointer)
            self.viewport().update()

    def _can_choose(self, place: Place) -> bool:
        return NAME in (place.row, place.column) or self._count(place) > 0

    def _choose(self, place: Place) -> None:
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

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        if not self._shown:
            text = self.tr("Nothing was mistaken") if self._classes else ""
            painter.setPen(QColor(theme.colours().muted))
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, text)
            return
        image = MatrixPainter(painter, self.font(), self._content, self._layout, self._shades)
        image.paint(self._hovered or (self._focused if self.hasFocus() else Place(NAME, NAME)))
        selected = Place(*map(self._number, self._selected))
        if _is_shown(selected, self._selected):
            image.mark_selected(selected)
        if self.hasFocus():
            image.mark_focused(self._focused)


def _is_shown(place: Place, names: tuple[str | None, str | None]) -> bool:
    """Whether *place*, where *names* are, is not hidden."""
    numbers = (place.row, place.column)
    return any(names) and all(
        number != NAME or name is None for number, name in zip(numbers, names, strict=True)
    )


def _bring(bar: QScrollBar, start: int, end: int, first: int, last: int) -> None:
    """Scroll what lies from *start* to *end* to between *first* and *last*."""
    if start < first:
        bar.setValue(bar.value() + start - first)
    elif end >= last:
        bar.setValue(bar.value() + end - last + 1)


def _percent(part: int, whole: int) -> str:
    return f"{part / max(1, whole):.0%}"
