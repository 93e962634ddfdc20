"""Running an export by its own runtime, as whoever uses it will."""

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch

from trainer.export.format import METADATA_FILE, OPENVINO_METADATA, Format
from trainer.export.metadata import from_texts
from trainer.export.onnx_runtime import onnxruntime
from trainer.inference.openvino_import import openvino

_ERRORS_ONLY = 3


class ExportedModel(Protocol):
    """An export that was read back from disk."""

    @property
    def metadata(self) -> dict[str, Any]:
        """What :func:`trainer.export.metadata.metadata_of` gave."""

    def run(self, inputs: np.ndarray) -> list[np.ndarray]:
        """Probabilities, logits and, of a calibrated model, familiarity."""


class OnnxModel:
    """A model in ONNX Runtime, on the CPU."""

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = _ERRORS_ONLY
        # Left to itself it pins its threads, also to cores that this process may not use.
        options.intra_op_num_threads = torch.get_num_threads()
        self._session = onnxruntime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"]
        )
        self.metadata = from_texts(self._session.get_modelmeta().custom_metadata_map)

    def run(self, inputs: np.ndarray) -> list[np.ndarray]:
        (name,) = (each.name for each in self._session.get_inputs())
        outputs: list[np.ndarray] = self._session.run(None, {name: inputs})
        return outputs


class OpenVinoModel:
    """A model in OpenVINO, on the CPU."""

    def __init__(self, path: Path) -> None:
        model = openvino.Core().read_model(path)
        self.metadata = json.loads(model.get_rt_info(list(OPENVINO_METADATA)).value)
        # Where the CPU has them it would choose 16 bits by itself.
        properties = {
            "INFERENCE_PRECISION_HINT": "f32",
            "INFERENCE_NUM_THREADS": torch.get_num_threads(),
        }
        self._compiled = openvino.compile_model(model, "CPU", properties)

    def run(self, inputs: np.ndarray) -> list[np.ndarray]:
        return list(self._compiled([inputs]).values())


class TorchExportModel:
    """A program of ``torch.export`` in torch, without this app's code."""

    def __init__(self, path: Path) -> None:
        extra = {METADATA_FILE: ""}
        with path.open("rb") as file:
            self._module = torch.export.load(file, extra_files=extra).module()
        self.metadata = json.loads(extra[METADATA_FILE])

    def run(self, inputs: np.ndarray) -> list[np.ndarray]:
        with torch.inference_mode():
            return [output.numpy() for output in self._module(torch.from_numpy(inputs))]


class TorchScriptModel:
    """A model in torch, without this app's code."""

    def __init__(self, path: Path) -> None:
        extra = {METADATA_FILE: ""}
        with path.open("rb") as file, warnings.catch_warnings():
            # torch has a newer format, which only torch itself can run.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._module = torch.jit.load(file, "cpu", _extra_files=extra)
        self.metadata = json.loads(extra[METADATA_FILE])

    def run(self, inputs: np.ndarray) -> list[np.ndarray]:
        with torch.inference_mode():
            return [output.numpy() for output in self._module(torch.from_numpy(inputs))]


def load_export(path: Path, kind: Format) -> ExportedModel:
    """Read an export.

    Raises:
        Exception: of whatever type its runtime raises where it cannot be read.
    """
    return _RUNTIMES[kind](path)


_RUNTIMES: dict[Format, Callable[[Path], ExportedModel]] = {
    "onnx": OnnxModel,
    "torch_export": TorchExportModel,
    "openvino": OpenVinoModel,
    "torchscript": TorchScriptModel,
}
