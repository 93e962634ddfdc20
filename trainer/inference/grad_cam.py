"""Where in an image a model sees a class: Grad-CAM, computed without torch.

Selvaraju et al., *Grad-CAM: Visual Explanations from Deep Networks via Gradient-based
Localization*, ICCV 2017. Behind the trunk stand only a mean and a few simple layers, so the
gradient of a class's logit is known in closed form. The trunk's map is
coarse (9×9 for the starter), so the image is moved about by parts of the map's stride, and the
maps are woven into one (shift and stitch: Long et al., *Fully Convolutional Networks for Semantic
Segmentation*, CVPR 2015).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image
from safetensors import safe_open

from trainer.config.architectures import Architecture, architecture_named
from trainer.inference.engine import Engine, Outputs
from trainer.models.activations import CURVES
from trainer.models.metadata import Activation, ModelInfo

_FINE = 14
"""Cells that a side of the woven map has at least."""
_LAYER_EPSILON = 1e-6
_BATCH_EPSILON = 1e-5


class Layer(Protocol):
    """A function of vectors, and how what is behind it changes with what goes in."""

    def forward(self, x: np.ndarray) -> np.ndarray:
        """From float32 (F,) to (G,)."""

    def backward(self, x: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        """From the gradient of the output, (G,), to that of the input *x*, (F,)."""


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """A fully connected layer, or a convolution of single pixels."""

    weight: np.ndarray
    """float32 (out, in)."""
    bias: np.ndarray | float = 0.0

    def forward(self, x: np.ndarray) -> np.ndarray:
        result: np.ndarray = self.weight @ x + self.bias
        return result

    def backward(self, x: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        result: np.ndarray = gradient @ self.weight
        return result


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """Each value by a weight, and a bias: BatchNorm with fixed statistics."""

    weight: np.ndarray
    bias: np.ndarray

    def forward(self, x: np.ndarray) -> np.ndarray:
        result: np.ndarray = x * self.weight + self.bias
        return result

    def backward(self, x: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        result: np.ndarray = gradient * self.weight
        return result


class Standardise:
    """Layer normalisation without weights."""

    def forward(self, x: np.ndarray) -> np.ndarray:
        result: np.ndarray = (x - x.mean()) / self._spread(x)
        return result

    def backward(self, x: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        standard = self.forward(x)
        centred = gradient - gradient.mean() - standard * (gradient * standard).mean()
        result: np.ndarray = centred / self._spread(x)
        return result

    def _spread(self, x: np.ndarray) -> float:
        return float(np.sqrt(x.var() + _LAYER_EPSILON))


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """An activation, and its slope."""

    value: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray], np.ndarray]

    @classmethod
    def of(cls, activation: Activation) -> "Curve":
        return cls(*CURVES[activation])

    def forward(self, x: np.ndarray) -> np.ndarray:
        return self.value(x)

    def backward(self, x: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        result: np.ndarray = gradient * self.slope(x)
        return result


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """:class:`trainer.models.joint_head.JointHead`, in closed form."""

    own: Linear
    imagenet: Linear
    membership: np.ndarray
    """float32 (1000, classes + 1)."""

    def forward(self, x: np.ndarray) -> np.ndarray:
        joined, _, _ = self._parts(x)
        result: np.ndarray = joined[:-1] - joined[-1]
        return result

    def backward(self, x: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        joined, own, imagenet = self._parts(x)
        of_joined = np.append(gradient, -gradient.sum())
        # The share of each output in the sum that it is part of.
        of_own = gradient * np.exp(own - joined[:-1])
        of_imagenet = np.exp(imagenet - self.membership @ joined) * (self.membership @ of_joined)
        result: np.ndarray = self.own.backward(x, of_own) + self.imagenet.backward(x, of_imagenet)
        return result

    def _parts(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The joined outputs, the background's last, and those of the two layers."""
        own, imagenet = self.own.forward(x), self.imagenet.forward(x)
        top = imagenet.max()
        shares = np.exp(imagenet - top) @ self.membership
        joined = np.log(np.maximum(shares, 1e-37)) + top
        joined[:-1] = np.logaddexp(own, joined[:-1])
        return joined, own, imagenet


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """What stands behind the trunk's means."""

    layers: tuple[Layer, ...]

    def gradient(self, means: np.ndarray, label: int) -> np.ndarray:
        """How the logit of class *label* changes with the trunk's means: float32 (F,).

        Args:
            means: float32 (F,), the trunk's output averaged over the image.
        """
        inputs, x = [], means
        for layer in self.layers:
            inputs.append(x)
            x = layer.forward(x)
        gradient = np.zeros_like(x)
        gradient[label] = 1
        for layer, x in zip(reversed(self.layers), reversed(inputs), strict=True):
            gradient = layer.backward(x, gradient)
        return gradient


def read_head(model_file: Path, info: ModelInfo) -> Head:
    """Read the head's arrays, and the neck's, from a model file that has been loaded before."""
    architecture: Architecture = architecture_named(info.architecture)
    layers: list[Layer] = []
    with safe_open(model_file, framework="numpy") as file:

        def array(module: str, parameter: str) -> np.ndarray:
            return np.asarray(file.get_tensor(f"{module}.{parameter}"), dtype=np.float32)

        names = set(file.keys())
        for module in architecture.neck:
            weight = array(module, "weight")
            if weight.ndim == 4:
                layers.append(Linear(weight[:, :, 0, 0]))
            elif f"{module}.running_var" in names:
                scale = weight / np.sqrt(array(module, "running_var") + _BATCH_EPSILON)
                shift = array(module, "bias") - array(module, "running_mean") * scale
                layers += [Scale(scale, shift), Curve.of("relu")]
            else:
                layers += [Standardise(), Scale(weight, array(module, "bias"))]
        head = architecture.head
        if info.head == "joint":
            own, imagenet = (
                Linear(array(module, "weight"), array(module, "bias"))
                for module in (f"{head}.own", f"{head}.imagenet")
            )
            layers.append(Joint(own, imagenet, array(head, "membership")))
            return Head(tuple(layers))
        activations = {"notebook": ("relu",), "layers": info.head_activations}.get(info.head, ())
        for place in range(len(activations) + 1):
            if place:
                layers.append(Curve.of(activations[place - 1]))
            module = f"{head}.{3 * place if activations else 1}"
            layers.append(Linear(array(module, "weight"), array(module, "bias")))
    return Head(tuple(layers))


@dataclass(frozen=True, slots=True, eq=False)
class SeenImage:
    """What a model made of an image, from which the heat map of any class follows at once."""

    head: Head
    means: np.ndarray
    """float32 (F,), of the image as it is."""
    woven: np.ndarray
    """float32 (F, H, W): the trunk's output for all moves of the image, as one fine map."""
    share_inside: float = 1.0
    """How much of the map's side is the image's."""

    def heat_map(self, label: int, side: int) -> np.ndarray:
        """Where the image speaks for class *label*: float32 (side, side), from 0 to 1; all zero
        where nothing does."""
        gradient = self.head.gradient(self.means, label)
        heat = np.maximum(np.tensordot(gradient, self.woven, axes=1), 0)
        # Where the image is no multiple of the stride, the last cells reach beyond it.
        inside = heat.shape[0] * self.share_inside
        smooth = Image.fromarray(heat.astype(np.float32)).resize(
            (side, side), Image.Resampling.BICUBIC, box=(0, 0, inside, inside)
        )
        result: np.ndarray = np.maximum(np.asarray(smooth), 0)
        most = float(result.max())
        return result / most if most > 0 else result


def look_closely(engine: Engine, head: Head, square: np.ndarray) -> SeenImage:
    """Run the trunk over an image and moves of it.

    Args:
        square: uint8 (S, S, 3), of the model's size.
    """
    whole: Outputs = engine.run(square[None], with_maps=True)
    cells = whole.maps.shape[-1]
    moves = max(1, -(-_FINE // cells))
    stride = _stride(square.shape[0], cells)
    offsets = [round((number + 0.5) * stride / moves - stride / 2) for number in range(moves)]
    moved = np.stack([_moved(square, dy, dx) for dy in offsets for dx in offsets])
    maps = engine.run(moved, with_maps=True).maps
    features = maps.shape[1]
    woven = maps.reshape(moves, moves, features, cells, cells).transpose(2, 3, 0, 4, 1)
    return SeenImage(
        head,
        whole.maps[0].mean(axis=(1, 2)),
        woven.reshape(features, cells * moves, cells * moves),
        min(1.0, square.shape[0] / (cells * stride)),
    )


def _stride(side: int, cells: int) -> float:
    """How many pixels lie between the middles of two of so many cells along a side."""
    # Most trunks halve the side some times, and round up; transformers cut it into patches.
    halved = 2 ** round(np.log2(side / cells))
    return halved if -(-side // halved) == cells else side / cells


def _moved(square: np.ndarray, down: int, right: int) -> np.ndarray:
    """What lies *down* and *right* of where it was looked at; the edge goes on outside."""
    side = square.shape[0]
    rows = np.clip(np.arange(side) + down, 0, side - 1)
    columns = np.clip(np.arange(side) + right, 0, side - 1)
    return square[rows][:, columns]
