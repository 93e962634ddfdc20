"""Answers to a camera's frames: only what lies in the guide, only where the scene has changed, and
steady over time."""

import numpy as np
from PIL import Image

from trainer.frames import blocks, change, guided, is_featureless
from trainer.predict import Predictor
from trainer.prediction import LiveAnswer, Ranked
from trainer.steady import Look, SteadyLabel
from trainer.transforms import square

UNCHANGED = 5.0
"""Grey levels (:func:`trainer.frames.change`) below which a scene is the same as before; a webcam's
noise makes one to three."""
_SAME_SCENE = 0.985
"""The cosine between the features of the remembered empty scene and of one that is empty, too: in
a hand that shakes it was 0.992 and more, with an apple put there 0.97 and less."""


class LiveRecognizer:
    """Answers the frames of one camera with one model. Use it from one thread at a time."""

    def __init__(self, predictor: Predictor) -> None:
        self._predictor = predictor
        self._steady = SteadyLabel()
        self._seen: np.ndarray | None = None
        self._look: Look | None = None
        self._empty: np.ndarray | None = None
        """The features of the empty scene, of length 1."""
        self._takes_next_as_empty = False

    def forget(self) -> None:
        """Another camera, another scene: nothing of what was seen counts any more."""
        self._steady = SteadyLabel()
        self._seen = self._look = self._empty = None
        self._takes_next_as_empty = False

    def remember_empty(self) -> None:
        """Take the next frame as the scene with nothing in it."""
        self._takes_next_as_empty = True

    def answer(
        self, frame: np.ndarray, at: float, threshold: float | None = None, top: int = 3
    ) -> LiveAnswer:
        """What to show from now on.

        Args:
            frame: RGB, uint8 (H, W, 3).
            at: when it was taken, in seconds; never less than before.
            threshold: the familiarity from which the model is sure; its own where None.
            top: how many classes to rank.
        """
        picture = guided(frame)
        seen = blocks(picture)
        look = self._look
        is_inferred = (
            look is None
            or self._seen is None
            or self._takes_next_as_empty
            or change(self._seen, seen) >= UNCHANGED
        )
        if look is None or is_inferred:
            self._seen, self._look = seen, (look := self._look_at(picture))
        steady = self._steady.update(look, self._threshold(threshold), at)
        classes = self._predictor.info.classes
        best_first = np.argsort(-steady.probabilities, kind="stable").tolist()
        if steady.label is not None:
            # A rival that is ahead by a little is not shown above what is held on to.
            best_first.remove(steady.label)
            best_first.insert(0, steady.label)
        ranked = best_first[:top]
        return LiveAnswer(
            steady.state,
            None if steady.label is None else classes[steady.label],
            float(steady.probabilities[ranked[0]]),
            tuple(Ranked(classes[i], float(steady.probabilities[i])) for i in ranked),
            is_inferred,
        )

    def _threshold(self, threshold: float | None) -> float:
        return self._predictor.threshold if threshold is None else threshold

    def _look_at(self, picture: np.ndarray) -> Look:
        predictor = self._predictor
        info = predictor.info
        whole = square(Image.fromarray(picture), info.image_size, info.resize)
        outputs = predictor.outputs([whole])
        features = outputs.features[0] / max(float(np.linalg.norm(outputs.features[0])), 1e-9)
        if self._takes_next_as_empty:
            self._takes_next_as_empty = False
            self._empty = features
        familiarity = float(predictor.familiarity(outputs.logits, outputs.features)[0])
        if self._empty is not None and float(features @ self._empty) > _SAME_SCENE:
            is_empty = True
        else:
            # A close-up of something smooth has no edges either, but the model knows it.
            is_empty = familiarity < predictor.threshold and is_featureless(picture)
        return Look(is_empty, predictor.probabilities(outputs.logits)[0], familiarity)
