"""What an evaluation came to: figures, charts, and the photos behind them."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.models.evaluation.charts import EvaluationCharts
from fruitgui.models.evaluation.evaluate_model import EvaluatedModel
from fruitgui.models.evaluation.photo_browser import EvaluationPhotos
from fruitgui.models.evaluation.photo_detail import EvaluatedPhotoView
from fruitgui.models.evaluation.photo_list import rows_of
from fruitgui.models.evaluation.photo_selection import PhotoSelection, selected_photos
from fruitgui.models.evaluation.summary import EvaluationSummary
from fruitgui.widgets.folding import FoldingRow
from fruitgui.widgets.page_stack import PageStack
from fruitgui.workers.label_edits import KeptEdits
from trainer.data.file_names import composed
from trainer.data.label_edits import LabelEdit
from trainer.evaluation.result import EvaluatedPhoto


class EvaluationResult(PageStack):
    """Charts and photos side by side, or one photo large.

    Signals:
        changed(Change): the user changes photos of the data set.
        undo_wanted(), redo_wanted()
    """

    changed = Signal(object)
    undo_wanted = Signal()
    redo_wanted = Signal()

    def __init__(self, before: QComboBox, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._evaluated: EvaluatedModel | None = None
        self._before: EvaluatedModel | None = None
        self._selection = PhotoSelection()
        self._leaving: set[Path] = set()
        """Photos that have been left out, and are still shown."""
        self.summary = EvaluationSummary(before)
        self.charts = EvaluationCharts()
        self.photos = EvaluationPhotos()
        self.photo = EvaluatedPhotoView()
        overview = QWidget()
        column = QVBoxLayout(overview)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE + 4)
        column.addWidget(self.summary)
        column.addWidget(FoldingRow(self.charts, self.photos, shares=(3, 2)), 1)
        self.addWidget(overview)
        self.addWidget(self.photo)
        for keys, signal in (
            (QKeySequence(QKeySequence.StandardKey.Undo), self.undo_wanted),
            (QKeySequence(QKeySequence.StandardKey.Redo), self.redo_wanted),
            (QKeySequence("Ctrl+L"), self._on_field_wanted),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(signal)
        self.photos.undo_wanted.connect(self.undo_wanted)
        self.photos.redo_wanted.connect(self.redo_wanted)
        self.charts.photos_wanted.connect(self.show_photos)
        self.photos.selection_wanted.connect(self.show_photos)
        self.photos.edit_wanted.connect(self._on_edit_wanted)
        self.photos.opened.connect(self._on_photo_opened)
        self.photo.closed.connect(self._on_photo_closed)
        self.photo.turned.connect(self._on_photo_turned)
        self.photo.label_given.connect(self._on_label_given)
        self.photo.exclusion_wanted.connect(self._on_exclusion_wanted)

    def show_evaluated(
        self, evaluated: EvaluatedModel, before: EvaluatedModel | None, *, can_redo: bool
    ) -> None:
        """Show what a model made of photos.

        Args:
            before: what another model made of the same photos.
            can_redo: whether there is a change that was taken back.
        """
        self._evaluated, self._before = evaluated, before
        self._leaving.clear()
        data, classes = evaluated.data, evaluated.evaluation.classes
        self.summary.show_evaluation(evaluated, before, self.photos.split_text)
        self.charts.show_evaluation(evaluated)
        splits = tuple(data.splits) if data.has_own_splits else ("train", "validation", "test")
        self.photos.offer(tuple(dict.fromkeys((*data.classes, *classes))), splits)
        self.photo.offer(tuple(dict.fromkeys((*data.classes, *classes))))
        self.show_edits(evaluated.kept, can_redo=can_redo)
        self.show_photos(self._selection)

    def show_edits(self, kept: KeptEdits, *, can_redo: bool) -> None:
        """What is changed by now, and can be taken back or made again."""
        self.photos.show_edits(kept, can_redo=can_redo)

    def refresh(self) -> None:
        """Say all anew, in another language."""
        if self._evaluated is not None:
            self.summary.show_evaluation(self._evaluated, self._before, self.photos.split_text)

    @Slot(object)
    def show_photos(self, selection: PhotoSelection) -> None:
        """Show the photos behind a figure."""
        self._selection = selection
        evaluated = self._evaluated
        if evaluated is None:
            return
        before = self._answers_before()
        changed = _changed_photos(evaluated)
        found = selected_photos(selection, evaluated.evaluation, before, changed)
        number = self.photos.grid.currentIndex().row()
        self.photos.show_rows(rows_of(found, before, changed), selection)
        self.charts.mark(selection)
        if self.photo.path is not None:
            self._show_same_photo(self.photo.path, number)

    def _answers_before(self) -> dict[Path, EvaluatedPhoto]:
        if self._before is None:
            return {}
        evaluation = self._before.evaluation
        return {evaluation.paths[n]: evaluation.photo(n) for n in range(evaluation.n)}

    # One photo

    @Slot(object)
    def _on_photo_opened(self, path: Path) -> None:
        number = self.photos.photos.row_of(path)
        if number is not None:
            self._open(number)
            self.setCurrentWidget(self.photo)
            self.photo.setFocus()

    def _open(self, number: int) -> None:
        evaluated, photos = self._evaluated, self.photos.photos
        if evaluated is None:
            return
        self.photos.grid.go_to(number)
        row = photos.row(number)
        thumbnail = self.photos.grid.thumbnail(row.photo.path)
        self.photo.show_row(row, evaluated.model, number + 1, photos.rowCount(), thumbnail)

    def _show_same_photo(self, path: Path, number: int) -> None:
        """After a change: the same photo, or the one that has come to its place."""
        photos = self.photos.photos
        same = photos.row_of(path)
        number = min(number, photos.rowCount() - 1) if same is None else same
        if number < 0:
            self._on_photo_closed()
        else:
            self._open(number)

    @Slot()
    def _on_photo_closed(self) -> None:
        self.photo.leave()
        self.setCurrentIndex(0)
        self.photos.grid.setFocus()

    @Slot(int)
    def _on_photo_turned(self, step: int) -> None:
        path = self.photo.path
        number = self.photos.photos.row_of(path) if path else None
        if number is not None and 0 <= number + step < self.photos.photos.rowCount():
            self._open(number + step)

    # Changes

    @Slot(object, str)
    def _on_label_given(self, path: Path, name: str) -> None:
        self._edit([path], LabelEdit((), label=name))

    @Slot(object)
    def _on_exclusion_wanted(self, path: Path) -> None:
        self._edit([path], LabelEdit((), is_excluded=True))

    @Slot(object)
    def _on_edit_wanted(self, edit: LabelEdit) -> None:
        self._edit(self.photos.selected_paths, edit)

    def _edit(self, paths: list[Path], edit: LabelEdit) -> None:
        paths = [path for path in paths if path not in self._leaving]
        if self._evaluated is not None and paths:
            if edit.is_excluded:
                self._leaving.update(paths)
            data = self._evaluated.data
            self.changed.emit(replace(edit, photos=tuple(map(data.place_of, paths))))

    @Slot()
    def _on_field_wanted(self) -> None:
        is_large = self.currentWidget() is self.photo
        (self.photo if is_large else self.photos).class_field.setFocus()

    def shut_down(self) -> None:
        self.photo.shut_down()
        self.photos.shut_down()


def _changed_photos(evaluated: EvaluatedModel) -> frozenset[Path]:
    places = {composed(place) for edit in evaluated.kept.own for place in edit.photos}
    if not places:
        return frozenset()
    data = evaluated.data
    paths = evaluated.evaluation.paths
    return frozenset(path for path in paths if composed(data.place_of(path)) in places)
