"""What a frozen trunk gives for each photo, computed once and kept."""

import hashlib
from collections.abc import Generator
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from trainer.config.recipe import Recipe
from trainer.events import Preparing
from trainer.models.classifier import Classifier
from trainer.runtime.device import Compute, fits_on_device
from trainer.runtime.distributed import ALONE, Ranks
from trainer.storage import caches
from trainer.storage.array_cache import ArrayCache
from trainer.training.batches import Images

TrunkPrecision = Literal["float16", "float32"]


_LARGEST_FLOAT16 = 65504.0


class TrunkOutputs:
    """What a frozen trunk made of each photo, or of each of its views, once: it would make the same
    of it in every epoch.

    Maps are kept in 16 bits with their channels last, as they are computed with; where only the
    head is trained, what is kept of each is its pooled features, in 32 bits.
    """

    def __init__(
        self, records: np.ndarray, slots: np.ndarray, labels: Tensor, start: int, compute: Compute
    ) -> None:
        """Stand for trunk outputs.

        Args:
            records: (M, h, w, C), tokens (M, L, C), or (M, C).
            slots: int64 (N, views): where among the records each view of each photo is.
        """
        self.labels = labels
        self.start = start
        self.compute = compute
        self._records = records
        self._slots = slots
        self._resident: Tensor | None = None
        byte_count = slots.size * int(np.prod(records.shape[1:])) * records.dtype.itemsize
        if fits_on_device(compute.device, byte_count):
            self._resident = torch.from_numpy(records[slots.ravel()]).to(compute.device)
            self._slots = np.arange(slots.size).reshape(slots.shape)

    def read(self, indices: Tensor, generator: torch.Generator | None = None) -> Tensor:
        views = self._slots.shape[1]
        slots = self._slots[indices.numpy()]
        if generator is None or views == 1:
            chosen = slots[:, 0]
        else:
            view = torch.randint(views, (len(indices),), generator=generator).numpy()
            chosen = slots[np.arange(len(indices)), view]
        if self._resident is not None:
            return self._resident[torch.from_numpy(chosen).to(self.compute.device)]
        return torch.from_numpy(self._records[chosen])

    def prepare(self, stored: Tensor, generator: torch.Generator | None = None) -> Tensor:
        del generator  # Nothing is left to augment.
        outputs = stored.to(self.compute.device, non_blocking=True).float()
        return outputs.permute(0, 3, 1, 2) if outputs.ndim == 4 else outputs


def can_cache_trunk(recipe: Recipe, frozen_stages: int) -> bool:
    """Whether the frozen stages give the same for a photo, or for its views, in every epoch."""
    return (
        frozen_stages > 0
        and recipe.frozen_batchnorm != "train"
        and (recipe.augmentation == "none" or recipe.views > 0)
        and not (recipe.mixup or recipe.cutmix or recipe.teacher)
    )


def run_trunk(
    images: Images,
    classifier: Classifier,
    stages: int,
    *,
    views: int = 0,
    precision: TrunkPrecision = "float16",
    chunk: int = 16,
    ranks: Ranks = ALONE,
) -> Generator[Preparing, None, TrunkOutputs]:
    """Run the first *stages* stages, in eval mode, over all images that are new to them.

    Args:
        views: how many augmented views of each image to run; 0 for the image as it is.
        precision: what maps are kept in; float32 repeats an uncached run to the bit, where the
            batches are as large as *chunk*.
        ranks: processes that share the work, and the disk.

    Raises:
        OSError: the disk is full.
    """
    classifier.eval()
    compute = images.compute

    def prepared(indices: Tensor, view: int) -> Tensor:
        stored = images.read(indices)
        if views == 0:
            return images.prepare(stored)
        # A view depends on the photo alone, whatever other photos are in the set.
        seeds = [_seed_of_view(images.recipe.seed, digests[i], view) for i in indices]
        generators = [torch.Generator().manual_seed(seed) for seed in seeds]
        drawn = [
            images.prepare(one, generator)
            for one, generator in zip(stored.split(1), generators, strict=True)
        ]
        return torch.cat(drawn).contiguous(memory_format=torch.channels_last)

    @torch.no_grad()
    def outputs_of(indices: Tensor, view: int) -> np.ndarray:
        inputs = prepared(indices, view)
        with compute.autocast():
            output = classifier.trunk(inputs, stop=stages)
            if stages == classifier.stage_count:
                return classifier.pool(output).float().cpu().numpy()
        # Tokens have their channels last already.
        output = (output.permute(0, 2, 3, 1) if output.ndim == 4 else output).float()
        if precision == "float16":
            output = output.clamp(-_LARGEST_FLOAT16, _LARGEST_FLOAT16).half()
        return output.cpu().numpy()

    digests = images.photos.digests
    folder = caches.trunk_folder(
        _fingerprint(images, classifier, stages, views=views, precision=precision)
    )
    first = outputs_of(torch.zeros(1, dtype=torch.int64), 0)
    cache = ArrayCache(folder, first.shape[1:], first.dtype)
    known = cache.slots()
    numbers = range(max(1, views))
    done, total = 0, len(digests) * len(numbers)
    for view in numbers:
        missing = [i for i, digest in enumerate(digests) if f"{digest} {view}" not in known]
        done += len(digests) - len(missing)
        chunks = torch.tensor(missing).split(chunk) if missing else ()
        for indices in chunks[ranks.rank :: ranks.count]:
            cache.add([f"{digests[i]} {view}" for i in indices], outputs_of(indices, view))
            done += len(indices)
            # Nothing is yielded inside no_grad, which would leak to whoever drains this generator.
            yield Preparing("trunk", done, total)
    ranks.wait()
    slots = cache.slots()
    return TrunkOutputs(
        cache.records(),
        np.array([[slots[f"{digest} {view}"] for view in numbers] for digest in digests]),
        images.labels,
        stages,
        compute,
    )


def _seed_of_view(seed: int, digest: str, view: int) -> int:
    text = f"{seed} {digest} {view}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=7).digest())


def _fingerprint(
    images: Images, classifier: Classifier, stages: int, *, views: int, precision: str
) -> str:
    """A digest of all that decides what the trunk gives for a photo: 32 hexadecimal digits."""
    recipe = images.recipe
    digest = hashlib.blake2b(digest_size=16)
    drawn = (recipe.augmentation, recipe.seed) if views else ()
    parts = (
        *(recipe.model, stages, recipe.image_size, recipe.resize, *drawn),
        *(precision, images.compute.precision, images.compute.device.type),
        images.photos.records.shape[1:],
        *(images.architecture.mean, images.architecture.std),
    )
    digest.update(repr(parts).encode())
    for part in range(stages):
        for module in classifier.modules_of(part):
            for name, value in module.state_dict().items():
                digest.update(name.encode())
                digest.update(value.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
