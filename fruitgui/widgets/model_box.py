"""A choice among model files."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QWidget

_LETTERS = 24


class ModelBox(QComboBox):
    """Offers models by their titles; a first entry may stand for none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Long names are cut, not what is around made wider.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_LETTERS)

    @property
    def chosen(self) -> Path | None:
        """The chosen model's file."""
        # Qt compares texts, and no paths.
        text = self.currentData()
        return Path(text) if text else None

    def offer(self, models: Sequence[tuple[str, Path]], first: str | None = None) -> None:
        """Offer these titles and files; what was chosen stays so, where it is among them.

        Args:
            first: an entry for no model.
        """
        chosen = self.currentData()
        self.clear()
        if first is not None:
            self.addItem(first, "")
        for title, path in models:
            self.addItem(title, str(path))
        self.setCurrentIndex(max(0, self.findData(chosen)))

    def offers(self, path: Path) -> bool:
        return self.findData(str(path)) >= 0

    def choose(self, path: Path) -> bool:
        """Choose a model; returns whether it is offered."""
        row = self.findData(str(path))
        if row >= 0:
            self.setCurrentIndex(row)
        return row >= 0
