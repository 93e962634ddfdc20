import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from trainer import paths
from trainer.errors import ModelFileError
from trainer.inference.engine_selection import open_engine, prepare, prepared_file
from trainer.inference.torch_engine import TorchEngine
from trainer.models.classifier import Classifier
from trainer.models.metadata import ModelInfo
from trainer.models.model_file import save_model
from trainer.storage import caches


def model_file(folder: Path, model: str, head: Any, dtype: torch.dtype = torch.float32) -> Path:
    torch.manual_seed(0)
    file = folder / "model.safetensors"
    info = ModelInfo(
        title="Test", architecture=model, classes=("a", "b", "c"), head=head, image_size=64
    )
    save_model(file, Classifier(model, 3, head), info, dtype)
    return file


@pytest.mark.parametrize(
    ("model", "head"),
    [("mobilenet_v2", "linear"), ("resnet18", "notebook"), ("convnext_tiny", "linear")],
)
def test_a_prepared_model_gives_what_torch_gives(model: str, head: Any, tmp_path: Path) -> None:
    file = model_file(tmp_path, model, head)
    assert prepare(file)
    ours = open_engine(file, "cpu")
    assert ours.name.startswith("OpenVINO")
    squares = np.random.default_rng(0).integers(0, 255, (5, 64, 64, 3), dtype=np.uint8)
    expected = TorchEngine.load(file, "cpu").run(squares, with_maps=True)
    found = ours.run(squares, with_maps=True)
    for name in ("logits", "features", "maps"):
        theirs = getattr(expected, name)
        scale = float(np.abs(theirs).max())
        assert getattr(found, name) == pytest.approx(theirs, abs=0.01 * scale), name


@pytest.mark.parametrize(("dtype", "bytes_a_weight"), [(torch.float32, 4), (torch.float16, 2)])
def test_weights_keep_the_bits_that_they_are_stored_in(
    dtype: torch.dtype, bytes_a_weight: int, tmp_path: Path
) -> None:
    info = ModelInfo(title="x", architecture="mobilenet_v2", classes=("a", "b"), image_size=32)
    classifier = Classifier("mobilenet_v2", 2)
    file = tmp_path / "model.safetensors"
    # Class means are stored in 16 bits in any case.
    save_model(file, classifier, info, dtype, np.ones((2, 1280), np.float32))
    assert prepare(file)
    prepared = prepared_file(file)
    assert prepared is not None
    weights = sum(tensor.numel() for tensor in classifier.parameters())
    size = prepared.with_suffix(".bin").stat().st_size
    assert 0.9 < size / (weights * bytes_a_weight) < 1.2


def test_outputs_stay_as_they_are_when_the_engine_runs_again(tmp_path: Path) -> None:
    file = model_file(tmp_path, "mobilenet_v2", "linear")
    prepare(file)
    engine = open_engine(file, "cpu")
    black = engine.run(np.zeros((1, 64, 64, 3), dtype=np.uint8), with_maps=True)
    before = [array.copy() for array in (black.logits, black.features, black.maps)]
    engine.run(np.full((1, 64, 64, 3), 255, dtype=np.uint8), with_maps=True)
    for array, kept in zip((black.logits, black.features, black.maps), before, strict=True):
        assert np.array_equal(array, kept)


def test_without_preparation_torch_answers(tmp_path: Path) -> None:
    file = model_file(tmp_path, "mobilenet_v2", "linear")
    assert prepared_file(file) is None
    assert open_engine(file, "cpu").name.startswith("torch")


def test_a_damaged_preparation_is_no_obstacle(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = model_file(tmp_path, "mobilenet_v2", "linear")
    prepare(file)
    prepared = prepared_file(file)
    assert prepared is not None
    prepared.write_text("<net/>")
    assert open_engine(file, "cpu").name.startswith("torch")
    assert "OpenVINO" in caplog.text


def test_a_changed_model_is_prepared_anew(tmp_path: Path) -> None:
    file = model_file(tmp_path, "mobilenet_v2", "linear")
    prepare(file)
    first = prepared_file(file)
    model_file(tmp_path, "mobilenet_v2", "notebook")
    assert prepared_file(file) is None
    prepare(file)
    assert prepared_file(file) != first
    assert len(list(caches.engines_folder().iterdir())) == 2


def test_nowhere_to_write_is_no_obstacle(tmp_path: Path) -> None:
    file = model_file(tmp_path, "mobilenet_v2", "linear")
    paths.home().mkdir(parents=True)
    paths.caches_folder().write_text("a file where a folder should be")
    assert not prepare(file)
    assert open_engine(file, "cpu").name.startswith("torch")


def test_what_is_no_model_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="no model file"):
        prepare(tmp_path / "gone.safetensors")
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(b"\x02\0\0\0\0\0\0\0{}")
    with pytest.raises(ModelFileError):
        prepare(damaged)


def test_the_starter_answers_without_torch_and_without_telemetry() -> None:
    code = (
        "import sys\n"
        "from trainer import paths\n"
        "from trainer.inference.predictor import Predictor\n"
        "photos = sorted(paths.samples_folder().glob('*.jpg'))\n"
        "answers = list(Predictor(paths.starter_model()).predict(photos))\n"
        "assert all(answer.error is None for answer in answers)\n"
        "assert 'torch' not in sys.modules\n"
        "assert sys.modules['openvino_telemetry'] is None\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
