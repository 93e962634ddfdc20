"""How fast a run under way goes, and how long it will take from there."""

from collections import deque
from dataclasses import dataclass, field

_SMOOTHING = 0.2
_DOUBT = 0.15
"""How far the time that is left may be off, as a share of it."""


@dataclass(slots=True)
class Eta:
    """What a run's batches and epochs have taken so far, pauses left out."""

    epochs: int
    batches: int
    """In an epoch."""
    images_per_second: float = 0.0
    _batch_seconds: deque[float] = field(default_factory=lambda: deque(maxlen=200))
    _other_seconds: list[float] = field(default_factory=list)
    """Of each epoch, beside its batches: validation and saving."""

    def batch_done(self, images: int, seconds: float) -> None:
        self._batch_seconds.append(seconds)
        speed = images / max(seconds, 1e-9)
        if self.images_per_second:
            speed = self.images_per_second + _SMOOTHING * (speed - self.images_per_second)
        self.images_per_second = speed

    def epoch_done(self, other_seconds: float) -> None:
        """An epoch ended.

        Args:
            other_seconds: what it took beside its training batches.
        """
        self._other_seconds.append(other_seconds)

    def seconds_left(self, epoch: int, batch: int, fewest_epochs: int) -> tuple[float, float]:
        """The least and the most that may be left.

        Args:
            epoch: from 1.
            batch: how many of its batches are done.
            fewest_epochs: how many epochs it will be if early stopping ends it as soon as it can.
        """
        recent = sorted(self._batch_seconds)
        a_batch = recent[len(recent) // 2] if recent else 0.0
        others = sorted(self._other_seconds)
        # Before the first validation: it is usually shorter than the training.
        other = others[len(others) // 2] if others else 0.2 * a_batch * self.batches
        an_epoch = a_batch * self.batches + other
        this_epoch = a_batch * (self.batches - batch) + other
        least = this_epoch + an_epoch * max(0, fewest_epochs - epoch)
        most = this_epoch + an_epoch * max(0, self.epochs - epoch)
        return least * (1 - _DOUBT), most * (1 + _DOUBT)
