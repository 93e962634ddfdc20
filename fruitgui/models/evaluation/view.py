"""The Evaluate view: how good a model is on labelled photos, and what to do about it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import (
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from fruitgui import theme
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.mime_data import dropped_files, first_file
from fruitgui.models.evaluation.evaluate_model import EvaluatedModel, evaluate_model
from fruitgui.models.evaluation.model_combo import ModelCombo
from fruitgui.models.evaluation.result_view import EvaluationResult
from fruitgui.models.evaluation.synonyms import keep_groups
from fruitgui.models.evaluation.toolbar import EvaluationBar, Request
from fruitgui.models.library.find_models import Evaluable
from fruitgui.settings import Settings
from fruitgui.widgets.empty_state import EmptyState
from fruitgui.widgets.notice import Notice
from fruitgui.widgets.page_stack import PageStack
from fruitgui.workers.label_edits import DataSetEdits, KeptEdits
from fruitgui.workers.task_queue import TaskQueue
from trainer.data.chosen_folders import chosen_together
from trainer.data.label_edits import LabelEdit
from trainer.data.synonyms import Groups
from trainer.errors import TrainerError
from trainer.events import Preparing


class EvaluationView(Retranslated, QWidget):
    """Choose a model and labelled photos; look at what it gets wrong, mend that, and train again.

    Signals:
        training_wanted(Recipe or None, Path): to train on the data set again, as the model was.
        data_changed(Path): the user has changed something in this data set.
        successor_offered(str, str): what came of that is there; a sentence, and what to do.
    """

    training_wanted = Signal(object, object)
    data_changed = Signal(object)
    successor_offered = Signal(str, str)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._evaluated: EvaluatedModel | None = None
        self._before: EvaluatedModel | None = None
        self._kept: KeptEdits | None = None
        """What is changed in the data set that is shown."""
        self._is_stale = False
        """Whether that was changed elsewhere since."""
        self._retrained: Request | None = None
        """What is to be trained again, from here."""
        self._successor: Path | None = None
        self._request: Request | None = None
        """What was asked for last."""
        self._queue = TaskQueue(self)
        self._edits = DataSetEdits(self._queue, self)
        self.setAcceptDrops(True)
        self._build()
        self._connect()
        self.retranslate()

    def _build(self) -> None:
        self.before = ModelCombo()
        self._progress = QProgressBar(textVisible=False)
        self._progress.hide()
        self.notice = Notice()
        self.successor_offer = Notice()
        self._empty = EmptyState("sparkle")
        self.result = EvaluationResult(self.before)
        self.bar = EvaluationBar(self._settings, self.result.photos.split_text)
        self._pages = PageStack()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self.result)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE + 4)
        layout.addWidget(self.bar)
        layout.addWidget(self._progress)
        layout.addWidget(self.successor_offer)
        layout.addWidget(self.notice)
        layout.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self.bar.model_chosen.connect(self._on_model_chosen)
        self.bar.wanted.connect(self.evaluate)
        self.bar.stop_wanted.connect(self._on_stop)
        self.before.activated.connect(self.evaluate)
        self.notice.acted.connect(self._on_apply_confirmed)
        self.successor_offer.acted.connect(self.accept_successor)
        self.successor_offer.declined.connect(self._on_successor_declined)
        self._queue.progressed.connect(self._on_progressed)
        self._queue.busy_changed.connect(self._show_state)
        self._edits.listed.connect(self._on_edits_listed)
        self._edits.said.connect(self.notice.show_info)
        self._edits.asked.connect(self.notice.show_info)
        self._edits.failed.connect(self.notice.show_error)
        self.result.changed.connect(self._on_changed)
        self.result.summary.training_wanted.connect(self._on_training_wanted)
        self.result.charts.groups_changed.connect(self._on_groups_changed)
        self.result.undo_wanted.connect(self._on_undo)
        self.result.redo_wanted.connect(self._on_redo)
        photos = self.result.photos
        photos.taking_back_wanted.connect(self._on_take_back)
        photos.applying_wanted.connect(self._on_apply)
        photos.putting_back_wanted.connect(self._on_put_back)

    # What is evaluated

    def offer_models(
        self, models: Sequence[Evaluable], title_of: Callable[[Evaluable], str]
    ) -> None:
        """The models that can be evaluated.

        Args:
            title_of: what each is called, in the user's language.
        """
        titled = [(title_of(each), each.stored.path) for each in models]
        self.before.offer(titled, self.tr("Compare with…"))
        evaluated = self._evaluated
        is_there = self.bar.offer_models(models, titled)
        is_none = self.bar.model.chosen is None
        if is_none and evaluated is not None and self.bar.model.offers(evaluated.model):
            # It is back again.
            self.notice.hide()
            self.bar.show_request(Request.of(evaluated))
        elif not is_there:
            self.notice.show_info(
                self.tr("The model that was evaluated is no longer there. Choose another.")
            )
        self._offer_successor()

    def prefer(self, model: Path | None) -> None:
        """Propose a model, until the user has chosen one."""
        if model is not None and self._request is None and not self.bar.is_model_chosen:
            self.bar.choose(model, None)

    def evaluate_model(self, model: Path, data: Path | None = None) -> bool:
        """Evaluate a model on a data set; without one, on what it learnt from. Returns whether the
        model is known."""
        is_known = self.bar.choose(model, data)
        if is_known:
            self.evaluate()
        return is_known

    def note_trained(self, model: Path) -> None:
        """A model was trained: if that was asked for here, offer to see what changed once it is
        among the models that are offered."""
        if self._retrained is not None:
            self._successor = model
            self._offer_successor()

    def _offer_successor(self) -> None:
        evaluable = self.bar.evaluable(self._successor)
        # Another model may have been trained meanwhile, on other photos.
        if self._retrained is not None and evaluable is not None:
            if evaluable.data == self._retrained.data.resolve():
                text, action = self.tr("The new model is ready."), self.tr("See what changed")
                self.successor_offer.show_info(text, action, self.tr("Not now"))
                self.successor_offered.emit(text, action)
            else:
                self._successor = None

    @Slot()
    def accept_successor(self) -> None:
        """Hold the new model against the one before."""
        before, successor = self._retrained, self._successor
        self._on_successor_declined()
        if successor is not None and before is not None:
            self.before.choose(before.model)
            self.evaluate_model(successor, before.data)

    @Slot()
    def _on_successor_declined(self) -> None:
        self._retrained = self._successor = None
        self.successor_offer.hide()

    @Slot()
    def _on_model_chosen(self) -> None:
        if self._evaluated is not None:
            self.evaluate()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if first_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        sources = dropped_files(event.mimeData())
        if not sources:
            return
        event.acceptProposedAction()
        if len(sources) == 1:
            self.bar.choose_data(sources[0])
        else:
            self._queue.add(
                lambda: chosen_together(sources), self.bar.choose_data, self.notice.show_error
            )

    # Evaluating

    @property
    def is_busy(self) -> bool:
        return self._queue.is_busy

    @Slot()
    def evaluate(self) -> None:
        """Evaluate the chosen model on the chosen photos."""
        request = self.bar.request
        if request is not None:
            self.notice.hide()
            self._evaluate(request)

    def _evaluate(self, request: Request) -> None:
        # One that is under way or waits is of no use any more.
        self._queue.cancel()
        self._request = request
        self._queue.add(
            lambda: evaluate_model(request.model, request.data, request.split),
            self._on_evaluated,
            self._on_evaluation_failed,
            is_kept=False,
        )

    @Slot(object)
    def _on_evaluated(self, evaluated: EvaluatedModel) -> None:
        if Request.of(evaluated) != self._request:
            return
        if self._edits.turn_to(evaluated.data.root):
            self.notice.hide()
        self._evaluated, self._kept = evaluated, evaluated.kept
        other = self.before.chosen
        if other == evaluated.model:
            other = None
        if other is None or not self._is_alike(self._before):
            self._before = None
        self._show()
        if other is not None:
            data, split = evaluated.data.root, evaluated.split
            # That the folder is taken whole may have been nobody's wish.
            is_all_asked_for = evaluated.asked_split == "all"
            self._queue.add(
                lambda: evaluate_model(other, data, split, is_all_asked_for),
                self._on_before_evaluated,
                self.notice.show_error,
                is_kept=False,
            )

    @Slot(object)
    def _on_before_evaluated(self, before: EvaluatedModel) -> None:
        if before.model == self.before.chosen and self._is_alike(before):
            self._before = before
            self._show()

    def _is_alike(self, before: EvaluatedModel | None) -> bool:
        """Whether it is of the very photos and labels that are shown."""
        shown = self._evaluated
        return (
            shown is not None
            and before is not None
            and (before.kept.data, before.kept.edits) == (shown.kept.data, shown.kept.edits)
            and before.split == shown.split
        )

    def _show(self) -> None:
        if self._evaluated is not None:
            self._pages.setCurrentWidget(self.result)
            self.result.show_evaluated(self._evaluated, self._before, can_redo=self._edits.can_redo)

    @Slot()
    def _on_stop(self) -> None:
        self._queue.cancel()
        self._go_back()

    @Slot(object)
    def _on_evaluation_failed(self, error: TrainerError) -> None:
        self.notice.show_error(error)
        self._go_back()

    def _go_back(self) -> None:
        """Choose again what is shown."""
        if self._evaluated is not None:
            self._request = Request.of(self._evaluated)
            self.bar.show_request(self._request)

    @Slot(object)
    def _on_progressed(self, step: object) -> None:
        done, total = (step.done, step.total) if isinstance(step, Preparing) else (0, 0)
        if isinstance(step, tuple):
            done, total = step
        if total:
            self._progress.setRange(0, total)
            self._progress.setValue(done)

    @Slot()
    def _show_state(self) -> None:
        is_busy = self._queue.is_busy
        self._progress.setVisible(is_busy)
        if not is_busy:
            self._progress.setRange(0, 0)
        self.bar.show_busy(is_busy)

    # Changes

    @Slot(object)
    def note_changed(self, root: Path) -> None:
        """Something was changed in a data set elsewhere: if it is this one, it is evaluated anew
        before it is looked at again."""
        if self._evaluated is not None and self._evaluated.data.root == root:
            self._is_stale = True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._evaluate_again()

    def _evaluate_again(self) -> None:
        """What is shown, with the changes, whatever else is chosen by now."""
        self._is_stale = False
        if self._evaluated is not None:
            self._go_back()
            self._evaluate(Request.of(self._evaluated))

    @Slot(object)
    def _on_changed(self, edit: LabelEdit) -> None:
        self._edits.make(edit)
        self._evaluate_again()

    @Slot()
    def _on_undo(self) -> None:
        self._edits.undo()
        self._evaluate_again()

    @Slot()
    def _on_redo(self) -> None:
        self._edits.redo()
        self._evaluate_again()

    @Slot(object)
    def _on_take_back(self, edit: LabelEdit) -> None:
        self._edits.take_back(edit)
        self._evaluate_again()

    @Slot(object, bool)
    def _on_edits_listed(self, kept: KeptEdits, can_redo: bool) -> None:
        self._kept = kept
        self.data_changed.emit(kept.data)
        self.result.show_edits(kept, can_redo=can_redo)

    @Slot()
    def _on_apply(self) -> None:
        if self._kept is not None:
            self._edits.ask_to_apply(self._kept)

    @Slot()
    def _on_apply_confirmed(self) -> None:
        if self._edits.confirm():
            self._evaluate_again()

    @Slot()
    def _on_put_back(self) -> None:
        self._edits.revert_edits()
        self._evaluate_again()

    @Slot(object)
    def _on_groups_changed(self, groups: Groups) -> None:
        self._queue.add(
            lambda: keep_groups(groups),
            self.result.charts.synonyms.note_kept,
            self.notice.show_error,
        )
        self._evaluate_again()

    @Slot()
    def _on_training_wanted(self) -> None:
        evaluated = self._evaluated
        if evaluated is not None:
            evaluable = self.bar.evaluable(evaluated.model)
            self._retrained = Request.of(evaluated)
            self._successor = None
            self.successor_offer.hide()
            self.training_wanted.emit(evaluable.recipe if evaluable else None, evaluated.data.root)

    # The rest

    def retranslate(self) -> None:
        self.before.setAccessibleName(self.tr("Model to compare with"))
        if self.before.count():
            self.before.setItemText(0, self.tr("Compare with…"))
        self._empty.title.setText(self.tr("How good is it?"))
        self._empty.text.setText(
            self.tr(
                "Choose a model and a folder with one subfolder per class, and press Evaluate; "
                "or drop the folder here. You will see the mistakes, and can correct the "
                "labels."
            )
        )
        self.result.refresh()
        self._offer_successor()

    def unfinished(self) -> list[str]:
        """A sentence on the files that are being moved now."""
        return self._edits.unfinished()

    def shut_down(self) -> None:
        """End the view's threads; changes that wait are still written."""
        self._queue.finish()
        self.result.shut_down()
