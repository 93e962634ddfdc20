"""What a model that was taught more says of its own certainty."""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from trainer.metrics.calibration import fit_temperature
from trainer.models.growth import Growth
from trainer.models.numpy_head import NumpyHead
from trainer.models.ood_score import OodScore, fit_ood_score, mean_directions
from trainer.teaching.fit_head import with_kinds

_FOLDS = 3
_LEAST_COSINE = 0.05
"""Photos of one kind are taken to be at least so much alike."""
_MARGIN = 1.125
"""New kinds' means are so much longer than old ones': their photos are answered wrongly more often,
which looks less familiar, and still shall be *not sure* no more often than those of old kinds.
Longer ones let in what is no produce: ``benchmarks/results/teaching.md``."""


def calibrated(
    before: NumpyHead,
    head: NumpyHead,
    growth: Growth,
    kinds: Sequence[np.ndarray],
    corrections: Mapping[int, np.ndarray],
    class_means: np.ndarray | None,
) -> tuple[float, OodScore | None]:
    """Temperature and familiarity of a *head*: the temperature by the validation photos of the old
    kinds, and by the new kinds' photos as a head answers that was fitted without them
    (cross-validation in a few folds); what is familiar by the old kinds' alone.

    What the logits alone decide asks as much of new kinds as of old ones. To ask less, until a
    handful of photos are all familiar, makes hardly a right answer surer, but wrong ones, and what
    is no produce: ``benchmarks/results/teaching.md``.

    Args:
        before: the head without the new kinds.
        kinds: the features of each new kind's photos, float32 (N, F).
        corrections: as of :func:`trainer.teaching.fit_head.corrected`.
        class_means: of the old kinds, as of :func:`trainer.models.ood_score.mean_directions`.
    """
    knows_background = head.imagenet is not None
    logits, labels = [head.logits(growth.validation)], [growth.validation_labels]
    familiarity = fit_ood_score(
        *(logits[0], growth.validation, labels[0], with_means(class_means, kinds)), knows_background
    )
    for learnt, held_out in _folds(kinds):
        answers = with_kinds(before, growth, learnt, corrections)
        logits.append(answers.logits(np.concatenate(held_out)))
        labels.append(np.repeat(len(before.bias) + np.arange(len(kinds)), list(map(len, held_out))))
    temperature = fit_temperature(np.concatenate(logits), np.concatenate(labels), knows_background)
    return temperature, familiarity


def with_means(class_means: np.ndarray | None, kinds: Sequence[np.ndarray]) -> np.ndarray | None:
    """Class means with those of new kinds behind them, as they are stored."""
    if class_means is None:
        return None
    new = [
        _length(kind) * mean_directions(kind, np.zeros(len(kind), np.int64), 1) for kind in kinds
    ]
    return np.concatenate([class_means, *new]).astype(np.float16).astype(np.float32)


def _length(photos: np.ndarray) -> float:
    """How long the mean direction of a few photos, features float32 (N, F), must be for others of
    the kind to be as near to it as to that of many, and a margin.

    With ρ the cosine between any two of them, another one's with the direction of their mean is
    ρ / √(ρ + (1 - ρ) / N), and √ρ once N is large.
    """
    count = len(photos)
    if count < 2:
        return _MARGIN
    lengths = np.maximum(np.linalg.norm(photos, axis=1, keepdims=True), np.finfo(np.float32).tiny)
    squared = float(((photos / lengths).sum(axis=0) ** 2).sum())
    cosine = max((squared - count) / (count * (count - 1)), _LEAST_COSINE)
    return _MARGIN * math.sqrt((cosine + (1 - cosine) / count) / cosine)


def _folds(
    kinds: Sequence[np.ndarray],
) -> Iterator[tuple[list[np.ndarray], list[np.ndarray]]]:
    """Each kind's photos in two parts, to learn from and to ask for; several times, so that each
    is asked for once."""
    for fold in range(_FOLDS if kinds else 0):
        learnt = [np.delete(kind, np.s_[fold::_FOLDS], axis=0) for kind in kinds]
        if all(map(len, learnt)):  # Of a single photo nothing is left to learn from.
            yield learnt, [kind[fold::_FOLDS] for kind in kinds]
