"""Making OpenVINO's file of a model: normalisation, network and features in one graph."""

import warnings
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.jit._trace import TracerWarning

from trainer.inference.openvino_import import openvino
from trainer.models.classifier import Classifier, normalise
from trainer.models.metadata import ModelInfo, is_weight
from trainer.models.model_file import load_model
from trainer.storage.atomic import replacing_folder


class _Graph(nn.Module):
    """From uint8 squares (N, S, S, 3) to logits, features and maps."""

    def __init__(self, classifier: Classifier, info: ModelInfo) -> None:
        super().__init__()
        self._classifier = classifier
        self._info = info

    def forward(self, squares: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        inputs = normalise(squares.permute(0, 3, 1, 2), self._info.mean, self._info.std)
        maps = self._classifier.trunk(inputs)
        features = self._classifier.pool(maps)
        return self._classifier.classify(features), features, maps


def convert(model_file: Path, folder: Path) -> None:
    """Write ``model.xml`` and ``model.bin`` to *folder*, which is there whole or not at all.

    Raises:
        ModelFileError: the model is missing, damaged, or not one of this app.
        OSError: the disk is full.
        RuntimeError: OpenVINO cannot convert it.
    """
    classifier, info = load_model(model_file)
    side = info.image_size
    converted = openvino.convert_model(
        _traced(_Graph(classifier, info).eval(), side),
        example_input=_example(side),
        input=[([-1, side, side, 3], openvino.Type.u8)],
    )
    with replacing_folder(folder) as temporary:
        # Weights that are stored in 16 bits stay so; others keep all of theirs.
        openvino.save_model(
            converted, temporary / "model.xml", compress_to_fp16=_is_stored_in_16_bits(model_file)
        )


def _traced(graph: nn.Module, side: int) -> nn.Module:
    """The graph with its weights as constants, which OpenVINO reads several times as fast as those
    of modules; it would trace the graph itself, and run it twice more to compare."""
    with warnings.catch_warnings(), torch.no_grad():
        # Mean and deviation are constants, and meant to be.
        warnings.simplefilter("ignore", TracerWarning)
        traced = torch.jit.trace(graph, _example(side), strict=False, check_trace=False)
        frozen: nn.Module = torch.jit.freeze(traced, optimize_numerics=False)
    return frozen


def _example(side: int) -> Tensor:
    return torch.zeros(2, side, side, 3, dtype=torch.uint8)


def _is_stored_in_16_bits(model_file: Path) -> bool:
    from safetensors import safe_open

    with safe_open(model_file, framework="pt") as file:
        names = [name for name in file.keys() if is_weight(name)]  # noqa: SIM118
        return any(file.get_slice(name).get_dtype() == "F16" for name in names)
