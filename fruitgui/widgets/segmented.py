"""A row of choices, one of which is in force: it looks like one control in segments."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QWidget,
)


class Segmented(QWidget):
    """Switches between sub-pages or views. Tab comes to the choice in force, arrow keys go on.

    Signals:
        chosen(str): the user chose another segment, by its key.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, is_dense: bool = False) -> None:
        """Args: with *is_dense*, segments stand closer, for where there are many."""
        super().__init__(parent)
        self._is_dense = is_dense
        self._segments: dict[str, _Segment] = {}
        self._current = ""
        self._group = QButtonGroup(self)
        # A plain widget paints no background of a style sheet without it.
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(3, 3, 3, 3)
        self._row.setSpacing(2)
        self._group.buttonClicked.connect(self._on_segment_clicked)

    @property
    def current(self) -> str:
        """The key of the choice in force: at first, of the first one added."""
        return self._current

    def add(self, key: str, text: str = "") -> None:
        """Add a segment at the right."""
        segment = _Segment(key, text)
        segment.setProperty("dense", self._is_dense)
        self._segments[key] = segment
        self._group.addButton(segment)
        self._row.addWidget(segment)
        self.choose(self._current or key)

    def set_text(self, key: str, text: str) -> None:
        self._segments[key].setText(text)

    def choose(self, key: str) -> None:
        """Bring a choice into force, without telling."""
        self._segments[key].setChecked(True)
        self._current = key
        # Qt does so only once the focus is here.
        for segment in self._segments.values():
            is_reached = segment.isChecked()
            segment.setFocusPolicy(
                Qt.FocusPolicy.StrongFocus if is_reached else Qt.FocusPolicy.ClickFocus
            )

    @Slot(QAbstractButton)
    def _on_segment_clicked(self, segment: QAbstractButton) -> None:
        if isinstance(segment, _Segment) and segment.key != self._current:
            self._current = segment.key
            self.chosen.emit(segment.key)


class _Segment(QPushButton):
    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key = key
        self.setProperty("kind", "segment")
        self.setCheckable(True)
        # The group does without it, but screen readers are told of a radio button with it.
        self.setAutoExclusive(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
