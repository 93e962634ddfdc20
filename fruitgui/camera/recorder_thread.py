"""The thread that keeps the frames of a recording that are worth it."""

import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtGui import QImage

from fruitgui.qimages import cover, to_image
from fruitgui.workers.errors import explain
from trainer.data.file_copies import class_folder
from trainer.data.folder_layout import class_folder_parents
from trainer.data.recordings import frame_name, new_recording
from trainer.storage.atomic import replacing

if TYPE_CHECKING:
    from trainer.camera.frame_selection import FrameSelector, SelectedFrame, Verdict

THUMBNAIL = 112
"""Pixels of the screen, so that it is sharp at 200%."""
_QUALITY = 92
_WAITING_AT_MOST = 20
_SECONDS_APART = 1.0
"""Between recordings that are two."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording of a class."""

    folder: Path
    """The data set's."""
    label: str
    rate: float
    """Frames a second at most."""
    recording: str


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
        self._recording: Recording | None = None
        self._last: tuple[Recording, float] | None = None
        """The last recording, and when it ended."""
        self._waiting: deque[tuple[Recording, np.ndarray, float] | Recording] = deque()
        """Frames with their recording and their time; a recording alone is its end."""
        self._forgotten: deque[tuple[Path, str]] = deque()
        self._stopping = False

    @property
    def is_recording(self) -> bool:
        return self._recording is not None

    @property
    def is_writing(self) -> bool:
        """Whether something that was offered is not written yet."""
        return bool(self._waiting)

    def begin(self, folder: Path, label: str, rate: float) -> Recording:
        """Begin a recording of a class of the data set in *folder*, which need not exist. One that
        follows another of the same class at once goes on with that: a button that was let go for a
        moment has not shown the thing a second time.

        Args:
            rate: frames a second at most.
        """
        self.end()
        recording = Recording(folder, label, rate, new_recording())
        with self._changed:
            if self._last is not None and time.monotonic() - self._last[1] < _SECONDS_APART:
                last = self._last[0]
                if (last.folder, last.label, last.rate) == (folder, label, rate):
                    recording = last
            self._recording = recording
        return recording

    def offer(self, image: np.ndarray, at: float) -> None:
        """Offer a frame to the recording under way, if there is one: RGB, uint8 (H, W, 3)."""
        with self._changed:
            if self._recording is not None and len(self._waiting) < _WAITING_AT_MOST:
                self._waiting.append((self._recording, image, at))
                self._changed.notify()

    def end(self, label: str | None = None) -> None:
        """End the recording under way, if it is of class *label*; what was offered is still
        written."""
        with self._changed:
            if self._recording is not None and label in (None, self._recording.label):
                self._waiting.append(self._recording)
                self._last = (self._recording, time.monotonic())
                self._recording = None
                self._changed.notify()

    def forget(self, folder: Path, label: str) -> None:
        """Photos of a class have gone: what they showed is new again."""
        with self._changed:
            self._forgotten.append((folder, label))
            self._last = None

    def shut_down(self) -> None:
        """Write what was offered, and wait for that."""
        self.end()
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self.wait()

    def run(self) -> None:
        writer = _Writer()
        while (item := self._next()) is not None:
            recording = item if isinstance(item, Recording) else item[0]
            try:
                done = writer.finish(item) if isinstance(item, Recording) else writer.offer(*item)
                if done is not None:
                    self.recorded.emit(done)
            except Exception as error:  # noqa: BLE001  (nothing may escape a thread)
                if writer.give_up(recording):
                    self.failed.emit(recording, explain(error))
            if isinstance(item, Recording):
                self.ended.emit(item)

    def _next(self) -> tuple[Recording, np.ndarray, float] | Recording | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._stopping)
            return self._waiting.popleft() if self._waiting else None


class _Writer:
    """Writes recordings, one after another."""

    def __init__(self) -> None:
        self._recording: Recording | None = None
        self._selector: FrameSelector | None = None
        self._count = 0
        self._folder: Path | None = None
        """Of the recording's photos, once there are any: finding it out takes long in large data
        sets."""
        self._given_up: Recording | None = None
        self._kept: dict[tuple[Path, str], list[np.ndarray]] = {}
        """What each class has of its recordings: another that shows the same again adds nothing,
        and would check what was learnt with itself."""

    def offer(self, recording: Recording, image: np.ndarray, at: float) -> Recorded | None:
        # OpenCV, which the window does not wait for.
        from trainer.camera.frame_measures import guided
        from trainer.camera.frame_selection import FrameSelector

        if recording == self._given_up:
            return None
        if recording != self._recording or self._selector is None:
            kept = self._kept.setdefault((recording.folder, recording.label), [])
            self._recording, self._count, self._folder = recording, 0, None
            self._selector = FrameSelector(recording.rate, kept)
        return self._keep(recording, self._selector.offer(guided(image), at))

    def finish(self, recording: Recording) -> Recorded | None:
        if recording != self._recording or self._selector is None or recording == self._given_up:
            return None
        return self._keep(recording, self._selector.finish())

    def forget(self, folder: Path, label: str) -> None:
        """Let what a class has of its recordings be recorded again."""
        self._kept.pop((folder, label), None)

    def give_up(self, recording: Recording) -> bool:
        """Write nothing more of it; whether that is new."""
        is_new = recording != self._given_up
        self._given_up = recording
        return is_new

    def _keep(self, recording: Recording, chosen: "SelectedFrame | None") -> Recorded | None:
        if chosen is None:
            return None
        if chosen.verdict != "kept":
            return Recorded(recording, chosen.verdict)
        if self._folder is None:
            # Made with its first photo: a class without any would be complained of.
            training, _ = class_folder_parents(recording.folder)
            self._folder = class_folder(training, recording.label)
        photo = self._folder / frame_name(recording.recording, self._count + 1)
        with replacing(photo) as temporary:
            Image.fromarray(np.ascontiguousarray(chosen.frame)).save(
                temporary, "JPEG", quality=_QUALITY
            )
        self._count += 1
        thumbnail = cover(to_image(chosen.frame), THUMBNAIL, THUMBNAIL)
        return Recorded(recording, "kept", photo, thumbnail)
