"""The thread that keeps the frames of a recording that are worth it."""

import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtGui import QImage

from fruitgui.images import cover, to_image
from fruitgui.workers.failure import explain
from trainer.atomic import replacing
from trainer.bursts import frame_name, new_burst
from trainer.class_folders import class_folder_parents
from trainer.copying import class_folder

if TYPE_CHECKING:
    from trainer.frame_chooser import Chosen, Verdict

THUMBNAIL = 112
"""Pixels of the screen, so that it is sharp at 200%."""
_QUALITY = 92
_WAITING_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Recording:
    """One burst of a class."""

    folder: Path
    """The data set's."""
    label: str
    burst: str


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """What became of a frame of a recording."""

    recording: Recording
    verdict: "Verdict"
    photo: Path | None = None
    """The file, if it was kept."""
    thumbnail: QImage | None = None


class RecorderThread(QThread):
    """Writes what is worth it of the frames that it is offered between begin and end.

    Signals:
        recorded(Recorded): a frame was kept, or left out.
        ended(Recording): all its frames are on disk.
        failed(Recording, TrainerError): nothing more of it can be written.
    """

    recorded = Signal(object)
    ended = Signal(object)
    failed = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed = threading.Condition()
        self._recording: tuple[Recording, float] | None = None
        self._waiting: deque[tuple[Recording, float, np.ndarray, float] | Recording] = deque()
        """Frames with their recording, its rate and their time; a recording alone is its end."""
        self._stopping = False

    @property
    def is_recording(self) -> bool:
        return self._recording is not None

    def begin(self, folder: Path, label: str, rate: float) -> Recording:
        """Begin a recording of a class of the data set in *folder*, which need not exist.

        Args:
            rate: frames a second at most.
        """
        self.end()
        recording = Recording(folder, label, new_burst())
        with self._changed:
            self._recording = (recording, rate)
        return recording

    def offer(self, picture: np.ndarray, at: float) -> None:
        """Offer a frame to the recording under way, if there is one: RGB, uint8 (H, W, 3)."""
        with self._changed:
            if self._recording is not None and len(self._waiting) < _WAITING_AT_MOST:
                self._waiting.append((*self._recording, picture, at))
                self._changed.notify()

    def end(self) -> None:
        """End the recording under way; what was offered is still written."""
        with self._changed:
            if self._recording is not None:
                self._waiting.append(self._recording[0])
                self._recording = None
                self._changed.notify()

    def shut_down(self) -> None:
        """Write what was offered, and wait for that."""
        self.end()
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self.wait()

    def run(self) -> None:
        burst: _Burst | None = None
        while (item := self._next()) is not None:
            recording = item if isinstance(item, Recording) else item[0]
            if burst is None or burst.recording != recording:
                burst = _Burst(recording, item[1]) if isinstance(item, tuple) else None
            try:
                if burst is not None and not burst.has_failed:
                    done = burst.finish() if isinstance(item, Recording) else burst.offer(*item[2:])
                    if done is not None:
                        self.recorded.emit(done)
            except Exception as error:  # noqa: BLE001  (nothing may escape a thread)
                if burst is not None:
                    burst.has_failed = True
                self.failed.emit(recording, explain(error))
            if isinstance(item, Recording):
                burst = None
                self.ended.emit(item)

    def _next(self) -> tuple[Recording, float, np.ndarray, float] | Recording | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._stopping)
            return self._waiting.popleft() if self._waiting else None


class _Burst:
    """Writes one recording."""

    def __init__(self, recording: Recording, rate: float) -> None:
        self.recording = recording
        self.has_failed = False
        # OpenCV, which the window does not wait for.
        from trainer.frame_chooser import FrameChooser

        self._chooser = FrameChooser(rate)
        self._count = 0

    def offer(self, picture: np.ndarray, at: float) -> Recorded | None:
        from trainer.frames import guided

        return self._keep(self._chooser.offer(guided(picture), at))

    def finish(self) -> Recorded | None:
        return self._keep(self._chooser.finish())

    def _keep(self, chosen: "Chosen | None") -> Recorded | None:
        if chosen is None:
            return None
        if chosen.verdict != "kept":
            return Recorded(self.recording, chosen.verdict)
        # Made with its first photo: a class without any would be complained of.
        training, _ = class_folder_parents(self.recording.folder)
        folder = class_folder(training, self.recording.label)
        photo = folder / frame_name(self.recording.burst, self._count + 1)
        with replacing(photo) as temporary:
            Image.fromarray(np.ascontiguousarray(chosen.frame)).save(
                temporary, "JPEG", quality=_QUALITY
            )
        self._count += 1
        thumbnail = cover(to_image(chosen.frame), THUMBNAIL, THUMBNAIL)
        return Recorded(self.recording, "kept", photo, thumbnail)
