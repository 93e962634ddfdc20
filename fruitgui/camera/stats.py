"""How fast the camera is, and how late its labels are."""

from collections import deque
from dataclasses import dataclass, field

_SECONDS = 5.0


@dataclass(slots=True)
class CameraStats:
    """Counts of the last seconds."""

    _frames: deque[float] = field(default_factory=deque)
    _answers: deque[tuple[float, float]] = field(default_factory=deque)

    def count_frame(self, at: float) -> None:
        """A frame was shown, *at* in seconds."""
        self._frames.append(at)
        self._forget(at)

    def count_inference(self, at: float, seconds: float) -> None:
        """The model's answer was shown, so many seconds after its frame was taken."""
        self._answers.append((at, seconds))
        self._forget(at)

    def frames_a_second(self, now: float) -> float:
        self._forget(now)
        return _rate(list(self._frames), now)

    def inferences_a_second(self, now: float) -> float:
        self._forget(now)
        return _rate([at for at, _ in self._answers], now)

    def latency(self, share: float, now: float) -> float | None:
        """The seconds that *share* of the answers took at most; None without any."""
        self._forget(now)
        ordered = sorted(seconds for _, seconds in self._answers)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None

    def _forget(self, now: float) -> None:
        while self._frames and self._frames[0] < now - _SECONDS:
            self._frames.popleft()
        while self._answers and self._answers[0][0] < now - _SECONDS:
            self._answers.popleft()


def _rate(times: list[float], now: float) -> float:
    """Per second, of what happened at *times*; what has just begun is not taken for slow."""
    return (len(times) - 1) / max(now - times[0], 1e-3) if len(times) > 1 else 0.0
