import os
import shutil
from pathlib import Path

import numpy as np
from PIL import Image

from trainer.control import drain
from trainer.data.dataset import open_data_set
from trainer.data.duplicates import duplicates
from trainer.events import Preparing
from trainer.storage import caches


def photo(path: Path, seed: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (12, 12, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path, "BMP")  # All of one size.
    return path


def test_copies_are_found_wherever_they_lie(tmp_path: Path) -> None:
    photos = [photo(tmp_path / f"{number}.bmp", number) for number in range(4)]
    copy = Path(shutil.copy(photos[1], tmp_path / "copy.bmp"))
    (tmp_path / "empty.bmp").touch()
    (tmp_path / "empty too.bmp").touch()
    others = [tmp_path / "empty.bmp", tmp_path / "empty too.bmp", tmp_path / "missing.bmp"]
    steps: list[Preparing] = []
    found = drain(duplicates([*photos, copy, *others, copy]), steps.append)
    assert set(found) == {photos[1], copy}
    assert found[copy] == found[photos[1]]
    assert [(step.done, step.total) for step in steps] == [(number, 5) for number in range(5)]
    steps.clear()
    assert drain(duplicates([*photos, copy]), steps.append) == found
    assert steps == []


def test_only_files_of_one_size_are_read(tmp_path: Path) -> None:
    photos = [tmp_path / f"{number}.png" for number in range(3)]
    for number, path in enumerate(photos):
        path.write_bytes(b"x" * (number + 1))
    steps: list[Preparing] = []
    assert drain(duplicates(photos), steps.append) == {}
    assert steps == []


def test_without_a_cache_they_are_found_too(tmp_path: Path) -> None:
    original = photo(tmp_path / "1.bmp", 1)
    copy = Path(shutil.copy(original, tmp_path / "2.bmp"))
    caches.digests_file().mkdir(parents=True)
    assert set(drain(duplicates([original, copy]))) == {original, copy}


def test_what_is_learnt_from_does_not_count_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    for label, kind in enumerate(("apple", "pear")):
        for number in range(8):
            photo(folder / "train" / kind / f"{number}.bmp", 100 * label + number)
        for split, first in (("val", 20), ("test", 30)):
            for number in range(4):
                photo(folder / split / kind / f"{number}.bmp", 100 * label + first + number)
    shutil.copy(folder / "train/apple/1.bmp", folder / "val/apple/a.bmp")
    shutil.copy(folder / "train/apple/1.bmp", folder / "test/apple/a.bmp")
    shutil.copy(folder / "train/apple/2.bmp", folder / "test/pear/b.bmp")
    shutil.copy(folder / "val/pear/1.bmp", folder / "test/pear/c.bmp")
    data = open_data_set(folder)
    assert {split: len(photos) for split, photos in data.splits.items()} == {
        "train": 16,
        "validation": 8,
        "test": 8,
    }
    assert [str(warning) for warning in data.warnings] == [
        "The same photo is in two classes (1, such as one in “apple” and “pear”). Remove it from "
        "one of them.",
        "Photos of validation that are in train as well do not count in validation (1).",
        "Photos of test that are in train as well do not count in test (2).",
        "Photos of test that are in validation as well do not count in test (1).",
    ]
    whole = open_data_set(folder, with_doubles=True)
    assert [len(photos) for photos in whole.splits.values()] == [16, 9, 11]
    assert whole.warnings == ()


def test_a_split_of_nothing_but_copies_is_kept_and_said(tmp_path: Path) -> None:
    for label, kind in enumerate(("apple", "pear")):
        for number in range(3):
            photo(tmp_path / "train" / kind / f"{number}.bmp", 100 * label + number)
    shutil.copytree(tmp_path / "train", tmp_path / "validation")
    data = open_data_set(tmp_path)
    assert len(data.splits["validation"]) == 6
    (warning,) = data.warnings
    assert str(warning).startswith("All photos of validation are in train as well (6)")


def test_hard_links_are_copies(tmp_path: Path) -> None:
    original = photo(tmp_path / "1.bmp", 1)
    os.link(original, tmp_path / "2.bmp")
    assert len(drain(duplicates([original, tmp_path / "2.bmp"]))) == 2
