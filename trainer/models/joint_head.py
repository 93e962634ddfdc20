"""A head that goes on knowing ImageNet's classes beside those that it is taught.

Fine-tuning on photos of one kind makes a network forget what it knew of all others. Here ImageNet's
own linear layer stays in the head, beside one for the new classes, and both answer in one softmax:
a class that ImageNet has (banana, lemon) is known by either, and what looks like one of ImageNet's
other classes (a shoe, a milk can) speaks against every class: it is the background. While learning,
ImageNet's layer is held to what it answered before (Li and Hoiem, *Learning without Forgetting*,
ECCV 2016; see :class:`trainer.training.losses.Retention`).
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from trainer.models.imagenet_classes import CLASS_COUNT, claimed


class JointHead(nn.Module):
    """Dropout, then two linear layers whose outputs are joined class by class.

    A class's logit is the logarithm of the sum of exponentials of its own output and of those of
    ImageNet's classes that are of its kind, less the same of the background: the log-odds that the
    image shows it rather than none of the classes. The background's logit is thus 0.
    """

    membership: Tensor
    """float32 (1000, classes + 1): 1 where an ImageNet class is of a class's kind; the last column
    is the background."""

    def __init__(self, features: int, classes: int, dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.own = nn.Linear(features, classes)
        self.imagenet = nn.Linear(features, CLASS_COUNT)
        membership = torch.zeros(CLASS_COUNT, classes + 1)
        membership[:, -1] = 1
        self.register_buffer("membership", membership)

    def claim(self, classes: Sequence[str]) -> None:
        """Give the classes of these names what ImageNet has of their kinds."""
        self.membership.zero_()[:, -1] = 1
        for index, place in claimed(classes).items():
            self.membership[index, -1] = 0
            self.membership[index, place] = 1

    def forward(self, features: Tensor) -> Tensor:
        """Logits (N, classes) of features (N, F)."""
        return self.join(*self.outputs(features))

    def outputs(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """What the two layers give for features (N, F): (N, classes) and (N, 1000)."""
        seen = self.dropout(features)
        return self.own(seen), self.imagenet(seen)

    def join(self, own: Tensor, imagenet: Tensor) -> Tensor:
        """Logits (N, classes), float32, of what the two layers give."""
        own, imagenet = own.float(), imagenet.float()
        top = imagenet.amax(dim=1, keepdim=True)
        # Sums of 16 bits would be too coarse.
        with torch.autocast(own.device.type, enabled=False):
            shares = (imagenet - top).exp() @ self.membership.float()
        # The least that exp() gives in float32; a class that ImageNet lacks has no share at all.
        joined = shares.clamp(min=1e-37).log() + top
        # The logarithm of the two's sum of exponentials, for which ONNX has no other name.
        either = own + functional.softplus(joined[:, :-1] - own)
        return either - joined[:, -1:]
