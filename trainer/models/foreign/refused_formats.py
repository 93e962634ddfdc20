"""What a file of weights is that cannot be read here, told by its content, without opening it."""

import re
import struct
import zipfile
from pathlib import Path

from trainer.errors import WeightsError

_BEGINNING = 4096
_MAGIC = bytes.fromhex("6cfc9c46f9206aa85019")
"""What stands at the beginning of a file that torch wrote before it wrote zips."""
_MAGIC_WITHIN = 32
"""How far from its start, in bytes."""


def foreign_format(path: Path) -> WeightsError | None:
    """The sentence about a file of another program's; None for what may be weights.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        beginning = file.read(_BEGINNING)
    name = _format_of(path, beginning)
    if name is not None:
        return WeightsError(
            "“{path}” is {format}, which cannot be read here. Load it in the program that made it, "
            "and save the network's weights alone: torch.save(model.state_dict(), FILE), or as "
            "safetensors.",
            path=path.name,
            format=name,
        )
    if beginning.startswith(b"version https://git-lfs"):
        return WeightsError(
            "“{path}” is only Git LFS's pointer to the weights. Fetch the file itself, with "
            "“git lfs pull”.",
            path=path.name,
        )
    if re.match(rb"\s*<(!doctype\s+html|html)", beginning, re.IGNORECASE):
        return WeightsError(
            "“{path}” is a web page, and not the weights. Download the file itself again.",
            path=path.name,
        )
    return None


def _format_of(path: Path, beginning: bytes) -> str | None:
    if beginning.startswith(b"GGUF"):
        return "GGUF (llama.cpp)"
    if beginning.startswith(b"\x89HDF\r\n"):
        return "HDF5 (Keras)"
    if beginning[4:8] == b"TFL3":
        return "TensorFlow Lite"
    if beginning.startswith(b"\x93NUMPY"):
        return "NumPy"
    if beginning.startswith(b"\x80") and _MAGIC not in beginning[:_MAGIC_WITHIN]:
        return "a Python pickle"
    if beginning.startswith(b"PK"):
        return _format_of_zip(path)
    # An ONNX file says first which version of the format it has, and who made it.
    if path.suffix.lower() == ".onnx" or re.match(rb"\x08[\x01-\x20]\x12", beginning):
        return "ONNX"
    return _BY_SUFFIX.get(path.suffix.lower())


_BY_SUFFIX = {
    ".pb": "TensorFlow",
    ".index": "TensorFlow",
    ".tflite": "TensorFlow Lite",
    ".h5": "HDF5 (Keras)",
    ".xml": "OpenVINO",
    ".mlmodel": "Core ML",
    ".msgpack": "Flax",
    ".pdparams": "PaddlePaddle",
    ".engine": "TensorRT",
}
"""Of formats that have no beginning of their own."""


def _format_of_zip(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as file:
            names = {name.rpartition("/")[2] for name in file.namelist()}
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        LookupError,
        NotImplementedError,
        struct.error,
    ):
        return None  # It is cut off or damaged: whoever reads it will say so.
    if "constants.pkl" in names:
        return "TorchScript"
    if "archive_format" in names or "serialized_exported_program.json" in names:
        return "torch.export"
    if "model.weights.h5" in names:
        return "Keras"
    if "data.pkl" in names:
        return None
    return "NumPy" if any(name.endswith(".npy") for name in names) else "ZIP"
