"""A choice among model files."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QComboBox, QWidget

from fruitgui.widgets.combo_box import ComboBox

_LETTERS = 24


class ModelCombo(ComboBox):
    """Offers models by their titles; a first entry may stand for none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Long names are cut, not what is around made wider.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_LETTERS)

    def minimumSizeHint(self) -> QSize:
        size = super().minimumSizeHint()
        return QSize(size.width() // 2, size.height())

    @property
    def chosen(self) -> Path | None:
        """The chosen model's file."""
        # Qt compares texts, and no paths.
        text = self.currentData()
        return Path(text) if text else None

    def offer(self, models: Sequence[tuple[str, Path]], first: str | None = None) -> bool:
        """Offer these titles and files; what was chosen stays so.

        Args:
            first: an entry for no model, which is chosen where the model has gone; else none is.

        Returns:
            Whether what was chosen is still there.
        """
        is_new, chosen = self.count() == 0, self.currentData()
        self.clear()
        if first is not None:
            self.addItem(first, "")
        for title, path in models:
            self.addItem(title, str(path))
        row = self.findData(chosen) if chosen else -1
        is_there = row >= 0 or not chosen
        if row < 0 and (is_new or first is not None):
            row = 0
        self.setCurrentIndex(row)
        return is_there

    def offers(self, path: Path) -> bool:
        return self.findData(str(path)) >= 0

    def choose(self, path: Path) -> bool:
        """Choose a model; returns whether it is offered."""
        row = self.findData(str(path))
        if row >= 0:
            self.setCurrentIndex(row)
        return row >= 0
