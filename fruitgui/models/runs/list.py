"""The list of training runs on the Models page."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from fruitgui import theme
from fruitgui.i18n.run_texts import RunRow, RunTexts
from fruitgui.models.runs.columns import (
    ALWAYS_SHOWN,
    COLUMNS,
    HIDDEN_AT_FIRST,
    ORDER_AT_FIRST,
    WIDTHS,
)
from fruitgui.models.runs.run_table import RunFilter, RunTable
from fruitgui.settings import Settings

_ROW_HEIGHT = 34


class RunList(theme.Scaled, QTableView):
    """Runs, several of which can be selected.

    Signals:
        selected(): other runs are.
        star_clicked(RunRow)
        opened(): Return was pressed, or a run was clicked on twice.
        deletion_wanted(): Delete was pressed.
        name_wanted(): F2 was pressed.
    """

    selected = Signal()
    star_clicked = Signal(object)
    opened = Signal()
    deletion_wanted = Signal()
    name_wanted = Signal()

    def __init__(self, settings: Settings, texts: RunTexts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.table = RunTable(texts, self)
        self.filter = RunFilter(self.table, self)
        self.setModel(self.filter)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        theme.fix_sections(rows, _ROW_HEIGHT)
        self._dress_header()
        self._connect()

    def _dress_header(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(WIDTHS["star"])
        for column, width in WIDTHS.items():
            header.resizeSection(COLUMNS.index(column), theme.scaled(width))
            header.setSectionHidden(COLUMNS.index(column), column in HIDDEN_AT_FIRST)
        for place, column in enumerate(ORDER_AT_FIRST):
            header.moveSection(header.visualIndex(COLUMNS.index(column)), place)
        header.setSortIndicator(COLUMNS.index("date"), Qt.SortOrder.DescendingOrder)
        self._drawn_for = theme.scaled(100)
        if header.restoreState(self._settings.run_columns):
            self._drawn_for = self._settings.run_columns_text_size
            self.scale()
        # Whatever is stored, a run can be told from another.
        for column in ALWAYS_SHOWN:
            header.setSectionHidden(COLUMNS.index(column), False)
        self.setSortingEnabled(True)

    def scale(self) -> None:
        before, self._drawn_for = self._drawn_for, theme.scaled(100)
        if before == self._drawn_for:
            return
        header = self.horizontalHeader()
        for number, column in enumerate(COLUMNS):
            # As wide as the user made it; of a hidden one, Qt does not say how wide that was.
            width = header.sectionSize(number) * self._drawn_for / before
            header.resizeSection(number, round(width) or theme.scaled(WIDTHS[column]))

    def _connect(self) -> None:
        self.clicked.connect(self._on_clicked)
        self.doubleClicked.connect(self._on_double_clicked)
        self.selectionModel().selectionChanged.connect(self.selected)
        for key, signal in (
            (Qt.Key.Key_Delete, self.deletion_wanted),
            (Qt.Key.Key_Backspace, self.deletion_wanted),  # A Mac's Delete.
            (Qt.Key.Key_F2, self.name_wanted),
            (Qt.Key.Key_Return, self.opened),
            (Qt.Key.Key_Enter, self.opened),
        ):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(signal)

    # What is selected

    def selected_rows(self) -> list[RunRow]:
        """The selected runs, in the order of the list."""
        selection = self.selectionModel().selection()
        numbers: set[int] = set()
        for place in range(selection.count()):
            stretch = selection.at(place)
            numbers.update(range(stretch.top(), stretch.bottom() + 1))
        return [self._row(number) for number in sorted(numbers)]

    def show_rows(self, rows: Iterable[RunRow]) -> None:
        """Show these runs; what is selected stays so, and the list where it was scrolled to."""
        selected = [row.id for row in self.selected_rows()]
        current = self.currentIndex()
        current_run = self._row(current.row()).id if current.isValid() else ""
        bars = (self.verticalScrollBar(), self.horizontalScrollBar())
        places = [bar.value() for bar in bars]
        if not self.table.set_rows(rows):
            return
        self._select(selected, current_run)
        self.executeDelayedItemsLayout()
        for bar, place in zip(bars, places, strict=True):
            bar.setValue(place)

    def select(self, runs: Sequence[str]) -> bool:
        """Select runs by their ids and show the first; returns whether one is in the list."""
        numbers = self._select(runs, runs[0] if runs else "")
        if numbers:
            self.scrollTo(self.filter.index(min(numbers), 0))
        return bool(numbers)

    def select_near(self, number: int) -> None:
        """Select the run in this row of the list, or the last one."""
        number = min(number, self.filter.rowCount() - 1)
        if number >= 0:
            self.select([self._row(number).id])

    def _select(self, runs: Iterable[str], current: str) -> list[int]:
        numbers = sorted(index.row() for run in runs if (index := self._index_of(run)).isValid())
        last = len(COLUMNS) - 1
        selection = QItemSelection()
        for first, end in _stretches(numbers):
            selection.append(
                QItemSelectionRange(self.filter.index(first, 0), self.filter.index(end, last))
            )
        flags = QItemSelectionModel.SelectionFlag
        index = self._index_of(current)
        self.selectionModel().setCurrentIndex(index, flags.NoUpdate)
        self.selectionModel().select(selection, flags.ClearAndSelect)
        return numbers

    def _index_of(self, run: str) -> QModelIndex:
        number = self.table.number_of(run)
        if number is None:
            return QModelIndex()
        return self.filter.mapFromSource(self.table.index(number, COLUMNS.index("name")))

    def _row(self, number: int) -> RunRow:
        row: RunRow = self.filter.index(number, 0).data(RunTable.RowRole)
        return row

    # What the user does

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        if COLUMNS[index.column()] == "star":
            self.star_clicked.emit(self._row(index.row()))

    @Slot(QModelIndex)
    def _on_double_clicked(self, index: QModelIndex) -> None:
        if COLUMNS[index.column()] != "star":
            self.opened.emit()

    def save_columns(self) -> None:
        """Keep how wide columns are, and which are hidden."""
        self._settings.run_columns = self.horizontalHeader().saveState()
        self._settings.run_columns_text_size = self._drawn_for


def _stretches(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """The first and last number of each unbroken stretch; *numbers* are in order."""
    stretches: list[tuple[int, int]] = []
    for number in numbers:
        if stretches and stretches[-1][1] == number - 1:
            stretches[-1] = (stretches[-1][0], number)
        else:
            stretches.append((number, number))
    return stretches
