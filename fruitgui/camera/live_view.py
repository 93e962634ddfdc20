"""The camera's image, and what is said of it."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from fruitgui import theme
from fruitgui.i18n.display_names import display_name
from trainer.inference.prediction import LiveAnswer

_RADIUS = 12
_CARD_WIDTH = 300
_ROW = 24
_LINE = 38
_PADDING = 14
_SHADE = QColor(0, 0, 0, 165)
_OUTSIDE = QColor(0, 0, 0, 95)
_WHITE = QColor("#ffffff")
_GREY = QColor(255, 255, 255, 190)
_TRACK = QColor(255, 255, 255, 60)


class LiveView(QWidget):
    """Shows the newest image that it was given, and on it: the answer, figures, and the guide, in
    which lies what the model sees.

    Signals:
        resized(): images of another size are wanted, :meth:`pixels`.
    """

    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._answer: LiveAnswer | None = None
        self._figures = ""
        self._message = ""
        self._is_waiting = False
        self._shows_guide = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 240)

    @property
    def image(self) -> QImage:
        return self._image

    @property
    def answer(self) -> LiveAnswer | None:
        """What is shown."""
        return self._answer

    @property
    def figures(self) -> str:
        return self._figures

    @property
    def message(self) -> str:
        return self._message

    def pixels(self) -> QSize:
        """The place for an image, in pixels of the screen."""
        return self.size() * self.devicePixelRatioF()

    def show_image(self, image: QImage) -> None:
        """Args: image: as large as fits into :meth:`pixels`; others are scaled, which is slow."""
        self._image = image
        self.update()

    def show_answer(self, answer: LiveAnswer | None) -> None:
        self._answer = answer
        self.setAccessibleName(self._title(answer) if answer else "")
        self.update()

    def show_figures(self, text: str) -> None:
        """Small, in a corner."""
        self._figures = text
        self.update()

    def show_message(self, text: str) -> None:
        """In the middle, over a darkened image; nothing for an empty text."""
        self._message = text
        self.update()

    def show_waiting(self, is_waiting: bool) -> None:
        """Whether there is no model yet to answer."""
        self._is_waiting = is_waiting
        self.show_answer(None)

    def show_guide(self, is_shown: bool) -> None:
        self._shows_guide = is_shown
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._image = QImage()
        self._figures = self._message = ""
        self.show_answer(None)

    def sizeHint(self) -> QSize:
        return QSize(640, 480)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self.resized.emit()
        return super().event(event)

    def _title(self, answer: LiveAnswer) -> str:
        if answer.label is not None:
            return display_name(answer.label)
        return self.tr("Nothing there") if answer.state == "nothing" else self.tr("Not sure")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(self.rect()), _RADIUS, _RADIUS)
        painter.fillPath(clip, QColor(theme.colours().track))
        place = QRectF(self.rect())
        painter.setClipPath(clip)
        if not self._image.isNull():
            place = self._paint_image(painter)
            if self._shows_guide:
                self._paint_guide(painter, place)
        if self._message:
            self._paint_message(painter)
        elif self._answer is not None:
            self._paint_answer(painter, place, self._answer)
        elif self._is_waiting and not self._image.isNull():
            self._paint_card(painter, place, theme.scaled(_LINE), self.tr("Loading the model…"))
        if self._figures:
            self._paint_figures(painter)

    def _paint_image(self, painter: QPainter) -> QRectF:
        """Returns where it is."""
        size = self._image.size().scaled(self.pixels(), Qt.AspectRatioMode.KeepAspectRatio)
        ratio = self.devicePixelRatioF()
        # On whole pixels: an image that fits already is copied, not scaled. At the top: below it
        # there is room for the answer.
        left, top = (self.pixels().width() - size.width()) // 2, 0
        place = QRectF(left / ratio, top / ratio, size.width() / ratio, size.height() / ratio)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, size != self._image.size())
        painter.drawImage(place, self._image)
        return place

    def _paint_guide(self, painter: QPainter, place: QRectF) -> None:
        side = min(place.width(), place.height())
        square = QRectF(0, 0, side, side)
        square.moveCenter(place.center())
        if place.width() > side:
            outside = (
                QRectF(place.topLeft(), QPointF(square.left(), place.bottom())),
                QRectF(QPointF(square.right(), place.top()), place.bottomRight()),
            )
        else:
            outside = (
                QRectF(place.topLeft(), QPointF(place.right(), square.top())),
                QRectF(QPointF(place.left(), square.bottom()), place.bottomRight()),
            )
        for part in outside:
            painter.fillRect(part, _OUTSIDE)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(255, 255, 255, 150), 1.5))
        painter.drawRoundedRect(square.adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)

    def _paint_answer(self, painter: QPainter, place: QRectF, answer: LiveAnswer) -> None:
        is_named = answer.label is not None
        rows = answer.top[:3] if answer.state != "nothing" else ()
        reason = self.tr("It looks unlike what was learnt.")
        reason_height = theme.scaled(_ROW) if answer.state == "not_sure" else 0
        # The label holds still for a moment where another is ahead: its share would deny it.
        is_ahead = all(each.probability <= answer.confidence for each in answer.top)
        share = f"{answer.confidence:.0%}" if is_named and is_ahead else ""
        height = theme.scaled(_LINE) + reason_height
        height += len(rows) * theme.scaled(_ROW) + 6 if rows else 0
        inner = self._paint_card(painter, place, height, self._title(answer), share)
        painter.setFont(self._font(13, bold=False))
        top = inner.top() + theme.scaled(_LINE)
        if reason_height:
            painter.setPen(_GREY)
            line = QRectF(inner.left(), top, inner.width(), theme.scaled(_ROW))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, reason)
        for number, ranked in enumerate(rows):
            row_top = top + reason_height + 6 + number * theme.scaled(_ROW)
            row = QRectF(inner.left(), row_top, inner.width(), theme.scaled(_ROW))
            self._paint_row(painter, row, display_name(ranked.label), ranked.probability)

    def _paint_card(
        self, painter: QPainter, place: QRectF, height: float, title: str, share: str = ""
    ) -> QRectF:
        """A card with a title, below the image as far as there is room; returns its inside."""
        width = min(theme.scaled(_CARD_WIDTH), self.width() - 24)
        outer_height = height + 2 * _PADDING
        lowest = self.height() - outer_height - 12
        card = QRectF(12, min(place.bottom() + 12, lowest), width, outer_height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_SHADE)
        painter.drawRoundedRect(card, _RADIUS, _RADIUS)
        inner = card.adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING)
        line = QRectF(inner.left(), inner.top(), inner.width(), theme.scaled(_LINE))
        font = self._font(18, bold=False)
        painter.setFont(font)
        painter.setPen(_GREY)
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, share)
        room = inner.width() - QFontMetricsF(font).horizontalAdvance(share) - 10
        font = self._font(28 if share else 22, bold=True)
        painter.setFont(font)
        painter.setPen(_WHITE if share else _GREY)
        title = QFontMetricsF(font).elidedText(title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        return inner

    def _paint_row(self, painter: QPainter, row: QRectF, name: str, probability: float) -> None:
        painter.setPen(_GREY)
        middle = Qt.AlignmentFlag.AlignVCenter
        names = QRectF(row.left(), row.top(), 0.45 * row.width(), row.height())
        name = QFontMetricsF(painter.font()).elidedText(
            name, Qt.TextElideMode.ElideRight, names.width() - 6
        )
        painter.drawText(names, Qt.AlignmentFlag.AlignLeft | middle, name)
        painter.drawText(row, Qt.AlignmentFlag.AlignRight | middle, f"{probability:.0%}")
        track = QRectF(names.right(), row.center().y() - 3, 0.38 * row.width(), 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_TRACK)
        painter.drawRoundedRect(track, 3, 3)
        if probability >= 0.005:
            track.setWidth(max(6.0, track.width() * probability))
            painter.setBrush(QColor(theme.DARK.accent))
            painter.drawRoundedRect(track, 3, 3)

    def _paint_figures(self, painter: QPainter) -> None:
        font = self._font(12, bold=False)
        wraps = Qt.TextFlag.TextWordWrap
        room = QRectF(0, 0, max(0, self.width() - 44), self.height())
        text = QFontMetricsF(font).boundingRect(room, wraps, self._figures)
        pill = QRectF(12, 12, text.width() + 20, text.height() + 10)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_SHADE)
        painter.drawRoundedRect(pill, 8, 8)
        painter.setFont(font)
        painter.setPen(_WHITE)
        painter.drawText(pill.adjusted(10, 5, -8, -5), wraps, self._figures)

    def _paint_message(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), _SHADE)
        painter.setFont(self._font(18, bold=True))
        painter.setPen(_WHITE)
        painter.drawText(
            QRectF(self.rect()).adjusted(32, 32, -32, -32),
            Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
            self._message,
        )

    def _font(self, pixels: int, bold: bool) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(theme.scaled(pixels))
        font.setBold(bold)
        return font
