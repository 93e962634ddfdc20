"""How many photos there are of each class, in each split: figures and bars."""

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from fruitgui import theme
from fruitgui.i18n.display_names import display_names
from fruitgui.train.inspection.texts import InspectionTexts
from fruitgui.widgets import tool_tip

_Index = QModelIndex | QPersistentModelIndex
_SPLITS = ("train", "validation", "test")
_BAR = 1 + len(_SPLITS)
_COLUMNS = _BAR + 1
_LEGEND = 12
_BAR_HEIGHT = 14


class ClassCounts(QAbstractTableModel):
    """One row a class: its name, a figure a split, and what a bar is painted from."""

    CountsRole = Qt.ItemDataRole.UserRole
    """The counts of a row, in the order of the splits, and the most photos of any row."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = InspectionTexts(self)
        self._rows: list[tuple[str, str, tuple[int, ...]]] = []
        self._most = 1

    def show_counts(self, counts: dict[str, dict[str, int]]) -> None:
        """Args: photos by class and split."""
        names = display_names(counts)
        rows = [
            (name, names[name], tuple(splits.get(split, 0) for split in _SPLITS))
            for name, splits in counts.items()
        ]
        is_same = [row[0] for row in rows] == [row[0] for row in self._rows]
        if not is_same:
            self.beginResetModel()
        self._rows = rows
        self._most = max((sum(each) for _, _, each in rows), default=1)
        if not is_same:
            self.endResetModel()
        elif rows:
            # What is selected stays so.
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, _COLUMNS - 1))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, _COLUMNS - 1)

    def class_at(self, row: int) -> str:
        """The data set's own name of the class in a row."""
        return self._rows[row][0]

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else _COLUMNS

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        is_split = 0 < section < _BAR
        if role == Qt.ItemDataRole.DisplayRole:
            if is_split:
                return self._texts.split(_SPLITS[section - 1])
            return self.tr("Class") if section == 0 else ""
        if role == Qt.ItemDataRole.DecorationRole and is_split:
            return _square(split_colours()[section - 1])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            # Beside its square; the figures stand below its end.
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        name, shown, counts = self._rows[index.row()]
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return shown if column == 0 else str(counts[column - 1]) if column < _BAR else None
        if role == self.CountsRole:
            return counts, self._most
        if role == Qt.ItemDataRole.ToolTipRole and column == 0:
            return tool_tip.plain(name)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return None


class ClassTable(QTableView):
    """Shows :class:`ClassCounts`.

    Signals:
        class_chosen(str): the photos of a class are to be shown.
    """

    class_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.counts = ClassCounts(self)
        self.setModel(self.counts)
        self.setItemDelegateForColumn(_BAR, _BarDelegate(self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        theme.fix_sections(self.verticalHeader(), 28)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        # Tab leaves the table.
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_BAR, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        self.clicked.connect(self._on_activated)
        self.activated.connect(self._on_activated)

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        self.class_chosen.emit(self.counts.class_at(index.row()))


class _BarDelegate(QStyledItemDelegate):
    """Paints the photos of a class as one bar, a piece a split."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        super().paint(painter, option, index)
        counts, most = index.data(ClassCounts.CountsRole)
        area = QRectF(option.rect).adjusted(8, 0, -12, 0)
        left, top = area.left(), area.center().y() - _BAR_HEIGHT / 2
        painter.save()
        for count, colour in zip(counts, split_colours(), strict=True):
            width = area.width() * count / most
            # A line of the ground between two pieces tells them apart without their colours.
            painter.fillRect(QRectF(left, top, max(width - 1, 0), _BAR_HEIGHT), QColor(colour))
            left += width
        painter.restore()


def split_colours() -> tuple[str, ...]:
    """The colours of training, validation and test, which all eyes tell apart."""
    return theme.colours().runs[: len(_SPLITS)]


def _square(colour: str) -> QIcon:
    pixmap = QPixmap(_LEGEND, _LEGEND)
    pixmap.fill(QColor(colour))
    return QIcon(pixmap)


def _alignment(column: int) -> Qt.AlignmentFlag:
    is_figure = 0 < column < _BAR
    side = Qt.AlignmentFlag.AlignRight if is_figure else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
