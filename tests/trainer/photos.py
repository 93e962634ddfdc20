"""Small photos in folders, and a picture to measure."""

import os
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from trainer import synthetic


def photo(path: Path) -> Path:
    """A photo like no other, by its name and the folders that it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    seed = list(os.fsencode("/".join(path.parts[-4:])))
    pixels = np.random.default_rng(seed).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def make(root: Path, layout: dict[str, int]) -> Path:
    """Photos in folders, so many each."""
    for folder, count in layout.items():
        for number in range(count):
            photo(root / folder / f"{number}.png")
    return root


def apple_image() -> np.ndarray:
    """A rendered apple, as soft as a camera shows it: uint8 (480, 480, 3)."""
    return cv2.resize(synthetic.render("Apple", 3, 240), (480, 480), interpolation=cv2.INTER_CUBIC)


def noisy(image: np.ndarray, seed: int, deviation: float = 6.0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, deviation, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)
