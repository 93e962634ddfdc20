"""The one door to timm.

Hugging Face's library, which timm imports, is told before that to report nothing and to stay off
the network: what is downloaded is downloaded by :mod:`trainer.models.download` alone.
"""

import dataclasses
import difflib
import math
import os
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from trainer.config.architectures import TIMM_PREFIX, Architecture
from trainer.errors import RecipeError
from trainer.models import torchvision_models

os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import timm  # Its hub reads the variables when it is imported.

_ = torchvision_models  # timm imports torchvision, whose operators must be described first.

_CLOSE_MATCHES = 5
_TAKES_ANY_SIZE: Sequence[dict[str, Any]] = (
    {"dynamic_img_size": True},
    {"strict_img_size": False},
    {},
)
"""What lets a network of timm's see images of other sizes, by its family."""


def build(architecture: Architecture) -> tuple[nn.Module, Architecture]:
    """A network with random weights, whose head is an empty place, and its architecture in full.

    Raises:
        RecipeError: timm has no such network, or it cannot be used here.
    """
    if not architecture.is_in_table:
        return _other(architecture)
    network: nn.Module = timm.create_model(
        architecture.name, **_size_of(architecture), num_classes=0
    )
    if "embedding" in architecture.stages[0]:
        network = TokenNetwork(network)
    return network, architecture


def _size_of(architecture: Architecture) -> dict[str, Any]:
    if "embedding" not in architecture.stages[0]:
        return {}
    return {"dynamic_img_size": True, "dynamic_img_pad": True}


def require_known(name: str) -> None:
    """Look up a name of timm's, with or without the prefix; nothing is built.

    Raises:
        RecipeError: timm has no such network.
    """
    name = name.removeprefix(TIMM_PREFIX)
    is_known = timm.is_model_pretrained(name) if "." in name else timm.is_model(name)
    if not is_known:
        known = [*timm.list_models(), *timm.list_pretrained()]
        closest = difflib.get_close_matches(name, known, _CLOSE_MATCHES, cutoff=0.0)
        raise RecipeError(
            "timm has no network “{name}”. Did you mean one of: {closest}?",
            name=name,
            closest=", ".join(f"{TIMM_PREFIX}{each}" for each in closest),
        )


def _other(architecture: Architecture) -> tuple[nn.Module, Architecture]:
    require_known(architecture.name)
    name = architecture.name.removeprefix(TIMM_PREFIX)
    try:
        network = WholeNetwork(_without_head(name))
    except Exception as error:
        # Some cannot do without their own pooling; what they raise has no common type.
        raise _unusable(name, error) from error
    config: Any = network.trunk.pretrained_cfg
    return network, dataclasses.replace(
        architecture,
        weights=config.get("hf_hub_id") or "",
        features=network.features,
        mean=tuple(config["mean"]),
        std=tuple(config["std"]),
        image_size=config["input_size"][-1],
        licence=config.get("license") or "",
    )


def _without_head(name: str) -> nn.Module:
    for options in _TAKES_ANY_SIZE:
        try:
            return timm.create_model(name, num_classes=0, global_pool="", **options)
        except TypeError:
            continue  # It has no such option.
    raise TypeError("global_pool")


def _unusable(name: str, error: Exception) -> RecipeError:
    return RecipeError(
        "The network “{name}” cannot be used here ({detail}). Choose another.",
        name=name,
        detail=next(iter(str(error).splitlines()), type(error).__name__),
    )


def require_size(network: nn.Module, architecture: Architecture, size: int) -> None:
    """Try a network that is not in the table on an image.

    Raises:
        RecipeError: it cannot see images of *size* × *size* pixels.
    """
    if not isinstance(network, WholeNetwork):
        return
    was_training = network.training
    try:
        with torch.no_grad():
            maps = network.eval().maps(network.trunk(torch.zeros(1, 3, size, size)))
        if maps.ndim != 4 or maps.shape[1] != network.features:
            raise ValueError(tuple(maps.shape))
    except Exception as error:
        # Networks of fixed size are as different as what they raise.
        raise RecipeError(
            "The network “{name}” cannot see pictures of {size} pixels ({detail}). Choose its own "
            "size, {own}, or another network.",
            name=architecture.name,
            size=size,
            detail=next(iter(str(error).splitlines()), type(error).__name__),
            own=architecture.image_size,
        ) from error
    finally:
        network.train(was_training)


class Maps(nn.Module):
    """Turns whatever a trunk gives into maps (N, C, h, w), so that their mean over each image are
    its features. Tokens that stand for no place are left out."""

    def __init__(self, features: int, prefix_tokens: int | None) -> None:
        """Make it for a trunk of *features* channels.

        Args:
            prefix_tokens: how many tokens stand before those of the places; None for as many as are
                too many for a square.
        """
        super().__init__()
        self._features = features
        self._prefix_tokens = prefix_tokens

    def forward(self, x: Tensor) -> Tensor:
        """From maps (N, C, h, w) or (N, h, w, C), or tokens (N, L, C) of a square image."""
        if x.ndim == 4:
            return x if x.shape[1] == self._features else x.permute(0, 3, 1, 2)
        length = int(x.shape[1])
        prefix = self._prefix_tokens
        if prefix is None:
            prefix = length - math.isqrt(length) ** 2
        side = math.isqrt(length - prefix)
        tokens = x[:, prefix:].transpose(1, 2)
        return tokens.reshape(-1, tokens.shape[1], side, side)


class WholeNetwork(nn.Module):
    """Any network of timm's: all of its trunk, and a head of ours."""

    def __init__(self, trunk: nn.Module) -> None:
        super().__init__()
        self.features: int = trunk.head_hidden_size  # type: ignore[assignment]
        self.trunk = trunk
        self.maps = Maps(self.features, getattr(trunk, "num_prefix_tokens", None))
        self.head: nn.Module = nn.Identity()

    def forward(self, images: Tensor) -> Tensor:
        maps: Tensor = self.maps(self.trunk(images))
        logits: Tensor = self.head(maps.mean(dim=(2, 3)))
        return logits

    def own_names(self, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """A state dict of timm's in this network's names, without a head and whatever else the
        trunk lacks; one that has them already as it is."""
        if any(name.startswith("trunk.") for name in state):
            return dict(state)
        ours = self.trunk.state_dict()
        named = {}
        for name, tensor in state.items():
            # Transformers that normalised what they pooled here normalise each token.
            own = name if name in ours else name.removeprefix("fc_")
            if own not in ours:
                continue
            is_alike = tensor.numel() == ours[own].numel()
            # A linear layer may be a convolution of one pixel here.
            named[f"trunk.{own}"] = tensor.reshape(ours[own].shape) if is_alike else tensor
        return named


class Embedding(nn.Module):
    """The tokens of an image: one for the whole, then one a patch, told apart by where it is."""

    def __init__(self, transformer: Any) -> None:
        super().__init__()
        self.cls_token: nn.Parameter = transformer.cls_token
        self.pos_embed: nn.Parameter = transformer.pos_embed
        self.patch_embed: nn.Module = transformer.patch_embed

    def forward(self, images: Tensor) -> Tensor:
        """From images (N, 3, H, W) to tokens (N, 1 + L, C)."""
        patches = self.patch_embed(images)  # (N, rows, columns, C)
        whole, places = self.pos_embed[:, :1], self.pos_embed[:, 1:]
        old = math.isqrt(places.shape[1])
        rows, columns = (int(side) for side in patches.shape[1:3])
        if (rows, columns) != (old, old):
            # Constants to whoever traces it: no runtime need know how to interpolate.
            down = torch.from_numpy(_resampling(old, rows)).to(places)
            across = torch.from_numpy(_resampling(old, columns)).to(places)
            grid = places.unflatten(1, (old, old))
            places = torch.einsum("ri,bijd,cj->brcd", down, grid, across).flatten(1, 2)
        tokens = patches.flatten(1, 2) + places
        return torch.cat(((self.cls_token + whole).expand(tokens.shape[0], -1, -1), tokens), dim=1)


@cache
def _resampling(old: int, new: int) -> np.ndarray:
    """How much each of *old* values in a row counts in each of *new*, float32 (new, old): bicubic,
    and antialiased, as timm resamples positions."""
    each = Image.fromarray(np.eye(old, dtype=np.float32))
    return np.array(each.resize((old, new), Image.Resampling.BICUBIC))


class TokenNetwork(nn.Module):
    """A vision transformer of timm's, cut so that its stages are modules, each of which takes what
    the one before gave: images, then tokens (N, 1 + L, C), at last maps (N, C, h, w)."""

    def __init__(self, transformer: Any) -> None:
        super().__init__()
        self.embedding = Embedding(transformer)
        self.blocks: nn.Module = transformer.blocks
        self.norm: nn.Module = transformer.norm
        self.maps = Maps(transformer.num_features, prefix_tokens=1)
        self.head: nn.Module = nn.Identity()

    def forward(self, images: Tensor) -> Tensor:
        maps: Tensor = self.maps(self.norm(self.blocks(self.embedding(images))))
        logits: Tensor = self.head(maps.mean(dim=(2, 3)))
        return logits

    def own_names(self, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """A state dict of timm's in this network's names; one that has them already as it is."""
        embedded = ("cls_token", "pos_embed", "patch_embed.")
        return {
            f"embedding.{name}" if name.startswith(embedded) else name: tensor
            for name, tensor in state.items()
        }
