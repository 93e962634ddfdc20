"""Rendered videos: produce held to a camera, one kind after another, as an unsteady hand does."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from trainer.synthetic import scene
from trainer.synthetic.noise import generator

_SECONDS_OF_CHANGE = 0.25
"""While one thing is taken away and the next is shown, the image sweeps and is blurred."""
_IMAGE = 1.3
"""A rendered image is this much larger than what the camera sees of it, so that it can move."""


@dataclass(frozen=True, slots=True, eq=False)
class VideoFrame:
    """A frame and what it truly shows."""

    image: np.ndarray
    """RGB, uint8 (H, W, 3)."""
    shows: str | None
    """The kind of produce; None for nothing."""
    part: int
    """The number of the part of the video, from 0."""


def video_frames(
    parts: Sequence[tuple[str | None, int]],
    seconds: float = 3.0,
    rate: int = 30,
    width: int = 640,
    height: int = 480,
    noise: float = 4.0,
    seed: int = 0,
) -> Iterator[VideoFrame]:
    """The frames of a video, the same for the same arguments.

    Args:
        parts: what is shown one after another: a kind (None: an empty ground) and its seed.
        seconds: how long each part is, with the change to it.
        rate: frames a second.
        noise: of the sensor, standard deviation in grey levels.
    """
    rng = generator("video", seed, width, height)
    side = round(_IMAGE * max(width, height))
    for part, (kind, kind_seed) in enumerate(parts):
        image = _image(kind, kind_seed, side)
        count = round(seconds * rate)
        shake = _shake(rng, count, rate)
        for number in range(count):
            sweep = max(0.0, 1 - number / rate / _SECONDS_OF_CHANGE) if part else 0.0
            frame = _seen(image, shake[number], width, height, sweep)
            noisy = frame + noise * rng.standard_normal(frame.shape, dtype=np.float32)
            yield VideoFrame(np.clip(noisy, 0, 255).astype(np.uint8), kind, part)


def write_video(path: Path, frames: Iterator[VideoFrame], rate: int = 30) -> None:
    """Write a video file, as Motion JPEG.

    Raises:
        OSError: it cannot be written.
    """
    writer: cv2.VideoWriter | None = None
    try:
        for frame in frames:
            if writer is None:
                height, width = frame.image.shape[:2]
                code = cv2.VideoWriter.fourcc(*"MJPG")
                writer = cv2.VideoWriter(str(path), code, rate, (width, height))
                if not writer.isOpened():
                    raise OSError(f"{path} cannot be written")
            writer.write(cv2.cvtColor(frame.image, cv2.COLOR_RGB2BGR))
    finally:
        if writer is not None:
            writer.release()


def _image(kind: str | None, seed: int, side: int) -> np.ndarray:
    # Rendered small and enlarged: quick, and as soft as a webcam is.
    half = side // 2
    small = scene.render_empty(seed, half) if kind is None else scene.render(kind, seed, half)
    enlarged: np.ndarray = cv2.resize(small, (side, side), interpolation=cv2.INTER_CUBIC)
    return enlarged.astype(np.float32)


def _shake(rng: np.random.Generator, count: int, rate: int) -> np.ndarray:
    """How a hand moves: (count, 5) of across, down, turn, nearness and light, each about -1 to
    1."""
    time = np.arange(count) / rate
    result = np.zeros((count, 5))
    for column in range(5):
        for frequency in (0.3, 0.8, 1.9):
            phase = rng.uniform(0, 2 * math.pi)
            weight = rng.uniform(0.3, 1.0) / (1 + 2 * frequency)
            result[:, column] += weight * np.sin(2 * math.pi * frequency * time + phase)
    return result


def _seen(
    image: np.ndarray, shake: np.ndarray, width: int, height: int, sweep: float
) -> np.ndarray:
    """What the camera sees, float32 (height, width, 3)."""
    across, down, turn, nearness, light = shake.tolist()
    side = image.shape[0]
    scale = 1 + 0.06 * nearness
    matrix = cv2.getRotationMatrix2D((side / 2, side / 2), 6 * turn, scale)
    matrix[0, 2] += (width - side) / 2 + 0.04 * width * across + sweep * width
    matrix[1, 2] += (height - side) / 2 + 0.04 * height * down
    seen: np.ndarray = cv2.warpAffine(
        image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
    )
    if sweep:
        smear = max(1, round(0.2 * width * sweep))
        seen = cv2.blur(seen, (smear, 1))
    seen *= 1 + 0.05 * light
    return seen
