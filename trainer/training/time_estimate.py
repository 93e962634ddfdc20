"""How long a run will take, before it begins: from a few batches of it."""

import time
from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from trainer.config.recipe import Recipe
from trainer.control import relay
from trainer.data.dataset import DataSet
from trainer.data.transforms import square_from_file
from trainer.errors import ImageError
from trainer.models.classifier import Classifier
from trainer.runtime.device import choose_device
from trainer.training.augmentation import stored_size
from trainer.training.decoded_images import DECODING_THREADS, missing
from trainer.training.feature_cache import can_cache_trunk
from trainer.training.learner import Learner
from trainer.training.setup import batch_size_of
from trainer.training.training_precision import choose_training_compute

_TIMED_STEPS = 2
_TIMED_PHOTOS = 4
_LARGEST_TIMED_BATCH = 16
_DOUBT = 0.25
"""How far an estimate from so few batches may be off, as a share of it."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long a run takes on this machine. Times are seconds."""

    decoding: float
    """Of the photos that are not decoded yet."""
    trunk: float
    """Running a frozen trunk over the photos, once."""
    epoch: float
    fewest_epochs: int
    """If it stops early as soon as it can."""
    epochs: int


def estimate(
    recipe: Recipe, data_set: DataSet, device: str = "auto"
) -> Generator[None, None, Estimate]:
    """Time a few photos and batches; yields between them, so that it can be broken off.

    Weights are random and images are noise: it costs the same, and needs no download.

    Raises:
        DatasetError: the data set lacks a split.
        DeviceError: there is no such device.
        OSError: the caches cannot be read.
        RecipeError: the network is not timm's, or cannot see images of that size.
        RuntimeError: there is not enough memory.
    """
    training, validation = data_set.split("train"), data_set.split("validation")
    compute = choose_training_compute(recipe, choose_device(device))
    decoding = 0.0
    for split, augmentation in ((training, recipe.augmentation), (validation, "none")):
        undecoded = missing(split, stored_size(recipe.image_size, augmentation), recipe.resize)
        timed_photos = undecoded[:_TIMED_PHOTOS]
        began = time.perf_counter()
        for photo in timed_photos:
            try:
                square_from_file(photo.path, recipe.image_size, recipe.resize)
            except ImageError:
                continue
            yield
        each = (time.perf_counter() - began) / max(1, len(timed_photos))
        decoding += each * len(undecoded) / DECODING_THREADS

    batch = min(batch_size_of(recipe, len(training)), _LARGEST_TIMED_BATCH, len(training))
    classifier = Classifier.of_recipe(recipe, len(data_set.classes))
    classifier.require_size(recipe.image_size)
    classifier.move_to(compute.device)
    yield
    # The part of the run in which most is trained.
    timed = recipe.but(teacher="", block_wise_epochs=0)
    origin = None
    if recipe.retention_weight:
        origin = Classifier.of_recipe(recipe, len(data_set.classes))
        origin.move_to(compute.device)
    learner = Learner(timed, classifier, origin, compute, steps_per_epoch=1000)
    is_cached = can_cache_trunk(recipe, learner.first_stage)
    size = recipe.image_size
    images = torch.randn(max(2, batch), 3, size, size).to(
        compute.device, memory_format=torch.channels_last
    )
    labels = torch.zeros(len(images), dtype=torch.int64, device=compute.device)
    start = learner.first_stage if is_cached else 0
    inputs, trunk = _timed_trunk(learner, images, start)
    yield
    step = yield from _timed_step(learner, inputs, labels, start)
    forward = step / 3  # Backward costs twice as much.
    views = max(1, recipe.views) if _draws_views(recipe) else 1
    photos = len(training) * views + len(validation)
    return Estimate(
        decoding=decoding,
        trunk=trunk * photos * is_cached,
        epoch=step * len(training) + forward * len(validation),
        fewest_epochs=min(recipe.epochs, 1 + (recipe.patience or recipe.epochs)),
        epochs=recipe.epochs,
    )


def estimate_all(
    recipes: Sequence[Recipe],
    data_set: DataSet,
    known: dict[Recipe, Estimate],
    device: str = "auto",
) -> Generator[tuple[int, int], None, tuple[float, float]]:
    """How long runs on the same photos take one after another, who share what is computed once.

    Yields how many kinds of runs are timed, and of how many: those that differ by their seeds alone
    are one. Returns the least and the most seconds.

    Args:
        known: what was timed before, by recipes with the seed 0; what is timed is added.

    Raises:
        As :func:`estimate`.
    """
    kinds = Counter(recipe.but(seed=0) for recipe in recipes)
    missing_kinds = [kind for kind in kinds if kind not in known]
    for number, kind in enumerate(missing_kinds):

        def how_far(_: object, done: int = number) -> tuple[int, int]:
            return done, len(missing_kinds)

        yield how_far(None)
        known[kind] = yield from relay(estimate(kind, data_set, device), how_far)
    found = [known[kind] for kind in kinds]
    trunks = (
        each.trunk * (count if _draws_views(kind) or kind.weights == "none" else 1)
        for each, (kind, count) in zip(found, kinds.items(), strict=True)
    )
    return _range(found, tuple(kinds.values()), sum(trunks))


def _range(
    estimates: Sequence[Estimate], counts: Sequence[int], trunks: float
) -> tuple[float, float]:
    """The least and the most seconds of as many runs of each kind, whose frozen trunks take
    *trunks* together."""
    preparation = max((each.decoding for each in estimates), default=0.0) + trunks
    runs = tuple(zip(estimates, counts, strict=True))
    least = sum(each.epoch * each.fewest_epochs * count for each, count in runs)
    most = sum(each.epoch * each.epochs * count for each, count in runs)
    return (preparation + least) * (1 - _DOUBT), (preparation + most) * (1 + _DOUBT)


def _draws_views(recipe: Recipe) -> bool:
    """Whether a cached trunk has seen views of the photos that chance has drawn."""
    return recipe.augmentation != "none" and recipe.views > 0


def _timed_trunk(learner: Learner, images: Tensor, stop: int) -> tuple[Tensor, float]:
    """What the frozen stages make of *images*, and the seconds that they take for each."""
    classifier, compute = learner.classifier.eval(), learner.compute
    if stop == 0:
        return images, 0.0
    with torch.no_grad(), compute.autocast():
        classifier.trunk(images[:2], stop=stop)  # The first time, kernels are made.
        began = time.perf_counter()
        output = classifier.trunk(images, stop=stop)
        if stop == classifier.stage_count:
            output = classifier.pool(output)
        _wait(output)
    return output.float(), (time.perf_counter() - began) / len(images)


def _timed_step(
    learner: Learner, inputs: Tensor, labels: Tensor, start: int
) -> Generator[None, None, float]:
    """Returns the seconds that a training step takes for each photo."""
    learner.begin_epoch(learner.recipe.epochs)
    seconds = []
    for number in range(1 + _TIMED_STEPS):
        began = time.perf_counter()
        loss, _ = learner.step(inputs, labels, start)
        _wait(loss)
        if number > 0:
            seconds.append(time.perf_counter() - began)
        yield
    return float(np.median(seconds)) / len(labels)


def _wait(result: Tensor) -> None:
    """Wait until a GPU has computed *result*."""
    result.sum().item()
