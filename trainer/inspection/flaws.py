"""What makes a photo a poor one to learn from: blurred, dark, small, odd-shaped."""

from trainer.data.photo_stats import PhotoStats
from trainer.inspection.result import Flaw

_BLURRED = 0.68
"""Of :func:`trainer.data.image_measures.blur_effect`: two in a thousand photos taken in shops, and
three quarters of photos of 348 pixels once they are blurred by a Gaussian of 3."""
_DARK = 0.25
"""Of what is lightest in a photo, from 0 to 1."""
_SMALL = 64
"""Pixels of the shorter side."""
_ODD = 3.0
"""How many times as long as wide."""


def has_flaw(stats: PhotoStats, flaw: Flaw) -> bool:
    """Whether a photo of a data set is a poor one in this way."""
    short, long = sorted((stats.width, stats.height))
    return {
        "blurred": stats.blur > _BLURRED,
        "dark": stats.brightness < _DARK,
        "small": short < _SMALL,
        "odd-shaped": long > _ODD * short,
    }[flaw]
