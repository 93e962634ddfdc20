"""Showing a finished model photos of kinds that it does not know, or has got wrong."""

import datetime
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from trainer.data.class_names import mean_the_same
from trainer.errors import ModelFileError
from trainer.events import Preparing
from trainer.inference.predictor import Predictor
from trainer.models.metadata import ModelInfo, Teaching
from trainer.models.numpy_head import NumpyHead
from trainer.teaching.growable import GrowableModel, Lesson

LEAST_PHOTOS = 3
"""With fewer, a new kind is not told from chance."""
ENOUGH_PHOTOS = 10
"""More make a new kind better known, but not by much."""
WORST_LOSS = 0.01
"""Corrections that cost more of the validation photos are not taken."""


@dataclass(frozen=True, slots=True)
class Taught:
    """What became of a lesson."""

    model: Path
    info: ModelInfo
    new_kinds: tuple[str, ...]
    photos: int
    accuracy_before: float
    """Of the validation photos that the model keeps, all of old kinds; not a number without any."""
    accuracy_after: float
    unreadable: tuple[Path, ...]
    lessons: tuple[int, ...]
    """The numbers of what it was taught now, among all that the model was taught."""


def teach(
    predictor: Predictor, photos: Iterable[tuple[Path, str]], target: Path
) -> Generator[Preparing, None, Taught]:
    """Teach a model some photos, and write what it is then.

    Args:
        predictor: of the model; it stays as it is.
        photos: each with what is on it. A name that means the same as one of the model's classes is
            that; any other is a new kind.
        target: the file to write; it may be the model's own.

    Raises:
        ModelFileError: the model cannot be taught more, there are too few photos of a new kind, or
            corrections would make it worse at what it knew.
        OSError: the folder cannot be written to, or the disk is full.
    """
    model = GrowableModel.read(predictor.model_file)
    known = predictor.info.classes
    named = [(path, class_meant(name, known)) for path, name in photos]
    features, labels, unreadable = yield from _seen(predictor, named)
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    lessons = []
    for kind in dict.fromkeys(labels):
        of_kind = features[[label == kind for label in labels]]
        if kind not in known and len(of_kind) < LEAST_PHOTOS:
            raise ModelFileError(
                "To learn “{kind}”, at least {least} photos of it are needed that can be read.",
                kind=kind,
                least=LEAST_PHOTOS,
            )
        lessons.append(Lesson(Teaching(kind=kind, photos=len(of_kind), at=now), of_kind))
    if not lessons:
        raise ModelFileError("There are no photos that can be read.")
    after = model.with_lessons(lessons)
    fitted = after.fitted()
    old_accuracy = model.accuracy(NumpyHead.read(predictor.model_file, predictor.info))
    new_accuracy = model.accuracy(fitted.head)
    new_kinds = tuple(kind for kind in dict.fromkeys(labels) if kind not in known)
    # More kinds to choose from are worth some mistakes more; corrections alone are not.
    if not new_kinds and old_accuracy - new_accuracy > WORST_LOSS + 1e-9:
        raise ModelFileError(
            "With these corrections, the model would be worse at what it knew: {after} of its "
            "validation photos right instead of {before}. It was left as it is. Check the "
            "corrections, or train with more photos.",
            before=f"{old_accuracy:.1%}",
            after=f"{new_accuracy:.1%}",
        )
    info = after.write_fitted(fitted, target)
    return Taught(
        *(target, info, new_kinds, len(features), old_accuracy, new_accuracy),
        unreadable=tuple(unreadable),
        lessons=tuple(range(len(model.lessons), len(after.lessons))),
    )


def forget(model_file: Path, number: int) -> ModelInfo:
    """Take a lesson back, whichever came after it; returns what the model says of itself then.

    Args:
        number: of the lesson, from 0.

    Raises:
        ModelFileError: it is missing, damaged, or was taught no such lesson.
        OSError: the folder cannot be written to, or the disk is full.
    """
    model = GrowableModel.read(model_file)
    if not 0 <= number < len(model.lessons):
        raise ModelFileError("“{path}” was taught no such lesson.", path=model_file.name)
    return model.without_lesson(number).write(model_file)


def class_meant(name: str, classes: Sequence[str]) -> str:
    """The class that a name means, in whichever language and case; the name itself where there is
    none."""
    name = " ".join(name.split())
    if name in classes:
        return name
    same = (
        each for each in classes if each.casefold() == name.casefold() or mean_the_same(each, name)
    )
    return next(same, name)


def _seen(
    predictor: Predictor, named: Sequence[tuple[Path, str]]
) -> Generator[Preparing, None, tuple[np.ndarray, list[str], list[Path]]]:
    """The features of photos, (N, F), with their labels; and those that cannot be read. The same
    photo twice is one."""
    features: list[np.ndarray] = []
    labels: list[str] = []
    unreadable: list[Path] = []
    seen: set[tuple[str, str]] = set()
    done = 0
    for batch in predictor.batches(path for path, _ in named):
        rows = iter(batch.outputs.features if batch.outputs is not None else ())
        for photo, (_, label) in zip(batch.photos, named[done:], strict=False):
            if not photo.is_readable:
                unreadable.append(photo.path)
                continue
            row = next(rows)
            if (photo.digest, label) not in seen:
                seen.add((photo.digest, label))
                features.append(row)
                labels.append(label)
        done += len(batch.photos)
        yield Preparing("teach", done, len(named))
    return np.stack(features) if features else np.zeros((0, 0), np.float32), labels, unreadable
