"""A model file that can be taught more: what it was before, and all that it was taught since.

Whatever it is taught, its head is fitted anew from what it was before; so each lesson can be taken
back, whichever came after it.
"""

import dataclasses
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from trainer.config.architectures import architecture_named
from trainer.errors import ModelFileError
from trainer.inference.engine_selection import model_digest
from trainer.models.growth import PREFIX, Growth, in_16_bits, tensors_of
from trainer.models.metadata import ModelInfo, Teaching, read_model_info
from trainer.models.numpy_head import NumpyHead, last_layer_of
from trainer.models.ood_score import CLASS_MEANS
from trainer.storage.tensor_file import write_tensors
from trainer.teaching.calibration import calibrated, with_means
from trainer.teaching.fit_head import corrected, with_kinds

_TAUGHT, _LESSONS, _DIGESTS = (f"{PREFIX}{name}" for name in ("taught", "lessons", "digests"))
_WEIGHT, _BIAS = f"{PREFIX}last_weight", f"{PREFIX}last_bias"
_ANOTHER = (
    *("classes", "temperature", "threshold", "metrics"),
    *("norm_weight", "cosine_weight", "odds_weight", "familiar_scores"),
)
"""What a model says otherwise once it was taught more."""
LEAST_PHOTOS = 3
"""With fewer, a new kind is not told from chance."""


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """Photos of one kind, as the trunk sees them."""

    teaching: Teaching
    features: np.ndarray
    """float32 (N, F)."""
    digests: tuple[str, ...]
    """Of the photos' contents, as :func:`trainer.storage.file_digests.digest_of` gives them."""

    def without(self, digests: Collection[str]) -> "Lesson | None":
        """The same without some photos; None where none is left."""
        kept = [digest not in digests for digest in self.digests]
        if all(kept):
            return self
        if not any(kept):
            return None
        left = tuple(d for d, is_kept in zip(self.digests, kept, strict=True) if is_kept)
        teaching = dataclasses.replace(self.teaching, photos=len(left))
        return Lesson(teaching, self.features[kept], left)


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A head that knows all that its model was taught."""

    head: NumpyHead
    info: ModelInfo
    """What the model says of itself with that."""
    class_means: np.ndarray | None
    """As of :func:`trainer.teaching.calibration.with_means`, if the model has any."""


@dataclass(frozen=True, slots=True, eq=False)
class TeachableModel:
    """All of a model file that teaching needs. Nothing of it changes: its methods make another."""

    path: Path
    tensors: Mapping[str, np.ndarray]
    """Those of the file, without what it was taught."""
    info: ModelInfo
    """What the model said of itself before it was taught anything."""
    digest: str
    """Of the file that it was then."""
    growth: Growth
    head: NumpyHead
    """The one that it had then."""
    lessons: tuple[Lesson, ...]

    @classmethod
    def read(cls, model_file: Path, growth: Growth | None = None) -> Self:
        """Read a model file.

        Args:
            growth: of a file that is without; see
                :func:`trainer.evaluation.calibrate.measure_growth`.

        Raises:
            ModelFileError: it is missing, damaged, not a model of this app, or was made without
                what teaching needs.
        """
        info = read_model_info(model_file)
        tensors = tensors_of(model_file)
        growth = growth or Growth.from_tensors(tensors)
        if growth is None:
            raise ModelFileError(
                "“{path}” was made by an earlier version or elsewhere, and cannot be taught more. "
                "Train it again, or teach another model.",
                path=model_file.name,
            )
        lessons: tuple[Lesson, ...] = ()
        digest = info.grown_from or model_digest(model_file)
        if info.grown_from:
            try:
                lessons = _lessons(info, tensors)
                tensors, info = _before(info, tensors)
            except (KeyError, ValueError, TypeError) as error:
                raise ModelFileError(
                    "“{path}” is damaged or not a model file ({detail}).",
                    path=model_file.name,
                    detail=error,
                ) from error
        head = NumpyHead.of(tensors, info, model_file)
        width = growth.means.shape[1]
        is_sound = len(growth.means) == len(info.classes) and all(
            lesson.features.shape[1] == width for lesson in lessons
        )
        if not is_sound:
            raise ModelFileError(
                "“{path}” is damaged or not a model file ({detail}).",
                path=model_file.name,
                detail=PREFIX,
            )
        return cls(model_file, tensors, info, digest, growth, head, lessons)

    @property
    def new_kinds(self) -> tuple[str, ...]:
        """What it knows since, in the order in which it was taught."""
        kinds = dict.fromkeys(lesson.teaching.kind for lesson in self.lessons)
        return tuple(kind for kind in kinds if kind not in self.info.classes)

    def with_lessons(self, lessons: Sequence[Lesson]) -> Self:
        """The same, taught these as well. What was said of the same photos before does not count
        any more; a new kind stays known even if few are left, for nobody asked that it goes."""
        said = {digest for lesson in lessons for digest in lesson.digests}
        before = (lesson.without(said) for lesson in self.lessons)
        kept = [lesson for lesson in before if lesson is not None]
        return dataclasses.replace(self, lessons=(*kept, *lessons))

    def without_lessons(self, ids: Collection[str]) -> Self:
        """The same as if it had not been taught some of its lessons. A new kind of which too few
        photos are left goes as well."""
        kept = [lesson for lesson in self.lessons if lesson.teaching.id not in ids]
        return self._with_enough_of(kept)

    def without_photos(self, digests: Collection[str]) -> Self:
        """The same as if some photos had been in none of its lessons."""
        left = (lesson.without(digests) for lesson in self.lessons)
        return self._with_enough_of([lesson for lesson in left if lesson is not None])

    def _with_enough_of(self, kept: Sequence[Lesson]) -> Self:
        counts: Counter[str] = Counter()
        for lesson in kept:
            counts[lesson.teaching.kind] += len(lesson.features)
        enough = {kind for kind, count in counts.items() if count >= LEAST_PHOTOS}
        enough |= set(self.info.classes)
        lessons = tuple(lesson for lesson in kept if lesson.teaching.kind in enough)
        return dataclasses.replace(self, lessons=lessons)

    def fitted(self) -> "Fitted":
        """Fit the head to all that it was taught."""
        names = self.new_kinds
        kinds = [self._features_of(name) for name in names]
        known = {
            label: features
            for label, name in enumerate(self.info.classes)
            if len(features := self._features_of(name))
        }
        before = corrected(self.head, self.growth, known)
        head = with_kinds(before, self.growth, kinds, known) if kinds else before
        class_means = with_means(self.tensors.get(CLASS_MEANS), kinds)
        temperature, familiarity = calibrated(before, head, self.growth, kinds, known, class_means)
        info = dataclasses.replace(
            self.info,
            classes=(*self.info.classes, *names),
            temperature=temperature,
            metrics=self._metrics(head),
            taught=tuple(lesson.teaching for lesson in self.lessons),
            grown_from=self.digest,
            before={name: getattr(self.info, name) for name in _ANOTHER},
        )
        if familiarity is not None and self.info.familiar_scores:
            info = dataclasses.replace(
                info,
                norm_weight=familiarity.norm_weight,
                cosine_weight=familiarity.cosine_weight,
                odds_weight=familiarity.odds_weight,
                familiar_scores=familiarity.scores,
            )
        return Fitted(head, info, class_means)

    def accuracy(self, head: NumpyHead) -> float:
        """The share of its validation photos, all of old kinds, that a head answers rightly; not a
        number where it keeps none."""
        right = head.logits(self.growth.validation).argmax(axis=1) == self.growth.validation_labels
        return float(right.mean()) if len(right) else float("nan")

    def write(self, path: Path) -> ModelInfo:
        """Fit the head, and write all of it to one file, atomically.

        Returns:
            What the model says of itself now.

        Raises:
            OSError: the folder cannot be written to, or the disk is full.
        """
        if self.lessons:
            return self.write_fitted(self.fitted(), path)
        write_tensors(path, self.tensors, self.info.to_metadata())
        return self.info

    def write_fitted(self, fitted: "Fitted", path: Path) -> ModelInfo:
        """The same, with what :meth:`fitted` gave."""
        head, info, means = fitted.head, fitted.info, fitted.class_means
        tensors = dict(self.tensors)
        prefix = f"{architecture_named(info.architecture).head}."
        layer = f"{prefix}{last_layer_of(info)}"
        for name, parameter, now in (
            (_WEIGHT, f"{layer}.weight", head.weight),
            (_BIAS, f"{layer}.bias", head.bias),
        ):
            tensors[name] = tensors[parameter]
            tensors[parameter] = now.astype(tensors[parameter].dtype)
        if head.imagenet is not None:
            own = tensors[f"{prefix}membership"]
            tensors[f"{prefix}membership"] = head.imagenet[2].astype(own.dtype)
        if means is not None:
            tensors[CLASS_MEANS] = means.astype(np.float16)
        counts = [len(lesson.features) for lesson in self.lessons]
        tensors |= self.growth.as_tensors()
        tensors[_TAUGHT] = in_16_bits(np.concatenate([each.features for each in self.lessons]))
        digests = [bytes.fromhex(digest) for each in self.lessons for digest in each.digests]
        tensors[_DIGESTS] = np.frombuffer(b"".join(digests), np.uint8).reshape(len(digests), -1)
        tensors[_LESSONS] = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        write_tensors(path, tensors, info.to_metadata())
        return info

    def _features_of(self, kind: str) -> np.ndarray:
        found = [each.features for each in self.lessons if each.teaching.kind == kind]
        width = self.growth.means.shape[1]
        return np.concatenate(found) if found else np.zeros((0, width), dtype=np.float32)

    def _metrics(self, head: NumpyHead) -> dict[str, float]:
        """Of all its kinds nothing is known: the validation photos are of those that it knew."""
        kept = {
            name: value
            for name, value in self.info.metrics.items()
            if not name.startswith("validation_")
        }
        photos = len(self.growth.validation)
        if not photos:
            return kept
        return kept | {
            "old_kinds_accuracy": self.accuracy(head),
            "old_kinds_photos": float(photos),
        }


def _lessons(info: ModelInfo, tensors: Mapping[str, np.ndarray]) -> tuple[Lesson, ...]:
    features, numbers = tensors[_TAUGHT].astype(np.float32), tensors[_LESSONS]
    digests = tensors[_DIGESTS]
    is_sound = (
        features.ndim == digests.ndim == 2
        and numbers.shape == (len(features),) == (len(digests),)
        and digests.dtype == np.uint8
        and bool(np.isfinite(features).all())
    )
    if not is_sound:
        raise ValueError(_TAUGHT)
    found = []
    for number, teaching in enumerate(info.taught):
        rows = np.flatnonzero(numbers == number)
        if len(rows):
            names = tuple(digests[row].tobytes().hex() for row in rows)
            found.append(Lesson(teaching, features[rows], names))
    return tuple(found)


def _before(
    info: ModelInfo, tensors: Mapping[str, np.ndarray]
) -> tuple[dict[str, np.ndarray], ModelInfo]:
    """A taught model's tensors, and what it said of itself, before it was taught anything."""
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in info.before.items()
        if name in _ANOTHER
    }
    before = dataclasses.replace(info, taught=(), grown_from="", before={}, **values)
    found = {
        name: tensor
        for name, tensor in tensors.items()
        if name not in (_TAUGHT, _LESSONS, _DIGESTS)
    }
    weight, bias = found.pop(_WEIGHT), found.pop(_BIAS)
    prefix = f"{architecture_named(info.architecture).head}."
    count, now = len(before.classes), len(info.classes)
    layer = f"{prefix}{last_layer_of(info)}"
    found[f"{layer}.weight"], found[f"{layer}.bias"] = weight, bias
    membership = f"{prefix}membership"
    if membership in found:
        own = found[membership]
        found[membership] = np.concatenate([own[:, :count], own[:, now:]], axis=1)
    if CLASS_MEANS in found:
        found[CLASS_MEANS] = found[CLASS_MEANS][:count]
    return found, before
