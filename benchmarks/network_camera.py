"""A network camera on this computer, for tests and benchmarks: an MJPEG server that can misbehave.

``python -m benchmarks.network_camera VIDEO`` shows a video in a loop, and prints its address.
"""

import argparse
import base64
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

Mode = Literal["sending", "stalled", "cut", "broken", "garbage"]
"""What the camera does: ``stalled`` sends nothing, ``cut`` hangs up and answers nobody, ``broken``
sends half of each frame, ``garbage`` sends what is no picture."""

_BLOCK = 12
_BITS = 16


class NetworkCamera:
    """Sends JPEG frames, one after another and over again, each at its time."""

    def __init__(self, frames: Sequence[bytes], rate: float) -> None:
        """Args: rate: frames a second."""
        self.mode: Mode = "sending"
        self.credentials = ""
        """Who may look, as ``name:password``; anybody where it is empty."""
        self.frames = frames
        self.rate = rate
        self.began_at = time.monotonic()
        """When the first frame was due; frame *n* is due *n* / rate later."""
        self._is_closed = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/live.mjpg"

    def close(self) -> None:
        self._is_closed.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        camera = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                camera._serve(self)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        return Handler

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        if self._has_hung_up():
            return
        wanted = "Basic " + base64.b64encode(self.credentials.encode()).decode()
        if self.credentials and request.headers.get("Authorization") != wanted:
            request.send_response(401)
            request.send_header("WWW-Authenticate", 'Basic realm="camera"')
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        request.send_response(200)
        request.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        request.end_headers()
        number = int((time.monotonic() - self.began_at) * self.rate)
        try:
            while not self._has_hung_up():
                number += 1
                due = self.began_at + number / self.rate
                self._is_closed.wait(max(0.0, due - time.monotonic()))
                if self.mode != "stalled":
                    request.wfile.write(_part(self._frame(number)))
        except OSError:
            pass  # Whoever looked has gone.

    def _has_hung_up(self) -> bool:
        return self._is_closed.is_set() or self.mode == "cut"

    def _frame(self, number: int) -> bytes:
        frame = self.frames[number % len(self.frames)]
        if self.mode == "broken":
            return frame[: len(frame) // 2]
        return os.urandom(2000) if self.mode == "garbage" else frame


def _part(frame: bytes) -> bytes:
    head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(frame)}\r\n\r\n"
    return head.encode() + frame + b"\r\n"


@contextmanager
def network_camera(frames: Sequence[bytes], rate: float = 30.0) -> Iterator[NetworkCamera]:
    """A camera that is closed in the end."""
    camera = NetworkCamera(frames, rate)
    try:
        yield camera
    finally:
        camera.close()


def jpeg(image: np.ndarray) -> bytes:
    """A frame to send, of an RGB picture, uint8 (H, W, 3)."""
    _, encoded = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
    return encoded.tobytes()


def numbered(image: np.ndarray, number: int) -> np.ndarray:
    """The picture with its number, below 65,536, in blocks down its left edge, where no model
    looks."""
    image = image.copy()
    for bit in range(_BITS):
        block = image[bit * _BLOCK : (bit + 1) * _BLOCK, :_BLOCK]
        block[...] = 255 if number >> bit & 1 else 0
    return image


def number_of(image: np.ndarray) -> int:
    """The number that :func:`numbered` wrote."""
    middle = _BLOCK // 2
    return sum(
        1 << bit for bit in range(_BITS) if image[bit * _BLOCK + middle, middle].mean() > 127
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Show a video as a camera, until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.network_camera")
    parser.add_argument("video", type=Path)
    chosen = parser.parse_args(arguments)
    capture = cv2.VideoCapture(str(chosen.video))
    rate = capture.get(cv2.CAP_PROP_FPS) or 30.0
    frames = []
    while True:
        is_read, bgr = capture.read()
        if not is_read:
            break
        frames.append(jpeg(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)))
    capture.release()
    if not frames:
        print(f"“{chosen.video}” is not a video that can be played.", file=sys.stderr)
        return 1
    with network_camera(frames, rate) as camera:
        print(camera.address, flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
