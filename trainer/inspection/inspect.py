"""Looking through a data set before anything is learnt from it."""

from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from trainer import paths
from trainer.control import relay
from trainer.data import left_out
from trainer.data.dataset import DataSet, read_data_set
from trainer.data.left_out import LeftOut
from trainer.data.near_duplicates import directions, near_duplicates
from trainer.data.photo_stats import PhotoStats, photo_stats, thumbnails
from trainer.data.recordings import recording_of
from trainer.data.split_names import SPLITS
from trainer.errors import DatasetError
from trainer.events import PhotoSkipped, Preparing
from trainer.inference.engine_selection import prepare_for
from trainer.inference.photo_features import PhotoFeatures, photo_features
from trainer.inference.predictor import Predictor
from trainer.inspection.flaws import has_flaw
from trainer.inspection.label_errors import (
    out_of_fold_probabilities,
    suspects,
    unjudged,
    unlike_their_class,
)
from trainer.inspection.misnamed_classes import misnamed_classes
from trainer.inspection.result import FLAWS, Inspection, SuspectLabel
from trainer.models.growth import read_growth
from trainer.models.metadata import read_model_info


def inspect(
    source: Path, model_file: Path | None = None, device: str = "auto"
) -> Generator[Preparing, None, Inspection]:
    """Read every photo of a data set once, and compare them with one another.

    Args:
        source: a folder or zip, as :func:`trainer.data.dataset.read_data_set` takes it.
        model_file: the model whose features tell which labels are probably wrong; the starter
            without one.

    Raises:
        DatasetError: it is no data set.
        DeviceError: there is no such device.
        ModelFileError: the model is missing, damaged, or not one of this app.
        OSError: the caches cannot be written to.
    """
    counted = yield from read_data_set(source)
    data = yield from read_data_set(source, with_doubles=True)
    photos = [photo.path for photo in data.photos]
    found = yield from photo_stats(photos)
    stats = {path: each for path, each in found.items() if isinstance(each, PhotoStats)}
    damaged = [LeftOut(path, "unreadable") for path in photos if path not in stats]
    left = (*data.left_out, *damaged)
    data = replace(
        data,
        splits={
            split: tuple(photo for photo in of_split if photo.path in stats)
            for split, of_split in data.splits.items()
        },
    )
    copies = _copies(stats)
    label_of = {photo.path: photo.label for photo in data.photos}
    similar = yield from _near_duplicates(stats, label_of)
    judge = model_file or paths.starter_model()
    features = yield from _features(judge, list(stats), device)
    labels = np.array([label_of[path] for path in features.paths], np.int64)
    across = _across_splits(data, similar)
    suspected, unjudged_classes = yield from _judge_labels(features, labels, data, similar)
    warnings = left_out.with_unreadable(counted.warnings, left, data.folder or data.root)
    if data.has_own_splits and across:
        warnings.append(left_out.near_duplicates_across_splits(across))
    if unjudged_classes:
        warnings.append(_cannot_be_judged(unjudged_classes))
    misnamed = _misnamed(features, labels, data, similar, judge)
    return Inspection(
        data=data,
        left_out=left,
        warnings=tuple(warnings),
        formats=dict(Counter(each.format for each in stats.values()).most_common()),
        sizes=_sizes(stats),
        duplicates=copies,
        near_duplicates=_without_copies(similar, stats),
        across_splits=across,
        flaws={flaw: tuple(p for p in stats if has_flaw(stats[p], flaw)) for flaw in FLAWS},
        suspects=suspected if len(unjudged_classes) < len(np.unique(labels)) else None,
        unjudged=unjudged_classes,
        misnamed=misnamed,
        unlike=tuple(
            features.paths[index] for index in unlike_their_class(features.directions, labels)
        ),
    )


def _copies(stats: Mapping[Path, PhotoStats]) -> tuple[tuple[Path, ...], ...]:
    groups: dict[str, list[Path]] = {}
    for path, each in stats.items():
        groups.setdefault(each.digest, []).append(path)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _near_duplicates(
    stats: Mapping[Path, PhotoStats], label_of: Mapping[Path, int]
) -> Generator[Preparing, None, list[list[Path]]]:
    """The groups of photos that are nearly the same, or equal."""
    compared = directions(thumbnails(list(stats.values())))
    labels = np.array([label_of[path] for path in stats], np.int64)
    steps = near_duplicates(compared, labels=labels)
    lowest = yield from relay(steps, lambda step: Preparing("compare", *step))
    groups: dict[int, list[Path]] = {}
    for path, group in zip(stats, lowest.tolist(), strict=True):
        groups.setdefault(group, []).append(path)
    return [group for group in groups.values() if len(group) > 1]


def _without_copies(
    groups: Sequence[Sequence[Path]], stats: Mapping[Path, PhotoStats]
) -> tuple[tuple[Path, ...], ...]:
    distinct = (tuple({stats[path].digest: path for path in reversed(g)}.values()) for g in groups)
    return tuple(group[::-1] for group in distinct if len(group) > 1)


def _across_splits(data: DataSet, groups: Sequence[Sequence[Path]]) -> int:
    rank = {
        photo.path: SPLITS.index(split) for split in data.splits for photo in data.splits[split]
    }
    ranks = (np.array([rank[path] for path in group]) for group in groups)
    return sum(int((of_group > of_group.min()).sum()) for of_group in ranks)


def _features(
    model_file: Path, photos: Sequence[Path], device: str
) -> Generator[Preparing, None, PhotoFeatures]:
    prepare_for(model_file, len(photos), device)
    steps = photo_features(Predictor(model_file, device), photos)
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            features: PhotoFeatures = end.value
            return features
        if not isinstance(step, PhotoSkipped):
            yield step


def _judge_labels(
    features: PhotoFeatures,
    labels: np.ndarray,
    data: DataSet,
    similar: Sequence[Sequence[Path]],
) -> Generator[Preparing, None, tuple[tuple[SuspectLabel, ...], tuple[str, ...]]]:
    """The labels that are probably wrong, and the classes that could not be judged."""
    tie: dict[Path, object] = {path: n for n, group in enumerate(similar) for path in group}
    ties = [recording_of(path) or tie.get(path, path) for path in features.paths]
    number = {name: n for n, name in enumerate(dict.fromkeys(ties))}
    groups = np.array([number[name] for name in ties], np.int64)
    probabilities = yield from relay(
        out_of_fold_probabilities(features.directions, labels, len(data.classes), groups),
        lambda step: Preparing("judge", *step),
    )
    found = tuple(
        SuspectLabel(
            features.paths[each.index],
            data.classes[labels[each.index]],
            data.classes[each.suggested],
            each.score,
        )
        for each in suspects(probabilities, labels)
    )
    return found, tuple(data.classes[label] for label in unjudged(probabilities, labels))


def _cannot_be_judged(names: Sequence[str]) -> DatasetError:
    return DatasetError(
        "The labels of {names} could not be checked: apart from near duplicates and photos of "
        "one recording, there are too few photos. Add others.",
        names=left_out.listed(names),
    )


def _misnamed(
    features: PhotoFeatures,
    labels: np.ndarray,
    data: DataSet,
    similar: Sequence[Sequence[Path]],
    model_file: Path,
) -> Mapping[str, str]:
    """The classes whose photos, nearly the same counted once, look like another that the model
    knows; and that class."""
    info = read_model_info(model_file)
    growth = read_growth(model_file)
    # The kinds that it was taught since come after those that growth tells of.
    if growth is None or len(growth.means) > len(info.classes):
        return {}
    again = {path for group in similar for path in group[1:]}
    once = np.array([path not in again for path in features.paths], bool)
    return misnamed_classes(
        features.directions[once], labels[once], data.classes, info.classes, growth
    )


def _sizes(stats: Mapping[Path, PhotoStats]) -> tuple[int, int, int]:
    sides = sorted(min(each.width, each.height) for each in stats.values())
    return (sides[0], sides[len(sides) // 2], sides[-1]) if sides else (0, 0, 0)
