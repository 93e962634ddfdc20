"""The thread that has the model in use, and answers photos and camera frames with it."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtGui import QImage

from fruitgui.qimages import extended, to_grey_image
from fruitgui.workers.errors import explain
from trainer.data.images import open_upright
from trainer.errors import ImageError
from trainer.inference.prediction import LiveAnswer, Prediction

if TYPE_CHECKING:
    from trainer.camera.live_recognizer import LiveRecognizer
    from trainer.inference.grad_cam import Head, SeenImage
    from trainer.inference.predictor import Predictor

_SECONDS_A_TELLING = 0.1
_HEAT_MAP_SIDE = 256


@dataclass(frozen=True, slots=True)
class FrameAnswer:
    """What is to be shown of a camera, now that a frame was looked at."""

    answer: LiveAnswer
    captured_at: float
    """When the frame was taken, in seconds of ``time.monotonic()``."""


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Where in a photo the model sees a class."""

    model: Path
    path: Path
    label: str
    image: QImage
    """Grey: the brighter, the more a place speaks for the class. As wide by high as the photo, but
    for its scale."""


@dataclass(frozen=True, slots=True, eq=False)
class _Frame:
    image: np.ndarray
    captured_at: float


@dataclass(frozen=True, slots=True, eq=False)
class _SeenPhoto:
    """The photo that was looked at last: maps of its other classes follow at once."""

    path: Path
    size: tuple[int, int]
    image: "SeenImage"


class RecognitionThread(QThread):
    """Loads models, and answers with the last one loaded. Every method may be called at any time.

    Photos wait in a queue. Of frames only the newest waits, and goes before photos, so that the
    camera's answers are never late.

    Signals:
        loading(Path): a model is being loaded.
        ready(Path, ModelInfo): it answers from now on.
        failed(Path, TrainerError): it cannot be loaded; the one before goes on answering.
        photos_predicted(list of Prediction): the first photo at once, then some at a time.
        heat_map_ready(HeatMap)
        frame_answered(FrameAnswer)
        troubled(TrainerError): a frame or a heat map could not be computed.
    """

    loading = Signal(object)
    ready = Signal(object, object)
    failed = Signal(object, object)
    photos_predicted = Signal(object)
    heat_map_ready = Signal(object)
    frame_answered = Signal(object)
    troubled = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed = threading.Condition()
        self._model: Path | None = None
        self._photos: deque[Path] = deque()
        self._frame: _Frame | None = None
        self._live: LiveRecognizer | None = None
        self._live_orders: deque[Callable[[LiveRecognizer], None]] = deque()
        """What is to be done before the next frame is answered."""
        self._explain: tuple[Path, str] | None = None
        self._seen: _SeenPhoto | None = None
        self._threshold: float | None = None
        self._head: Head | None = None
        self._taken: dict[Path, None] = {}
        """Photos whose answers are under way, in order."""
        self.engine = ""
        """What computes the answers, in words; empty while there is no model."""
        self._measured: Path | None = None
        """The model that it was last known of in what precision it is faster."""
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

    def set_threshold(self, threshold: float | None) -> None:
        """From which familiarity on answers are sure; None for the model's own choice."""
        with self._changed:
            self._threshold = threshold

    def forget_photos(self) -> None:
        """Leave unanswered what waits."""
        with self._changed:
            self._photos.clear()

    def explain_photo(self, path: Path, label: str) -> None:
        """Make a heat map of a photo for a class, instead of one that still waits. Where the photo
        cannot be read, or the model does not know the class, there is none."""
        with self._changed:
            self._explain = (path, label)
            self._changed.notify()

    def look_at(self, image: np.ndarray, captured_at: float) -> None:
        """Answer a camera frame, instead of one that still waits.

        Args:
            image: RGB, uint8 (H, W, 3); not changed by anyone from now on.
            captured_at: in seconds of ``time.monotonic()``.
        """
        with self._changed:
            self._frame = _Frame(image, captured_at)
            self._changed.notify()

    def interrupt_camera(self) -> None:
        """What the camera showed before does not count for the next frame."""
        self._order(lambda live: live.interrupt())

    def remember_empty(self) -> None:
        """Take the next frame as the scene with nothing in it."""
        self._order(lambda live: live.remember_empty())

    def forget_empty(self) -> None:
        """Take no scene as empty that does not look so by itself."""
        self._order(lambda live: live.forget_empty())

    def _order(self, order: "Callable[[LiveRecognizer], None]") -> None:
        with self._changed:
            self._frame = None
            self._live_orders.append(order)

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
            if model is not None:
                predictor = self._load(model) or predictor
            elif predictor is not None:
                self._answer(predictor)
                self._measure(predictor)

    def _wait_for_work(self, can_answer: bool) -> bool:
        """Whether there is something to do, rather than to stop."""
        with self._changed:
            self._changed.wait_for(
                lambda: (
                    self._stopping
                    or self._model
                    or (can_answer and (self._photos or self._frame or self._explain))
                )
            )
            return not self._stopping

    def _load(self, model: Path) -> "Predictor | None":
        self.loading.emit(model)
        try:
            # Takes seconds where torch is needed, and once with each model; the window stands.
            from trainer.inference.engine_selection import answers_on_cpu, prepare
            from trainer.inference.grad_cam import read_head
            from trainer.inference.predictor import Predictor

            if answers_on_cpu("auto"):
                prepare(model)
            predictor = Predictor(model)
            self._head = read_head(model, predictor.info)
        except Exception as error:  # noqa: BLE001  (it must be said beside the model's name)
            self.failed.emit(model, explain(error))
            return None
        self._seen = None
        self.engine = predictor.engine.name
        self.ready.emit(model, predictor.info)
        return predictor

    def _measure(self, predictor: "Predictor") -> None:
        """Find out, once a computer, in what precision to answer from the next start on. The first
        answers do not wait for it: it takes as long as starting."""
        if self._stopping or predictor.model_file == self._measured:
            return
        from trainer.inference.engine_selection import answers_on_cpu, measure_precision

        self._measured = predictor.model_file
        if answers_on_cpu("auto"):
            measure_precision(predictor.model_file)

    def _answer(self, predictor: "Predictor") -> None:
        self._answer_at_once(predictor)
        self._taken.clear()
        predicted: list[Prediction] = []
        told_at = -math.inf
        try:
            with closing(predictor.predict(self._waiting_photos())) as predictions:
                for prediction in predictions:
                    self._taken.pop(prediction.path, None)
                    predicted.append(prediction)
                    # The window paints what it is told; more often, it would do nothing else.
                    if time.monotonic() - told_at > _SECONDS_A_TELLING:
                        self.photos_predicted.emit(predicted)
                        predicted = []
                        told_at = time.monotonic()
                    self._answer_at_once(predictor)
                    if self._stopping:
                        return
        except Exception as error:  # noqa: BLE001  (nothing may escape a thread)
            # Memory, or a GPU: those that were under way are not waited for in vain.
            explained = explain(error)
            predicted += [Prediction(path, error=explained) for path in self._taken]
        if predicted:
            self.photos_predicted.emit(predicted)

    def _answer_at_once(self, predictor: "Predictor") -> None:
        """What somebody waits for goes before photos in the queue."""
        try:
            self._answer_frame(predictor)
            with self._changed:
                wanted, self._explain = self._explain, None
            if wanted is not None:
                self._make_heat_map(predictor, *wanted)
        except Exception as error:  # noqa: BLE001  (nothing may escape a thread)
            self.troubled.emit(explain(error))

    def _make_heat_map(self, predictor: "Predictor", path: Path, label: str) -> None:
        from trainer.data.transforms import square
        from trainer.inference.grad_cam import look_closely

        info = predictor.info
        if label not in info.classes or self._head is None:
            return
        if self._seen is None or self._seen.path != path:
            try:
                photo = open_upright(path, at_least=info.image_size)
            except ImageError:
                return
            pixels = square(photo, info.image_size, info.resize)
            seen = look_closely(predictor.engine, self._head, pixels)
            self._seen = _SeenPhoto(path, photo.size, seen)
        heat = self._seen.image.heat_map(info.classes.index(label), _HEAT_MAP_SIDE)
        image = to_grey_image(np.round(heat * 255).astype(np.uint8))
        if info.resize == "crop":
            image = extended(image, *self._seen.size)
        self.heat_map_ready.emit(HeatMap(predictor.model_file, path, label, image))

    def _waiting_photos(self) -> Iterator[Path]:
        """Photos to answer, until there are none, or there is something else to do first."""
        while True:
            with self._changed:
                if self._stopping or self._model or not self._photos:
                    return
                path = self._photos.popleft()
            self._taken[path] = None
            yield path

    def _answer_frame(self, predictor: "Predictor") -> None:
        with self._changed:
            frame, self._frame = self._frame, None
            if frame is None:
                return
            orders = list(self._live_orders)
            self._live_orders.clear()
        if self._live is None or self._live.predictor is not predictor:
            # OpenCV, which the first photo does not wait for.
            from trainer.camera.live_recognizer import LiveRecognizer

            self._live = LiveRecognizer(predictor, self._live.empty if self._live else None)
        for order in orders:
            order(self._live)
        answer = self._live.answer(frame.image, frame.captured_at, self._threshold)
        self.frame_answered.emit(FrameAnswer(answer, frame.captured_at))
