"""The photos of a section, with a heading above each group of them."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt

from fruitgui.train.inspection.findings import Findings, InspectedPhoto, Section
from fruitgui.train.inspection.texts import InspectionTexts
from fruitgui.widgets import tool_tip
from fruitgui.widgets.card_grid import stretches
from fruitgui.widgets.counted_list_model import CountedListModel

_Index = QModelIndex | QPersistentModelIndex
_Group = tuple[Path, ...]
_MOST_STRETCHES = 200
"""Of changed rows, each of which is told; beyond it, all between the first and the last is."""


class InspectedPhotoList(CountedListModel):
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
        self.has_headings = False
        """Whether some rows are headings."""
        self._rows: list[Path | _Group] = []
        self._row_of: dict[Path, int] = {}

    def show_groups(
        self, findings: Findings, section: Section, groups: Sequence[_Group], *, has_headings: bool
    ) -> None:
        """Show these photos, in this order."""

        def replace() -> int:
            self.has_headings = has_headings
            self._findings, self._section = findings, section
            self._rows = []
            for group in groups:
                if has_headings:
                    self._rows.append(group)
                self._rows += group
            self._row_of = {
                row: number for number, row in enumerate(self._rows) if isinstance(row, Path)
            }
            return len(self._rows)

        self.replace_rows(replace)

    def note_changed(self, findings: Findings) -> None:
        """The user has changed something: the same photos are shown as they stand now. Told are
        those that have changed alone, for a view measures each that it hears of."""
        before, self._findings = self._findings, findings
        if before is None:
            return
        changed: list[int] = []
        heading: int | None = None
        for number, row in enumerate(self._rows):
            if not isinstance(row, Path):
                heading = number
            elif before.photo(row) is not findings.photo(row):
                changed += [number] if heading is None else [heading, number]
                heading = None
        parts = list(stretches(changed))
        if len(parts) > _MOST_STRETCHES:
            parts = [(changed[0], changed[-1])]
        for first, last in parts:
            self.dataChanged.emit(self.index(first), self.index(last))

    def retranslate(self) -> None:
        """The language is another."""
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def is_photo(self, row: int) -> bool:
        """Whether a row is a photo's, and not a heading's."""
        return isinstance(self._rows[row], Path)

    @property
    def paths(self) -> list[Path]:
        """Of all photos, in order."""
        return list(self._row_of)

    def photo(self, path: Path) -> InspectedPhoto:
        """A photo that is shown, as it stands now."""
        assert self._findings is not None
        return self._findings.photo(path)

    def photos_in(self, rows: Iterable[int]) -> list[InspectedPhoto]:
        """The photos in these rows, as they stand now; none for headings."""
        findings = self._findings
        if findings is None:
            return []
        shown = (self._rows[row] for row in rows)
        return [findings.photo(row) for row in shown if isinstance(row, Path)]

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
            text = self.texts.spoken(self.photo(row), self._findings.place_of(row))
            return tool_tip.plain(text) if role == Qt.ItemDataRole.ToolTipRole else text
        return None
