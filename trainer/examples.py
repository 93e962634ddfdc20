"""What a training loop draws its batches from: decoded pictures, or the frozen trunk's output."""

from collections.abc import Generator
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from trainer.augment import augment
from trainer.decode import DecodedPhotos
from trainer.device import Compute
from trainer.events import Preparing
from trainer.model import Classifier, normalise
from trainer.recipe import Recipe
from trainer.scratch import scratch_array
from trainer.transforms import IMAGENET_MEAN, IMAGENET_STD

_LARGEST_FLOAT16 = 65504.0


class Examples(Protocol):
    """Labelled inputs of one of a classifier's stages."""

    labels: Tensor
    """int64 (N,), on the CPU."""
    start: int
    """The stage that the inputs go into."""

    def batch(self, indices: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """The inputs of some examples, float32, on the computing device.

        Args:
            indices: int64 (n,), on the CPU.
            generator: what augmentation draws from; None leaves the pictures as they are.
        """


class Pictures:
    """Decoded photos, normalised, and augmented where a generator is given."""

    start = 0

    def __init__(self, photos: DecodedPhotos, recipe: Recipe, compute: Compute) -> None:
        self.photos = photos
        self.labels = photos.labels
        self.recipe = recipe
        self.compute = compute

    def batch(self, indices: Tensor, generator: torch.Generator | None = None) -> Tensor:
        images = self.photos.batch(indices).to(self.compute.device, non_blocking=True)
        if generator is not None:
            images = augment(images, self.recipe.image_size, self.recipe.augmentation, generator)
        return normalise(images, IMAGENET_MEAN, IMAGENET_STD).contiguous(
            memory_format=torch.channels_last
        )


class TrunkOutputs:
    """What a frozen trunk made of each photo, once: it would make the same of it in every epoch.

    Maps are kept in 16 bits with their channels last; where only the head is trained, what is kept
    of each is its pooled features, in 32 bits.
    """

    def __init__(self, outputs: np.ndarray, labels: Tensor, start: int, compute: Compute) -> None:
        self.outputs = outputs
        self.labels = labels
        self.start = start
        self.compute = compute

    def batch(self, indices: Tensor, generator: torch.Generator | None = None) -> Tensor:
        del generator  # Nothing is left to augment.
        outputs = torch.from_numpy(self.outputs[indices.numpy()])
        outputs = outputs.to(self.compute.device, non_blocking=True).float()
        return outputs.permute(0, 3, 1, 2) if outputs.ndim == 4 else outputs


def can_cache_trunk(recipe: Recipe, frozen_stages: int) -> bool:
    """Whether the frozen stages give the same for a photo in every epoch."""
    return (
        frozen_stages > 0
        and recipe.frozen_batchnorm == "eval"
        and recipe.augmentation == "none"
        and not recipe.teacher
    )


def run_trunk(
    pictures: Pictures, classifier: Classifier, stages: int, chunk: int = 32
) -> Generator[Preparing, None, TrunkOutputs]:
    """Run the first *stages* stages, in eval mode, over all pictures.

    Raises:
        OSError: the disk is full.
    """
    classifier.eval()
    outputs: np.ndarray | None = None
    count = len(pictures.labels)
    for indices in torch.arange(count).split(chunk):
        # Nothing is yielded inside, or no_grad would leak to whoever drains this generator.
        with torch.no_grad(), pictures.compute.autocast():
            output = classifier.trunk(pictures.batch(indices), stop=stages)
            if stages == classifier.stage_count:
                output = classifier.pool(output).float()
            else:
                output = output.permute(0, 2, 3, 1)
                output = output.float().clamp(-_LARGEST_FLOAT16, _LARGEST_FLOAT16).half()
        values = output.cpu().numpy()
        if outputs is None:
            outputs = scratch_array((count, *values.shape[1:]), values.dtype)
        outputs[indices.numpy()] = values
        yield Preparing("trunk", int(indices[-1]) + 1, count)
    assert outputs is not None, "a data set has photos"
    return TrunkOutputs(outputs, pictures.labels, stages, pictures.compute)
