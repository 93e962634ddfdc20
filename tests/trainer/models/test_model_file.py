import dataclasses
import json
import struct
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from trainer.errors import TrainerError
from trainer.inference.predictor import Predictor
from trainer.models.classifier import Classifier
from trainer.models.metadata import ModelInfo, read_model_info
from trainer.models.model_file import load_model, save_model

INFO = ModelInfo(
    title="Obst · 과일",
    architecture="mobilenet_v2",
    classes=("사과", "b", "ç"),
    head_width=8,
    image_size=32,
    resize="crop",
    temperature=1.25,
    threshold=0.4,
    metrics={"validation_accuracy": 0.5},
    data_fingerprint="0123456789abcdef",
    licence="MIT",
    created="2026-01-02T03:04:05+00:00",
)


def classifier_of(info: ModelInfo) -> Classifier:
    torch.manual_seed(0)
    return Classifier(info.architecture, len(info.classes), info.head, info.head_width)


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    path = tmp_path / "모델.safetensors"
    save_model(path, classifier_of(INFO), INFO)
    return path


def test_a_model_comes_back_as_it_was_saved(model_file: Path) -> None:
    classifier, info = load_model(model_file)
    assert info == INFO
    assert not classifier.training
    ours, theirs = classifier_of(INFO).state_dict(), classifier.state_dict()
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if not torch.equal(ours[name], theirs[name])] == []


@pytest.mark.parametrize("architecture", ["timm/eva02_tiny_patch14_224", "timm/resnet26d"])
def test_any_network_of_timms_comes_back_and_draws_nothing(
    architecture: str, tmp_path: Path
) -> None:
    info = dataclasses.replace(INFO, architecture=architecture)
    saved = classifier_of(info).eval()
    save_model(tmp_path / "model.safetensors", saved, info)
    state = torch.get_rng_state()
    classifier, _ = load_model(tmp_path / "model.safetensors")
    assert torch.equal(torch.get_rng_state(), state)
    images = torch.randn(1, 3, 224, 224)
    with torch.no_grad():
        assert torch.equal(classifier(images), saved(images))


def test_its_description_is_read_without_its_weights(model_file: Path) -> None:
    data = model_file.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    model_file.write_bytes(data[: 8 + length])
    assert read_model_info(model_file) == INFO


def test_sixteen_bits_halve_the_file_and_lose_little(model_file: Path, tmp_path: Path) -> None:
    classifier, _ = load_model(model_file)
    half = tmp_path / "half.safetensors"
    save_model(half, classifier, INFO, dtype=torch.float16)
    assert half.stat().st_size < 0.55 * model_file.stat().st_size
    assert load_file(half)["features.0.0.weight"].dtype == torch.float16
    again, _ = load_model(half)
    images = torch.randn(4, 3, 32, 32)
    with torch.no_grad():
        ours, theirs = classifier(images).softmax(dim=1), again(images).softmax(dim=1)
    assert theirs.dtype == torch.float32
    assert torch.allclose(ours, theirs, atol=0.01)
    assert not torch.equal(ours, theirs)


@pytest.mark.parametrize(
    "damage",
    ["missing", "a folder", "empty", "text", "cut", "foreign", "huge header", "other classes"],
)
def test_what_is_no_model_is_refused(model_file: Path, damage: str) -> None:
    data = model_file.read_bytes()
    if damage in ("missing", "a folder"):
        model_file.unlink()
    if damage == "a folder":
        model_file.mkdir()
    elif damage == "empty":
        model_file.write_bytes(b"")
    elif damage == "text":
        model_file.write_text("no model, but a longer text than a header's length")
    elif damage == "cut":
        model_file.write_bytes(data[:-1000])
    elif damage == "foreign":
        save_file({"a": torch.zeros(1)}, model_file)
    elif damage == "huge header":
        model_file.write_bytes(struct.pack("<Q", 2**62) + data[8:])
    elif damage == "other classes":
        save_model(model_file, classifier_of(INFO), dataclasses.replace(INFO, classes=("a", "b")))
    with pytest.raises(TrainerError) as refusal:
        Predictor(model_file, "cpu")
    assert model_file.name in str(refusal.value)


def with_metadata(path: Path, metadata: object) -> None:
    """Rewrite a model file's metadata, as anyone may who sends it to another."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length]) | {"__metadata__": metadata}
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data[8 + length :])


@pytest.mark.parametrize(
    "changes",
    [
        {"classes": "5"},
        {"classes": "[]"},
        {"classes": "[1, 2, 3]"},
        {"classes": "[broken"},
        {"architecture": "nonsense"},
        {"temperature": "0"},
        {"temperature": '"hot"'},
        {"image_size": "-3"},
        {"image_size": "1000000000"},
        {"threshold": "NaN"},
        {"temperature": f"1{'0' * 400}"},
        {"norm_weight": f"1{'0' * 400}"},
        {"mean": "[0.5]"},
    ],
    ids=str,
)
def test_impossible_metadata_is_refused_before_it_is_used(
    model_file: Path, changes: dict[str, str]
) -> None:
    with_metadata(model_file, INFO.to_metadata())
    assert read_model_info(model_file) == INFO
    with_metadata(model_file, INFO.to_metadata() | changes)
    with pytest.raises(TrainerError):
        Predictor(model_file, "cpu")


def test_metrics_that_are_no_numbers_are_left_out(model_file: Path) -> None:
    metrics = '{"a": 0.5, "b": "high", "c": NaN, "d": Infinity, "e": [1], "f": 3, "g": 1%s}' % (
        "0" * 400
    )
    with_metadata(model_file, INFO.to_metadata() | {"metrics": metrics})
    assert read_model_info(model_file).metrics == {"a": 0.5, "f": 3}


@pytest.mark.parametrize("metadata", [None, [], "text", {}, {"format": "another/1"}], ids=str)
def test_a_safetensors_file_of_another_app_is_refused(model_file: Path, metadata: object) -> None:
    with_metadata(model_file, metadata)
    with pytest.raises(TrainerError):
        read_model_info(model_file)


SAVE_ON_A_FULL_DISK = """
import resource, sys
from pathlib import Path
from trainer.training.checkpoint import Checkpoint, save_checkpoint
from trainer.models.model_file import load_model, save_model

classifier, info = load_model(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
for save in (
    lambda: save_model(Path(sys.argv[1]), classifier, info),
    lambda: save_checkpoint(Path(sys.argv[2]), Checkpoint(learner=classifier.state_dict())),
):
    try:
        save()
    except OSError as error:
        print(error.filename)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot limit the size of files")
def test_a_full_disk_leaves_the_earlier_file_and_is_told_by_its_name(
    model_file: Path, tmp_path: Path
) -> None:
    before = model_file.read_bytes()
    state = tmp_path / "state.pt"
    done = subprocess.run(
        [sys.executable, "-c", SAVE_ON_A_FULL_DISK, str(model_file), str(state)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [str(model_file), str(state)]
    assert model_file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [model_file]


def test_reading_a_model_draws_nothing_from_torchs_generator(model_file: Path) -> None:
    """A model may be read while another is trained in this process."""
    before = torch.get_rng_state()
    load_model(model_file)
    assert torch.equal(torch.get_rng_state(), before)
