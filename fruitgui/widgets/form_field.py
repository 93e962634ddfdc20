"""Fields of a form: what is asked, an editor, and a line of help."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from fruitgui.widgets.combo_box import ComboBox
from fruitgui.widgets.panel import label

Value = str | int | float | bool


class Field(QWidget):
    """A labelled editor.

    Signals:
        changed(): the user changed the value; not when the program did.
    """

    changed = Signal()

    def __init__(self, editor: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = label("field")
        self._help = label("caption", wrapped=True)
        self._editor = editor
        # The wheel scrolls the form. It changes nothing, for what has the focus is not always what
        # was clicked on: a button that hides hands it on.
        editor.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._name.setBuddy(editor)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._name)
        layout.addWidget(editor)
        layout.addWidget(self._help)

    @property
    def value(self) -> Value:
        raise NotImplementedError

    def set_value(self, value: Value) -> None:
        """Show *value*, without ``changed`` being emitted."""
        raise NotImplementedError

    def set_texts(
        self, name: str, help_text: str, options: Mapping[str, tuple[str, str]] | None = None
    ) -> None:
        """Set what the field is called, and its help.

        Args:
            options: the text and the help of each key, where the field is a choice among keys.
        """
        self._name.setText(name)
        self._editor.setAccessibleName(name)
        self._show_help(help_text)

    def _show_help(self, text: str) -> None:
        self._help.setText(text)
        self._help.setVisible(bool(text))
        self._editor.setToolTip(text)
        self._editor.setAccessibleDescription(text)


class ChoiceBox(ComboBox):
    """Does not turn with the wheel, which scrolls what it lies in."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Choice(Field):
    """A choice among keys, whose texts can be set anew in another language.

    A key that is set and not among them is added; where it is editable, the user can type others.
    """

    def __init__(self, keys: Sequence[str], parent: QWidget | None = None) -> None:
        self._box = ChoiceBox()
        super().__init__(self._box, parent)
        self._help_text = ""
        self._helps: dict[str, str] = {}
        for key in keys:
            self._box.addItem(key, key)
        self._box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._box.activated.connect(self._on_activated)

    @property
    def value(self) -> str:
        row = self._box.currentIndex()
        if self._box.isEditable() and self._box.currentText() != self._box.itemText(row):
            typed = self._box.currentText().strip()
            row = self._box.findText(typed, Qt.MatchFlag.MatchFixedString)
            if row < 0:
                return typed
        return str(self._box.itemData(row))

    def set_value(self, value: Value) -> None:
        if self._box.findData(value) < 0:
            self._box.addItem(str(value), value)
        self._box.setCurrentIndex(self._box.findData(value))
        self._box.setEditText(self._box.itemText(self._box.currentIndex()))
        self._show_chosen_help()

    def set_editable(self, is_editable: bool) -> None:
        """Let the user type a key that is not among those shown, or no longer."""
        if is_editable == self._box.isEditable():
            return
        self._box.setEditable(is_editable)
        # Qt gives every editable box a new line edit.
        editor = self._box.lineEdit()
        if editor is not None:
            editor.editingFinished.connect(self._on_editing_finished)

    def set_texts(
        self, name: str, help_text: str, options: Mapping[str, tuple[str, str]] | None = None
    ) -> None:
        super().set_texts(name, help_text, options)
        self._help_text = help_text
        for key, (text, option_help) in (options or {}).items():
            row = self._box.findData(key)
            if row >= 0:
                self._box.setItemText(row, text)
            self._helps[key] = option_help
        self._show_chosen_help()

    def _show_chosen_help(self) -> None:
        self._show_help(self._helps.get(self.value) or self._help_text)

    @Slot()
    def _on_activated(self) -> None:
        self._show_chosen_help()
        self.changed.emit()

    @Slot()
    def _on_editing_finished(self) -> None:
        if self._box.currentText() != self._box.itemText(self._box.currentIndex()):
            self.changed.emit()


class _SpinBox(QSpinBox):
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _DoubleSpinBox(QDoubleSpinBox):
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def textFromValue(self, value: float) -> str:
        text = f"{value:.{self.decimals()}f}".rstrip("0").rstrip(".")
        return text or "0"


class Number(Field):
    """A whole number, or a decimal one."""

    def __init__(
        self, lowest: float, highest: float, decimals: int = 0, parent: QWidget | None = None
    ) -> None:
        self._box: _SpinBox | _DoubleSpinBox
        if decimals:
            self._box = _DoubleSpinBox(decimals=decimals)
            self._box.setRange(max(lowest, 10.0**-decimals) if lowest > 0 else lowest, highest)
        else:
            self._box = _SpinBox()
            self._box.setRange(int(lowest), int(highest))
        self._box.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        self._box.setKeyboardTracking(False)
        self._box.lineEdit().setTextMargins(8, 0, 0, 0)  # Style sheets do not reach it.
        super().__init__(self._box, parent)
        self._box.valueChanged.connect(self.changed)

    @property
    def value(self) -> int | float:
        return self._box.value()

    def set_value(self, value: Value) -> None:
        self._box.blockSignals(True)
        self._box.setValue(value)  # type: ignore[arg-type]  # an int for a box of ints
        self._box.blockSignals(False)

    def set_zero_text(self, text: str) -> None:
        """What stands for the lowest value, as “automatic” for 0."""
        self._box.setSpecialValueText(text)


class Toggle(Field):
    """Yes or no."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._box = QCheckBox()
        super().__init__(self._box, parent)
        self._name.hide()
        self._box.clicked.connect(self.changed)

    @property
    def value(self) -> bool:
        return self._box.isChecked()

    def set_value(self, value: Value) -> None:
        self._box.setChecked(bool(value))

    def set_texts(
        self, name: str, help_text: str, options: Mapping[str, tuple[str, str]] | None = None
    ) -> None:
        super().set_texts(name, help_text, options)
        self._box.setText(name)
