"""The sections of an inspection, each with how much of it is left to look at."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyleOptionViewItem, QWidget

from fruitgui.train.inspection.findings import SECTIONS, Findings, Section
from fruitgui.train.inspection.texts import InspectionTexts
from fruitgui.widgets.counted_rows import COUNT, CountedRowDelegate
from fruitgui.widgets.scaled_painting import scaled_size

_ROW = 36


class SectionList(QListWidget):
    """Chooses a section.

    Signals:
        chosen(str): a section, by its key.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = InspectionTexts(self)
        self.setItemDelegate(_SectionDelegate(self))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        for section in SECTIONS:
            item = QListWidgetItem()
            item.setData(Qt.ItemDataRole.UserRole, section)
            self.addItem(item)
        self.currentItemChanged.connect(self._on_current_changed)

    def show_findings(self, findings: Findings) -> None:
        """Show how much is left of each section."""
        for row, section in enumerate(SECTIONS):
            item, left = self.item(row), findings.left(section)
            name = self._texts.section(section).name
            item.setText(name)
            item.setToolTip(name)
            item.setData(COUNT, left)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}: {left}")

    def choose(self, section: Section) -> None:
        """Mark a section, without telling; a *class* is none of the list."""
        self.blockSignals(True)
        self.setCurrentRow(SECTIONS.index(section) if section in SECTIONS else -1)
        self.blockSignals(False)

    def _on_current_changed(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))


class _SectionDelegate(CountedRowDelegate):
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return scaled_size(120, _ROW)
