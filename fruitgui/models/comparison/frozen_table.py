"""A table whose first columns stay in sight while the others are scrolled."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

_MOST_FROZEN = 0.65
"""The share of the width that frozen columns may take."""


class FrozenTable(QTableView):
    """Shows its first columns in a second view on top of itself, which shares its model and its
    selection. Whole rows are selected, one at a time."""

    def __init__(self, frozen: int, parent: QWidget | None = None) -> None:
        """Make an empty table.

        Args:
            frozen: how many columns stay in sight.
        """
        super().__init__(parent)
        self._frozen = frozen
        self._fixed = QTableView(self)
        self._fixed.setStyleSheet(
            "QTableView { border: none; border-right: 1px solid palette(mid); border-radius: 0; }"
        )
        self._fixed.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # Screen readers have these cells from the table itself.
        self._fixed.setAccessibleName(" ")
        for bar in (
            self._fixed.setVerticalScrollBarPolicy,
            self._fixed.setHorizontalScrollBarPolicy,
        ):
            bar(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for view in (self, self._fixed):
            view.verticalHeader().hide()
            view.setShowGrid(False)
            view.setWordWrap(False)
            view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
            view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
            view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
            view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
            view.horizontalHeader().setHighlightSections(False)
            view.horizontalHeader().setSortIndicatorClearable(True)
            view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._fixed.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.viewport().stackUnder(self._fixed)
        self.verticalScrollBar().valueChanged.connect(self._fixed.verticalScrollBar().setValue)
        self._fixed.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.horizontalHeader().sectionResized.connect(self._on_section_resized)
        self.horizontalHeader().sortIndicatorChanged.connect(self._on_sorted)
        self._fixed.horizontalHeader().sortIndicatorChanged.connect(self._on_fixed_sorted)
        self._fixed.doubleClicked.connect(self.doubleClicked)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        self._fixed.setModel(model)
        self._fixed.setSelectionModel(self.selectionModel())
        for view in (self, self._fixed):
            view.setSortingEnabled(True)
        if model is not None:
            model.modelReset.connect(self._hide_columns)
        self._hide_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Columns that are in sight anyway are not scrolled to."""
        if index.column() >= self._frozen or self._fixed.isHidden():
            super().scrollTo(index, hint)

    def updateGeometries(self) -> None:
        super().updateGeometries()
        if hasattr(self, "_fixed"):
            self._place()

    def fit(self) -> None:
        """Make each column as wide as what is in it."""
        self.resizeColumnsToContents()
        self._place()

    @Slot()
    def _hide_columns(self) -> None:
        model = self.model()
        for column in range(model.columnCount() if model is not None else 0):
            self._fixed.setColumnHidden(column, column >= self._frozen)
        self._place()

    def _place(self) -> None:
        width = 0
        for column in range(self._frozen):
            self._fixed.setColumnWidth(column, self.columnWidth(column))
            width += self.columnWidth(column)
        # Its header may hold fewer lines.
        self._fixed.horizontalHeader().setFixedHeight(self.horizontalHeader().height())
        # In a narrow window there would be no room to scroll in.
        self._fixed.setVisible(width <= _MOST_FROZEN * self.viewport().width())
        edge = self.frameWidth()
        self._fixed.setGeometry(
            edge, edge, width, self.viewport().height() + self.horizontalHeader().height()
        )
        self._fixed.verticalScrollBar().setValue(self.verticalScrollBar().value())

    @Slot(int, int, int)
    def _on_section_resized(self) -> None:
        self._place()

    @Slot(int, Qt.SortOrder)
    def _on_sorted(self, column: int, order: Qt.SortOrder) -> None:
        _show_sorted(self._fixed.horizontalHeader(), column, order)

    @Slot(int, Qt.SortOrder)
    def _on_fixed_sorted(self, column: int, order: Qt.SortOrder) -> None:
        _show_sorted(self.horizontalHeader(), column, order)


def _show_sorted(header: QHeaderView, column: int, order: Qt.SortOrder) -> None:
    """Show by what the other view has sorted, without sorting once more."""
    header.blockSignals(True)
    header.setSortIndicator(column, order)
    header.blockSignals(False)
    header.viewport().update()
