"""Images made of two, with targets in the same proportion."""

import math

import torch
from torch import Tensor
from torch.nn import functional


def mix(
    images: Tensor, labels: Tensor, classes: int, mixup: float, cutmix: float
) -> tuple[Tensor, Tensor]:
    """Mix each image of a batch with its neighbour, all in one proportion.

    *mixup* blends them (Zhang et al., *mixup: Beyond Empirical Risk Minimization*, ICLR 2018),
    *cutmix* pastes a rectangle (Yun et al., *CutMix*, ICCV 2019); where both are asked for, a coin
    decides for the batch. Chance is drawn from torch's global generator, on the CPU.

    Args:
        images: float (N, C, H, W).
        labels: int64 (N,).
        mixup: concentration of the Beta distribution that the proportion is drawn from; 0 for none.
        cutmix: the same for CutMix.

    Returns:
        Images (N, C, H, W) and targets, float (N, classes). The image's own share is at least
        half, so its label stays the most probable one.
    """
    pastes = cutmix > 0 and (mixup <= 0 or bool(torch.rand(()) < 0.5))
    alpha = cutmix if pastes else mixup
    own = float(torch.distributions.Beta(alpha, alpha).sample())
    own = max(own, 1 - own)
    others = images.roll(1, dims=0)
    if pastes:
        top, bottom, left, right = _rectangle(images.shape[-2], images.shape[-1], 1 - own)
        images = images.clone(memory_format=torch.preserve_format)
        images[..., top:bottom, left:right] = others[..., top:bottom, left:right]
        own = 1 - (bottom - top) * (right - left) / (images.shape[-2] * images.shape[-1])
    else:
        images = images.lerp(others, 1 - own)
    targets = functional.one_hot(labels, classes).float()
    return images, targets.lerp(targets.roll(1, dims=0), 1 - own)


def _rectangle(height: int, width: int, share: float) -> tuple[int, int, int, int]:
    """Top, bottom, left and right of a rectangle anywhere, that covers *share* of the image, or
    less where the border cuts it off."""
    half_height = int(height * math.sqrt(share) / 2)
    half_width = int(width * math.sqrt(share) / 2)
    y, x = int(torch.randint(height, ())), int(torch.randint(width, ()))
    return (
        *(max(0, y - half_height), min(height, y + half_height)),
        *(max(0, x - half_width), min(width, x + half_width)),
    )
