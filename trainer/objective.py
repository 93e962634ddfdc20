"""What is minimised: cross-entropy with the labels, or agreement with a teacher."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from trainer.model import Classifier
from trainer.recipe import Recipe

Objective = Callable[[Classifier, Tensor, Tensor, int], tuple[Tensor, Tensor]]
"""From (classifier, inputs of stage ``start``, labels (N,), start) to (loss, logits (N, classes))."""


class CrossEntropy:
    """Cross-entropy with label smoothing."""

    def __init__(self, label_smoothing: float) -> None:
        self.label_smoothing = label_smoothing

    def __call__(
        self, classifier: Classifier, inputs: Tensor, labels: Tensor, start: int
    ) -> tuple[Tensor, Tensor]:
        logits: Tensor = classifier(inputs, start)
        loss = functional.cross_entropy(logits, labels, label_smoothing=self.label_smoothing)
        return loss, logits


class Distillation(nn.Module):
    """Learns to answer as a teacher does on the very same pictures, and to see them as it does.

    The answers are matched by the Kullback–Leibler divergence of softened probabilities (Hinton,
    Vinyals and Dean, *Distilling the Knowledge in a Neural Network*, 2015), over augmented pictures
    that both see alike (Beyer et al., *A good teacher is patient and consistent*, CVPR 2022); the
    features by the error of each stage's output, relative to its variance (Romero et al., *FitNets*,
    ICLR 2015). Features are matched where a stage of both has the same shape.
    """

    def __init__(self, teacher: Classifier, temperature: float, hint_weight: float) -> None:
        super().__init__()
        self.teacher = teacher.eval().requires_grad_(False)
        self.temperature = temperature
        self.hint_weight = hint_weight

    def forward(
        self, classifier: Classifier, inputs: Tensor, labels: Tensor, start: int
    ) -> tuple[Tensor, Tensor]:
        del labels  # The teacher has seen them.
        if start:
            raise ValueError("a teacher must see the pictures themselves")
        ours = theirs = inputs
        hints = inputs.new_zeros(())
        for index in range(classifier.stage_count):
            ours = classifier.run_stage(index, ours)
            with torch.no_grad():
                theirs = self.teacher.run_stage(index, theirs)
            if self.hint_weight and ours.shape == theirs.shape:
                hints = hints + relative_error(ours, theirs)
        with torch.no_grad():
            targets = functional.log_softmax(
                self.teacher.classify(theirs) / self.temperature, dim=1
            )
        logits = classifier.classify(ours)
        answers = functional.log_softmax(logits / self.temperature, dim=1)
        divergence = functional.kl_div(answers, targets, reduction="batchmean", log_target=True)
        return divergence * self.temperature**2 + self.hint_weight * hints, logits


def relative_error(ours: Tensor, theirs: Tensor) -> Tensor:
    """Mean squared error as a share of the variance of *theirs* in each channel; both (N, C, h, w)."""
    variance = theirs.var(dim=(0, 2, 3), keepdim=True) + 1e-4
    return ((ours - theirs).square() / variance).mean()


def objective_of(recipe: Recipe, teacher: Classifier | None) -> Objective:
    """The objective that *recipe* names."""
    if teacher is None:
        return CrossEntropy(recipe.label_smoothing)
    return Distillation(teacher, recipe.distillation_temperature, recipe.hint_weight)
