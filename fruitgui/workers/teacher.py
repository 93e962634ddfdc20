"""Teaches the model in use, one lesson after the other."""

from collections import deque
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from fruitgui.workers.task import Task, Tasks
from trainer.errors import TrainerError
from trainer.experiments.grown_models import Lessons, forget_kept, lessons_of, teach_kept
from trainer.models.metadata import ModelInfo
from trainer.teaching.teach import Taught

Lesson = tuple[tuple[Path, str], ...]
"""Photos, each with what is on it."""


class Teacher(QObject):
    """A lesson takes a second; those that come meanwhile wait for it.

    Signals:
        taught(Taught): a lesson is learnt; its model is to answer from now on.
        forgotten(Path): lessons were taken back; this model is left.
        failed(TrainerError): a lesson could not be learnt, or taken back.
        changed(): the model in use, what it was taught, or whether something is being learnt.
    """

    taught = Signal(object)
    forgotten = Signal(object)
    failed = Signal(object)
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model: Path | None = None
        self.classes: tuple[str, ...] = ()
        """What the model in use knows."""
        self.photos: dict[Path, str] = {}
        """What it was taught, as far as that is known: photos, each with what is on it."""
        self._waiting: deque[Lesson] = deque()
        self._task: Task | None = None
        self._tasks = Tasks()

    @property
    def is_busy(self) -> bool:
        return self._task is not None or bool(self._waiting)

    @Slot(object, object)
    def use_model(self, model: Path, info: ModelInfo) -> None:
        """Teach this one from now on."""
        self._model, self.classes = model, info.classes
        self._tasks.start(lambda: lessons_of(model), self._on_lessons_read)
        self.changed.emit()

    @Slot(object)
    def _on_lessons_read(self, lessons: Lessons | None) -> None:
        known = lessons.photos if lessons is not None else {}
        self.photos = {Path(path): kind for path, kind in known.items()}
        self.changed.emit()

    def teach(self, photos: Sequence[tuple[Path, str]]) -> None:
        """Let the model in use learn photos, each with what is on it."""
        if photos:
            self._waiting.append(tuple(photos))
            self._go_on()

    def forget(self, model: Path, lessons: Sequence[int]) -> None:
        """Take lessons back, by their numbers among those of a model."""
        if self._task is None:
            self._start(self._tasks.start(lambda: forget_kept(model, lessons), self._on_forgotten))

    def shut_down(self) -> None:
        """Wait until what was begun is learnt."""
        self._waiting.clear()
        self._tasks.finish()

    def _go_on(self) -> None:
        if self._task is None and self._waiting and self._model is not None:
            model, photos = self._model, self._waiting.popleft()
            self._start(self._tasks.start(lambda: teach_kept(model, photos), self._on_taught))

    def _start(self, task: Task) -> None:
        self._task = task
        task.failed.connect(self._on_failed)
        task.ended.connect(self._on_ended)
        self.changed.emit()

    @Slot(object)
    def _on_taught(self, taught: Taught) -> None:
        # What waits is taught to this one, be it loaded or not.
        self._model, self.classes = taught.model, taught.info.classes
        self.taught.emit(taught)

    @Slot(object)
    def _on_forgotten(self, model: Path) -> None:
        self._model = model
        self.forgotten.emit(model)

    @Slot(object)
    def _on_failed(self, error: TrainerError) -> None:
        self.failed.emit(error)

    @Slot()
    def _on_ended(self) -> None:
        self._task = None
        self._go_on()
        self.changed.emit()
