"""How the learning rate changes over a run."""

import math
from collections.abc import Callable

from torch.optim import AdamW
from torch.optim.lr_scheduler import (
    CosineAnnealingWarmRestarts,
    LambdaLR,
    LRScheduler,
    OneCycleLR,
    ReduceLROnPlateau,
)

from trainer.config.recipe import Recipe

_SHORTEST_CYCLE = 4
"""Steps in which a learning rate can rise and fall."""


def schedule_of(
    recipe: Recipe, optimiser: AdamW, steps_per_epoch: int
) -> LRScheduler | ReduceLROnPlateau | None:
    """The schedule that *recipe* names; None for a learning rate that stays."""
    match recipe.schedule:
        case "warm_restarts":
            return CosineAnnealingWarmRestarts(
                optimiser, recipe.restart_period, recipe.restart_factor
            )
        case "cosine":
            steps = steps_per_epoch * recipe.epochs
            return LambdaLR(optimiser, _warm_up_and_cosine(steps, recipe.warm_up))
        case "one_cycle":
            steps = steps_per_epoch * recipe.epochs
            if steps < _SHORTEST_CYCLE:
                return None
            # torch divides by the steps of warming up less one, and by those of cooling down.
            warm_up = min(max(recipe.warm_up, 1.5 / steps), 1 - 1.5 / steps)
            rates = [float(group["lr"]) for group in optimiser.param_groups]
            return OneCycleLR(optimiser, rates, total_steps=steps, pct_start=warm_up)
        case "plateau":
            return ReduceLROnPlateau(optimiser, patience=3, factor=0.5)
        case "none":
            return None


def _warm_up_and_cosine(steps: int, warm_up: float) -> Callable[[int], float]:
    """The share of the learning rate at each step: it rises in a line over the *warm_up* share of
    the steps, then falls to 0 along half a cosine (Loshchilov and Hutter, *SGDR*, ICLR 2017)."""
    rising = min(steps, math.ceil(warm_up * steps))

    def share(step: int) -> float:
        if step < rising:
            return (step + 1) / (rising + 1)
        return 0.5 * (1 + math.cos(math.pi * (step - rising) / max(1, steps - rising)))

    return share
