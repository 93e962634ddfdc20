"""Reading one source with OpenCV, in a thread that nobody has to wait for."""

import os
import sys
import threading
import time
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from fruitgui.camera.sources import Source, backend, present

if TYPE_CHECKING:
    from cv2 import VideoCapture

_OPEN_MILLISECONDS = 8000
_READ_MILLISECONDS = 3000
_SECONDS_AFTER_A_BAD_FRAME = 0.02
_BAD_FRAMES_THAT_END_A_FILE = 10
_USUAL_RATE = 30.0
_FASTEST_RATE = 240.0
"""Videos that browsers record say a thousand frames a second where they do not know."""
_SECONDS_BETWEEN_LOOKS = 0.1
_SETTINGS = {
    "OPENCV_FFMPEG_LOGLEVEL": "-8",
    # Of cameras that are plugged out, in seconds; OpenCV's own choice is ten.
    "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT": "2",
    # Else Windows takes half a minute to open some cameras.
    "OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS": "0",
    # The window asks for permission: from a thread it cannot be asked for.
    "OPENCV_AVFOUNDATION_SKIP_AUTH": "1",
}
_QT_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")

Resolution = tuple[int, int]
"""Width and height in pixels."""

_captures: list["Capture"] = []
"""Those that have not ended, the oldest first."""
_captures_changed = threading.Condition()


def set_up_opencv() -> None:
    """Say how cameras are to be opened, before OpenCV is imported for whatever: on Windows it looks
    at the environment once, as it is loaded."""
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)


def opencv() -> ModuleType:
    """Import OpenCV, set up for cameras. It points Qt at plugins of its own where it brings any."""
    set_up_opencv()
    kept = {name: os.environ.get(name) for name in _QT_VARIABLES}
    import cv2

    for name, before in kept.items():
        os.environ.pop(name, None)
        if before is not None:
            os.environ[name] = before
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    return cv2


@dataclass(frozen=True, slots=True, eq=False)
class RawFrame:
    """A frame as OpenCV gives it."""

    bgr: np.ndarray
    captured_at: float
    """In seconds of ``time.monotonic()``."""


class Capture(threading.Thread):
    """Reads a source as fast as it gives frames (a file at its own pace), and keeps the newest.

    Drivers and networks may block for as long as they like: only this thread waits for them, and
    closes the source once it is let go. A camera that another capture has not closed yet is opened
    after that: most can be open but once.
    """

    def __init__(
        self, source: Source, resolution: Resolution | None, changed: threading.Condition
    ) -> None:
        """Args: changed: notified of each frame, and of the end."""
        super().__init__(name=f"capture {source.title}", daemon=True)
        self._source = source
        self._resolution = resolution
        self._changed = changed
        self._released = threading.Event()
        self._newest: RawFrame | None = None
        self._has_ended = False
        self.error: Exception | None = None
        """What nobody foresaw, if that ended it."""

    def has_ended(self) -> bool:
        """Whether there will be no other frame: the file is over, or it could not be opened."""
        return self._has_ended

    def release(self) -> None:
        """Ask for the end, without waiting for it."""
        self._released.set()

    def take(self) -> RawFrame | None:
        """The newest frame, unless it was taken; the caller holds the condition."""
        frame, self._newest = self._newest, None
        return frame

    def start(self) -> None:
        with _captures_changed:
            _captures.append(self)
        super().start()

    def run(self) -> None:
        try:
            self._wait_for_former()
            if not self._released.is_set():
                self._read()
        except Exception as error:  # noqa: BLE001  (nothing may escape a thread)
            self.error = error
        finally:
            with _captures_changed:
                _captures.remove(self)
                _captures_changed.notify_all()
            with self._changed:
                self._has_ended = True
                self._changed.notify_all()

    def _wait_for_former(self) -> None:
        if not self._source.is_device:
            return

        def is_free() -> bool:
            before = _captures[: _captures.index(self)]
            # By its name: it may have another number by now.
            return not any(other._source.place == self._source.place for other in before)

        with _captures_changed:
            while not (self._released.is_set() or is_free()):
                _captures_changed.wait(_SECONDS_BETWEEN_LOOKS)

    def _read(self) -> None:
        cv2 = opencv()
        if not self._source.can_be_named:
            return
        capture = self._open(cv2, present(self._source))
        try:
            if not capture.isOpened():
                return
            pace = _Pace(capture.get(cv2.CAP_PROP_FPS)) if self._source.is_file else None
            bad = 0
            while not self._released.is_set():
                if pace is not None:
                    self._released.wait(pace.seconds_to_next())
                is_read, bgr = capture.read()
                if is_read:
                    self._show(RawFrame(bgr, time.monotonic()))
                    bad = 0
                    continue
                bad += 1
                if pace is not None and bad >= _BAD_FRAMES_THAT_END_A_FILE:
                    return
                # Some frames of a stream may be damaged; those of one that was cut all are.
                self._released.wait(_SECONDS_AFTER_A_BAD_FRAME)
        finally:
            capture.release()

    def _open(self, cv2: ModuleType, source: Source) -> "VideoCapture":
        if not source.is_device:
            limits = [
                *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _OPEN_MILLISECONDS),
                *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, _READ_MILLISECONDS),
            ]
            stream: VideoCapture = cv2.VideoCapture(source.for_programs, cv2.CAP_FFMPEG, limits)
            return stream
        capture: VideoCapture = cv2.VideoCapture(source.number, backend())
        if self._resolution is not None and capture.isOpened():
            width, height = self._resolution
            if sys.platform == "linux":
                # Uncompressed, USB has not the room for many large frames.
                capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
            capture.set(cv2.CAP_PROP_FRAME_WIDTH, width)
            capture.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
        return capture

    def _show(self, frame: RawFrame) -> None:
        with self._changed:
            self._newest = frame
            self._changed.notify_all()


class _Pace:
    """When a file's next frame is due."""

    def __init__(self, rate: float) -> None:
        self._seconds = 1 / (rate if 1 <= rate <= _FASTEST_RATE else _USUAL_RATE)
        self._due = time.monotonic()

    def seconds_to_next(self) -> float:
        """How long to wait for the next frame. What could not be kept up with is not made up for,
        so that no frame is left out."""
        now = time.monotonic()
        due = max(self._due, now - self._seconds)
        self._due = due + self._seconds
        return max(0.0, due - now)


def wait_for_captures(seconds: float) -> bool:
    """Wait until every capture has closed its source; whether they all have. What has not after
    this must not see Python's end: a thread in OpenCV would abort the program then."""
    with _captures_changed:
        return _captures_changed.wait_for(lambda: not _captures, seconds)
