"""What a page shows over itself while something is dragged onto it."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from fruitgui import icons, theme

_ICON = 64


class DropOverlay(QWidget):
    """Covers its parent with an invitation to let go; hidden until shown."""

    def __init__(self, icon: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = icon
        self.text = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        parent.installEventFilter(self)
        self.hide()

    def set_dragging(self, is_dragging: bool) -> None:
        parent = self.parentWidget()
        if is_dragging and parent is not None:
            self.setGeometry(parent.rect())
            self.raise_()
        self.setVisible(is_dragging)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        parent = self.parentWidget()
        if event.type() is QEvent.Type.Resize and parent is not None:
            self.setGeometry(parent.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(scheme.accent_soft)
        veil.setAlphaF(0.98)
        area = QRectF(self.rect()).adjusted(12, 12, -12, -12)
        painter.setBrush(veil)
        pen = QPen(QColor(scheme.accent), 2, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawRoundedRect(area, 16, 16)
        pixmap = icons.pixmap(self._icon, scheme.accent, _ICON, self.devicePixelRatioF())
        middle = area.center()
        painter.drawPixmap(round(middle.x() - _ICON / 2), round(middle.y() - _ICON), pixmap)
        font = QFont(self.font())
        font.setPixelSize(theme.scaled(22))
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(scheme.text))
        below = QRectF(area.left(), middle.y() + 16, area.width(), theme.scaled(40))
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, self.text)
