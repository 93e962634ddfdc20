"""Noise that tiles, and numbers drawn by a seed: what makes each piece and image its own."""

import functools
from collections.abc import Sequence

import cv2
import numpy as np

TILE = 512
"""Pixels a side of a noise tile."""


def generator(*key: int | str) -> np.random.Generator:
    """A random generator decided by *key* alone, the same on every machine and in every run."""
    digits = [n for part in key for n in (part.encode() if isinstance(part, str) else [part])]
    return np.random.default_rng(np.random.SeedSequence([n & 0xFFFFFFFF for n in digits]))


@functools.cache
def tile(low: float, high: float, slope: float, number: int = 0) -> np.ndarray:
    """Noise float32 (TILE, TILE) that wraps around, of mean 0 and standard deviation 1.

    Args:
        low: fewest waves across the tile.
        high: most waves across the tile.
        slope: how fast the amplitude falls with the number of waves (0 white, 2 clouds).
        number: tells tiles of the same kind apart.
    """
    white = generator("tile", number).standard_normal((TILE, TILE))
    across = np.fft.fftfreq(TILE, 1 / TILE)
    waves = np.hypot(across[:, None], across[None, :])
    kept = (waves >= low) & (waves <= high)
    weight = np.where(kept, np.maximum(waves, 1) ** -slope, 0)
    made = np.fft.ifft2(np.fft.fft2(white) * weight).real
    return np.ascontiguousarray((made / made.std()).astype(np.float32))


def clouds(number: int = 0) -> np.ndarray:
    """Large soft patches with fine detail: float32 (TILE, TILE), mean 0, deviation 1."""
    return tile(2, 200, 1.7, number)


def grain(number: int = 0) -> np.ndarray:
    """Fine, even noise: float32 (TILE, TILE), mean 0, deviation 1."""
    return tile(20, 220, 0.6, number)


def pores(number: int = 0) -> np.ndarray:
    """Dimples all of about one size, some sixty across: float32 (TILE, TILE)."""
    return tile(45, 75, 0.0, number)


def look_up(source: np.ndarray, across: np.ndarray, down: np.ndarray) -> np.ndarray:
    """Sample a tile at places in tiles (float32 (H, W); 1 is once across), wrapping around."""
    return cv2.remap(
        source,
        np.asarray(across * TILE, np.float32),
        np.asarray(down * TILE, np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_WRAP,
    )


def patch(
    rng: np.random.Generator, source: np.ndarray, shape: tuple[int, int], reach: float = 1.0
) -> np.ndarray:
    """A random piece of a tile at *shape*; *reach* is how much of the tile its width shows."""
    height, width = shape
    start = rng.random(2).astype(np.float32)
    across = np.linspace(start[0], start[0] + reach, width, dtype=np.float32)
    down = np.linspace(start[1], start[1] + reach * height / width, height, dtype=np.float32)
    return look_up(source, *np.meshgrid(across, down))


def ramp(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """0 below *low*, 1 above *high*, smooth between; *low* may be the larger."""
    part = np.clip((values - low) * np.float32(1 / (high - low)), 0, 1)
    smooth: np.ndarray = part * part * (3 - 2 * part)
    return smooth


def colour(name: str) -> np.ndarray:
    """Linear RGB float32 (3,) of a screen colour like ``"#c81e2b"``."""
    values = np.array([int(name[i : i + 2], 16) for i in (1, 3, 5)], np.float32) / 255
    linear: np.ndarray = values**2.2
    return linear.astype(np.float32)


def mix(under: np.ndarray, over: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Colours (H, W, 3) or (3,) blended by *weight* (H, W)."""
    # Whole planes at once: numpy is slow along a last axis of three.
    weight = np.asarray(weight, np.float32)
    if over.ndim == 1:
        laid = cv2.merge([weight * np.float32(part) for part in over])
        rest = 1 - weight
        return np.asarray(under * cv2.merge([rest, rest, rest]) + laid)
    blended: np.ndarray = under + (over - under) * cv2.merge([weight, weight, weight])
    return blended


def between(rng: np.random.Generator, names: Sequence[str]) -> np.ndarray:
    """A colour somewhere between two neighbours of *names*: linear RGB float32 (3,)."""
    if len(names) == 1:
        return colour(names[0])
    place = rng.uniform(0, len(names) - 1)
    first = min(int(place), len(names) - 2)
    low, high = colour(names[first]), colour(names[first + 1])
    return np.asarray(low + (high - low) * (place - first), np.float32)
