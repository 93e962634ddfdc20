"""Small photos in folders."""

from pathlib import Path

from PIL import Image


def photo(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 8), "green").save(path)
    return path


def make(root: Path, layout: dict[str, int]) -> Path:
    """Photos in folders, so many each."""
    for folder, count in layout.items():
        for number in range(count):
            photo(root / folder / f"{number}.png")
    return root
