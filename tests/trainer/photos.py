"""Small photos in folders."""

import os
from pathlib import Path

import numpy as np
from PIL import Image


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
