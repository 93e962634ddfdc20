"""Classes whose photos show something else than what they are called."""

from collections.abc import Mapping, Sequence

import numpy as np

from trainer.data.class_names import class_meant
from trainer.models.growth import Growth

_FEWEST = 5
"""Photos of a class, below which nothing is said of its name."""
_MOST_ALIKE = 0.6
"""This share of a class's photos is nearest to one and the same other class of the model."""
_NEAR = 3
"""Classes; of a model with few, half of them."""
_MOST_NEAR = 0.1
"""No more of its photos have the class that they are called among the nearest. Chosen by
measurement: ``benchmarks/results/misnamed_classes.md``."""


def misnamed_classes(
    features: np.ndarray,
    labels: np.ndarray,
    names: Sequence[str],
    model_classes: Sequence[str],
    growth: Growth,
) -> Mapping[str, str]:
    """What classes look like that a model knows by their names, and takes for others. Photos that
    are all in one wrong folder agree with one another, so that only somebody from outside can tell.

    Args:
        features: of different photos, float32 (N, F), of unit length.
        labels: int64 (N,), of *names*.
        names: the data set's classes.
        model_classes: those that the features' model knows.
        growth: the features of the photos that it learnt from.

    Returns:
        Of each such class, the model's class that its photos look like.
    """
    known = np.flatnonzero(growth.counts)
    lengths = np.maximum(np.linalg.norm(growth.means[known], axis=1, keepdims=True), 1e-12)
    means = growth.means[known] / lengths
    known_names = [model_classes[number] for number in known.tolist()]
    found = {}
    for label, name in enumerate(names):
        meant = class_meant(name, known_names)
        photos = features[labels == label]
        if meant not in known_names or len(photos) < _FEWEST:
            continue
        cosines = photos @ means.T
        own = cosines[:, [known_names.index(meant)]]
        nearest = np.bincount(cosines.argmax(axis=1), minlength=len(known))
        is_near = (cosines > own).sum(axis=1) < min(_NEAR, len(known) // 2)
        if nearest.max() >= _MOST_ALIKE * len(photos) and is_near.mean() <= _MOST_NEAR:
            found[name] = known_names[int(nearest.argmax())]
    return found
