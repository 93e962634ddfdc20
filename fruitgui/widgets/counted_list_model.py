"""A list model for thousands of rows."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QStringListModel, Qt


class CountedListModel(QStringListModel):
    """A list model that counts its rows without Python: a view asks for their number several times
    a row that it lays out or selects, and each call into Python takes longer than all the rest.

    What is in a row, a subclass says.
    """

    def replace_rows(self, replace: Callable[[], int]) -> None:
        """Have other rows; views forget where they were.

        Args:
            replace: makes ready what :meth:`data` tells, and returns how many rows there are.
        """
        # In between, nobody asks for rows of before.
        self.setStringList([])
        self.setStringList([""] * replace())

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        # Texts could be edited.
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
