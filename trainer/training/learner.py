"""One step of learning, and all the state that it changes."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.optim import AdamW
from torch.optim.lr_scheduler import (
    CosineAnnealingWarmRestarts,
    LambdaLR,
    OneCycleLR,
    ReduceLROnPlateau,
)

from trainer.config.recipe import Recipe
from trainer.errors import DeviceError
from trainer.models.classifier import (
    Classifier,
    always_frozen_stages,
    freeze,
    parameters_of,
    trained_stages,
)
from trainer.runtime.allocator import give_back_memory
from trainer.runtime.device import Compute, free_cached_memory, is_out_of_memory
from trainer.runtime.distributed import ALONE, Ranks
from trainer.training.batches import batches_of, epoch_seed
from trainer.training.losses import Objective, objective_of
from trainer.training.mixup import mix
from trainer.training.schedules import schedule_of
from trainer.training.weight_average import WeightAverage


class Learner:
    """A classifier with its optimiser, schedule and average, to step, save and load as one."""

    def __init__(
        self,
        recipe: Recipe,
        classifier: Classifier,
        teacher: Classifier | None,
        compute: Compute,
        steps_per_epoch: int,
        ranks: Ranks = ALONE,
    ) -> None:
        self.recipe = recipe
        self.classifier = classifier
        self.teacher = teacher
        self.objective: Objective = objective_of(recipe, teacher, epoch=1)
        self.compute = compute
        self.ranks = ranks
        self.parts = 1
        """In how many parts a batch is computed, as memory demands."""
        self.first_stage = always_frozen_stages(
            recipe.strategy, classifier.stage_count, recipe.epochs
        )
        """The first stage that is trained in any epoch."""
        self._frozen = frozen_names(recipe, classifier)
        self.optimiser = AdamW(
            _parameter_groups(classifier, self.first_stage, recipe),
            lr=recipe.learning_rate,
            weight_decay=recipe.weight_decay,
            fused=compute.device.type in {"cpu", "cuda"},
        )
        self.schedule = schedule_of(recipe, self.optimiser, steps_per_epoch)
        self.scaler = compute.gradient_scaler()
        self.average = (
            WeightAverage(classifier, recipe.average_decay) if recipe.average_decay else None
        )
        self._trained: range | None = None
        self._module: nn.Module = classifier

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
        if self.ranks.count > 1 and trained != self._trained:
            # It must be made anew when other parameters get gradients.
            self._module = DistributedDataParallel(self.classifier)
        self._trained = trained
        torch.manual_seed(epoch_seed(recipe.seed, epoch) + self.ranks.rank)

    def step(
        self, inputs: Tensor, labels: Tensor, start: int, total: int | None = None
    ) -> tuple[Tensor, Tensor]:
        """Learn from a batch; where memory does not suffice, in ever more parts.

        Args:
            inputs: what stage *start* takes, (N, C, H, W), or pooled features (N, C).
            labels: int64 (N,).
            total: how many photos the batch has over all ranks; None for N.

        Returns:
            The mean loss, and how many answers were right; of this rank, on the device.

        Raises:
            DeviceError: there is not enough memory for two photos at a time.
        """
        recipe = self.recipe
        targets = labels
        if recipe.mixup or recipe.cutmix:
            classes = self.classifier.class_count
            inputs, targets = mix(inputs, labels, classes, recipe.mixup, recipe.cutmix)
        # The mean of what the ranks' gradients are is to be that of the whole batch.
        weight = 1.0 if total is None else len(labels) * self.ranks.count / total
        while True:
            try:
                answered = self._gradients(inputs, labels, targets, start, weight)
                break
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
                if len(labels) < 4 * self.parts or self.ranks.count > 1:
                    raise DeviceError(
                        "There is not enough memory to train. Choose a smaller picture size, "
                        "batch size or model."
                    ) from error
            # Not in the except clause, whose traceback would hold on to the memory.
            self.parts *= 2
            self.optimiser.zero_grad(set_to_none=True)
            give_back_memory()
            free_cached_memory(self.compute.device)
        # Not tried again: weights may have been changed when its memory does not suffice.
        self.scaler.step(self.optimiser)
        self.scaler.update()
        if isinstance(self.schedule, OneCycleLR | LambdaLR):
            self.schedule.step()
        if self.average:
            self.average.update(self.classifier)
        return answered

    def _gradients(
        self, inputs: Tensor, labels: Tensor, targets: Tensor, start: int, weight: float
    ) -> tuple[Tensor, Tensor]:
        self.optimiser.zero_grad(set_to_none=True)
        total_loss, right = inputs.new_zeros(()), labels.new_zeros(())
        size = -(-len(labels) // self.parts)
        # A part of one photo would leave BatchNorm without a variance.
        for part in batches_of(torch.arange(len(labels)), size):
            chosen = slice(int(part[0]), int(part[-1]) + 1)
            with self.compute.autocast():
                loss, logits = self.objective(self._module, inputs[chosen], targets[chosen], start)
            share = len(part) / len(labels)
            self.scaler.scale(loss * (share * weight)).backward()
            total_loss += loss.detach() * share
            right += (logits.detach().argmax(dim=1) == labels[chosen]).sum()
        return total_loss, right

    def end_epoch(self, validation_loss: float) -> None:
        if isinstance(self.schedule, ReduceLROnPlateau):
            self.schedule.step(validation_loss)
        elif isinstance(self.schedule, CosineAnnealingWarmRestarts):
            self.schedule.step()

    def state_dict(self) -> dict[str, Any]:
        """All that learning changes; the weights of stages that stay frozen are left out."""
        return {
            "classifier": self._without_frozen(self.classifier),
            "optimiser": self.optimiser.state_dict(),
            "schedule": self.schedule.state_dict() if self.schedule else {},
            "scaler": self.scaler.state_dict(),
            "average": self._without_frozen(self.average) if self.average else {},
            "parts": self.parts,
        }

    def _without_frozen(self, module: nn.Module) -> dict[str, Tensor]:
        state = module.state_dict()
        # The average has the classifier as its part.
        return {n: state[n] for n in state if n.removeprefix("classifier.") not in self._frozen}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take up what :meth:`state_dict` gave, in a learner of the same frozen weights.

        Raises:
            KeyError, RuntimeError: it is of another recipe.
        """
        self._load_without_frozen(self.classifier, state["classifier"])
        self.optimiser.load_state_dict(state["optimiser"])
        if self.schedule:
            self.schedule.load_state_dict(state["schedule"])
        self.scaler.load_state_dict(state["scaler"])
        self.parts = state.get("parts", 1)
        if self.average:
            self._load_without_frozen(self.average, state["average"])

    def _load_without_frozen(self, module: nn.Module, state: dict[str, Tensor]) -> None:
        module.load_state_dict(module.state_dict() | state)


def frozen_names(recipe: Recipe, classifier: Classifier) -> set[str]:
    """The names in the classifier's state dict of what no epoch of a run changes: the stages that
    are never trained, unless their BatchNorm statistics may drift."""
    if recipe.frozen_batchnorm == "train":
        return set()
    frozen = always_frozen_stages(recipe.strategy, classifier.stage_count, recipe.epochs)
    stages = classifier.architecture.stages[:frozen]
    prefixes = tuple(f"network.{module}." for stage in stages for module in stage)
    if frozen == classifier.stage_count:
        prefixes += tuple(f"network.{module}." for module in classifier.architecture.neck)
    return {name for name in classifier.state_dict() if name.startswith(prefixes)}


def _parameter_groups(
    classifier: Classifier, first_stage: int, recipe: Recipe
) -> list[dict[str, Any]]:
    """The head and the last stage at the full rate, and each stage before at a lower one: Howard
    and Ruder, *Universal Language Model Fine-tuning for Text Classification*, ACL 2018."""
    last = classifier.stage_count - 1
    with_head = [last] if first_stage <= last else []
    groups = [{"params": parameters_of(classifier, with_head), "lr": recipe.learning_rate}]
    for stage in reversed(range(first_stage, last)):
        rate = recipe.learning_rate * recipe.rate_decay ** (last - stage)
        groups.append({"params": parameters_of(classifier, [stage], head=False), "lr": rate})
    return groups
