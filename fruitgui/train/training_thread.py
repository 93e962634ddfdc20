"""The thread that trains."""

from collections.abc import Callable
from contextlib import closing

from PySide6.QtCore import QObject, QThread, Signal

from fruitgui.workers.errors import explain
from fruitgui.workers.throttle import Throttle
from fruitgui.workers.time_estimate import wait_for_estimates
from trainer.control import Control, Stopped, drain
from trainer.events import Event, Finished, RunStarted
from trainer.experiments import run_database
from trainer.experiments.run import Run


class TrainingThread(QThread):
    """Drains :func:`trainer.training.fit.fit`.

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
        self._throttle = Throttle()

    def shut_down(self) -> None:
        """Stop, keep the best model, and wait for that."""
        self.control.stop()
        self.wait()

    def run(self) -> None:
        try:
            wait_for_estimates()
            run = self._make_run()
            data_set = drain(run.read_data(), self._tell)
            # Importing torch takes seconds; the window stands meanwhile.
            from trainer.training.fit import fit

            with closing(fit(run, data_set, control=self.control)) as events:
                for event in events:
                    if isinstance(event, Finished):
                        self.completed.emit(event)
                    elif self._throttle.is_due(event):
                        self.happened.emit(event)
                    if isinstance(event, RunStarted):
                        for epoch in run_database.epochs_of(run.id)[: event.first_epoch - 1]:
                            self.happened.emit(epoch)
        except Stopped:
            # Before there was anything to keep.
            self.completed.emit(Finished("stopped", None, 0, 0.0, 0.0, (0.0, 1.0), 0.0))
        except Exception as error:  # noqa: BLE001  (nothing may escape a thread)
            self.failed.emit(explain(error))

    def _tell(self, event: Event) -> None:
        self.control.obey()
        if self._throttle.is_due(event):
            self.happened.emit(event)
