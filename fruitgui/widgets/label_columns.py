"""Choosing which columns of a labels file count."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.widgets.combo_box import ComboBox
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.panel import label
from trainer.data.labels.columns import LabelColumns


class LabelColumnBoxes(Retranslated, QWidget):
    """A box each for the columns of photos, of labels and of splits.

    Signals:
        chosen(LabelColumns): the user has chosen one. Another that held the same column is empty
            now, to be guessed anew.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = [label("field") for _ in range(3)]
        self.photo, self.label, self.split = (ComboBox() for _ in range(3))
        self.choose_names = IconButton("open")
        row = QGridLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setHorizontalSpacing(theme.SPACE)
        row.setVerticalSpacing(4)
        for number, (name, box) in enumerate(zip(self._names, self._boxes, strict=True)):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            name.setBuddy(box)
            row.addWidget(name, 0, number)
            row.addWidget(box, 1, number)
            row.setColumnStretch(number, 1)
        row.addWidget(self.choose_names, 1, 3)
        self.photo.activated.connect(self._on_photo_chosen)
        self.label.activated.connect(self._on_label_chosen)
        self.split.activated.connect(self._on_split_chosen)
        self.retranslate()

    @property
    def _boxes(self) -> tuple[QComboBox, QComboBox, QComboBox]:
        return self.photo, self.label, self.split

    def show_columns(
        self,
        names: Sequence[str],
        columns: LabelColumns | None,
        class_columns: Sequence[str],
    ) -> None:
        """Offer the columns of a file.

        Args:
            columns: those that count now; None where the file is not understood.
            class_columns: those of a class each, if there are any.
        """
        for box in self._boxes:
            box.clear()
            box.setEnabled(bool(names))
        if columns is None:
            return
        for name in names:
            self.photo.addItem(name, name)
            self.label.addItem(name, [name])
        one_hot = list(columns.labels) if columns.are_one_hot else list(class_columns)
        if one_hot:
            self.label.addItem(self.tr("A column a class (%n)", "", len(one_hot)), one_hot)
        self.split.addItem(self._no_split_text(), "")
        for name in names:
            self.split.addItem(name, name)
        self.photo.setCurrentIndex(self.photo.findData(columns.photo))
        if columns.are_one_hot:
            self.label.setCurrentIndex(self.label.count() - 1)
        else:
            self.label.setCurrentIndex(names.index(columns.labels[0]) if columns.labels else -1)
        self.split.setCurrentIndex(self.split.findData(columns.split))

    def _columns(self) -> tuple[str, tuple[str, ...], str]:
        return (
            self.photo.currentData() or "",
            tuple(self.label.currentData() or ()),
            self.split.currentData() or "",
        )

    @Slot()
    def _on_photo_chosen(self) -> None:
        photo, labels, split = self._columns()
        self.chosen.emit(
            LabelColumns(photo, () if photo in labels else labels, "" if photo == split else split)
        )

    @Slot()
    def _on_label_chosen(self) -> None:
        photo, labels, split = self._columns()
        self.chosen.emit(
            LabelColumns("" if photo in labels else photo, labels, "" if split in labels else split)
        )

    @Slot()
    def _on_split_chosen(self) -> None:
        photo, labels, split = self._columns()
        self.chosen.emit(
            LabelColumns("" if photo == split else photo, () if split in labels else labels, split)
        )

    def _no_split_text(self) -> str:
        return self.tr("None: split automatically")

    def retranslate(self) -> None:
        texts = (
            self.tr("Column of photos"),
            self.tr("Column of labels"),
            self.tr("Column of splits"),
        )
        for name, box, text in zip(self._names, self._boxes, texts, strict=True):
            name.setText(text)
            box.setAccessibleName(text)
        if self.split.count():
            self.split.setItemText(0, self._no_split_text())
        self.choose_names.setText(self.tr("Class names…"))
