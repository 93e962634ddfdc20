"""A photo that can be zoomed and moved about, with a heat map over it."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsPixmapItem,
    QGraphicsScene,
    QGraphicsView,
    QWidget,
)

from fruitgui import theme
from fruitgui.qimages import heat_overlay

_STEP = 1.25
_LARGEST_SCALE = 16.0
_HEAT_SIDE = 640


class PhotoView(QGraphicsView):
    """Fits the photo to the view until it is zoomed: by the wheel, ``+`` and ``-``; ``0`` or a
    double click fits it again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = QGraphicsScene(self)
        self.setScene(self._scene)
        self._photo = QGraphicsPixmapItem()
        self._photo.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._heat = QGraphicsPixmapItem()
        self._heat.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._scene.addItem(self._photo)
        self._scene.addItem(self._heat)
        self._is_fitted = True
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        # The page takes drops, wherever they fall.
        self.setAcceptDrops(False)

    @property
    def is_zoomed(self) -> bool:
        return not self._is_fitted

    @property
    def has_heat(self) -> bool:
        """Whether a heat map lies over the photo."""
        return not self._heat.pixmap().isNull()

    def show_photo(self, image: QImage) -> None:
        """Show another photo, whole, without a heat map."""
        self._photo.setPixmap(QPixmap.fromImage(image))
        self._scene.setSceneRect(QRectF(image.rect()))
        self.show_heat(None)
        self.fit()

    def sharpen(self, image: QImage) -> None:
        """Show the same photo with more pixels; zoom and heat map stay."""
        before = self._photo.pixmap().width()
        middle = self.mapToScene(self.viewport().rect().center())
        self._photo.setPixmap(QPixmap.fromImage(image))
        self._scene.setSceneRect(QRectF(image.rect()))
        if self._is_fitted or not before or image.isNull():
            self.fit()
            return
        finer = image.width() / before
        self.scale(1 / finer, 1 / finer)
        self.centerOn(middle * finer)
        self._place_heat()

    def show_heat(self, heat: QImage | None) -> None:
        """Lay a grey heat map over the photo, in colours; None takes it away."""
        if heat is None or self._photo.pixmap().isNull():
            self._heat.setPixmap(QPixmap())
            return
        scale = _HEAT_SIDE / max(heat.width(), heat.height())
        width, height = (max(1, round(side * scale)) for side in (heat.width(), heat.height()))
        self._heat.setPixmap(QPixmap.fromImage(heat_overlay(heat, width, height)))
        self._place_heat()

    def set_heat_opacity(self, opacity: float) -> None:
        """Args: from 0 to 1."""
        self._heat.setOpacity(opacity)

    def fit(self) -> None:
        """Show the whole photo as large as it goes, and none larger than it is twice over."""
        self._is_fitted = True
        self.resetTransform()
        rect = self._scene.sceneRect()
        if rect.isEmpty():
            return
        place = self.viewport().rect()
        scale = min(place.width() / rect.width(), place.height() / rect.height(), 2.0)
        self.scale(scale, scale)
        self._place_heat()

    def zoom(self, factor: float) -> None:
        scale = self.transform().m11() * factor
        if not 0.02 < scale < _LARGEST_SCALE:
            return
        self._is_fitted = False
        self.scale(factor, factor)

    def _place_heat(self) -> None:
        photo, heat = self._photo.pixmap(), self._heat.pixmap()
        if not heat.isNull():
            transform = self._heat.transform()
            transform.reset()
            transform.scale(photo.width() / heat.width(), photo.height() / heat.height())
            self._heat.setTransform(transform)

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        painter.fillRect(rect, QColor(theme.colours().track))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_fitted:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120
        if steps:
            self.zoom(_STEP**steps)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.fit() if self.is_zoomed else self.zoom(2.5)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(_STEP)
            case Qt.Key.Key_Minus:
                self.zoom(1 / _STEP)
            case _:
                # Arrow keys turn to the next photo: the page's.
                event.ignore()
