"""How familiar an image looks to a model, so that it can say *not sure* of what it never learnt.

Two scores, added in units of their spread over right answers: the cosine between the trunk's
features and the nearest class mean, and how far apart the logits lie. It is the split into a
cosine and a norm of Zhang and Xiang (*Decoupling MaxLogit for Out-of-Distribution Detection*, CVPR
2023), with the norm taken of the logits about their mean. A joint head knows the background, too:
there the score is the log-odds of the most probable class against all others and the background,
in one softmax (Hendrycks and Gimpel, *A Baseline for Detecting Misclassified and
Out-of-Distribution Examples*, ICLR 2017). Chosen by measurement among what is published:
``benchmarks/results/rejection.md``.

The sum is read as the share of right validation answers that looked less familiar. To ask for 5% of
it is thus to keep 95% of the right answers (Vovk et al., *Algorithmic Learning in a Random World*,
2005: split conformal prediction), whatever the model.
"""

from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
from safetensors import safe_open

from trainer.config.architectures import architecture_named
from trainer.errors import ModelFileError
from trainer.metrics.calibration import log_sum_exp
from trainer.models.metadata import FAMILIARITY_LEVELS, ModelInfo

CLASS_MEANS = "familiarity.class_means"
"""The name of the class means among a model file's tensors."""
THRESHOLD = 0.05
"""95% of the right answers to validation photos are kept."""
LEVELS = np.linspace(0, 1, FAMILIARITY_LEVELS)
"""The shares of right answers that a table of scores gives the bounds of."""

_FEWEST_ANSWERS = 3
_ENOUGH_ANSWERS = 60
"""From so many on, their own order tells the bounds; of fewer, a normal distribution is taken."""
_OUTERMOST = 0.002


@dataclass(frozen=True, slots=True, eq=False)
class OodScore:
    """What a model file knows of how right answers look."""

    norm_weight: float
    cosine_weight: float
    class_means: np.ndarray | None
    """float32 (classes, F), of unit length, and a little longer of kinds that were taught; None for
    the norm of the logits alone."""
    scores: tuple[float, ...]
    """Which scores the shares :data:`LEVELS` of right answers lie below."""
    odds_weight: float = 0.0

    def of(self, logits: np.ndarray, features: np.ndarray) -> np.ndarray:
        """The share of right answers that looked less familiar, float64 (N,), from 0 to 1.

        Args:
            logits: float32 (N, classes).
            features: float32 (N, F).
        """
        shares: np.ndarray = np.interp(self.score(logits, features), self.scores, LEVELS)
        return shares

    def score(self, logits: np.ndarray, features: np.ndarray) -> np.ndarray:
        """What familiarity is read of, float64 (N,): more is more familiar."""
        scores: np.ndarray = self.norm_weight * centred_norm(logits)
        if self.odds_weight:
            scores = scores + self.odds_weight * log_odds(logits)
        if self.cosine_weight and self.class_means is not None:
            scores = scores + self.cosine_weight * nearest_cosine(features, self.class_means)
        return scores


def fit_ood_score(
    logits: np.ndarray,
    features: np.ndarray | None,
    labels: np.ndarray,
    class_means: np.ndarray | None,
    knows_background: bool = False,
) -> OodScore | None:
    """Learn from validation photos; None where too few were answered right to tell.

    Args:
        logits: float32 (N, classes).
        features: float32 (N, F); None for the norm of the logits alone.
        labels: int64 (N,).
        class_means: what :func:`mean_directions` gives; None for the norm of the logits alone.
        knows_background: whether the logits are a joint head's, which tell all by themselves.
    """
    right = logits.argmax(axis=1) == labels
    if right.sum() < _FEWEST_ANSWERS:
        return None
    if knows_background:
        odds = log_odds(logits[right])
        weight = _one_over_spread(odds)
        return OodScore(0.0, 0.0, class_means, _bounds(weight * odds), weight)
    norm = centred_norm(logits[right])
    norm_weight, cosine_weight = _one_over_spread(norm), 0.0
    scores = norm_weight * norm
    if features is not None and class_means is not None:
        cosine = nearest_cosine(features[right], class_means)
        cosine_weight = _one_over_spread(cosine)
        scores = scores + cosine_weight * cosine
    return OodScore(norm_weight, cosine_weight, class_means, _bounds(scores))


def centred_norm(logits: np.ndarray) -> np.ndarray:
    """How far apart logits (N, classes) lie: the length of each row about its mean, (N,)."""
    centred = logits.astype(np.float64) - logits.mean(axis=1, keepdims=True)
    result: np.ndarray = np.linalg.norm(centred, axis=1)
    return result


def log_odds(logits: np.ndarray) -> np.ndarray:
    """How much likelier the most probable class is than all others and the background together, by
    the logits (N, classes) of a joint head: their logarithm, float64 (N,)."""
    others = np.sort(logits.astype(np.float64), axis=1)
    best = others[:, -1].copy()
    others[:, -1] = 0.0  # The background, in the best one's place.
    result: np.ndarray = best - log_sum_exp(others)
    return result


def mean_directions(features: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """The mean direction of each class's features, of unit length: float32 (classes, F). A class
    without photos gets a zero vector, which nothing is near to.

    Args:
        features: float32 (N, F).
        labels: int64 (N,).
    """
    sums = np.zeros((classes, features.shape[1]), dtype=np.float64)
    np.add.at(sums, labels, _directions(features))
    return _directions(sums).astype(np.float32)


def nearest_cosine(features: np.ndarray, class_means: np.ndarray) -> np.ndarray:
    """The cosine between features (N, F) and the nearest of *class_means* (classes, F), times that
    mean's length: (N,)."""
    result: np.ndarray = (_directions(features) @ class_means.T).max(axis=1)
    return result


def read_ood_score(model_file: Path, info: ModelInfo) -> OodScore | None:
    """What a model file knows; None for one that was never calibrated so.

    Raises:
        ModelFileError: it is damaged.
    """
    if not info.familiar_scores:
        return None
    try:
        architecture = architecture_named(info.architecture)
        with safe_open(model_file, framework="numpy") as file:
            has_means = info.cosine_weight and CLASS_MEANS in file.keys()  # noqa: SIM118
            means = file.get_tensor(CLASS_MEANS).astype(np.float32) if has_means else None
            features = architecture.features or _features_in(file, f"{architecture.head}.")
    except Exception as error:  # safetensors' errors have no common type that is public.
        raise ModelFileError(
            "“{path}” is damaged or not a model file ({detail}).",
            path=model_file.name,
            detail=str(error).splitlines()[0],
        ) from error
    is_as_it_should = not info.cosine_weight or (
        means is not None
        and means.shape == (len(info.classes), features)
        and bool(np.isfinite(means).all())
    )
    if not is_as_it_should:
        raise ModelFileError(
            "“{path}” is damaged or not a model file ({detail}).",
            path=model_file.name,
            detail=CLASS_MEANS,
        )
    return OodScore(
        info.norm_weight, info.cosine_weight, means, info.familiar_scores, info.odds_weight
    )


def _features_in(file: Any, head: str) -> int:
    """How many values go into a head: as many as its first layer has columns."""
    names = sorted(name for name in file.keys() if name.startswith(head))  # noqa: SIM118
    shapes = (file.get_slice(name).get_shape() for name in names)
    return next((shape[1] for shape in shapes if len(shape) == 2), 0)


def has_class_means(model_file: Path) -> bool:
    """Whether a model file that can be read holds class means."""
    with safe_open(model_file, framework="numpy") as file:
        return CLASS_MEANS in file.keys()  # noqa: SIM118


def _directions(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    result: np.ndarray = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return result


def _one_over_spread(values: np.ndarray) -> float:
    return float(1 / max(values.std(), 1e-6))


def _bounds(scores: np.ndarray) -> tuple[float, ...]:
    count = len(scores)
    if count >= _ENOUGH_ANSWERS:
        # Weibull's positions are those of conformal prediction.
        return tuple(np.quantile(scores, LEVELS, method="weibull").tolist())
    spread = max(float(scores.std(ddof=1)), 1e-6) * (1 + 1 / count) ** 0.5
    normal = NormalDist()
    inner = np.clip(LEVELS, _OUTERMOST, 1 - _OUTERMOST)
    return tuple(
        float(scores.mean()) + spread * _students_t(normal.inv_cdf(share), count - 1)
        for share in inner.tolist()
    )


def _students_t(z: float, freedom: int) -> float:
    """The quantile of Student's t to the normal's *z* (Abramowitz and Stegun, 26.7.5)."""
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    return z + first / freedom + second / freedom**2
