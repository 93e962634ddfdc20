"""The thread that trains a comparison's runs."""

from collections.abc import Callable
from contextlib import closing

from PySide6.QtCore import QObject, QThread, Signal

from fruitgui.workers.errors import explain
from fruitgui.workers.throttle import Throttle
from fruitgui.workers.time_estimate import wait_for_estimates
from trainer.control import Control, Stopped, drain
from trainer.experiments.comparison import Comparison, ComparisonEvent


class ComparisonThread(QThread):
    """Drains :func:`trainer.training.compare.compare`.

    Exactly one of ``completed`` and ``failed`` is emitted, then Qt's ``finished``.

    Signals:
        opened(Comparison): it stands on disk, and its runs are about to be trained.
        happened(ComparisonEvent): what its runs say; of batches and steps of preparation no more
            than ten a second.
        completed(bool): whether all runs were gone through, rather than stopped.
        failed(TrainerError)
    """

    opened = Signal(object)
    happened = Signal(object)
    completed = Signal(bool)
    failed = Signal(object)

    def __init__(
        self, make_comparison: Callable[[], Comparison], parent: QObject | None = None
    ) -> None:
        """Prepare to train.

        Args:
            make_comparison: creates a comparison, or opens one to go on with; called in the thread.
        """
        super().__init__(parent)
        self.control = Control()
        self._make_comparison = make_comparison
        self._throttle = Throttle()

    def shut_down(self) -> None:
        """Stop, keep what is done, and wait for that."""
        self.control.stop()
        self.wait()

    def _tell_if_wanted(self, event: ComparisonEvent) -> None:
        self.control.obey()
        self._tell(event)

    def _tell(self, event: ComparisonEvent) -> None:
        if self._throttle.is_due(event):
            self.happened.emit(event)

    def run(self) -> None:
        try:
            wait_for_estimates()
            comparison = self._make_comparison()
            data_set = drain(comparison.read_data(), self._tell_if_wanted)
            self.opened.emit(comparison)
            # Importing torch takes seconds; the window stands meanwhile.
            from trainer.training.compare import compare

            with closing(compare(comparison, data_set, control=self.control)) as steps:
                self.completed.emit(drain(steps, self._tell))
        except Stopped:
            # While the photos were looked at.
            self.completed.emit(False)
        except Exception as error:  # noqa: BLE001  (nothing may escape a thread)
            self.failed.emit(explain(error))
