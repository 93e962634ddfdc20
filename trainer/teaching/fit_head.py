"""Fitting a head to new kinds, with draws in place of the old kinds' photos.

Feature replay in a frozen feature space (FeTrIL: Petit et al., WACV 2023; Hayes and Kanan,
*Lifelong Machine Learning with Deep Streaming Linear Discriminant Analysis*, CVPR Workshops 2020).
The rows of the old kinds stay as they are, so that among themselves they are told apart as before;
only what is added is fitted, by softmax regression, to the new kinds' own photos against draws of
the old ones.
Chosen by measurement: ``benchmarks/results/teaching.md``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from trainer.metrics.calibration import log_sum_exp
from trainer.models.growth import Growth
from trainer.models.numpy_head import NumpyHead

DRAWS = 30
"""Of each old kind; a new one counts as much as an old one, however many photos it has."""
ENOUGH_CORRECTIONS = 5
"""Of a kind that is known already: so many corrections count as much as the kind did before."""

_STEPS = 150
_LEARNING_RATE = 0.02
_DECAY = 1e-3
_BENEFIT = np.float32(0.7)
"""By so much an old kind's logit goes before a new one's: what is known of many photos has the
benefit of the doubt."""
_ANCHOR = 0.1
"""How strongly the rows of old kinds are held to what they were."""


def with_kinds(
    head: NumpyHead,
    growth: Growth,
    kinds: Sequence[np.ndarray],
    corrections: Mapping[int, np.ndarray] = MappingProxyType({}),
) -> NumpyHead:
    """The head with rows for kinds that are new, behind those that it has.

    Args:
        head: of as many classes as *growth* has means.
        kinds: the features of each new kind's photos, float32 (N, F); at least one kind.
        corrections: as of :func:`corrected`, which are none of the new kinds.
    """
    old, new = len(head.bias), len(kinds)
    drawn, labels, weights = _examples(growth, corrections)
    counts = [len(kind) for kind in kinds]
    features = np.concatenate([drawn, *kinds])
    labels = np.concatenate([labels, np.repeat(np.arange(old, old + new), counts)])
    shares = np.repeat([DRAWS / count for count in counts], counts)
    weights = np.concatenate([weights, shares])
    # At first no new kind is any likelier than an old one.
    level = float((head.hidden(drawn) @ head.weight.T + head.bias).mean())
    extended = head.with_last_layer(
        np.pad(head.weight, ((0, new), (0, 0))), np.pad(head.bias, (0, new), constant_values=level)
    )
    fitted = _fitted(extended, features, labels, weights, first=old, decay=_DECAY)
    bias = np.concatenate([fitted.bias[:old], fitted.bias[old:] - _BENEFIT])
    return replace(fitted, bias=bias)


def corrected(head: NumpyHead, growth: Growth, corrections: Mapping[int, np.ndarray]) -> NumpyHead:
    """The head with its rows moved so far that it answers corrected photos rightly, as long as what
    it knew speaks not against it.

    Args:
        corrections: the features of photos, float32 (N, F), by the class that is on them.
    """
    if not corrections:
        return head
    return _fitted(head, *_examples(growth, corrections), first=0, decay=_ANCHOR)


def _examples(
    growth: Growth, corrections: Mapping[int, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of the kinds that are known: features that stand for their photos, and those of corrected
    ones; their labels, and how much each counts."""
    known = np.flatnonzero(growth.counts)
    drawn = growth.draw(growth.means[known], DRAWS, np.random.default_rng(0))
    counts = np.array([len(photos) for photos in corrections.values()], dtype=np.int64)
    features = np.concatenate([drawn, *corrections.values()])
    labels = np.concatenate([np.repeat(known, DRAWS), np.repeat(list(corrections), counts)])
    shares = np.repeat(DRAWS / np.maximum(counts, ENOUGH_CORRECTIONS), counts)
    return features, labels.astype(np.int64), np.concatenate([np.ones(len(drawn)), shares])


def _fitted(
    head: NumpyHead,
    features: np.ndarray,
    labels: np.ndarray,
    weights: np.ndarray,
    *,
    first: int,
    decay: float,
) -> NumpyHead:
    """Softmax regression of the rows from *first* on, by Adam (Kingma and Ba, ICLR 2015) with all
    photos at once.

    Args:
        features: float32 (N, F).
        labels: int64 (N,).
        weights: how much each photo counts, (N,).
        decay: how strongly rows are held to what they are now.
    """
    inputs, imagenet = head.hidden(features), head.background(features)
    own = inputs @ head.weight[:first].T + head.bias[:first]
    if imagenet is not None:
        # The background's own logit is 0.
        own = np.pad(np.logaddexp(own, imagenet[0][:, :first]) - imagenet[1], ((0, 0), (0, 1)))
    # What is not fitted stays as it is, and takes part as one.
    others = log_sum_exp(own)[:, None] if own.size else np.float32(-np.inf)
    # Features of one architecture are many times as large as those of another.
    scale = np.float32(np.sqrt((inputs**2).mean()) + 1e-12)
    inputs = inputs / scale
    weight, bias = head.weight[first:] * scale, head.bias[first:].copy()
    start = weight.copy()
    targets = np.zeros((len(labels), len(bias)), dtype=np.float32)
    is_fitted = labels >= first
    targets[is_fitted, labels[is_fitted] - first] = 1
    shares = (weights / weights.sum()).astype(np.float32)[:, None]
    moments = [(np.zeros_like(each), np.zeros_like(each)) for each in (weight, bias)]
    for step in range(1, _STEPS + 1):
        logits = inputs @ weight.T + bias
        steepness = np.ones_like(logits)
        if imagenet is not None:
            of_classes, background = imagenet[0][:, first:], imagenet[1]
            either = np.logaddexp(logits, of_classes)
            # Where ImageNet knows the class, its own row matters less.
            steepness = np.exp(logits - either)
            logits = either - background
        answered = np.exp(logits - np.logaddexp(others, log_sum_exp(logits)[:, None]))
        slopes = shares * (answered - targets) * steepness
        gradients = (slopes.T @ inputs + decay * (weight - start), slopes.sum(axis=0))
        rate = _LEARNING_RATE * (1 - step / _STEPS)
        for value, gradient, moment in zip((weight, bias), gradients, moments, strict=True):
            _descend(value, gradient, moment, rate, step)
    return replace(
        head,
        weight=np.concatenate([head.weight[:first], weight / scale]),
        bias=np.concatenate([head.bias[:first], bias]),
    )


def _descend(
    value: np.ndarray,
    gradient: np.ndarray,
    moments: tuple[np.ndarray, np.ndarray],
    rate: float,
    step: int,
) -> None:
    """One of Adam's steps, in place."""
    first, second = moments
    first += np.float32(0.1) * (gradient - first)
    second += np.float32(0.01) * (gradient**2 - second)
    slope = (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    value -= np.float32(rate) * slope
