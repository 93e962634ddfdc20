"""A field that finds a class by typing, in the user's language or the data set's own name."""

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from fruitgui.produce_names import display_name


class ClassField(QLineEdit):
    """Takes a class that is known, or a new one, with Return.

    Signals:
        class_entered(str): the data set's own name of a known class, or a new name as typed.
    """

    class_entered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[str, ...] = ()
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.activated.connect(self._on_completed)
        self.setCompleter(completer)
        self.setClearButtonEnabled(True)
        self.returnPressed.connect(self._on_return)

    def offer(self, classes: Sequence[str]) -> None:
        """Offer these classes from now on."""
        self._classes = tuple(classes)
        self.retranslate()

    def retranslate(self) -> None:
        self._names.setStringList(sorted(display_name(name) for name in self._classes))

    @Slot(str)
    def _on_completed(self, name: str) -> None:
        self._enter(name)
        # Only now does Qt write the completion into the field.
        QTimer.singleShot(0, self.clear)

    @Slot()
    def _on_return(self) -> None:
        completer = self.completer()
        popup = completer.popup() if completer else None
        # Return on a row of the completions is told by the completer.
        if popup is None or not (popup.isVisible() and popup.currentIndex().isValid()):
            self._enter(self.text())

    def _enter(self, text: str) -> None:
        typed = text.strip()
        if not typed:
            return
        wanted = typed.casefold()
        known = (
            name
            for name in self._classes
            if wanted in {name.casefold(), display_name(name).casefold()}
        )
        self.clear()
        self.class_entered.emit(next(known, typed))
