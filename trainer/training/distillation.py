"""Learning from a teacher, and starting at its scale."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from trainer.models.classifier import Classifier


class Distillation:
    """Learns to answer as a teacher does on the very same images, and to see them as it does.

    The answers are matched by the Kullback–Leibler divergence of softened probabilities (Hinton,
    Vinyals and Dean, *Distilling the Knowledge in a Neural Network*, 2015), over augmented images
    that both see alike (Beyer et al., *A good teacher is patient and consistent*, CVPR 2022); where
    the teacher errs, the label is the target. A share of the images may be mixtures of two (Zhang
    et al., *mixup*, ICLR 2018), of which only the teacher's answer counts. Features are matched by
    the error of each block's output (Romero et al., *FitNets*, ICLR 2015), where a block of both
    has the same shape.

    Block-wise, each block is fed the teacher's input to it and learns to give the teacher's output,
    apart from all others (Li et al., *Blockwisely Supervised Neural Architecture Search with
    Knowledge Distillation*, CVPR 2020): shallow problems, which are learnt in few epochs from
    random weights. Teacher and classifier must then have the same architecture.
    """

    def __init__(
        self,
        teacher: Classifier,
        *,
        temperature: float,
        hint_weight: float,
        label_smoothing: float,
        mixed_share: float = 0.0,
        block_wise: bool = False,
    ) -> None:
        self.teacher = teacher.eval().requires_grad_(False)
        self.temperature = temperature
        self.hint_weight = hint_weight
        self.label_smoothing = label_smoothing
        self.mixed_share = mixed_share
        self.block_wise = block_wise

    def __call__(
        self, classifier: nn.Module, inputs: Tensor, targets: Tensor, start: int
    ) -> tuple[Tensor, Tensor]:
        if start or not isinstance(classifier, Classifier):
            raise ValueError("a teacher must see the pictures themselves, in one process")
        inputs, is_mixed = _mix(inputs, self.mixed_share)
        ours = theirs = inputs
        hints = inputs.new_zeros(())
        for block, their_block in zip(classifier.blocks(), self.teacher.blocks(), strict=True):
            ours = block(theirs if self.block_wise else ours)
            with torch.no_grad():
                theirs = their_block(theirs)
            if self.hint_weight and ours.ndim == 4 and ours.shape == theirs.shape:
                hints = hints + relative_error(ours, theirs)
        logits = classifier.classify(theirs if self.block_wise else ours)
        with torch.no_grad():
            their_logits = self.teacher.classify(theirs)
        disagreement = self._disagreement(logits, their_logits, targets, is_mixed)
        return disagreement + self.hint_weight * hints, logits

    def _disagreement(
        self, ours: Tensor, theirs: Tensor, labels: Tensor, is_mixed: Tensor
    ) -> Tensor:
        is_trusted = is_mixed | (theirs.argmax(dim=1) == labels)
        divergence = functional.kl_div(
            functional.log_softmax(ours / self.temperature, dim=1),
            functional.log_softmax(theirs / self.temperature, dim=1),
            reduction="none",
            log_target=True,
        ).sum(dim=1)
        from_labels = functional.cross_entropy(
            ours, labels, label_smoothing=self.label_smoothing, reduction="none"
        )
        return torch.where(is_trusted, divergence * self.temperature**2, from_labels).mean()


def _mix(images: Tensor, share: float) -> tuple[Tensor, Tensor]:
    """Mix about *share* of the images with their neighbours in the batch, to any proportion.

    Returns:
        The images (N, C, H, W), and which of them are mixed: bool (N,).
    """
    count = len(images)
    if not share:
        return images, torch.zeros(count, dtype=torch.bool, device=images.device)
    # Drawn on the CPU, so that a seed mixes the same images on every device.
    is_mixed = (torch.rand(count) < share).to(images.device)
    weight = torch.rand(count).to(images.device) * is_mixed
    return torch.lerp(images, images.roll(1, dims=0), weight.view(-1, 1, 1, 1)), is_mixed


def relative_error(ours: Tensor, theirs: Tensor) -> Tensor:
    """Mean squared error as a share of the mean variance of *theirs* in a channel; (N, C, h, w)."""
    variance = theirs.var(dim=(0, 2, 3)).mean() + 1e-6
    return (ours - theirs).square().mean() / variance


@torch.no_grad()
def match_scale(classifier: Classifier, teacher: Classifier, images: Tensor) -> None:
    """Let each block of a randomly initialised classifier start at the scale of the teacher's.

    The last BatchNorm layer of each residual or inverted-residual block gets the mean and the
    standard deviation of what the teacher's block adds: an initialisation from data alone, after
    Mishkin and Matas, *All You Need is a Good Init*, ICLR 2016. Without it, hundreds of steps are
    spent on finding the scale.

    Args:
        images: normalised, float (N, 3, H, W); some dozens are enough.
    """
    x = images
    for block, their_block in zip(classifier.blocks(), teacher.blocks(), strict=True):
        output = their_block(x)
        convolution = getattr(block, "conv", None)
        if isinstance(convolution, nn.Sequential) and isinstance(convolution[-1], nn.BatchNorm2d):
            added = output - x if getattr(block, "use_res_connect", False) else output
            convolution[-1].weight.copy_(added.std(dim=(0, 2, 3)))
            convolution[-1].bias.copy_(added.mean(dim=(0, 2, 3)))
        x = output
