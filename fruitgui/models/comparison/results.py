"""What a comparison has come to: which row to take, the table, and a chart of its intervals."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, Qt, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.errors import translated
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.models.comparison.frozen_table import FrozenTable
from fruitgui.models.comparison.interval_chart import Interval, IntervalChart, Kind
from fruitgui.models.comparison.table import (
    FIGURES,
    SHOWN_AT_FIRST,
    VERDICT,
    ComparisonTable,
    RowText,
    SortedComparison,
)
from fruitgui.models.comparison.texts import ComparisonTexts
from fruitgui.settings import Settings
from fruitgui.widgets.column_button import ColumnButton
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.notice import Notice
from fruitgui.widgets.panel import Panel, label
from fruitgui.widgets.scroll_area import ScrollArea
from trainer.errors import TrainerError
from trainer.experiments.comparison import Comparison, start_of
from trainer.experiments.comparison_table import Row, Table

_WIDEST = (215, 175, 150)
"""Of the columns that are texts; what is cut off is in the tool tip."""
_WIDEST_SHARES = (0.26, 0.19, 0.16)
"""Of the table's width, that each of them may take."""


class ComparisonResults(Retranslated, QWidget):
    """Shows the table of a comparison, be it done or not.

    Signals:
        model_chosen(Path): the user wants to use the model of the selected row.
        runs_wanted(list[str]): the user wants to see these runs.
    """

    model_chosen = Signal(object)
    runs_wanted = Signal(object)

    def __init__(
        self, settings: Settings, texts: ComparisonTexts, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._texts = texts
        self._fitted_to = ""
        """What the columns are as wide as."""
        self._comparison: Comparison | None = None
        self._table: Table | None = None
        self._run: int | None = None
        self._errors: dict[int, TrainerError] = {}
        self._in_use: Path | None = None
        self._is_running = False
        self.advice = Notice(is_closable=False)
        self.doubt = label("caption", wrapped=True)
        self.rows = ComparisonTable(self)
        self.sorted = SortedComparison(self)
        self.sorted.setSourceModel(self.rows)
        self.view = FrozenTable(frozen=VERDICT)
        self.view.setModel(self.sorted)
        chosen = settings.shown_comparison_columns
        shown = SHOWN_AT_FIRST if chosen is None else chosen
        for column, figure in enumerate(FIGURES, VERDICT + 1):
            self.view.setColumnHidden(column, figure not in shown)
        self.columns = ColumnButton(self.view, range(VERDICT + 1))
        self.chart = IntervalChart()
        self.use = IconButton("check", "primary")
        self.show_runs = IconButton("next")
        self._copy = QAction(self)
        self._copy.setShortcut(QKeySequence.StandardKey.Copy)
        self._copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.view.addAction(self._copy)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._build()
        self._copy.triggered.connect(self.copy)
        self.columns.chosen.connect(self._on_columns_chosen)
        self.use.clicked.connect(self._on_use)
        self.show_runs.clicked.connect(self._on_show_runs)
        self.view.selectionModel().currentRowChanged.connect(self._on_current_changed)
        self.sorted.layoutChanged.connect(self._on_sorted)
        self.retranslate()

    def _build(self) -> None:
        panel = self._chart_panel = Panel()
        panel.column.setContentsMargins(4, 8, 4, 4)
        scroll = ScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(self.chart)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.chart.setObjectName("content")  # It has the panel's surface behind it.
        panel.column.addWidget(scroll)
        self.view.setMinimumHeight(110)
        panel.setMinimumHeight(90)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE)
        buttons.addWidget(self.use)
        buttons.addWidget(self.show_runs)
        buttons.addStretch()
        buttons.addWidget(self.columns)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(self.advice)
        column.addWidget(self.doubt)
        # The chart is as high as its rows at most; where both are long, they share.
        column.addWidget(self.view, 1)
        column.addWidget(panel, 1)
        column.addLayout(buttons)

    @property
    def table(self) -> Table | None:
        return self._table

    def show_table(self, comparison: Comparison, table: Table) -> None:
        """Show what a comparison has come to."""
        is_another = self._comparison is None or comparison.id != self._comparison.id
        # Unless the user has chosen another, the row to take is selected.
        follows = (
            is_another or self._table is None or self._selected_number in {None, self._table.take}
        )
        self._comparison, self._table = comparison, table
        if is_another:
            self._errors = {}
        self._show()
        if table.take is not None and follows:
            place = self.sorted.mapFromSource(self.rows.index(table.take, 0))
            flag = QItemSelectionModel.SelectionFlag
            self.view.selectionModel().setCurrentIndex(place, flag.ClearAndSelect | flag.Rows)
        self._on_current_changed()

    def show_activity(
        self, is_running: bool, run: int | None, errors: Mapping[int, TrainerError]
    ) -> None:
        """Say of this comparison's rows what goes on.

        Args:
            run: the number of the run under way.
            errors: why runs could not be trained.
        """
        self._is_running, self._run, self._errors = is_running, run, dict(errors)
        if self._table is not None:
            self._show()

    def _show(self) -> None:
        comparison, table = self._comparison, self._table
        if comparison is None or table is None:
            return
        sentence = self._texts.advice(table)
        self.advice.setVisible(bool(sentence))
        if sentence:
            self.advice.show_info(sentence)
        self.doubt.setText(self._texts.doubt(table))
        self.doubt.setVisible(bool(self.doubt.text()))
        runs_of: dict[tuple[object, str], list[int]] = {}
        for run, recipe in enumerate(comparison.recipes):
            runs_of.setdefault((start_of(recipe), recipe.strategy), []).append(run)
        self.rows.show(
            table,
            [
                self._text_of(table, number, runs_of.get((row.start, row.strategy), []))
                for number, row in enumerate(table.rows)
            ],
        )
        content = f"{comparison.id} {table.best is None}"
        if self._fitted_to != content:
            # Once there are figures, the widths are the user's.
            self._fitted_to = content
            self.view.fit()
            room = self.view.viewport().width()
            for column, widest in enumerate(_WIDEST):
                # In a narrow window as well, something is to be seen beside the names.
                widest = min(widest, round(_WIDEST_SHARES[column] * room))
                self.view.setColumnWidth(column, min(widest, self.view.columnWidth(column)))
        self._on_sorted()

    def _text_of(self, table: Table, number: int, runs: list[int]) -> RowText:
        row = table.rows[number]
        errors = [translated(self._errors[run]) for run in runs if run in self._errors]
        failures = errors or [translated(each.failure) for each in row.failed if each.failure]
        is_under_way = self._run in runs
        verdict, rank = self._verdict(table, number)
        remarks = [verdict] if verdict else []
        if is_under_way:
            remarks.append(self.tr("training…"))
        elif failures:
            remarks.append(self.tr("failed"))
            rank = rank if row.runs else 6
        elif not row.runs:
            remarks.append(self.tr("waiting") if self._is_running else self.tr("not trained yet"))
        if row.runs and len(row.runs) < row.planned:
            remarks.append(
                self.tr("{done} of {count}").format(done=len(row.runs), count=row.planned)
            )
        return RowText(
            network=self._texts.network(row.start),
            strategy=self._texts.strategy(row.strategy),
            verdict=" · ".join(remarks),
            rank=rank,
            failure="" if is_under_way else " ".join(dict.fromkeys(failures)),
        )

    def _verdict(self, table: Table, number: int) -> tuple[str, int]:
        """What a row's figures come to, and its place among the others."""
        is_taken = number == table.take
        if number == table.best:
            return (self.tr("★ best") if is_taken else self.tr("best")), 0 if is_taken else 1
        if table.is_like_best(number):
            return (self.tr("★ ≈ best") if is_taken else self.tr("≈ best")), 0 if is_taken else 2
        if is_taken:
            return self.tr("★ recommended"), 0
        if table.surpasses_best(number):
            return self.tr("above best"), 3
        if table.falls_short(number):
            return self.tr("worse"), 3
        row = table.rows[number]
        if row.probability is not None:
            return self.tr("unclear"), 3  # Its seeds disagree.
        if row.runs and not row.is_measured:
            return self.tr("not measured"), 4
        return "", 3 if row.runs else 5

    def _show_chart(self) -> None:
        table = self._table
        if table is None:
            return
        intervals = []
        for number in self.sorted.order:
            row = table.rows[number]
            if row.held_out is None or row.interval is None:
                continue
            kind: Kind = "best" if number == table.best else "plain"
            kind = "taken" if number == table.take else kind
            intervals.append(Interval(self._texts.row(row), row.held_out.mean, *row.interval, kind))
        self.chart.show_rows(intervals, self._texts.chart(table) if intervals else "")
        self._chart_panel.setVisible(bool(intervals))
        margins = self._chart_panel.column.contentsMargins()
        self._chart_panel.setMaximumHeight(
            self.chart.sizeHint().height() + margins.top() + margins.bottom() + 4
        )

    @Slot()
    def _on_sorted(self) -> None:
        # Where there are no figures, the reason has all their room.
        self.view.clearSpans()
        for place, number in enumerate(self.sorted.order):
            if self.rows.text_of(number).failure and not self.rows.row(number).runs:
                self.view.setSpan(place, VERDICT, 1, ComparisonTable.COLUMNS - VERDICT)
        self._show_chart()

    # The selected row

    def show_in_use(self, model: Path) -> None:
        """The model in use is not offered for use."""
        self._in_use = model
        self._on_current_changed()

    @property
    def _selected_number(self) -> int | None:
        index = self.view.currentIndex()
        return self.sorted.mapToSource(index).row() if index.isValid() else None

    @property
    def selected(self) -> Row | None:
        number = self._selected_number
        return None if number is None else self.rows.row(number)

    @Slot()
    def _on_current_changed(self) -> None:
        row = self.selected
        model = row.representative.model_file if row is not None and row.runs else None
        self.use.setEnabled(model is not None and model != self._in_use)
        self.show_runs.setEnabled(row is not None and bool(row.runs or row.failed))

    @Slot()
    def _on_columns_chosen(self) -> None:
        self._settings.shown_comparison_columns = frozenset(
            figure
            for column, figure in enumerate(FIGURES, VERDICT + 1)
            if not self.view.isColumnHidden(column)
        )

    @Slot()
    def _on_use(self) -> None:
        row = self.selected
        if row is not None and row.runs:
            self.model_chosen.emit(row.representative.model_file)

    @Slot()
    def _on_show_runs(self) -> None:
        row = self.selected
        if row is not None:
            self.runs_wanted.emit([record.id for record in (*row.runs, *row.failed)])

    @Slot()
    def copy(self) -> None:
        """Copy the table, as it is sorted."""
        QGuiApplication.clipboard().setText(self.rows.as_text(self.sorted.order))

    def retranslate(self) -> None:
        self._fitted_to = ""
        self.view.setAccessibleName(self.tr("Comparison"))
        self.use.setText(self.tr("Use this model"))
        self.show_runs.setText(self.tr("Show its runs"))
        self._copy.setText(self.tr("Copy the table"))
        self._show()
        self._on_current_changed()
