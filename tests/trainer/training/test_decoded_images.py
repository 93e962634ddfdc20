import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from trainer.control import drain
from trainer.data.dataset import DataSet, Photo
from trainer.data.transforms import square_from_file
from trainer.errors import ImageError
from trainer.events import PhotoSkipped, Preparing
from trainer.storage import caches
from trainer.storage.array_cache import ArrayCache
from trainer.training.decoded_images import DecodedPhotos, decode

SIZE = 32


def decoded(
    photos: Sequence[Photo], threads: int = 2
) -> tuple[DecodedPhotos, list[Preparing | PhotoSkipped]]:
    steps = decode(photos, SIZE, "squash", threads)
    happened: list[Preparing | PhotoSkipped] = []
    return drain(steps, happened.append), happened


def squares(photos: DecodedPhotos) -> np.ndarray:
    return photos.records[photos.slots]


def expected(photos: Sequence[Photo]) -> np.ndarray:
    return np.stack([square_from_file(photo.path, SIZE, "squash") for photo in photos])


def with_broken(data: DataSet, folder: Path) -> list[Photo]:
    broken = folder / "broken.jpg"
    broken.write_bytes(b"not a picture")
    photos = list(data.split("train"))
    photos.insert(3, Photo(broken, 0))
    return photos


@pytest.mark.parametrize("threads", [1, 3])
def test_photos_are_decoded_in_order_and_the_unreadable_left_out(
    demo_data: DataSet, tmp_path: Path, threads: int
) -> None:
    photos = with_broken(demo_data, tmp_path)
    found, happened = decoded(photos, threads)
    readable = demo_data.split("train")
    assert found.labels.tolist() == [photo.label for photo in readable]
    assert np.array_equal(squares(found), expected(readable))
    (skipped,) = [event for event in happened if isinstance(event, PhotoSkipped)]
    assert skipped.path == photos[3].path
    assert isinstance(skipped.reason, ImageError)
    counts = [event.done for event in happened if isinstance(event, Preparing)]
    assert counts == sorted(counts)
    assert counts[-1] == len(photos)


def test_a_batch_has_channels_first(demo_data: DataSet) -> None:
    import torch

    found, _ = decoded(demo_data.split("validation"))
    batch = found.read(torch.tensor([1, 0]))
    assert batch.shape == (2, 3, SIZE, SIZE)
    assert np.array_equal(batch[0].permute(1, 2, 0), squares(found)[1])


def test_no_photos_are_no_error() -> None:
    found, happened = decoded(())
    assert len(found) == 0
    assert happened == []


def copies(data: DataSet, folder: Path) -> list[Photo]:
    made = []
    for number, photo in enumerate(data.split("validation")):
        path = folder / f"{number}.jpg"
        path.write_bytes(photo.path.read_bytes())
        made.append(Photo(path, photo.label))
    return made


def test_what_was_decoded_before_is_not_read_again(demo_data: DataSet, tmp_path: Path) -> None:
    photos = copies(demo_data, tmp_path)
    before, happened = decoded(photos)
    assert len(happened) == len(photos)
    again, happened = decoded(photos)
    assert happened == [Preparing("decode", len(photos), len(photos))]
    assert np.array_equal(squares(before), squares(again))


def test_a_photo_is_known_by_its_content_under_another_name(
    demo_data: DataSet, tmp_path: Path
) -> None:
    photos = copies(demo_data, tmp_path)
    decoded(photos)
    before = caches.size()
    moved = [Photo(p.path.rename(p.path.with_suffix(".jpeg")), p.label) for p in photos]
    found, _ = decoded(moved)
    assert np.array_equal(squares(found), expected(moved))
    # Only the digests of the new names came in, and no pixels.
    assert caches.size() - before < SIZE * SIZE * 3


def test_a_file_with_other_content_is_decoded_anew_even_with_its_old_size_and_date(
    demo_data: DataSet, tmp_path: Path
) -> None:
    photos = copies(demo_data, tmp_path)
    decoded(photos)
    one, other = photos[0].path, photos[-1].path
    size = max(one.stat().st_size, other.stat().st_size)
    for path in (one, other):
        # JPEG readers stop at the end of the picture.
        path.write_bytes(path.read_bytes().ljust(size, b"\0"))
    decoded(photos)
    status = one.stat()
    one.write_bytes(other.read_bytes())
    os.utime(one, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert (one.stat().st_size, one.stat().st_mtime_ns) == (size, status.st_mtime_ns)

    found, _ = decoded(photos)
    assert np.array_equal(squares(found), expected(photos))
    assert np.array_equal(squares(found)[0], squares(found)[-1])


def test_a_damaged_index_costs_only_time(demo_data: DataSet) -> None:
    photos = demo_data.split("validation")
    decoded(photos)
    for index in caches.photos_folder(SIZE, "squash").parent.rglob("*.sqlite"):
        index.write_bytes(b"no database at all, and longer than a header" * 100)
    found, _ = decoded(photos)
    assert np.array_equal(squares(found), expected(photos))


def test_damage_that_shows_late_costs_one_failure(demo_data: DataSet) -> None:
    photos = demo_data.split("validation")
    decoded(photos)
    index = caches.photos_folder(SIZE, "squash") / "index.sqlite"
    pages = index.read_bytes()
    index.write_bytes(pages[:4096] + b"\xff" * (len(pages) - 4096))
    with pytest.raises(OSError, match="malformed"):
        decoded(photos)
    found, _ = decoded(photos)
    assert np.array_equal(squares(found), expected(photos))


def test_a_lost_index_leaves_records_in_use_alone(tmp_path: Path) -> None:
    cache = ArrayCache(tmp_path, (4,), np.uint8)
    cache.add(["a", "b"], np.ones((2, 4)))
    in_use = cache.records()
    (tmp_path / "index.sqlite").unlink()
    ArrayCache(tmp_path, (4,), np.uint8).add(["c"], np.full((1, 4), 9))
    assert np.array_equal(in_use, np.ones((2, 4)))


def test_caches_are_counted_trimmed_and_cleared(demo_data: DataSet) -> None:
    photos = demo_data.split("validation")
    decoded(photos)
    assert caches.size() > len(photos) * SIZE * SIZE * 3
    store = caches.photos_folder(SIZE, "squash")
    newest = caches.trunk_folder("newest")
    newest.mkdir()
    caches.trim(0)
    assert store.exists()  # It was used within the hour.
    os.utime(store, (0, 0))
    caches.trim(caches.size())
    assert store.exists()
    os.utime(newest, (1, 1))
    caches.trim(0)
    assert not store.exists()
    assert newest.exists()
    caches.clear()
    assert caches.size() == 0
    found, _ = decoded(photos)
    assert len(found) == len(photos)
