"""The photos of a section, with a heading above each group of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fruitgui.train.inspection.findings import Findings, InspectedPhoto, Section
from fruitgui.train.inspection.texts import InspectionTexts

_Index = QModelIndex | QPersistentModelIndex
_Group = tuple[Path, ...]


class InspectedPhotoList(QAbstractListModel):
    """One row a photo, and one a heading, which cannot be selected."""

    PhotoRole = Qt.ItemDataRole.UserRole
    """A row's :class:`InspectedPhoto`; None for a heading."""
    HeadingRole = Qt.ItemDataRole.UserRole + 1
    """The text of a heading; None for a photo."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.texts = InspectionTexts(self)
        self._findings: Findings | None = None
        self._section: Section = "suspects"
        self._rows: list[Path | _Group] = []
        self._row_of: dict[Path, int] = {}

    def show_groups(
        self, findings: Findings, section: Section, groups: Sequence[_Group], *, has_headings: bool
    ) -> None:
        """Show these photos, in this order."""
        self.beginResetModel()
        self._findings, self._section = findings, section
        self._rows = []
        for group in groups:
            if has_headings:
                self._rows.append(group)
            self._rows += group
        self._row_of = {
            row: number for number, row in enumerate(self._rows) if isinstance(row, Path)
        }
        self.endResetModel()

    def note_changed(self) -> None:
        """The user has changed something, or the language: the same photos are shown as they stand
        now."""
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    @property
    def paths(self) -> list[Path]:
        """Of all photos, in order."""
        return list(self._row_of)

    def photo(self, path: Path) -> InspectedPhoto:
        """A photo that is shown, as it stands now."""
        assert self._findings is not None
        return self._findings.photo(path)

    def path_at(self, row: int) -> Path:
        """The photo in a row; of a heading, the first one below."""
        found = self._rows[row]
        return found if isinstance(found, Path) else found[0]

    def row_of(self, path: Path) -> int | None:
        """The row of a photo, if it is shown."""
        return self._row_of.get(path)

    def refresh(self, path: Path) -> None:
        """Paint a photo anew."""
        number = self._row_of.get(path)
        if number is not None:
            self.dataChanged.emit(self.index(number), self.index(number))

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if index.isValid() and not isinstance(self._rows[index.row()], Path):
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._findings is None:
            return None
        row = self._rows[index.row()]
        if not isinstance(row, Path):
            if role in (self.HeadingRole, Qt.ItemDataRole.AccessibleTextRole):
                return self.texts.heading(self._section, [self.photo(path) for path in row])
            return None
        if role == self.PhotoRole:
            return self.photo(row)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.texts.spoken(self.photo(row), self._findings.place_of(row))
        return None
