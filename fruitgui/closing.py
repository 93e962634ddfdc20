"""Closing the window while something is at work that would be lost."""

from collections.abc import Callable, Sequence
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from fruitgui.widgets.notice import Notice

_MILLISECONDS_BETWEEN_LOOKS = 100

Decision = Literal["finish", "stop"]


class Closing(QObject):
    """Asks before the window closes, where that would lose something; then closes it once it may.

    Signals:
        allowed(): the window closes now, as was decided.
        finish_wanted(): what is at work is to go on, were it paused.
        stop_wanted(): what is at work is to be stopped.
        changed(): what was decided has changed.
    """

    allowed = Signal()
    finish_wanted = Signal()
    stop_wanted = Signal()
    changed = Signal()

    def __init__(self, unfinished: Callable[[], Sequence[str]], window: QWidget) -> None:
        """Args: *unfinished* says in a sentence each what would be lost now."""
        super().__init__(window)
        self._unfinished = unfinished
        self._window = window
        self._box: QMessageBox | None = None
        self._errors_before = 0
        self.decided: Decision | None = None
        """What is to become of what is at work, before the window closes by itself."""
        self._timer = QTimer(self)
        self._timer.setInterval(_MILLISECONDS_BETWEEN_LOOKS)
        self._timer.timeout.connect(self._look)

    def may_close(self) -> bool:
        """Whether nothing would be lost; asks the user otherwise, or stops what was begun since it
        was decided to stop."""
        unfinished = self._unfinished()
        if not unfinished:
            self._timer.stop()
            return True
        if self.decided == "stop":
            self.stop_wanted.emit()
        else:
            self._ask(unfinished)
        return False

    @Slot()
    def stop(self) -> None:
        """Close without asking, once everything is stopped."""
        self._decide("stop")

    @Slot()
    def stay(self) -> None:
        """Do not close after all; what was stopped stays so."""
        self._decide(None)

    def _ask(self, unfinished: Sequence[str]) -> None:
        if self._box is None:
            self._box = self._new_box()
            self._box.open()
            self._timer.start()
        self._show(unfinished)
        self._box.raise_()

    def _show(self, unfinished: Sequence[str]) -> None:
        """Say what is at work, and what would become of it."""
        stopped = self.tr("If you stop, what has been done so far is kept.")
        if self._box is not None:
            self._box.setInformativeText("\n".join([*unfinished, "", stopped]))

    def _new_box(self) -> QMessageBox:
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(self.tr("Some work is not finished."))
        finish = box.addButton(self.tr("Finish, then close"), QMessageBox.ButtonRole.AcceptRole)
        stop = box.addButton(self.tr("Stop and close"), QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(self.tr("Stay open"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        finish.clicked.connect(lambda: self._decide("finish"))
        stop.clicked.connect(lambda: self._decide("stop"))
        stay.clicked.connect(self.stay)
        # Also where the box itself is closed, and nothing was decided.
        box.finished.connect(self._on_box_finished)
        return box

    @Slot()
    def _on_box_finished(self) -> None:
        box, self._box = self._box, None
        if box is not None:
            box.deleteLater()
        if self.decided is None:
            self._timer.stop()

    def _decide(self, decided: Decision | None) -> None:
        self.decided = decided
        self._errors_before = Notice.errors_shown
        if decided is None:
            self._timer.stop()
        else:
            self._timer.start()
            (self.stop_wanted if decided == "stop" else self.finish_wanted).emit()
        self.changed.emit()

    @Slot()
    def _look(self) -> None:
        unfinished = self._unfinished()
        if self.decided is None:
            # The question is still open: it is answered by what it is about.
            if self._box is not None and unfinished:
                self._show(unfinished)
            elif self._box is not None:
                self._box.close()
            return
        if unfinished:
            return
        if self.decided == "finish" and Notice.errors_shown > self._errors_before:
            self.stay()  # What went wrong is to be read.
            return
        self._timer.stop()
        self.allowed.emit()
