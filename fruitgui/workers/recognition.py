"""The thread that has the model in use, and answers photos and camera frames with it."""

import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QThread, Signal

from fruitgui.workers.failure import explain
from trainer.prediction import Answer

if TYPE_CHECKING:
    from trainer.predict import Predictor


@dataclass(frozen=True, slots=True)
class FrameAnswer:
    """What the model says of a camera frame."""

    frame: int
    """The frame's number."""
    answer: Answer
    seconds: float
    """From the frame's capture to its answer."""


@dataclass(frozen=True, slots=True, eq=False)
class _Frame:
    number: int
    picture: np.ndarray
    captured_at: float


class RecognitionThread(QThread):
    """Loads models, and answers with the last one loaded. Every method may be called at any time.

    Photos wait in a queue. Of frames only the newest waits, and goes before photos, so that the
    camera's answers are never late.

    Signals:
        loading(Path): a model is being loaded.
        ready(Path, ModelInfo): it answers from now on.
        failed(Path, TrainerError): it cannot be loaded; the one before goes on answering.
        photo_predicted(Prediction)
        frame_answered(FrameAnswer)
    """

    loading = Signal(object)
    ready = Signal(object, object)
    failed = Signal(object, object)
    photo_predicted = Signal(object)
    frame_answered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed = threading.Condition()
        self._model: Path | None = None
        self._photos: deque[Path] = deque()
        self._frame: _Frame | None = None
        self._stopping = False

    def use(self, model: Path) -> None:
        """Answer with another model, as soon as it is loaded."""
        with self._changed:
            self._model = model
            self._changed.notify()

    def classify(self, photos: Iterable[Path]) -> None:
        """Answer *photos* after those that wait already."""
        with self._changed:
            self._photos.extend(photos)
            self._changed.notify()

    def forget_photos(self) -> None:
        """Leave unanswered what waits."""
        with self._changed:
            self._photos.clear()

    def look_at(self, number: int, picture: np.ndarray, captured_at: float) -> None:
        """Answer a camera frame, instead of one that still waits.

        Args:
            picture: RGB, uint8 (H, W, 3); not changed by anyone from now on.
            captured_at: in seconds of ``time.monotonic()``.
        """
        with self._changed:
            self._frame = _Frame(number, picture, captured_at)
            self._changed.notify()

    def shut_down(self) -> None:
        """Stop after the batch under way, and wait for that."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self.wait()

    def run(self) -> None:
        predictor: Predictor | None = None
        while self._wait_for_work(can_answer=predictor is not None):
            with self._changed:
                model, self._model = self._model, None
            try:
                if model is not None:
                    predictor = self._load(model) or predictor
                elif predictor is not None:
                    self._answer(predictor)
            except Exception as error:  # noqa: BLE001  (nothing may escape a thread)
                explain(error)

    def _wait_for_work(self, can_answer: bool) -> bool:
        """Whether there is something to do, rather than to stop."""
        with self._changed:
            self._changed.wait_for(
                lambda: (
                    self._stopping
                    or self._model
                    or (can_answer and (self._photos or self._frame is not None))
                )
            )
            return not self._stopping

    def _load(self, model: Path) -> "Predictor | None":
        self.loading.emit(model)
        try:
            # Importing torch takes seconds; the window stands meanwhile.
            from trainer.predict import Predictor

            predictor = Predictor(model)
        except Exception as error:  # noqa: BLE001  (it must be said beside the model's name)
            self.failed.emit(model, explain(error))
            return None
        self.ready.emit(model, predictor.info)
        return predictor

    def _answer(self, predictor: "Predictor") -> None:
        self._answer_frame(predictor)
        with closing(predictor.predict(self._waiting_photos())) as predictions:
            for prediction in predictions:
                self.photo_predicted.emit(prediction)
                self._answer_frame(predictor)
                if self._stopping:
                    return

    def _waiting_photos(self) -> Iterator[Path]:
        """Photos to answer, until there are none, or there is something else to do first."""
        while True:
            with self._changed:
                if self._stopping or self._model or not self._photos:
                    return
                path = self._photos.popleft()
            yield path

    def _answer_frame(self, predictor: "Predictor") -> None:
        with self._changed:
            frame, self._frame = self._frame, None
        if frame is None:
            return
        answer = predictor.answer_picture(frame.picture)
        seconds = time.monotonic() - frame.captured_at
        self.frame_answered.emit(FrameAnswer(frame.number, answer, seconds))
