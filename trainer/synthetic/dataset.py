"""Rendered images as files: the demo data set, and the samples that ship with the app."""

import io
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from trainer.data.splits import TEST_SHARE, VALIDATION_SHARE
from trainer.errors import DatasetError
from trainer.storage.atomic import replace, replacing
from trainer.synthetic import kinds as table
from trainer.synthetic import scene

KINDS: tuple[str, ...] = tuple(table.KINDS)
"""The kinds that can be rendered, in alphabetical order."""

DEFAULT_KINDS: tuple[str, ...] = ("Apple", "Banana", "Carrots", "Kiwi", "Lemon", "Tomato")
"""Kinds of the demo data set: few, so that training on them is quick."""

QUALITY = 88
"""Of the JPEG files."""

SAMPLE_SIZE = 640
_SAMPLE_BYTES = 120_000
_SAMPLE_SEEDS: dict[str, int] = {
    "Apple": 3,
    "Aubergine": 4,
    "Banana": 0,
    "Carrots": 6,
    "Cucumber": 1,
    "Kiwi": 6,
    "Lemon": 0,
    "Lime": 3,
    "Orange": 1,
    "Pear": 7,
    "Plum": 7,
    "Tomato": 4,
}
"""Chosen by eye: varied scenes that show a kind well."""


def write_data_set(
    folder: Path,
    per_class: int = 40,
    seed: int = 0,
    kinds: Sequence[str] = DEFAULT_KINDS,
    size: int = 256,
) -> Iterator[tuple[int, int]]:
    """Write a data set of rendered images; yields (done, total) after each image.

    *folder* gets ``train/``, ``validation/`` and ``test/`` with a folder a kind in each, about 70,
    15 and 15 of a hundred images, but at least one of each. It appears, whole, only after the
    last image: it is built in a hidden folder beside, which is removed if the generator is
    closed earlier. A set that is already there is replaced.

    Args:
        per_class: images of each kind, 3 or more.
        seed: another seed gives other images.
        size: pixels a side.

    Raises:
        ValueError: too few images or kinds, an unknown kind, or one that is named twice.
        DatasetError: *folder* holds something else, which is left as it is.
        OSError: the folder cannot be written to, or the disk is full.
    """
    if per_class < 3:
        raise ValueError(f"{per_class} pictures a kind are too few for three splits.")
    if len(kinds) < 2 or len(set(kinds)) != len(kinds):
        raise ValueError("A data set needs at least two kinds, each named once.")
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise ValueError(f"There is no kind “{unknown[0]}”, only: {', '.join(KINDS)}.")
    _refuse_other_content(folder)

    folder.parent.mkdir(parents=True, exist_ok=True)
    total = per_class * len(kinds)
    done = 0
    temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.", suffix=".part"))
    try:
        whole = temporary / "whole"
        # Round by round, so that progress is even and all kinds are met early.
        for number in range(per_class):
            for kind in kinds:
                path = (
                    whole / split_of(number, per_class) / kind / f"{kind.lower()}-{number:04}.jpg"
                )
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(_jpeg(scene.render(kind, seed * 100_003 + number, size), QUALITY))
                done += 1
                if done < total:
                    yield done, total
        if folder.exists():
            replace(folder, temporary / "replaced")
        replace(whole, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    yield done, total


def split_of(number: int, per_class: int) -> str:
    """The split that image *number* of *per_class* images of a kind goes to."""
    in_validation = max(1, round(per_class * VALIDATION_SHARE))
    in_test = max(1, round(per_class * TEST_SHARE))
    if number >= per_class - in_test:
        return "test"
    return "validation" if number >= per_class - in_test - in_validation else "train"


def write_samples(folder: Path, size: int = SAMPLE_SIZE) -> list[Path]:
    """Write one image of each kind, like ``apple-1.jpg``, each under 120 kB; returns their paths.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    written = []
    for kind, seed in _SAMPLE_SEEDS.items():
        path = folder / f"{kind.lower()}-1.jpg"
        image = scene.render(kind, seed, size)
        quality = QUALITY
        while len(data := _jpeg(image, quality)) >= _SAMPLE_BYTES and quality > 40:
            quality -= 4
        with replacing(path) as temporary:
            temporary.write_bytes(data)
        # A temporary file is its owner's alone; what ships is everyone's to read.
        path.chmod(0o644)
        written.append(path)
    return written


def _jpeg(image: np.ndarray, quality: int) -> bytes:
    """RGB uint8 (H, W, 3) as a JPEG file."""
    file = io.BytesIO()
    Image.fromarray(image).save(file, "JPEG", quality=quality, optimize=True)
    return file.getvalue()


def _refuse_other_content(folder: Path) -> None:
    """Replace only what looks like a data set, never a folder of the user's other files."""
    if not folder.exists():
        return
    splits = {"train", "validation", "test"}
    if not folder.is_dir() or any(entry.name not in splits for entry in folder.iterdir()):
        raise DatasetError(
            "“{path}” holds other files. Choose an empty folder for the demo data set.", path=folder
        )
