"""Confidence intervals. Needs no torch."""

import math


def wilson_interval(right: float, n: int, z: float = 1.959964) -> tuple[float, float]:
    """The 95% interval of a share (Wilson, *Probable Inference*, JASA 1927); of nothing, all is
    possible.

    Args:
        right: how many of *n*; a mean over several trials on the same *n* need not be whole.
    """
    if n == 0:
        return 0.0, 1.0
    share = right / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)
