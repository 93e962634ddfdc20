"""The table of what differs between some training runs, and what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from fruitgui import icons, theme
from fruitgui.widgets import tool_tip

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Difference:
    """A row: what it is about, and what each run has there."""

    name: str
    values: tuple[str, ...]
    best: frozenset[int] = frozenset()
    """The runs whose value is the best one."""
    help: str = ""


class DifferenceTable(QAbstractTableModel):
    """One column a run, in the order of their curves; the best value of a row is in bold type."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._titles: tuple[str, ...] = ()
        self._rows: tuple[Difference, ...] = ()

    def show(self, titles: Sequence[str], rows: Sequence[Difference]) -> None:
        """Show runs of these titles."""
        self.beginResetModel()
        self._titles = tuple(titles)
        self._rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._titles)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical:
            row = self._rows[section]
            if role == Qt.ItemDataRole.DisplayRole:
                return row.name
            if role == Qt.ItemDataRole.ToolTipRole:
                return row.help or row.name
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return str(section + 1)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                title = self._titles[section]
                return tool_tip.plain(title) if role == Qt.ItemDataRole.ToolTipRole else title
            case Qt.ItemDataRole.DecorationRole:
                runs = theme.colours().runs
                return icons.icon("stop", runs[section % len(runs)])
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.values[index.column()]
            case Qt.ItemDataRole.ToolTipRole:
                text = f"{self._titles[index.column()]}\n{row.name}: {row.values[index.column()]}"
                return tool_tip.plain(text)
            case Qt.ItemDataRole.FontRole if index.column() in row.best:
                font = QFont()
                font.setBold(True)
                return font
        return None
