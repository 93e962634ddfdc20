"""Showing a finished model photos of kinds that it does not know, or has got wrong."""

import datetime
import uuid
from collections import Counter
from collections.abc import Collection, Generator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from trainer.data.class_names import class_meant
from trainer.errors import ModelFileError
from trainer.events import Preparing
from trainer.inference.predictor import Predictor
from trainer.models.growth import Growth
from trainer.models.metadata import ModelInfo, Teaching
from trainer.models.numpy_head import NumpyHead
from trainer.teaching.teachable_model import LEAST_PHOTOS, Lesson, TeachableModel

ENOUGH_PHOTOS = 10
"""More make a new kind better known, but not by much."""
WORST_LOSS = 0.01
"""Corrections that cost more of the validation photos are not taken."""


@dataclass(frozen=True, slots=True)
class Taught:
    """What became of some photos that a model was taught."""

    model: Path
    info: ModelInfo
    new_kinds: tuple[str, ...]
    photos: int
    accuracy_before: float
    """Of the validation photos that the model keeps, all of old kinds; not a number without any."""
    accuracy_after: float
    unreadable: tuple[Path, ...]
    too_few: tuple[str, ...]
    """Kinds that would have been new, and were left out for want of photos."""
    lessons: tuple[str, ...]
    """The ids of what it was taught now."""


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """Photos that could be read, each once."""

    features: np.ndarray
    """float32 (N, F)."""
    labels: tuple[str, ...]
    digests: tuple[str, ...]


def teach(
    predictor: Predictor,
    photos: Iterable[tuple[Path, str]],
    target: Path,
    growth: Growth | None = None,
) -> Generator[Preparing, None, Taught]:
    """Teach a model some photos, and write what it is then.

    Args:
        predictor: of the model; it stays as it is.
        photos: each with what is on it. A name that means the same as one of the model's classes is
            that; any other is a new kind.
        target: the file to write; it may be the model's own.
        growth: of a model whose file is without.

    Raises:
        ModelFileError: the model cannot be taught more, there are too few photos of every kind, or
            corrections would make it worse at what it knew.
        OSError: the folder cannot be written to, or the disk is full.
    """
    model = TeachableModel.read(predictor.model_file, growth)
    known = predictor.info.classes
    named = named_alike(photos, known)
    seen, unreadable = yield from _seen(predictor, named)
    counts = Counter(seen.labels)
    too_few = tuple(
        kind for kind, count in counts.items() if kind not in known and count < LEAST_PHOTOS
    )
    kinds = [kind for kind in counts if kind not in too_few]
    if not kinds:
        raise _nothing_to_learn(too_few)
    after = model.with_lessons([_lesson(kind, seen) for kind in kinds])
    fitted = after.fitted()
    accuracy_before = model.accuracy(NumpyHead.read(predictor.model_file, predictor.info))
    accuracy_after = model.accuracy(fitted.head)
    new_kinds = tuple(kind for kind in kinds if kind not in known)
    # More kinds to choose from are worth some mistakes more; corrections alone are not, nor do
    # small losses add up.
    lost = max(accuracy_before, model.accuracy(model.head)) - accuracy_after
    if not new_kinds and lost > WORST_LOSS + 1e-9 and accuracy_after < accuracy_before:
        raise ModelFileError(
            "With these corrections, the model would be worse at what it knew: {after} of its "
            "validation photos right instead of {before}. It was left as it is. Check the "
            "corrections, or train with more photos.",
            before=f"{accuracy_before:.1%}",
            after=f"{accuracy_after:.1%}",
        )
    info = after.write_fitted(fitted, target)
    return Taught(
        *(target, info, new_kinds, sum(counts[kind] for kind in kinds)),
        *(accuracy_before, accuracy_after, tuple(unreadable), too_few),
        lessons=tuple(lesson.teaching.id for lesson in after.lessons[-len(kinds) :]),
    )


def forget(model_file: Path, lessons: Collection[str], digests: Collection[str] = ()) -> ModelInfo:
    """Take lessons back, by their ids, whichever came after them; and photos, by their contents;
    returns what the model says of itself then. What it was not taught, or is no longer, is taken
    back already.

    Raises:
        ModelFileError: it is missing or damaged.
        OSError: the folder cannot be written to, or the disk is full.
    """
    left = TeachableModel.read(model_file).without_lessons(lessons).without_photos(digests)
    return left.write(model_file)


def named_alike(
    photos: Iterable[tuple[Path, str]], classes: Sequence[str]
) -> list[tuple[Path, str]]:
    """Photos with the classes that their names mean; of new kinds, one name for each."""
    known = list(classes)
    named = []
    for path, name in photos:
        kind = class_meant(name, known)
        if kind not in known:
            known.append(kind)
        named.append((path, kind))
    return named


def _nothing_to_learn(too_few: Sequence[str]) -> ModelFileError:
    if not too_few:
        return ModelFileError("There are no photos that can be read.")
    return ModelFileError(
        "To learn “{kind}”, at least {least} different photos of it are needed that can be read.",
        kind=too_few[0],
        least=LEAST_PHOTOS,
    )


def _lesson(kind: str, seen: _Seen) -> Lesson:
    rows = [row for row, label in enumerate(seen.labels) if label == kind]
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    teaching = Teaching(id=uuid.uuid4().hex, kind=kind, photos=len(rows), at=now)
    return Lesson(teaching, seen.features[rows], tuple(seen.digests[row] for row in rows))


def _seen(
    predictor: Predictor, named: Sequence[tuple[Path, str]]
) -> Generator[Preparing, None, tuple[_Seen, list[Path]]]:
    """What the trunk makes of photos, and those that cannot be read. The same photo twice is one,
    of what was said of it last."""
    features: dict[str, np.ndarray] = {}
    labels: dict[str, str] = {}
    unreadable: list[Path] = []
    done = 0
    for batch in predictor.batches(path for path, _ in named):
        rows = iter(batch.outputs.features if batch.outputs is not None else ())
        for photo, (_, label) in zip(batch.photos, named[done:], strict=False):
            if not photo.is_readable:
                unreadable.append(photo.path)
                continue
            features[photo.digest], labels[photo.digest] = next(rows), label
        done += len(batch.photos)
        yield Preparing("teach", done, len(named))
    stacked = np.stack(list(features.values())) if features else np.zeros((0, 0), np.float32)
    return _Seen(stacked, tuple(labels.values()), tuple(labels)), unreadable
