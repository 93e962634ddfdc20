"""Teaches the model in use, one lesson after the other."""

from collections import deque
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from fruitgui.workers.task import Task, Tasks
from trainer.errors import TrainerError
from trainer.events import Preparing
from trainer.experiments.taught_models import (
    Lessons,
    forget_kept,
    is_taught,
    lessons_of,
    teach_kept,
)
from trainer.models.metadata import ModelInfo
from trainer.teaching.teach import Taught


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What is left of a model, some of whose lessons were taken back."""

    asked: Path
    left: Path
    lessons: frozenset[str]


_Steps = Callable[[], Generator[Preparing, None, Taught] | Forgotten]


class Teacher(QObject):
    """A lesson takes a second; what is wanted meanwhile waits for it.

    Signals:
        taught(Taught): a lesson is learnt.
        forgotten(Forgotten): lessons were taken back.
        replaced(Path): this model takes the place of the one in use, of which it was made.
        failed(TrainerError): a lesson could not be learnt, or taken back.
        changed(): the model in use, what it was taught, or what is being learnt.
    """

    taught = Signal(object)
    forgotten = Signal(object)
    replaced = Signal(object)
    failed = Signal(object)
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model: Path | None = None
        self.classes: tuple[str, ...] = ()
        """What the model in use knows."""
        self._lessons: Lessons | None = None
        self.photos: dict[Path, str] = {}
        """What it was taught, as far as that is known: photos, each with what is on it."""
        self.progress: Preparing | None = None
        """How far the lesson is that is being learnt."""
        self._waiting: deque[tuple[_Steps, QObject | None]] = deque()
        self._task: Task | None = None
        self._source: Path | None = None
        """The model that is being taught."""
        self.asked_by: QObject | None = None
        """Who wanted what is being done, or was done last: who tells the user what came of it."""
        self._tasks = Tasks()

    @property
    def is_busy(self) -> bool:
        return self._task is not None or bool(self._waiting)

    def choose_model(self, model: Path) -> None:
        """What is wanted from now on is for this model, be it loaded or not."""
        self._model = model
        self._go_on()

    @Slot(object, object)
    def use_model(self, model: Path, info: ModelInfo) -> None:
        """This model answers from now on; another may have been chosen meanwhile."""
        self.classes = info.classes
        self._lessons, self.photos = None, {}
        self._tasks.start(lambda: lessons_of(model), self._on_lessons_read)
        self.changed.emit()

    @Slot(object)
    def _on_lessons_read(self, lessons: Lessons | None) -> None:
        self._lessons = lessons
        self.photos = lessons.paths() if lessons is not None else {}
        self.changed.emit()

    def teach(self, photos: Sequence[tuple[Path, str]], asked_by: QObject | None = None) -> None:
        """Let the model in use learn photos, each with what is on it."""

        def lesson() -> Generator[Preparing, None, Taught]:
            source = self._source
            assert source is not None
            return teach_kept(source, photos)

        if photos:
            self._want(lesson, asked_by)

    def forget(
        self, model: Path, lessons: Collection[str], asked_by: QObject | None = None
    ) -> None:
        """Take lessons of a model back, by their ids."""
        ids = frozenset(lessons)
        self._want(lambda: Forgotten(model, forget_kept(model, ids), ids), asked_by)

    def forget_photos(self, digests: Mapping[Path, str], asked_by: QObject | None = None) -> None:
        """Let the model in use forget photos that are gone, each by the digest of its bytes."""
        taught = self._lessons.paths() if self._lessons is not None else {}
        if self._model is None or not is_taught(self._model) or not taught.keys() & digests.keys():
            return

        def forgetting() -> Forgotten:
            source = self._source
            assert source is not None
            forgotten = frozenset(digests.values())
            return Forgotten(source, forget_kept(source, (), forgotten), frozenset())

        self._want(forgetting, asked_by)

    def unfinished(self) -> list[str]:
        """A sentence on each thing that would be cut off now."""
        return [self.tr("The model is learning photos.")] if self.is_busy else []

    def stop(self) -> None:
        """Leave unlearnt what is not learnt yet; the model stays as it is."""
        self._waiting.clear()
        self._tasks.cancel()

    def shut_down(self) -> None:
        """Stop, and wait for that."""
        self._waiting.clear()
        self._tasks.shut_down()

    def _want(self, steps: _Steps, asked_by: QObject | None) -> None:
        self._waiting.append((steps, asked_by))
        self._go_on()
        self.changed.emit()

    def _go_on(self) -> None:
        if self._task is not None or not self._waiting or self._model is None:
            return
        self._source, self.progress = self._model, None
        steps, self.asked_by = self._waiting.popleft()
        self._task = self._tasks.start(
            *(steps, self._on_done, self._on_failed, self._on_progressed),
            on_end=self._on_ended,
        )

    @Slot(object)
    def _on_progressed(self, step: Preparing) -> None:
        self.progress = step
        self.changed.emit()

    def _on_done(self, result: Any) -> None:
        if isinstance(result, Taught):
            self._replace(self._source, result.model)
            self.taught.emit(result)
        else:
            self._replace(result.asked, result.left)
            self.forgotten.emit(result)

    def _replace(self, before: Path | None, after: Path) -> None:
        # Not where the user has chosen another meanwhile.
        if self._model == before:
            self._model = after
            self.replaced.emit(after)

    @Slot(object)
    def _on_failed(self, error: TrainerError) -> None:
        self.failed.emit(error)

    @Slot()
    def _on_ended(self) -> None:
        self._task = None
        self._go_on()
        self.changed.emit()
