"""The training photos that look most alike to a model, where its data set is still on disk."""

import hashlib
import logging
import os
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from trainer.data.dataset import DataSet
from trainer.events import Preparing
from trainer.inference.predictor import Predictor
from trainer.storage import caches
from trainer.storage.encoding import encoded
from trainer.storage.tensor_file import write_tensors


@dataclass(frozen=True, slots=True)
class SimilarPhoto:
    """A training photo, and the cosine between its features and those of the photo in question."""

    path: Path
    label: str
    similarity: float


@dataclass(frozen=True, slots=True, eq=False)
class TrainingFeatures:
    """What a model sees in the photos that it learnt from."""

    paths: tuple[Path, ...]
    labels: tuple[str, ...]
    directions: np.ndarray
    """float16 (N, F), of unit length."""

    def nearest(
        self, features: np.ndarray, but: Path | None = None, count: int = 3
    ) -> list[SimilarPhoto]:
        """The most similar photos that are still there, best first.

        Args:
            features: float32 (F,).
            but: a photo that may be one of them, and is left out.
        """
        direction = features / max(float(np.linalg.norm(features)), 1e-12)
        cosines = self.directions.astype(np.float32) @ direction
        found: list[SimilarPhoto] = []
        place = os.path.realpath(but) if but else None
        for index in np.argsort(-cosines).tolist():
            path = self.paths[index]
            if os.path.realpath(path) != place and path.exists():
                found.append(SimilarPhoto(path, self.labels[index], float(cosines[index])))
            if len(found) == count:
                break
        return found


def training_features(
    predictor: Predictor, data_set: DataSet
) -> Generator[Preparing, None, TrainingFeatures]:
    """Compute what the model sees in its training photos, or find it in the caches."""
    photos = data_set.split("train")
    named = [(photo.path, data_set.classes[photo.label]) for photo in photos]
    file = _file_of(predictor, data_set, named)
    kept = _read(file, named)
    if kept is not None:
        return kept
    indices: list[int] = []
    parts: list[np.ndarray] = []
    done = 0
    for batch in predictor.batches(path for path, _ in named):
        numbered = enumerate(batch.photos, start=done)
        indices += [number for number, photo in numbered if photo.is_readable]
        if batch.outputs is not None:
            parts.append(batch.outputs.features)
        done += len(batch.photos)
        yield Preparing("similar", done, len(named))
    features = np.concatenate(parts) if parts else np.zeros((0, 1), dtype=np.float32)
    lengths = np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-12)
    directions = (features / lengths).astype(np.float16)
    try:
        write_tensors(file, {"indices": np.array(indices), "directions": directions})
    except OSError as error:
        # It can be computed again.
        logging.getLogger(__name__).warning("Features cannot be kept: %s", error)
    return _of(named, indices, directions)


def _of(
    named: Sequence[tuple[Path, str]], indices: Sequence[int], directions: np.ndarray
) -> TrainingFeatures:
    return TrainingFeatures(
        tuple(named[index][0] for index in indices),
        tuple(named[index][1] for index in indices),
        directions,
    )


def _file_of(predictor: Predictor, data_set: DataSet, named: Sequence[tuple[Path, str]]) -> Path:
    model = predictor.model_file.stat()
    digest = hashlib.blake2b(digest_size=12)
    digest.update(f"{predictor.model_file} {model.st_size} {model.st_mtime_ns}".encode())
    digest.update(data_set.fingerprint().encode())
    for path, label in named:
        digest.update(encoded(f"{path}\0{label}\n"))
    return caches.features_file(digest.hexdigest())


def _read(file: Path, named: Sequence[tuple[Path, str]]) -> TrainingFeatures | None:
    try:
        with safe_open(file, framework="numpy") as stored:
            indices, directions = stored.get_tensor("indices"), stored.get_tensor("directions")
    except (OSError, SafetensorError):
        return None
    return _of(named, indices.tolist(), directions)
