from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from trainer.dataset import DataSet, Photo
from trainer.decode import DecodedPhotos, decode
from trainer.events import PhotoSkipped, Preparing
from trainer.transforms import square_from_file


def decoded(
    photos: Sequence[Photo], workers: int
) -> tuple[DecodedPhotos, list[Preparing | PhotoSkipped]]:
    steps = decode(photos, 32, "squash", workers)
    happened = []
    while True:
        try:
            happened.append(next(steps))
        except StopIteration as end:
            return end.value, happened


def with_broken(data: DataSet, folder: Path) -> tuple[Photo, ...]:
    broken = folder / "broken.jpg"
    broken.write_bytes(b"no picture")
    photos = data.split("train")
    return (*photos[:5], Photo(broken, 1), *photos[5:])


def test_photos_are_decoded_in_order_and_the_unreadable_left_out(
    demo_data: DataSet, tmp_path: Path
) -> None:
    photos = with_broken(demo_data, tmp_path)
    found, happened = decoded(photos, workers=0)
    readable = demo_data.split("train")
    assert found.labels.tolist() == [photo.label for photo in readable]
    for image, photo in zip(found.images, readable, strict=True):
        assert np.array_equal(image, square_from_file(photo.path, 32, "squash"))
    skipped = [event.path for event in happened if isinstance(event, PhotoSkipped)]
    assert skipped == [photos[5].path]
    assert happened[-1] == Preparing("decode", len(photos), len(photos))


def test_worker_processes_decode_alike(demo_data: DataSet, tmp_path: Path) -> None:
    photos = with_broken(demo_data, tmp_path)
    alone, said_alone = decoded(photos, workers=0)
    together, said_together = decoded(photos, workers=2)
    assert np.array_equal(alone.images, together.images)
    assert torch.equal(alone.labels, together.labels)
    assert list(map(str, said_alone)) == list(map(str, said_together))


def test_a_batch_has_its_channels_first(demo_data: DataSet) -> None:
    found, _ = decoded(demo_data.split("validation"), workers=0)
    batch = found.batch(torch.tensor([2, 0]))
    assert batch.shape == (2, 3, 32, 32)
    assert np.array_equal(batch[0].permute(1, 2, 0).numpy(), found.images[2])


def test_no_photos_give_no_pictures() -> None:
    found, happened = decoded((), workers=0)
    assert (len(found), happened) == (0, [])
