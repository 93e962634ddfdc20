"""A model file's head, computed without torch: from features to logits.

The same layers as :mod:`trainer.models.classifier` builds, in eval mode, where dropout does
nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np

from trainer.config.architectures import architecture_named
from trainer.errors import ModelFileError
from trainer.models.activations import CURVES
from trainer.models.growth import tensors_of
from trainer.models.metadata import Activation, ModelInfo

_MODULES_A_LAYER = 3
"""A hidden layer, its activation and its dropout."""

Activate = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, slots=True, eq=False)
class NumpyHead:
    """Layers before the last, the last one, and what a joint head has beside it."""

    hidden_layers: tuple[tuple[np.ndarray, np.ndarray, Activate], ...]
    """Weight (out, in), bias (out,) and what follows, from the first to the last but one."""
    weight: np.ndarray
    """float32 (classes, D)."""
    bias: np.ndarray
    """float32 (classes,)."""
    imagenet: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None
    """Of a joint head: ImageNet's weight (1000, F) and bias (1000,), and the membership (1000,
    classes + 1)."""

    @classmethod
    def of(cls, tensors: Mapping[str, np.ndarray], info: ModelInfo, model_file: Path) -> Self:
        """The head among a model file's tensors.

        Raises:
            ModelFileError: it is not there, or not as the metadata say.
        """
        prefix = f"{architecture_named(info.architecture).head}."
        own = {
            name.removeprefix(prefix): tensor.astype(np.float32)
            for name, tensor in tensors.items()
            if name.startswith(prefix)
        }
        try:
            head = cls._of(own, info)
        except (KeyError, ValueError, IndexError) as error:
            raise _damaged(model_file, error) from error
        if head.weight.shape[:1] != head.bias.shape or len(head.bias) != len(info.classes):
            raise _damaged(model_file, f"{prefix}{last_layer_of(info)}")
        return head

    @classmethod
    def read(cls, model_file: Path, info: ModelInfo) -> Self:
        """Read a model file's head.

        Raises:
            ModelFileError: it is damaged.
        """
        prefix = f"{architecture_named(info.architecture).head}."
        return cls.of(tensors_of(model_file, prefix), info, model_file)

    @classmethod
    def _of(cls, tensors: Mapping[str, np.ndarray], info: ModelInfo) -> Self:
        if info.head == "joint":
            imagenet = (
                *(tensors["imagenet.weight"], tensors["imagenet.bias"]),
                tensors["membership"],
            )
            return cls((), tensors["own.weight"], tensors["own.bias"], imagenet)
        hidden = tuple(
            (
                tensors[f"{_MODULES_A_LAYER * number}.weight"],
                tensors[f"{_MODULES_A_LAYER * number}.bias"],
                CURVES[name][0],
            )
            for number, name in enumerate(_activations_of(info))
        )
        last = last_layer_of(info)
        return cls(hidden, tensors[f"{last}.weight"], tensors[f"{last}.bias"])

    def hidden(self, features: np.ndarray) -> np.ndarray:
        """What the last layer sees, float32 (N, D), of features float32 (N, F)."""
        for weight, bias, activate in self.hidden_layers:
            features = activate(features @ weight.T + bias)
        return features

    def background(self, features: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
        """Of a joint head, what ImageNet's layer says of features (N, F): of each class (N,
        classes), and of the background (N, 1), as logarithms of sums of exponentials."""
        if self.imagenet is None:
            return None
        weight, bias, membership = self.imagenet
        outputs = features @ weight.T + bias
        top = outputs.max(axis=1, keepdims=True)
        shares = np.exp(outputs - top) @ membership
        joined = np.log(np.maximum(shares, 1e-37)) + top
        return joined[:, :-1], joined[:, -1:]

    def logits(self, features: np.ndarray) -> np.ndarray:
        """float32 (N, classes) of features float32 (N, F)."""
        own: np.ndarray = self.hidden(features) @ self.weight.T + self.bias
        imagenet = self.background(features)
        if imagenet is None:
            return own
        of_classes, background = imagenet
        result: np.ndarray = np.logaddexp(own, of_classes) - background
        return result.astype(np.float32)

    def with_last_layer(self, weight: np.ndarray, bias: np.ndarray) -> Self:
        """The same with another last layer, of as many classes or more; ImageNet's classes are of
        none of those that are new."""
        imagenet = self.imagenet
        if imagenet is not None:
            before, new = len(self.bias), len(bias) - len(self.bias)
            of_old = imagenet[2][:, :before]
            of_new = np.zeros((len(of_old), new), dtype=np.float32)
            membership = np.concatenate([of_old, of_new, imagenet[2][:, before:]], axis=1)
            imagenet = (imagenet[0], imagenet[1], membership)
        return replace(self, weight=weight, bias=bias, imagenet=imagenet)


def last_layer_of(info: ModelInfo) -> str:
    """The name of the last layer, behind the head's own."""
    match info.head:
        case "joint":
            return "own"
        case "linear":
            return "1"  # Behind dropout.
        case _:
            return str(_MODULES_A_LAYER * len(_activations_of(info)))


def _activations_of(info: ModelInfo) -> tuple[Activation, ...]:
    """What follows each hidden layer."""
    match info.head:
        case "notebook":
            return ("relu",)
        case "layers":
            return info.head_activations
        case _:
            return ()


def _damaged(model_file: Path, detail: object) -> ModelFileError:
    return ModelFileError(
        "“{path}” is damaged or not a model file ({detail}).", path=model_file.name, detail=detail
    )
