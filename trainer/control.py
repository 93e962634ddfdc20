"""Pause and stop, from any thread, for a loop that looks between its batches."""

import threading


class Control:
    """What the owner of a run holds to steer it. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._running = threading.Event()
        self._running.set()
        self._stopping = threading.Event()

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
        self._running.wait()
