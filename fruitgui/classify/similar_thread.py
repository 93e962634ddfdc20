"""The thread that finds the training photos most like a photo."""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtGui import QImage

from fruitgui.qimages import cover, to_image
from fruitgui.workers.errors import explain
from trainer.data.images import open_rgb
from trainer.errors import ImageError

if TYPE_CHECKING:
    from trainer.events import Preparing
    from trainer.inference.similar_images import SimilarPhoto, TrainingFeatures

IMAGE_SIDE = 168
"""Of the images, in pixels: sharp on screens of twice as many, too."""


@dataclass(frozen=True, slots=True)
class SimilarImage:
    """A training photo that looks alike to a model."""

    path: Path
    label: str
    similarity: float
    """The cosine between its features and the photo's."""
    image: QImage
    """A square of :data:`IMAGE_SIDE`; null where it cannot be read."""


@dataclass(frozen=True, slots=True)
class _Request:
    model: Path
    photo: Path


class SimilarThread(QThread):
    """Answers the newest request only. The first one of a model goes through its training photos.

    Signals:
        progressed(int, int): training photos done, and how many there are.
        found(Path, Path, list of SimilarImage or None): of a model and a photo; None where the
            model's training photos are not there.
        failed(TrainerError)
    """

    progressed = Signal(int, int)
    found = Signal(object, object, object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed = threading.Condition()
        self._request: _Request | None = None
        self._wanted_model: Path | None = None
        self._stopping = False

    def request(self, model: Path, photo: Path) -> None:
        """Find what is like *photo*, instead of what was asked for before."""
        with self._changed:
            self._request = _Request(model, photo)
            self._wanted_model = model
            self._changed.notify()

    def forget(self) -> None:
        """Nobody waits any more."""
        with self._changed:
            self._request = self._wanted_model = None

    def shut_down(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self.wait()

    def run(self) -> None:
        learning: _Learning | None = None
        while (request := self._next()) is not None:
            try:
                if learning is None or learning.model != request.model:
                    learning = _Learning(request.model)
                if self._has_learnt(learning):
                    self._answer(learning, request.photo)
            except ImageError:
                self.found.emit(request.model, request.photo, [])  # Its card says why.
            except Exception as error:  # noqa: BLE001  (nothing may escape a thread)
                self.failed.emit(explain(error))

    def _next(self) -> _Request | None:
        with self._changed:
            self._changed.wait_for(lambda: self._request is not None or self._stopping)
            request, self._request = self._request, None
            return None if self._stopping else request

    def _has_learnt(self, learning: "_Learning") -> bool:
        """Go through the training photos as long as somebody waits; a later request goes on."""
        while not learning.is_done:
            if self._wanted_model != learning.model or self._stopping:
                return False
            step = learning.go_on()
            if step is not None:
                self.progressed.emit(step.done, step.total)
        return True

    def _answer(self, learning: "_Learning", photo: Path) -> None:
        from trainer.data.transforms import square_from_file

        if learning.features is None:
            self.found.emit(learning.model, photo, None)
            return
        info = learning.predictor.info
        image = square_from_file(photo, info.image_size, info.resize)
        features = learning.predictor.outputs([image]).features[0]
        nearest = learning.features.nearest(features, but=photo)
        self.found.emit(learning.model, photo, [_with_image(similar) for similar in nearest])


class _Learning:
    """A model, and what it sees in its training photos, as far as that has been looked at."""

    def __init__(self, model: Path) -> None:
        from trainer.experiments.model_library import data_set_of
        from trainer.inference.predictor import Predictor
        from trainer.inference.similar_images import training_features

        self.model = model
        self.predictor = Predictor(model)
        self.features: TrainingFeatures | None = None
        data_set = data_set_of(model)
        self._steps = training_features(self.predictor, data_set) if data_set else None

    @property
    def is_done(self) -> bool:
        return self._steps is None

    def go_on(self) -> "Preparing | None":
        """One step more; None with the last one."""
        if self._steps is None:
            return None
        try:
            return next(self._steps)
        except StopIteration as end:
            self._steps, self.features = None, end.value
            return None


def _with_image(similar: "SimilarPhoto") -> SimilarImage:
    try:
        photo = open_rgb(similar.path, at_least=IMAGE_SIDE, at_most=4 * IMAGE_SIDE)
        image = cover(to_image(np.asarray(photo)), IMAGE_SIDE, IMAGE_SIDE)
    except ImageError:
        image = QImage()
    return SimilarImage(similar.path, similar.label, similar.similarity, image)
