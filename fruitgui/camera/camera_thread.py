"""The thread that watches over a camera, and prepares its frames for the screen and the model."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import numpy as np
from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtGui import QImage

from fruitgui.camera.capture_thread import Capture, RawFrame, Resolution, opencv
from fruitgui.camera.sources import CameraError, Source, reason
from fruitgui.qimages import to_screen_image
from fruitgui.settings import Rotation
from fruitgui.workers.errors import explain

_SECONDS_TO_OPEN = 10.0
_SECONDS_WITHOUT_A_FRAME = 2.5
_SECONDS_BETWEEN_TRIES = 1.0
_LONGEST_SIDE = 1280
"""Frames are shrunk to it: no model sees more."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """An image of the camera, both to show and to look at."""

    shown: QImage
    """As large as it is shown, and mirrored where the user wants that."""
    pixels: np.ndarray
    """RGB, uint8 (H, W, 3); written once, before it leaves the camera's thread."""
    size: Resolution
    """As the camera gives it."""
    captured_at: float
    """In seconds of ``time.monotonic()``."""


@dataclass(frozen=True, slots=True)
class _Look:
    """How frames are shown."""

    rotation: Rotation = 0
    is_mirrored: bool = False
    width: int = 0
    """Of the place on the screen, in its pixels; 0 where that is not known."""
    height: int = 0


class CameraThread(QThread):
    """Keeps the newest frame of a source for whoever takes it, and takes a lost one up again.

    Signals:
        frame_ready(): there is a frame to take; not emitted again before it is taken, so that a
            busy window never finds a queue of them.
        lost(CameraError): no frame comes any more; it is tried again until one does.
        failed(TrainerError): it could not be opened.
        ended(): the video is over.
    """

    frame_ready = Signal()
    lost = Signal(object)
    failed = Signal(object)
    ended = Signal()

    def __init__(
        self,
        source: Source,
        resolution: Resolution | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Args: resolution: asked of a camera; it may give another. None for its own choice."""
        super().__init__(parent)
        self.source = source
        self._resolution = resolution
        self._changed = threading.Condition()
        self._stopping = False
        self._newest: Frame | None = None
        self._look = _Look()
        self._has_shown = False
        self._is_lost = False

    def show_as(
        self, rotation: Rotation, is_mirrored: bool, width: int = 0, height: int = 0
    ) -> None:
        """How frames are shown from the next one on, and on how many pixels of the screen.

        Args:
            rotation: degrees clockwise; the model sees the image turned, too.
            is_mirrored: whether the image, not what the model sees, is mirrored.
        """
        self._look = _Look(rotation, is_mirrored, width, height)

    def take(self) -> Frame | None:
        """The newest frame, unless it has been taken already."""
        with self._changed:
            frame, self._newest = self._newest, None
            return frame

    def stop(self) -> None:
        """Ask for the end, which comes at once, whatever the camera does."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def shut_down(self) -> None:
        self.stop()
        self.wait()

    def run(self) -> None:
        try:
            self._watch()
        except Exception as error:  # noqa: BLE001  (nothing may escape a thread)
            self.failed.emit(explain(error))

    def _watch(self) -> None:
        cv2 = opencv()
        while not self._stopping:
            capture = Capture(self.source, self._resolution, self._changed)
            capture.start()
            try:
                self._follow(cv2, capture)
            finally:
                capture.release()
            if self._stopping:
                return
            if capture.error is not None:
                raise capture.error
            if not self._has_shown:
                raise reason(self.source)
            if self.source.is_file and capture.has_ended():
                self.ended.emit()
                return
            self._tell_loss()
            # A driver that hangs is not asked a second time while it does.
            self._wait(_never, _SECONDS_BETWEEN_TRIES)
            self._wait(capture.has_ended, None)

    def _follow(self, cv2: ModuleType, capture: Capture) -> None:
        """Show frames for as long as they come."""
        limit = _SECONDS_TO_OPEN
        while True:
            frame: RawFrame | None = None

            def has_news() -> bool:
                nonlocal frame
                frame = capture.take()
                return frame is not None or capture.has_ended()

            self._wait(has_news, limit)
            if frame is None or self._stopping:
                return
            limit = _SECONDS_WITHOUT_A_FRAME
            self._show(cv2, frame)

    def _wait(self, is_over: Callable[[], bool], seconds: float | None) -> None:
        """Until *is_over*, or the time is, or the end is asked for."""
        end = None if seconds is None else time.monotonic() + seconds
        with self._changed:
            while not (self._stopping or is_over()):
                left = _SECONDS_BETWEEN_TRIES if end is None else end - time.monotonic()
                if left <= 0:
                    return
                self._changed.wait(left)

    def _show(self, cv2: ModuleType, raw: RawFrame) -> None:
        look = self._look
        turned = _turned(cv2, _shrunk(cv2, raw.bgr, _LONGEST_SIDE, _LONGEST_SIDE), look.rotation)
        image = _fitted(cv2, turned, look.width, look.height)
        if look.is_mirrored:
            image = cv2.flip(image, 1)
        frame = Frame(
            to_screen_image(cv2.cvtColor(image, cv2.COLOR_BGR2BGRA)),
            cv2.cvtColor(turned, cv2.COLOR_BGR2RGB),
            (raw.bgr.shape[1], raw.bgr.shape[0]),
            raw.captured_at,
        )
        with self._changed:
            is_awaited = self._newest is None
            self._newest = frame
        self._has_shown = True
        self._is_lost = False
        if is_awaited:
            self.frame_ready.emit()

    def _tell_loss(self) -> None:
        if not self._is_lost:
            self._is_lost = True
            self.lost.emit(
                CameraError(
                    "The camera “{source}” no longer sends a picture. It continues as soon as "
                    "the picture is back.",
                    source=self.source.title,
                )
            )


def _never() -> bool:
    return False


def _shrunk(cv2: ModuleType, image: np.ndarray, width: int, height: int) -> np.ndarray:
    scale = min(width / image.shape[1], height / image.shape[0])
    if scale >= 1:
        return image
    shrunk: np.ndarray = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return shrunk


def _fitted(cv2: ModuleType, image: np.ndarray, width: int, height: int) -> np.ndarray:
    """As large as fits: done here, painting it costs the window next to nothing."""
    if not width or not height:
        return image
    scale = min(width / image.shape[1], height / image.shape[0])
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    fitted: np.ndarray = cv2.resize(
        image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    )
    return fitted


def _turned(cv2: ModuleType, image: np.ndarray, rotation: Rotation) -> np.ndarray:
    if rotation == 0:
        return image
    code = {
        90: cv2.ROTATE_90_CLOCKWISE,
        180: cv2.ROTATE_180,
        270: cv2.ROTATE_90_COUNTERCLOCKWISE,
    }[rotation]
    turned: np.ndarray = cv2.rotate(image, code)
    return turned
