"""One step of learning, and all the state that it changes."""

import copy
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import AdamW
from torch.optim.lr_scheduler import (
    CosineAnnealingWarmRestarts,
    LRScheduler,
    OneCycleLR,
    ReduceLROnPlateau,
)

from trainer.device import Compute
from trainer.model import Classifier, always_frozen_stages, freeze, parameters_of, trained_stages
from trainer.objective import Objective, objective_of
from trainer.recipe import Recipe

_SHORTEST_CYCLE = 4
"""Steps in which a learning rate can rise and fall."""


class Learner:
    """A classifier with its optimiser, schedule and average, to step, save and load as one."""

    def __init__(
        self,
        recipe: Recipe,
        classifier: Classifier,
        teacher: Classifier | None,
        compute: Compute,
        steps_per_epoch: int,
    ) -> None:
        self.recipe = recipe
        self.classifier = classifier
        self.teacher = teacher
        self.objective: Objective = objective_of(recipe, teacher, epoch=1)
        self.compute = compute
        self.first_stage = always_frozen_stages(
            recipe.strategy, classifier.stage_count, recipe.epochs
        )
        """The first stage that is trained in any epoch."""
        self.optimiser = AdamW(
            parameters_of(classifier, range(self.first_stage, classifier.stage_count)),
            lr=recipe.learning_rate,
            weight_decay=recipe.weight_decay,
            fused=compute.device.type in {"cpu", "cuda"},
        )
        self.schedule = schedule_of(recipe, self.optimiser, steps_per_epoch)
        self.scaler = compute.gradient_scaler()
        self.average = (
            WeightAverage(classifier, recipe.average_decay) if recipe.average_decay else None
        )

    @property
    def learning_rate(self) -> float:
        return float(self.optimiser.param_groups[0]["lr"])

    @property
    def evaluated(self) -> Classifier:
        """The classifier whose validation loss counts: the average, where there is one."""
        return self.average.classifier if self.average else self.classifier

    def begin_epoch(self, epoch: int) -> None:
        """Thaw what is trained in *epoch*, and seed all chance of it.

        Since every epoch draws from a seed of its own, a resumed run needs no random states to go
        on as if it had never been interrupted.
        """
        recipe = self.recipe
        trained = trained_stages(recipe.strategy, self.classifier.stage_count, epoch, recipe.epochs)
        self.objective = objective_of(recipe, self.teacher, epoch)
        freeze(self.classifier, trained, recipe.frozen_batchnorm)
        torch.manual_seed(epoch_seed(recipe.seed, epoch))

    def step(self, inputs: Tensor, labels: Tensor, start: int) -> tuple[float, int]:
        """Learn from a batch.

        Args:
            inputs: what stage *start* takes, (N, C, H, W), or pooled features (N, C).
            labels: int64 (N,).

        Returns:
            The mean loss, and how many of the answers were right.
        """
        self.optimiser.zero_grad(set_to_none=True)
        with self.compute.autocast():
            loss, logits = self.objective(self.classifier, inputs, labels, start)
        self.scaler.scale(loss).backward()
        self.scaler.step(self.optimiser)
        self.scaler.update()
        if isinstance(self.schedule, OneCycleLR):
            self.schedule.step()
        if self.average:
            self.average.update(self.classifier)
        return loss.item(), int((logits.detach().argmax(dim=1) == labels).sum())

    def end_epoch(self, validation_loss: float) -> None:
        if isinstance(self.schedule, ReduceLROnPlateau):
            self.schedule.step(validation_loss)
        elif isinstance(self.schedule, CosineAnnealingWarmRestarts):
            self.schedule.step()

    def state_dict(self) -> dict[str, Any]:
        return {
            "classifier": self.classifier.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "schedule": self.schedule.state_dict() if self.schedule else {},
            "scaler": self.scaler.state_dict(),
            "average": self.average.state_dict() if self.average else {},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.classifier.load_state_dict(state["classifier"])
        self.optimiser.load_state_dict(state["optimiser"])
        if self.schedule:
            self.schedule.load_state_dict(state["schedule"])
        self.scaler.load_state_dict(state["scaler"])
        if self.average:
            self.average.load_state_dict(state["average"])


def epoch_seed(seed: int, epoch: int) -> int:
    """A seed for all chance of one epoch."""
    return seed * 1_000_003 + epoch


def schedule_of(
    recipe: Recipe, optimiser: AdamW, steps_per_epoch: int
) -> LRScheduler | ReduceLROnPlateau | None:
    """The schedule that *recipe* names; None for a learning rate that stays."""
    match recipe.schedule:
        case "warm_restarts":
            return CosineAnnealingWarmRestarts(
                optimiser, recipe.restart_period, recipe.restart_factor
            )
        case "one_cycle":
            steps = steps_per_epoch * recipe.epochs
            if steps < _SHORTEST_CYCLE:
                return None
            # torch divides by the steps of warming up less one, and by those of cooling down.
            warm_up = min(max(recipe.warm_up, 1.5 / steps), 1 - 1.5 / steps)
            return OneCycleLR(optimiser, recipe.learning_rate, total_steps=steps, pct_start=warm_up)
        case "plateau":
            return ReduceLROnPlateau(optimiser, patience=3, factor=0.5)
        case "none":
            return None


class WeightAverage(nn.Module):
    """An exponential moving average of a classifier's weights and BatchNorm statistics.

    The decay grows to its full value over the first steps, so that the random start is forgotten.
    """

    def __init__(self, classifier: Classifier, decay: float) -> None:
        super().__init__()
        self.classifier = copy.deepcopy(classifier).eval().requires_grad_(False)
        self.decay = decay
        self.register_buffer("steps", torch.zeros((), dtype=torch.int64))
        self.steps: Tensor

    @torch.no_grad()
    def update(self, classifier: Classifier) -> None:
        self.steps += 1
        steps = int(self.steps)
        weight = 1 - min(self.decay, (1 + steps) / (10 + steps))
        mine = self.classifier.state_dict()
        theirs = classifier.state_dict()
        floating = [name for name, value in mine.items() if value.is_floating_point()]
        torch._foreach_lerp_([mine[n] for n in floating], [theirs[n] for n in floating], weight)
        for name in mine.keys() - set(floating):
            mine[name].copy_(theirs[name])
