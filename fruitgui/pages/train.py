"""The Train page: teach a model one's own photos, and watch it learn."""

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QScrollArea,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from fruitgui import theme
from fruitgui.models.epochs import EpochTable
from fruitgui.pages.recipe_form import RecipeForm
from fruitgui.settings import Settings
from fruitgui.trainer_texts import translated
from fruitgui.widgets.curves import Curves
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.notice import Notice
from fruitgui.widgets.panel import Panel, label
from fruitgui.workers.chores import read_data_set, write_demo_data
from fruitgui.workers.task import Task
from fruitgui.workers.training import TrainingThread
from trainer import events
from trainer.dataset import DataSet
from trainer.errors import TrainerError


class TrainPage(QWidget):
    """Choose photos and a recipe, train, and use the best model.

    Signals:
        model_made(Path): a run ended, and its best model is this file.
        model_chosen(Path): the user wants to use this model.
    """

    model_made = Signal(object)
    model_chosen = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._data: DataSet | None = None
        self._data_task: Task | None = None
        self._training: TrainingThread | None = None
        self._model: Path | None = None
        self._skipped: list[events.PhotoSkipped] = []
        self.epochs = EpochTable(self)
        self.setAcceptDrops(True)
        self._build()
        self._connect()
        self.retranslate()

    def _build(self) -> None:
        self._title = label("title")
        self._subtitle = label("muted")
        self.notice = Notice()
        columns = QHBoxLayout()
        columns.setSpacing(2 * theme.SPACE)
        columns.addWidget(self._build_choices())
        columns.addLayout(self._build_progress(), 1)
        heading = QVBoxLayout()
        heading.setSpacing(2)
        heading.addWidget(self._title)
        heading.addWidget(self._subtitle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(heading)
        layout.addWidget(self.notice)
        layout.addLayout(columns, 1)

    def _build_choices(self) -> QWidget:
        panel = Panel()
        self._photos_name = label("heading")
        self._choose_folder = IconButton("folder")
        self._choose_zip = IconButton("zip")
        self._choose_demo = IconButton("sparkle")
        self._data_summary = label("caption", wrapped=True)
        self._recipe_name = label("heading")
        self.form = RecipeForm(self._settings)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE)
        row.addWidget(self._choose_folder)
        row.addWidget(self._choose_zip)
        panel.column.addWidget(self._photos_name)
        panel.column.addLayout(row)
        panel.column.addWidget(self._choose_demo)
        panel.column.addWidget(self._data_summary)
        panel.column.addSpacing(theme.SPACE)
        panel.column.addWidget(self._recipe_name)
        panel.column.addWidget(self.form)
        panel.column.addStretch()
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(panel)

        self._start = IconButton("play", "primary")
        self._pause = IconButton("pause")
        self._stop = IconButton("stop")
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE)
        buttons.addWidget(self._start, 1)
        buttons.addWidget(self._pause)
        buttons.addWidget(self._stop)
        side = QWidget()
        side.setFixedWidth(340)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE + 4)
        column.addWidget(scroll, 1)
        column.addLayout(buttons)
        return side

    def _build_progress(self) -> QVBoxLayout:
        self._status = label("heading")
        self._details = label("caption", wrapped=True)
        self._progress = QProgressBar(textVisible=False)
        self._progress.setRange(0, 1000)
        self._loss = Curves()
        self._accuracy = Curves(highest=100, rising=True)
        curves = QHBoxLayout()
        curves.setSpacing(2 * theme.SPACE)
        for plot in (self._loss, self._accuracy):
            panel = Panel()
            panel.column.setContentsMargins(8, 8, 8, 8)
            panel.column.addWidget(plot)
            curves.addWidget(panel)
        self._table = QTableView()
        self._table.setModel(self.epochs)
        self._table.verticalHeader().hide()
        self._table.setShowGrid(False)
        self._table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.result = Notice()
        column = QVBoxLayout()
        column.setSpacing(theme.SPACE + 4)
        column.addWidget(self._status)
        column.addWidget(self._progress)
        column.addWidget(self._details)
        column.addWidget(self.result)
        column.addLayout(curves, 3)
        column.addWidget(self._table, 2)
        return column

    def _connect(self) -> None:
        self._choose_folder.clicked.connect(self._on_choose_folder)
        self._choose_zip.clicked.connect(self._on_choose_zip)
        self._choose_demo.clicked.connect(self.use_demo_data)
        self._start.clicked.connect(self.start)
        self._pause.clicked.connect(self._on_pause)
        self._stop.clicked.connect(self.stop)
        self.result.acted.connect(self._on_use_model)

    def retranslate(self) -> None:
        self._title.setText(self.tr("Train"))
        self._subtitle.setText(self.tr("Teach a model your own fruit, or anything else"))
        self._photos_name.setText(self.tr("1  Photos"))
        self._choose_folder.setText(self.tr("Folder…"))
        self._choose_zip.setText(self.tr("Zip…"))
        self._choose_demo.setText(self.tr("Try the demo photos"))
        self._recipe_name.setText(self.tr("2  How to learn"))
        self._start.setText(self.tr("Start"))
        self._stop.setText(self.tr("Stop"))
        training, validation = self.tr("training"), self.tr("validation")
        self._loss.set_texts(self.tr("Loss"), training, validation)
        self._accuracy.set_texts(self.tr("Accuracy (%)"), training, validation)
        self._table.setAccessibleName(self.tr("Epochs"))
        self.epochs.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, EpochTable.COLUMNS - 1)
        self._describe_data()
        self._show_state()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    # Photos

    def use_data(self, source: Path) -> None:
        """Read a data set's folder or zip, beside the GUI thread."""
        self._start_data_task(Task(lambda: read_data_set(source), self))
        self._data_summary.setText(self.tr("Reading “{name}”…").format(name=source.name))

    @Slot()
    def use_demo_data(self) -> None:
        """Render the demo data set where it is not there yet, and read it."""
        self._start_data_task(Task(write_demo_data, self))
        self.form.use_preset("quick")
        self._data_summary.setText(self.tr("Drawing the demo photos…"))

    def _start_data_task(self, task: Task) -> None:
        if self._data_task is not None:
            # It has ended, or is about to: while it reads, there is nothing to start another with.
            self._data_task.shut_down()
        self.notice.hide()
        self._data = None
        self._data_task = task
        task.progressed.connect(self._on_data_progressed)
        task.succeeded.connect(self._on_data_ready)
        task.failed.connect(self._on_data_failed)
        task.finished.connect(self._show_state)
        task.start()
        self._show_state()

    @Slot(object)
    def _on_data_progressed(self, step: tuple[int, int] | None) -> None:
        if step is not None:
            done, total = step
            self._data_summary.setText(
                self.tr("Drawing the demo photos: {done} of {total}").format(done=done, total=total)
            )

    @Slot(object)
    def _on_data_ready(self, result: DataSet | Path) -> None:
        if isinstance(result, Path):
            self.use_data(result)
            return
        self._data = result
        self._describe_data()
        self._show_state()

    @Slot(object)
    def _on_data_failed(self, error: TrainerError) -> None:
        self._data = None
        self._describe_data()
        self.notice.show_error(translated(error))
        self._show_state()

    @property
    def _is_reading(self) -> bool:
        return self._data_task is not None and not self._data_task.isFinished()

    def _describe_data(self) -> None:
        if self._training is None and self._model is None:
            self._status.setText(
                self.tr("Ready to start") if self._data else self.tr("Choose photos to start")
            )
        if self._data is None:
            self._data_summary.setText(
                self.tr("One folder a class. Drop the folder or zip on this page, or choose it.")
            )
            return
        data = self._data
        self._data_summary.setText(
            self.tr(
                "{name}: {classes} classes, {training} photos to learn from, "
                "{validation} to check with"
            ).format(
                name=data.root.name,
                classes=len(data.classes),
                training=len(data.splits.get("train", ())),
                validation=len(data.splits.get("validation", ())),
            )
        )

    @Slot()
    def _on_choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self, self.tr("Choose a folder with one folder a class"), self._settings.last_folder
        )
        if name:
            self._settings.last_folder = name
            self.use_data(Path(name))

    @Slot()
    def _on_choose_zip(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Choose a zip of photos"),
            self._settings.last_folder,
            self.tr("Zip files ({patterns})").format(patterns="*.zip"),
        )
        if name:
            self._settings.last_folder = str(Path(name).parent)
            self.use_data(Path(name))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        has_files = any(url.isLocalFile() for url in event.mimeData().urls())
        if has_files and not self.is_training and not self._is_reading:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        event.acceptProposedAction()
        self.use_data(Path(event.mimeData().urls()[0].toLocalFile()))

    # Training

    @property
    def is_training(self) -> bool:
        return self._training is not None

    @property
    def training(self) -> TrainingThread | None:
        """The run under way."""
        return self._training

    @Slot()
    def start(self) -> None:
        """Train on the chosen photos."""
        if self._data is None or self._training is not None:
            return
        self.notice.hide()
        self.result.hide()
        self._skipped = []
        self.epochs.clear()
        self._loss.clear_points()
        self._accuracy.clear_points()
        for curves in (self._loss, self._accuracy):
            curves.set_epochs(self.form.recipe.epochs)
        self._details.clear()
        self._progress.setValue(0)
        training = TrainingThread(self.form.recipe, self._data.root, parent=self)
        training.happened.connect(self._on_happened)
        training.completed.connect(self._on_completed)
        training.failed.connect(self._on_failed)
        training.finished.connect(self._on_training_finished)
        self._training = training
        training.start()
        self._status.setText(self.tr("Starting…"))
        self._show_state()

    @Slot()
    def stop(self) -> None:
        """Ask the run to stop; its best model is kept."""
        if self._training is not None:
            self._training.control.stop()
            self._status.setText(self.tr("Stopping…"))
            self._show_state()

    @Slot()
    def _on_pause(self) -> None:
        if self._training is None:
            return
        control = self._training.control
        if control.paused:
            control.resume()
        else:
            control.pause()
            self._status.setText(self.tr("Pausing…"))
        self._show_state()

    def shut_down(self) -> None:
        """Stop what runs, keep the best model, and wait for that."""
        if self._data_task is not None:
            self._data_task.shut_down()
        if self._training is not None:
            self._training.shut_down()

    @Slot()
    def _show_state(self) -> None:
        training = self._training
        is_paused = training is not None and training.control.paused
        is_stopping = training is not None and training.control.stopping
        self._start.setEnabled(training is None and self._data is not None)
        self._pause.setEnabled(training is not None and not is_stopping)
        self._pause.set_icon("play" if is_paused else "pause")
        self._pause.setText(self.tr("Go on") if is_paused else self.tr("Pause"))
        self._stop.setEnabled(training is not None and not is_stopping)
        self.form.setEnabled(training is None)
        for button in (self._choose_folder, self._choose_zip, self._choose_demo):
            button.setEnabled(training is None and not self._is_reading)

    @Slot(object)
    def _on_happened(self, event: events.Event) -> None:
        match event:
            case events.RunStarted():
                self._details.setText(
                    self.tr("On {device}, {precision}").format(
                        device=event.device, precision=event.precision
                    )
                )
            case events.Preparing():
                stages = {
                    "weights": self.tr("Downloading the weights…"),
                    "decode": self.tr("Reading the photos…"),
                    "trunk": self.tr("Looking at each photo once…"),
                }
                self._status.setText(stages.get(event.stage, ""))
                self._progress.setValue(round(1000 * event.done / max(1, event.total)))
            case events.PhotoSkipped():
                self._skipped.append(event)
                self._show_skipped()
            case events.BatchDone():
                self._show_batch(event)
            case events.EpochDone():
                self._show_epoch(event)
            case events.Paused():
                self._status.setText(self.tr("Paused"))
            case _:
                pass

    def _show_skipped(self) -> None:
        self.notice.show_info(
            self.tr(
                "%n photo(s) could not be read and are left out, the last of them “{name}”: "
                "{reason}",
                "",
                len(self._skipped),
            ).format(name=self._skipped[-1].path.name, reason=translated(self._skipped[-1].reason))
        )

    def _show_batch(self, event: events.BatchDone) -> None:
        recipe = self._training.recipe if self._training else None
        epochs = recipe.epochs if recipe else event.epoch
        if self._training is None or not self._training.control.stopping:
            self._status.setText(
                self.tr("Epoch {epoch} of {epochs}, {time} left at most").format(
                    epoch=event.epoch, epochs=epochs, time=self._duration(event.seconds_left[1])
                )
            )
        self._details.setText(
            self.tr("Loss {loss}, {speed} photos a second").format(
                loss=f"{event.loss:.3f}", speed=round(event.images_per_second)
            )
        )
        share = (event.epoch - 1 + event.batch / event.batches) / epochs
        self._progress.setValue(round(1000 * share))

    def _duration(self, seconds: float) -> str:
        if seconds < 90:
            return self.tr("{count} s").format(count=max(1, round(seconds)))
        if seconds < 90 * 60:
            return self.tr("{count} min").format(count=round(seconds / 60))
        return self.tr("{count} h").format(count=f"{seconds / 3600:.1f}")

    def _show_epoch(self, event: events.EpochDone) -> None:
        self.epochs.append(event)
        self._table.scrollToBottom()
        self._loss.add(event.epoch, event.train_loss, event.validation_loss, event.best)
        self._accuracy.add(
            event.epoch,
            100 * event.train_accuracy,
            100 * event.validation_accuracy,
            event.best,
        )

    @Slot(object)
    def _on_completed(self, event: events.Finished) -> None:
        self._model = event.model
        if event.model is None:
            self._status.setText(
                self.tr("Stopped before the first epoch ended: there is no model.")
            )
            return
        self._progress.setValue(1000)
        reasons = {
            "completed": self.tr("Done"),
            "early_stopping": self.tr("Done: it had stopped getting better"),
            "stopped": self.tr("Stopped, and the best model is kept"),
        }
        self._status.setText(reasons[event.ending])
        self._details.clear()
        self.result.show_info(
            self.tr(
                "The best model is of epoch {epoch}: it names {accuracy} of the photos that it was "
                "checked with."
            ).format(epoch=event.best_epoch, accuracy=f"{event.validation_accuracy:.1%}"),
            self.tr("Use this model"),
        )
        self.model_made.emit(event.model)

    @Slot(object)
    def _on_failed(self, error: TrainerError) -> None:
        self._progress.setValue(0)
        self._status.setText(self.tr("The training has failed"))
        self._details.clear()
        self.notice.show_error(translated(error))

    @Slot()
    def _on_training_finished(self) -> None:
        if self._training is not None:
            self._training.wait()
        self._training = None
        self._show_state()

    @Slot()
    def _on_use_model(self) -> None:
        if self._model is not None:
            self.model_chosen.emit(self._model)
