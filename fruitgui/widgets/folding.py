"""What takes less width where there is little of it."""

from collections.abc import Sequence
from itertools import chain

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from fruitgui import theme
from fruitgui.widgets.icon_button import IconButton


class FoldingBar(QWidget):
    """A row whose buttons show their icons alone where their names do not fit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: tuple[Sequence[IconButton], ...] = ()
        self._text_width = 0

    def set_folding(self, *groups: Sequence[IconButton], text_width: int = 0) -> None:
        """Say which buttons lose their names, those of the first group first.

        Args:
            text_width: so many pixels, at a text size of 100%, are left for a text beside the
                buttons as long as one of them has its name; then it is cut.
        """
        self._groups, self._text_width = groups, text_width
        self._fold()

    def minimumSizeHint(self) -> QSize:
        size = super().minimumSizeHint()
        names = sum(_name_width(each) for each in chain(*self._groups) if not each.is_folded)
        return QSize(size.width() - names, size.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self._fold()  # A name is another, or a button comes or goes.
        return super().event(event)

    def _fold(self) -> None:
        names = sum(map(_name_width, chain(*self._groups)))
        width = self.minimumSizeHint().width() + theme.scaled(self._text_width) + names
        for group in self._groups:
            is_folded = width > self.width()
            for button in group:
                button.set_folded(is_folded)
            if is_folded:
                width -= sum(map(_name_width, group))


class FoldingRow(QWidget):
    """Widgets side by side, or one below the other where they do not fit."""

    def __init__(self, *widgets: QWidget, shares: Sequence[int] = ()) -> None:
        """Args: *shares* of the room that is left over go to each; without any, as they ask."""
        super().__init__()
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2 * theme.SPACE)
        self._widgets = widgets
        for widget in widgets:
            self._layout.addWidget(widget)
        for number, share in enumerate(shares):
            self._layout.setStretch(number, share)

    def minimumSizeHint(self) -> QSize:
        return QSize(max(map(_least_width, self._widgets)), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self._fold()  # One of them needs more room than before, or less.
        return super().event(event)

    def _fold(self) -> None:
        gaps = self._layout.spacing() * (len(self._widgets) - 1)
        is_narrow = self.width() < sum(map(_least_width, self._widgets)) + gaps
        direction = QBoxLayout.Direction
        self._layout.setDirection(direction.TopToBottom if is_narrow else direction.LeftToRight)


def _name_width(button: IconButton) -> int:
    """How much of a button's width is its name's; nothing of one that is hidden."""
    return 0 if button.isHidden() else button.name_width


def _least_width(widget: QWidget) -> int:
    return max(widget.minimumSizeHint().width(), widget.minimumWidth())
