"""The files that a data set leaves out, a line each."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt

from fruitgui.train.inspection.texts import InspectionTexts
from fruitgui.widgets import tool_tip
from fruitgui.widgets.counted_list_model import CountedListModel
from trainer.data.dataset import DataSet
from trainer.data.left_out import LeftOut

_Index = QModelIndex | QPersistentModelIndex
_TEXTS = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
)


class LeftOutList(CountedListModel):
    """Says where each file is, and why it is left out. A line is written when it is looked at, for
    there may be as many as there are photos."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = InspectionTexts(self)
        self._data_set: DataSet | None = None
        self._files: tuple[LeftOut, ...] = ()

    def show_files(self, data_set: DataSet, files: Sequence[LeftOut]) -> None:
        """Show what is left out of a data set."""

        def replace() -> int:
            self._data_set, self._files = data_set, tuple(files)
            return len(self._files)

        self.replace_rows(replace)

    def retranslate(self) -> None:
        """The language is another."""
        if self._files:
            self.dataChanged.emit(self.index(0), self.index(len(self._files) - 1), list(_TEXTS))

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._data_set is None or role not in _TEXTS:
            return None
        left_out = self._files[index.row()]
        # What is not there has no place but that which the labels name.
        is_there = left_out.reason != "no photo"
        place = self._data_set.place_of(left_out.path) if is_there else str(left_out.path)
        text = f"{place}: {self._texts.reason(left_out.reason)}"
        return tool_tip.plain(text) if role == Qt.ItemDataRole.ToolTipRole else text
