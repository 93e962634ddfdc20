"""Chooses which columns of a table are shown."""

from collections.abc import Collection
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QMenu, QTableView, QWidget

from fruitgui.i18n.retranslated import Retranslated
from fruitgui.widgets.icon_button import IconButton


class ColumnButton(Retranslated, IconButton):
    """A button with a menu of a table's columns, which a right click on its header opens, too.

    Signals:
        chosen(): a column was shown or hidden.
    """

    chosen = Signal()

    def __init__(
        self, table: QTableView, always: Collection[int] = (), parent: QWidget | None = None
    ) -> None:
        """Args: *always*: the numbers of the columns that cannot be hidden."""
        super().__init__("columns", "flat", parent)
        self._table = table
        self._always = frozenset(always)
        self.menu_of_columns = QMenu(self)
        self.menu_of_columns.aboutToShow.connect(self._fill)
        header = table.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._on_header_menu)
        self.clicked.connect(self._on_clicked)
        self.retranslate()

    def retranslate(self) -> None:
        self.setToolTip(self.tr("Columns"))
        self.setAccessibleName(self.tr("Columns"))

    @Slot()
    def _fill(self) -> None:
        self.menu_of_columns.clear()
        model, header = self._table.model(), self._table.horizontalHeader()
        for number in range(model.columnCount()):
            if number in self._always:
                continue
            name = model.headerData(number, Qt.Orientation.Horizontal)
            action = self.menu_of_columns.addAction(" ".join(str(name).split()))
            action.setCheckable(True)
            action.setChecked(not header.isSectionHidden(number))
            action.toggled.connect(partial(self._show, number))

    def _show(self, column: int, is_shown: bool) -> None:
        self._table.setColumnHidden(column, not is_shown)
        self.chosen.emit()

    @Slot()
    def _on_clicked(self) -> None:
        self.menu_of_columns.popup(self.mapToGlobal(QPoint(0, self.height())))

    @Slot(QPoint)
    def _on_header_menu(self, place: QPoint) -> None:
        self.menu_of_columns.popup(self._table.horizontalHeader().mapToGlobal(place))
