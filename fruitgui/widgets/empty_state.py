"""What a page shows while there is nothing on it: what to do, and a place to drop things."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QImageReader, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from fruitgui import icons, theme

_PICTURE = QSize(132, 99)
_RADIUS = 10


class EmptyState(QFrame):
    """An icon or pictures, an invitation, and buttons."""

    def __init__(
        self, icon: str, parent: QWidget | None = None, *, pictures: Sequence[Path] = ()
    ) -> None:
        """Args: *pictures* are shown side by side instead of the icon."""
        super().__init__(parent)
        self.setObjectName("empty_state")
        self._icon = icon
        self._pictures = tuple(pictures)
        self._image = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.title = QLabel(
            alignment=Qt.AlignmentFlag.AlignCenter,
            wordWrap=True,
            textFormat=Qt.TextFormat.PlainText,
        )
        self.title.setProperty("role", "title")
        self.text = QLabel(
            alignment=Qt.AlignmentFlag.AlignCenter,
            wordWrap=True,
            textFormat=Qt.TextFormat.PlainText,
        )
        self.text.setProperty("role", "muted")
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(theme.SPACE)
        centred = QHBoxLayout()
        centred.addStretch()
        centred.addLayout(self._buttons)
        centred.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 32, 32, 32)
        layout.setSpacing(2 * theme.SPACE)
        layout.addStretch()
        layout.addWidget(self._image)
        layout.addWidget(self.title)
        layout.addWidget(self.text)
        layout.addSpacing(theme.SPACE)
        layout.addLayout(centred)
        layout.addStretch()
        self._draw_icon()

    def add_button(self, button: QPushButton) -> None:
        self._buttons.addWidget(button)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange and not self._pictures:
            self._draw_icon()
        super().changeEvent(event)

    def _draw_icon(self) -> None:
        if self._pictures:
            self._image.setPixmap(_side_by_side(self._pictures, self.devicePixelRatioF()))
            return
        pixmap = icons.pixmap(self._icon, theme.colours().accent, 72, self.devicePixelRatioF())
        self._image.setPixmap(pixmap)


def _side_by_side(pictures: Sequence[Path], scale: float) -> QPixmap:
    """Pictures in a row, with round corners; those that cannot be read are left blank."""
    step = _PICTURE.width() + theme.SPACE
    width = step * len(pictures) - theme.SPACE
    row = QPixmap(round(width * scale), round(_PICTURE.height() * scale))
    row.setDevicePixelRatio(scale)
    row.fill(Qt.GlobalColor.transparent)
    painter = QPainter(row)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for number, picture in enumerate(pictures):
        place = QRectF(number * step, 0, _PICTURE.width(), _PICTURE.height())
        outline = QPainterPath()
        outline.addRoundedRect(place, _RADIUS, _RADIUS)
        painter.setClipPath(outline)
        image = QImageReader(str(picture)).read()
        if not image.isNull():
            # As much of its middle as fits.
            wanted = place.size()
            part = image.rect().toRectF()
            if part.width() * wanted.height() > part.height() * wanted.width():
                part.setWidth(part.height() * wanted.width() / wanted.height())
            else:
                part.setHeight(part.width() * wanted.height() / wanted.width())
            part.moveCenter(image.rect().toRectF().center())
            painter.drawImage(place, image, part)
    painter.end()
    return row
