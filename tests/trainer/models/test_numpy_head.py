from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import torch
from torch import nn

from trainer.errors import ModelFileError
from trainer.models.classifier import Classifier
from trainer.models.metadata import Activation, ModelInfo
from trainer.models.model_file import save_model
from trainer.models.numpy_head import NumpyHead

FEATURES = np.random.default_rng(0).normal(size=(7, 1280)).astype(np.float32)


def shaken(classifier: Classifier) -> Classifier:
    """With weights so large that all of an activation's curve is seen."""
    for parameter in classifier.head.parameters():
        nn.init.normal_(parameter, std=0.3)
    return classifier.eval()


def is_torchs(classifier: Classifier, info: ModelInfo, path: Path) -> None:
    save_model(path, classifier, info)
    with torch.no_grad():
        wanted = classifier.head(torch.from_numpy(FEATURES)).numpy()
    found = NumpyHead.read(path, info).logits(FEATURES)
    np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("head", ["linear", "notebook", "joint"])
def test_the_logits_are_torchs(head: Any, tmp_path: Path) -> None:
    torch.manual_seed(0)
    classes = ("Apple", "Banana", "Quandong")
    classifier = shaken(Classifier("mobilenet_v2", 3, head))
    if head == "joint":
        classifier.head.claim(classes)  # type: ignore[operator]
    info = ModelInfo(title="x", architecture="mobilenet_v2", classes=classes, head=head)
    is_torchs(classifier, info, tmp_path / "model.safetensors")


@pytest.mark.parametrize("activation", get_args(Activation))
def test_the_logits_of_imported_heads_are_torchs(activation: Activation, tmp_path: Path) -> None:
    torch.manual_seed(0)
    layers: tuple[tuple[int, Activation], ...] = ((16, activation), (8, "relu"))
    info = ModelInfo(
        title="x",
        architecture="mobilenet_v2",
        classes=tuple("abc"),
        head="layers",
        head_widths=(16, 8),
        head_activations=(activation, "relu"),
    )
    classifier = shaken(Classifier("mobilenet_v2", 3, "layers", layers=layers))
    is_torchs(classifier, info, tmp_path / "model.safetensors")


def test_a_head_that_is_not_as_the_file_says_is_told(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    info = ModelInfo(title="x", architecture="mobilenet_v2", classes=tuple("abc"), head="linear")
    save_model(path, Classifier("mobilenet_v2", 2, "linear"), info)
    with pytest.raises(ModelFileError, match="damaged"):
        NumpyHead.read(path, info)
    with pytest.raises(ModelFileError, match="damaged"):
        NumpyHead.of({}, info, path)
