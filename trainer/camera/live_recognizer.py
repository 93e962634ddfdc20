"""Answers to a camera's frames: only what lies in the guide, only where the scene has changed, and
steady over time."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from trainer.camera.frame_measures import blocks, change, guided, is_featureless
from trainer.camera.smoothing import Look, SmoothedLabel
from trainer.data.transforms import square
from trainer.inference.prediction import LiveAnswer, Ranked
from trainer.inference.predictor import Predictor

UNCHANGED = 5.0
"""Grey levels (:func:`trainer.camera.frame_measures.change`) below which a scene is the same as
before; a webcam's noise makes one to three."""
_SAME_SCENE = 0.985
"""The cosine between the features of the remembered empty scene and of one that is empty, too: in
a hand that shakes it was 0.992 and more, with something put there 0.985 and less in 94 of 96
tries."""


class LiveRecognizer:
    """Answers the frames of one camera with one model. Use it from one thread at a time."""

    def __init__(self, predictor: Predictor, empty: np.ndarray | None = None) -> None:
        """Args: empty: the :attr:`empty` scene of another recognizer of the same camera."""
        self.predictor = predictor
        self.empty = empty
        """An image of the scene with nothing in it, uint8 (S, S, 3), once that is known."""
        self._empty_seen: _Seen | None = None
        self._takes_next_as_empty = False
        self._smoothed = SmoothedLabel()
        self._seen: np.ndarray | None = None
        self._look: Look | None = None

    def interrupt(self) -> None:
        """The camera was away: what it showed before counts no more."""
        self._smoothed = SmoothedLabel()
        self._seen = self._look = None

    def remember_empty(self) -> None:
        """Take the next frame as the scene with nothing in it."""
        self._takes_next_as_empty = True
        self.interrupt()

    def forget_empty(self) -> None:
        """Any scene has something in it, as far as is known."""
        self._takes_next_as_empty = False
        self.empty = self._empty_seen = None
        self.interrupt()

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
        image = guided(frame)
        seen = blocks(image)
        look = self._look
        is_inferred = look is None or self._seen is None or change(self._seen, seen) >= UNCHANGED
        if look is None or is_inferred:
            self._seen, self._look = seen, (look := self._look_at(image))
        smoothed = self._smoothed.update(look, self._threshold(threshold), at)
        classes = self.predictor.info.classes
        best_first = np.argsort(-smoothed.probabilities, kind="stable").tolist()
        if smoothed.label is not None:
            # A rival that is ahead by a little is not shown above what is held on to.
            best_first.remove(smoothed.label)
            best_first.insert(0, smoothed.label)
        ranked = best_first[:top]
        return LiveAnswer(
            smoothed.state,
            None if smoothed.label is None else classes[smoothed.label],
            float(smoothed.probabilities[ranked[0]]),
            tuple(Ranked(classes[i], float(smoothed.probabilities[i])) for i in ranked),
            is_inferred,
        )

    def _threshold(self, threshold: float | None) -> float:
        return self.predictor.threshold if threshold is None else threshold

    def _look_at(self, image: np.ndarray) -> Look:
        predictor = self.predictor
        if self._takes_next_as_empty:
            self._takes_next_as_empty = False
            self.empty, self._empty_seen = image.copy(), None
        seen = self._see(image)
        # A close-up of something smooth has no edges either, but the model knows it.
        is_known = seen.familiarity >= predictor.threshold
        is_empty = self._is_as_empty(seen) or (not is_known and is_featureless(image))
        return Look(is_empty, seen.probabilities, seen.familiarity)

    def _see(self, image: np.ndarray) -> "_Seen":
        info = self.predictor.info
        whole = square(Image.fromarray(image), info.image_size, info.resize)
        outputs = self.predictor.outputs([whole])
        features = outputs.features[0]
        return _Seen(
            features / max(float(np.linalg.norm(features)), 1e-9),
            self.predictor.probabilities(outputs.logits)[0],
            float(self.predictor.familiarity(outputs.logits, outputs.features)[0]),
        )

    def _is_as_empty(self, seen: "_Seen") -> bool:
        """Whether the scene looks to the model as the empty one does, and not more familiar."""
        if self.empty is None:
            return False
        if self._empty_seen is None:
            self._empty_seen = self._see(self.empty)
        most = max(self.predictor.threshold, 2 * self._empty_seen.familiarity)
        likeness = float(seen.features @ self._empty_seen.features)
        return likeness > _SAME_SCENE and seen.familiarity < most


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What the model gives for an image."""

    features: np.ndarray
    """Float32 (width,), of length 1."""
    probabilities: np.ndarray
    familiarity: float
