"""The first photos with their labels as they are understood, for the choice of labels."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from fruitgui import theme
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.widgets import tool_tip
from trainer.data.labels.labelled_photos import Labelled
from trainer.data.labels.labelled_rows import LabelledRow
from trainer.data.labels.name_pattern import NameParts
from trainer.data.left_out import readable

_RANGES = Qt.ItemDataRole.UserRole
_SHOWN = 50


class LabelsPreview(Retranslated, QTableWidget):
    """A row a photo: where it is, its label, its split, and why it is left out if it is. The part
    of a name that is the label is marked in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self._names: Sequence[tuple[str, NameParts | None]] = ()
        self._labelled: Labelled | None = None
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setTabKeyNavigation(False)  # It would never let go of the focus.
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setItemDelegateForColumn(0, _MarkedText(self))
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.retranslate()

    def show_rows(
        self, labelled: Labelled | None, names: Sequence[tuple[str, NameParts | None]]
    ) -> None:
        """Show *names* taken apart by a pattern or, without any, the first rows of a file."""
        self._labelled, self._names = labelled, names
        self.retranslate()

    def retranslate(self) -> None:
        self.setHorizontalHeaderLabels([self.tr("Photo"), self.tr("Label"), self.tr("Split")])
        rows = self._rows()
        self.setRowCount(len(rows))
        for number, (text, label, split, ranges, is_taken) in enumerate(rows):
            for column, cell in enumerate((text, label, split)):
                item = QTableWidgetItem(cell)
                item.setToolTip(tool_tip.plain(cell))
                if not is_taken:
                    item.setForeground(QColor(theme.colours().muted))
                if column == 0:
                    item.setData(_RANGES, ranges)
                self.setItem(number, column, item)
        self.setColumnHidden(2, not any(split for _, _, split, _, _ in rows))
        self.resizeColumnToContents(1)
        self.setColumnWidth(1, min(self.columnWidth(1) + theme.SPACE, self.width() // 2))

    def _rows(self) -> list[tuple[str, str, str, tuple[tuple[int, int], ...], bool]]:
        if self._names:
            return [self._row_of_name(text, parts) for text, parts in self._names]
        rows = self._labelled.rows[:_SHOWN] if self._labelled is not None else ()
        return [self._row_of_table(row) for row in rows]

    def _row_of_name(
        self, text: str, parts: NameParts | None
    ) -> tuple[str, str, str, tuple[tuple[int, int], ...], bool]:
        if parts is None:
            return readable(text), self.tr("does not fit"), "", (), False
        ranges = [each for each in (parts.label_range, parts.split_range) if each is not None]
        split = self._split(parts.split)
        return text, parts.label, split, tuple(ranges), parts.split != ""

    def _row_of_table(
        self, row: LabelledRow
    ) -> tuple[str, str, str, tuple[tuple[int, int], ...], bool]:
        missed = {
            "missing": self.tr("no such photo"),
            "outside": self.tr("outside of the photos' folder"),
            "ambiguous": self.tr("several photos of that name"),
        }
        conflicts = {
            "contradicted": self.tr("several labels"),
            "outweighed": self.tr("{label}: covers less").format(label=row.label),
        }
        label = (
            missed.get(str(row.photo))
            or conflicts.get(row.conflict)
            or row.label
            or self.tr("no label")
        )
        is_known = str(row.photo) not in missed and bool(row.label)
        is_taken = is_known and row.split != "" and not row.conflict
        return row.text, label, self._split(row.split), (), is_taken

    def _split(self, split: str | None) -> str:
        texts = {
            None: "",
            "": self.tr("unknown"),
            "train": self.tr("train"),
            "validation": self.tr("validation"),
            "test": self.tr("test"),
        }
        return texts[split]


class _MarkedText(QStyledItemDelegate):
    """Paints text with ranges of it marked."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        ranges = index.data(_RANGES)
        if not ranges:
            super().paint(painter, option, index)
            return
        scheme = theme.colours()
        rect: QRect = option.rect.adjusted(theme.SPACE + 3, 0, -theme.SPACE, 0)
        layout = QTextLayout(str(index.data()), option.font)
        layout.setFormats([_marked(start, end) for start, end in ranges])
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(100_000)
        layout.endLayout()
        painter.save()
        painter.setClipRect(rect)
        painter.setPen(QColor(scheme.text))
        # What is too long shows its end, where the name is.
        shift = min(0.0, rect.width() - line.naturalTextWidth())
        layout.draw(
            painter,
            QPointF(rect.left() + shift, rect.top() + (rect.height() - line.height()) / 2),
        )
        painter.restore()


def _marked(start: int, end: int) -> QTextLayout.FormatRange:
    scheme = theme.colours()
    marked = QTextLayout.FormatRange()
    marked.start = start
    marked.length = end - start
    look = QTextCharFormat()
    look.setFontWeight(QFont.Weight.DemiBold)
    look.setForeground(QColor(scheme.accent))
    look.setBackground(QColor(scheme.accent_soft))
    marked.format = look
    return marked
