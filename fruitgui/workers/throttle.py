"""How often a training thread tells of its steps."""

import time

from trainer.events import BatchDone, Preparing

_SECONDS_BETWEEN_STEPS = 0.1


class Throttle:
    """Lets every event through, but of batches and steps of preparation no more than ten a second.

    Each event that a thread emits is worked off by the window's thread, and batches may end
    thousands of times a second.
    """

    def __init__(self) -> None:
        self._last_step = 0.0

    def is_due(self, event: object) -> bool:
        """Whether ``event`` is to be told now."""
        if not isinstance(event, BatchDone | Preparing):
            return True
        now = time.monotonic()
        if now - self._last_step < _SECONDS_BETWEEN_STEPS:
            return False
        self._last_step = now
        return True
