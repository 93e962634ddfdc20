"""What a model that was taught more says of its own certainty."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from trainer.metrics.calibration import fit_temperature
from trainer.models.growth import Growth
from trainer.models.numpy_head import NumpyHead
from trainer.models.ood_score import OodScore, bounds_of, fit_ood_score, mean_directions
from trainer.teaching.replay import with_kinds

_FOLDS = 3
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

    What looks familiar is decided by whichever asks for less: the old kinds' right answers, or all
    of the new kinds' photos, which are few and shall not be called unknown for that.

    Args:
        before: the head without the new kinds.
        kinds: the features of each new kind's photos, float32 (N, F).
        corrections: as of :func:`trainer.teaching.replay.corrected`.
        class_means: of the old kinds, as of :func:`trainer.models.ood_score.mean_directions`.
    """
    knows_background = head.imagenet is not None
    logits, labels = [head.logits(growth.validation)], [growth.validation_labels]
    familiarity = fit_ood_score(
        *(logits[0], growth.validation, labels[0], with_means(class_means, kinds)),
        knows_background,
    )
    scores: list[np.ndarray] = []
    for learnt, held_out in _folds(kinds):
        fitted = with_kinds(before, growth, learnt, corrections)
        asked = fitted.logits(np.concatenate(held_out))
        logits.append(asked)
        labels.append(np.repeat(len(before.bias) + np.arange(len(kinds)), list(map(len, held_out))))
        if familiarity is not None:
            as_then = replace(familiarity, class_means=with_means(class_means, learnt))
            scores.append(as_then.score(asked, np.concatenate(held_out)))
    bounds = bounds_of(np.concatenate(scores)) if scores else None
    if familiarity is not None and bounds is not None:
        own = familiarity.scores
        lowest = (own[0],) * _SPARE + own[:-_SPARE]
        asked_of_new = map(max, (bounds[0],) * _SPARE + bounds[:-_SPARE], lowest)
        familiarity = replace(familiarity, scores=tuple(map(min, own, asked_of_new)))
    temperature = fit_temperature(np.concatenate(logits), np.concatenate(labels), knows_background)
    return temperature, familiarity


def with_means(class_means: np.ndarray | None, kinds: Sequence[np.ndarray]) -> np.ndarray | None:
    """Class means with those of new kinds behind them, as they are stored."""
    if class_means is None:
        return None
    new = [mean_directions(kind, np.zeros(len(kind), np.int64), 1) for kind in kinds]
    return np.concatenate([class_means, *new]).astype(np.float16).astype(np.float32)


def _folds(
    kinds: Sequence[np.ndarray],
) -> Iterator[tuple[list[np.ndarray], list[np.ndarray]]]:
    """Each kind's photos in two parts, to learn from and to ask for; several times, so that each
    is asked for once."""
    for fold in range(_FOLDS if kinds else 0):
        learnt = [np.delete(kind, np.s_[fold::_FOLDS], axis=0) for kind in kinds]
        if all(map(len, learnt)):  # Of a single photo nothing is left to learn from.
            yield learnt, [kind[fold::_FOLDS] for kind in kinds]
