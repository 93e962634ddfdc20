"""Exports that several tests look at, each made once, whatever number of processes test."""

import os
import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from filelock import FileLock
from PIL import Image

from tests.trainer.export.models import FEW, INFO, checked_export, image, model_file
from trainer.export.format import SUFFIXES, Exported, Format
from trainer.models.metadata import ModelInfo


@dataclass(frozen=True)
class Pair:
    """A model, and an export of it."""

    model: Path
    exported: Exported


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """As many small photos as a check takes here."""
    folder = tmp_path_factory.mktemp("photos")
    for number in range(FEW):
        wide, high = 40 + number % 7 * 9, 40 + number % 5 * 11
        Image.fromarray(image(wide, high, number)).save(folder / f"{number:03}.jpg")
    return sorted(folder.iterdir())


@pytest.fixture(scope="session")
def export_for_squares(shared_folder: Path, photos: list[Path]) -> Callable[[Format], Pair]:
    """Exports a model that was not calibrated; not to be changed."""
    return lambda format: _shared(shared_folder / "수출 1", INFO, format, False, photos)


@pytest.fixture(scope="session")
def export_for_photos(shared_folder: Path, photos: list[Path]) -> Callable[[Format], Pair]:
    """The same with preprocessing, of a calibrated model with another head and resize mode."""
    info = replace(INFO, head="linear", resize="crop")
    return lambda format: _shared(shared_folder / "수출 2", info, format, True, photos)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all processes."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


def _shared(
    folder: Path, info: ModelInfo, format: Format, is_for_photos: bool, photos: list[Path]
) -> Pair:
    folder.mkdir(exist_ok=True)
    model, made = folder / "모델.safetensors", folder / f"{format}.pickle"
    with FileLock(folder / "lock"):
        if not model.exists():
            model_file(model, info, calibrated=is_for_photos)
        if not made.exists():
            target = folder / f"수출{SUFFIXES[format]}"
            exported = checked_export(model, format, target, photos, is_for_photos)
            made.write_bytes(pickle.dumps(exported))
    return Pair(model, pickle.loads(made.read_bytes()))
