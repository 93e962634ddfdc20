"""The table of how each class fares."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fruitgui.i18n.display_names import display_names
from fruitgui.widgets import tool_tip
from trainer.evaluation.result import ClassReport, Evaluation

_Index = QModelIndex | QPersistentModelIndex
_MOST_NAMED = 3
_TAKEN_FOR = 5


class ClassReportTable(QAbstractTableModel):
    """One row a class that is in the photos or among the answers.

    ``SortRole`` gives numbers for numbers.
    """

    SortRole = Qt.ItemDataRole.UserRole
    COLUMNS = 6

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[ClassReport, str]] = []
        self._names: dict[str, str] = {}

    def show_evaluation(self, evaluation: Evaluation) -> None:
        self._names = display_names(evaluation.classes)
        rows = [
            (report, self._taken_for(evaluation, number))
            for number, report in enumerate(evaluation.per_class)
            if report.support or any(row[number] for row in evaluation.confusion)
        ]
        if [report.name for report, _ in rows] == [report.name for report, _ in self._rows]:
            # What is selected stays so.
            self._rows = rows
            last = self.index(len(rows) - 1, self.COLUMNS - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def _taken_for(self, evaluation: Evaluation, number: int) -> str:
        row = evaluation.confusion[number]
        mistaken = sorted(
            (
                (-count, name)
                for other, (count, name) in enumerate(zip(row, evaluation.classes, strict=True))
                if count and other != number
            )
        )
        return ", ".join(f"{self._names[name]} {-count}" for count, name in mistaken[:_MOST_NAMED])

    def class_at(self, row: int) -> str:
        """The data set's own name of the class in a row."""
        return self._rows[row][0].name

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self.COLUMNS

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        names = (
            (self.tr("Class"), ""),
            (self.tr("Precision"), self.tr("Of the answers with this class, how many are right")),
            (self.tr("Recall"), self.tr("Of the photos of this class, how many are found")),
            (self.tr("F1"), self.tr("The harmonic mean of precision and recall")),
            (self.tr("Photos"), self.tr("How many photos are of this class")),
            (
                self.tr("Confused with"),
                self.tr("The wrong answers most often given for its photos"),
            ),
        )
        if role == Qt.ItemDataRole.DisplayRole:
            return names[section][0]
        return names[section][1] if role == Qt.ItemDataRole.ToolTipRole else None

    @staticmethod
    def _alignment(column: int) -> Qt.AlignmentFlag:
        is_text = column in (0, _TAKEN_FOR)
        side = Qt.AlignmentFlag.AlignLeft if is_text else Qt.AlignmentFlag.AlignRight
        return side | Qt.AlignmentFlag.AlignVCenter

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        report, taken_for = self._rows[index.row()]
        name = self._names[report.name]
        if role == self.SortRole:
            values = (name, report.precision, report.recall, report.f1, report.support, taken_for)
            return values[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                name,
                f"{report.precision:.1%}",
                # Without photos there is nothing to find.
                f"{report.recall:.1%}" if report.support else "–",
                f"{report.f1:.3f}" if report.support else "–",
                str(report.support),
                taken_for,
            )[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip.plain(taken_for if index.column() == _TAKEN_FOR else report.name)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(index.column())
        return None
