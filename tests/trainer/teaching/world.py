"""Kinds in a feature space, as a trunk makes of photos what a head tells apart."""

import numpy as np

WIDTH, KINDS = 64, 12

World = tuple[np.ndarray, np.ndarray]
"""Means of kinds, and directions along which photos spread about them."""


def photos(world: World, kind: int, count: int, seed: int) -> np.ndarray:
    means, spread = world
    random = np.random.default_rng([kind, seed])
    along = random.normal(size=(count, len(spread))) @ spread
    beside = 0.3 * random.normal(size=(count, WIDTH))
    return (means[kind] + along + beside).astype(np.float32)
