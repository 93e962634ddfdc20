"""Confidence that means what it says: softmax, temperature, calibration error. Needs no torch."""

import numpy as np

_TEMPERATURES = np.logspace(-1.3, 1.3, 105)


def softmax(logits: np.ndarray, beside_background: bool = False) -> np.ndarray:
    """Probabilities (N, classes) of logits (N, classes).

    Args:
        beside_background: whether the logits are log-odds against a background, whose own logit is
            thus 0. It takes part, so that the probabilities add up to less than 1.
    """
    if beside_background:
        probabilities: np.ndarray = softmax(_with_background(logits))[:, :-1]
        return probabilities
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: np.ndarray = powers / powers.sum(axis=1, keepdims=True)
    return result


def _with_background(logits: np.ndarray) -> np.ndarray:
    result: np.ndarray = np.pad(logits, ((0, 0), (0, 1)))
    return result


def log_sum_exp(logits: np.ndarray) -> np.ndarray:
    """The logarithm of the sum of the exponentials of each row: (N,) of (N, classes)."""
    most = logits.max(axis=1)
    result: np.ndarray = most + np.log(np.exp(logits - most[:, None]).sum(axis=1))
    return result


def fit_temperature(
    logits: np.ndarray, labels: np.ndarray, beside_background: bool = False
) -> float:
    """The temperature with the lowest cross-entropy on held-out photos.

    Guo et al., *On Calibration of Modern Neural Networks*, ICML 2017; searched on a grid from 0.05
    to 20, since there is one parameter and its loss has one minimum. The labels are smoothed as by
    Platt (*Probabilistic Outputs for Support Vector Machines*, 1999), each right with probability
    (N + 1) / (N + 2): a model that got a few photos all right is not made sure of everything.

    Args:
        logits: float (N, classes).
        labels: int64 (N,).
        beside_background: as in :func:`softmax`.
    """
    if len(labels) == 0:
        return 1.0
    if beside_background:
        logits = _with_background(logits)
    doubt = 1 / (len(labels) + 2)
    classes = logits.shape[1]
    targets = np.full(logits.shape, doubt / max(1, classes - 1))
    targets[np.arange(len(labels)), labels] = 1 - doubt

    def loss(temperature: float) -> float:
        scaled = logits.astype(np.float64) / temperature
        # Targets add up to 1 (with a single class, to 1 - doubt, which moves no minimum).
        return float(np.mean(log_sum_exp(scaled) - (targets * scaled).sum(axis=1)))

    return float(min(_TEMPERATURES, key=loss))


def calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error: how far confidence and accuracy lie apart, from 0 to 1.

    Naeini et al., *Obtaining Well Calibrated Probabilities Using Bayesian Binning*, AAAI 2015, with
    bins of equal width.

    Args:
        confidence: float (N,), the probability of each answer.
        right: bool (N,), whether it was right.
    """
    if len(confidence) == 0:
        return 0.0
    index = np.clip((confidence * bins).astype(np.int64), 0, bins - 1)
    gaps = np.bincount(index, weights=right - confidence.astype(np.float64), minlength=bins)
    return float(np.abs(gaps).sum() / len(confidence))
