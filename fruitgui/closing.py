"""Closing the window while something is at work that would be lost."""

from collections.abc import Callable, Sequence
from typing import Literal

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

_MILLISECONDS_BETWEEN_LOOKS = 100


class Closing(QObject):
    """Asks before the window closes, where that would lose something; then closes it once it may.

    Signals:
        allowed(): nothing would be lost any more, so the window closes.
        stop_wanted(): what is at work is to be stopped.
        changed(): whether the window closes by itself has changed.
    """

    allowed = Signal()
    stop_wanted = Signal()
    changed = Signal()

    def __init__(
        self,
        unfinished: Callable[[], Sequence[str]],
        errors: Callable[[], Sequence[str]],
        window: QWidget,
    ) -> None:
        """Args:
        unfinished: says in a sentence each what would be lost now.
        errors: the errors that are shown now. Where one joins them while what is at work is
            finished, the window stays open for it to be read.
        """
        super().__init__(window)
        self._unfinished = unfinished
        self._errors = errors
        self._errors_before: Sequence[str] = ()
        self._window = window
        self._box: QMessageBox | None = None
        self._decided: Literal["finish", "stop"] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_MILLISECONDS_BETWEEN_LOOKS)
        self._timer.timeout.connect(self._look)

    @property
    def is_waiting(self) -> bool:
        """Whether the window closes by itself once what is at work has ended."""
        return self._decided is not None

    def may_close(self) -> bool:
        """Whether nothing would be lost; asks the user otherwise."""
        unfinished = self._unfinished()
        if not unfinished:
            self._timer.stop()
            return True
        if self._decided != "stop":
            self._ask(unfinished)
        return False

    @Slot()
    def stay(self) -> None:
        """Do not close after all, if that still can be."""
        if self._decided == "finish":
            self._decide(None)

    def _ask(self, unfinished: Sequence[str]) -> None:
        if self._box is None:
            self._box = self._new_box()
        self._box.setInformativeText("\n".join(unfinished))
        self._box.open()
        self._timer.start()

    def _new_box(self) -> QMessageBox:
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(self.tr("Some work is not finished."))
        finish = box.addButton(self.tr("Finish, then close"), QMessageBox.ButtonRole.AcceptRole)
        stop = box.addButton(self.tr("Stop and close"), QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(self.tr("Stay open"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        stop.setToolTip(self.tr("What has been done so far is kept"))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        finish.clicked.connect(lambda: self._decide("finish"))
        stop.clicked.connect(lambda: self._decide("stop"))
        stay.clicked.connect(lambda: self._decide(None))
        box.destroyed.connect(self._on_box_destroyed)
        return box

    @Slot()
    def _on_box_destroyed(self) -> None:
        self._box = None

    def _decide(self, decided: Literal["finish", "stop"] | None) -> None:
        self._decided = decided
        self._errors_before = self._errors()
        if decided == "stop":
            self.stop_wanted.emit()
        if decided is None:
            self._timer.stop()
        else:
            self._timer.start()
        self.changed.emit()

    @Slot()
    def _look(self) -> None:
        unfinished = self._unfinished()
        if self._box is not None and self._box.isVisible():
            if unfinished:
                self._box.setInformativeText("\n".join(unfinished))
                return
            self._box.close()
        if unfinished:
            return
        if self._decided == "finish" and not set(self._errors()) <= set(self._errors_before):
            self._decide(None)
            return
        self._timer.stop()
        self.allowed.emit()
