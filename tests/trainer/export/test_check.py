import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
import torch
from safetensors.numpy import load_file, save_file
from torch import Tensor

from tests.trainer.export.conftest import Pair
from tests.trainer.export.models import (
    FEW,
    INFO,
    checked_export,
    last_layer,
    model_file,
)
from trainer.control import drain
from trainer.errors import ExportError, ModelFileError
from trainer.export import export as exporting
from trainer.export.check import LARGEST_DIFFERENCE, check
from trainer.export.format import SUFFIXES, Format
from trainer.export.graph import ExportGraph
from trainer.export.metadata import metadata_of
from trainer.models.classifier import Classifier
from trainer.models.metadata import read_model_info
from trainer.models.model_file import save_model


@pytest.mark.parametrize("format", get_args(Format))
def test_the_export_of_another_model_is_refused_with_the_amount(
    format: Format,
    export_for_squares: Callable[[Format], Pair],
    tmp_path: Path,
    photos: list[Path],
) -> None:
    pair = export_for_squares(format)
    exported = pair.exported
    other = model_file(tmp_path / "other.safetensors", seed=1)
    agreement = drain(check(pair.model, exported.path, format, False, photos, FEW))
    assert agreement.largest_difference == exported.largest_difference
    with pytest.raises(ExportError) as refusal:
        drain(check(other, exported.path, format, False, photos, FEW))
    assert LARGEST_DIFFERENCE < float(refusal.value.details["difference"]) <= 1  # type: ignore[arg-type]
    assert str(refusal.value.details["difference"]) in str(refusal.value)


def in_other_order(outputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return tuple(output.flip(1) for output in outputs)


def without_a_class(outputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return tuple(output[:, 1:] for output in outputs)


def with_other_logits(outputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return outputs[0], outputs[1] * 3 + 7


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (in_other_order, "photos get another label"),
        (without_a_class, "20 of 20 photos get another label"),
        (with_other_logits, r"logits are not the model's.* differs .* by up to 0\.\d"),
    ],
)
def test_an_export_that_computes_something_else_is_refused(
    wrong: Callable[[tuple[Tensor, ...]], tuple[Tensor, ...]],
    complaint: str,
    tmp_path: Path,
    photos: list[Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = model_file(tmp_path / "model.safetensors")
    forward = ExportGraph.forward
    monkeypatch.setattr(ExportGraph, "forward", lambda self, inputs: wrong(forward(self, inputs)))
    with pytest.raises(ExportError, match=complaint):
        checked_export(model, "onnx", tmp_path / "export", photos)
    assert list(tmp_path.iterdir()) == [model]


@pytest.mark.parametrize(
    ("format", "key", "value"),
    [
        ("onnx", "temperature", 99.0),
        ("torchscript", "temperature", 0.7000001),
        ("torch_export", "temperature", 0.7000001),
        ("openvino", "temperature", 0.7000001),
        ("onnx", "threshold", 0.9),
        ("onnx", "classes", INFO.classes[::-1]),
        ("onnx", "classes", (*INFO.classes, "d")),
        ("onnx", "labels_ko", ["사과", "b | c", "수박"]),
        ("onnx", "input", {"size": 33}),
        ("onnx", "input", {"mean": [0.5, 0.5, 0.5]}),
        ("torchscript", "input", {"std": [0.5, 0.5, 0.5]}),
    ],
    ids=str,
)
def test_an_export_that_says_something_else_of_itself_is_refused(
    format: Format, key: str, value: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = model_file(tmp_path / "model.safetensors")
    metadata = metadata_of(INFO, with_preprocessing=False)
    wrong = metadata | {key: metadata[key] | value if isinstance(value, dict) else value}
    monkeypatch.setattr(exporting, "metadata_of", lambda *_: wrong)
    with pytest.raises(ExportError, match="What the export says of itself") as refusal:
        checked_export(model, format, tmp_path / f"export{SUFFIXES[format]}")
    assert refusal.value.details["fields"] == key
    assert list(tmp_path.iterdir()) == [model]


def test_an_export_that_tells_the_unknown_otherwise_is_refused(
    tmp_path: Path, photos: list[Path]
) -> None:
    model = model_file(tmp_path / "model.safetensors", calibrated=True)
    info = read_model_info(model)
    shifted = tuple(score + 0.3 for score in info.familiar_scores)
    other = tmp_path / "other.safetensors"
    changed = dataclasses.replace(info, familiar_scores=shifted)
    save_file(load_file(model), other, changed.to_metadata())
    exported = checked_export(other, "onnx", tmp_path / "export", photos)
    with pytest.raises(ExportError, match="familiarity differs by up to 0"):
        drain(check(model, exported.path, "onnx", False, photos, FEW))


def test_where_two_classes_are_level_either_may_be_named(
    tmp_path: Path, photos: list[Path]
) -> None:
    info = dataclasses.replace(INFO, classes=("a", "b"), head="linear")
    models = []
    for number in range(2):
        torch.manual_seed(0)
        classifier = Classifier(info.architecture, 2, "linear")
        for parameter in classifier.head.parameters():
            torch.nn.init.zeros_(parameter)
        with torch.no_grad():
            last_layer(classifier).bias[number] = LARGEST_DIFFERENCE
        models.append(tmp_path / f"{number}.safetensors")
        save_model(models[-1], classifier, info)
    exported = checked_export(models[1], "onnx", tmp_path / "export", photos)
    assert exported.ties == 0
    agreement = drain(check(models[0], exported.path, "onnx", False, photos, FEW))
    assert (agreement.ties, agreement.mistakes) == (FEW, 0)


def test_a_model_that_computes_no_numbers_is_not_exported(
    tmp_path: Path, photos: list[Path]
) -> None:
    classifier = Classifier(INFO.architecture, 3, "notebook", 8)
    torch.nn.init.constant_(classifier.head[0].bias, float("nan"))  # type: ignore[index, arg-type]
    model = tmp_path / "model.safetensors"
    save_model(model, classifier, INFO)
    with pytest.raises(ModelFileError, match="holds values that are no numbers"):
        checked_export(model, "onnx", tmp_path / "export", photos)
    assert list(tmp_path.iterdir()) == [model]
