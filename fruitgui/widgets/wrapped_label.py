"""A text of several lines that is never cut."""

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel


class WrappedLabel(QLabel):
    """Plain text, as high as it needs to be at the width that it has. Layouts ask Qt's own label
    for less, and what is below has to give way to its other lines, or they are cut."""

    def __init__(self, role: str = "") -> None:
        """Args: *role* is one of the theme's, as of :func:`fruitgui.widgets.panel.label`."""
        super().__init__(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)

    def setText(self, text: str) -> None:
        super().setText(text)
        self._fit_soon()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_soon()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._fit_soon()

    def _fit_soon(self) -> None:
        # Not while it is being laid out, which would not take it in.
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        self.setMinimumHeight(0)  # Of which Qt's answer is never less.
        self.setMinimumHeight(max(0, self.heightForWidth(self.width())))
