"""A piece of work with an end, beside the GUI thread."""

import threading
from collections.abc import Callable, Generator
from contextlib import closing
from typing import Any

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from fruitgui.workers.errors import explain
from trainer.control import drain
from trainer.errors import TrainerError

Steps = Callable[[], Any]
"""What a task does: a function, or one that makes a generator, whose steps are its progress."""


class _CancelledError(Exception):
    """Nobody waits for what comes of it any more."""


_running: set["Task"] = set()
"""Tasks whose thread has not ended. Whoever made one may forget it; a thread that is deleted before
its end takes the program with it."""


class Task(QThread):
    """Calls a function in the thread; where that makes a generator, drains it.

    Of ``succeeded``, ``failed`` and ``cancelled`` exactly one is emitted, then ``ended``: all of
    them by the thread that made the task, so that nothing comes of one that it has cancelled.

    Signals:
        progressed(object): what the generator yields.
        succeeded(object): what it, or the function, returns.
        failed(TrainerError): why it could not.
        cancelled()
        ended()
    """

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    ended = Signal()
    _stepped = Signal(object)
    _drained = Signal(object, object)

    def __init__(self, steps: Steps, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps = steps
        self._cancel = threading.Event()
        self.has_ended = False
        self._stepped.connect(self._on_stepped)
        self._drained.connect(self._on_drained)
        self.finished.connect(self._on_finished)

    def cancel(self) -> None:
        """Ask for the end, which comes at the generator's next step, or with the function's."""
        self._cancel.set()

    @property
    def is_cancelled(self) -> bool:
        return self._cancel.is_set()

    def shut_down(self) -> None:
        """Cancel, and wait for the end."""
        self.cancel()
        self.wait()

    def start(self, *priority: QThread.Priority) -> None:
        _running.add(self)
        super().start(*priority)

    @Slot()
    def _on_finished(self) -> None:
        self.wait()
        # Not from its own slot: it may be the last that holds it.
        QTimer.singleShot(0, lambda: _running.discard(self))

    def run(self) -> None:
        try:
            result = None if self.is_cancelled else self._steps()
            # What it was made with, an image say, is not kept for as long as the task is.
            self._steps = _nothing
            if isinstance(result, Generator):
                with closing(result) as steps:
                    result = drain(steps, self._tell)
            self._drained.emit(result, None)
        except _CancelledError:
            self._drained.emit(None, None)
        except Exception as error:  # noqa: BLE001  (nothing may escape a thread)
            self._drained.emit(None, explain(error))

    def _tell(self, step: object) -> None:
        if self.is_cancelled:
            raise _CancelledError
        self._stepped.emit(step)

    @Slot(object)
    def _on_stepped(self, step: object) -> None:
        if not self.is_cancelled:
            self.progressed.emit(step)

    @Slot(object, object)
    def _on_drained(self, result: object, error: TrainerError | None) -> None:
        self.has_ended = True
        if self.is_cancelled:
            self.cancelled.emit()
        elif error is not None:
            self.failed.emit(error)
        else:
            self.succeeded.emit(result)
        self.ended.emit()


def _nothing() -> None:
    pass


class Tasks:
    """Owns the short tasks of a page: starts them, and lets them go once they have ended."""

    def __init__(self) -> None:
        self._tasks: list[Task] = []

    @property
    def are_running(self) -> bool:
        return any(not task.has_ended for task in self._tasks)

    def start(
        self,
        steps: Steps,
        on_success: Callable[[Any], None] | None = None,
        on_failure: Callable[[Any], None] | None = None,
        on_progress: Callable[[Any], None] | None = None,
        *,
        on_cancel: Callable[[], None] | None = None,
        on_end: Callable[[], None] | None = None,
    ) -> Task:
        """Start a task. A slot that is connected to what this returns may come too late.

        Args:
            on_success, on_failure, on_progress, on_cancel, on_end: slots of objects of the GUI
                thread; the last is called in any case, after the others.
        """
        self._let_go()
        task = Task(steps)
        for signal, slot in (
            (task.succeeded, on_success),
            (task.failed, on_failure),
            (task.progressed, on_progress),
            (task.cancelled, on_cancel),
            (task.ended, on_end),
        ):
            if slot is not None:
                signal.connect(slot)
        self._tasks.append(task)
        task.start()
        return task

    def finish(self) -> None:
        """Wait until all have done what they are for."""
        for task in self._tasks:
            task.wait()
        self._tasks.clear()

    def cancel(self) -> None:
        """Ask all of them for their end."""
        for task in self._tasks:
            task.cancel()

    def shut_down(self) -> None:
        """Cancel all, and wait for that."""
        self.cancel()
        self.finish()

    def _let_go(self) -> None:
        for task in [task for task in self._tasks if task.has_ended]:
            task.wait()
            self._tasks.remove(task)
