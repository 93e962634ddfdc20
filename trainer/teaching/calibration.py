"""What a model that was taught more says of its own certainty."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from trainer.metrics.calibration import fit_temperature
from trainer.models.growth import Growth
from trainer.models.numpy_head import NumpyHead
from trainer.models.ood_score import (
    LEVELS,
    THRESHOLD,
    OodScore,
    bounds_of,
    fit_ood_score,
    mean_directions,
)
from trainer.teaching.fit_head import with_kinds

_FOLDS = 3
_LENGTHS = tuple(1 + step / 20 for step in range(6))
"""Of new kinds' means; those of old ones have length 1. Longer ones let in what is no produce, and
no more of the new kinds: ``benchmarks/results/teaching.md``."""
_SPARE = 4
"""Of 100 photos of new kinds, so many more are kept than of old kinds' right answers: what was
learnt from a handful of photos errs in what it finds familiar, too. But no more than so many of
old kinds' either: a handful shall not open the door to everything."""


def calibrated(
    before: NumpyHead,
    head: NumpyHead,
    growth: Growth,
    kinds: Sequence[np.ndarray],
    corrections: Mapping[int, np.ndarray],
    class_means: np.ndarray | None,
) -> tuple[float, OodScore | None]:
    """Temperature and familiarity of a *head*, by the validation photos of the old kinds, and by
    the new kinds' photos as a head answers that was fitted without them (cross-validation in a
    few folds).

    Photos of a kind that was learnt from a handful look less familiar than those of others. Its
    class mean is made so much longer that as few of them are *not sure*; and of what is decided by
    the logits alone, less is asked.

    Args:
        before: the head without the new kinds.
        kinds: the features of each new kind's photos, float32 (N, F).
        corrections: as of :func:`trainer.teaching.fit_head.corrected`.
        class_means: of the old kinds, as of :func:`trainer.models.ood_score.mean_directions`.
    """
    knows_background = head.imagenet is not None
    logits, labels = [head.logits(growth.validation)], [growth.validation_labels]
    folds = []
    for learnt, held_out in _folds(kinds):
        features = np.concatenate(held_out)
        asked = with_kinds(before, growth, learnt, corrections).logits(features)
        logits.append(asked)
        labels.append(np.repeat(len(before.bias) + np.arange(len(kinds)), list(map(len, held_out))))
        folds.append(_Fold(learnt, asked, features))

    def fitted(length: float) -> OodScore | None:
        means = with_means(class_means, kinds, length)
        return fit_ood_score(logits[0], growth.validation, labels[0], means, knows_background)

    def scores(familiarity: OodScore, length: float) -> np.ndarray:
        """Of the new kinds' photos, to which they were new."""
        return np.concatenate(
            [
                replace(
                    familiarity, class_means=with_means(class_means, fold.learnt, length)
                ).score(fold.logits, fold.features)
                for fold in folds
            ]
        )

    familiarity, length = fitted(1.0), 1.0
    if familiarity is not None and folds and familiarity.cosine_weight:
        for length in _LENGTHS:
            familiarity = fitted(length)
            assert familiarity is not None
            # None of a handful may be *not sure*: of more photos, some will be.
            if scores(familiarity, length).min() >= np.interp(
                THRESHOLD, LEVELS, familiarity.scores
            ):
                break
        bounds = None
    else:
        bounds = bounds_of(scores(familiarity, length)) if familiarity and folds else None
    if familiarity is not None and bounds is not None:
        own = familiarity.scores
        least = (own[0],) * _SPARE + own[:-_SPARE]
        asked_of_new = map(max, (bounds[0],) * _SPARE + bounds[:-_SPARE], least)
        familiarity = replace(familiarity, scores=tuple(map(min, own, asked_of_new)))
    temperature = fit_temperature(np.concatenate(logits), np.concatenate(labels), knows_background)
    return temperature, familiarity


def with_means(
    class_means: np.ndarray | None, kinds: Sequence[np.ndarray], length: float = 1.0
) -> np.ndarray | None:
    """Class means with those of new kinds behind them, as they are stored.

    Args:
        length: of the new ones: what is near to longer ones is the more familiar.
    """
    if class_means is None:
        return None
    new = [length * mean_directions(kind, np.zeros(len(kind), np.int64), 1) for kind in kinds]
    return np.concatenate([class_means, *new]).astype(np.float16).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _Fold:
    """Some of the new kinds' photos, as a head answers that learnt from the others."""

    learnt: list[np.ndarray]
    """The others' features, float32 (N, F) of each kind."""
    logits: np.ndarray
    features: np.ndarray


def _folds(
    kinds: Sequence[np.ndarray],
) -> Iterator[tuple[list[np.ndarray], list[np.ndarray]]]:
    """Each kind's photos in two parts, to learn from and to ask for; several times, so that each
    is asked for once."""
    for fold in range(_FOLDS if kinds else 0):
        learnt = [np.delete(kind, np.s_[fold::_FOLDS], axis=0) for kind in kinds]
        if all(map(len, learnt)):  # Of a single photo nothing is left to learn from.
            yield learnt, [kind[fold::_FOLDS] for kind in kinds]
