"""The thread that reads a camera, a video file or a network address."""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtGui import QImage

from fruitgui.images import to_image
from fruitgui.workers.failure import explain
from trainer.errors import TrainerError

_OPEN_MILLISECONDS = 8000
_READ_MILLISECONDS = 3000
_GUESSED_DEVICES = 4
_QT_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
_LONGEST_SIDE = 1280
"""Frames are shrunk to it: no model sees more, and painting larger ones makes the window slow."""


Source = int | str
"""A device's number, or the name of a video file, or an address."""


class CameraError(TrainerError):
    """A camera, a video or an address gives no picture."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A picture of the camera, both to show and to look at."""

    number: int
    image: QImage
    picture: np.ndarray
    """RGB, uint8 (H, W, 3); written once, before it leaves the camera's thread."""
    captured_at: float
    """In seconds of ``time.monotonic()``."""


class CameraThread(QThread):
    """Reads frames as fast as they come, and keeps the newest for whoever takes it.

    Signals:
        frame_ready(): there is a frame to take; not emitted again before it is taken, so that a
            busy window never finds a queue of them.
        failed(TrainerError): it could not be opened, or was lost.
        ended(): the video is over.
    """

    frame_ready = Signal()
    failed = Signal(object)
    ended = Signal()

    def __init__(self, source: Source, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.source = source
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._newest: Frame | None = None

    def take(self) -> Frame | None:
        """The newest frame, unless it has been taken already."""
        with self._lock:
            frame, self._newest = self._newest, None
            return frame

    def stop(self) -> None:
        """Ask for the end, which comes at the next frame."""
        self._stopping.set()

    def shut_down(self) -> None:
        self.stop()
        self.wait()

    def run(self) -> None:
        try:
            for number, picture in enumerate(self._pictures()):
                frame = Frame(number, to_image(picture), picture, time.monotonic())
                with self._lock:
                    is_awaited = self._newest is None
                    self._newest = frame
                if is_awaited:
                    self.frame_ready.emit()
            if not self._stopping.is_set():
                self.ended.emit()
        except Exception as error:  # noqa: BLE001  (nothing may escape a thread)
            self.failed.emit(explain(error))

    def _pictures(self) -> Iterator[np.ndarray]:
        """RGB pictures; of a video file, at its own pace."""
        cv2 = _opencv()
        limits = [
            cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
            _OPEN_MILLISECONDS,
            cv2.CAP_PROP_READ_TIMEOUT_MSEC,
            _READ_MILLISECONDS,
        ]
        is_device = isinstance(self.source, int)
        capture = (
            cv2.VideoCapture(self.source)
            if is_device
            else cv2.VideoCapture(self.source, cv2.CAP_FFMPEG, limits)
        )
        try:
            if self._stopping.is_set():
                return
            if not capture.isOpened():
                raise CameraError(
                    "The camera or video “{source}” gives no picture. Check that it is there, and "
                    "that no other program uses it.",
                    source=self.source,
                )
            is_file = not is_device and "://" not in str(self.source)
            seconds_a_frame = 1 / (capture.get(cv2.CAP_PROP_FPS) or 30) if is_file else 0.0
            due = time.monotonic()
            while not self._stopping.is_set():
                is_read, bgr = capture.read()
                if not is_read:
                    if is_file or self._stopping.is_set():
                        return
                    raise CameraError(
                        "The camera or video “{source}” has stopped. Connect it and start again.",
                        source=self.source,
                    )
                due += seconds_a_frame
                self._stopping.wait(max(0.0, due - time.monotonic()))
                yield _shrunk_rgb(cv2, bgr)
        finally:
            capture.release()


def camera_devices() -> list[tuple[int, str]]:
    """The cameras' numbers and names; where the system does not tell, the first few numbers."""
    found = []
    for entry in sorted(Path("/sys/class/video4linux").glob("video*")):
        with contextlib.suppress(OSError, ValueError):
            number = int(entry.name.removeprefix("video"))
            found.append((number, (entry / "name").read_text(encoding="utf-8").strip()))
    if found or sys.platform == "linux":
        return found
    return [(number, "") for number in range(_GUESSED_DEVICES)]


def _shrunk_rgb(cv2: ModuleType, bgr: np.ndarray) -> np.ndarray:
    scale = _LONGEST_SIDE / max(bgr.shape[:2])
    if scale < 1:
        bgr = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    rgb: np.ndarray = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
    return rgb


def _opencv() -> ModuleType:
    """Import OpenCV, which points Qt at plugins of its own where it brings any."""
    kept = {name: os.environ.get(name) for name in _QT_VARIABLES}
    import cv2

    for name, value in kept.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
    return cv2
