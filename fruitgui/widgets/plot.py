"""What all charts of pyqtgraph's have in common."""

import pyqtgraph
from PySide6.QtGui import QWheelEvent


class Plot(pyqtgraph.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """A chart that leaves the wheel to the page that it is on."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
