"""Which frames of a recording are worth learning from: sharp ones that show something new."""

from collections import deque
from dataclasses import dataclass
from typing import Literal

import numpy as np

from trainer.camera.frame_measures import blocks, change
from trainer.data.image_measures import blur_effect, is_covered, sharpness

Verdict = Literal["kept", "blurred", "alike"]

_ALIKE = 10.0
"""Grey levels (:func:`trainer.camera.frame_measures.change`) below which a frame shows nothing
new."""
_SHARE_OF_SHARPEST = 0.4
"""What is less sharp beside the sharpest frame of the last seconds is blurred: an object that moves
by a twentieth of the image while the shutter is open has 0.2."""
_MOST_BLUR = 0.72
"""Where all frames are blurred alike, there is no sharp one to compare them with."""
_SECONDS_COMPARED = 3.0
_KEPT_AT_MOST = 500
"""Comparing with more would take longer than the next frame."""


@dataclass(frozen=True, slots=True, eq=False)
class SelectedFrame:
    """The best frame of an interval, and whether it is good enough."""

    verdict: Verdict
    frame: np.ndarray
    """RGB, uint8 (H, W, 3)."""


class FrameSelector:
    """Chooses the frames of one recording: at most one an interval, the sharpest of it, unless even
    that is blurred, dark, or like one that was kept."""

    def __init__(self, rate: float, kept: list[np.ndarray] | None = None) -> None:
        """Args:
        rate: how many frames a second at most.
        kept: the :func:`trainer.camera.frame_measures.blocks` of what was kept before of the same
            class, which those of this recording are added to.
        """
        self._interval = 1 / rate
        self._ends_at: float | None = None
        self._best: tuple[float, np.ndarray] | None = None
        self._sharp: deque[tuple[float, float]] = deque()
        self._kept = [] if kept is None else kept

    def offer(self, frame: np.ndarray, at: float) -> SelectedFrame | None:
        """Look at a frame, taken at *at* seconds; the choice of the interval that ends with it."""
        chosen = None
        if self._ends_at is None:
            self._ends_at = at + self._interval
        elif at >= self._ends_at:
            chosen = self.finish()
            self._ends_at += self._interval
            if self._ends_at <= at:
                # A camera that stalls does not owe what it missed.
                self._ends_at = at + self._interval
        measure = sharpness(frame)
        self._sharp.append((at, measure))
        while self._sharp[0][0] < at - _SECONDS_COMPARED:
            self._sharp.popleft()
        if self._best is None or measure > self._best[0]:
            self._best = (measure, frame)
        return chosen

    def finish(self) -> SelectedFrame | None:
        """The choice of the interval that is cut short."""
        if self._best is None:
            return None
        (measure, frame), self._best = self._best, None
        return SelectedFrame(self._verdict(measure, frame), frame)

    def _verdict(self, measure: float, frame: np.ndarray) -> Verdict:
        sharpest = max(sharp for _, sharp in self._sharp)
        if (
            measure < _SHARE_OF_SHARPEST * sharpest
            or blur_effect(frame) > _MOST_BLUR
            or is_covered(frame)
        ):
            return "blurred"
        seen = blocks(frame)
        if any(change(kept, seen) < _ALIKE for kept in self._kept):
            return "alike"
        self._kept.append(seen)
        del self._kept[:-_KEPT_AT_MOST]
        return "kept"
