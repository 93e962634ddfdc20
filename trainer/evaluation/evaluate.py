"""How good a model is on labelled photos."""

from collections.abc import Collection, Generator, Mapping, Sequence
from pathlib import Path

import numpy as np

from trainer.data.class_matching import match_classes
from trainer.data.dataset import DataSet, Photo
from trainer.errors import DatasetError
from trainer.evaluation.result import Evaluation
from trainer.events import PhotoSkipped, Preparing
from trainer.inference.prediction_cache import cached_predictions
from trainer.inference.predictor import Predictor
from trainer.models.metadata import ModelInfo
from trainer.storage import file_digests

ALL = "all"
"""Stands for the photos of every split."""


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
            info.data_fingerprint in data_set.fingerprints()
        )
        if not data_set.has_own_splits and not learnt_from:
            return ALL, data_set.photos
        split = next(name for name in ("test", "validation", "train") if data_set.splits.get(name))
    return split, data_set.split(split)


def evaluate(
    predictor: Predictor,
    data_set: DataSet,
    photos: Sequence[Photo],
    learnt: Collection[str] = (),
) -> Generator[Preparing | PhotoSkipped, None, Evaluation]:
    """Let a model answer labelled photos, and count. Classes are matched by name: see
    :func:`trainer.data.class_matching.match_classes`.

    Args:
        learnt: the digests of photos that are left out, because the model has learnt from them:
            see :func:`trainer.evaluation.seen_images.seen_by`.

    Raises:
        DatasetError: no photo is of a class that the model knows, or none can be read, or the model
            has learnt from all of them.
        OSError: the caches cannot be written to.
    """
    classes = predictor.info.classes
    label_of = {name: label for label, name in enumerate(classes)}
    matches = match_classes(data_set.classes, classes)
    label_of_path: dict[Path, int] = {}
    for photo in photos:
        name = data_set.classes[photo.label]
        if name in matches:
            label_of_path[photo.path] = label_of[matches[name]]
        else:
            reason = DatasetError("The model does not know the class “{name}”.", name=name)
            yield PhotoSkipped(photo.path, reason)
    evaluation = yield from evaluate_labelled(predictor, label_of_path)
    if evaluation is not None and learnt:
        evaluation = yield from _without(evaluation, learnt, data_set)
    if evaluation is None:
        raise DatasetError(
            "“{path}” has no readable photo of a class that the model knows.", path=data_set.root
        )
    return evaluation


def _without(
    evaluation: Evaluation, learnt: Collection[str], data_set: DataSet
) -> Generator[PhotoSkipped, None, Evaluation]:
    """The evaluation of the other photos."""
    stamps = {path: stamp for path in evaluation.paths if (stamp := file_digests.stamp_of(path))}
    known = file_digests.remembered(stamps)
    is_new = np.array([known.get(path) not in learnt for path in evaluation.paths])
    reason = DatasetError("The model has learnt from this photo.")
    for number in np.flatnonzero(~is_new):
        yield PhotoSkipped(evaluation.paths[number], reason)
    if not is_new.any():
        raise DatasetError(
            "The model has learnt from all of these photos of “{path}”. Choose others to test "
            "it with; with all photos it will look better than it is.",
            path=data_set.root,
        )
    return evaluation.selected(is_new)


def evaluate_labelled(
    predictor: Predictor, labels: Mapping[Path, int]
) -> Generator[Preparing | PhotoSkipped, None, Evaluation | None]:
    """Let a model answer photos, and hold its answers against *labels*, indices into its classes.

    Returns None where no photo can be read.

    Raises:
        OSError: the caches cannot be written to.
    """
    answers = yield from cached_predictions(predictor, list(labels))
    if not answers.paths:
        return None
    return Evaluation(
        classes=predictor.info.classes,
        paths=answers.paths,
        labels=np.array([labels[path] for path in answers.paths], dtype=np.int64),
        probabilities=answers.probabilities,
        familiarity=answers.familiarity,
        threshold=predictor.threshold,
    )
