"""The photos on the Classify page, and what is known of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fruitgui.produce_names import display_name
from trainer.prediction import Prediction

_Index = QModelIndex | QPersistentModelIndex


@dataclass(slots=True)
class PhotoEntry:
    """A photo, and its prediction once there is one."""

    path: Path
    prediction: Prediction | None = None


class PhotoList(QAbstractListModel):
    """One row a photo, in the order in which they were added; the same photo is there once."""

    EntryRole = Qt.ItemDataRole.UserRole
    """A row's :class:`PhotoEntry`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[PhotoEntry] = []
        self._rows: dict[Path, int] = {}
        self._answered = 0

    @property
    def answered(self) -> int:
        """How many photos have a prediction."""
        return self._answered

    @property
    def paths(self) -> list[Path]:
        return [entry.path for entry in self._entries]

    def entry(self, row: int) -> PhotoEntry:
        return self._entries[row]

    def add(self, photos: Iterable[Path]) -> list[Path]:
        """Append those that are not there yet; returns them."""
        new = [path for path in dict.fromkeys(photos) if path not in self._rows]
        if new:
            first = len(self._entries)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            for row, path in enumerate(new, start=first):
                self._entries.append(PhotoEntry(path))
                self._rows[path] = row
            self.endInsertRows()
        return new

    def set_prediction(self, prediction: Prediction) -> None:
        """Note a prediction; one of a photo that has been removed is ignored."""
        row = self._rows.get(prediction.path)
        if row is None:
            return
        self._answered += self._entries[row].prediction is None
        self._entries[row].prediction = prediction
        self.refresh(prediction.path)

    def forget_predictions(self) -> None:
        """Let every photo wait for an answer again."""
        for entry in self._entries:
            entry.prediction = None
        self._answered = 0
        if self._entries:
            self.dataChanged.emit(self.index(0), self.index(len(self._entries) - 1))

    def refresh(self, path: Path) -> None:
        """Have the photo's row painted again."""
        row = self._rows.get(path)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row))

    def remove_unanswered(self) -> None:
        """Take out the photos that wait for an answer."""
        self._replace([entry for entry in self._entries if entry.prediction is not None])

    def clear(self) -> None:
        self._replace([])

    def _replace(self, entries: list[PhotoEntry]) -> None:
        self.beginResetModel()
        self._entries = entries
        self._rows = {entry.path: row for row, entry in enumerate(entries)}
        self._answered = sum(entry.prediction is not None for entry in entries)
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:  # noqa: N802
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        match role:
            case self.EntryRole:
                return entry
            case Qt.ItemDataRole.DisplayRole:
                return entry.path.name
            case Qt.ItemDataRole.ToolTipRole:
                return str(entry.path)
            case Qt.ItemDataRole.AccessibleTextRole:
                return _spoken(entry)
        return None


def _spoken(entry: PhotoEntry) -> str:
    answer = entry.prediction.answer if entry.prediction else None
    if answer is None or answer.label is None:
        return entry.path.name
    return f"{entry.path.name}: {display_name(answer.label)}, {answer.confidence:.0%}"
