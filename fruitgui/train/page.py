"""The Train page: teach a model one's own photos, and watch it learn."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from fruitgui import theme
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.mime_data import dropped_files, first_file
from fruitgui.settings import Settings
from fruitgui.train.choices_panel import ChoicesPanel
from fruitgui.train.inspection.view import InspectionView
from fruitgui.train.run_panel import RunPanel
from fruitgui.train.training_thread import TrainingThread
from fruitgui.train.unfinished_run import UnfinishedRunOffer
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.moved_data import MovedData
from fruitgui.widgets.notice import Notice
from fruitgui.widgets.page_stack import PageStack
from fruitgui.widgets.panel import label
from fruitgui.workers.task import Steps, Tasks
from trainer import events
from trainer.config.recipe import Recipe
from trainer.errors import DataNotFoundError, RecipeError, TrainerError
from trainer.experiments.moved_data import run_on, with_labels
from trainer.experiments.run import STATE, Run, create_run, open_run
from trainer.experiments.run_records import RunRecord


class TrainPage(Retranslated, QWidget):
    """Choose photos and a recipe, train, and use the best model.

    Signals:
        model_made(Path): a run ended, and its best model is this file.
        model_chosen(Path): the user wants to use this model.
        training_changed(bool): whether a model is being trained here.
        follow_up_accepted(): what was offered by :meth:`offer_follow_up`.
    """

    model_made = Signal(object)
    model_chosen = Signal(object)
    training_changed = Signal(bool)
    follow_up_accepted = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._training: TrainingThread | None = None
        self._run_folder: Path | None = None
        self._continued: Path | None = None
        """The folder of the run that is gone on with, until another begins."""
        self._starts_when_read = False
        self._is_blocked = False
        self.is_taught_by_camera = False
        """Whether what is trained, or was last, came from the Camera page in one click."""
        self._tasks = Tasks()
        self.choices = ChoicesPanel(settings)
        self.data = self.choices.data
        self.form = self.choices.form
        self.run_panel = RunPanel()
        self.inspection = InspectionView()
        self.moved_data = MovedData(settings, self)
        self.setAcceptDrops(True)
        self._build()
        self._connect()
        self.retranslate()

    def _build(self) -> None:
        self._title = label("title")
        self._subtitle = label("muted")
        self.notice = Notice()
        self.unfinished_run = UnfinishedRunOffer()
        self.follow_up = Notice()
        columns = QHBoxLayout()
        columns.setSpacing(2 * theme.SPACE)
        columns.addWidget(self._build_side())
        columns.addWidget(self.run_panel, 1)
        heading = QVBoxLayout()
        heading.setSpacing(2)
        heading.addWidget(self._title)
        heading.addWidget(self._subtitle)
        training = QWidget()
        column = QVBoxLayout(training)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * theme.SPACE)
        column.addLayout(heading)
        column.addWidget(self.unfinished_run)
        column.addWidget(self.follow_up)
        column.addWidget(self.notice)
        column.addLayout(columns, 1)
        self._views = PageStack()
        self._views.addWidget(training)
        self._views.addWidget(self.inspection)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.addWidget(self._views)

    def _build_side(self) -> QWidget:
        self._start = IconButton("play", "primary")
        self._pause = IconButton("pause")
        self._stop = IconButton("stop")
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE)
        buttons.addWidget(self._start, 1)
        buttons.addWidget(self._pause)
        buttons.addWidget(self._stop)
        side = QWidget()
        theme.fix_width(side, 340)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE + 4)
        column.addWidget(self.choices, 1)
        column.addLayout(buttons)
        return side

    def _connect(self) -> None:
        self._start.clicked.connect(self.start)
        self._pause.clicked.connect(self._on_pause)
        self._stop.clicked.connect(self.stop)
        self.choices.look.clicked.connect(self._on_look)
        self.inspection.closed.connect(self._show_training)
        self.inspection.data_changed.connect(self.data.note_changed)
        self.data.data_changed.connect(self.inspection.note_changed)
        self.data.changed.connect(self._on_data_changed)
        self.data.failed.connect(self._on_data_failed)
        self.unfinished_run.accepted.connect(self._on_offer_accepted)
        self.unfinished_run.failed.connect(self.notice.show_error)
        self.notice.acted.connect(self._on_find_photos)
        self.follow_up.acted.connect(self.follow_up.hide)
        self.follow_up.acted.connect(self.follow_up_accepted)
        self.run_panel.model_chosen.connect(self.model_chosen)
        self.run_panel.continuation_chosen.connect(self._on_continue)

    def retranslate(self) -> None:
        self._title.setText(self.tr("Train"))
        self._subtitle.setText(self.tr("Train a model on your own photos"))
        self._start.setText(self.tr("Start"))
        self._stop.setText(self.tr("Stop"))
        self._show_state()

    # Photos

    def use_data(self, source: Path) -> None:
        """Read a data set's folder or zip, beside the GUI thread."""
        self._show_training()
        self._continued = None
        self.data.use_data(source)

    @Slot()
    def _on_data_changed(self) -> None:
        if self.run_panel.has_failed and not self.is_training:
            self.run_panel.is_empty = True  # Of other photos nothing has failed yet.
        if self.data.is_reading:
            self.notice.hide()
        elif self._starts_when_read:
            self._starts_when_read = False
            if self.data.data is not None:
                self.is_taught_by_camera = True
                self._start_on_data()
                return
        self._show_state()

    @Slot(object)
    def _on_data_failed(self, error: TrainerError) -> None:
        self._show_error(error)
        self._show_state()

    def _show_error(self, error: TrainerError) -> None:
        """Say what went wrong; photos of a run that are elsewhere by now can be chosen there."""
        is_lost = isinstance(error, DataNotFoundError) and self._continued is not None
        self.notice.show_error(error, self.moved_data.action(error) if is_lost else "")

    @Slot()
    def _on_find_photos(self) -> None:
        folder = self._continued
        if folder is None or self.is_training or self._is_blocked:
            return
        chosen = self.moved_data.ask()
        if chosen is None:
            return

        def go_on(data: Path) -> None:
            self.data.use_data(data)
            self._go_on_with(folder, data)

        self._run_task(lambda: with_labels(open_run(str(folder)).data, chosen), go_on)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        has_files = first_file(event.mimeData()) is not None
        if has_files and not self.is_training and not self.data.is_reading:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        sources = dropped_files(event.mimeData())
        if sources:
            event.acceptProposedAction()
            self._show_training()
            self.data.use_together(sources)

    def take_files(self, files: Sequence[Path]) -> None:
        """Learn from what was dropped where the page could not take it itself, or say why not."""
        if self.is_training:
            self.notice.show_info(
                self.tr("A model is being trained. Drop photos here once that has ended.")
            )
        elif not files:
            self.notice.show_info(
                self.tr("Drop a folder or a zip of photos here, with one subfolder per class.")
            )
        elif self.data.is_reading:
            self.notice.show_info(
                self.tr("Photos are being read. Wait until that has ended, or cancel it first.")
            )
        else:
            self._show_training()
            self.data.use_together(files)

    # Looking through the photos

    @Slot()
    def _on_look(self) -> None:
        data = self.data.data
        if data is not None:
            self._views.setCurrentWidget(self.inspection)
            self.inspection.look_through(data.root)

    @Slot()
    def _show_training(self) -> None:
        if self._views.currentWidget() is self.inspection:
            self._views.setCurrentIndex(0)
            self.choices.look.setFocus()

    # Training

    @property
    def is_training(self) -> bool:
        return self._training is not None

    @property
    def training(self) -> TrainingThread | None:
        """The run under way."""
        return self._training

    def set_blocked(self, is_blocked: bool) -> None:
        """Whether a comparison is being trained: one training at a time takes all cores."""
        self._is_blocked = is_blocked
        self._show_state()

    def _say_that_one_is_trained(self) -> None:
        self._show_training()
        self.notice.show_info(
            self._blocked_text()
            if self._is_blocked
            else self.tr("A model is being trained. Wait until it is done, or stop it first.")
        )

    def _blocked_text(self) -> str:
        return self.tr("A comparison is being trained on the Models page. Wait, or stop it there.")

    def offer_follow_up(self, text: str, action: str) -> None:
        """Offer what is to be done with the model that was trained."""
        self.follow_up.show_info(text, action)

    def open_recipe(self, recipe: Recipe | None, data: Path) -> None:
        """Show a recipe and a data set, to be changed or started."""
        if self.is_training:
            self._say_that_one_is_trained()
            return
        if recipe is not None:
            self.form.show_recipe(recipe)
        self.use_data(data)

    def go_on_with(self, folder: Path) -> None:
        """Go on with the run in *folder*."""
        try:
            run = open_run(str(folder))
        except RecipeError as error:
            self._show_training()
            self.notice.show_error(error)
            return
        self.open_recipe(run.recipe, run.data)
        if not self.is_training and not self._is_blocked:
            self._go_on_with(folder)

    def teach(self, source: Path) -> None:
        """Train on the data set in *source* at once, with the quickest preset."""
        if self.is_training or self._is_blocked:
            self._say_that_one_is_trained()
            return
        self.form.use_preset("quick")
        self.use_data(source)
        self._starts_when_read = True

    @Slot()
    def start(self) -> None:
        """Train on the chosen photos."""
        self.is_taught_by_camera = False
        self._continued = None
        self._start_on_data()

    def _start_on_data(self) -> None:
        data, recipe = self.data.data, self.form.recipe
        if data is not None:
            self._train(lambda: create_run(recipe, data.root))

    def _train(self, make_run: Callable[[], Run]) -> None:
        if self._training is not None:
            return
        if self._is_blocked:
            self.notice.show_info(self._blocked_text())
            return
        self.notice.hide()
        self.unfinished_run.withdraw()
        self.follow_up.hide()
        self._run_folder = None
        training = TrainingThread(make_run, parent=self)
        training.happened.connect(self._on_happened)
        training.completed.connect(self._on_completed)
        training.failed.connect(self._on_failed)
        training.finished.connect(self._on_training_finished)
        self.run_panel.begin(training.control)
        self._training = training
        training.start()
        self._show_state()
        self.training_changed.emit(True)

    @Slot()
    def stop(self) -> None:
        """Ask the run to stop; its best model is kept."""
        if self._training is not None:
            self._training.control.stop()
            self.run_panel.status.setText(self.tr("Stopping…"))
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
            self.run_panel.status.setText(self.tr("Paused"))
        self._show_state()

    @Slot()
    def resume(self) -> None:
        """Let a training that is paused go on."""
        if self._training is not None and self._training.control.paused:
            self._on_pause()

    def unfinished(self) -> list[str]:
        """A sentence on each thing that would be cut off now."""
        if not self.is_training:
            return []
        return [self.tr("A model is being trained. It can be continued later.")]

    def shut_down(self) -> None:
        """Stop what runs, keep the best model, and wait for that."""
        self.choices.shut_down()
        self.inspection.shut_down()
        self.unfinished_run.shut_down()
        self._tasks.shut_down()
        if self._training is not None:
            self._training.shut_down()

    @Slot()
    def _show_state(self) -> None:
        training = self._training
        is_paused = training is not None and training.control.paused
        is_stopping = training is not None and training.control.stopping
        is_free = training is None and not self._is_blocked
        self._start.setEnabled(is_free and self.data.data is not None)
        self._pause.setEnabled(training is not None and not is_stopping)
        self._pause.set_icon("play" if is_paused else "pause")
        self._pause.setText(self.tr("Continue") if is_paused else self.tr("Pause"))
        self._stop.setEnabled(training is not None and not is_stopping)
        self.choices.show_state(is_training=training is not None, is_free=is_free)
        if self.run_panel.is_empty:
            text = (
                self.tr("Ready to start") if self.data.data else self.tr("Choose photos to start")
            )
            if self._is_blocked:
                text = self._blocked_text()
            self.run_panel.status.setText(text)

    @Slot(object)
    def _on_happened(self, event: events.Event) -> None:
        if isinstance(event, events.RunStarted):
            self._run_folder = event.run
        self.run_panel.show_event(event)

    @Slot(object)
    def _on_completed(self, event: events.Finished) -> None:
        self.run_panel.show_event(event)
        if event.model is not None:
            self.model_made.emit(event.model)

    @Slot(object)
    def _on_failed(self, error: TrainerError) -> None:
        self._continued = self._run_folder or self._continued
        # What is wrong with the run itself does not mend with another try.
        can_go_on = self._continued is not None and not isinstance(error, RecipeError)
        folder = self._continued
        self.run_panel.show_failure(
            can_go_on=can_go_on, has_learnt=folder is not None and (folder / STATE).is_file()
        )
        self._show_error(error)

    @Slot()
    def _on_training_finished(self) -> None:
        if self._training is not None:
            self._training.wait()
            self._training.setParent(None)
        self._training = None
        self._show_state()
        self.training_changed.emit(False)

    @Slot(object)
    def _on_offer_accepted(self, record: RunRecord) -> None:
        # The page shows what is being trained, and on what.
        self.form.show_recipe(record.recipe)
        self.data.use_data(record.data)
        self._go_on_with(record.folder)

    @Slot()
    def _on_continue(self) -> None:
        folder = self._run_folder or self._continued
        if folder is not None:
            self._go_on_with(folder)

    def _go_on_with(self, folder: Path, data: Path | None = None) -> None:
        """Args: *data* is where the run's photos are now, if they have moved."""
        self.is_taught_by_camera = False
        self._continued = folder

        def opened() -> Run:
            run = open_run(str(folder))
            return run if data is None else run_on(run, data)

        self._train(opened)

    def _run_task(self, steps: Steps, on_success: Callable[[Any], None] | None = None) -> None:
        """Do something short beside the GUI thread; what goes wrong is shown on the page."""
        self._tasks.start(steps, on_success, self.notice.show_error)
