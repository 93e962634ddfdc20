"""The Evaluate view's photos: which are looked at, and what the user changes of them."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QMenu, QPushButton, QWidget

from fruitgui import theme
from fruitgui.i18n.display_names import display_name
from fruitgui.i18n.keys import with_own_keys
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.models.evaluation.label_edits_menu import LabelEditsMenu
from fruitgui.models.evaluation.photo_grid import IMAGE_HEIGHT, WIDTH, EvaluatedPhotoGrid
from fruitgui.models.evaluation.photo_list import EvaluatedPhotoList, EvaluatedRow
from fruitgui.models.evaluation.photo_selection import Kind, PhotoSelection
from fruitgui.widgets.class_field import ClassField
from fruitgui.widgets.combo_box import ComboBox
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.panel import Panel, label
from fruitgui.workers.label_edits import KeptEdits
from fruitgui.workers.thumbnail_thread import ThumbnailThread
from trainer.data.label_edits import LabelEdit
from trainer.evaluation.result import RELIABILITY_BINS

_NARROWEST, _SIDE = 236, 412
_KINDS: tuple[Kind, ...] = ("mistakes", "losses", "unknown", "changed", "mended", "broken")
_SHARPEST_SCREEN = 2


class EvaluationPhotos(Retranslated, theme.Scaled, Panel):
    """A grid of photos, and what can be done with those that are selected.

    Signals:
        selection_wanted(PhotoSelection): other photos are to be shown.
        change_wanted(Change): of the selected photos; without their places.
        undo_wanted(), redo_wanted()
        taking_back_wanted(Change): one change, whenever it was made, is to be taken back.
        applying_wanted(): the changes are to be made in the folder itself.
        putting_back_wanted(): that is to be undone.
        opened(Path): a photo is to be shown large.
    """

    selection_wanted = Signal(object)
    edit_wanted = Signal(object)
    undo_wanted = Signal()
    redo_wanted = Signal()
    taking_back_wanted = Signal(object)
    applying_wanted = Signal()
    putting_back_wanted = Signal()
    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scale()
        self.photos = EvaluatedPhotoList(self)
        self._thumbnails = ThumbnailThread(
            _SHARPEST_SCREEN * WIDTH, _SHARPEST_SCREEN * IMAGE_HEIGHT, self
        )
        self.grid = EvaluatedPhotoGrid(self.photos, self._thumbnails.request)
        self._selection = PhotoSelection()
        self._edit_count = 0
        self._splits: tuple[str, ...] = ()
        self._build()
        self._connect()
        self.retranslate()
        self._thumbnails.start()

    def _build(self) -> None:
        self.column.setContentsMargins(12, 12, 12, 12)
        self.kinds = ComboBox()
        # Its longest entry does not decide how narrow the page can be.
        self.kinds.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.kinds.setMinimumContentsLength(14)
        for kind in _KINDS:
            self.kinds.addItem("", kind)
        self._title = label("field")
        self._hint = label("caption", wrapped=True)
        self.class_field = ClassField()
        # Without icons, for which a narrow window has no room.
        self.move_to = QPushButton()
        self.exclude = QPushButton()
        self.undo = IconButton("undo", "flat")
        self.edits = IconButton("label", "flat")
        self._move_menu = QMenu(self)
        self.move_to.setMenu(self._move_menu)
        self.edits_menu = LabelEditsMenu(self)
        self.edits.setMenu(self.edits_menu)
        actions = QGridLayout()
        actions.setSpacing(theme.SPACE)
        actions.addWidget(self.class_field, 0, 0, 1, 2)
        actions.addWidget(self.move_to, 1, 0)
        actions.addWidget(self.exclude, 1, 1)
        below = QHBoxLayout()
        below.addWidget(self.undo)
        below.addStretch()
        below.addWidget(self.edits)
        self.column.addWidget(self.kinds)
        self.column.addWidget(self._title)
        self.column.addWidget(self.grid, 1)
        self.column.addWidget(self._hint)
        self.column.addLayout(actions)
        self.column.addLayout(below)

    def _connect(self) -> None:
        self._thumbnails.thumbnail_ready.connect(self.grid.keep_thumbnail)
        self.kinds.activated.connect(self._on_kind_chosen)
        self.grid.opened.connect(self.opened)
        self.grid.selection_changed.connect(self._on_selection_changed)
        self.grid.removal_asked.connect(self._on_exclude)
        self.class_field.class_entered.connect(self._on_class_entered)
        self.class_field.left.connect(self.grid.setFocus)
        self.exclude.clicked.connect(self._on_exclude)
        self.undo.clicked.connect(self.undo_wanted)
        self.edits_menu.redo_wanted.connect(self.redo_wanted)
        self.edits_menu.taking_back_wanted.connect(self.taking_back_wanted)
        self.edits_menu.applying_wanted.connect(self.applying_wanted)
        self.edits_menu.putting_back_wanted.connect(self.putting_back_wanted)

    def scale(self) -> None:
        # One column of cards in a small window, two in others.
        self.setMinimumWidth(theme.scaled(_NARROWEST))
        self.setMaximumWidth(theme.scaled(_SIDE))

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(_SIDE), 480)

    def offer(self, classes: Sequence[str], splits: Sequence[str]) -> None:
        """The classes and splits that photos can be given."""
        self.class_field.offer(classes)
        self._splits = tuple(splits)
        self._fill_move_menu()

    def show_rows(self, rows: Sequence[EvaluatedRow], selection: PhotoSelection) -> None:
        """Show the photos of a selection; what was selected of the same ones stays so."""
        is_other, self._selection = selection != self._selection, selection
        self.photos.show_rows(rows)
        # A cell or a bar is none of the kinds.
        self.kinds.setCurrentIndex(self.kinds.findData(selection.kind))
        if is_other:
            self.grid.leave_place()
        self._describe()

    def show_edits(self, kept: KeptEdits, *, can_redo: bool) -> None:
        """How many changes count, and what can be done about them."""
        self._edit_count = len(kept.own)
        self.undo.setEnabled(kept.can_undo)
        self.edits_menu.show_edits(kept, can_redo=can_redo)
        self.edits.setEnabled(self._edit_count > 0 or can_redo or kept.can_revert)
        self._describe()

    @property
    def selected_paths(self) -> list[Path]:
        return [row.photo.path for row in self.grid.selected()]

    def _describe(self) -> None:
        count, selection = self.photos.rowCount(), self._selection
        photos = self.tr("%n photo(s)", "", count)
        if selection.kind == "cell":
            names = (
                display_name(selection.label) if selection.label else self.tr("any class"),
                display_name(selection.answer) if selection.answer else self.tr("any class"),
            )
            text = self.tr("{photos}: {label}, answer {answer}")
            if selection.label == selection.answer:
                text = self.tr("{photos}: {label} recognised")
            self._title.setText(text.format(photos=photos, label=names[0], answer=names[1]))
        elif selection.kind == "bin":
            self._title.setText(
                self.tr("{photos}: {low} to {high} sure").format(
                    photos=photos,
                    low=f"{selection.bin / RELIABILITY_BINS:.0%}",
                    high=f"{(selection.bin + 1) / RELIABILITY_BINS:.0%}",
                )
            )
        else:
            self._title.setText(photos)
        self.edits.setText(self.tr("%n change(s)", "", self._edit_count))
        self._on_selection_changed()

    @Slot()
    def _on_selection_changed(self) -> None:
        count = self.grid.selected_count
        for widget in (self.class_field, self.move_to, self.exclude):
            if not count and widget.hasFocus():
                # Else the focus would walk on, to a button that the next key presses.
                self.grid.setFocus()
            widget.setEnabled(count > 0)
        if count:
            hint = self.tr("%n selected. What is it really?", "", count)
        elif self.photos.rowCount():
            hint = self.tr("Select photos to correct their labels; double-click one to enlarge it.")
        else:
            hint = self._nothing_text()
        self._hint.setText(hint)

    def _nothing_text(self) -> str:
        """What it means that a selection has no photos."""
        newly = self.tr(
            "There are none. Choose under “Compare with…” whose answers are the earlier ones."
        )
        return {
            "mistakes": self.tr("No answer is wrong."),
            "unknown": self.tr("The model is sure of every photo."),
            "changed": self.tr("You have changed no label here."),
            "mended": newly,
            "broken": newly,
        }.get(self._selection.kind, self.tr("There are no such photos. Choose others above."))

    @Slot()
    def _on_kind_chosen(self) -> None:
        self.selection_wanted.emit(PhotoSelection(self.kinds.currentData()))

    @Slot(str)
    def _on_class_entered(self, name: str) -> None:
        self.edit_wanted.emit(LabelEdit((), label=name))
        self.grid.setFocus()

    @Slot()
    def _on_exclude(self) -> None:
        if self.grid.selected_count:
            self.edit_wanted.emit(LabelEdit((), is_excluded=True))

    def _fill_move_menu(self) -> None:
        self._move_menu.clear()
        for split in self._splits:
            action = self._move_menu.addAction(self.split_text(split))
            action.triggered.connect(
                lambda _=False, split=split: self.edit_wanted.emit(
                    LabelEdit((), split=split, is_excluded=None)
                )
            )

    def split_text(self, split: str) -> str:
        """What a split is called."""
        return {
            "train": self.tr("Training photos"),
            "validation": self.tr("Validation photos"),
            "test": self.tr("Test photos"),
            "all": self.tr("All photos"),
        }.get(split, split)

    def retranslate(self) -> None:
        texts = {
            "mistakes": self.tr("Most confident mistakes"),
            "losses": self.tr("All, worst first"),
            "unknown": self.tr("Called “not sure”"),
            "changed": self.tr("Changed by you"),
            "mended": self.tr("Newly right"),
            "broken": self.tr("Newly wrong"),
        }
        for row, kind in enumerate(_KINDS):
            self.kinds.setItemText(row, texts[kind])
        self.kinds.setPlaceholderText(self.tr("Other photos…"))
        self.kinds.setAccessibleName(self.tr("Which photos are shown"))
        self.grid.setAccessibleName(self.tr("Photos"))
        self.class_field.setPlaceholderText(with_own_keys(self.tr("Type a label… (Ctrl+L)")))
        self.class_field.setAccessibleName(self.tr("What is in the selected photos"))
        self.move_to.setText(self.tr("Move to"))
        self.exclude.setText(self.tr("Leave out"))
        self.exclude.setToolTip(self.tr("Ignored from now on; the files are kept (Delete)"))
        self.undo.setText(self.tr("Undo"))
        self.edits.setToolTip(
            self.tr("Kept in a list beside the folder; the files stay as they are")
        )
        self._fill_move_menu()
        self._describe()

    def shut_down(self) -> None:
        self._thumbnails.shut_down()
