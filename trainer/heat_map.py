"""Where in a picture a model sees a class: Grad-CAM, computed without torch.

Selvaraju et al., *Grad-CAM: Visual Explanations from Deep Networks via Gradient-based
Localization*, ICCV 2017. Behind the trunk stand only a mean, at most a normalisation, and one or
two linear layers, so the gradient of a class's logit is known in closed form. The trunk's map is
coarse (4×4 for the starter), so the picture is moved about by parts of the map's stride, and the
maps are woven into one (shift and stitch: Long et al., *Fully Convolutional Networks for Semantic
Segmentation*, CVPR 2015).
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from safetensors import safe_open

from trainer.architectures import Architecture, architecture_named
from trainer.engine import Engine, Outputs
from trainer.model_info import ModelInfo

_FINE = 14
"""Cells that a side of the woven map has at least."""
_NORM_EPSILON = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """What stands behind the trunk, as arrays."""

    weights: tuple[np.ndarray, ...]
    """Of each linear layer, float32 (out, in); between two stands a ReLU."""
    biases: tuple[np.ndarray, ...]
    norm_weight: np.ndarray | None
    """Of the layer normalisation of the pooled features, float32 (F,)."""
    norm_bias: np.ndarray | None

    def gradient(self, means: np.ndarray, label: int) -> np.ndarray:
        """How the logit of class *label* changes with the trunk's means: float32 (F,).

        Args:
            means: float32 (F,), the trunk's output averaged over the picture.
        """
        if self.norm_weight is None or self.norm_bias is None:
            return self._linear_gradient(means, label)
        spread = np.sqrt(means.var() + _NORM_EPSILON)
        standard = (means - means.mean()) / spread
        inner = self._linear_gradient(standard * self.norm_weight + self.norm_bias, label)
        inner = inner * self.norm_weight
        result: np.ndarray = (inner - inner.mean() - standard * (inner * standard).mean()) / spread
        return result

    def _linear_gradient(self, features: np.ndarray, label: int) -> np.ndarray:
        gradient: np.ndarray = self.weights[-1][label]
        if len(self.weights) == 2:
            is_active = self.weights[0] @ features + self.biases[0] > 0
            gradient = (gradient * is_active) @ self.weights[0]
        return gradient


def read_head(model_file: Path, info: ModelInfo) -> Head:
    """Read the head's arrays from a model file that has been loaded before."""
    architecture: Architecture = architecture_named(info.architecture)
    layers = (0, 3) if info.head == "notebook" else (1,)
    with safe_open(model_file, framework="numpy") as file:

        def array(module: str, parameter: str) -> np.ndarray:
            return np.asarray(file.get_tensor(f"{module}.{parameter}"), dtype=np.float32)

        heads = [f"{architecture.head}.{layer}" for layer in layers]
        norm = architecture.norm
        return Head(
            tuple(array(head, "weight") for head in heads),
            tuple(array(head, "bias") for head in heads),
            array(norm, "weight") if norm else None,
            array(norm, "bias") if norm else None,
        )


@dataclass(frozen=True, slots=True, eq=False)
class SeenPicture:
    """What a model made of a picture, from which the heat map of any class follows at once."""

    head: Head
    means: np.ndarray
    """float32 (F,), of the picture as it is."""
    woven: np.ndarray
    """float32 (F, H, W): the trunk's output for all moves of the picture, as one fine map."""
    share_inside: float = 1.0
    """How much of the map's side is the picture's."""

    def heat_map(self, label: int, side: int) -> np.ndarray:
        """Where the picture speaks for class *label*: float32 (side, side), from 0 to 1; all zero
        where nothing does."""
        gradient = self.head.gradient(self.means, label)
        heat = np.maximum(np.tensordot(gradient, self.woven, axes=1), 0)
        # Where the picture is no multiple of the stride, the last cells reach beyond it.
        inside = heat.shape[0] * self.share_inside
        smooth = Image.fromarray(heat.astype(np.float32)).resize(
            (side, side), Image.Resampling.BICUBIC, box=(0, 0, inside, inside)
        )
        result: np.ndarray = np.maximum(np.asarray(smooth), 0)
        most = float(result.max())
        return result / most if most > 0 else result


def look_closely(engine: Engine, head: Head, square: np.ndarray) -> SeenPicture:
    """Run the trunk over a picture and moves of it.

    Args:
        square: uint8 (S, S, 3), of the model's size.
    """
    whole: Outputs = engine.run(square[None], with_maps=True)
    cells = whole.maps.shape[-1]
    moves = max(1, -(-_FINE // cells))
    # The trunks halve the side some times, and round up.
    stride = 2 ** round(np.log2(square.shape[0] / cells))
    offsets = [round((number + 0.5) * stride / moves - stride / 2) for number in range(moves)]
    moved = np.stack([_moved(square, dy, dx) for dy in offsets for dx in offsets])
    maps = engine.run(moved, with_maps=True).maps
    features = maps.shape[1]
    woven = maps.reshape(moves, moves, features, cells, cells).transpose(2, 3, 0, 4, 1)
    return SeenPicture(
        head,
        whole.maps[0].mean(axis=(1, 2)),
        woven.reshape(features, cells * moves, cells * moves),
        min(1.0, square.shape[0] / (cells * stride)),
    )


def _moved(square: np.ndarray, down: int, right: int) -> np.ndarray:
    """What lies *down* and *right* of where it was looked at; the edge goes on outside."""
    side = square.shape[0]
    rows = np.clip(np.arange(side) + down, 0, side - 1)
    columns = np.clip(np.arange(side) + right, 0, side - 1)
    return square[rows][:, columns]
