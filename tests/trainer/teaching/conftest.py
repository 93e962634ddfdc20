from pathlib import Path

import numpy as np
import pytest

from tests.trainer.teaching.world import KINDS, WIDTH, World, photos
from trainer import paths
from trainer.models.growth import Growth
from trainer.models.numpy_head import NumpyHead


@pytest.fixture
def sample_photos() -> list[Path]:
    return sorted(paths.samples_folder().glob("*.jpg"))


@pytest.fixture(scope="module")
def world() -> World:
    random = np.random.default_rng(0)
    return random.normal(size=(KINDS, WIDTH)), 0.4 * random.normal(size=(8, WIDTH))


@pytest.fixture(scope="module")
def model(world: World) -> tuple[NumpyHead, Growth]:
    """A head that tells all kinds but the last two apart: linear discriminants."""
    known = KINDS - 2
    features = np.concatenate([photos(world, kind, 30, 0) for kind in range(known)])
    labels = np.repeat(np.arange(known), 30)
    growth = Growth.of(features, labels, features, labels, known)
    assert growth is not None
    within = features - growth.means[labels]
    inverse = np.linalg.inv(within.T @ within / len(within) + 0.01 * np.eye(WIDTH))
    # As large as networks' logits are.
    weight = growth.means @ inverse / 40
    bias = -0.5 * (weight * growth.means).sum(axis=1)
    return NumpyHead((), weight.astype(np.float32), bias.astype(np.float32)), growth
