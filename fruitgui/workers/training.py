"""The thread that trains."""

import time
from contextlib import closing
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from fruitgui.workers.failure import explain
from trainer.control import Control
from trainer.dataset import open_data_set
from trainer.events import BatchDone, Finished
from trainer.recipe import Recipe
from trainer.run import create_run

_SECONDS_BETWEEN_BATCH_EVENTS = 0.1


class TrainingThread(QThread):
    """Drains :func:`trainer.fit.fit`.

    Exactly one of ``completed`` (also of a run that was stopped) and ``failed`` is emitted, then
    Qt's ``finished``.

    Signals:
        happened(Event): the run's events; of batches no more than ten a second.
        completed(Finished)
        failed(TrainerError)
    """

    happened = Signal(object)
    completed = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        recipe: Recipe,
        data: Path,
        threads: int | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.recipe = recipe
        self.data = data
        self.control = Control()
        self._threads = threads
        self._last_batch_event = 0.0

    def shut_down(self) -> None:
        """Stop after the batch under way, keep the best model, and wait for that."""
        self.control.stop()
        self.wait()

    def run(self) -> None:
        try:
            data_set = open_data_set(self.data)
            # Importing torch takes seconds; the window stands meanwhile.
            from trainer.fit import fit

            run = create_run(self.recipe, self.data)
            with closing(fit(run, data_set, control=self.control, threads=self._threads)) as events:
                for event in events:
                    if isinstance(event, Finished):
                        self.completed.emit(event)
                    elif not isinstance(event, BatchDone) or self._is_due():
                        self.happened.emit(event)
        except Exception as error:  # noqa: BLE001  (nothing may escape a thread)
            self.failed.emit(explain(error))

    def _is_due(self) -> bool:
        now = time.monotonic()
        if now - self._last_batch_event < _SECONDS_BETWEEN_BATCH_EVENTS:
            return False
        self._last_batch_event = now
        return True
