"""Rendered videos and frames for tests of the Camera page."""

from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path

import numpy as np

from benchmarks.network_camera import jpeg
from trainer.synthetic.video import VideoFrame, video_frames, write_video

RATE = 20
SIZE = 320, 240
"""Width and height in pixels."""
APPLE = ("Apple", 3)
CARROTS = ("Carrots", 6)


_RENDERED = 6.0
"""Seconds of a part that are rendered; in the others the same frames come again, to and fro, for
rendering takes its time. In so many, a recording finds enough to keep twice."""


def write(path: Path, *parts: tuple[str | None, int], seconds: float = 10.0) -> Path:
    """A video of these parts, so many seconds each."""
    write_video(path, _frames(parts, seconds), RATE)
    return path


def _frames(parts: Sequence[tuple[str | None, int]], seconds: float) -> Iterator[VideoFrame]:
    for part in parts:
        rendered = list(video_frames([part], min(seconds, _RENDERED), RATE, *SIZE))
        to_and_fro = cycle([*rendered, *rendered[-2:0:-1]])
        yield from islice(to_and_fro, round(seconds * RATE))


def jpegs(kind: str, seed: int, seconds: float = 1.0) -> list[bytes]:
    """Frames for a network camera."""
    return [jpeg(frame) for frame in images(kind, seed, seconds)]


def images(kind: str, seed: int, seconds: float = 1.0) -> list[np.ndarray]:
    return [frame.image for frame in video_frames([(kind, seed)], seconds, RATE)]
