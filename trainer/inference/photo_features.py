"""What a model sees in photos: the trunk's output, kept by their content."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from trainer.events import PhotoSkipped, Preparing
from trainer.inference.prediction_cache import cached_rows
from trainer.inference.predictor import Predictor


@dataclass(frozen=True, slots=True, eq=False)
class PhotoFeatures:
    """Of the photos that could be read, in their order."""

    paths: tuple[Path, ...]
    directions: np.ndarray
    """float32 (N, F), of unit length."""


def photo_features(
    predictor: Predictor, photos: Sequence[Path]
) -> Generator[Preparing | PhotoSkipped, None, PhotoFeatures]:
    """Compute the features of photos, or find them in the caches.

    Raises:
        OSError: the caches cannot be written to.
    """
    side = predictor.info.image_size
    width = predictor.outputs([np.zeros((side, side, 3), np.uint8)]).features.shape[1]
    read, features = yield from cached_rows(
        predictor, photos, "features", width, lambda outputs: outputs.features
    )
    lengths = np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-12)
    return PhotoFeatures(tuple(read), features / lengths)
