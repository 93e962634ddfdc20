"""A piece of work with an end, beside the GUI thread."""

import threading
from collections.abc import Callable, Generator
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

from fruitgui.workers.failure import explain

Steps = Callable[[], Generator[Any, None, Any]]


class Task(QThread):
    """Drains a generator that is made in the thread.

    Of ``succeeded``, ``failed`` and ``cancelled`` exactly one is emitted, then Qt's ``finished``.

    Signals:
        progressed(object): what the generator yields.
        succeeded(object): what it returns.
        failed(TrainerError): why it could not.
        cancelled()
    """

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, steps: Steps, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps = steps
        self._cancel = threading.Event()

    def cancel(self) -> None:
        """Ask for the end, which comes at the generator's next step."""
        self._cancel.set()

    @property
    def is_cancelled(self) -> bool:
        return self._cancel.is_set()

    def shut_down(self) -> None:
        """Cancel, and wait for the end."""
        self.cancel()
        self.wait()

    def run(self) -> None:
        try:
            steps = self._steps()
            try:
                while not self._cancel.is_set():
                    try:
                        step = next(steps)
                    except StopIteration as end:
                        if self._cancel.is_set():
                            break
                        self.succeeded.emit(end.value)
                        return
                    if not self._cancel.is_set():
                        self.progressed.emit(step)
            finally:
                steps.close()
            self.cancelled.emit()
        except Exception as error:  # noqa: BLE001  (nothing may escape a thread)
            self.failed.emit(explain(error))
