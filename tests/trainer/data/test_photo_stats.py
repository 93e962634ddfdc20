import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from trainer import synthetic
from trainer.control import drain
from trainer.data.photo_stats import PhotoStats, photo_stats, thumbnails
from trainer.errors import ImageError
from trainer.events import Preparing
from trainer.storage import caches
from trainer.storage.file_digests import digest_of, remembered, stamp_of


def written(path: Path, size: tuple[int, int] = (120, 90), seed: int = 0) -> Path:
    pixels = synthetic.render("Apple", seed, 64)
    Image.fromarray(pixels).resize(size).save(path)
    return path


def stats_of(path: Path) -> PhotoStats:
    stats = drain(photo_stats([path]))[path]
    assert isinstance(stats, PhotoStats)
    return stats


def test_a_photo_is_known_once_it_was_read(tmp_path: Path) -> None:
    photo = written(tmp_path / "photo.jpg")
    steps: list[Preparing] = []
    first = drain(photo_stats([photo, photo]), steps.append)[photo]
    assert isinstance(first, PhotoStats)
    assert (first.format, first.width, first.height) == ("JPEG", 120, 90)
    assert first.digest == digest_of(photo.read_bytes())
    assert 0.2 < first.brightness <= 1
    assert 0 < first.blur < 1
    assert [(step.done, step.total) for step in steps] == [(0, 1), (1, 1)]
    steps.clear()
    assert drain(photo_stats([photo]), steps.append) == {photo: first}
    assert steps == []


def test_a_photo_that_was_changed_is_read_again(tmp_path: Path) -> None:
    photo = written(tmp_path / "photo.png")
    before = stats_of(photo)
    written(photo, (90, 120), seed=1)
    after = stats_of(photo)
    assert (after.width, after.height) == (90, 120)
    assert after.digest != before.digest


def test_what_cannot_be_read_is_told_beside_the_others(tmp_path: Path) -> None:
    good, missing = written(tmp_path / "good.jpg"), tmp_path / "missing.jpg"
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    found = drain(photo_stats([broken, good, missing]))
    assert list(found) == [broken, good, missing]
    assert isinstance(found[good], PhotoStats)
    assert isinstance(found[broken], ImageError)
    assert isinstance(found[missing], ImageError)


def test_large_photos_are_measured_as_they_are(tmp_path: Path) -> None:
    stats = stats_of(written(tmp_path / "large.jpg", (3000, 2000)))
    assert (stats.width, stats.height) == (3000, 2000)


def test_thumbnails_are_of_the_photos_in_their_order(tmp_path: Path) -> None:
    colours = [(250, 10, 10), (10, 250, 10)]
    paths = [tmp_path / f"{number}.png" for number in range(2)]
    for path, colour in zip(paths, colours, strict=True):
        Image.new("RGB", (40, 30), colour).save(path)
    found = thumbnails([stats_of(path) for path in paths])
    assert found.shape == (2, 16, 16, 3)
    assert np.array_equal(found[:, 0, 0], np.array(colours, np.uint8))
    assert thumbnails([]).shape == (0, 16, 16, 3)


def test_without_a_cache_photos_are_read_each_time(tmp_path: Path) -> None:
    photo = written(tmp_path / "photo.jpg")
    caches.photo_stats_file().mkdir(parents=True)
    assert stats_of(photo) == stats_of(photo)


def test_a_file_whose_name_is_no_text_is_a_photo(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xb0.png")
    try:
        photo = written(tmp_path / name)
    except OSError:
        pytest.skip("This disk takes no such name")
    assert stats_of(photo) == stats_of(photo)


def test_what_pillow_does_not_know_is_known_too() -> None:
    photo = Path(__file__).with_name("plain.heic")
    stats = stats_of(photo)
    assert stats.format == "HEIC"
    assert stats.width > 0 < stats.height


def test_digests_need_not_be_taken_again(tmp_path: Path) -> None:
    photo = written(tmp_path / "photo.jpg")
    digest, stamp = stats_of(photo).digest, stamp_of(photo)
    assert stamp is not None
    assert remembered({photo: stamp}) == {photo: digest}
