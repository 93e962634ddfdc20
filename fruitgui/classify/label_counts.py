"""How many photos there are of each label: a chart to choose from."""

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from fruitgui import theme
from fruitgui.classify.photo_list import Counts, Filter
from fruitgui.i18n.class_names import display_name
from trainer.data.class_names import name_of_unsure

_FILTER = Qt.ItemDataRole.UserRole
_COUNT = Qt.ItemDataRole.UserRole + 1
_SHARE = Qt.ItemDataRole.UserRole + 2
_ROW = 34


class LabelCounts(QListWidget):
    """A row for all photos, one for each state, and one for each label, with bars.

    Signals:
        chosen(Filter): a row was chosen.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: Counts | None = None
        self.setItemDelegate(_CountDelegate(self))
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
            item.setToolTip(wanted.label or name)
            item.setData(_FILTER, wanted)
            item.setData(_COUNT, count)
            item.setData(_SHARE, count / max(1, most) if wanted.label is not None else 0.0)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}: {count}")
            if wanted == chosen:
                self.setCurrentRow(number)
        self.blockSignals(False)

    def _on_current_changed(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(_FILTER))


class _CountDelegate(QStyledItemDelegate):
    """Paints a row: the name, the count, and below a bar."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(120, _ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        scheme = theme.colours()
        area = QRect(option.rect)
        state: QStyle.StateFlag = option.state
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if is_chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(scheme.accent_soft if is_chosen else scheme.raised))
            painter.drawRoundedRect(QRectF(area), 8, 8)
        if is_chosen and state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(scheme.accent))
            painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        inner = area.adjusted(10, 2, -10, -2)
        font = QFont(painter.font())
        font.setPixelSize(13)
        font.setWeight(QFont.Weight.DemiBold if is_chosen else QFont.Weight.Normal)
        painter.setFont(font)
        count = str(index.data(_COUNT))
        width = painter.fontMetrics().horizontalAdvance(count)
        name = inner.adjusted(0, 0, -width - 8, -6)
        text = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, name.width()
        )
        centred = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(scheme.text))
        painter.drawText(name, centred | Qt.AlignmentFlag.AlignLeft, text)
        painter.setPen(QColor(scheme.muted))
        right = inner.adjusted(0, 0, 0, -6)
        painter.drawText(right, centred | Qt.AlignmentFlag.AlignRight, count)
        share = float(index.data(_SHARE))
        if share:
            painter.setPen(Qt.PenStyle.NoPen)
            track = QRectF(inner.left(), inner.bottom() - 4, inner.width(), 4)
            painter.setBrush(QColor(scheme.track))
            painter.drawRoundedRect(track, 2, 2)
            painter.setBrush(QColor(scheme.accent))
            track.setWidth(max(4.0, track.width() * share))
            painter.drawRoundedRect(track, 2, 2)
        painter.restore()
