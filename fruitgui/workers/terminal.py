"""The terminal that the app was started from."""

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot


class Terminal(QObject):
    """Tells when the user presses Ctrl+C there, or the system asks the program to end.

    Python runs its handlers of signals only between its own steps, and Qt's loop has none while
    nothing happens: a socket that is written to wakes it.

    Signals:
        interrupted(): Ctrl+C.
        terminated(): the system shuts down, say.
    """

    interrupted = Signal()
    terminated = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_terminated = False
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.setblocking(False)
        self._before = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._handlers = {
            number: signal.signal(number, _let_pass) for number in (signal.SIGINT, signal.SIGTERM)
        }
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_woken)

    @Slot()
    def leave(self) -> None:
        """Let signals do again what they did before."""
        if not self._handlers:
            return
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._handlers = {}
        for end in (self._reader, self._writer):
            end.close()

    @Slot()
    def _on_woken(self) -> None:
        # The numbers of the signals, a byte each.
        numbers = set(self._reader.recv(4096))
        if signal.SIGTERM in numbers and self._is_terminated:
            # Whoever asks twice does not want to wait.
            self.leave()
            signal.raise_signal(signal.SIGTERM)
        elif signal.SIGTERM in numbers:
            self._is_terminated = True
            self.terminated.emit()
        elif signal.SIGINT in numbers:
            self.interrupted.emit()


def _let_pass(number: int, frame: FrameType | None) -> None:
    pass
