"""The moving average of a classifier's weights."""

import copy

import torch
from torch import Tensor, nn

from trainer.models.classifier import (
    Classifier,
)


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
