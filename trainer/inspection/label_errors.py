"""Labels that are probably wrong, and photos that are unlike their class."""

from collections.abc import Generator
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
) -> Generator[tuple[int, int], None, np.ndarray]:
    """What a head that has not learnt from a photo says of it: linear discriminant analysis on
    frozen features, fitted ten times to about nine tenths of them.

    Args:
        features: float32 (N, F), of unit length.
        labels: int64 (N,), from 0 to *classes* − 1.
        groups: int64 (N,), from 0: photos so alike that one would give away the label of another,
            and that are in the same fold therefore.

    Yields:
        How many folds are done, and of how many.

    Returns:
        float32 (N, classes). NaN for a photo that cannot be judged: nothing of its class is left to
        fit to without its group.
    """
    count = len(labels)
    folds = _deal_folds(labels, np.arange(count) if groups is None else groups)
    probabilities = np.full((count, classes), np.nan, np.float32)
    for fold in range(_FOLDS):
        yield fold, _FOLDS
        held_out = folds == fold
        has_photos = np.bincount(labels[~held_out], minlength=classes) > 0
        judged = np.flatnonzero(held_out & has_photos[labels])
        if len(judged):
            weights, biases = _discriminant(features, labels, ~held_out, classes)
            logits = features[judged] @ weights + biases
            shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
            probabilities[judged] = shifted / shifted.sum(axis=1, keepdims=True)
    yield _FOLDS, _FOLDS
    return probabilities


def _deal_folds(labels: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """The fold of each photo, int64 (N,). Groups are dealt class by class, those with the fewest
    first, each to the fold that has the fewest photos of the class: drawn freely, all of a class
    of two groups would be in one fold now and then, and nothing would be left to fit it to."""
    sizes = np.bincount(groups)
    # A class's groups by number, with how many photos of the class each has.
    parts: list[tuple[np.ndarray, np.ndarray]] = [
        np.unique(groups[labels == label], return_counts=True) for label in np.unique(labels)
    ]
    draw = np.random.default_rng(_SEED)
    fold_of = np.full(len(sizes), -1)
    in_all = np.zeros(_FOLDS, np.int64)
    for members, counts in sorted(parts, key=lambda part: len(part[0])):
        in_class = np.zeros(_FOLDS, np.int64)
        dealt = fold_of[members] >= 0
        np.add.at(in_class, fold_of[members[dealt]], counts[dealt])
        for number in draw.permutation(np.flatnonzero(~dealt)):
            fold = np.lexsort((in_all, in_class))[0]
            group = members[number]
            fold_of[group] = fold
            in_class[fold] += counts[number]
            in_all[fold] += sizes[group]
    folds: np.ndarray = fold_of[groups]
    return folds


def _discriminant(
    features: np.ndarray, labels: np.ndarray, is_fitted: np.ndarray, classes: int
) -> tuple[np.ndarray, np.ndarray]:
    """Weights (F, classes) and biases (classes,) of linear discriminant analysis with a shared,
    shrunk covariance, fitted to the photos that bool (N,) *is_fitted* marks; a class without any is
    never the answer."""
    size = features.shape[1]
    means = np.zeros((classes, size), np.float32)
    counts = np.bincount(labels[is_fitted], minlength=classes)
    for label in np.flatnonzero(counts):
        means[label] = features[is_fitted & (labels == label)].mean(axis=0)
    if counts.sum() < size:
        rest = features[is_fitted] - means[labels[is_fitted]]
        weights = _weights_of_few(rest.astype(np.float64), means)
    else:
        weights = _weights_of_many(features, labels, is_fitted, means)
    biases = -0.5 * np.sum(means.T * weights, axis=0)
    biases[counts == 0] = -np.inf
    return weights, biases


def _weights_of_few(rest: np.ndarray, means: np.ndarray) -> np.ndarray:
    """The weights, by a system of equations as large as there are photos, not features (Woodbury's
    identity): the same, and much quicker where photos are few.

    Args:
        rest: what is left of the features of each photo, float64 (N, F), without its class's mean.
        means: float32 (classes, F).
    """
    count, size = rest.shape
    floor = _SHRINKAGE * _scale(float((rest**2).sum()) / count, size)
    products = rest @ rest.T
    products[np.diag_indices(count)] += floor * count / (1 - _SHRINKAGE)
    weights: np.ndarray = means.T - rest.T @ np.linalg.solve(products, rest @ means.T)
    return weights / floor


def _weights_of_many(
    features: np.ndarray, labels: np.ndarray, is_fitted: np.ndarray, means: np.ndarray
) -> np.ndarray:
    """The same, class by class, so that no more than one class's features are copied."""
    size = features.shape[1]
    covariance = np.zeros((size, size))
    for label, mean in enumerate(means):
        rest = features[is_fitted & (labels == label)]
        rest -= mean
        covariance += rest.T @ rest
    covariance /= is_fitted.sum()
    scale = _scale(float(np.trace(covariance)), size)
    covariance *= 1 - _SHRINKAGE
    covariance[np.diag_indices(size)] += _SHRINKAGE * scale
    weights: np.ndarray = np.linalg.solve(covariance, means.T)
    return weights


def _scale(trace: float, size: int) -> float:
    """What the covariance is shrunk towards a multiple of; of photos that are all alike, not 0."""
    return max(trace / size, 1e-12)


def unjudged(probabilities: np.ndarray, labels: np.ndarray) -> list[int]:
    """The classes of whose photos none could be judged; all of them where only one was left, beside
    which no other could be suggested.

    Args:
        probabilities: float32 (N, classes), out of fold.
        labels: int64 (N,).
    """
    judged = np.unique(labels[~np.isnan(probabilities[:, 0])])
    classes: list[int] = np.setdiff1d(labels, judged if len(judged) > 1 else []).tolist()
    return classes


def suspects(probabilities: np.ndarray, labels: np.ndarray) -> list[Suspect]:
    """Confident learning (Northcutt, Jiang and Chuang, *Confident Learning: Estimating Uncertainty
    in Dataset Labels*, JAIR 2021): a label is suspected where another class is at least as probable
    as it is, on average, for the photos that have its label. What could not be judged is not
    suspected, nor does it count in that average; a class of which nothing was judged is never
    suggested.

    Args:
        probabilities: float32 (N, classes), out of fold; NaN where a photo could not be judged.
        labels: int64 (N,).

    Returns:
        The likeliest mistake first.
    """
    judged = np.flatnonzero(~np.isnan(probabilities[:, 0]))
    probabilities, labels = probabilities[judged], labels[judged]
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
        Suspect(int(judged[index]), int(suggested[index]), float(margins[index]))
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
