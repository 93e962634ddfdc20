"""The table of a comparison: a row for each network and strategy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QFont

from fruitgui.widgets import tool_tip
from trainer.experiments.comparison_table import Row, Spread, Table

_Index = QModelIndex | QPersistentModelIndex
VERDICT = 2
SORT_ROLE = Qt.ItemDataRole.UserRole
"""A number or a text to sort by; None where there is none."""
ABSENT = "–"


@dataclass(frozen=True, slots=True)
class RowText:
    """What a page says of a row, in the window's language."""

    network: str
    """The architecture, and what it starts from."""
    strategy: str
    verdict: str
    rank: int
    """To sort verdicts by: the row to take comes first."""
    failure: str = ""
    """Why there are no figures; it stands in their place."""


@dataclass(frozen=True, slots=True)
class _Column:
    text: Callable[[Row], str]
    value: Callable[[Row], float | None]


def _share(spread: Spread | None) -> str:
    if spread is None:
        return ABSENT
    deviation = f" ± {100 * spread.deviation:.1f}" if spread.deviation else ""
    return f"{spread.mean:.1%}{deviation}"


def _mean(spread: Spread | None) -> float | None:
    return spread.mean if spread is not None else None


def _interval(row: Row) -> str:
    if row.interval is None:
        return ABSENT
    low, high = row.interval
    return f"{100 * low:.0f}–{high:.0%}"


def _shown(value: float | None, form: str, factor: float = 1.0) -> str:
    return ABSENT if value is None else format(factor * value, form)


def _f1(row: Row) -> str:
    if row.macro_f1 is None:
        return ABSENT
    deviation = f" ± {row.macro_f1.deviation:.3f}" if row.macro_f1.deviation else ""
    return f"{row.macro_f1.mean:.3f}{deviation}"


def _size(byte_count: int | None) -> str:
    if byte_count is None:
        return ABSENT
    return QLocale().formattedDataSize(byte_count, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def _count(number: int | None) -> str:
    return ABSENT if number is None else QLocale().toString(number)


def _probability(row: Row) -> str:
    if row.probability is None:
        return ABSENT
    return "< 0.001" if row.probability < 0.001 else f"{row.probability:.3f}"


_FIGURES = (
    _Column(lambda row: _share(row.held_out), lambda row: _mean(row.held_out)),
    _Column(_interval, lambda row: row.interval[0] if row.interval is not None else None),
    _Column(_probability, lambda row: row.probability),
    _Column(lambda row: _share(row.validation), lambda row: _mean(row.validation)),
    _Column(_f1, lambda row: _mean(row.macro_f1)),
    _Column(lambda row: _shown(row.gap, "+.1f", 100), lambda row: row.gap),
    _Column(lambda row: _shown(row.ece, ".3f"), lambda row: row.ece),
    _Column(lambda row: _shown(row.milliseconds, ".1f"), lambda row: row.milliseconds),
    _Column(lambda row: _size(row.file_bytes), lambda row: row.file_bytes),
    _Column(lambda row: _shown(row.seconds_an_epoch, ".1f"), lambda row: row.seconds_an_epoch),
    _Column(lambda row: _count(row.trained_parameters), lambda row: row.trained_parameters),
)


FIGURES = (
    *("accuracy", "interval", "p", "validation", "macro_f1", "gap", "ece"),
    *("milliseconds", "size", "seconds", "parameters"),
)
"""What the columns after the verdict are kept by, in their order."""
SHOWN_AT_FIRST = frozenset({"accuracy", "validation"})


class ComparisonTable(QAbstractTableModel):
    """The rows of a :class:`~trainer.experiments.comparison_table.Table`, in its order; the row to
    take is in bold type."""

    COLUMNS = VERDICT + 1 + len(_FIGURES)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table: Table | None = None
        self._texts: tuple[RowText, ...] = ()

    def show(self, table: Table | None, texts: Sequence[RowText]) -> None:
        """Show a table, with a text for each row."""
        rows = table.rows if table is not None else ()
        before = self.table.rows if self.table is not None else ()
        if [(row.start, row.strategy) for row in rows] == [
            (row.start, row.strategy) for row in before
        ]:
            # What is selected stays so.
            self.table, self._texts = table, tuple(texts)
            if rows:
                last = self.index(len(rows) - 1, self.COLUMNS - 1)
                self.dataChanged.emit(self.index(0, 0), last)
                self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.COLUMNS - 1)
            return
        self.beginResetModel()
        self.table, self._texts = table, tuple(texts)
        self.endResetModel()

    def row(self, number: int) -> Row:
        assert self.table is not None, "only a table has rows"
        return self.table.rows[number]

    def text_of(self, number: int) -> RowText:
        return self._texts[number]

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._texts)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self.COLUMNS

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._names()[section]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return self._helps()[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self.table is None:
            return None
        text, column = self._texts[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cell(index.row(), column)
        if role == SORT_ROLE:
            if column < VERDICT:
                return (text.network, text.strategy)[column]
            row = self.table.rows[index.row()]
            return text.rank if column == VERDICT else _FIGURES[column - VERDICT - 1].value(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            name = f"{text.network} · {text.strategy}"
            return tool_tip.plain(f"{name}\n{text.failure}" if text.failure else name)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.FontRole and index.row() == self.table.take:
            font = QFont()
            font.setBold(True)
            return font
        return None

    def _cell(self, number: int, column: int) -> str:
        text, row = self._texts[number], self.row(number)
        if column < VERDICT:
            return (text.network, text.strategy)[column]
        if column == VERDICT:
            is_spread = text.failure and not row.runs
            return f"{text.verdict}: {text.failure}" if is_spread else text.verdict
        return _FIGURES[column - VERDICT - 1].text(row)

    def as_text(self, order: Sequence[int]) -> str:
        """The table as lines of values with tabs between, for spreadsheets: its rows in *order*."""
        lines = [[name.replace("\n", " ") for name in self._names()]]
        lines += [
            [self._cell(number, column) for column in range(self.COLUMNS)] for number in order
        ]
        return "\n".join("\t".join(line) for line in lines)

    def _held_out(self) -> tuple[str, str]:
        """The name of the column of what was held out, and of which photos it is."""
        if self.table is not None and self.table.split == "validation":
            return self.tr("Held-out\naccuracy"), self.tr(
                "The share of validation photos recognised correctly. There are no test "
                "photos, and the model was chosen by these, so it looks better than it is. "
                "After ±, the standard deviation over seeds."
            )
        return self.tr("Test\naccuracy"), self.tr(
            "The share of test photos recognised correctly. The model has never seen them, so "
            "expect about this of new photos. After ±, the standard deviation over seeds."
        )

    def _names(self) -> tuple[str, ...]:
        return (
            self.tr("Network and\nstarting weights"),
            self.tr("What is\ntrained"),
            self.tr("Verdict"),
            self._held_out()[0],
            self.tr("95%\ninterval"),
            self.tr("p"),
            self.tr("Validation\naccuracy"),
            self.tr("Macro\nF1"),
            self.tr("Gap,\n% points"),
            self.tr("Calibration\nerror"),
            self.tr("ms a\nphoto"),
            self.tr("File\nsize"),
            self.tr("Seconds\nan epoch"),
            self.tr("Trained\nparameters"),
        )

    def _helps(self) -> tuple[str, ...]:
        return (
            self.tr("The network, and what its weights were before the training."),
            self.tr("How much of the network was trained on your photos."),
            self.tr(
                "“best” has the highest validation accuracy. “≈ best” may differ from it only "
                "by chance; “worse” is lower by more than chance. The star marks the "
                "recommended model."
            ),
            self._held_out()[1],
            self.tr(
                "Where the accuracy on all photos of this kind lies, at 95% certainty (Wilson's "
                "interval): the more photos were held out, the narrower."
            ),
            self.tr(
                "How likely a model as good as the best would differ from it so much by mere "
                "chance: McNemar's exact test on the same photos, corrected for the number of rows "
                "(Holm). Below 0.05 the difference counts as real."
            ),
            self.tr(
                "The share of validation photos recognised correctly at the best epoch. After "
                "±, the standard deviation over seeds."
            ),
            self.tr(
                "The mean over classes of F1, which joins how many of a class are found with how "
                "many so named are right: small classes count as much as large ones."
            ),
            self.tr(
                "Training accuracy minus validation accuracy, in percentage points. A large "
                "gap means that the model has memorised its training photos (overfitting)."
            ),
            self.tr(
                "How far the stated confidence and the share of right answers lie apart (expected "
                "calibration error): 0 means that “80% sure” is right in 80 of 100 cases."
            ),
            self.tr(
                "Milliseconds from a photo's file to its answer on this computer, one at a time: "
                "the median."
            ),
            self.tr("How large the model's file is."),
            self.tr("How long going once through all training photos took."),
            self.tr("How many numbers in the network the training could change."),
        )


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column > VERDICT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class SortedComparison(QSortFilterProxyModel):
    """Sorts a :class:`ComparisonTable`; what is not known comes last either way."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setSortRole(SORT_ROLE)

    def lessThan(self, left: _Index, right: _Index) -> bool:
        first, second = left.data(SORT_ROLE), right.data(SORT_ROLE)
        if first is None or second is None:
            is_falling = self.sortOrder() is Qt.SortOrder.DescendingOrder
            return (first is None) == is_falling and first is not second
        return bool(first < second)

    @property
    def order(self) -> list[int]:
        """The table's rows, as they are shown from top to bottom."""
        return [self.mapToSource(self.index(place, 0)).row() for place in range(self.rowCount())]
