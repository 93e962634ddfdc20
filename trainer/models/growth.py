"""What a model file carries of its photos, so that it can learn more without them.

Of each class the mean of its features, and of all together how features are spread about their
means: pictures' features are near enough to a normal distribution with one covariance for all
classes (Lee et al., *A Simple Unified Framework for Detecting Out-of-Distribution Samples and
Adversarial Attacks*, NeurIPS 2018) for draws from it to stand for the photos when a head is fitted
again (FeTrIL: Petit et al., WACV 2023). The covariance is kept as its strongest directions, and the
variance beside them (Tipping and Bishop, *Probabilistic Principal Component Analysis*, 1999).
Beside that, features of validation photos, for a head that was fitted again to be checked on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from safetensors import SafetensorError, safe_open

from trainer.errors import ModelFileError

PREFIX = "growth."
"""What the names of its tensors in a model file begin with."""
RANK = 64
"""Directions that are kept of the spread."""
VALIDATION_PHOTOS = 200
"""Of no more the features are kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Growth:
    """The features of a model's photos, in short."""

    means: np.ndarray
    """float32 (classes, F)."""
    counts: np.ndarray
    """int64 (classes,): of how many photos each mean is; of those with 0, nothing is known."""
    directions: np.ndarray
    """float32 (R, F): the principal directions of the spread, each as long as its deviation."""
    variances: np.ndarray
    """float32 (F,): what is beside these."""
    validation: np.ndarray
    """float32 (V, F): the features of some validation photos."""
    validation_labels: np.ndarray
    """int64 (V,)."""

    @classmethod
    def of(
        cls,
        features: np.ndarray,
        labels: np.ndarray,
        validation: np.ndarray,
        validation_labels: np.ndarray,
        classes: int,
    ) -> Self | None:
        """Measure it.

        Args:
            features: of training photos, float32 (N, F).
            labels: theirs, int64 (N,).
            validation: of validation photos, float32 (M, F).
            validation_labels: theirs, int64 (M,).

        Returns:
            None where no class has two training photos, which tell of the spread.
        """
        counts = np.bincount(labels, minlength=classes)
        sums = np.zeros((classes, features.shape[1]))
        np.add.at(sums, labels, features)
        means = sums / np.maximum(counts, 1)[:, None]
        # Features are nearer to the mean of a few of them than to that of all.
        freedom = int(np.maximum(counts - 1, 0).sum())
        if freedom == 0:
            return None
        deviations = ((features - means[labels]) / np.sqrt(freedom)).astype(np.float32)
        directions = _principal(deviations)
        total = (deviations**2).sum(axis=0)
        least = max(1e-6 * float(total.mean()), 1e-12)
        variances = np.maximum(total - (directions**2).sum(axis=0), least).astype(np.float32)
        some = _spread_over(len(validation), VALIDATION_PHOTOS)
        return cls(
            *(means.astype(np.float32), counts, directions, variances),
            validation[some],
            validation_labels[some],
        )

    def draw(self, means: np.ndarray, count: int, random: np.random.Generator) -> np.ndarray:
        """Features as of *count* photos about each of *means* (M, F): float32 (M * count, F)."""
        drawn = len(means) * count
        along = random.standard_normal((drawn, len(self.directions)), dtype=np.float32)
        beside = random.standard_normal((drawn, len(self.variances)), dtype=np.float32)
        spread = along @ self.directions + beside * np.sqrt(self.variances)
        result: np.ndarray = np.repeat(means, count, axis=0) + spread
        return result

    def as_tensors(self) -> dict[str, np.ndarray]:
        """In 16 bits, which keep what matters of them."""
        return {
            f"{PREFIX}means": in_16_bits(self.means),
            f"{PREFIX}counts": self.counts.astype(np.int32),
            f"{PREFIX}directions": in_16_bits(self.directions),
            # These may be smaller than 16 bits can be.
            f"{PREFIX}variances": self.variances.astype(np.float32),
            f"{PREFIX}validation": in_16_bits(self.validation),
            f"{PREFIX}validation_labels": self.validation_labels.astype(np.int32),
        }

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, np.ndarray]) -> Self | None:
        """Read what :meth:`as_tensors` gave; None where it is not there, or makes no sense."""
        try:
            means, counts, directions, variances, validation, labels = (
                tensors[f"{PREFIX}{name}"].astype(np.float32)
                for name in (
                    *("means", "counts", "directions", "variances"),
                    *("validation", "validation_labels"),
                )
            )
        except (KeyError, ValueError):
            return None
        if means.ndim != 2:
            return None
        classes, width = means.shape
        fits = (
            counts.shape == (classes,)
            and directions.ndim == 2
            and directions.shape[1:] == variances.shape == (width,)
            and labels.ndim == 1
            and validation.shape == (len(labels), width)
            and all(map(_is_finite, (means, counts, directions, variances, validation, labels)))
            and bool(((labels >= 0) & (labels < classes)).all())
            and bool((counts >= 0).all() and (counts > 0).any())
            and bool((variances >= 0).all())
        )
        if not fits:
            return None
        return cls(
            *(means, counts.astype(np.int64), directions, variances),
            *(validation, labels.astype(np.int64)),
        )


def read_growth(model_file: Path) -> Growth | None:
    """What a model file carries; None for one that was made without.

    Raises:
        ModelFileError: it is damaged.
    """
    return Growth.from_tensors(tensors_of(model_file, PREFIX))


def tensors_of(model_file: Path, prefix: str = "") -> dict[str, np.ndarray]:
    """The tensors of a model file whose names begin so: copies, so that it can be replaced.

    Raises:
        ModelFileError: it is damaged.
    """
    try:
        with safe_open(model_file, framework="numpy") as file:
            names = [name for name in file.keys() if name.startswith(prefix)]  # noqa: SIM118
            return {name: file.get_tensor(name).copy() for name in names}
    except (OSError, SafetensorError, TypeError) as error:
        raise ModelFileError(
            "“{path}” is damaged or not a model file ({detail}).",
            path=model_file.name,
            detail=str(error).splitlines()[0],
        ) from error


def in_16_bits(values: np.ndarray) -> np.ndarray:
    """As float16, as large as these can be at most."""
    most = np.finfo(np.float16).max
    result: np.ndarray = np.clip(values, -most, most).astype(np.float16)
    return result


def _principal(deviations: np.ndarray) -> np.ndarray:
    """The strongest directions of deviations (N, F), each as long as its standard deviation:
    float32 (R, F). By the smaller of the two products, which is many times faster than all of the
    singular values."""
    rows, columns = deviations.shape
    if rows < columns:
        squares, weights = np.linalg.eigh(deviations @ deviations.T)
        strongest = np.argsort(-squares)[:RANK]
        across: np.ndarray = weights[:, strongest].T @ deviations
        return across.astype(np.float32)
    squares, axes = np.linalg.eigh(deviations.T @ deviations)
    strongest = np.argsort(-squares)[:RANK]
    lengths = np.sqrt(np.maximum(squares[strongest], 0))
    result: np.ndarray = lengths[:, None] * axes[:, strongest].T
    return result.astype(np.float32)


def _spread_over(count: int, most: int) -> np.ndarray:
    """Indices of *most* of so many, evenly spread; of all where there are no more."""
    return np.linspace(0, count - 1, min(count, most)).round().astype(np.int64)


def _is_finite(values: np.ndarray) -> bool:
    return bool(np.isfinite(values).all())
