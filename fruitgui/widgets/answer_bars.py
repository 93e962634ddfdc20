"""The most probable classes as bars, in large type."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fruitgui import theme
from fruitgui.produce_names import display_name
from trainer.prediction import Answer

_ROW = 40


class AnswerBars(QWidget):
    """Shows the top classes of an answer."""

    def __init__(self, rows: int = 5, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self._answer: Answer | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_answer(self, answer: Answer | None) -> None:
        self._answer = answer
        top = answer.top[: self._rows] if answer else ()
        self.setAccessibleName(
            ", ".join(f"{display_name(r.label)} {r.probability:.0%}" for r in top)
        )
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(240, self._rows * _ROW)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        if self._answer is None:
            return
        scheme = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(14)
        painter.setFont(font)
        for number, ranked in enumerate(self._answer.top[: self._rows]):
            top = number * _ROW
            text = QRectF(0, top, self.width(), 22)
            painter.setPen(QColor(scheme.text))
            painter.drawText(text, Qt.AlignmentFlag.AlignLeft, display_name(ranked.label))
            painter.setPen(QColor(scheme.muted))
            painter.drawText(text, Qt.AlignmentFlag.AlignRight, f"{ranked.probability:.0%}")
            painter.setPen(Qt.PenStyle.NoPen)
            track = QRectF(0, top + 24, self.width(), 8)
            painter.setBrush(QColor(scheme.track))
            painter.drawRoundedRect(track, 4, 4)
            painter.setBrush(QColor(scheme.accent))
            if ranked.probability >= 0.005:
                width = max(8.0, track.width() * ranked.probability)
                painter.drawRoundedRect(QRectF(0, top + 24, width, 8), 4, 4)
