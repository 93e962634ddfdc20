"""What a model's answers to labelled photos come to. Needs no torch."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from trainer.metrics.calibration import calibration_error
from trainer.metrics.intervals import wilson_interval

RELIABILITY_BINS = 10
_LEAST_PROBABILITY = 1e-12


@dataclass(frozen=True, slots=True)
class ClassReport:
    """How one class fares; a ratio without any photo to measure it on is 0."""

    name: str
    precision: float
    recall: float
    f1: float
    support: int
    """How many photos are of this class."""


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The answers whose confidence lies between *low* and *high*."""

    low: float
    high: float
    count: int
    confidence: float
    """The mean confidence of these answers; 0 where there are none."""
    accuracy: float
    """The share of them that is right; 0 where there are none."""


@dataclass(frozen=True, slots=True)
class EvaluatedPhoto:
    """One labelled photo, and what the model says of it."""

    path: Path
    label: str
    answer: str
    """The most probable class."""
    confidence: float
    """The probability of the answer."""
    probability: float
    """The probability of the label."""
    familiarity: float

    @property
    def is_right(self) -> bool:
        return self.answer == self.label


@dataclass(frozen=True, slots=True)
class RejectionCurve:
    """What becomes of the answers as more and more of them are called *unknown*."""

    thresholds: tuple[float, ...]
    """From 0 to 1: what is less familiar is not answered."""
    answered: tuple[float, ...]
    """The share of photos that is answered."""
    accuracy: tuple[float, ...]
    """The share of those that is right; NaN where none is answered."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A model's answers to labelled photos, and every figure that follows from them. The most
    probable class is the answer, whether or not the model is sure of it."""

    classes: tuple[str, ...]
    """The model's, in its order."""
    paths: tuple[Path, ...]
    labels: np.ndarray
    """int64 (N,), indices into the classes."""
    probabilities: np.ndarray
    """float32 (N, classes)."""
    familiarity: np.ndarray
    """float32 (N,), from 0 to 1."""
    threshold: float = 0.0
    """What looks less familiar, the model calls unknown."""

    @property
    def n(self) -> int:
        return len(self.labels)

    def selected(self, is_selected: np.ndarray) -> "Evaluation":
        """The evaluation of some of the photos: bool (N,)."""
        return replace(
            self,
            paths=tuple(self.paths[number] for number in np.flatnonzero(is_selected)),
            labels=self.labels[is_selected],
            probabilities=self.probabilities[is_selected],
            familiarity=self.familiarity[is_selected],
        )

    @cached_property
    def answers(self) -> np.ndarray:
        """int64 (N,): the most probable class of each photo."""
        result: np.ndarray = self.probabilities.argmax(axis=1)
        return result

    @cached_property
    def is_right(self) -> np.ndarray:
        """bool (N,)."""
        result: np.ndarray = self.answers == self.labels
        return result

    @property
    def right(self) -> int:
        return int(self.is_right.sum())

    @property
    def accuracy(self) -> float:
        return self.right / self.n

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95% interval of the accuracy."""
        return wilson_interval(self.right, self.n)

    @cached_property
    def confidence(self) -> np.ndarray:
        """float32 (N,): the probability of each answer."""
        result: np.ndarray = self.probabilities.max(axis=1)
        return result

    @cached_property
    def losses(self) -> np.ndarray:
        """float64 (N,): the cross-entropy of each photo, in nats."""
        of_label = self.probabilities[np.arange(self.n), self.labels].astype(np.float64)
        result: np.ndarray = -np.log(np.maximum(of_label, _LEAST_PROBABILITY))
        return result

    @property
    def ece(self) -> float:
        """Expected calibration error, in 15 bins."""
        return calibration_error(self.confidence, self.is_right)

    @cached_property
    def confusion(self) -> tuple[tuple[int, ...], ...]:
        """Photos of the class of the row that were answered with the class of the column."""
        matrix = np.zeros((len(self.classes), len(self.classes)), dtype=np.int64)
        np.add.at(matrix, (self.labels, self.answers), 1)
        return tuple(tuple(row) for row in matrix.tolist())

    @property
    def per_class(self) -> tuple[ClassReport, ...]:
        matrix = np.array(self.confusion)
        return tuple(
            _class_report(name, matrix[i, i], matrix[i].sum(), matrix[:, i].sum())
            for i, name in enumerate(self.classes)
        )

    @property
    def macro_f1(self) -> float:
        """The mean F1 of the classes that are in the photos or among the answers."""
        matrix = np.array(self.confusion)
        present = (matrix.sum(axis=0) + matrix.sum(axis=1)) > 0
        scores = [
            report.f1 for report, is_there in zip(self.per_class, present, strict=True) if is_there
        ]
        return sum(scores) / len(scores)

    @property
    def reliability(self) -> tuple[ReliabilityBin, ...]:
        """How often answers of each confidence are right, in bins of equal width."""
        return tuple(self._bin(number) for number in range(RELIABILITY_BINS))

    def _bin(self, number: int) -> ReliabilityBin:
        inside = self._bin_of_each == number
        count = int(inside.sum())
        return ReliabilityBin(
            low=number / RELIABILITY_BINS,
            high=(number + 1) / RELIABILITY_BINS,
            count=count,
            confidence=float(self.confidence[inside].mean()) if count else 0.0,
            accuracy=float(self.is_right[inside].mean()) if count else 0.0,
        )

    @property
    def _bin_of_each(self) -> np.ndarray:
        bins = (self.confidence * RELIABILITY_BINS).astype(np.int64)
        return np.clip(bins, 0, RELIABILITY_BINS - 1)

    @property
    def rejection(self) -> RejectionCurve:
        """Accuracy against the threshold, at 101 thresholds from 0 to 1."""
        thresholds = np.linspace(0, 1, 101)
        is_answered = self.familiarity[None, :] >= thresholds[:, None]
        counts = is_answered.sum(axis=1)
        right = (is_answered & self.is_right[None, :]).sum(axis=1)
        accuracy = np.where(counts > 0, right / np.maximum(counts, 1), np.nan)
        return RejectionCurve(
            tuple(thresholds.tolist()), tuple((counts / self.n).tolist()), tuple(accuracy.tolist())
        )

    def merged_right(self, groups: Sequence[Sequence[str]]) -> int:
        """How many answers are right where the classes of each group count as one."""
        group_of = {name: min(group) for group in groups for name in group}
        names = [group_of.get(name, name) for name in self.classes]
        number_of = {name: number for number, name in enumerate(sorted(set(names)))}
        merged = np.array([number_of[name] for name in names])
        return int((merged[self.labels] == merged[self.answers]).sum())

    # Photos, the worst first

    def photo(self, index: int) -> EvaluatedPhoto:
        label, answer = int(self.labels[index]), int(self.answers[index])
        return EvaluatedPhoto(
            path=self.paths[index],
            label=self.classes[label],
            answer=self.classes[answer],
            confidence=float(self.confidence[index]),
            probability=float(self.probabilities[index, label]),
            familiarity=float(self.familiarity[index]),
        )

    def in_cell(self, label: str | None, answer: str | None) -> list[int]:
        """The photos of a class that were answered with another, worst first; None for any."""
        inside = np.ones(self.n, dtype=bool)
        if label is not None:
            inside &= self.labels == self.classes.index(label)
        if answer is not None:
            inside &= self.answers == self.classes.index(answer)
        return self._worst_first(inside)

    def in_bin(self, number: int) -> list[int]:
        """The photos of a bar of :attr:`reliability`, worst first."""
        return self._worst_first(self._bin_of_each == number)

    @property
    def top_losses(self) -> list[int]:
        """All photos, those first whose label the model holds least probable."""
        return self._worst_first(np.ones(self.n, dtype=bool))

    @property
    def confident_mistakes(self) -> list[int]:
        """The wrong answers, the most confident first."""
        wrong = np.flatnonzero(~self.is_right)
        order: list[int] = wrong[np.argsort(-self.confidence[wrong], kind="stable")].tolist()
        return order

    @property
    def unknown(self) -> list[int]:
        """The photos that the model calls unknown, the least familiar first."""
        found = np.flatnonzero(self.familiarity < self.threshold)
        order: list[int] = found[np.argsort(self.familiarity[found], kind="stable")].tolist()
        return order

    def _worst_first(self, inside: np.ndarray) -> list[int]:
        found = np.flatnonzero(inside)
        order: list[int] = found[np.argsort(-self.losses[found], kind="stable")].tolist()
        return order

    def as_json(self) -> dict[str, Any]:
        return {
            "accuracy": self.accuracy,
            "interval": list(self.interval),
            "n": self.n,
            "macro_f1": self.macro_f1,
            "ece": self.ece,
            "per_class": [
                {
                    "class": report.name,
                    "precision": report.precision,
                    "recall": report.recall,
                    "f1": report.f1,
                    "support": report.support,
                }
                for report in self.per_class
            ],
            "confusion": [list(row) for row in self.confusion],
            "classes": list(self.classes),
        }


def _class_report(name: str, right: int, support: int, answered: int) -> ClassReport:
    return ClassReport(
        name=name,
        precision=float(right / answered) if answered else 0.0,
        recall=float(right / support) if support else 0.0,
        f1=float(2 * right / (support + answered)) if support + answered else 0.0,
        support=int(support),
    )
