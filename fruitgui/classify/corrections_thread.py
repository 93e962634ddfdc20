"""The thread that keeps what the user says is on photos."""

import threading
from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from fruitgui.workers.errors import explain
from trainer.data import corrections
from trainer.errors import TrainerError

_LOOKED_UP_AT_ONCE = 200


class CorrectionsThread(QThread):
    """Keeps and looks up corrections. What is to be kept goes before what is looked up.

    Signals:
        found(dict of Path to str): the corrections of photos that were looked up.
        taken_back(dict of Path to str or None): what is known again of photos whose correction was
            taken back.
        not_kept(list of Path, TrainerError or None): corrections that could not be kept; None where
            the photos cannot be read.
        not_taken_back(list of Path, TrainerError or None): likewise, and are still kept.
        not_found(TrainerError): what is known of photos could not be read.
    """

    found = Signal(object)
    taken_back = Signal(object)
    not_kept = Signal(object, object)
    not_taken_back = Signal(object, object)
    not_found = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed = threading.Condition()
        self._edits: deque[tuple[int, Mapping[Path, str] | None]] = deque()
        self._asked: deque[Path] = deque()
        self._before: dict[int, dict[Path, str | None]] = {}
        self._stopping = False

    def keep(self, edit: int, labels: Mapping[Path, str]) -> None:
        """Keep corrections, as the edit of this number."""
        self._add((edit, dict(labels)))

    def take_back(self, edit: int) -> None:
        """Let be known what was known before this edit."""
        self._add((edit, None))

    def look_up(self, photos: Iterable[Path]) -> None:
        with self._changed:
            self._asked.extend(photos)
            self._changed.notify()

    def shut_down(self) -> None:
        """Wait until all edits are kept; what is still to be looked up is left."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self.wait()

    def _add(self, edit: tuple[int, Mapping[Path, str] | None]) -> None:
        with self._changed:
            self._edits.append(edit)
            self._changed.notify()

    def run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._edits or self._asked or self._stopping)
                edit = self._edits.popleft() if self._edits else None
                if edit is None and self._stopping:
                    return
                photos = () if edit is not None else self._next_photos()
            try:
                if edit is not None:
                    self._apply(*edit)
                elif found := corrections.known(photos):
                    self.found.emit(found)
            except Exception as error:  # noqa: BLE001  (nothing may escape a thread)
                self._tell_failure(edit, explain(error))

    def _tell_failure(
        self, edit: tuple[int, Mapping[Path, str] | None] | None, error: TrainerError
    ) -> None:
        if edit is None:
            self.not_found.emit(error)
            return
        number, labels = edit
        if labels is not None:
            self.not_kept.emit(list(labels), error)
        elif before := self._before.get(number):
            self.not_taken_back.emit(list(before), error)

    def _next_photos(self) -> tuple[Path, ...]:
        """Some of those that are looked up: an edit meanwhile does not wait for all of them."""
        count = min(len(self._asked), _LOOKED_UP_AT_ONCE)
        return tuple(self._asked.popleft() for _ in range(count))

    def _apply(self, number: int, labels: Mapping[Path, str] | None) -> None:
        if labels is None:
            before = self._before.get(number, {})
            unreadable = corrections.keep(before).unreadable
            self._before.pop(number, None)
            self.taken_back.emit(before)
            if unreadable:
                self.not_taken_back.emit(list(unreadable), None)
            return
        kept = corrections.keep(labels)
        self._before[number] = kept.before
        if kept.unreadable:
            self.not_kept.emit(list(kept.unreadable), None)
