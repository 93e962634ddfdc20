"""A field that finds a class by typing, in the user's language or the data set's own name."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QStringListModel, Qt, Signal, Slot
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QWidget

from fruitgui.i18n.display_names import display_name

_MOST_OFFERED = 8
_PART = 2
"""The rank of classes that hold the typed text somewhere."""


class ClassField(QLineEdit):
    """Offers what the typed letters may mean, the best first, which Return takes; and the text
    itself as a new class, behind those that begin like it, before those that only hold it.

    Signals:
        class_entered(str): the data set's own name of a known class, or a new name as typed.
        left(): Escape was pressed.
    """

    class_entered = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[str, ...] = ()
        self._offered: list[str] = []
        self._names = QStringListModel(self)
        # Not the line edit's own completer, which would write the marked row into the field.
        self._completions = QCompleter(self._names, self)
        self.popup = QListView()
        self._completions.setPopup(self.popup)
        self._completions.setWidget(self)
        self._completions.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completions.activated.connect(self._on_completed)
        self.popup.setObjectName("completions")
        self.setClearButtonEnabled(True)
        # The page takes drops, wherever they fall.
        self.setAcceptDrops(False)
        self.textEdited.connect(self._on_text_edited)
        self.returnPressed.connect(self._on_return)

    def offer(self, classes: Sequence[str]) -> None:
        """Offer these classes from now on."""
        self._classes = tuple(classes)

    def matches(self, typed: str) -> list[str]:
        """The classes that *typed* may mean: equal names first, then beginnings, then parts."""
        return [name for _, name in self._ranked(typed)]

    def _ranked(self, typed: str) -> list[tuple[int, str]]:
        wanted = typed.strip().casefold()

        def rank(name: str) -> int:
            names = (name.casefold(), display_name(name).casefold())
            if wanted in names:
                return 0
            if any(each.startswith(wanted) for each in names):
                return 1
            return _PART if any(wanted in each for each in names) else _PART + 1

        ranked = sorted((rank(name), display_name(name), name) for name in self._classes)
        return [(place, name) for place, _, name in ranked if place <= _PART] if wanted else []

    def event(self, event: QEvent) -> bool:
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            # It leaves the field, and not the page.
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Also what is still being composed counts: a syllable of Hangul is, until the next."""
        super().inputMethodEvent(event)
        if event.preeditString():
            place = self.cursorPosition()
            text = self.text()
            self._on_text_edited(text[:place] + event.preeditString() + text[place:])

    @Slot(str)
    def _on_text_edited(self, typed: str) -> None:
        text = typed.strip()
        ranked = self._ranked(text)[:_MOST_OFFERED]
        self._offered = [name for _, name in ranked]
        rows = [_shown(name) for name in self._offered]
        if text and not any(place == 0 for place, _ in ranked):
            likely = sum(place < _PART for place, _ in ranked)
            self._offered.insert(likely, text)
            rows.insert(likely, self.tr("New class “{name}”").format(name=text))
        self._names.setStringList(rows)
        if rows:
            self._completions.complete()
            self.popup.setCurrentIndex(self._names.index(0))
        else:
            self.popup.hide()

    @Slot(str)
    def _on_completed(self, row: str) -> None:
        """A row was clicked; or, after Return, nothing is offered any more."""
        rows = self._names.stringList()
        if self._offered and row in rows:
            self._enter(self._offered[rows.index(row)])

    @Slot()
    def _on_return(self) -> None:
        typed = self.text().strip()
        row = self.popup.currentIndex().row() if self.popup.isVisible() else -1
        if 0 <= row < len(self._offered):
            self._enter(self._offered[row])
        elif self.popup.isVisible() and typed:
            self._enter(typed)  # The keys have left the list: it is meant as it stands.
        elif typed:
            self._enter(next(iter(self.matches(typed)), typed))

    def _enter(self, name: str) -> None:
        self._offered = []
        self.popup.hide()
        self.clear()
        self.class_entered.emit(name)


def _shown(name: str) -> str:
    """A class in the user's language, with its own name where that is another."""
    shown = display_name(name)
    own = name.replace("-", " ").replace("_", " ")
    return shown if own.casefold() == shown.casefold() else f"{shown} ({own})"
