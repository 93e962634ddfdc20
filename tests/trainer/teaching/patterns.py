"""Pictures of things that no model here knows, and that are easily told from all that it does."""

from pathlib import Path

import numpy as np
from PIL import Image


def write_patterns(
    folder: Path, colours: tuple[str, str], count: int, first: int = 0
) -> list[Path]:
    """Stripes in two colours, no two pictures alike; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(first, first + count):
        random = np.random.default_rng(number)
        image = Image.new("RGB", (96, 96), colours[0])
        width = int(random.integers(6, 14))
        for left in range(int(random.integers(0, 2 * width)), 96, 2 * width):
            image.paste(colours[1], (left, 0, left + width, 96))
        turned = image.rotate(float(random.uniform(-20, 20)), fillcolor=colours[0])
        turned.save(folder / f"{number}.png")
        paths.append(folder / f"{number}.png")
    return paths
