"""The table of training runs: sorted by any column, filtered by words."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QColor

from fruitgui import icons, theme
from fruitgui.i18n.formats import display_device
from fruitgui.i18n.run_texts import RunRow, RunTexts
from fruitgui.models.runs.columns import COLUMNS, Column
from fruitgui.widgets import tool_tip

_Index = QModelIndex | QPersistentModelIndex
Shown = Literal["all", "starred", "trash"]
_NUMBERS = {"best_epoch", "validation", "test", "time"}


class RunTable(QAbstractTableModel):
    """One row a run, those in the trash among them.

    It sorts itself, which takes a list of thousands milliseconds; a proxy would ask it for every
    two rows that it compares.
    """

    RowRole = Qt.ItemDataRole.UserRole
    """A row's :class:`RunRow`."""

    def __init__(self, texts: RunTexts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._rows: list[RunRow] = []
        self._row_of: dict[str, int] = {}
        self._order: tuple[Column, Qt.SortOrder] = ("date", Qt.SortOrder.DescendingOrder)
        self._words: dict[str, str] = {}

    # What there is

    @property
    def rows(self) -> Sequence[RunRow]:
        return self._rows

    def row(self, number: int) -> RunRow:
        return self._rows[number]

    def number_of(self, run: str) -> int | None:
        """The row of the run of this id."""
        return self._row_of.get(run)

    def words_of(self, number: int) -> str:
        """All that a row is found by, in small letters."""
        row = self._rows[number]
        found = self._words.get(row.id)
        if found is None:
            record, texts = row.record, self._texts
            found = folded(
                "\n".join(
                    (
                        *(record.name, record.note, texts.model(record), texts.strategy(record)),
                        *(texts.start(record), record.data.name, texts.state(row.state)),
                    )
                )
            )
            self._words[row.id] = found
        return found

    # What happens

    def set_rows(self, rows: Iterable[RunRow]) -> bool:
        """Show these runs; returns whether the model was reset, because they are other ones."""
        arranged = self._arranged(rows)
        if arranged == self._rows:
            return False
        if [row.id for row in arranged] == [row.id for row in self._rows]:
            self.update(arranged)
            return False
        self.beginResetModel()
        self._words.clear()
        self._put(arranged)
        self.endResetModel()
        return True

    def update(self, rows: Iterable[RunRow]) -> None:
        """Show what has changed of runs that are there. They stay where they are."""
        numbers = []
        for row in rows:
            number = self._row_of.get(row.id)
            if number is not None and self._rows[number] != row:
                self._rows[number] = row
                self._words.pop(row.id, None)
                numbers.append(number)
        if numbers:
            last = self.columnCount() - 1
            self.dataChanged.emit(self.index(min(numbers), 0), self.index(max(numbers), last))

    def retranslate(self) -> None:
        """Show everything in the language of the window."""
        self._words.clear()
        last = self.columnCount() - 1
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, last)
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, last))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if not 0 <= column < len(COLUMNS):
            return
        self._order = (COLUMNS[column], order)
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        ids = [self._rows[index.row()].id for index in before]
        self._put(self._arranged(self._rows))
        after = [
            self.index(self._row_of[run], index.column())
            for run, index in zip(ids, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _put(self, rows: list[RunRow]) -> None:
        self._rows = rows
        self._row_of = {row.id: number for number, row in enumerate(rows)}

    def _arranged(self, rows: Iterable[RunRow]) -> list[RunRow]:
        """In order; what has no value comes last either way, and equals the newest first."""
        column, order = self._order
        newest_first = sorted(rows, key=lambda row: row.record.created, reverse=True)
        keyed = [(self._key(row, column), row) for row in newest_first]
        known = [pair for pair in keyed if pair[0] is not None]
        is_falling = order is Qt.SortOrder.DescendingOrder
        known.sort(key=lambda pair: pair[0], reverse=is_falling)
        return [row for _, row in known] + [row for key, row in keyed if key is None]

    def _key(self, row: RunRow, column: Column) -> Any:
        record = row.record
        match column:
            case "star":
                return not record.is_starred  # So that the first click brings them to the top.
            case "best_epoch":
                return record.best_epoch or None
            case "validation":
                return record.best_accuracy if record.best_epoch else None
            case "test":
                return record.test_accuracy
            case "time":
                return record.seconds or None
            case "date":
                return record.created
        return folded(self._text(row, column)) or None

    # What Qt asks for

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(column)
        if role == Qt.ItemDataRole.DisplayRole:
            return "" if column == "star" else self.title_of(column)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.title_of(column)
        return None

    def title_of(self, column: Column) -> str:
        return {
            "star": self.tr("Starred"),
            "name": self.tr("Name"),
            "model": self.tr("Model"),
            "start": self.tr("Starts from"),
            "strategy": self.tr("Layers trained"),
            "data": self.tr("Photos"),
            "best_epoch": self.tr("Best epoch"),
            "validation": self.tr("Validation"),
            "test": self.tr("Test"),
            "time": self.tr("Time"),
            "device": self.tr("Device"),
            "date": self.tr("Date"),
            "state": self.tr("State"),
        }[column]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(row, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._alignment(column)
            case Qt.ItemDataRole.ToolTipRole:
                return tool_tip.plain(self._tool_tip(row, column))
            case self.RowRole:
                return row
            case Qt.ItemDataRole.DecorationRole if column == "star":
                return self._star(row)
            case Qt.ItemDataRole.ForegroundRole if column == "state":
                return self._state_colour(row)
            case Qt.ItemDataRole.AccessibleTextRole if column == "star":
                return self.tr("Starred") if row.record.is_starred else self.tr("Not starred")
        return None

    def _text(self, row: RunRow, column: Column) -> str:
        record, texts = row.record, self._texts
        match column:
            case "star":
                return ""
            case "name":
                return texts.title(record)
            case "model":
                return texts.model(record)
            case "start":
                return texts.start(record)
            case "strategy":
                return texts.strategy(record)
            case "data":
                return record.data.name
            case "best_epoch":
                return str(record.best_epoch) if record.best_epoch else ""
            case "validation":
                return f"{record.best_accuracy:.1%}" if record.best_epoch else ""
            case "test":
                return f"{record.test_accuracy:.1%}" if record.test_accuracy is not None else ""
            case "time":
                return texts.duration(record.seconds) if record.seconds else ""
            case "device":
                return display_device(record.device)
            case "date":
                return texts.date(record)
            case "state":
                return texts.state(row.state)

    def _tool_tip(self, row: RunRow, column: Column) -> str:
        record = row.record
        match column:
            case "star":
                return self.tr("Star") if not record.is_starred else self.tr("Remove the star")
            case "name":
                return "\n\n".join(filter(None, (self._texts.title(record), record.note)))
            case "data":
                return str(record.data)
            case "test" if record.measurement is not None and record.test_accuracy is not None:
                return self.tr("{low_to_high} at 95% certainty, of {count} photos").format(
                    low_to_high=self._texts.spread(record.measurement.interval),
                    count=record.measurement.photos,
                )
            case "state":
                return self._texts.explanation(row)
        return self._text(row, column)

    @staticmethod
    def _alignment(column: Column) -> Qt.AlignmentFlag:
        if column in _NUMBERS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

    @staticmethod
    def _star(row: RunRow) -> Any:
        scheme = theme.colours()
        if row.record.is_starred:
            return icons.icon("star-filled", scheme.accent)
        return icons.icon("star", scheme.border)

    @staticmethod
    def _state_colour(row: RunRow) -> QColor | None:
        scheme = theme.colours()
        match row.state:
            case "failed" | "diverged":
                return QColor(scheme.danger)
            case "interrupted":
                return QColor(scheme.warning)
            case "running":
                return QColor(scheme.accent)
        return None


class RunFilter(QSortFilterProxyModel):
    """Lets through the runs in which all words are found. The order is the table's."""

    def __init__(self, table: RunTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._shown: Shown = "all"
        self._words: tuple[str, ...] = ()
        self.setSourceModel(table)

    @property
    def shown(self) -> Shown:
        return self._shown

    @property
    def is_on(self) -> bool:
        """Whether words are looked for."""
        return bool(self._words)

    def show(self, shown: Shown) -> None:
        if shown != self._shown:
            self.beginFilterChange()
            self._shown = shown
            self.endFilterChange(self.Direction.Rows)

    def look_for(self, text: str) -> None:
        words = tuple(folded(text).split())
        if words != self._words:
            self.beginFilterChange()
            self._words = words
            self.endFilterChange(self.Direction.Rows)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._table.sort(column, order)

    def filterAcceptsRow(self, source_row: int, source_parent: _Index) -> bool:
        row = self._table.row(source_row)
        if row.is_trashed != (self._shown == "trash"):
            return False
        if self._shown == "starred" and not row.record.is_starred:
            return False
        if not self._words:
            return True
        text = self._table.words_of(source_row)
        return all(word in text for word in self._words)


def folded(text: str) -> str:
    """So that large and small letters are the same, and Hangul however it is written."""
    return unicodedata.normalize("NFC", text).casefold()
