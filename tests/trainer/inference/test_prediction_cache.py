from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
import torch

from trainer import paths
from trainer.control import drain
from trainer.data.dataset import DataSet
from trainer.events import PhotoSkipped, Preparing
from trainer.inference.prediction_cache import Predictions, cached_predictions
from trainer.inference.predictor import Predictor
from trainer.models.classifier import Classifier
from trainer.models.metadata import ModelInfo
from trainer.models.model_file import save_model

R = TypeVar("R")


def collected(steps: Generator[object, None, R]) -> tuple[R, list[object]]:
    happened = []
    return drain(steps, happened.append), happened


def predictor_in(folder: Path, seed: int = 0) -> Predictor:
    model = folder / f"model-{seed}.safetensors"
    torch.manual_seed(seed)
    info = ModelInfo(title="x", architecture="mobilenet_v2", classes=("a", "b", "c"), image_size=32)
    save_model(model, Classifier("mobilenet_v2", 3), info)
    return Predictor(model, "cpu")


@pytest.fixture
def photos(demo_data: DataSet) -> list[Path]:
    return [photo.path for photo in demo_data.split("train")][:20]


def test_answers_are_those_of_the_model_and_are_computed_once(
    photos: list[Path], tmp_path: Path
) -> None:
    predictor = predictor_in(tmp_path)
    first, happened = collected(cached_predictions(predictor, photos))
    assert happened[-1] == Preparing("evaluate", 20, 20)
    expected = list(predictor.predict(photos, top=3))
    for path, row, prediction in zip(photos, first.probabilities, expected, strict=True):
        assert prediction.path == path
        assert prediction.answer is not None
        assert row.max() == pytest.approx(prediction.answer.confidence, abs=1e-6)
    again, happened = collected(cached_predictions(predictor, photos))
    # All of them are known at once.
    assert happened == [Preparing("evaluate", 20, 20)]
    same(first, again)


def same(first: Predictions, second: Predictions) -> None:
    assert first.paths == second.paths
    assert np.array_equal(first.probabilities, second.probabilities)
    assert np.array_equal(first.familiarity, second.familiarity)


def test_another_model_answers_for_itself(photos: list[Path], tmp_path: Path) -> None:
    first, _ = collected(cached_predictions(predictor_in(tmp_path, 0), photos))
    second, _ = collected(cached_predictions(predictor_in(tmp_path, 1), photos))
    assert not np.array_equal(first.probabilities, second.probabilities)


def test_a_photo_that_was_changed_is_answered_anew(tmp_path: Path) -> None:
    predictor = Predictor(paths.starter_model(), "cpu")
    apple, banana = (paths.samples_folder() / name for name in ("apple-1.jpg", "banana-1.jpg"))
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(apple.read_bytes())
    before, _ = collected(cached_predictions(predictor, [photo]))
    photo.write_bytes(banana.read_bytes())
    after, _ = collected(cached_predictions(predictor, [photo, banana]))
    assert not np.array_equal(before.probabilities[0], after.probabilities[0])
    # The same content under two names is the same photo.
    assert np.array_equal(after.probabilities[0], after.probabilities[1])


def test_photos_that_cannot_be_read_are_told_and_left_out(
    photos: list[Path], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_text("no picture")
    found, happened = collected(cached_predictions(predictor_in(tmp_path), [photos[0], broken]))
    assert found.paths == (photos[0],)
    assert [event.path for event in happened if isinstance(event, PhotoSkipped)] == [broken]
    nothing, _ = collected(cached_predictions(predictor_in(tmp_path), [broken]))
    assert nothing.paths == ()
