"""What a model that was taught more says of its own certainty."""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from trainer.metrics.calibration import fit_temperature
from trainer.models.growth import Growth
from trainer.models.numpy_head import NumpyHead
from trainer.models.ood_score import OodScore, fit_ood_score
from trainer.teaching.fit_head import with_kinds

_FOLDS = 3
_LEAST_COSINE = 0.25
"""Photos of one kind are taken to be at least so much alike; else a few that are not would make a
mean that all is near to."""
_MARGIN = 1.125
"""How much longer than that the means of new kinds are. Of new kinds, more photos are answered
wrongly, and what is answered wrongly looks less familiar: with this, of all their photos no more
are *not sure* than of old kinds'. It costs a point of what is no produce:
``benchmarks/results/teaching.md``."""


def calibrated(
    before: NumpyHead,
    head: NumpyHead,
    growth: Growth,
    kinds: Sequence[np.ndarray],
    corrections: Mapping[int, np.ndarray],
    class_means: np.ndarray | None,
) -> tuple[float, OodScore | None]:
    """Temperature and familiarity of a head that was taught.

    The temperature is fitted to the validation photos of the old kinds, and to the new kinds'
    photos as a head answers that was fitted without them (cross-validation in a few folds). What
    is familiar is told by the old kinds' right answers alone: to ask less, for the new kinds'
    sake, would let in what is no produce.

    Args:
        before: the head without the new kinds.
        head: with them.
        growth: holds the validation photos, all of old kinds.
        kinds: the features of each new kind's photos, float32 (N, F).
        corrections: as of :func:`trainer.teaching.fit_head.corrected`.
        class_means: as of :func:`with_means`, new kinds included.

    Returns:
        No familiarity where too few validation photos are answered rightly to tell.
    """
    knows_background = head.imagenet is not None
    answers, known = head.logits(growth.validation), growth.validation_labels
    familiarity = fit_ood_score(answers, growth.validation, known, class_means, knows_background)
    logits, labels = [answers], [known]
    for learnt, held_out in _folds(kinds):
        without_them = with_kinds(before, growth, learnt, corrections)
        logits.append(without_them.logits(np.concatenate(held_out)))
        labels.append(np.repeat(len(before.bias) + np.arange(len(kinds)), list(map(len, held_out))))
    temperature = fit_temperature(np.concatenate(logits), np.concatenate(labels), knows_background)
    return temperature, familiarity


def with_means(class_means: np.ndarray | None, kinds: Sequence[np.ndarray]) -> np.ndarray | None:
    """Class means with those of new kinds behind them, float32 (classes, F), as they are stored.

    Args:
        class_means: of the old kinds, as of :func:`trainer.models.ood_score.mean_directions`.
        kinds: the features of each new kind's photos, float32 (N, F).
    """
    if class_means is None:
        return None
    new = [_mean_of_few(kind) for kind in kinds]
    return np.stack([*class_means, *new]).astype(np.float16).astype(np.float32)


def _mean_of_few(photos: np.ndarray) -> np.ndarray:
    """The mean direction of a few photos, features float32 (N, F), so long that others of the kind
    are as near to it as to that of many, and a margin longer.

    With ρ the mean cosine between two of them, their directions' mean m has the squared length
    ρ + (1 - ρ) / N; another photo's cosine with it is ρ / |m|, and √ρ once N is large. So m / √ρ is
    as near. Frames of one film are fewer photos than they seem, and get less of this than they
    should.
    """
    count = len(photos)
    lengths = np.maximum(np.linalg.norm(photos, axis=1, keepdims=True), np.finfo(np.float32).tiny)
    mean: np.ndarray = (photos / lengths).mean(axis=0)
    cosine = 1.0
    if count > 1:
        cosine = max((count * float(mean @ mean) - 1) / (count - 1), _LEAST_COSINE)
    return _MARGIN * mean / math.sqrt(cosine)


def _folds(
    kinds: Sequence[np.ndarray],
) -> Iterator[tuple[list[np.ndarray], list[np.ndarray]]]:
    """Each kind's photos in two parts, to learn from and to ask for; several times, so that each
    is asked for once."""
    for fold in range(_FOLDS if kinds else 0):
        learnt = [np.delete(kind, np.s_[fold::_FOLDS], axis=0) for kind in kinds]
        if all(map(len, learnt)):  # Of a single photo nothing is left to learn from.
            yield learnt, [kind[fold::_FOLDS] for kind in kinds]
