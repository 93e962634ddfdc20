"""The comparisons that there are: choosing one, and what can be done with the whole of it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.models.comparison.list_comparisons import ListedComparison, list_comparisons
from fruitgui.models.comparison.texts import ComparisonTexts
from fruitgui.widgets.combo_box import ComboBox
from fruitgui.widgets.icon_button import IconButton
from fruitgui.workers.task import Tasks
from fruitgui.workers.task_queue import TaskQueue
from trainer.errors import TrainerError
from trainer.experiments import run_database
from trainer.experiments.comparison import Comparison
from trainer.experiments.comparison_choice import tabulate
from trainer.experiments.comparison_table import Table


class ComparisonList(Retranslated, QWidget):
    """A list, of which one comparison is shown: at first the newest.

    Signals:
        listed(): the list, or which of it is shown, is another.
        tabulated(Comparison, Table): what the one that is shown has come to.
        continuation_chosen(Comparison): the user wants to train what is missing of it.
        report_wanted(Comparison): the user wants a report of it.
        forgotten(Comparison): it is off the list.
        failed(TrainerError): what is on disk could not be read, or the list not changed.
    """

    listed = Signal()
    tabulated = Signal(object, object)
    continuation_chosen = Signal(object)
    report_wanted = Signal(object)
    forgotten = Signal(object)
    failed = Signal(object)

    def __init__(self, texts: ComparisonTexts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._items: list[ListedComparison] = []
        self._wanted = ""
        """The id of the comparison that is shown."""
        self._tasks = Tasks()
        self._changes = TaskQueue(self)
        """Of the list, which are undone as quickly as made."""
        self._is_reading = False
        self._reads_again = False
        self.box = ComboBox()
        # However long the names are, the page grows no wider.
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.go_on = IconButton("play")
        self.report = IconButton("export")
        self.forget = IconButton("trash", "flat")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE)
        row.addWidget(self.box, 1)
        row.addWidget(self.go_on)
        row.addWidget(self.report)
        row.addWidget(self.forget)
        self.box.activated.connect(self._on_chosen)
        self.go_on.clicked.connect(self._on_go_on)
        self.report.clicked.connect(self._on_report)
        self.forget.clicked.connect(self._on_forget)
        self.retranslate()

    @property
    def current(self) -> ListedComparison | None:
        """The comparison that is shown."""
        return next((item for item in self._items if item.comparison.id == self._wanted), None)

    @property
    def is_empty(self) -> bool:
        return not self._items

    def show_comparison(self, comparison: Comparison) -> None:
        """Show this one."""
        self._wanted = comparison.id
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read anew which comparisons there are, and what the one that is shown has come to."""
        if self._is_reading:
            self._reads_again = True
            return
        self._is_reading = True
        self._tasks.start(list_comparisons, self._on_listed, self._on_reading_failed)

    def set_state(self, is_free: bool, under_way: Comparison | None) -> None:
        """Whether something can be trained now, and what is being trained."""
        item = self.current
        self.go_on.setVisible(item is not None and not item.is_complete)
        self.go_on.setEnabled(is_free)
        self.report.setEnabled(item is not None and item.done_count > 0)
        is_under_way = under_way is not None and under_way.id == self._wanted
        self.forget.setEnabled(item is not None and not is_under_way)

    def remember(self, comparison: Comparison) -> None:
        """Put one on the list again, and show it."""
        self._wanted = comparison.id
        self._changes.add(
            lambda: run_database.add_comparison(comparison.id, comparison.folder, comparison.data),
            self._on_list_changed,
            self._on_failed,
        )

    def shut_down(self) -> None:
        """Stop reading, keep what was changed, and wait for that."""
        self._tasks.shut_down()
        self._changes.finish()

    @Slot(object)
    def _on_listed(self, items: list[ListedComparison]) -> None:
        self._items = items
        if self.current is None and self._reads_again:
            # What is wanted has been added since this list was read.
            self._end_reading()
            return
        if self.current is None:
            self._wanted = items[0].comparison.id if items else ""
        self._show()
        item = self.current
        if item is None:
            self._end_reading()
            return
        comparison = item.comparison
        self._tasks.start(
            lambda: (comparison, tabulate(comparison)), self._on_tabulated, self._on_reading_failed
        )

    @Slot(object)
    def _on_tabulated(self, result: tuple[Comparison, Table]) -> None:
        comparison, table = result
        if comparison.id == self._wanted:
            self.tabulated.emit(comparison, table)
        self._end_reading()

    @Slot(object)
    def _on_reading_failed(self, error: TrainerError) -> None:
        self.failed.emit(error)
        self._end_reading()

    @Slot(object)
    def _on_failed(self, error: TrainerError) -> None:
        self.failed.emit(error)

    def _end_reading(self) -> None:
        self._is_reading = False
        if self._reads_again:
            self._reads_again = False
            self.refresh()

    @Slot()
    def _on_chosen(self) -> None:
        self._wanted = str(self.box.currentData())
        self.listed.emit()
        self.refresh()

    @Slot()
    def _on_go_on(self) -> None:
        item = self.current
        if item is not None:
            self.continuation_chosen.emit(item.comparison)

    @Slot()
    def _on_report(self) -> None:
        item = self.current
        if item is not None:
            self.report_wanted.emit(item.comparison)

    @Slot()
    def _on_forget(self) -> None:
        item = self.current
        if item is not None:
            comparison = item.comparison
            self._changes.add(
                lambda: run_database.forget_comparison(comparison.id),
                self._on_list_changed,
                self._on_failed,
            )
            self.forgotten.emit(comparison)

    @Slot(object)
    def _on_list_changed(self, _: object) -> None:
        self.refresh()

    def _show(self) -> None:
        texts = [(self._texts.listed(item), item.comparison.id) for item in self._items]
        shown = [
            (self.box.itemText(row), str(self.box.itemData(row))) for row in range(self.box.count())
        ]
        if texts != shown:
            # Only then: an open list would close.
            self.box.clear()
            for text, name in texts:
                self.box.addItem(text, name)
        self.box.setCurrentIndex(self.box.findData(self._wanted))
        self.listed.emit()

    def retranslate(self) -> None:
        self.box.setAccessibleName(self.tr("Comparisons"))
        self.go_on.setText(self.tr("Continue"))
        self.go_on.setToolTip(self.tr("Train the runs that are missing"))
        self.report.setText(self.tr("Report…"))
        self.forget.setToolTip(self.tr("Remove from this list; its runs are kept"))
        self.forget.setAccessibleName(self.tr("Remove the comparison from the list"))
        self._show()
