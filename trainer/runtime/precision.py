"""Whether 16 bits are faster than 32 here: timed once for each kind of work, and remembered.

What a processor claims does not tell: with the same instructions bfloat16 may be twice as fast as
float32, or half as fast, and convolutions of one network gain where another's lose.
"""

import json
import math
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from trainer.storage import caches
from trainer.storage.atomic import write_text

_MARGIN = 1.1
"""So much faster 16 bits must be: 32 have the better answers, and a busy computer's times vary."""
_CLEAR = 1.5
"""So much faster, no second round is needed."""
_FEWEST_ROUNDS, _MOST_ROUNDS = 2, 20
_SECONDS = 0.3
"""After so long, more rounds are not worth it."""

# The time on the processor, which other programs have no part in. Windows counts it in 64ths of a
# second, which is too coarse.
_clock = time.perf_counter if sys.platform == "win32" else time.process_time


def is_float32_forced() -> bool:
    """``FRUITGUI_PRECISION=float32`` makes figures comparable between computers, to rounding."""
    return os.environ.get("FRUITGUI_PRECISION") == "float32"


@dataclass(frozen=True, slots=True)
class Timing:
    """The seconds that the same work takes in each precision."""

    in_32_bits: float
    in_16_bits: float

    @property
    def favours_16_bits(self) -> bool:
        return self.in_32_bits > _MARGIN * self.in_16_bits


def time_both(in_32_bits: Callable[[], object], in_16_bits: Callable[[], object]) -> Timing:
    """Do a piece of work in either precision, in turns, so that whatever else the computer does
    hits both; of each the best time counts. Let one thread do it: threads that wait for each other
    on a busy computer would tell how busy it is."""
    arms = (in_32_bits, in_16_bits)
    for work in arms:
        work()  # The first time, kernels are made.
    best = [math.inf, math.inf]
    began = time.perf_counter()
    for number in range(1, _MOST_ROUNDS + 1):
        for arm, work in enumerate(arms):
            started = _clock()
            work()
            best[arm] = min(best[arm], _clock() - started)
        is_clear = max(best) > _CLEAR * min(best)
        if time.perf_counter() - began > _SECONDS and (is_clear or number >= _FEWEST_ROUNDS):
            break
    return Timing(*best)


def recall(work: str) -> Timing | None:
    """What was remembered of some work; None where it was not, or where it cannot be read."""
    return _remembered().get(work)


def remember(work: str, timing: Timing) -> None:
    """Keep a timing for :func:`recall`; where that cannot be written, it is timed again.

    Args:
        work: names it with all that its speed depends on: the processor, the library, the network.
    """
    timings = {**_remembered(), work: timing}
    seconds = {name: (each.in_32_bits, each.in_16_bits) for name, each in timings.items()}
    try:
        write_text(caches.timings_file(), json.dumps(seconds, indent=1))
    except OSError:
        return


def _remembered() -> dict[str, Timing]:
    try:
        seconds = json.loads(caches.timings_file().read_text(encoding="utf-8"))
        return {
            str(work): Timing(float(in_32_bits), float(in_16_bits))
            for work, (in_32_bits, in_16_bits) in seconds.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}  # There is none yet, or it is damaged.
