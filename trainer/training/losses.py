"""What is minimised: cross-entropy with the labels, or disagreement with a teacher."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from trainer.config.recipe import Recipe
from trainer.models.classifier import Classifier
from trainer.models.joint_head import JointHead
from trainer.training.distillation import Distillation

Objective = Callable[[nn.Module, Tensor, Tensor, int], tuple[Tensor, Tensor]]
"""From (classifier, inputs of stage ``start``, targets, start) to (loss, logits). Targets are
labels, int64 (N,), or shares of each class, float (N, classes)."""


class CrossEntropy:
    """Cross-entropy with label smoothing."""

    def __init__(self, label_smoothing: float) -> None:
        self.label_smoothing = label_smoothing

    def __call__(
        self, classifier: nn.Module, inputs: Tensor, targets: Tensor, start: int
    ) -> tuple[Tensor, Tensor]:
        logits: Tensor = classifier(inputs, start)
        loss = functional.cross_entropy(logits, targets, label_smoothing=self.label_smoothing)
        return loss, logits


class Retention:
    """Learns new classes with a joint head, and holds on to ImageNet's.

    The new classes are learnt by cross-entropy over all classes and the background; ImageNet's own
    answers are held to those that the weights gave before, on the very same images: Li and Hoiem,
    *Learning without Forgetting*, ECCV 2016.
    """

    def __init__(
        self,
        origin: Classifier | None,
        *,
        weight: float,
        temperature: float,
        label_smoothing: float,
    ) -> None:
        """Make it of the classifier as it was.

        Args:
            origin: with the weights that learning starts from; in eval mode from now on. Without,
                nothing is held on to.
        """
        self.origin = None if origin is None else origin.eval().requires_grad_(False)
        self.weight = weight
        self.temperature = temperature
        self.label_smoothing = label_smoothing

    def __call__(
        self, classifier: nn.Module, inputs: Tensor, targets: Tensor, start: int
    ) -> tuple[Tensor, Tensor]:
        if not isinstance(classifier, Classifier):
            raise ValueError("what is held on to must be seen, in one process")
        own, imagenet = _joint_outputs(classifier, inputs, start)
        logits = joint_head_of(classifier).join(own, imagenet)
        loss = functional.cross_entropy(
            with_background(logits), targets, label_smoothing=self.label_smoothing
        )
        if self.origin is None:
            return loss, logits
        with torch.no_grad():
            _, before = _joint_outputs(self.origin, inputs, start)
        forgotten = functional.kl_div(
            functional.log_softmax(imagenet.float() / self.temperature, dim=1),
            functional.log_softmax(before.float() / self.temperature, dim=1),
            reduction="batchmean",
            log_target=True,
        )
        return loss + self.weight * self.temperature**2 * forgotten, logits


def _joint_outputs(classifier: Classifier, inputs: Tensor, start: int) -> tuple[Tensor, Tensor]:
    outputs = classifier.trunk(inputs, start)
    features = outputs if outputs.ndim == 2 else classifier.pool(outputs)
    return joint_head_of(classifier).outputs(features)


def joint_head_of(classifier: Classifier) -> JointHead:
    """The classifier's head, which is joint.

    Raises:
        TypeError: it is not.
    """
    if not isinstance(classifier.head, JointHead):
        raise TypeError("not a joint head")
    return classifier.head


def with_background(logits: Tensor) -> Tensor:
    """A joint head's logits (N, classes), and the background's as one more: (N, classes + 1)."""
    return functional.pad(logits, (0, 1))


def objective_of(recipe: Recipe, teacher: Classifier | None, epoch: int) -> Objective:
    """The objective that *recipe* has in an epoch, counted from 1.

    Args:
        teacher: the recipe's teacher; of a joint head that holds on to what it knew, the classifier
            as it was before.
    """
    if recipe.head == "joint":
        return Retention(
            teacher,
            weight=recipe.retention_weight,
            temperature=recipe.retention_temperature,
            label_smoothing=recipe.label_smoothing,
        )
    if teacher is None:
        return CrossEntropy(recipe.label_smoothing)
    return Distillation(
        teacher,
        temperature=recipe.distillation_temperature,
        hint_weight=recipe.hint_weight,
        label_smoothing=recipe.label_smoothing,
        mixed_share=recipe.mixed_share,
        block_wise=epoch <= recipe.block_wise_epochs,
    )
