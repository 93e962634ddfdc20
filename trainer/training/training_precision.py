"""What a run is computed in: timed on the part of its own network that takes its time."""

from collections.abc import Callable
from functools import partial

import torch
from torch.nn import functional

from trainer.config.architectures import architecture_named
from trainer.config.recipe import Recipe
from trainer.models.classifier import Classifier, always_frozen_stages, freeze
from trainer.runtime.device import Compute, choose_compute, dtypes_of
from trainer.runtime.distributed import Ranks
from trainer.training.checkpoint import Checkpoint
from trainer.training.feature_cache import can_cache_trunk

_MOST_PHOTOS = 8
_PIXELS = _MOST_PHOTOS * 224**2
"""Of larger images, fewer photos are timed."""
_CLASSES = 32


def compute_of_run(
    recipe: Recipe, device: torch.device, checkpoint: Checkpoint, ranks: Ranks
) -> Compute:
    """The same in every stretch of a run, for it decides the bits, and in every process. It is
    noted in *checkpoint*."""
    began_in = checkpoint.precision
    if checkpoint.epoch and not began_in:
        began_in = "bfloat16"  # Wherever the CPU had it, before that was measured.

    def choose() -> str:
        return choose_training_compute(recipe, device, began_in).precision

    if len(dtypes_of(device, recipe.precision)) > 1:
        began_in = ranks.of_first(choose)
    compute = choose_training_compute(recipe, device, began_in)
    checkpoint.precision = compute.precision
    return compute


def choose_training_compute(recipe: Recipe, device: torch.device, began_in: str = "") -> Compute:
    """Choose the precision of a run on *device*: see :func:`trainer.runtime.device.choose_compute`.

    Where only measuring tells, it takes a second or a few, once for each network, size of images
    and choice of what is trained. torch's random numbers stay as they are.

    Args:
        began_in: the precision of a run that is gone on with; empty for a new one.

    Raises:
        RecipeError: the network is not timm's, or cannot see images of that size.
    """
    stages = len(architecture_named(recipe.model).stages)
    frozen = always_frozen_stages(recipe.strategy, stages, recipe.epochs)
    if not can_cache_trunk(recipe, frozen):
        part = f"stages from {frozen}, the others run along"
    elif frozen < stages:
        part = f"stages from {frozen}"
    else:
        part = "head, after the trunk"
    work = f"training {recipe.model} at {recipe.image_size} px: {part}"
    with torch.random.fork_rng(devices=[]):
        return choose_compute(device, recipe.precision, work, partial(_make_step, recipe), began_in)


def _make_step(recipe: Recipe) -> Callable[[Compute], object]:
    """A step of what the run spends its time on, with random weights and images: the forward and
    backward pass of a batch; where only the head is trained, the trunk's pass before."""
    classifier = Classifier.of_recipe(recipe, _CLASSES)
    classifier.require_size(recipe.image_size)
    side = recipe.image_size
    photos = max(2, min(_MOST_PHOTOS, _PIXELS // side**2))
    images = _channels_last(torch.randn(photos, 3, side, side))
    labels = torch.arange(photos) % _CLASSES
    classifier.move_to(images.device)
    frozen = always_frozen_stages(recipe.strategy, classifier.stage_count, recipe.epochs)
    start = frozen if can_cache_trunk(recipe, frozen) else 0
    if 0 < start < classifier.stage_count:
        with torch.no_grad():
            shape = classifier.eval().trunk(images[:1], stop=start).shape[1:]
        images = _channels_last(torch.randn(photos, *shape))
    freeze(classifier, range(frozen, classifier.stage_count), recipe.frozen_batchnorm)

    def run_trunk(compute: Compute) -> None:
        with torch.no_grad(), compute.autocast():
            classifier.trunk(images)

    def train(compute: Compute) -> None:
        classifier.zero_grad(set_to_none=True)
        with compute.autocast():
            loss = functional.cross_entropy(classifier(images, start), labels)
        loss.backward()

    return run_trunk if start == classifier.stage_count else train


def _channels_last(maps: torch.Tensor) -> torch.Tensor:
    return maps.contiguous(memory_format=torch.channels_last)
