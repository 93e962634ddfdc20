"""The answered photos: a grid of cards, and beside it what there is of each label."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from fruitgui import theme
from fruitgui.classify import photo_card
from fruitgui.classify.copied_photos import copied_photos
from fruitgui.classify.label_counts import LabelCounts
from fruitgui.classify.photo_grid import PhotoGrid
from fruitgui.classify.photo_list import Counts, Filter, Order, PhotoList
from fruitgui.classify.teach_card import TeachCard
from fruitgui.i18n.keys import with_own_keys
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.widgets.class_field import ClassField
from fruitgui.widgets.combo_box import ComboBox
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.panel import Panel, label
from fruitgui.widgets.wrapped_label import WrappedLabel
from fruitgui.workers.teacher import Teacher
from fruitgui.workers.thumbnail_thread import ThumbnailThread
from trainer.models.metadata import ModelInfo

_SIDE = 232
_TWO_LINES = 34
_STRICTEST = 50
"""Percent: the largest share of right answers that one may give up."""
_ENOUGH_PHOTOS = 4
"""Of fewer, most being *not sure* says nothing."""


class PhotoResults(Retranslated, theme.Scaled, QWidget):
    """Sorts and filters photos, and takes labels for the selected ones.

    Signals:
        opened(Path): a photo is to be shown large.
        label_given(list of Path, str)
        removal_asked(list of Path)
        copied(int): so many photos are on the clipboard.
        threshold_chosen(float): from which familiarity on an answer is sure.
    """

    opened = Signal(object)
    label_given = Signal(object, str)
    removal_asked = Signal(object)
    copied = Signal(int)
    threshold_chosen = Signal(float)

    def __init__(self, photos: PhotoList, teacher: Teacher, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._photos = photos
        self._has_model = self._is_calibrated = False
        self._own_percent = 0
        scale = self.devicePixelRatioF() * theme.text_scale()
        self._thumbnails = ThumbnailThread(
            round(photo_card.WIDTH * scale), round(photo_card.IMAGE_HEIGHT * scale), self
        )
        self.grid = PhotoGrid(photos, self._thumbnails.request)
        self.counts = LabelCounts()
        self.teach_card = TeachCard(teacher)
        self.order = ComboBox()
        self.strictness = QSlider(Qt.Orientation.Horizontal)
        self.strictness.setRange(0, _STRICTEST)
        self.strictness.setPageStep(5)
        self.strictness.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.own_strictness = IconButton("undo", "flat")
        self.own_strictness.setProperty("small", True)
        self.class_field = ClassField()
        self._build()
        self._connect()
        self.retranslate()
        self._thumbnails.start()

    def shut_down(self) -> None:
        self._thumbnails.shut_down()

    def _build(self) -> None:
        self._order_name = label("field")
        self._labels_name = label("field")
        self._strictness_name = label("field")
        self._least, self._most = label("caption"), label("caption")
        self._strictness_text = WrappedLabel("caption")
        self._strictness_text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._selection = label("field")
        self._hint = WrappedLabel("caption")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.scale()
        side = Panel()
        theme.fix_width(side, _SIDE)
        side.column.setContentsMargins(12, 12, 12, 12)
        side.column.setSpacing(6)
        side.column.addWidget(self._order_name)
        side.column.addWidget(self.order)
        side.column.addSpacing(theme.SPACE)
        side.column.addWidget(self._labels_name)
        side.column.addWidget(self.counts, 1)
        side.column.addWidget(self.teach_card)
        side.column.addWidget(self._strictness_name)
        slider = QHBoxLayout()
        slider.addWidget(self._least)
        slider.addWidget(self.strictness, 1)
        slider.addWidget(self._most)
        slider.addWidget(self.own_strictness)
        side.column.addLayout(slider)
        side.column.addWidget(self._strictness_text)
        side.column.addSpacing(theme.SPACE)
        side.column.addWidget(self._selection)
        side.column.addWidget(self.class_field)
        side.column.addWidget(self._hint)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(self.grid, 1)
        layout.addWidget(side)

    def scale(self) -> None:
        # So that the list above does not jump as the sentences grow.
        for text in (self._strictness_text, self._hint):
            text.setMinimumHeight(theme.scaled(_TWO_LINES))

    def _connect(self) -> None:
        self._thumbnails.thumbnail_ready.connect(self.grid.keep_thumbnail)
        self.grid.opened.connect(self.opened)
        self.grid.digit_pressed.connect(self._on_digit_pressed)
        self.grid.copy_asked.connect(self._on_copy_asked)
        self.grid.removal_asked.connect(self._on_removal_asked)
        self.grid.selection_changed.connect(self._show_selection)
        self.counts.chosen.connect(self.show_only)
        self.order.activated.connect(self._on_order_activated)
        self.strictness.valueChanged.connect(self._on_strictness_changed)
        self.own_strictness.clicked.connect(self._on_own_strictness)
        self.class_field.class_entered.connect(self._on_class_entered)
        self.class_field.left.connect(self.grid.setFocus)
        # The card goes, and the focus with it.
        self.teach_card.button.clicked.connect(self.grid.setFocus)
        shortcut = QShortcut(QKeySequence("Ctrl+L"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.class_field.setFocus)

    @Slot()
    def _on_copy_asked(self) -> None:
        selected = self.grid.selected()
        if selected:
            QGuiApplication.clipboard().setMimeData(copied_photos(selected))
            self.copied.emit(len(selected))

    def retranslate(self) -> None:
        self._order_name.setText(self.tr("SORT BY"))
        self._labels_name.setText(self.tr("LABELS"))
        self._strictness_name.setText(self.tr("“NOT SURE” THRESHOLD"))
        names: dict[Order, str] = {
            "added": self.tr("As added"),
            "label": self.tr("By label"),
            "unsure": self.tr("Least sure first"),
            "sure": self.tr("Most sure first"),
            "name": self.tr("By file name"),
        }
        self.order.blockSignals(True)
        self.order.clear()
        for order, name in names.items():
            self.order.addItem(name, order)
        self.order.setCurrentIndex(self.order.findData(self._photos.order))
        self.order.blockSignals(False)
        self.order.setAccessibleName(self.tr("Order of the photos"))
        self.counts.setAccessibleName(self.tr("How many photos there are of each label"))
        self.grid.setAccessibleName(self.tr("Photos and their labels"))
        self._least.setText(self.tr("Never"))
        self._most.setText(self.tr("Often"))
        meaning = self.tr(
            "A photo that looks unlike what the model has learnt is shown as “Not sure” instead of "
            "with a label that may be wrong."
        )
        self.strictness.setToolTip(meaning)
        self._strictness_name.setToolTip(meaning)
        self.strictness.setAccessibleName(self.tr("Threshold for “not sure”"))
        self.own_strictness.setToolTip(self.tr("Reset to the model's own"))
        self.own_strictness.setAccessibleName(self.tr("Reset to the model's own"))
        self.class_field.setPlaceholderText(with_own_keys(self.tr("Type a label… (Ctrl+L)")))
        self.class_field.setAccessibleName(self.tr("What is in the selected photos"))
        self.show_counts()
        self._show_selection()

    def show_model(self, info: ModelInfo, threshold: float) -> None:
        """Offer the classes of another model, and its strictness."""
        self._has_model = True
        self._is_calibrated = bool(info.familiar_scores)
        self._own_percent = round(100 * info.threshold)
        self.strictness.blockSignals(True)
        self.strictness.setRange(0, _STRICTEST if self._is_calibrated else 100)
        self.strictness.setValue(round(100 * threshold))
        self.strictness.blockSignals(False)
        self.class_field.offer(info.classes)
        self.show_counts()

    def show_counts(self, counts: Counts | None = None) -> None:
        """Show how many photos there are of each sort; counted anew if that is not at hand."""
        counts = counts or self._photos.counts()
        self.counts.show_counts(counts, self._photos.filter)
        self._describe_strictness(counts.unsure, counts.answered)

    def _describe_strictness(self, unsure: int, total: int) -> None:
        if not self._has_model:
            return
        percent = self.strictness.value()
        self.own_strictness.setEnabled(percent != self._own_percent)
        counted = self.tr("%n photo(s) not sure", "", unsure)
        if percent == 0:
            rule = self.tr("Never: every photo gets a label.")
        elif self._is_calibrated:
            rule = self.tr("Unfamiliar photos are “not sure”; {share} of right answers stay.")
            rule = rule.format(share=f"{100 - percent}%")
        else:
            rule = self.tr("Below a confidence of {share}.").format(share=f"{percent}%")
        text = f"{rule} {counted}."
        if percent and total >= _ENOUGH_PHOTOS and unsure > total / 2:
            # Whoever has just trained a model wonders why it says nothing.
            text += " " + self.tr(
                "The photos look unlike those that the model learnt from. Move the slider to the "
                "left to see what it would guess."
            )
        self._strictness_text.setText(text)

    @Slot()
    def _show_selection(self) -> None:
        count = self.grid.selected_count
        self._selection.setText(self.tr("%n SELECTED", "", count))
        self.class_field.setEnabled(count > 0)
        self._hint.setText(
            with_own_keys(
                self.tr("Press 1 to 5 to choose a label, Return to enlarge, Ctrl+Z to undo.")
            )
            if count
            else self.tr("Select photos to correct their labels.")
        )

    def _paths(self) -> list[Path]:
        return [entry.path for entry in self.grid.selected()]

    @Slot(int)
    def _on_digit_pressed(self, digit: int) -> None:
        """The current photo's label is given to all that are selected."""
        current = self.grid.current()
        answer = current.answer if current else None
        if answer is not None and digit <= len(answer.top):
            self._give(answer.top[digit - 1].label)

    @Slot(str)
    def _on_class_entered(self, name: str) -> None:
        self._give(name)
        self.grid.setFocus()

    def _give(self, name: str) -> None:
        paths = self._paths()
        if not paths:
            return
        self.label_given.emit(paths, name)
        if len(paths) == 1:
            # On to the next, as one goes through a pile.
            self.grid.go_to(self.grid.currentIndex().row() + 1)

    @Slot()
    def _on_removal_asked(self) -> None:
        row = self.grid.currentIndex().row()
        self.removal_asked.emit(self._paths())
        self.grid.go_to(min(row, self._photos.rowCount() - 1))

    @Slot(object)
    def show_only(self, wanted: Filter) -> None:
        """Show the photos that are *wanted*, from the first one."""
        self._photos.set_filter(wanted)
        self.grid.scrollToTop()
        self.show_counts()

    def reveal(self, photos: Iterable[Path]) -> None:
        """Show some of these photos that are in the list, without the filter if it hides all."""
        listed = [path for path in photos if self._photos.entry_of(path) is not None]
        if not self._is_any_shown(listed):
            self._photos.arrange()
        if listed and not self._is_any_shown(listed):
            self.show_only(Filter())
            self.select(listed[0])
        rows = [row for path in listed if (row := self._photos.row_of(path)) is not None]
        if rows:
            self.grid.scrollTo(self._photos.index(min(rows)))

    def _is_any_shown(self, photos: Iterable[Path]) -> bool:
        return any(self._photos.row_of(path) is not None for path in photos)

    @Slot()
    def _on_order_activated(self) -> None:
        self._photos.set_order(self.order.currentData())
        self.grid.scrollToTop()

    @Slot()
    def _on_own_strictness(self) -> None:
        self.strictness.setValue(self._own_percent)

    @Slot(int)
    def _on_strictness_changed(self, percent: int) -> None:
        self._photos.set_threshold(percent / 100)
        self.threshold_chosen.emit(percent / 100)
        self.show_counts()

    def select(self, path: Path) -> None:
        """Move to a photo, where it is shown."""
        row = self._photos.row_of(path)
        if row is not None:
            index = self._photos.index(row)
            self.grid.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
            self.grid.scrollTo(index)
