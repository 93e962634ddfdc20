"""What a report says of an evaluation: figures, tables, mistakes and charts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from trainer.data.synonyms import groups_among, read_groups
from trainer.evaluation.class_order import present_classes
from trainer.evaluation.result import ClassReport, Evaluation
from trainer.evaluation.result_file import KeptEvaluation
from trainer.metrics.intervals import wilson_interval
from trainer.models.metadata import ModelInfo
from trainer.report.charts import rejection_chart, reliability_diagram
from trainer.report.confusion_matrix import confusion_matrix
from trainer.report.texts import ClassNames, Texts
from trainer.report.thumbnails import Thumbnails

WORST = 24
"""So many wrong answers are shown."""
MOST_CONFIDENT = 12
"""So many of the most confident mistakes are shown, with those that are among the worst."""
_TAKEN_FOR = 3


@dataclass(frozen=True, slots=True)
class ClassRow:
    """How one class fares."""

    name: str
    own: str
    """The data set's own name, where it differs."""
    report: ClassReport
    taken_for: str
    """What its photos were taken for, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The accuracy where classes that mean the same count as one."""

    groups: tuple[str, ...]
    accuracy: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A wrong answer."""

    image: str
    """A data URI; empty where the photo is gone."""
    file_name: str
    label: str
    answer: str
    confidence: float
    probability: float
    """Of the true class."""
    is_confident: bool
    """Whether it is among the most confident mistakes."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far the model's confidence can be believed, and what it calls unknown."""

    diagram: Markup
    ece: float
    temperature: float
    rejection: Markup
    threshold: float
    answered: float
    """The share of photos that is answered at the threshold."""
    accuracy: float
    """Of these answers; 1 where there are none."""


@dataclass(frozen=True, slots=True)
class Results:
    """All that is told of an evaluation."""

    count: int
    split: str
    data: str
    """The name of the folder or zip that was evaluated."""
    accuracy: float
    interval: tuple[float, float]
    macro_f1: float
    wrong: int
    matrix: Markup
    classes: tuple[ClassRow, ...]
    merged: Merged | None
    """None where no classes of a group are there."""
    worst: tuple[Mistake, ...]
    confident: tuple[Mistake, ...]
    """The most confident mistakes that are not among the worst."""
    calibration: Calibration


def mistakes_of(evaluation: Evaluation) -> tuple[list[int], list[int]]:
    """The wrong answers to show: the worst, and the most confident."""
    worst = [index for index in evaluation.top_losses if not evaluation.is_right[index]]
    return worst[:WORST], evaluation.confident_mistakes[:MOST_CONFIDENT]


def photos_of(evaluation: Evaluation) -> list[Path]:
    """The photos of these answers, each once."""
    worst, confident = mistakes_of(evaluation)
    return list(dict.fromkeys(evaluation.paths[index] for index in (*worst, *confident)))


def results(
    kept: KeptEvaluation,
    info: ModelInfo,
    images: Thumbnails,
    names: ClassNames,
    texts: Texts,
) -> Results:
    """Put an evaluation of one photo or more into words and charts."""
    evaluation = kept.evaluation
    worst, confident = mistakes_of(evaluation)

    def mistake(index: int) -> Mistake:
        photo = evaluation.photo(index)
        return Mistake(
            image=images.get(photo.path, ""),
            file_name=photo.path.name,
            label=names.short(photo.label),
            answer=names.short(photo.answer),
            confidence=photo.confidence,
            probability=photo.probability,
            is_confident=index in confident,
        )

    return Results(
        count=evaluation.n,
        split=kept.split,
        data=kept.data.name,
        accuracy=evaluation.accuracy,
        interval=evaluation.interval,
        macro_f1=evaluation.macro_f1,
        wrong=evaluation.n - evaluation.right,
        matrix=_matrix(evaluation, names, texts),
        classes=_class_rows(evaluation, names),
        merged=_merged(evaluation, names),
        worst=tuple(mistake(index) for index in worst),
        confident=tuple(mistake(index) for index in confident if index not in worst),
        calibration=_calibration(evaluation, info, texts),
    )


def _class_rows(evaluation: Evaluation, names: ClassNames) -> tuple[ClassRow, ...]:
    rows = [
        ClassRow(
            name=names.short(report.name),
            own=names.own(report.name),
            report=report,
            taken_for=_taken_for(evaluation.classes, counts, number, names),
        )
        for number, (report, counts) in enumerate(
            zip(evaluation.per_class, evaluation.confusion, strict=True)
        )
    ]
    # The weakest first; those without a photo say nothing, and come last.
    return tuple(sorted(rows, key=lambda row: (row.report.support == 0, row.report.f1)))


def _taken_for(classes: Sequence[str], counts: Sequence[int], label: int, names: ClassNames) -> str:
    others = [(count, names.short(classes[at])) for at, count in enumerate(counts) if at != label]
    most = sorted((other for other in others if other[0]), key=lambda other: -other[0])
    return ", ".join(f"{name} {count}" for count, name in most[:_TAKEN_FOR])


def _matrix(evaluation: Evaluation, names: ClassNames, texts: Texts) -> Markup:
    present = present_classes(evaluation.confusion)
    return confusion_matrix(
        [names.short(evaluation.classes[number]) for number in present],
        [[evaluation.confusion[row][column] for column in present] for row in present],
        texts,
    )


def _merged(evaluation: Evaluation, names: ClassNames) -> Merged | None:
    groups = groups_among(evaluation.classes, read_groups())
    if not groups:
        return None
    right = evaluation.merged_right(groups)
    return Merged(
        groups=tuple(" = ".join(names.full(name) for name in group) for group in groups),
        accuracy=right / evaluation.n,
        interval=wilson_interval(right, evaluation.n),
    )


def _calibration(evaluation: Evaluation, info: ModelInfo, texts: Texts) -> Calibration:
    is_answered = evaluation.familiarity >= evaluation.threshold
    answered = int(is_answered.sum())
    right = int((is_answered & evaluation.is_right).sum())
    return Calibration(
        diagram=reliability_diagram(evaluation.reliability, texts),
        ece=evaluation.ece,
        temperature=info.temperature if math.isfinite(info.temperature) else 1.0,
        rejection=rejection_chart(evaluation.rejection, evaluation.threshold, texts),
        threshold=evaluation.threshold,
        answered=answered / evaluation.n,
        accuracy=right / answered if answered else 1.0,
    )
