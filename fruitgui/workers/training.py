"""The thread that trains."""

import time
from collections.abc import Callable
from contextlib import closing

from PySide6.QtCore import QObject, QThread, Signal

from fruitgui.workers.failure import explain
from trainer import run_database
from trainer.control import Control
from trainer.dataset import open_data_set
from trainer.events import BatchDone, Event, Finished, Preparing, RunStarted
from trainer.run import Run

_SECONDS_BETWEEN_STEPS = 0.1


class TrainingThread(QThread):
    """Drains :func:`trainer.fit.fit`.

    Exactly one of ``completed`` (also of a run that was stopped) and ``failed`` is emitted, then
    Qt's ``finished``.

    Signals:
        happened(Event): the run's events, after its start also the epochs that it had before it was
            interrupted; of batches and steps of preparation no more than ten a second.
        completed(Finished)
        failed(TrainerError)
    """

    happened = Signal(object)
    completed = Signal(object)
    failed = Signal(object)

    def __init__(self, make_run: Callable[[], Run], parent: QObject | None = None) -> None:
        """Prepare to train.

        Args:
            make_run: creates a run, or opens one to go on with; called in the thread.
        """
        super().__init__(parent)
        self.control = Control()
        self._make_run = make_run
        self._last_step = 0.0

    def shut_down(self) -> None:
        """Stop, keep the best model, and wait for that."""
        self.control.stop()
        self.wait()

    def run(self) -> None:
        try:
            run = self._make_run()
            data_set = open_data_set(run.data)
            # Importing torch takes seconds; the window stands meanwhile.
            from trainer.fit import fit

            with closing(fit(run, data_set, control=self.control)) as events:
                for event in events:
                    if isinstance(event, Finished):
                        self.completed.emit(event)
                    elif self._is_due(event):
                        self.happened.emit(event)
                    if isinstance(event, RunStarted):
                        for epoch in run_database.epochs_of(run.id)[: event.first_epoch - 1]:
                            self.happened.emit(epoch)
        except Exception as error:  # noqa: BLE001  (nothing may escape a thread)
            self.failed.emit(explain(error))

    def _is_due(self, event: Event) -> bool:
        if not isinstance(event, BatchDone | Preparing):
            return True
        now = time.monotonic()
        if now - self._last_step < _SECONDS_BETWEEN_STEPS:
            return False
        self._last_step = now
        return True
