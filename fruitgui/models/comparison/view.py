"""Compare models and strategies: a grid of runs on the same photos, and which of them to take."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from fruitgui import theme
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.mime_data import dropped_files, local_files
from fruitgui.models.comparison.comparison_thread import ComparisonThread
from fruitgui.models.comparison.grid_form import GridForm
from fruitgui.models.comparison.list import ComparisonList
from fruitgui.models.comparison.progress import ComparisonProgress
from fruitgui.models.comparison.results import ComparisonResults
from fruitgui.models.comparison.texts import ComparisonTexts
from fruitgui.settings import Settings
from fruitgui.widgets.data_panel import DataPanel
from fruitgui.widgets.empty_state import EmptyState
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.moved_data import MovedData
from fruitgui.widgets.notice import Notice
from fruitgui.widgets.page_stack import PageStack
from fruitgui.widgets.panel import Panel, label
from fruitgui.widgets.scroll_area import ScrollArea
from fruitgui.workers.time_estimate import TimeEstimate
from trainer.errors import DataNotFoundError, TrainerError
from trainer.experiments.comparison import (
    Comparison,
    ComparisonEvent,
    RunBegun,
    RunEnded,
    RunFailed,
    create_comparison,
)
from trainer.experiments.comparison_table import Table
from trainer.experiments.moved_data import comparison_on

_SIDE = 330


class ComparisonView(Retranslated, QWidget):
    """Chooses what to compare, trains it, and shows what it came to; also what was compared before.

    Signals:
        running_changed(bool): a comparison begins, or has ended.
        runs_changed(): a run was begun, has ended or has failed.
        model_chosen(Path): the user wants to use this model.
        report_wanted(Path): the user wants a report of the comparison in this folder.
        runs_wanted(list[str]): the user wants to see these runs.
    """

    running_changed = Signal(bool)
    runs_changed = Signal()
    model_chosen = Signal(object)
    report_wanted = Signal(object)
    runs_wanted = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thread: ComparisonThread | None = None
        self._under_way: Comparison | None = None
        self._run: int | None = None
        self._errors: dict[int, TrainerError] = {}
        """Why runs could not be trained since the last start, by their numbers."""
        self._errors_of = ""
        """The id of the comparison that they are of."""
        self._forgotten: Comparison | None = None
        self._continued: Comparison | None = None
        """The comparison that is gone on with, until another begins."""
        self._lost: Comparison | None = None
        """The comparison of which the notice asks where its photos are."""
        self._is_blocked = False
        self._time = TimeEstimate(self)
        self._texts = ComparisonTexts(self)
        self.data = DataPanel(settings)
        self.form = GridForm(settings)
        self.progress = ComparisonProgress(self._texts)
        self.list = ComparisonList(self._texts)
        self.results = ComparisonResults(settings, self._texts)
        self.notice = Notice()
        self.moved_data = MovedData(settings, self)
        self.setAcceptDrops(True)
        self._build()
        self._connect()
        self.retranslate()

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * theme.SPACE)
        row.addWidget(self._build_choices())
        row.addWidget(self._build_results(), 1)

    def _build_choices(self) -> QWidget:
        panel = Panel()
        panel.column.addWidget(self.data)
        panel.column.addSpacing(theme.SPACE)
        panel.column.addWidget(self.form)
        panel.column.addStretch()
        scroll = ScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(panel)
        self.summary = label("caption", wrapped=True)
        self.start_button = IconButton("play", "primary")
        self.stop_button = IconButton("stop")
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE)
        buttons.addWidget(self.start_button, 1)
        buttons.addWidget(self.stop_button)
        side = QWidget()
        theme.fix_width(side, _SIDE)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE + 4)
        column.addWidget(scroll, 1)
        column.addWidget(self.summary)
        column.addLayout(buttons)
        return side

    def _build_results(self) -> QWidget:
        self._results = QWidget()
        inner = QVBoxLayout(self._results)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(theme.SPACE + 4)
        inner.addWidget(self.list)
        inner.addWidget(self.results, 1)
        self.empty = EmptyState("models")
        self.empty.title.setWordWrap(True)
        self._stack = PageStack()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._results)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE + 4)
        column.addWidget(self.notice)
        column.addWidget(self.progress)
        column.addWidget(self._stack, 1)
        return right

    def _connect(self) -> None:
        self.data.changed.connect(self._on_data_changed)
        self.data.failed.connect(self._on_failed)
        self.form.changed.connect(self._show_state)
        self.start_button.clicked.connect(self.start)
        self.stop_button.clicked.connect(self.stop)
        self._time.changed.connect(self._show_summary)
        self.notice.acted.connect(self._on_acted)
        self.list.listed.connect(self._on_listed)
        self.list.tabulated.connect(self._on_tabulated)
        self.list.continuation_chosen.connect(self.go_on)
        self.list.forgotten.connect(self._on_forgotten)
        self.list.failed.connect(self._on_failed)
        self.results.model_chosen.connect(self.model_chosen)
        self.results.runs_wanted.connect(self.runs_wanted)
        self.list.report_wanted.connect(self._on_report)

    # Photos

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        has_files = bool(local_files(event.mimeData()))
        if has_files and not self.is_running and not self.data.is_reading:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.data.use_together(dropped_files(event.mimeData()))

    @Slot()
    def _on_data_changed(self) -> None:
        if self.data.is_reading:
            self.notice.hide()
        self._show_state()

    # Training

    @property
    def is_running(self) -> bool:
        """Whether a comparison is under way."""
        return self._thread is not None

    def set_blocked(self, is_blocked: bool) -> None:
        """Whether another page trains a model, so that nothing can be started here."""
        self._is_blocked = is_blocked
        self._show_state()

    @Slot()
    def start(self) -> None:
        """Train every combination of what was chosen."""
        data, grid = self.data.data, self.form.grid
        self._continued = None
        if data is not None and grid is not None:
            self._run_comparison(lambda: create_comparison(grid.recipes(), data.root))

    @Slot(object)
    def go_on(self, comparison: Comparison) -> None:
        """Train what is missing of a comparison."""
        self._continued = comparison
        self._run_comparison(lambda: comparison)

    def _find_photos(self, comparison: Comparison) -> None:
        """Go on with a comparison whose photos are elsewhere by now."""
        data = self.moved_data.ask()
        if data is not None:
            self._run_comparison(lambda: comparison_on(comparison, data))

    @Slot()
    def stop(self) -> None:
        """Ask the comparison to stop; what is done is kept."""
        if self._thread is not None:
            self._thread.control.stop()
            self.progress.show_stopping()
            self._show_state()

    def show_in_use(self, model: Path) -> None:
        """The model in use is not offered for use."""
        self.results.show_in_use(model)

    def shut_down(self) -> None:
        """Stop what runs, keep what is done, and wait for that."""
        self.data.shut_down()
        self._time.shut_down()
        if self._thread is not None:
            self._thread.shut_down()
        self.list.shut_down()

    def _run_comparison(self, make_comparison: Callable[[], Comparison]) -> None:
        if self._thread is not None or self._is_blocked:
            return
        self.notice.hide()
        self._errors, self._errors_of, self._run = {}, "", None
        thread = ComparisonThread(make_comparison, parent=self)
        thread.opened.connect(self._on_opened)
        thread.happened.connect(self._on_happened)
        thread.completed.connect(self._on_completed)
        thread.failed.connect(self._on_thread_failed)
        thread.finished.connect(self._on_thread_finished)
        self.progress.begin(thread.control)
        self._thread = thread
        thread.start()
        self._show_state()
        self.running_changed.emit(True)

    @Slot(object)
    def _on_opened(self, comparison: Comparison) -> None:
        self._under_way = self._continued = comparison
        self._errors_of = comparison.id
        item = self.list.current
        is_listed = item is not None and item.comparison.id == comparison.id
        self.progress.open(comparison, item.done if item is not None and is_listed else ())
        self.list.show_comparison(comparison)

    @Slot(object)
    def _on_happened(self, event: ComparisonEvent) -> None:
        self.progress.show_event(event)
        if not isinstance(event, RunBegun | RunEnded | RunFailed):
            return
        self._run = event.number if isinstance(event, RunBegun) else None
        if isinstance(event, RunFailed):
            self._errors[event.number] = event.error
        self._show_activity()
        self.refresh()
        self.runs_changed.emit()

    @Slot(bool)
    def _on_completed(self, is_complete: bool) -> None:
        count = len(self._errors)
        if is_complete and count:
            self.notice.show_error(
                self.tr("%n run(s) could not be trained; the table says why.", "", count)
            )
        elif not is_complete:
            self.notice.show_info(
                self.tr("Stopped. Results so far are kept, and you can continue.")
            )

    @Slot(object)
    def _on_failed(self, error: TrainerError) -> None:
        self.notice.show_error(error)
        self._show_state()

    @Slot(object)
    def _on_thread_failed(self, error: TrainerError) -> None:
        self._lost = self._continued if isinstance(error, DataNotFoundError) else None
        is_lost = self._lost is not None
        self.notice.show_error(error, self.moved_data.action(error) if is_lost else "")
        self._show_state()

    @Slot()
    def _on_thread_finished(self) -> None:
        if self._thread is not None:
            self._thread.wait()
            self._thread.setParent(None)
        self._thread = self._under_way = self._run = None
        self._time.forget()
        self.progress.hide()
        self._show_activity()
        self._show_state()
        self.refresh()
        self.runs_changed.emit()
        self.running_changed.emit(False)

    # What was compared

    @Slot()
    def refresh(self) -> None:
        """Read anew which comparisons there are, and the one shown."""
        self.list.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Another program, or another page, may have changed it.
        self.refresh()
        self._show_state()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._show_state()

    @Slot()
    def _on_listed(self) -> None:
        self._stack.setCurrentWidget(self.empty if self.list.is_empty else self._results)
        self._show_state()

    @Slot(object, object)
    def _on_tabulated(self, comparison: Comparison, table: Table) -> None:
        self.results.show_table(comparison, table)
        self._show_activity()

    def _show_activity(self) -> None:
        item = self.list.current
        is_shown = item is not None and item.comparison.id == self._errors_of
        self.results.show_activity(
            self.is_running and is_shown,
            self._run if is_shown else None,
            self._errors if is_shown else {},
        )

    @Slot(object)
    def _on_report(self, comparison: Comparison) -> None:
        self.report_wanted.emit(comparison.folder)

    @Slot(object)
    def _on_forgotten(self, comparison: Comparison) -> None:
        self._forgotten, self._lost = comparison, None
        self.notice.show_info(self.tr("Removed from the list; the runs are kept."), self.tr("Undo"))

    @Slot()
    def _on_acted(self) -> None:
        lost, self._lost = self._lost, None
        comparison, self._forgotten = self._forgotten, None
        self.notice.hide()
        if lost is not None:
            self._find_photos(lost)
        elif comparison is not None:
            self.list.remember(comparison)

    # What can be done now

    @Slot()
    def _show_state(self) -> None:
        grid = self.form.grid
        is_free = not self.is_running and not self._is_blocked
        is_stopping = self._thread is not None and self._thread.control.stopping
        self.start_button.setEnabled(is_free and grid is not None and self.data.data is not None)
        self.stop_button.setEnabled(self.is_running and not is_stopping)
        self.list.set_state(is_free, self._under_way)
        self.form.setEnabled(not self.is_running)
        self.data.set_choosable(not self.is_running)
        if is_free and grid is not None and self.data.data is not None and self.isVisible():
            self._time.follow(grid.recipes(), self.data.data)
        else:
            self._time.give_up()
        self._show_summary()

    @Slot()
    def _show_summary(self) -> None:
        self.summary.setText(self._summary())

    def _summary(self) -> str:
        if self._is_blocked:
            return self.tr(
                "A model is being trained on the Train page. Wait until it is done, or stop it: "
                "one at a time."
            )
        if self.is_running:
            return self.tr("If you stop, results so far are kept.")
        grid = self.form.grid
        if grid is None:
            return self.tr("Some settings are not possible yet; see the notes in the form.")
        count = len(grid.recipes())
        sentences = [self.tr("%n run(s), one after another.", "", count)]
        networks = self.form.to_download
        if networks:
            sentences.append(
                self.tr("ImageNet weights are downloaded once: {names}.").format(
                    names=", ".join(networks)
                )
            )
        if self.data.data is None:
            sentences.append(self.tr("Choose photos to start."))
        elif self._time.text:
            sentences.append(self._time.text)
        return " ".join(sentences)

    def retranslate(self) -> None:
        self.start_button.setText(self.tr("Compare"))
        self.stop_button.setText(self.tr("Stop"))
        self.empty.title.setText(self.tr("Which model suits your photos?"))
        self.empty.text.setText(
            self.tr(
                "On the left, choose photos, networks and the layers to train. Each "
                "combination is trained on the same photos and tested on others, and the table "
                "shows which differ by more than chance."
            )
        )
        self._show_state()
