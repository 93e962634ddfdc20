"""What can be done with an inspection's photos that are selected."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.display_names import display_name
from fruitgui.i18n.keys import with_own_keys
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.train.inspection.findings import InspectedPhoto, open_suggestions
from fruitgui.train.inspection.texts import InspectionTexts
from fruitgui.widgets.class_field import ClassField
from trainer.data.label_edits import LabelEdit
from trainer.data.particles import with_particles


class PhotoActions(Retranslated, QWidget):
    """Buttons, and a field for classes.

    Signals:
        edit_wanted(LabelEdit): of the selected photos; without their places, and leaving those that
            were left out as they are, unless it leaves them out.
        suggestions_taken(): each is what it is suggested to be.
        kept(): each is what its label says.
        field_left(): Escape was pressed in the field.
    """

    edit_wanted = Signal(object)
    suggestions_taken = Signal()
    kept = Signal()
    field_left = Signal()

    def __init__(self, parent: QWidget | None = None, *, is_narrow: bool = False) -> None:
        """Args: *is_narrow* is for a column at the side, else they are below the photos."""
        super().__init__(parent)
        self._texts = InspectionTexts(self)
        self._photos: tuple[InspectedPhoto, ...] = ()
        self._splits: tuple[str, ...] = ()
        self.take = QPushButton()
        self.take.setProperty("kind", "primary")
        self.keep = QPushButton()
        self.exclude = QPushButton()
        self.class_field = ClassField()
        self.move_to = QPushButton()
        self.move_menu = QMenu(self)
        self.move_to.setMenu(self.move_menu)
        rows: tuple[tuple[QWidget, ...], ...] = (
            (self.take, self.keep, self.exclude),
            (self.class_field, self.move_to),
        )
        if is_narrow:
            rows = ((self.take,), (self.keep, self.exclude), (self.class_field,), (self.move_to,))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        for widgets in rows:
            row = QHBoxLayout()
            row.setSpacing(theme.SPACE)
            for widget in widgets:
                row.addWidget(widget, 1)
            column.addLayout(row)
        self.take.clicked.connect(self.suggestions_taken)
        self.keep.clicked.connect(self.kept)
        self.exclude.clicked.connect(self._on_exclude)
        self.class_field.class_entered.connect(self._on_class_entered)
        self.class_field.left.connect(self.field_left)
        self.retranslate()

    def offer(self, classes: Sequence[str], splits: Sequence[str]) -> None:
        """The classes and splits that photos can be given."""
        self.class_field.offer(classes)
        if tuple(splits) != self._splits:
            self._splits = tuple(splits)
            self._fill_move_menu()

    def show_selection(self, photos: Sequence[InspectedPhoto]) -> None:
        """What is selected decides what can be done."""
        self._photos = tuple(photos)
        names = set(open_suggestions(photos).values())
        self.take.setVisible(bool(names))
        if len(names) == 1:
            # An ampersand would mark a key.
            name = display_name(names.pop()).replace("&", "&&")
            text = self.tr("Change to {name}").format(name=name)
            self.take.setText(with_particles(text))
        else:
            self.take.setText(self.tr("Accept all suggestions"))
        if self._are_left_out:
            self.exclude.setText(self.tr("Use again"))
            self.exclude.setToolTip(self.tr("No longer left out"))
        else:
            self.exclude.setText(self.tr("Leave out"))
            self.exclude.setToolTip(self.tr("Ignored from now on; the file is kept (Delete)"))
        for widget in (self.class_field, self.keep, self.exclude, self.move_to):
            widget.setEnabled(bool(photos))

    @property
    def _are_left_out(self) -> bool:
        return bool(self._photos) and all(photo.is_excluded for photo in self._photos)

    @Slot()
    def _on_exclude(self) -> None:
        self.edit_wanted.emit(LabelEdit((), is_excluded=not self._are_left_out))

    @Slot(str)
    def _on_class_entered(self, name: str) -> None:
        self.edit_wanted.emit(LabelEdit((), label=name, is_excluded=None))

    def _fill_move_menu(self) -> None:
        self.move_menu.clear()
        for split in self._splits:
            action = self.move_menu.addAction(self._texts.split(split))
            action.triggered.connect(
                lambda _=False, split=split: self.edit_wanted.emit(
                    LabelEdit((), split=split, is_excluded=None)
                )
            )

    def retranslate(self) -> None:
        self.keep.setText(self.tr("Keep"))
        self.keep.setToolTip(self.tr("The label is right, and the photo stays"))
        self.class_field.setPlaceholderText(with_own_keys(self.tr("Type a label… (Ctrl+L)")))
        self.class_field.setAccessibleName(self.tr("What is in the selected photos"))
        self.move_to.setText(self.tr("Move to"))
        self._fill_move_menu()
        self.show_selection(self._photos)
