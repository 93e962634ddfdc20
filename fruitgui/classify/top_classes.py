"""The most probable classes of a photo as rows to take one from."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.display_names import display_name
from fruitgui.widgets import tool_tip
from fruitgui.widgets.scaled_painting import scaled_size, text_scaled
from trainer.inference.prediction import Answer, Ranked

ROWS = 5
_ROW_HEIGHT = 36


class TopClasses(QWidget):
    """Up to five rows, each with the digit that takes it as well.

    Signals:
        label_taken(str): a row was pressed.
    """

    label_taken = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = [_ClassRow(number) for number in range(1, ROWS + 1)]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for row in self._rows:
            row.clicked.connect(self._on_row_clicked)
            layout.addWidget(row)

    def show_answer(self, answer: Answer | None, taken: str | None) -> None:
        """Show the classes of *answer*, and mark the one that the photo counts as."""
        top = answer.top[:ROWS] if answer else ()
        for number, row in enumerate(self._rows):
            row.show_class(top[number] if number < len(top) else None, taken)

    def _on_row_clicked(self) -> None:
        row = self.sender()
        if isinstance(row, _ClassRow) and row.label is not None:
            self.label_taken.emit(row.label)


class _ClassRow(QAbstractButton):
    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self._ranked: Ranked | None = None
        self._is_taken = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def label(self) -> str | None:
        return self._ranked.label if self._ranked else None

    def show_class(self, ranked: Ranked | None, taken: str | None) -> None:
        self._ranked = ranked
        self._is_taken = ranked is not None and ranked.label == taken
        self.setVisible(ranked is not None)
        if ranked is not None:
            self.setToolTip(tool_tip.plain(ranked.label))
            self.setAccessibleName(
                f"{self._number}: {display_name(ranked.label)}, {ranked.probability:.0%}"
            )
        self.update()

    def sizeHint(self) -> QSize:
        return scaled_size(200, _ROW_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._ranked is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        with text_scaled(painter, self.rect()) as room:
            self._paint(painter, QRectF(room).adjusted(1, 1, -1, -1), self._ranked)

    def _paint(self, painter: QPainter, area: QRectF, ranked: Ranked) -> None:
        scheme = theme.colours()
        background = scheme.accent_soft if self._is_taken else scheme.raised
        is_touched = self.underMouse() or self.hasFocus()
        if self._is_taken or is_touched:
            painter.setBrush(QColor(background))
            painter.setPen(QColor(scheme.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(area, 8, 8)
        key = QRectF(area.left() + 6, area.center().y() - 10, 20, 20)
        painter.setBrush(QColor(scheme.track))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(key, 5, 5)
        font = QFont(self.font())
        font.setPixelSize(12)
        painter.setFont(font)
        painter.setPen(QColor(scheme.muted))
        painter.drawText(key, Qt.AlignmentFlag.AlignCenter, str(self._number))
        font.setPixelSize(14)
        font.setWeight(QFont.Weight.DemiBold if self._is_taken else QFont.Weight.Normal)
        painter.setFont(font)
        inner = area.adjusted(36, 2, -10, -9)
        share = f"{ranked.probability:.0%}"
        width = painter.fontMetrics().horizontalAdvance("100%") + 6
        name = painter.fontMetrics().elidedText(
            display_name(ranked.label),
            Qt.TextElideMode.ElideRight,
            round(inner.width() - width),
        )
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(scheme.text))
        painter.drawText(inner, middle | Qt.AlignmentFlag.AlignLeft, name)
        painter.setPen(QColor(scheme.muted))
        painter.drawText(inner, middle | Qt.AlignmentFlag.AlignRight, share)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(inner.left(), area.bottom() - 8, inner.width(), 4)
        painter.setBrush(QColor(scheme.track))
        painter.drawRoundedRect(track, 2, 2)
        if ranked.probability >= 0.005:
            painter.setBrush(QColor(scheme.accent))
            track.setWidth(max(4.0, track.width() * ranked.probability))
            painter.drawRoundedRect(track, 2, 2)
