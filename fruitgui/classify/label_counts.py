"""How many photos there are of each label: a chart to choose from."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from fruitgui.classify.photo_list import Counts, Filter
from fruitgui.i18n.display_names import display_name
from fruitgui.widgets import tool_tip
from fruitgui.widgets.counted_rows import COUNT, SHARE, CountedRowDelegate
from trainer.data.class_names import name_of_unsure

_FILTER = Qt.ItemDataRole.UserRole


class LabelCounts(QListWidget):
    """A row for all photos, one for each state, and one for each label, with bars.

    Signals:
        chosen(Filter): a row was chosen.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: Counts | None = None
        self.setItemDelegate(CountedRowDelegate(self))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self.currentItemChanged.connect(self._on_current_changed)

    def show_counts(self, counts: Counts, chosen: Filter) -> None:
        """Show how many photos there are of each sort. What was *chosen* stays in the list, also
        when there are none left of it."""
        rows: list[tuple[str, Filter, int]] = [(self.tr("All photos"), Filter(), counts.photos)]
        named = [display_name(label) for label in counts.of_label]
        for name, wanted, count in (
            (name_of_unsure(named, [self.tr("Not sure")]), Filter("unsure"), counts.unsure),
            (self.tr("Labelled by you"), Filter("corrected"), counts.corrected),
            (self.tr("Changed by teaching"), Filter("relabelled"), counts.relabelled),
        ):
            if count or wanted == chosen:
                rows.append((name, wanted, count))
        labels = dict(counts.of_label)
        if chosen.label is not None:
            labels.setdefault(chosen.label, 0)
        rows += [
            (display_name(label), Filter(label=label), count) for label, count in labels.items()
        ]
        self._fill(rows, max(labels.values(), default=1), chosen)

    def _fill(self, rows: list[tuple[str, Filter, int]], most: int, chosen: Filter) -> None:
        self.blockSignals(True)
        while self.count() > len(rows):
            self.takeItem(self.count() - 1)
        for number, (name, wanted, count) in enumerate(rows):
            item = self.item(number)
            if item is None:
                item = QListWidgetItem()
                self.addItem(item)
            item.setText(name)
            item.setToolTip(tool_tip.plain(wanted.label or name))
            item.setData(_FILTER, wanted)
            item.setData(COUNT, count)
            item.setData(SHARE, count / max(1, most) if wanted.label is not None else 0.0)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}: {count}")
            if wanted == chosen:
                self.setCurrentRow(number)
        self.blockSignals(False)

    def _on_current_changed(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(_FILTER))
