"""Decoding every photo once, to uint8 squares from which all epochs are fed."""

import os
from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from trainer.dataset import Photo
from trainer.errors import PictureError
from trainer.events import PhotoSkipped, Preparing
from trainer.recipe import Resize
from trainer.scratch import scratch_array
from trainer.transforms import square_from_file

_PHOTOS_WORTH_WORKERS = 2000
"""Starting a worker process takes seconds, in which one process decodes some hundred photos."""
_CHUNK = 16

_Decoded = tuple[int, np.ndarray | PictureError]
"""A photo's index, and its picture or why there is none."""


@dataclass(frozen=True, slots=True, eq=False)
class DecodedPhotos:
    """``images`` is uint8 (N, S, S, 3), ``labels`` int64 (N,); unreadable photos are left out."""

    images: np.ndarray
    labels: torch.Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def batch(self, indices: torch.Tensor) -> torch.Tensor:
        """uint8 images (n, 3, S, S), channels last in memory."""
        return torch.from_numpy(self.images[indices.numpy()]).permute(0, 3, 1, 2)


class _PhotoFiles(Dataset[_Decoded]):
    """Decodes a photo, or says why it cannot: an exception would end the loader."""

    def __init__(self, photos: Sequence[Photo], size: int, resize: Resize) -> None:
        self.photos = photos
        self.size = size
        self.resize: Resize = resize

    def __len__(self) -> int:
        return len(self.photos)

    def __getitem__(self, index: int) -> _Decoded:
        try:
            return index, square_from_file(self.photos[index].path, self.size, self.resize)
        except PictureError as error:
            return index, error


def _as_list(chunk: list[_Decoded]) -> list[_Decoded]:
    return chunk


def default_workers(photos: int) -> int:
    """How many processes decode: none where they would start for longer than they work."""
    return 0 if photos < _PHOTOS_WORTH_WORKERS else min(8, max(1, (os.cpu_count() or 1) - 1))


def decode(
    photos: Sequence[Photo], size: int, resize: Resize, workers: int | None = None
) -> Generator[Preparing | PhotoSkipped, None, DecodedPhotos]:
    """Decode *photos* to squares of *size* pixels, in order.

    Args:
        workers: processes to decode in; None chooses, 0 decodes in this one.

    Raises:
        OSError: the disk is full.
    """
    images = scratch_array((len(photos), size, size, 3), np.uint8)
    labels: list[int] = []
    count = default_workers(len(photos)) if workers is None else workers
    loader = DataLoader(
        _PhotoFiles(photos, size, resize),
        batch_size=_CHUNK,
        num_workers=count,
        collate_fn=_as_list,
        # Fork after Qt or threads can deadlock.
        multiprocessing_context="spawn" if count else None,
    )
    done = 0
    for chunk in loader:
        for index, decoded in chunk:
            if isinstance(decoded, PictureError):
                yield PhotoSkipped(photos[index].path, decoded)
            else:
                images[len(labels)] = decoded
                labels.append(photos[index].label)
        done += len(chunk)
        yield Preparing("decode", done, len(photos))
    return DecodedPhotos(images[: len(labels)], torch.tensor(labels, dtype=torch.int64))
