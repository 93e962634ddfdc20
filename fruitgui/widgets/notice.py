"""A message in the page, beside the thing that it is about."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from fruitgui import theme
from fruitgui.i18n.errors import translated
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.widgets.folding import FoldingRow
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.wrapped_label import WrappedLabel
from trainer.errors import TrainerError

_TEXT_WIDTH = 180


class Notice(theme.Scaled, Retranslated, QFrame):
    """A sentence with, where there is something to do about it, one or two buttons. Hidden until
    shown.

    Signals:
        acted(): its first button was pressed.
        declined(): its second button was pressed.
        closed(): the user has read it.
    """

    errors_shown = 0
    """How often any notice has shown an error."""
    _can_always_be_closed = False
    """Also beside a second button: what offers to be declined is not overlooked by a slip."""

    acted = Signal()
    declined = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None, *, is_closable: bool = True) -> None:
        """Args: *is_closable* lets the user close it; not what could not be had again."""
        super().__init__(parent)
        self._is_closable = is_closable
        self._error: TrainerError | None = None
        self._label = WrappedLabel()
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._second = QPushButton()
        self._second.clicked.connect(self.declined)
        self._first = QPushButton()
        self._first.setProperty("kind", "primary")
        self._first.clicked.connect(self.acted)
        self._close = IconButton("close", "flat")
        self._close.clicked.connect(self.hide)
        self._close.clicked.connect(self.closed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(theme.SPACE)
        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE)
        row.addWidget(self._second)
        row.addWidget(self._first)
        row.addStretch()
        self._buttons.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        layout.addWidget(FoldingRow(self._label, self._buttons, shares=(1, 0)), 1)
        layout.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.scale()
        self.retranslate()
        self.hide()

    def scale(self) -> None:
        self._label.setMinimumWidth(theme.scaled(_TEXT_WIDTH))

    def retranslate(self) -> None:
        self._close.setAccessibleName(self.tr("Close"))
        self._close.setToolTip(self.tr("Close"))
        if self._error is not None:
            self._say(translated(self._error))

    @property
    def text(self) -> str:
        return self._label.text()

    @property
    def is_error(self) -> bool:
        return bool(self.property("notice") == "error")

    @Slot(object)
    def show_error(self, error: str | TrainerError, action: str = "", second: str = "") -> None:
        """Say what went wrong: an error of trainer's follows the language from then on."""
        Notice.errors_shown += 1
        sentence = error if isinstance(error, str) else translated(error)
        self._show("error", sentence, action, second)
        self._error = None if isinstance(error, str) else error

    def show_info(self, sentence: str, action: str = "", second: str = "") -> None:
        self._show("info", sentence, action, second)

    def _show(self, kind: str, sentence: str, action: str, second: str) -> None:
        self._error = None
        self._say(sentence)
        for button, text in ((self._first, action), (self._second, second)):
            button.setText(text)
            button.setVisible(bool(text))
        self._buttons.setVisible(bool(action or second))
        is_closable = self._is_closable and (self._can_always_be_closed or not second)
        self._close.setVisible(is_closable)
        self.setProperty("notice", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self.style().polish(self._label)
        self.show()

    def _say(self, sentence: str) -> None:
        self._label.setText(sentence)
        self.setAccessibleName(sentence)
