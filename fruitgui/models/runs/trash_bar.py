"""Below the list of training runs: the trash, and its emptying."""

from PySide6.QtCore import QLocale, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.notice import Notice


class RunTrashBar(Retranslated, QWidget):
    """Empties the trash, after asking once.

    Signals:
        emptying_confirmed(tuple of str): the user wants to be rid of these runs in the trash.
    """

    emptying_confirmed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: tuple[str, ...] = ()
        self._bytes: int | None = None
        self.empty = IconButton("trash")
        self.question = Notice()
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch()
        row.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.question)
        layout.addLayout(row)
        self.empty.clicked.connect(self._on_empty)
        self.question.acted.connect(self._on_confirmed)
        self.question.declined.connect(self._on_declined)
        self.retranslate()

    def show_trash(self, runs: tuple[str, ...], size: int | None) -> None:
        """Say what is in the trash.

        Args:
            runs: their ids.
            size: its bytes; None while they are not known.
        """
        if runs != self._runs:
            self._on_declined()  # The question was about others.
        self._runs, self._bytes = runs, size
        self.empty.setText(
            self.tr("Empty the trash")
            if size is None
            else self.tr("Empty the trash ({size})").format(
                size=QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)
            )
        )
        self.empty.setEnabled(bool(runs))

    @Slot()
    def _on_empty(self) -> None:
        self._ask()
        self.empty.hide()

    def _ask(self) -> None:
        self.question.show_info(
            self.tr("Remove %n run(s) and their models for good?", "", len(self._runs)),
            self.tr("Remove"),
            self.tr("Cancel"),
        )

    @Slot()
    def _on_confirmed(self) -> None:
        self._on_declined()
        self.emptying_confirmed.emit(self._runs)

    @Slot()
    def _on_declined(self) -> None:
        self.question.hide()
        self.empty.show()

    def retranslate(self) -> None:
        self.show_trash(self._runs, self._bytes)
        if not self.question.isHidden():
            self._ask()
