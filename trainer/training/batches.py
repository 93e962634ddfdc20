"""What a training loop draws its batches from: decoded images, or the frozen trunk's output."""

from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from trainer.config.architectures import Architecture
from trainer.config.recipe import Recipe
from trainer.models.classifier import (
    normalise,
)
from trainer.runtime.device import Compute, fits_on_device
from trainer.training.augmentation import augment
from trainer.training.decoded_images import DecodedPhotos


class Examples(Protocol):
    """Labelled inputs of one of a classifier's stages."""

    labels: Tensor
    """int64 (N,), on the CPU."""
    start: int
    """The stage that the inputs go into."""

    def read(self, indices: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """What is stored of some examples: from the disk, or from the device's memory.

        Args:
            indices: int64 (n,), on the CPU.
            generator: what a view of each is drawn with; None takes them as they are.
        """

    def prepare(self, stored: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Inputs of stage ``start``, float32, on the computing device.

        Args:
            stored: what :meth:`read` gave.
            generator: what augmentation draws from; None leaves the images as they are.
        """


class Images:
    """Decoded photos, normalised, and augmented where a generator is given.

    On a GPU all of them stay in its memory, where they fit.
    """

    start = 0

    def __init__(
        self, photos: DecodedPhotos, recipe: Recipe, architecture: Architecture, compute: Compute
    ) -> None:
        self.photos = photos
        self.architecture = architecture
        self.labels = photos.labels
        self.recipe = recipe
        self.compute = compute
        self._resident: Tensor | None = None
        byte_count = len(photos) * int(np.prod(photos.records.shape[1:]))
        if fits_on_device(compute.device, byte_count):
            self._resident = photos.read(torch.arange(len(photos))).to(compute.device)

    def read(self, indices: Tensor, generator: torch.Generator | None = None) -> Tensor:
        del generator
        if self._resident is not None:
            return self._resident[indices.to(self.compute.device)]
        return self.photos.read(indices)

    def prepare(self, stored: Tensor, generator: torch.Generator | None = None) -> Tensor:
        images = stored.to(self.compute.device, non_blocking=True)
        if generator is not None:
            images = augment(images, self.recipe.image_size, self.recipe.augmentation, generator)
        return normalise(images, self.architecture.mean, self.architecture.std).contiguous(
            memory_format=torch.channels_last
        )


def read_ahead(
    examples: Examples, batches: Sequence[Tensor], generator: torch.Generator | None = None
) -> Generator[Tensor, None, None]:
    """What is stored of each batch, the next one read from the disk while one is learnt from."""
    with ThreadPoolExecutor(1, thread_name_prefix="read-ahead") as pool:
        following = pool.submit(examples.read, batches[0], generator) if batches else None
        for number in range(len(batches)):
            assert following is not None
            stored = following.result()
            if number + 1 < len(batches):
                following = pool.submit(examples.read, batches[number + 1], generator)
            yield stored


def batches_of(order: Tensor, size: int, smallest: int = 2) -> list[Tensor]:
    """Cut into batches; a last one of fewer than *smallest* joins the one before: of a single photo
    BatchNorm has no variance."""
    batches = list(order.split(size))
    if len(batches) > 1 and len(batches[-1]) < smallest:
        batches[-2:] = [torch.cat(batches[-2:])]
    return batches


def epoch_seed(seed: int, epoch: int) -> int:
    """A seed for all chance of one epoch."""
    return seed * 1_000_003 + epoch
