from collections.abc import Callable
from typing import get_args

import pytest

from tests.trainer.export.conftest import Pair
from tests.trainer.export.models import INFO
from trainer.export.format import Format
from trainer.export.onnx_runtime import onnxruntime
from trainer.export.runtimes import load_export
from trainer.inference.openvino_import import openvino


@pytest.mark.parametrize("format", get_args(Format))
def test_an_export_says_all_that_is_needed_to_use_it(
    format: Format, export_for_squares: Callable[[Format], Pair]
) -> None:
    exported = export_for_squares(format).exported
    metadata = load_export(exported.path, format).metadata
    assert metadata["format"] == "fruitgui-export/1"
    assert metadata["title"] == INFO.title
    assert metadata["architecture"] == "timm/test_resnet"
    assert metadata["classes"] == ["사과", "b | c", "Passion-Fruit"]
    assert metadata["labels_en"] == ["사과", "b | c", "Passion fruit"]
    assert metadata["labels_ko"] == ["사과", "b | c", "패션프루트"]
    assert metadata["input"]["name"] == "images"
    assert metadata["input"]["shape"] == ["N", 3, 32, 32]
    assert metadata["temperature"] == 0.7
    assert metadata["threshold"] == 0.3
    assert metadata["unknown"]["output"] == "probabilities"
    assert metadata["metrics"] == INFO.metrics
    assert metadata["licence"] == "MIT"
    if format == "onnx":
        session = onnxruntime.InferenceSession(exported.path)
        assert [(each.name, each.shape) for each in session.get_inputs()] == [
            ("images", ["N", 3, 32, 32])
        ]
        assert [(each.name, each.shape) for each in session.get_outputs()] == [
            ("probabilities", ["N", 3]),
            ("logits", ["N", 3]),
        ]
    if format == "openvino":
        read = openvino.Core().read_model(exported.path)
        assert {each.any_name: str(each.partial_shape) for each in read.inputs + read.outputs} == {
            "images": "[?,3,32,32]",
            "probabilities": "[?,3]",
            "logits": "[?,3]",
        }
