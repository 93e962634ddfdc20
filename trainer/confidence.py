"""Confidence that means what it says: temperature, rejection threshold, calibration error."""

import math

import torch
from torch import Tensor
from torch.nn import functional

KEPT_RIGHT_ANSWERS = 0.99
"""The threshold is set so that this share of the right answers on validation photos is kept."""

_TEMPERATURES = torch.logspace(-1.3, 1.3, 105)


def fit_temperature(logits: Tensor, labels: Tensor) -> float:
    """The temperature with the lowest cross-entropy on held-out photos.

    Guo et al., *On Calibration of Modern Neural Networks*, ICML 2017; searched on a grid from 0.05
    to 20, since there is one parameter and its loss has one minimum. The labels are smoothed as by
    Platt (*Probabilistic Outputs for Support Vector Machines*, 1999), each right with probability
    (N + 1) / (N + 2): a model that got a few photos all right is not made sure of everything.

    Args:
        logits: float (N, classes).
        labels: int64 (N,).
    """
    if len(labels) == 0:
        return 1.0
    doubt = 1 / (len(labels) + 2)
    classes = logits.shape[1]
    targets = torch.full_like(logits, doubt / max(1, classes - 1))
    targets.scatter_(1, labels[:, None], 1 - doubt)
    losses = [functional.cross_entropy(logits / t, targets).item() for t in _TEMPERATURES]
    return float(_TEMPERATURES[min(range(len(losses)), key=losses.__getitem__)])


def fit_threshold(probabilities: Tensor, labels: Tensor) -> float:
    """The confidence below which an answer is called unknown (0 where nothing was right).

    Args:
        probabilities: float (N, classes), calibrated.
        labels: int64 (N,).
    """
    confidence, answers = probabilities.max(dim=1)
    of_right_answers = confidence[answers == labels]
    if len(of_right_answers) == 0:
        return 0.0
    return float(torch.quantile(of_right_answers, 1 - KEPT_RIGHT_ANSWERS))


def calibration_error(confidence: Tensor, right: Tensor, bins: int = 15) -> float:
    """Expected calibration error: how far confidence and accuracy lie apart, from 0 to 1.

    Naeini et al., *Obtaining Well Calibrated Probabilities Using Bayesian Binning*, AAAI 2015, with
    bins of equal width.

    Args:
        confidence: float (N,), the probability of each answer.
        right: bool (N,), whether it was right.
    """
    if len(confidence) == 0:
        return 0.0
    index = (confidence * bins).long().clamp(0, bins - 1)
    gaps = torch.zeros(bins, dtype=torch.float64)
    gaps.index_add_(0, index, right.double() - confidence.double())
    return float(gaps.abs().sum() / len(confidence))


def wilson_interval(right: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    """The 95% interval of a share (Wilson, *Probable Inference*, JASA 1927)."""
    share = right / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)
