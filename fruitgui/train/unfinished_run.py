"""Offers to go on with the newest run that has not been trained to its end."""

from collections.abc import Generator

from PySide6.QtCore import QDateTime, QLocale, Signal, Slot
from PySide6.QtWidgets import QWidget

from fruitgui.widgets.notice import Notice
from fruitgui.workers.task import Tasks
from trainer.errors import TrainerError
from trainer.experiments import run_database, run_records
from trainer.experiments.run import open_run
from trainer.experiments.run_records import RunRecord


class UnfinishedRunOffer(Notice):
    """Looks for the run when it is made, and shows itself once one is found.

    Signals:
        accepted(RunRecord): the user wants to go on with this run.
        failed(TrainerError): what was asked for could not be done.
    """

    accepted = Signal(object)
    failed = Signal(object)

    _record: RunRecord | None = None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = Tasks()
        self.acted.connect(self._on_accepted)
        self.declined.connect(self._on_declined)
        self._search = self._tasks.start(_find, self.show_record, self.failed.emit)

    def retranslate(self) -> None:
        super().retranslate()
        self._show_offer()

    @Slot(object)
    def show_record(self, record: RunRecord | None) -> None:
        """Offer this run; nothing with None."""
        self._record = record
        self._show_offer()

    def withdraw(self) -> None:
        """Another run has begun: this one is not asked about again before the next start."""
        self._search.cancel()
        self._record = None
        self.hide()

    def shut_down(self) -> None:
        self._tasks.shut_down()

    def _show_offer(self) -> None:
        record = self._record
        if record is None:
            return
        if record.state == "stopped":
            text = self.tr(
                "You stopped the training on “{name}” that began on {date} after epoch {epoch} of "
                "{epochs}."
            )
        elif record.state == "failed":
            text = self.tr(
                "The training on “{name}” that began on {date} failed after epoch {epoch} of "
                "{epochs}."
            )
        else:
            text = self.tr(
                "The training on “{name}” that began on {date} was interrupted after epoch {epoch} "
                "of {epochs}."
            )
        began = QDateTime.fromSecsSinceEpoch(int(record.created.timestamp()))
        self.show_info(
            text.format(
                name=record.data.name,
                date=QLocale().toString(began, QLocale.FormatType.ShortFormat),
                epoch=record.last_epoch,
                epochs=record.recipe.epochs,
            ),
            self.tr("Continue training"),
            self.tr("Not now"),
        )

    @Slot()
    def _on_accepted(self) -> None:
        if self._record is not None:
            self.accepted.emit(self._record)

    @Slot()
    def _on_declined(self) -> None:
        record = self._record
        self.withdraw()
        if record is not None:
            self._tasks.start(lambda: run_database.dismiss(record.id), None, self.failed.emit)


def _find() -> Generator[None, None, RunRecord | None]:
    """Returns the newest run that was interrupted and that no process trains now."""
    for record in run_records.unfinished_runs():
        try:
            run = open_run(str(record.folder))
        except TrainerError:
            continue  # Its folder has gone.
        if not run.is_under_way:
            return record
        yield
    return None
