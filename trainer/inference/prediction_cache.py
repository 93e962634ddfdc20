"""A model's answers to photos, computed once and kept: they stay the same whatever the labels."""

import hashlib
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from trainer.errors import ImageError
from trainer.events import PhotoSkipped, Preparing
from trainer.inference.engine import Outputs
from trainer.inference.engine_selection import model_digest
from trainer.inference.predictor import BATCH_SIZE, Predictor, ReadPhoto
from trainer.storage import caches, file_digests
from trainer.storage.array_cache import ArrayCache

_STORED_AT_ONCE = 4 * BATCH_SIZE


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """Of the photos that could be read, in their order."""

    paths: tuple[Path, ...]
    probabilities: np.ndarray
    """float32 (N, classes), calibrated."""
    familiarity: np.ndarray
    """float32 (N,), from 0 to 1."""


def cached_predictions(
    predictor: Predictor, photos: Sequence[Path]
) -> Generator[Preparing | PhotoSkipped, None, Predictions]:
    """Let a model answer photos; what it has answered before is found in the caches.

    Raises:
        OSError: the caches cannot be written to.
    """
    width = len(predictor.info.classes) + 1
    read, table = yield from cached_rows(
        predictor, photos, "answers", width, lambda outputs: _rows(predictor, outputs)
    )
    return Predictions(tuple(read), table[:, :-1], table[:, -1])


def cached_rows(
    predictor: Predictor,
    photos: Sequence[Path],
    kind: str,
    width: int,
    rows_of: Callable[[Outputs], np.ndarray],
) -> Generator[Preparing | PhotoSkipped, None, tuple[list[Path], np.ndarray]]:
    """A row of figures for each photo, made of the model's outputs or found in the caches.

    Args:
        kind: what the rows are, in the name of their cache.
        width: how long they are.
        rows_of: makes float32 (N, width) of N photos' outputs.

    Returns:
        The photos that could be read, in their order, and their rows: float32 (N, width).

    Raises:
        OSError: the caches cannot be written to.
    """
    store = _Store(predictor, kind, width)
    stamps = {path: stamp for path in photos if (stamp := file_digests.stamp_of(path)) is not None}
    rows = store.rows(stamps)
    missing = [path for path in dict.fromkeys(photos) if path not in rows]
    known = len(photos) - len(missing)
    if known:
        yield Preparing("evaluate", known, len(photos))
    done = known
    unsaved: list[tuple[ReadPhoto, np.ndarray]] = []
    for batch in predictor.batches(missing):
        for photo in batch.photos:
            if isinstance(photo.decoded, ImageError):
                yield PhotoSkipped(photo.path, photo.decoded)
        if batch.outputs is not None:
            readable = [photo for photo in batch.photos if photo.is_readable]
            unsaved += zip(readable, rows_of(batch.outputs), strict=True)
        done += len(batch.photos)
        yield Preparing("evaluate", done, len(photos))
        if unsaved and (len(unsaved) >= _STORED_AT_ONCE or done == len(photos)):
            store.add(unsaved, stamps)
            rows |= {photo.path: row for photo, row in unsaved}
            unsaved = []
    read = [path for path in photos if path in rows]
    table = np.array([rows[path] for path in read], dtype=np.float32)
    return read, table.reshape(len(read), width)


def _rows(predictor: Predictor, outputs: Outputs) -> np.ndarray:
    """Of each image the probabilities, then the familiarity: float32 (N, classes + 1)."""
    familiarity = predictor.familiarity(outputs.logits, outputs.features)
    columns = (predictor.probabilities(outputs.logits), familiarity[:, None])
    return np.concatenate(columns, axis=1).astype(np.float32)


class _Store:
    """What one model, run by one engine, has made of photos so far; they are known by their
    content."""

    def __init__(self, predictor: Predictor, kind: str, width: int) -> None:
        identity = f"{model_digest(predictor.model_file)} {predictor.engine.name}"
        name = hashlib.blake2b(identity.encode(), digest_size=12).hexdigest()
        self._cache = ArrayCache(caches.outputs_folder(kind, name), (width,), np.float32)

    def rows(self, stamps: Mapping[Path, str]) -> dict[Path, np.ndarray]:
        """The rows of the photos that were answered before, and have not changed since."""
        slots, records = self._cache.slots(), self._cache.records()
        found = file_digests.remembered(stamps).items()
        return {path: records[slots[digest]] for path, digest in found if digest in slots}

    def add(
        self, answered: Sequence[tuple[ReadPhoto, np.ndarray]], stamps: Mapping[Path, str]
    ) -> None:
        """Keep the rows of photos that have just been read."""
        by_digest = {photo.digest: row for photo, row in answered}
        self._cache.add(list(by_digest), np.stack(list(by_digest.values())))
        file_digests.remember(
            {
                photo.path: (stamps[photo.path], photo.digest)
                for photo, _ in answered
                if photo.path in stamps
            }
        )
