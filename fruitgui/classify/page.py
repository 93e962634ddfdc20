"""The Classify page: photos in, labels out."""

import time
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from fruitgui import theme
from fruitgui.classify.edits import Edits
from fruitgui.classify.export_menu import ExportMenu
from fruitgui.classify.find_photos import Found
from fruitgui.classify.intake import Intake
from fruitgui.classify.photo_detail import PhotoDetail
from fruitgui.classify.photo_list import Filter, PhotoList, Unreadable
from fruitgui.classify.results_view import PhotoResults
from fruitgui.classify.teaching import Teaching
from fruitgui.classify.toolbar import ClassifyBar
from fruitgui.classify.unreadable_dialog import UnreadableDialog
from fruitgui.i18n.errors import translated
from fruitgui.i18n.keys import with_own_keys
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.mime_data import may_hold_images
from fruitgui.settings import Settings
from fruitgui.widgets.drop_overlay import DropOverlay
from fruitgui.widgets.empty_state import EmptyState
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.notice import Notice
from fruitgui.widgets.page_stack import PageStack
from fruitgui.widgets.taught_notice import TaughtNotice
from fruitgui.workers.recognition_thread import RecognitionThread
from fruitgui.workers.teacher import Teacher
from trainer import paths
from trainer.errors import TrainerError
from trainer.inference.prediction import Prediction
from trainer.models.metadata import ModelInfo

_MILLISECONDS_TO_ARRANGE = 400
_MILLISECONDS_TO_SHOW = 200
_MILLISECONDS_TO_TELL = 6000
_SECONDS_TO_ESTIMATE = 2.0
_PHOTOS_TO_ESTIMATE = 3
_SAMPLES_SHOWN = 4


class ClassifyPage(Retranslated, QWidget):
    """Photos are dropped, chosen or pasted, and become cards that fill as their answers arrive."""

    def __init__(
        self,
        recognition: RecognitionThread,
        teacher: Teacher,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._recognition = recognition
        self._settings = settings
        self._model: Path | None = None
        self._info: ModelInfo | None = None
        self._counted_from = (0, 0.0)
        self._open_row = 0
        self._new = 0
        self._last_new: Path | None = None
        self.photos = PhotoList(self)
        self.edits = Edits(self.photos, self)
        self.results = PhotoResults(self.photos, teacher)
        self.detail = PhotoDetail(recognition)
        self.notice = Notice()
        self.taught = TaughtNotice()
        self.teaching = Teaching(self.photos, self.results.teach_card, self.taught, teacher, self)
        self.intake = Intake(settings, self)
        self.export = ExportMenu(self.photos, settings, self.notice, self)
        # While answers arrive, rows change their places now and then, and not all the time.
        self._arranging = QTimer(self, interval=_MILLISECONDS_TO_ARRANGE, singleShot=True)
        self._showing = QTimer(self, interval=_MILLISECONDS_TO_SHOW, singleShot=True)
        self._telling = QTimer(self, interval=_MILLISECONDS_TO_TELL, singleShot=True)
        self._told = ""
        self.setAcceptDrops(True)
        self._build()
        self._connect()
        self.retranslate()
        self._show_state()

    def _build(self) -> None:
        self._bar = ClassifyBar(self.export)
        self._progress = QProgressBar(textVisible=False)
        samples = sorted(paths.samples_folder().glob("*.jpg"))[:_SAMPLES_SHOWN]
        self._empty = EmptyState("classify", pictures=samples)
        self._empty_choose = IconButton("open", "primary")
        self._empty_samples = IconButton("sparkle")
        self._empty.add_button(self._empty_choose)
        self._empty.add_button(self._empty_samples)
        self._overlay = DropOverlay("classify", self)
        self._stack = PageStack()
        for widget in (self._empty, self.results, self.detail):
            self._stack.addWidget(widget)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(self._bar)
        layout.addWidget(self.notice)
        layout.addWidget(self.taught)
        layout.addWidget(self._progress)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        for button, slot in (
            (self._bar.add_photos, self.intake.choose_photos),
            (self._empty_choose, self.intake.choose_photos),
            (self._empty_samples, self.intake.add_samples),
            (self._bar.add_folder, self.intake.choose_folder),
            (self._bar.paste, self.intake.paste),
            (self._bar.stop, self._on_stop),
            (self._bar.clear, self._on_clear),
            (self._bar.undo, self.edits.undo),
            (self._bar.unreadable, self._on_unreadable),
        ):
            button.clicked.connect(slot)
        for keys, slot in (
            (QKeySequence.StandardKey.Paste, self.intake.paste),
            (QKeySequence.StandardKey.Open, self.intake.choose_photos),
            (QKeySequence.StandardKey.Undo, self.edits.undo),
            (QKeySequence.StandardKey.Redo, self.edits.redo),
        ):
            # Wherever the focus is, while this page is the one that is shown.
            QShortcut(QKeySequence(keys), self).activated.connect(slot)
        self._telling.timeout.connect(self._on_told)
        self._arranging.timeout.connect(self.photos.arrange)
        self._showing.timeout.connect(self._show_state)
        self.export.progressed.connect(self._on_written)
        self.export.busy_changed.connect(self._show_state)
        self.intake.busy_changed.connect(self._show_state)
        self.intake.begun.connect(self._on_search_begun)
        self.intake.found.connect(self._on_found)
        self.intake.ended.connect(self._on_search_ended)
        self.intake.refused.connect(self.notice.show_error)
        self.intake.failed.connect(self.notice.show_error)
        self.edits.labels_changed.connect(self._on_labels_changed)
        self.edits.photos_returned.connect(self._on_photos_returned)
        self.edits.undone.connect(self._on_undone)
        self.edits.redone.connect(self._on_redone)
        self.edits.not_kept.connect(self._on_not_kept)
        self.edits.not_taken_back.connect(self._on_not_taken_back)
        self.edits.not_found.connect(self._on_labels_not_found)
        self.edits.stack.canUndoChanged.connect(self._bar.undo.setVisible)
        self.results.opened.connect(self._open)
        self.results.label_given.connect(self.edits.correct)
        self.results.removal_asked.connect(self._on_removal_asked)
        self.results.copied.connect(self._on_copied)
        self.results.threshold_chosen.connect(self._on_threshold_chosen)
        self.detail.closed.connect(self._on_detail_closed)
        self.detail.turned.connect(self._on_detail_turned)
        self.detail.label_given.connect(lambda path, name: self.edits.correct([path], name))
        self._recognition.photos_predicted.connect(self._on_photos_predicted)
        self._recognition.troubled.connect(self.notice.show_error)
        self._recognition.ready.connect(self._on_model_ready)
        self.teaching.begun.connect(self.notice.hide)
        self.teaching.failed.connect(self.notice.show_error)
        self.teaching.relabelled.connect(self._show_state)
        self.taught.declined.connect(self._on_relabelled_wanted)

    def retranslate(self) -> None:
        self._empty.title.setText(self.tr("What is in your photos?"))
        self._empty.text.setText(
            self.tr(
                "Drop photos, folders or zips anywhere here, choose them, or paste a picture. "
                "Nothing leaves this computer."
            )
        )
        self._overlay.text = self.tr("Drop to classify")
        self._empty_choose.setText(self.tr("Choose photos…"))
        self._empty_samples.setText(self.tr("Try the samples"))
        self._show_state()

    def add(self, sources: Iterable[Path]) -> None:
        """Take in photos, folders and zips, which are searched beside the GUI thread."""
        self.intake.add(sources)

    def unfinished(self) -> list[str]:
        """A sentence on each thing that would be cut off now."""
        return self.export.unfinished()

    def stop(self) -> None:
        """Stop what is being written; what was written stays."""
        self.export.cancel()

    def shut_down(self) -> None:
        """End the page's threads; what was corrected is kept first."""
        self.edits.shut_down()
        self.intake.shut_down()
        self.export.shut_down()
        self.results.shut_down()
        self.detail.shut_down()

    @Slot(object)
    def _on_written(self, step: tuple[int, int]) -> None:
        done, total = step
        self._progress.setRange(0, total)
        self._progress.setValue(done)

    # Photos and their answers

    @Slot()
    def _on_search_begun(self) -> None:
        self.notice.hide()
        self._new, self._last_new = 0, None

    @Slot(object)
    def _on_found(self, found: Found) -> None:
        for path, error in found.refused:
            self.photos.unreadable[path] = Unreadable(path, error)
        if self.photos.answered == len(self.photos.paths):
            self._counted_from = (self.photos.answered, time.monotonic())
        new = self.photos.add(found.photos)
        if not new:
            return
        if not self.photos.is_plain and not self._arranging.isActive():
            self._arranging.start()
        self._new += len(new)
        self._last_new = new[0] if self._new == len(new) else self._last_new
        self._recognition.classify(new)
        self.edits.look_up(new)
        self._show_state_soon()

    @Slot(object)
    def _on_search_ended(self, count: int) -> None:
        if count == 0:
            self.notice.show_error(self.tr("No pictures were found there."))
        elif self._new == 0:
            self._tell(self.tr("Already in the list."))
        elif self._new < len(self.photos.paths) and self._last_new is not None:
            # Among many, what was added would be out of sight.
            self.results.select(self._last_new)

    @Slot(object)
    def _on_photos_predicted(self, predictions: list[Prediction]) -> None:
        if self.photos.set_predictions(predictions) and not self._arranging.isActive():
            self._arranging.start()
        self.detail.refresh()
        self._show_state_soon()

    @Slot(object, object)
    def _on_model_ready(self, model: Path, info: ModelInfo) -> None:
        """What another model said is not what this one says."""
        self._model = model
        self._info = info
        self.export.classes = info.classes
        chosen = self._settings.threshold_of(model, info)
        self._recognition.set_threshold(chosen)
        self.photos.set_threshold(chosen)
        self.results.show_model(info, info.threshold if chosen is None else chosen)
        self._recognition.forget_photos()
        self.photos.forget_answers()
        self.detail.use_model(model, info)
        self.teaching.note_model_changed(model)
        self._recognition.classify(self.photos.paths)
        self._counted_from = (0, time.monotonic())
        self._show_state()

    @Slot(float)
    def _on_threshold_chosen(self, threshold: float) -> None:
        if self._model is not None and self._info is not None:
            self._settings.set_threshold_of(self._model, self._info, threshold)
        self._recognition.set_threshold(threshold)
        self._arranging.start()

    @Slot()
    def _on_labels_changed(self) -> None:
        self.detail.refresh()
        self._show_state()

    @Slot(object)
    def _on_photos_returned(self, photos: list[Path]) -> None:
        """What another model said of them meanwhile, or nothing, is asked again."""
        self._recognition.classify(photos)
        self._show_state()

    @Slot(int, object)
    def _on_not_kept(self, count: int, error: TrainerError | None) -> None:
        sentence = self.tr("%n label(s) could not be saved.", "", count)
        reason = translated(error) if error else self.tr("The photos cannot be read any more.")
        self.notice.show_error(f"{sentence} {reason}")

    @Slot(int, object)
    def _on_not_taken_back(self, count: int, error: TrainerError | None) -> None:
        sentence = self.tr("%n label(s) could not be undone.", "", count)
        reason = translated(error) if error else self.tr("The photos cannot be read any more.")
        self.notice.show_error(f"{sentence} {reason}")

    @Slot(object)
    def _on_labels_not_found(self, error: TrainerError) -> None:
        if self.notice.is_error and self.notice.isVisibleTo(self):
            return  # What was lost is told before what is not known.
        sentence = self.tr("Your earlier labels for these photos could not be read.")
        self.notice.show_error(f"{sentence} {translated(error)}")

    @Slot(object)
    def _on_removal_asked(self, photos: list[Path]) -> None:
        self.edits.remove(photos)
        self._tell(
            with_own_keys(
                self.tr("%n photo(s) removed from the list. Press Ctrl+Z to undo.", "", len(photos))
            )
        )

    @Slot(int)
    def _on_copied(self, count: int) -> None:
        self._tell(self.tr("%n photo(s) copied, as a table and as files", "", count))

    def _reveal(self, photos: Iterable[Path]) -> None:
        # Not behind a photo that is shown large, which would have other neighbours then.
        if self._stack.currentWidget() is not self.detail:
            self.results.reveal(photos)

    @Slot(str, object)
    def _on_undone(self, what: str, photos: tuple[Path, ...]) -> None:
        self._reveal(photos)
        self._tell(self.tr("Undone: {what}").format(what=what))

    @Slot(str, object)
    def _on_redone(self, what: str, photos: tuple[Path, ...]) -> None:
        self._reveal(photos)
        self._tell(self.tr("Redone: {what}").format(what=what))

    def _tell(self, sentence: str) -> None:
        """Say something for a while, where nothing moves because of it."""
        self._told = sentence
        self._telling.start()
        self._show_state()

    @Slot()
    def _on_told(self) -> None:
        self._told = ""
        self._show_state()

    def _show_state_soon(self) -> None:
        """Thousands of photos come in hundreds of steps; the first is shown at once."""
        if self._stack.currentWidget() is self._empty:
            self._show_state()
        elif not self._showing.isActive():
            self._showing.start()

    def _is_busy(self) -> bool:
        return self.intake.is_busy or self.export.is_busy

    def _show_state(self) -> None:
        counts = self.photos.counts()
        count, answered = counts.photos, counts.answered
        is_busy = answered < count or self._is_busy()
        if self.detail.path is not None and self.photos.entry_of(self.detail.path) is None:
            self._on_detail_closed()  # Its photo has left the list.
        if count == 0:
            self.detail.leave()
            self._stack.setCurrentWidget(self._empty)
        elif self._stack.currentWidget() is self._empty:
            self._stack.setCurrentWidget(self.results)
            self.results.grid.setFocus()
        self._bar.clear.setVisible(count > 0 or bool(self.photos.unreadable))
        # It does not go while photos are answered anew: another button would take its place.
        self._bar.export.setVisible(count > 0)
        self._bar.export.setEnabled(answered > 0)
        self._bar.undo.setVisible(self.edits.stack.canUndo())
        self._bar.stop.setVisible(is_busy)
        self._progress.setVisible(is_busy)
        if answered < count or not self._is_busy():
            self._progress.setRange(0, count)
            self._progress.setValue(answered)
        missed = len(self.photos.unreadable)
        self._bar.unreadable.setVisible(missed > 0)
        self._bar.unreadable.setText(self.tr("%n could not be read", "", missed))
        self.results.show_counts(counts)
        self.taught.show_others(counts.relabelled)
        self.teaching.show_state()
        self._bar.summary.setText(self._described(count, answered, counts.twins))

    def _described(self, count: int, answered: int, twins: int) -> str:
        if self._told:
            return self._told
        if count == 0:
            return self.tr("Fruit and vegetables, recognised on this computer")
        if answered >= count:
            photos = self.tr("%n photo(s)", "", count)
            # On its own: lupdate finds no text inside of an f-string.
            duplicates = self.tr("%n duplicate(s)", "", twins)
            return f"{photos} · {duplicates}" if twins else photos
        done = self.tr("{done} of {count} photos").format(done=f"{answered:,}", count=f"{count:,}")
        seconds = self._seconds_left(count, answered)
        if seconds is None:
            return done
        left = (
            self.tr("%n second(s) left", "", round(seconds))
            if seconds < 90
            else self.tr("%n minute(s) left", "", round(seconds / 60))
        )
        return f"{done} · {left}"

    def _seconds_left(self, count: int, answered: int) -> float | None:
        """From the pace since the queue was last empty; None before that can be told."""
        counted, since = self._counted_from
        now = time.monotonic()
        if answered < counted or not since:
            self._counted_from = (answered, now)
            return None
        done, seconds = answered - counted, now - since
        if seconds < _SECONDS_TO_ESTIMATE or done < _PHOTOS_TO_ESTIMATE:
            return None
        return (count - answered) * seconds / done

    # One photo large

    @Slot(object)
    def _open(self, path: Path) -> None:
        row, entry = self.photos.row_of(path), self.photos.entry_of(path)
        if row is None or entry is None:
            return
        thumbnail = self.results.grid.thumbnail(path)
        self._open_row = row
        self.detail.show_photo(entry, row + 1, self.photos.rowCount(), thumbnail)
        self._stack.setCurrentWidget(self.detail)
        self.detail.setFocus()

    @Slot(int)
    def _on_detail_turned(self, step: int) -> None:
        path = self.detail.path
        row = self.photos.row_of(path) if path is not None else None
        # A photo that the filter lets through no more has left its row to the next one.
        target = row + step if row is not None else self._open_row + min(0, step)
        if 0 <= target < self.photos.rowCount():
            self._open(self.photos.entry(target).path)

    @Slot()
    def _on_detail_closed(self) -> None:
        path = self.detail.path
        self.detail.leave()
        self._stack.setCurrentWidget(self.results)
        self.photos.arrange()
        if path is not None:
            self.results.select(path)
        self.results.grid.setFocus()

    # Buttons

    @Slot()
    def _on_stop(self) -> None:
        self.intake.cancel()
        self.export.cancel()
        self._recognition.forget_photos()
        self.photos.stop_waiting()
        self._show_state()

    @Slot()
    def _on_clear(self) -> None:
        self.intake.cancel()
        self._recognition.forget_photos()
        self.photos.stop_waiting()
        self.photos.set_filter(Filter())
        self.photos.unreadable.clear()
        self.edits.remove(self.photos.paths)
        self.teaching.forget_changes()
        self.notice.hide()
        self._show_state()

    @Slot()
    def _on_relabelled_wanted(self) -> None:
        if self._stack.currentWidget() is self.detail:
            self._on_detail_closed()
        self.results.show_only(Filter("relabelled"))

    @Slot()
    def _on_unreadable(self) -> None:
        UnreadableDialog(list(self.photos.unreadable.values()), self).show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if may_hold_images(event.mimeData()):
            event.acceptProposedAction()
            self._overlay.set_dragging(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._overlay.set_dragging(False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._overlay.set_dragging(False)
        event.acceptProposedAction()
        self.intake.take(event.mimeData())
