"""The activations of heads, and how steep they are, without torch."""

import math
from collections.abc import Callable, Mapping

import numpy as np

from trainer.models.metadata import Activation


def _logistic(x: np.ndarray) -> np.ndarray:
    result: np.ndarray = 0.5 * (1 + np.tanh(x / 2))
    return result


def _normal(x: np.ndarray) -> np.ndarray:
    """The normal distribution's share below *x*."""
    below = [0.5 * (1 + math.erf(value / math.sqrt(2))) for value in x.ravel().tolist()]
    return np.array(below, dtype=x.dtype).reshape(x.shape)


CURVES: Mapping[Activation, tuple[Callable[[np.ndarray], np.ndarray], ...]] = {
    "relu": (lambda x: np.maximum(x, 0), lambda x: x > 0),
    "hardswish": (
        lambda x: x * np.clip(x / 6 + 0.5, 0, 1),
        lambda x: np.where(np.abs(x) < 3, x / 3 + 0.5, x > 0),
    ),
    "silu": (
        lambda x: x * _logistic(x),
        lambda x: _logistic(x) * (1 + x * (1 - _logistic(x))),
    ),
    "gelu": (
        lambda x: x * _normal(x),
        lambda x: _normal(x) + x * np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi),
    ),
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
}
"""What each gives, and how steep it is there."""
