"""The thread that keeps what the user says is on photos."""

import queue
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from fruitgui.workers.failure import explain
from trainer import corrections


@dataclass(frozen=True, slots=True)
class _Keep:
    labels: Mapping[Path, str | None]


@dataclass(frozen=True, slots=True)
class _LookUp:
    photos: tuple[Path, ...]


class CorrectionsThread(QThread):
    """Keeps and looks up corrections, one request after the other. Both may be asked at any time.

    Signals:
        found(dict of Path to str): the corrections of photos that were looked up.
        failed(TrainerError): a correction could not be kept.
    """

    found = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._requests: queue.SimpleQueue[_Keep | _LookUp | None] = queue.SimpleQueue()

    def keep(self, labels: Mapping[Path, str | None]) -> None:
        """Keep corrections; None forgets one."""
        self._requests.put(_Keep(dict(labels)))

    def look_up(self, photos: Iterable[Path]) -> None:
        self._requests.put(_LookUp(tuple(photos)))

    def shut_down(self) -> None:
        """Wait until all that was asked for is done."""
        self._requests.put(None)
        self.wait()

    def run(self) -> None:
        while (request := self._requests.get()) is not None:
            try:
                if isinstance(request, _Keep):
                    corrections.keep(request.labels)
                elif found := corrections.known(request.photos):
                    self.found.emit(found)
            except Exception as error:  # noqa: BLE001  (nothing may escape a thread)
                self.failed.emit(explain(error))
