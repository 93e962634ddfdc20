"""A label that holds still: a model's answers to a camera's frames, smoothed over time."""

from collections import deque
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from trainer.inference.prediction import State

WINDOW_SECONDS = 0.35
"""What is shown is the mean of so much of the past: at ten answers a second, the third answer to
something new turns the label."""
_LEAST_ANSWERS = 3
"""Of a slow model, the window holds at least so many."""
_PATIENCE_SECONDS = 1.5
"""A lead without a break for so long wins, however small: a scene that does not move ends with the
label that a photo of it gets."""
_LABEL_LEAD = 0.3
_EMPTY_LEAD = 0.2
"""Leads in probability, or in shares of the window, that win at once."""

Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What is thought of one frame."""

    is_empty: bool
    """Whether there is nothing to be seen; the rest counts only where there is something."""
    probabilities: np.ndarray
    """Float32 (classes,)."""
    familiarity: float


@dataclass(frozen=True, slots=True, eq=False)
class Smoothed:
    """What is to be shown."""

    state: State
    label: int | None
    """The class, where the state is ``label``."""
    probabilities: np.ndarray
    """The mean of the window, float32 (classes,)."""


class Hysteresis(Generic[Choice]):
    """Holds on to a choice until another leads by far, or for long without a break: the lead that
    is asked for shrinks with time."""

    def __init__(self, patience: float = _PATIENCE_SECONDS) -> None:
        self._patience = patience
        self._held: Choice | None = None
        self._rival: Choice | None = None
        self._rival_since = 0.0

    @property
    def held(self) -> Choice | None:
        return self._held

    def update(self, leader: Choice, lead: float, at: float) -> Choice:
        """The choice from now on.

        Args:
            leader: what is ahead now.
            lead: how far it is ahead of what is held; 1 wins at once.
            at: now, in seconds.
        """
        if self._held is None or leader == self._held:
            self._held, self._rival = leader, None
            return leader
        if leader != self._rival:
            self._rival, self._rival_since = leader, at
        if lead >= 1 - ((at - self._rival_since) / self._patience) ** 2:
            self._held, self._rival = leader, None
            return leader
        return self._held

    def forget(self) -> None:
        """Take whatever leads next at once."""
        self._held = self._rival = None


class SmoothedLabel:
    """Turns what is thought of each frame into what is shown.

    Over a short window the probabilities are averaged and the median familiarity is taken; each
    frame counts for the time since the one before. Three choices (whether there is anything,
    whether the model is sure, and which class it is) then change with hysteresis only.
    """

    def __init__(self, window: float = WINDOW_SECONDS) -> None:
        self._window = window
        self._looks: deque[tuple[float, Look]] = deque()
        """Each with the seconds that it stands for, the oldest first."""
        self._last_at: float | None = None
        self._empty: Hysteresis[bool] = Hysteresis()
        self._sure: Hysteresis[bool] = Hysteresis()
        self._label: Hysteresis[int] = Hysteresis()

    def update(self, look: Look, threshold: float, at: float) -> Smoothed:
        """What to show, now that a frame was looked at.

        Args:
            threshold: the familiarity from which the model is sure.
            at: when the frame was taken, in seconds; never less than before.
        """
        self._take(look, at)
        weights = np.array([seconds for seconds, _ in self._looks])
        empty = np.array([kept.is_empty for _, kept in self._looks])
        share = float(weights[empty].sum() / weights.sum())
        is_empty = self._empty.update(share > 0.5, abs(2 * share - 1) / _EMPTY_LEAD, at)
        seen = [kept for _, kept in self._looks if not kept.is_empty]
        if not seen:
            # The whole window is empty, so that is held already; there is no mean of nothing.
            return self._nothing(look.probabilities)
        weights = weights[~empty]
        probabilities = np.average([kept.probabilities for kept in seen], axis=0, weights=weights)
        familiarity = _median(np.array([kept.familiarity for kept in seen]), weights)
        lead = _lead_over(threshold, familiarity)
        is_sure = self._sure.update(familiarity >= threshold, lead, at)
        if is_empty:
            return self._nothing(probabilities)
        if not is_sure:
            self._label.forget()
            return Smoothed("not_sure", None, probabilities)
        leader = int(probabilities.argmax())
        held = self._label.held
        lead = float(probabilities[leader] - probabilities[held]) if held is not None else 1.0
        return Smoothed("label", self._label.update(leader, lead / _LABEL_LEAD, at), probabilities)

    def _nothing(self, probabilities: np.ndarray) -> Smoothed:
        self._label.forget()
        return Smoothed("nothing", None, probabilities)

    def _take(self, look: Look, at: float) -> None:
        longest = self._window / _LEAST_ANSWERS
        since = longest if self._last_at is None else at - self._last_at
        self._last_at = at
        self._looks.append((min(max(since, 1e-3), longest), look))
        total = sum(seconds for seconds, _ in self._looks)
        # The window is full without the oldest.
        while total - self._looks[0][0] >= self._window * (1 - 1e-6):
            total -= self._looks.popleft()[0]


def _lead_over(threshold: float, familiarity: float) -> float:
    """How far a familiarity is from the threshold, on either side; 1 is clear at once: twice or a
    third of it where the threshold is small, and never out of reach."""
    if familiarity >= threshold:
        clear = min(threshold, (1 - threshold) / 4)
        return (familiarity - threshold) / clear if clear > 0 else 1.0
    return (threshold - familiarity) / (threshold * 2 / 3)


def _median(values: np.ndarray, weights: np.ndarray) -> float:
    """The value with half of the weight on either side."""
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])
