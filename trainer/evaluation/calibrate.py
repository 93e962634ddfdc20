"""Fitting what a model says of its own certainty: temperature, and how right answers look."""

import dataclasses
import hashlib
from collections.abc import Generator, Sequence
from pathlib import Path

import numpy as np

from trainer.data.dataset import DataSet, Photo
from trainer.data.file_names import composed
from trainer.events import Preparing
from trainer.inference.engine import Outputs
from trainer.inference.predictor import Predictor
from trainer.metrics.calibration import fit_temperature
from trainer.models.growth import Growth, tensors_of
from trainer.models.metadata import ModelInfo
from trainer.models.ood_score import (
    CLASS_MEANS,
    THRESHOLD,
    OodScore,
    fit_ood_score,
    mean_directions,
)
from trainer.storage.encoding import encoded
from trainer.storage.tensor_file import write_tensors

TRAINING_PHOTOS_A_CLASS = 20
"""More did not make class means better: ``benchmarks/results/rejection.md``."""
_Seen = tuple[Outputs, np.ndarray]
"""What a model gives for photos, and their labels, int64 (N,)."""


def with_familiarity(info: ModelInfo, familiarity: OodScore | None) -> ModelInfo:
    """*info*, with what a model knows of right answers. Without, nothing is called unknown."""
    if familiarity is None:
        return dataclasses.replace(info, threshold=0.0, familiar_scores=())
    return dataclasses.replace(
        info,
        threshold=THRESHOLD,
        norm_weight=familiarity.norm_weight,
        cosine_weight=familiarity.cosine_weight,
        odds_weight=familiarity.odds_weight,
        familiar_scores=familiarity.scores,
    )


def calibrate(
    model_file: Path, data_set: DataSet, device: str = "auto", precision: str = ""
) -> Generator[Preparing, None, ModelInfo]:
    """Fit a model file's temperature and familiarity on the data set that it learnt from.

    The class means come from some training photos of each class, the rest from the validation
    photos. Classes are matched by name. What the model needs to be taught more without these photos
    is kept as well. Returns what the file says of itself now.

    Args:
        precision: what torch computes in; empty for what is faster.

    Raises:
        DeviceError: there is no such device.
        ModelFileError: the model is missing, damaged, or not one of this app.
        OSError: the disk is full.
    """
    predictor = Predictor(model_file, device, precision)
    classes = predictor.info.classes
    seen = yield from _seen(predictor, data_set, TRAINING_PHOTOS_A_CLASS)
    if seen is None:
        return predictor.info
    (outputs_of_learnt, labels_of_learnt), (outputs, labels) = seen
    means = mean_directions(outputs_of_learnt.features, labels_of_learnt, len(classes))
    # As they are stored.
    means = means.astype(np.float16).astype(np.float32)
    familiarity = fit_ood_score(
        outputs.logits, outputs.features, labels, means, predictor.info.knows_background
    )
    temperature = fit_temperature(outputs.logits, labels, predictor.info.knows_background)
    info = with_familiarity(
        dataclasses.replace(predictor.info, temperature=temperature), familiarity
    )
    growth = Growth.of(
        *(outputs_of_learnt.features, labels_of_learnt, outputs.features, labels), len(classes)
    )
    _rewrite(model_file, info, means, growth)
    return info


def measure_growth(
    predictor: Predictor, data_set: DataSet, photos_a_class: int = TRAINING_PHOTOS_A_CLASS
) -> Generator[Preparing, None, Growth | None]:
    """What a model needs to be taught more, of the data set that it learnt from: files of earlier
    versions are without. None where there are too few photos to tell."""
    classes = predictor.info.classes
    seen = yield from _seen(predictor, data_set, photos_a_class)
    if seen is None:
        return None
    (of_learnt, labels_of_learnt), (outputs, labels) = seen
    return Growth.of(
        *(of_learnt.features, labels_of_learnt, outputs.features, labels), len(classes)
    )


def _seen(
    predictor: Predictor, data_set: DataSet, photos_a_class: int
) -> Generator[Preparing, None, tuple[_Seen, _Seen] | None]:
    """What the model gives for some training photos of each class, and for the validation photos;
    None where of either none can be read."""
    classes = predictor.info.classes
    learnt = _some_of_each_class(_known(data_set, "train", classes), photos_a_class)
    held_out = _known(data_set, "validation", classes)
    total = len(learnt) + len(held_out)
    training = yield from _run(predictor, learnt, 0, total)
    validation = yield from _run(predictor, held_out, len(learnt), total)
    return None if training is None or validation is None else (training, validation)


def _known(data_set: DataSet, split: str, classes: Sequence[str]) -> list[Photo]:
    """Photos of a split, labelled by *classes*; those of other classes are left out."""
    label_of = {name: label for label, name in enumerate(classes)}
    photos = data_set.splits.get(split, ())
    named = (
        (photo.path, data_set.classes[photo.label])
        for photo in photos
        if photo.label != data_set.background
    )
    return [Photo(path, label_of[name]) for path, name in named if name in label_of]


def _some_of_each_class(photos: Sequence[Photo], count: int) -> list[Photo]:
    by_label: dict[int, list[Photo]] = {}
    for photo in photos:
        by_label.setdefault(photo.label, []).append(photo)
    return [
        photo
        for _, of_class in sorted(by_label.items())
        for photo in sorted(of_class, key=_draw)[:count]
    ]


def _draw(photo: Photo) -> bytes:
    """A random place that is the same each time: photos taken in a row are often alike."""
    return hashlib.sha256(encoded(composed(photo.path.name))).digest()


def _run(
    predictor: Predictor, photos: Sequence[Photo], done: int, total: int
) -> Generator[Preparing, None, _Seen | None]:
    """What the model gives for the photos that can be read, with their labels; None without any."""
    labels: list[int] = []
    parts: list[Outputs] = []
    waiting = iter(photos)
    for batch in predictor.batches(photo.path for photo in photos):
        # The photos come back in their order.
        pairs = zip(batch.photos, waiting, strict=False)
        labels += [photo.label for read, photo in pairs if read.is_readable]
        if batch.outputs is not None:
            parts.append(batch.outputs)
        done += len(batch.photos)
        yield Preparing("calibrate", done, total)
    if not parts:
        return None
    joined = Outputs(
        np.concatenate([part.logits for part in parts]),
        np.concatenate([part.features for part in parts]),
        parts[0].maps,
    )
    return joined, np.array(labels)


def _rewrite(
    model_file: Path, info: ModelInfo, class_means: np.ndarray, growth: Growth | None
) -> None:
    tensors = tensors_of(model_file)
    tensors[CLASS_MEANS] = class_means.astype(np.float16)
    if growth is not None:
        tensors |= growth.as_tensors()
    write_tensors(model_file, tensors, info.to_metadata())
