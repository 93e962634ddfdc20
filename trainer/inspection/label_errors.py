"""Labels that are probably wrong, and photos that are unlike their class."""

from dataclasses import dataclass

import numpy as np

_FOLDS = 10
_SHRINKAGE = 0.3
"""Of the covariance towards a multiple of the identity; from 0.05 to 0.6, swapped labels of photos
of 34 kinds of produce were found alike."""
_SEED = 0
_UNLIKE = 12.0
"""Median absolute deviations below the median of its class's cosines: 12 of 1,776 photos that were
taken in shops."""
_FEWEST = 8
"""Photos of a class, below which nothing is called unlike it."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A photo whose label is probably wrong."""

    index: int
    suggested: int
    """The class that it looks like."""
    score: float
    """How much more probable that class is than the label, from 0 to 1."""


def out_of_fold_probabilities(
    features: np.ndarray, labels: np.ndarray, classes: int, groups: np.ndarray | None = None
) -> np.ndarray:
    """What a head that has not learnt from a photo says of it: linear discriminant analysis on
    frozen features, fitted ten times to nine tenths of them.

    Args:
        features: float32 (N, F), of unit length.
        labels: int64 (N,), from 0 to *classes* − 1.
        groups: int64 (N,), from 0: photos so alike that one would give away the label of another,
            and that are in the same fold therefore.

    Returns:
        float32 (N, classes).
    """
    count = len(labels)
    if groups is None:
        groups = np.arange(count)
    fold_of = np.random.default_rng(_SEED).permutation(int(groups.max(initial=-1)) + 1) % _FOLDS
    folds = fold_of[groups]
    probabilities = np.zeros((count, classes), np.float32)
    for fold in range(_FOLDS):
        held_out = folds == fold
        if held_out.any() and not held_out.all():
            weights, biases = _discriminant(features[~held_out], labels[~held_out], classes)
            logits = features[held_out] @ weights + biases
            shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
            probabilities[held_out] = shifted / shifted.sum(axis=1, keepdims=True)
    return probabilities


def _discriminant(
    features: np.ndarray, labels: np.ndarray, classes: int
) -> tuple[np.ndarray, np.ndarray]:
    """Weights (F, classes) and biases (classes,) of linear discriminant analysis with a shared,
    shrunk covariance; a class without photos is never the answer."""
    counts = np.bincount(labels, minlength=classes)
    means = np.zeros((classes, features.shape[1]))
    np.add.at(means, labels, features)
    means /= np.maximum(counts, 1)[:, None]
    rest = (features - means[labels]).astype(np.float32)
    covariance = (rest.T @ rest / len(rest)).astype(np.float64)
    size = len(covariance)
    scale = max(float(np.trace(covariance)) / size, 1e-12)
    covariance = (1 - _SHRINKAGE) * covariance + _SHRINKAGE * scale * np.eye(size)
    weights = np.linalg.solve(covariance, means.T)
    biases = -0.5 * np.sum(means.T * weights, axis=0)
    biases[counts == 0] = -np.inf
    return weights, biases


def suspects(probabilities: np.ndarray, labels: np.ndarray) -> list[Suspect]:
    """Confident learning (Northcutt, Jiang and Chuang, *Confident Learning: Estimating Uncertainty
    in Dataset Labels*, JAIR 2021): a label is suspected where another class is at least as probable
    as it is, on average, for the photos that have its label.

    Args:
        probabilities: float32 (N, classes), out of fold.
        labels: int64 (N,).

    Returns:
        The likeliest mistake first.
    """
    count, classes = probabilities.shape
    own = probabilities[np.arange(count), labels]
    # That of a class without photos is never reached.
    thresholds = np.full(classes, 2.0)
    for label in np.unique(labels):
        thresholds[label] = own[labels == label].mean()
    confident = np.where(probabilities >= thresholds, probabilities, -1.0)
    suggested = confident.argmax(axis=1)
    is_suspect = (confident.max(axis=1, initial=-1.0) >= 0) & (suggested != labels)
    margins = probabilities[np.arange(count), suggested] - own
    found = [
        Suspect(int(index), int(suggested[index]), float(margins[index]))
        for index in np.flatnonzero(is_suspect & (margins > 0))
    ]
    return sorted(found, key=lambda suspect: -suspect.score)


def unlike_their_class(features: np.ndarray, labels: np.ndarray) -> list[int]:
    """The photos that look far less like their class's mean than its others do, the unlikest first.

    Args:
        features: float32 (N, F), of unit length.
        labels: int64 (N,).
    """
    found: list[tuple[float, int]] = []
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        if len(members) < _FEWEST:
            continue
        mean = features[members].mean(axis=0)
        cosines = features[members] @ (mean / max(float(np.linalg.norm(mean)), 1e-12))
        deviations = cosines - np.median(cosines)
        spread = max(float(np.median(np.abs(deviations))), 1e-6)
        found += [
            (float(deviation / spread), int(index))
            for deviation, index in zip(deviations, members, strict=True)
            if deviation < -_UNLIKE * spread
        ]
    return [index for _, index in sorted(found)]
