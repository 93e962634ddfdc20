"""The table of a run's epochs."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from trainer.events import EpochDone

_Index = QModelIndex | QPersistentModelIndex


class EpochTable(QAbstractTableModel):
    """One row an epoch, the newest last; the best one is in bold type."""

    COLUMNS = 7
    NARROW = (0, 5, 6)
    """Those with little in them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._epochs: list[EpochDone] = []
        self._best: int | None = None

    def append(self, epoch: EpochDone) -> None:
        row = len(self._epochs)
        self.beginInsertRows(QModelIndex(), row, row)
        self._epochs.append(epoch)
        self.endInsertRows()
        if epoch.best:
            before, self._best = self._best, row
            if before is not None:
                self.dataChanged.emit(self.index(before, 0), self.index(before, self.COLUMNS - 1))

    @property
    def last(self) -> EpochDone | None:
        return self._epochs[-1] if self._epochs else None

    @property
    def best(self) -> EpochDone | None:
        return None if self._best is None else self._epochs[self._best]

    def clear(self) -> None:
        self.beginResetModel()
        self._epochs.clear()
        self._best = None
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._epochs)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self.COLUMNS

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            self.tr("Epoch"),
            self.tr("Training\nloss"),
            self.tr("Training\naccuracy"),
            self.tr("Validation\nloss"),
            self.tr("Validation\naccuracy"),
            self.tr("95%\ninterval"),
            self.tr("Time\n(s)"),
        )[section]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        epoch = self._epochs[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            low, high = epoch.validation_interval
            return (
                str(epoch.epoch),
                f"{epoch.train_loss:.4f}",
                f"{epoch.train_accuracy:.1%}",
                f"{epoch.validation_loss:.4f}",
                f"{epoch.validation_accuracy:.1%}",
                f"{low * 100:.0f}–{high:.0%}",
                f"{epoch.seconds:.1f}",
            )[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.FontRole and index.row() == self._best:
            font = QFont()
            font.setBold(True)
            return font
        return None
