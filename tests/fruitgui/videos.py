"""Rendered videos and frames for tests of the Camera page."""

from pathlib import Path

import numpy as np

from benchmarks.network_camera import jpeg
from trainer.synthetic.video import video_frames, write_video

RATE = 20
APPLE = ("Apple", 3)
CARROTS = ("Carrots", 6)


def write(path: Path, *parts: tuple[str | None, int], seconds: float = 10.0) -> Path:
    """A video of these parts, so many seconds each."""
    write_video(path, video_frames(parts, seconds, RATE), RATE)
    return path


def jpegs(kind: str, seed: int, seconds: float = 1.0) -> list[bytes]:
    """Frames for a network camera."""
    return [jpeg(frame) for frame in images(kind, seed, seconds)]


def images(kind: str, seed: int, seconds: float = 1.0) -> list[np.ndarray]:
    return [frame.image for frame in video_frames([(kind, seed)], seconds, RATE)]
