"""Steering work that is a generator: to its end, step by step, or paused and stopped."""

import threading
import time
from collections.abc import Callable, Generator
from typing import TypeVar

_Step = TypeVar("_Step")
_Other = TypeVar("_Other")
_Result = TypeVar("_Result")


def drain(
    steps: Generator[_Step, None, _Result], each: Callable[[_Step], object] | None = None
) -> _Result:
    """Run a generator to its end.

    Args:
        each: called with whatever it yields.

    Returns:
        What it returns.
    """
    relayed = relay(steps, each or (lambda step: step))
    while True:
        try:
            next(relayed)
        except StopIteration as end:
            result: _Result = end.value
            return result


def relay(
    steps: Generator[_Step, None, _Result], change: Callable[[_Step], _Other]
) -> Generator[_Other, None, _Result]:
    """Yield what *change* makes of each step of a generator; return what that returns."""
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            result: _Result = end.value
            return result
        yield change(step)


class Stopped(Exception):  # noqa: N818  (it is no error)
    """The owner of the run asked for its end."""


class Control:
    """What the owner of a run holds to steer it. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._running = threading.Event()
        self._running.set()
        self._stopping = threading.Event()
        self._paused_seconds = 0.0

    @property
    def paused(self) -> bool:
        return not self._running.is_set()

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    def pause(self) -> None:
        self._running.clear()

    def resume(self) -> None:
        self._running.set()

    def stop(self) -> None:
        """Ask for the end; a paused loop wakes up to end."""
        self._stopping.set()
        self._running.set()

    def wait_while_paused(self) -> None:
        """Block until :meth:`resume` or :meth:`stop`."""
        if self._running.is_set():
            return
        began = time.perf_counter()
        self._running.wait()
        self._paused_seconds += time.perf_counter() - began

    def clock(self) -> float:
        """Seconds that stand still during pauses; only differences mean anything."""
        return time.perf_counter() - self._paused_seconds

    def obey(self) -> None:
        """Wait while paused.

        Raises:
            Stopped: the end is asked for.
        """
        self.wait_while_paused()
        if self.stopping:
            raise Stopped
