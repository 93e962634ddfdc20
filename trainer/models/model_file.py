"""Saving and loading a model: one safetensors file, never a pickle."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file

from trainer.errors import ModelFileError, RecipeError, WeightsError
from trainer.models.classifier import Classifier
from trainer.models.foreign.weights_file import require_finite
from trainer.models.metadata import ModelInfo, is_weight, read_model_info
from trainer.models.ood_score import CLASS_MEANS
from trainer.models.skip_init import skip_init
from trainer.storage.atomic import replacing
from trainer.storage.tensor_file import disk_error


def save_model(
    path: Path,
    classifier: Classifier,
    info: ModelInfo,
    dtype: torch.dtype = torch.float32,
    class_means: np.ndarray | None = None,
) -> None:
    """Write weights and metadata to one file, atomically.

    Args:
        dtype: what floating-point weights are stored as; float16 halves the file.
        class_means: of :class:`trainer.models.ood_score.OodScore`, if there are any.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    tensors = copied_weights(classifier, dtype)
    if class_means is not None:
        tensors[CLASS_MEANS] = torch.from_numpy(class_means.astype(np.float16))
    write_model(path, tensors, info)


def copied_weights(
    classifier: Classifier, dtype: torch.dtype = torch.float32
) -> dict[str, torch.Tensor]:
    """A classifier's weights as they are now, on the CPU, by their names in a model file."""
    return {
        name: value.detach().to(
            "cpu",
            dtype if value.is_floating_point() else value.dtype,
            copy=True,
            memory_format=torch.contiguous_format,
        )
        for name, value in classifier.network.state_dict().items()
    }


def write_model(path: Path, tensors: dict[str, torch.Tensor], info: ModelInfo) -> None:
    """Write what :func:`copied_weights` gave, and metadata, to one file, atomically.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    with replacing(path) as temporary:
        try:
            save_file(tensors, temporary, metadata=info.to_metadata())
        except SafetensorError as error:
            raise disk_error(error, path) from error


def rename_classes(source: Path, target: Path, classes: Sequence[str]) -> None:
    """Write a model file again, in which the same classes have other names.

    Raises:
        ModelFileError: *source* is missing, damaged, or not a model of this app.
        OSError: the folder cannot be written to, or the disk is full.
    """
    info = read_model_info(source)
    called = dict(zip(info.classes, classes, strict=True))
    before = dict(info.before)
    if "classes" in before:
        before["classes"] = tuple(classes)[: len(before["classes"])]
    taught = tuple(replace(each, kind=called.get(each.kind, each.kind)) for each in info.taught)
    info = replace(info, classes=tuple(classes), before=before, taught=taught)
    write_model(target, load_file(source), info)


def load_model(path: Path, device: torch.device | str = "cpu") -> tuple[Classifier, ModelInfo]:
    """Read a model file; the classifier is in eval mode, in float32.

    Raises:
        ModelFileError: it is missing, damaged, not a model of this app, or its weights do not fit
            what its metadata says.
    """
    info = read_model_info(path)
    try:
        # Weights drawn in vain would change what a run under way draws next.
        with skip_init(info.architecture):
            classifier = Classifier.from_info(info)
    except RecipeError as error:
        raise ModelFileError(
            "“{path}” is of a network that is not known here ({name}). Another version of this app "
            "may know it.",
            path=path.name,
            name=info.architecture,
        ) from error
    try:
        with safe_open(path, framework="pt") as file:
            names = [name for name in file.keys() if is_weight(name)]  # noqa: SIM118
            state = {name: file.get_tensor(name) for name in names}
        classifier.network.load_state_dict(
            {name: _own_copy(tensor) for name, tensor in state.items()},
            assign=True,
        )
    except (SafetensorError, RuntimeError, OSError) as error:
        raise ModelFileError(
            "“{path}” is damaged or not a model file ({detail}).",
            path=path.name,
            detail=str(error).splitlines()[0],
        ) from error
    try:
        require_finite(path, classifier.network.state_dict())
    except WeightsError as error:
        raise ModelFileError(error.template, **error.details) from error
    return classifier.to(device).eval(), info


def _own_copy(tensor: torch.Tensor) -> torch.Tensor:
    """In float32, and not mapped from the file, which could then not be replaced on Windows."""
    return tensor.to(torch.float32 if tensor.is_floating_point() else tensor.dtype, copy=True)
