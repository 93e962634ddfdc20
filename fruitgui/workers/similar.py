"""The thread that finds the training photos most like a photo."""

import threading
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtGui import QImage

from fruitgui.images import cover, to_image
from fruitgui.workers.failure import explain
from trainer.errors import PictureError
from trainer.pictures import open_rgb

if TYPE_CHECKING:
    from trainer.predict import Predictor
    from trainer.similar import SimilarPhoto, TrainingFeatures

PICTURE_SIDE = 168
"""Of the pictures, in pixels: sharp on screens of twice as many, too."""


@dataclass(frozen=True, slots=True)
class SimilarPicture:
    """A training photo that looks alike to a model."""

    path: Path
    label: str
    similarity: float
    """The cosine between its features and the photo's."""
    image: QImage
    """A square of :data:`PICTURE_SIDE`; null where it cannot be read."""


@dataclass(frozen=True, slots=True)
class _Request:
    model: Path
    photo: Path


@dataclass(frozen=True, slots=True, eq=False)
class _Learnt:
    """A model, and what it sees in its training photos; None where they are not there."""

    model: Path
    predictor: "Predictor"
    features: "TrainingFeatures | None"


class SimilarThread(QThread):
    """Answers the newest request only. The first one of a model goes through its training photos.

    Signals:
        progressed(int, int): training photos done, and how many there are.
        found(Path, list of SimilarPicture or None): None where the training photos are not there.
        failed(TrainerError)
    """

    progressed = Signal(int, int)
    found = Signal(object, object)
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
        learnt: _Learnt | None = None
        while (request := self._next()) is not None:
            try:
                if learnt is None or learnt.model != request.model:
                    learnt = self._learn(request.model)
                if learnt is not None:
                    self._answer(learnt, request.photo)
            except PictureError:
                continue  # The photo's card says so already.
            except Exception as error:  # noqa: BLE001  (nothing may escape a thread)
                self.failed.emit(explain(error))

    def _next(self) -> _Request | None:
        with self._changed:
            self._changed.wait_for(lambda: self._request is not None or self._stopping)
            request, self._request = self._request, None
            return None if self._stopping else request

    def _learn(self, model: Path) -> "_Learnt | None":
        """None where nobody waits for it any more."""
        from trainer.predict import Predictor
        from trainer.similar import data_set_of, training_features

        predictor = Predictor(model)
        data_set = data_set_of(model)
        if data_set is None:
            return _Learnt(model, predictor, None)
        steps = training_features(predictor, data_set)
        with closing(steps):
            while self._wanted_model == model and not self._stopping:
                try:
                    step = next(steps)
                except StopIteration as end:
                    return _Learnt(model, predictor, end.value)
                self.progressed.emit(step.done, step.total)
        return None

    def _answer(self, learnt: _Learnt, photo: Path) -> None:
        from trainer.transforms import square_from_file

        if learnt.features is None:
            self.found.emit(photo, None)
            return
        info = learnt.predictor.info
        picture = square_from_file(photo, info.image_size, info.resize)
        features = learnt.predictor.outputs([picture]).features[0]
        nearest = learnt.features.nearest(features, but=photo)
        self.found.emit(photo, [_with_picture(similar) for similar in nearest])


def _with_picture(similar: "SimilarPhoto") -> SimilarPicture:
    try:
        picture = open_rgb(similar.path, at_least=PICTURE_SIDE)
        picture.thumbnail((4 * PICTURE_SIDE, 4 * PICTURE_SIDE))
        image = cover(to_image(np.asarray(picture)), PICTURE_SIDE, PICTURE_SIDE)
    except PictureError:
        image = QImage()
    return SimilarPicture(similar.path, similar.label, similar.similarity, image)
