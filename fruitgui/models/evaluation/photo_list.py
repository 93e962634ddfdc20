"""Photos that a model was evaluated on, some of them, in the order in which they are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fruitgui.i18n.display_names import display_name
from fruitgui.widgets import tool_tip
from trainer.evaluation.result import EvaluatedPhoto

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class EvaluatedRow:
    """A photo, and what another model had said of it, where there is one."""

    photo: EvaluatedPhoto
    before: EvaluatedPhoto | None = None
    is_changed: bool = False
    """Whether the user has changed its label or its split."""


class EvaluatedPhotoList(QAbstractListModel):
    """One row a photo."""

    RowRole = Qt.ItemDataRole.UserRole
    """A row's :class:`EvaluatedRow`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[EvaluatedRow] = []
        self._row_of: dict[Path, int] = {}

    def show_rows(self, rows: Sequence[EvaluatedRow]) -> None:
        """Show these photos, in this order."""
        self.beginResetModel()
        self._rows = list(rows)
        self._row_of = {row.photo.path: number for number, row in enumerate(self._rows)}
        self.endResetModel()

    def row(self, number: int) -> EvaluatedRow:
        return self._rows[number]

    def path_at(self, row: int) -> Path:
        return self._rows[row].photo.path

    def row_of(self, path: Path) -> int | None:
        """The row of a photo, if it is shown."""
        return self._row_of.get(path)

    def refresh(self, path: Path) -> None:
        """Paint a photo anew."""
        number = self._row_of.get(path)
        if number is not None:
            index = self.index(number)
            self.dataChanged.emit(index, index)

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == self.RowRole:
            return row
        photo = row.photo
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            text = self.tr("{name}: label {label}, answer {answer} ({confidence} sure)")
            text = text.format(
                name=photo.path.name,
                label=display_name(photo.label),
                answer=display_name(photo.answer),
                confidence=f"{photo.confidence:.0%}",
            )
            return tool_tip.plain(text) if role == Qt.ItemDataRole.ToolTipRole else text
        return None


def rows_of(
    photos: Sequence[EvaluatedPhoto],
    before: Mapping[Path, EvaluatedPhoto],
    changed: frozenset[Path],
) -> list[EvaluatedRow]:
    """Rows of photos, in their order."""
    return [EvaluatedRow(photo, before.get(photo.path), photo.path in changed) for photo in photos]
