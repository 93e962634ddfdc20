"""The Models page: what models there are, where they came from, and how good each is."""

from collections import deque
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.file_dialogs import chosen_file
from fruitgui.i18n.errors import translated
from fruitgui.i18n.language import of_documents
from fruitgui.models.comparison.view import ComparisonView
from fruitgui.models.evaluation.view import EvaluationView
from fruitgui.models.library.find_models import Evaluable, find_models
from fruitgui.models.library.import_panel import WEIGHTS_SUFFIXES
from fruitgui.models.library.view import ModelLibrary
from fruitgui.models.runs.view import RunBrowser
from fruitgui.models.write_report import write_report
from fruitgui.settings import Settings
from fruitgui.widgets.elided_label import ElidedLabel
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.notice import Notice
from fruitgui.widgets.page_stack import PageStack
from fruitgui.widgets.panel import label
from fruitgui.widgets.segmented import Segmented
from fruitgui.workers.task import Task, Tasks
from trainer import paths
from trainer.data.file_names import folder_name
from trainer.errors import TrainerError
from trainer.events import Preparing

_VIEWS = ("library", "evaluation", "runs", "comparison")


class ModelsPage(QWidget):
    """Four views: the models, their evaluation, the training runs, and comparisons of runs.

    Signals:
        model_chosen(Path): the user wants to use this model.
        forgetting_wanted(Path, tuple of str): these lessons of a model are to be taken back.
        fallback_wanted(Path): the model in use has gone, or has come back: this one is to answer.
        recipe_opened(Recipe or None, Path): to be shown on the Train page, with a data set.
        continuation_wanted(Path): the run in this folder is to be gone on with.
        comparing_changed(bool): whether a comparison is being trained.
        in_use_titled(str): what the model in use is called here.
        data_changed(Path): the user has changed something in this data set.
    """

    model_chosen = Signal(object)
    fallback_wanted = Signal(object)
    forgetting_wanted = Signal(object, object)
    recipe_opened = Signal(object, object)
    continuation_wanted = Signal(object)
    comparing_changed = Signal(bool)
    in_use_titled = Signal(str)
    data_changed = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._in_use: Path | None = None
        self._gone_from_use: Path | None = None
        """What was in use until it was removed."""
        self._in_use_then: Path | None = None
        """When the models began to be read."""
        self._tasks = Tasks()
        self._reading: Task | None = None
        self._is_stale = False
        self._report: Path | None = None
        self._reporting: Task | None = None
        self._wanted_reports: deque[tuple[str, Path]] = deque()
        self._report_failures: list[str] = []
        self._wanted_evaluation: tuple[Path, Path | None] | None = None
        """A model that is not known yet, and the photos."""
        self.notice = Notice()
        self.views = Segmented()
        self.library = ModelLibrary(settings)
        self.evaluation = EvaluationView(settings)
        self.runs = RunBrowser(settings)
        self.comparison = ComparisonView(settings)
        self._build()
        self._connect()
        self.retranslate()
        self.refresh()

    def _build(self) -> None:
        self._title = label("title")
        self._subtitle = ElidedLabel("muted")
        self._import = IconButton("import")
        # Else the choice of views would move from under the mouse.
        place = self._import.sizePolicy()
        place.setRetainSizeWhenHidden(True)
        self._import.setSizePolicy(place)
        for key in _VIEWS:
            self.views.add(key)
        heading = QVBoxLayout()
        heading.setSpacing(2)
        heading.addWidget(self._title)
        heading.addWidget(self._subtitle)
        top = QHBoxLayout()
        top.setSpacing(2 * theme.SPACE)
        top.addLayout(heading, 1)
        top.addWidget(self.views)
        top.addWidget(self._import)
        self._stack = PageStack()
        for view in (self.library, self.evaluation, self.runs, self.comparison):
            self._stack.addWidget(view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(top)
        layout.addWidget(self.notice)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.views.chosen.connect(self.show_view)
        self._import.clicked.connect(self._on_import)
        self.notice.acted.connect(self._on_notice_acted)
        self.library.model_chosen.connect(self.model_chosen)
        self.library.forgetting_wanted.connect(self.forgetting_wanted)
        self.library.training_wanted.connect(self.recipe_opened)
        self.library.models_changed.connect(self.refresh)
        self.library.models_changed.connect(self.runs.refresh)
        self.library.evaluation_wanted.connect(self.evaluate)
        self.library.report_wanted.connect(self.write_report)
        self.library.importing.busy_changed.connect(self._import.setDisabled)
        self.evaluation.training_wanted.connect(self.recipe_opened)
        self.evaluation.data_changed.connect(self.data_changed)
        self.evaluation.data_changed.connect(self.comparison.data.note_changed)
        self.comparison.data.data_changed.connect(self.data_changed)
        self.comparison.data.data_changed.connect(self.evaluation.note_changed)
        self.evaluation.bar.wanted.connect(self._forget_wanted_evaluation)
        self.evaluation.bar.model_chosen.connect(self._forget_wanted_evaluation)
        self.runs.model_chosen.connect(self.model_chosen)
        self.runs.recipe_opened.connect(self.recipe_opened)
        self.runs.evaluation_wanted.connect(self.evaluate)
        self.runs.report_wanted.connect(self.write_report)
        self.runs.continuation_wanted.connect(self.continuation_wanted)
        self.runs.models_changed.connect(self.refresh)
        self.runs.renamed.connect(self.refresh)
        self.comparison.model_chosen.connect(self.model_chosen)
        self.comparison.runs_changed.connect(self.refresh)
        self.comparison.runs_changed.connect(self.runs.refresh)
        self.comparison.running_changed.connect(self.comparing_changed)
        self.comparison.report_wanted.connect(self.write_report)
        self.comparison.runs_wanted.connect(self._on_runs_wanted)

    # Views

    @Slot(str)
    def show_view(self, key: str) -> None:
        """Turn to a view, by its key."""
        self.views.choose(key)
        self._import.setVisible(key == "library")
        self._stack.setCurrentIndex(_VIEWS.index(key))

    @Slot(object, object)
    def evaluate(self, model: Path, data: Path | None) -> None:
        """Evaluate a model, and show what came of it."""
        self.show_view("evaluation")
        self._forget_wanted_evaluation()
        if not self.evaluation.evaluate_model(model, data):
            # It may have been made by another program since.
            self._wanted_evaluation = (model, data)
            self.refresh()

    @Slot(object)
    def note_data_changed(self, root: Path) -> None:
        """Something was changed in a data set elsewhere."""
        self.evaluation.note_changed(root)
        self.comparison.data.note_changed(root)

    @Slot()
    def _forget_wanted_evaluation(self) -> None:
        self._wanted_evaluation = None

    @Slot(object)
    def _on_runs_wanted(self, names: list[str]) -> None:
        self.show_view("runs")
        self.runs.select(names)

    def take_files(self, files: Sequence[Path]) -> None:
        """Import a model that was dropped where no view took it, or say what can be dropped."""
        if self._stack.currentWidget() in (self.evaluation, self.comparison):
            self.notice.show_info(
                self.tr("Wait until what is under way has ended, then drop the photos again.")
            )
        elif len(files) == 1 and files[0].suffix.lower() in WEIGHTS_SUFFIXES:
            self.show_view("library")
            self.library.importing.import_file(files[0])
        else:
            self.notice.show_info(
                self.tr(
                    "Drop one model here to import it. Drop labelled photos on Evaluate, and "
                    "others on the Classify page."
                )
            )

    # What models there are

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Other windows and terminals train and import, too.
        self.refresh()

    def show_in_use(self, path: Path) -> None:
        """Mark the model that is in use."""
        if path != paths.starter_model():
            self._gone_from_use = None
        self._in_use = path
        self.evaluation.prefer(path)
        for view in (self.library, self.runs, self.comparison):
            view.show_in_use(path)
        self._tell_title()

    def _tell_title(self) -> None:
        for model in self.library.models:
            if model.stored.path == self._in_use:
                self.in_use_titled.emit(self.library.title_of(model))

    def note_trained(self, model: Path) -> None:
        """A model was trained on the Train page."""
        self.evaluation.note_trained(model)
        self.runs.refresh()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read anew what models there are, beside the GUI thread."""
        if self._reading is not None:
            self._is_stale = True
            return
        self._is_stale = False
        self._in_use_then = self._in_use
        self._reading = self._tasks.start(
            find_models, self._on_models_found, self._on_reading_failed, on_end=self._on_models_read
        )

    @Slot(object)
    def _on_models_found(self, models: list[Evaluable]) -> None:
        if self._is_stale:
            return  # There are others by now.
        self.library.show_models(models)
        self.evaluation.offer_models(models, self.library.long_title_of)
        self.evaluation.prefer(self._in_use)
        self._tell_title()
        wanted, self._wanted_evaluation = self._wanted_evaluation, None
        if wanted is not None and not self.evaluation.evaluate_model(*wanted):
            self.notice.show_error(
                self.tr("“{path}” is not there any more, or is no model.").format(path=wanted[0])
            )
        known = {each.stored.path for each in models}
        in_use = self._in_use
        if self._gone_from_use in known and in_use == paths.starter_model():
            # It was taken out of the trash.
            in_use, self._gone_from_use = self._gone_from_use, None
            self.notice.hide()
            self.fallback_wanted.emit(in_use)
            return
        is_ours = in_use is not None and paths.home() in in_use.parents
        if is_ours and in_use == self._in_use_then and in_use not in known:
            # It was removed, or is in the trash; the starter is always there.
            self._gone_from_use = in_use
            self.notice.show_info(
                self.tr("The model in use is no longer there; the starter model answers instead.")
            )
            self.fallback_wanted.emit(paths.starter_model())

    @Slot()
    def _on_models_read(self) -> None:
        self._reading = None
        if self._is_stale:
            self.refresh()

    @Slot(object)
    def _on_reading_failed(self, error: TrainerError) -> None:
        self._forget_wanted_evaluation()
        self.notice.show_error(error)

    @Slot()
    def _on_import(self) -> None:
        self.show_view("library")
        self.library.importing.choose_file()

    # Reports

    @Slot(object)
    def write_report(self, source: object) -> None:
        """Write the report of a run, a comparison or a model, by its path, to a file."""
        name = folder_name(self.tr("{name}, report").format(name=self._name_of(Path(str(source)))))
        proposed = Path(self._settings.last_saved_to) / f"{name}.html"
        chosen, _ = QFileDialog.getSaveFileName(
            self, self.tr("Write a report"), str(proposed), "HTML (*.html)"
        )
        if not chosen:
            return
        self._settings.last_saved_to = str(Path(chosen).parent)
        self.write_report_to(str(source), chosen_file(chosen, ".html", ".htm"))

    def _name_of(self, source: Path) -> str:
        """What is reported on, as the user knows it."""
        compared = self.comparison.list.current
        if compared is not None and compared.comparison.folder == source:
            return compared.comparison.data.stem
        for model in self.library.models:
            if source in {model.stored.path, model.stored.path.parent}:
                return self.library.title_of(model)
        return source.stem

    def write_report_to(self, source: str, target: Path) -> None:
        """Write the report of a run, a comparison or a model to this file, after those that were
        asked for before."""
        if self._reporting is not None:
            self._wanted_reports.append((source, target))
            return
        self._say_that_it_is_written(0, 0)
        self._report = None
        language = of_documents()
        self._reporting = self._tasks.start(
            lambda: write_report(source, target, language),
            self._on_report_written,
            self._on_report_failed,
            self._on_report_progressed,
            on_end=self._on_report_ended,
        )

    @Slot(object)
    def _on_report_progressed(self, step: object) -> None:
        if isinstance(step, Preparing):
            self._say_that_it_is_written(step.done, step.total)

    def _say_that_it_is_written(self, done: int, total: int) -> None:
        text = self.tr("Writing the report…")
        if total:
            text = self.tr("Writing the report… {done} of {total}").format(done=done, total=total)
        self.notice.show_info(text, self.tr("Cancel"))

    @Slot()
    def _on_report_ended(self) -> None:
        task, self._reporting = self._reporting, None
        if task is not None and task.is_cancelled:
            self.notice.hide()
        if self._wanted_reports:
            self.write_report_to(*self._wanted_reports.popleft())
        elif self._report_failures:
            # Last: what is written after one that failed must not hide it.
            self.notice.show_error("\n".join(self._report_failures))
            self._report_failures.clear()

    @Slot(object)
    def _on_report_written(self, report: Path) -> None:
        self._report = report
        self.notice.show_info(
            self.tr("“{name}” was saved.").format(name=report.name), self.tr("Open it")
        )

    @Slot(object)
    def _on_report_failed(self, error: TrainerError) -> None:
        self._report_failures.append(translated(error))

    @Slot()
    def _on_notice_acted(self) -> None:
        if self._reporting is not None:
            self._reporting.cancel()
        elif self._report is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._report)))

    # The rest

    def retranslate(self) -> None:
        self._title.setText(self.tr("Models"))
        self._subtitle.setText(self.tr("Your models, how good they are, and how they were trained"))
        self._import.setText(self.tr("Import…"))
        for key, text in zip(
            _VIEWS,
            (self.tr("Models"), self.tr("Evaluate"), self.tr("Runs"), self.tr("Compare")),
            strict=True,
        ):
            self.views.set_text(key, text)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
            self.refresh()
        super().changeEvent(event)

    @property
    def is_comparing(self) -> bool:
        """Whether a comparison is being trained."""
        return self.comparison.is_running

    def unfinished(self) -> list[str]:
        """A sentence on each thing that would be cut off now."""
        sentences = [*self.library.unfinished(), *self.evaluation.unfinished()]
        if self._reporting is not None:
            count = 1 + len(self._wanted_reports)
            sentences.append(self.tr("%n report(s) are being written.", "", count))
        if self.is_comparing:
            sentences.append(self.tr("A comparison is being trained."))
        return sentences

    def stop(self) -> None:
        """Stop what is at work; what has been done stays. Files that are being moved are moved to
        the end."""
        self.library.stop()
        self._wanted_reports.clear()
        if self._reporting is not None:
            self._reporting.cancel()
        if self.is_comparing:
            self.comparison.stop()

    def shut_down(self) -> None:
        """End the page's threads."""
        self._tasks.shut_down()
        for view in (self.library, self.evaluation, self.runs, self.comparison):
            view.shut_down()
