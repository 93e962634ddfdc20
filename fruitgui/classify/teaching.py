"""What the Classify page teaches the model, and what changed on the page by it."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from fruitgui.classify.photo_list import PhotoList
from fruitgui.classify.teach_card import TeachCard
from fruitgui.widgets.taught_notice import TaughtNotice
from fruitgui.workers.teacher import Teacher
from trainer.errors import TrainerError
from trainer.teaching.teach import Taught


class Teaching(QObject):
    """Asks for lessons on the page's photos, and tells what the model learnt and what changed.

    Signals:
        begun(): a lesson was asked for here.
        relabelled(): it is known by now which photos the last lesson changed the labels of.
        failed(TrainerError): a lesson could not be learnt, or taken back.
    """

    begun = Signal()
    relabelled = Signal()
    failed = Signal(object)

    def __init__(
        self,
        photos: PhotoList,
        card: TeachCard,
        notice: TaughtNotice,
        teacher: Teacher,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._photos = photos
        self._card = card
        self._notice = notice
        self._teacher = teacher
        self._taught_model: Path | None = None
        self._labels_before: dict[Path, str] = {}
        """What photos were taken for before a lesson, until they are answered anew."""
        self._is_asked_anew = False
        card.teaching_wanted.connect(self._on_teaching_wanted)
        notice.forgetting_wanted.connect(
            lambda model, lessons: teacher.forget(model, lessons, asked_by=self)
        )
        teacher.forgotten.connect(notice.note_forgotten)
        teacher.changed.connect(self.show_state)
        teacher.taught.connect(self._on_taught)
        teacher.failed.connect(self._on_failed)

    def note_model_changed(self, model: Path) -> None:
        """All photos are answered anew from now on, by this model."""
        self._is_asked_anew = model == self._taught_model
        self._photos.set_labels_before({})
        if not self._is_asked_anew:
            self._labels_before = {}  # What another model says otherwise, no lesson has changed.

    def forget_changes(self) -> None:
        """The photos are gone, and what was changed of them is of no interest any more."""
        self._labels_before = {}
        self._photos.set_labels_before({})

    @Slot()
    def show_state(self) -> None:
        """Offer what can be taught now, and say what a lesson changed once that is known."""
        self._card.show_entries(self._photos.entries)
        is_answered = self._photos.answered >= len(self._photos.paths)
        if self._labels_before and self._is_asked_anew and is_answered:
            self._tell_of_other_labels()

    @Slot(object)
    def _on_teaching_wanted(self, photos: list[tuple[Path, str]]) -> None:
        self.begun.emit()
        self._notice.forget()
        self._teacher.teach(photos, asked_by=self)

    @Slot(object)
    def _on_taught(self, taught: Taught) -> None:
        if self._teacher.asked_by is not self:
            self._notice.forget()  # It was taught elsewhere, which says so.
            return
        self._taught_model, self._is_asked_anew = taught.model, False
        self._labels_before = {
            each.path: each.answer.top[0].label
            for each in self._photos.entries
            if each.answer is not None and each.correction is None
        }
        self._notice.show_taught(taught)

    def _tell_of_other_labels(self) -> None:
        """Photos that nobody has said anything of may be taken for what was taught."""
        before, self._labels_before = self._labels_before, {}
        changed = {
            each.path: before[each.path]
            for each in self._photos.entries
            if each.path in before
            and each.answer is not None
            and each.answer.top[0].label != before[each.path]
        }
        self._photos.set_labels_before(changed)
        self.relabelled.emit()

    @Slot(object)
    def _on_failed(self, error: TrainerError) -> None:
        if self._teacher.asked_by is self:
            self.failed.emit(error)
