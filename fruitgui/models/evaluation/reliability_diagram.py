"""The reliability diagram: whether answers are as often right as they are sure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QEvent, QLineF, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget

from fruitgui import theme

_TYPE = 11
_PADDING = 6
_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_KEY = 12
"""The side of a patch of the legend."""
_SHARE_BELOW = 0.2
"""Of the height, for how many photos there are."""


class ReliabilityBin(Protocol):
    """The answers whose confidence lies between *low* and *high*, all from 0 to 1."""

    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def count(self) -> int: ...
    @property
    def confidence(self) -> float:
        """The mean."""

    @property
    def accuracy(self) -> float: ...


@dataclass(frozen=True, slots=True)
class _Areas:
    bars: QRectF
    counts: QRectF
    """Below: how many photos there are."""


class ReliabilityDiagram(QWidget):
    """How often answers are right, by how sure they are. On the diagonal, they are as often right
    as they are sure; the gap to it is hatched. Below: how many photos there are.

    Arrow keys go from bar to bar, and Return chooses.

    Signals:
        bin_chosen(int): a bin with photos was chosen.
    """

    bin_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bins: tuple[ReliabilityBin, ...] = ()
        self._hovered: int | None = None
        self._pressed: int | None = None
        self._focused = 0
        self.setMinimumSize(260, 220)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._describe()

    def show_bins(self, bins: Sequence[ReliabilityBin]) -> None:
        """Show bins from low to high."""
        self._bins = tuple(bins)
        self._hovered = self._pressed = None
        self._focused = next((n for n, each in enumerate(self._bins) if each.count), 0)
        self._describe()
        self.update()

    def bin_rect(self, number: int) -> QRect:
        """Where a bin is, from the top of its bar's place to the number of its photos."""
        areas, each = self._areas(), self._bins[number]
        left = areas.bars.left() + each.low * areas.bars.width()
        right = areas.bars.left() + each.high * areas.bars.width()
        top, bottom = areas.bars.top(), areas.counts.bottom()
        return QRectF(left, top, right - left, bottom - top).toAlignedRect()

    def sizeHint(self) -> QSize:
        return QSize(420, 380)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self._describe()
            self.update()
        super().changeEvent(event)

    def _bin_at(self, point: QPoint) -> int | None:
        for number, each in enumerate(self._bins):
            if each.count and self.bin_rect(number).contains(point):
                return number
        return None

    def _text(self, number: int) -> str:
        """A bin's figures."""
        each = self._bins[number]
        return self.tr(
            "%n photo(s) between {low} and {high} sure: {confidence} sure on average,"
            " {accuracy} right",
            "",
            each.count,
        ).format(
            low=f"{each.low:.0%}",
            high=f"{each.high:.0%}",
            confidence=f"{each.confidence:.1%}",
            accuracy=f"{each.accuracy:.1%}",
        )

    def _describe(self) -> None:
        """Tell screen readers where the keys are."""
        self.setAccessibleName(self.tr("How often answers are right, by how sure they are"))
        has_photos = any(each.count for each in self._bins)
        self.setAccessibleDescription(self._text(self._focused) if has_photos else "")

    # Mouse and keys

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self._bin_at(event.pos())
            if number is not None:
                text, rect = self._text(number), self.bin_rect(number)
                QToolTip.showText(event.globalPos(), text, self, rect)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._bin_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._bin_at(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is not None and pressed == self._bin_at(event.position().toPoint()):
            self._focus(pressed)
            self.bin_chosen.emit(pressed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        filled = [number for number, each in enumerate(self._bins) if each.count]
        match event.key():
            case Qt.Key.Key_Left:
                before = [number for number in filled if number < self._focused]
                self._go_to(before[-1:])
            case Qt.Key.Key_Right:
                self._go_to([number for number in filled if number > self._focused][:1])
            case Qt.Key.Key_Home:
                self._go_to(filled[:1])
            case Qt.Key.Key_End:
                self._go_to(filled[-1:])
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space if filled:
                self.bin_chosen.emit(self._focused)
            case _:
                event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def _go_to(self, found: list[int]) -> None:
        """Move the keys to the bin that was found, if one was."""
        for number in found:
            self._hovered = None
            self._focus(number)
            corner = self.mapToGlobal(self.bin_rect(number).topRight())
            QToolTip.showText(corner, self._text(number), self)

    def _focus(self, number: int) -> None:
        self._focused = number
        self._describe()
        self.update()

    def _hover(self, number: int | None) -> None:
        if number != self._hovered:
            self._hovered = number
            pointing, arrow = Qt.CursorShape.PointingHandCursor, Qt.CursorShape.ArrowCursor
            self.setCursor(arrow if number is None else pointing)
            self.update()

    # The image

    def _areas(self) -> _Areas:
        metrics = QFontMetrics(_font())
        line, most = metrics.height(), metrics.horizontalAdvance("100%")
        left = line + most + 2 * _PADDING
        top = (line + _PADDING) * (1 + max(y for _, y, _ in self._legend())) + _PADDING
        bottom = self.height() - 2 * line - 2 * _PADDING
        below = round((bottom - top) * _SHARE_BELOW)
        width = max(1, self.width() - left - most // 2 - 2)
        return _Areas(
            QRectF(left, top, width, max(1, bottom - top - below - 2 * _PADDING)),
            QRectF(left, bottom - below, width, below),
        )

    def _legend(self) -> list[tuple[int, int, str]]:
        """Where each text of the legend begins: how far to the right, and in which line."""
        metrics = QFontMetrics(_font())
        texts = (
            self.tr("accuracy"),
            self.tr("too sure"),
            self.tr("not sure enough"),
            self.tr("confidence = accuracy"),
        )
        places = []
        x = line = 0
        for text in texts:
            width = _KEY + _PADDING + metrics.horizontalAdvance(text) + 2
            if x and x + width > self.width():
                x, line = 0, line + 1
            places.append((x, line, text))
            x += width + 2 * _PADDING
        return places

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(_font())
        areas = self._areas()
        self._paint_legend(painter)
        lit = self._hovered if self._hovered is not None else self._focused
        if self._bins and (self._hovered is not None or self.hasFocus()):
            painter.fillRect(self.bin_rect(lit), QColor(theme.colours().accent_soft))
        self._paint_axes(painter, areas)
        most = max((each.count for each in self._bins), default=0)
        for each in self._bins:
            if each.count:
                _paint_bar(painter, areas.bars, each)
                _paint_count(painter, areas.counts, each, most)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_diagonal(painter, areas.bars)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if self.hasFocus() and self._bins:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.colours().text), 1, Qt.PenStyle.DotLine))
            painter.drawRect(self.bin_rect(self._focused).adjusted(0, 0, -1, -1))

    def _paint_legend(self, painter: QPainter) -> None:
        scheme = theme.colours()
        height = painter.fontMetrics().height()
        for (x, line, text), paint in zip(
            self._legend(), (_paint_right, _paint_too_sure, _paint_unsure, None), strict=True
        ):
            y = line * (height + _PADDING)
            key = QRectF(x, y + (height - _KEY) // 2, _KEY, _KEY)
            if paint is None:
                _paint_diagonal(painter, key)
            else:
                paint(painter, key)
            painter.setPen(QColor(scheme.text))
            painter.drawText(x + _KEY + _PADDING, y + painter.fontMetrics().ascent(), text)

    def _paint_axes(self, painter: QPainter, areas: _Areas) -> None:
        scheme = theme.colours()
        bars, counts = areas.bars, areas.counts
        metrics = painter.fontMetrics()
        line, most = metrics.height(), metrics.horizontalAdvance("100%")
        centre, right = Qt.AlignmentFlag.AlignCenter, Qt.AlignmentFlag.AlignRight
        middle = Qt.AlignmentFlag.AlignVCenter
        for tick in _TICKS:
            y = round(bars.bottom() - tick * bars.height())
            painter.fillRect(QRectF(bars.left(), y, bars.width(), 1), QColor(scheme.track))
            x = bars.left() + tick * bars.width()
            painter.setPen(QColor(scheme.muted))
            beside = QRectF(bars.left() - most - _PADDING - 2, y - line / 2, most + 2, line)
            painter.drawText(beside, right | middle, f"{tick:.0%}")
            below = QRectF(x - most, counts.bottom() + 2, 2 * most, line)
            painter.drawText(below, centre, f"{tick:.0%}")
        painter.fillRect(
            QRectF(counts.left(), round(counts.bottom()), counts.width(), 1), QColor(scheme.border)
        )
        below = QRectF(bars.left(), self.height() - line, bars.width(), line)
        painter.drawText(below, centre, self.tr("Confidence"))
        for text, area in ((self.tr("Accuracy"), bars), (self.tr("Photos"), counts)):
            painter.save()
            painter.translate(0, area.center().y())
            painter.rotate(-90)
            length = area.height() + 2 * _PADDING
            short = metrics.elidedText(text, Qt.TextElideMode.ElideRight, round(length))
            painter.drawText(QRectF(-length / 2, 0, length, line), centre, short)
            painter.restore()


def _paint_bar(painter: QPainter, area: QRectF, each: ReliabilityBin) -> None:
    left = area.left() + each.low * area.width() + 1
    width = (each.high - each.low) * area.width() - 2

    def part(low: float, high: float) -> QRectF:
        top = area.bottom() - high * area.height()
        return QRectF(left, top, width, (high - low) * area.height())

    _paint_right(painter, part(0, each.accuracy))
    if each.confidence > each.accuracy:
        _paint_too_sure(painter, part(each.accuracy, each.confidence))
    else:
        _paint_unsure(painter, part(each.confidence, each.accuracy))


def _paint_right(painter: QPainter, rect: QRectF) -> None:
    painter.fillRect(rect, QColor(theme.colours().accent))


def _paint_too_sure(painter: QPainter, rect: QRectF) -> None:
    wrong = QColor(theme.colours().wrong)
    painter.fillRect(rect, QBrush(wrong, Qt.BrushStyle.BDiagPattern))
    painter.setPen(wrong)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect.adjusted(0, 0, -1, -1))


def _paint_unsure(painter: QPainter, rect: QRectF) -> None:
    scheme = theme.colours()
    painter.fillRect(rect, QColor(scheme.accent))
    painter.fillRect(rect, QBrush(QColor(scheme.surface), Qt.BrushStyle.FDiagPattern))
    painter.setPen(QColor(scheme.accent))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect.adjusted(0, 0, -1, -1))


def _paint_count(painter: QPainter, area: QRectF, each: ReliabilityBin, most: int) -> None:
    left = area.left() + each.low * area.width() + 1
    width = (each.high - each.low) * area.width() - 2
    # A single photo among thousands is to be seen as well.
    height = max(2.0, area.height() * each.count / most)
    rect = QRectF(left, area.bottom() - height, width, height)
    painter.fillRect(rect, QColor(theme.colours().muted))


def _paint_diagonal(painter: QPainter, rect: QRectF) -> None:
    painter.setPen(QPen(QColor(theme.colours().text), 1.5, Qt.PenStyle.DashLine))
    painter.drawLine(QLineF(rect.bottomLeft(), rect.topRight()))


def _font() -> QFont:
    return theme.font(_TYPE)
