"""How good a model is on labelled photos."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from trainer.confidence import calibration_error, wilson_interval
from trainer.dataset import DataSet, Photo
from trainer.errors import DatasetError
from trainer.events import PhotoSkipped, Preparing
from trainer.model_info import ModelInfo
from trainer.predict import BATCH_SIZE, Predictor

ALL = "all"
"""Stands for the photos of every split."""


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
class Evaluation:
    """A model's answers to labelled photos, counted. The most probable class is the answer, whether
    or not the model is sure of it."""

    classes: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    """Photos of the class of the row that were answered with the class of the column."""
    ece: float
    """Expected calibration error."""

    @property
    def n(self) -> int:
        return sum(map(sum, self.confusion))

    @property
    def right(self) -> int:
        return sum(row[index] for index, row in enumerate(self.confusion))

    @property
    def accuracy(self) -> float:
        return self.right / self.n

    @property
    def interval(self) -> tuple[float, float]:
        return wilson_interval(self.right, self.n)

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


def photos_to_evaluate(
    data_set: DataSet, split: str | None, info: ModelInfo
) -> tuple[str, tuple[Photo, ...]]:
    """The split to evaluate on, and its photos.

    Without a choice, the test photos; where there are none, the validation photos. A folder without
    splits of its own is taken whole, unless the model learnt from that very folder: then the photos
    that were set aside for testing.

    Raises:
        DatasetError: the chosen split is not there.
    """
    if split == ALL:
        return ALL, data_set.photos
    if split is None:
        learnt_from = data_set.place() == info.data_place or (
            data_set.fingerprint() == info.data_fingerprint
        )
        if not data_set.has_own_splits and not learnt_from:
            return ALL, data_set.photos
        split = next(name for name in ("test", "validation", "train") if data_set.splits.get(name))
    return split, data_set.split(split)


def evaluate(
    predictor: Predictor, data_set: DataSet, photos: Sequence[Photo]
) -> Generator[Preparing | PhotoSkipped, None, Evaluation]:
    """Let a model answer labelled photos, and count. Classes are matched by name.

    Raises:
        DatasetError: no photo is of a class that the model knows, or none can be read.
    """
    classes = predictor.info.classes
    label_of = {name: label for label, name in enumerate(classes)}
    label_of_path: dict[Path, int] = {}
    for photo in photos:
        name = data_set.classes[photo.label]
        if name in label_of:
            label_of_path[photo.path] = label_of[name]
        else:
            reason = DatasetError("The model does not know the class “{name}”.", name=name)
            yield PhotoSkipped(photo.path, reason)

    labels: list[int] = []
    logits: list[np.ndarray] = []
    squares: list[np.ndarray] = []
    for done, (path, decoded) in enumerate(predictor.decoded(label_of_path), start=1):
        if isinstance(decoded, np.ndarray):
            labels.append(label_of_path[path])
            squares.append(decoded)
        else:
            yield PhotoSkipped(path, decoded)
        if squares and (len(squares) == BATCH_SIZE or done == len(label_of_path)):
            logits.append(predictor.outputs(squares).logits)
            squares = []
            yield Preparing("evaluate", done, len(label_of_path))
    if not labels:
        raise DatasetError(
            "“{path}” has no readable photo of a class that the model knows.", path=data_set.root
        )
    probabilities = predictor.probabilities(np.concatenate(logits))
    return count(classes, probabilities, np.array(labels))


def count(classes: tuple[str, ...], probabilities: np.ndarray, labels: np.ndarray) -> Evaluation:
    """Count answers.

    Args:
        probabilities: float (N, classes).
        labels: int64 (N,).
    """
    answers = probabilities.argmax(axis=1)
    confusion = np.zeros((len(classes), len(classes)), dtype=np.int64)
    np.add.at(confusion, (labels, answers), 1)
    return Evaluation(
        classes=classes,
        confusion=tuple(tuple(row) for row in confusion.tolist()),
        ece=calibration_error(probabilities.max(axis=1), answers == labels),
    )
