"""Augmentation of a whole batch at once, on whatever device the batch is on."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from trainer.config.recipe import Augmentation

_Uniform = Callable[[float, float], Tensor]
"""Draws a value an image, (N,), between two bounds."""

_STORED_SCALE = 8 / 7
"""Photos to be cropped are stored larger than the crops by this factor (256 for 224)."""


@dataclass(frozen=True, slots=True)
class _Strength:
    smallest_area: float
    """Of the crop, as a share of the photo."""
    stretch: float
    """The largest ratio of a crop's sides."""
    rotation: float
    """In degrees, to either side."""
    brightness: float
    contrast: float
    saturation: float
    erased_share: float
    """The chance that a rectangle is erased."""


_STRENGTHS = {
    "light": _Strength(0.6, 1.15, 8.0, 0.15, 0.15, 0.15, 0.0),
    "strong": _Strength(0.25, 4 / 3, 20.0, 0.35, 0.35, 0.35, 0.25),
}


def stored_size(image_size: int, augmentation: Augmentation) -> int:
    """At what side to store photos that will be augmented to *image_size* pixels."""
    return image_size if augmentation == "none" else round(image_size * _STORED_SCALE)


def augment(
    images: Tensor, size: int, augmentation: Augmentation, generator: torch.Generator
) -> Tensor:
    """Random crops, flips, rotations, light and erasing, drawn anew for each image.

    Args:
        images: uint8 (N, 3, S, S).
        size: the side of the result.
        generator: of the CPU, so that a seed gives the same images on every device.

    Returns:
        uint8 (N, 3, size, size); the images themselves where *augmentation* is ``none``.
    """
    if augmentation == "none":
        return images
    strength = _STRENGTHS[augmentation]
    count = len(images)

    def uniform(low: float, high: float) -> Tensor:
        return torch.empty(count).uniform_(low, high, generator=generator).to(images.device)

    theta = _random_crops(strength, uniform)
    grid = functional.affine_grid(theta, [count, 3, size, size], align_corners=False)
    crops = functional.grid_sample(
        images.float(), grid, mode="bilinear", padding_mode="reflection", align_corners=False
    )
    lit = _random_light(crops, strength, uniform)
    if strength.erased_share:
        lit = _random_erasing(lit, strength.erased_share, uniform)
    return lit.clamp_(0, 255).round_().to(torch.uint8)


def _random_crops(strength: _Strength, uniform: _Uniform) -> Tensor:
    """Affine maps (N, 2, 3) from the crop's coordinates to the photo's, both from -1 to 1."""
    side = uniform(strength.smallest_area, 1.0).sqrt()
    stretch = (uniform(-1.0, 1.0) * (math.log(strength.stretch) / 2)).exp()
    width, height = (side * stretch).clamp(max=1.0), (side / stretch).clamp(max=1.0)
    left, top = uniform(-1.0, 1.0) * (1 - width), uniform(-1.0, 1.0) * (1 - height)
    flip = uniform(-1.0, 1.0).sign()
    angle = uniform(-1.0, 1.0) * math.radians(strength.rotation)
    cos, sin = angle.cos(), angle.sin()
    rows = [
        torch.stack([width * flip * cos, -width * sin, left], dim=1),
        torch.stack([height * flip * sin, height * cos, top], dim=1),
    ]
    return torch.stack(rows, dim=1)


def _random_light(images: Tensor, strength: _Strength, uniform: _Uniform) -> Tensor:
    def factor(spread: float) -> Tensor:
        return uniform(1 - spread, 1 + spread).view(-1, 1, 1, 1)

    lit = images * factor(strength.brightness)
    mean = lit.mean(dim=(1, 2, 3), keepdim=True)
    lit = (lit - mean) * factor(strength.contrast) + mean
    grey = lit.mean(dim=1, keepdim=True)
    return (lit - grey) * factor(strength.saturation) + grey


def _random_erasing(images: Tensor, share: float, uniform: _Uniform) -> Tensor:
    """Zhong et al., *Random Erasing Data Augmentation*, AAAI 2020; filled with mid-grey."""
    size = images.shape[-1]
    half_width, half_height = uniform(0.08, 0.25), uniform(0.08, 0.25)
    centre_x, centre_y = uniform(0.0, 1.0), uniform(0.0, 1.0)
    erased = uniform(0.0, 1.0) < share
    along = (torch.arange(size, device=images.device) + 0.5) / size
    in_x = (along - centre_x[:, None]).abs() < half_width[:, None]
    in_y = (along - centre_y[:, None]).abs() < half_height[:, None]
    mask = in_y[:, :, None] & in_x[:, None, :] & erased[:, None, None]
    return images.masked_fill(mask[:, None], 127.0)
