"""The Train page's view of a run: what it does, its curves, its epochs, and what came of it."""

from pathlib import Path

from PySide6.QtCore import QLocale, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHeaderView,
    QProgressBar,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from fruitgui import theme
from fruitgui.i18n.errors import translated
from fruitgui.i18n.formats import display_device, duration_range
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.i18n.stage_texts import stage_text
from fruitgui.train.curves import Curves
from fruitgui.train.epoch_table import EpochTable
from fruitgui.widgets.folding import FoldingRow
from fruitgui.widgets.notice import Notice
from fruitgui.widgets.panel import Panel
from fruitgui.widgets.wrapped_label import WrappedLabel
from trainer import events
from trainer.control import Control

FAR_APART = 0.1
"""Between validation and test accuracy: more than chance and a little luck."""
OVERFITTING_GAP = 0.15
"""A gap between training and validation accuracy that is called overfitting, where the validation
loss has risen since its best epoch as well."""

_LOWEST_TABLE = 96
"""In pixels at a text size of 100%: the headings, and an epoch."""


class RunPanel(theme.Scaled, Retranslated, QWidget):
    """Shows a run's events as they come.

    Signals:
        model_chosen(Path): the user wants to use the model that came of it.
        continuation_chosen(): the user wants to go on with the run that was stopped.
    """

    model_chosen = Signal(object)
    continuation_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.epochs = EpochTable(self)
        self.model: Path | None = None
        """The best model of the run shown."""
        self._control: Control | None = None
        self._started: events.RunStarted | None = None
        self.is_empty = True
        """Whether no run is shown."""
        self.has_failed = False
        self._skipped: list[events.PhotoSkipped] = []
        self._shown: events.Event | None = None
        self.status = WrappedLabel("heading")
        self.details = WrappedLabel("caption")
        self._progress = QProgressBar(textVisible=False)
        self._progress.setRange(0, 1000)
        self._loss = Curves()
        self._accuracy = Curves(highest=100, rising=True)
        self._table = QTableView()
        self.warning = Notice()
        self.result = Notice(is_closable=False)
        self._build()
        self.result.acted.connect(self._on_use_model)
        self.result.declined.connect(self.continuation_chosen)
        self.retranslate()

    def _build(self) -> None:
        panels = []
        for plot in (self._loss, self._accuracy):
            panel = Panel()
            panel.column.setContentsMargins(8, 8, 8, 8)
            panel.column.addWidget(plot)
            panels.append(panel)
        self._table.setModel(self.epochs)
        self._table.verticalHeader().hide()
        self._table.setShowGrid(False)
        self._table.setProperty("kind", "dense")
        self._table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE + 4)
        column.addWidget(self.status)
        column.addWidget(self._progress)
        column.addWidget(self.details)
        column.addWidget(self.warning)
        column.addWidget(self.result)
        column.addWidget(FoldingRow(*panels), 3)
        column.addWidget(self._table, 2)

        self.scale()

    def scale(self) -> None:
        self._table.setMinimumHeight(theme.scaled(_LOWEST_TABLE))
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        if theme.text_scale() > 1:
            return  # They may not fit, and then the table is scrolled.
        for number in set(range(EpochTable.COLUMNS)) - set(EpochTable.NARROW):
            header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)

    def begin(self, control: Control) -> None:
        """Clear the panel for a run that *control* steers."""
        self._control = control
        self.is_empty = self.has_failed = False
        self._started = None
        self._shown = None
        self._skipped = []
        self.model = None
        for notice in (self.warning, self.result):
            notice.hide()
        self.epochs.clear()
        self._loss.clear_points()
        self._accuracy.clear_points()
        self.details.clear()
        self._progress.setValue(0)
        self.status.setText(self.tr("Starting…"))

    def show_event(self, event: events.Event) -> None:
        """Show what happened in the run."""
        match event:
            case events.RunStarted():
                self._started = event
                for curves in (self._loss, self._accuracy):
                    curves.set_epochs(event.epochs)
            case events.PhotoSkipped():
                self._skipped.append(event)
            case events.EpochDone():
                self._add_epoch(event)
            case events.Finished():
                self.model = event.model
            case _:
                pass
        self._shown = event
        self._describe(event)

    def show_failure(self, *, can_go_on: bool, has_learnt: bool) -> None:
        """The run has failed; why is said elsewhere.

        Args:
            can_go_on: whether another try may end otherwise.
            has_learnt: whether an epoch is on the disk.
        """
        self._progress.setValue(0)
        self.has_failed = True
        if can_go_on and has_learnt:
            self.result.show_info(
                self.tr("What it has learnt so far is kept."), second=self._go_on()
            )
        elif can_go_on:
            self.result.show_info(
                self.tr("It had not finished its first epoch, so nothing is kept of it yet."),
                second=self.tr("Try again"),
            )
        self.status.setText(self.tr("Training failed"))
        self.details.clear()

    def _add_epoch(self, event: events.EpochDone) -> None:
        self.epochs.append(event)
        self._table.scrollToBottom()
        self._loss.add(event.epoch, event.train_loss, event.validation_loss, event.best)
        self._accuracy.add(
            event.epoch, 100 * event.train_accuracy, 100 * event.validation_accuracy, event.best
        )

    def _describe(self, event: events.Event) -> None:
        match event:
            case events.RunStarted():
                self.details.setText(self._description(event))
            case events.Preparing():
                self._set_status(stage_text(event.stage))
                self._progress.setValue(round(1000 * event.done / max(1, event.total)))
            case events.PhotoSkipped():
                self._describe_skipped()
            case events.BatchSplit():
                self.warning.show_info(
                    self.tr("Memory is short: from now on %n photo(s) at a time.", "", event.photos)
                )
            case events.BatchDone():
                self._describe_batch(event)
            case events.EpochDone():
                self._describe_overfitting()
            case events.Paused():
                self.status.setText(self.tr("Paused"))
            case events.Finished():
                self._describe_end(event)
            case _:
                pass

    def _set_status(self, text: str) -> None:
        # What was asked for stays in sight until it has happened.
        if self._control is None or not (self._control.stopping or self._control.paused):
            self.status.setText(text)

    def _description(self, started: events.RunStarted) -> str:
        return self.tr("On {device}, {precision}, {batch_size} photos a step").format(
            device=display_device(started.device),
            precision=started.precision,
            batch_size=started.batch_size,
        )

    def _describe_skipped(self) -> None:
        last = self._skipped[-1]
        self.warning.show_info(
            self.tr(
                "%n photo(s) could not be read and are left out, the last of them “{name}”: "
                "{reason}",
                "",
                len(self._skipped),
            ).format(name=last.path.name, reason=translated(last.reason))
        )

    def _describe_batch(self, event: events.BatchDone) -> None:
        started = self._started
        if started is None:
            return
        self._set_status(
            self.tr("Epoch {epoch} of {epochs}, {time} left").format(
                epoch=event.epoch, epochs=started.epochs, time=duration_range(*event.seconds_left)
            )
        )
        figures = self.tr("Loss {loss}, {speed} photos a second, {memory} of memory").format(
            loss=f"{event.loss:.3f}",
            speed=f"{event.images_per_second:.3g}"
            if event.images_per_second < 100
            else f"{event.images_per_second:,.0f}",
            memory=QLocale().formattedDataSize(
                event.memory_bytes, 1, QLocale.DataSizeFormat.DataSizeSIFormat
            ),
        )
        self.details.setText(f"{self._description(started)}\n{figures}")
        share = (event.epoch - 1 + event.batch / event.batches) / started.epochs
        self._progress.setValue(round(1000 * share))

    def _describe_overfitting(self) -> None:
        last, best = self.epochs.last, self.epochs.best
        if last is None or best is None or last.gap < OVERFITTING_GAP:
            return
        if last.validation_loss <= best.validation_loss:
            return
        self.warning.show_info(
            self.tr(
                "Overfitting: training accuracy {training}, but validation accuracy only "
                "{validation}. More photos or stronger augmentation help. The best epoch is kept."
            ).format(
                training=f"{last.train_accuracy:.0%}", validation=f"{last.validation_accuracy:.0%}"
            )
        )

    def _describe_end(self, event: events.Finished) -> None:
        self.details.clear()
        if event.model is None:
            self.status.setText(self.tr("Stopped before the first epoch ended: there is no model."))
            self.result.show_info(self.tr("Its settings are kept."), second=self.tr("Start again"))
            return
        if event.ending != "stopped":
            self._progress.setValue(1000)
        reasons = {
            "completed": self.tr("Done"),
            "early_stopping": self.tr("Done: stopped early, as it no longer improved"),
            "stopped": self.tr("Stopped, and the best model is kept"),
            "diverged": self.tr(
                "Stopped: the loss is no longer a number. Lower the learning rate."
            ),
        }
        self.status.setText(reasons[event.ending])
        low, high = event.validation_interval
        text = self.tr(
            "Validation accuracy {accuracy} ({low} to {high}, 95% interval). The best model, "
            "from epoch {epoch}, is kept."
        ).format(
            epoch=event.best_epoch,
            accuracy=f"{event.validation_accuracy:.1%}",
            low=f"{low:.0%}",
            high=f"{high:.0%}",
        )
        if event.test_photos:
            low, high = event.test_interval
            text += " " + self.tr(
                "Test accuracy {accuracy} ({low} to {high}), on %n photo(s) that it has never "
                "seen.",
                "",
                event.test_photos,
            ).format(accuracy=f"{event.test_accuracy:.1%}", low=f"{low:.0%}", high=f"{high:.0%}")
            if event.validation_accuracy - event.test_accuracy > FAR_APART:
                text += " " + self.tr(
                    "That is much lower: the validation photos are like the training photos, "
                    "or the starting weights were trained on them. Trust the test accuracy."
                )
        if event.untested is not None:
            text += " " + translated(event.untested)
        self.result.show_info(
            text,
            self.tr("Use this model"),
            self._go_on() if event.ending == "stopped" else "",
        )

    def _go_on(self) -> str:
        return self.tr("Continue training")

    @Slot()
    def _on_use_model(self) -> None:
        if self.model is not None:
            self.model_chosen.emit(self.model)

    def retranslate(self) -> None:
        training, validation = self.tr("training"), self.tr("validation")
        self._loss.set_texts(self.tr("Loss"), training, validation)
        self._accuracy.set_texts(self.tr("Accuracy (%)"), training, validation)
        self._table.setAccessibleName(self.tr("Epochs"))
        self.epochs.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, EpochTable.COLUMNS - 1)
        if self._shown is not None:
            self._describe(self._shown)
