"""What runs a model, and what it gives."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class Outputs:
    """What a network gives for N images."""

    logits: np.ndarray
    """float32 (N, classes)."""
    features: np.ndarray
    """float32 (N, F): the trunk's output, averaged over each image (and normalised, where the
    architecture does so)."""
    maps: np.ndarray
    """float32 (N, F, h, w): the trunk's output; of no images where it was not asked for."""


class Engine(Protocol):
    """Runs one model. Use it from one thread at a time."""

    @property
    def name(self) -> str:
        """Itself in words, with its precision."""

    def run(self, squares: np.ndarray, with_maps: bool = False) -> Outputs:
        """Args: uint8 (N, S, S, 3), RGB, of the model's size."""
