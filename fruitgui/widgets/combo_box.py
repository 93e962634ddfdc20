"""A choice from a list that drops down."""

from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QWidget


class ComboBox(QComboBox):
    """Qt's own paints its rows without regard to the style sheet."""

    def __init__(
        self, parent: QWidget | None = None, *, editable: bool = False, least_letters: int = 0
    ) -> None:
        """Args: *least_letters* are shown of what is chosen, however little room there is; 0 for
        all of it."""
        super().__init__(parent, editable=editable, minimumContentsLength=least_letters)
        self.setItemDelegate(QStyledItemDelegate(self))
