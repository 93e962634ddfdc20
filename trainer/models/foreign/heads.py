"""Reading the head of a network that learnt elsewhere, into one of ours that answers the same.

A state dict says how large the layers are and, where they are numbered, how many modules without
weights stand between them; it does not say which. Dropout and flattening make no difference to
answers; an activation does.

Where BatchNorm stands between two modules without weights, the activation is
assumed to be the first of them, and Dropout the second, as is usual.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from torch import Tensor

from trainer.models.imagenet_classes import CLASS_COUNT
from trainer.models.metadata import Activation, AssumedActivation, ModelHeadKind

_OWN_LAYERS: Mapping[str, tuple[int, Activation]] = {"mobilenet_v3_large": (1280, "hardswish")}
"""The layer before the last in torchvision's own head, by architecture: people replace the last."""
_BATCH_EPSILON = 1e-5
"""torch's default for BatchNorm, which is assumed: no state dict says it. Where a network was made
with another, as some of TensorFlow's with 1e-3, its answers differ, the more so the smaller the
variances are."""
_NUMBER = re.compile(r"\d{1,9}")
_JOINT = {"own.weight", "own.bias", "imagenet.weight", "imagenet.bias", "membership"}


@dataclass(frozen=True, slots=True, eq=False)
class ForeignHead:
    """A head in the terms of :class:`trainer.models.classifier.Classifier`."""

    kind: ModelHeadKind
    classes: int
    weights: dict[str, Tensor]
    """By their names in that classifier's head."""
    layers: tuple[tuple[int, Activation], ...] = ()
    """The widths of the layers before the last, and what follows each."""
    is_ambiguous: bool = False
    """Whether nothing tells what stands between two of its layers."""
    is_order_assumed: bool = False
    """Whether something stands on both sides of a BatchNorm, and nothing tells which of it is the
    activation: the first is assumed."""

    @property
    def width(self) -> int:
        """The hidden layer's of the notebook's head; of others, the default."""
        return self.layers[0][0] if self.kind == "notebook" else 512


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    """A linear layer, with the normalisations before and after it."""

    place: tuple[int, ...] | None
    """Its numbers, where it has no name."""
    weight: Tensor
    bias: Tensor

    def after(self, scale: Tensor, shift: Tensor) -> "_Layer":
        """The same as this one behind a normalisation."""
        return _Layer(self.place, self.weight * scale, self.bias + self.weight @ shift)

    def before(self, scale: Tensor, shift: Tensor) -> "_Layer":
        """The same as this one and then a normalisation."""
        return _Layer(self.place, self.weight * scale[:, None], self.bias * scale + shift)

    def then(self, other: "_Layer") -> "_Layer":
        """The same as the two with nothing between."""
        bias = other.weight @ self.bias + other.bias
        return _Layer(other.place, other.weight @ self.weight, bias)


@dataclass(frozen=True, slots=True, eq=False)
class _Normalisation:
    """BatchNorm, as it answers."""

    place: tuple[int, ...] | None
    scale: Tensor
    shift: Tensor


def read_head(
    tensors: Mapping[str, Tensor],
    architecture: str,
    features: int,
    activation: AssumedActivation | None = None,
) -> ForeignHead | None:
    """Read a head of linear layers and BatchNorm.

    Args:
        tensors: by their names in the head; of a single layer, ``weight`` and ``bias``.
        features: how many values go into it.
        activation: what stands between layers where nothing tells; None assumes ReLU.

    Returns:
        None where it is of another kind.
    """
    if tensors.keys() == _JOINT:
        return _joint(tensors, features)
    modules = _modules_of(tensors)
    if modules is None:
        return None
    layers, gaps = _folded(modules)
    widths = [features, *(len(layer.weight) for layer in layers)]
    if not layers or any(
        layer.weight.shape[1] != width for layer, width in zip(layers, widths, strict=False)
    ):
        return None
    own_width, own_activation = _OWN_LAYERS.get(architecture, (0, "relu"))
    is_own = layers[0].place == (0,) and len(layers[0].weight) == own_width
    is_ambiguous = False
    activations: list[AssumedActivation] = []
    for number, gap in enumerate(gaps):
        if not gap:
            activations.append("none")
        elif number == 0 and is_own and (activation is None or len(gaps) > 1):
            activations.append(own_activation)
        else:
            activations.append(activation or "relu")
            is_ambiguous = True
    is_order_assumed = any(
        gap > 1 and name != "none" for gap, name in zip(gaps, activations, strict=True)
    )
    return replace(
        _as_ours(layers, activations), is_ambiguous=is_ambiguous, is_order_assumed=is_order_assumed
    )


def _joint(tensors: Mapping[str, Tensor], features: int) -> ForeignHead | None:
    """A head of :class:`trainer.models.joint_head.JointHead`; None where its parts do not fit."""
    classes = tensors["own.bias"].numel()
    shapes: dict[str, tuple[int, ...]] = {
        "own.weight": (classes, features),
        "own.bias": (classes,),
        "imagenet.weight": (CLASS_COUNT, features),
        "imagenet.bias": (CLASS_COUNT,),
        "membership": (CLASS_COUNT, classes + 1),
    }
    fits = all(
        tensors[name].shape == shape and tensors[name].is_floating_point()
        for name, shape in shapes.items()
    )
    return ForeignHead("joint", classes, dict(tensors)) if classes and fits else None


def _as_ours(layers: Sequence[_Layer], activations: Sequence[AssumedActivation]) -> ForeignHead:
    joined = [layers[0]]
    between: list[Activation] = []
    for layer, activation in zip(layers[1:], activations, strict=True):
        if activation == "none":
            joined[-1] = joined[-1].then(layer)
        else:
            joined.append(layer)
            between.append(activation)
    hidden = tuple((len(layer.weight), name) for layer, name in zip(joined, between, strict=False))
    numbers = [3 * number for number in range(len(joined))] if hidden else [1]
    weights = {
        f"{number}.{name}": tensor
        for number, layer in zip(numbers, joined, strict=True)
        for name, tensor in (("weight", layer.weight), ("bias", layer.bias))
    }
    is_notebooks = len(hidden) == 1 and hidden[0][1] == "relu"
    kind: ModelHeadKind = "notebook" if is_notebooks else "layers" if hidden else "linear"
    return ForeignHead(kind, len(joined[-1].weight), weights, hidden)


def _modules_of(tensors: Mapping[str, Tensor]) -> list[_Layer | _Normalisation] | None:
    """The modules with weights, in order; None if there is one of another kind."""
    grouped: dict[str, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        module, _, parameter = name.rpartition(".")
        grouped.setdefault(module, {})[parameter] = (
            tensor.double() if tensor.is_floating_point() else tensor
        )
    places = {name: _place_of(name) for name in grouped}
    names = list(grouped)
    if None not in places.values():
        names.sort(key=lambda name: places[name] or ())
    modules = [_module(places[name], grouped[name]) for name in names]
    known = [module for module in modules if module is not None]
    return known if len(known) == len(modules) else None


def _place_of(name: str) -> tuple[int, ...] | None:
    parts = name.split(".") if name else []
    return tuple(map(int, parts)) if all(map(_NUMBER.fullmatch, parts)) else None


def _module(
    place: tuple[int, ...] | None, parameters: Mapping[str, Tensor]
) -> _Layer | _Normalisation | None:
    rest = dict(parameters)
    rest.pop("num_batches_tracked", None)
    weight, bias = rest.pop("weight", None), rest.pop("bias", None)
    mean, variance = rest.pop("running_mean", None), rest.pop("running_var", None)
    if rest:
        return None
    if mean is not None and variance is not None:
        given = [each for each in (mean, variance, weight, bias) if each is not None]
        if mean.ndim != 1 or any(
            each.shape != mean.shape or not each.is_floating_point() for each in given
        ):
            return None
        scale = (variance + _BATCH_EPSILON).rsqrt() * (1 if weight is None else weight)
        return _Normalisation(place, scale, (0 if bias is None else bias) - mean * scale)
    if mean is not None or variance is not None:
        return None
    if weight is None or not weight.is_floating_point() or not weight.numel():
        return None
    if weight.ndim == 4 and weight.shape[2:] == (1, 1):
        weight = weight[:, :, 0, 0]  # A convolution of one pixel is a linear layer.
    if weight.ndim != 2:
        return None
    if bias is None:
        bias = weight.new_zeros(len(weight))
    if bias.shape != weight.shape[:1] or not bias.is_floating_point():
        return None
    return _Layer(place, weight, bias)


def _folded(
    modules: Sequence[_Layer | _Normalisation],
) -> tuple[list[_Layer], list[int]]:
    """The linear layers, with BatchNorm as a part of them; and for each two that follow each other
    at how many places between them something without weights stands, which BatchNorm divides. No
    layers where it cannot be told what stands where."""
    layers: list[_Layer] = []
    gaps: list[int] = []
    waiting: list[_Normalisation] = []
    gap = 0
    before: int | None = 0
    """How far the module before stands after the last layer."""
    for module in modules:
        distance = _distance(layers[-1], module) if layers else None
        if distance is None or before is None or distance != before + 1:
            gap += 1
        before = distance
        if isinstance(module, _Normalisation):
            if not layers:
                waiting.append(module)
            elif distance is None:
                return [], []  # Before or after the activation?
            elif gap:
                waiting.append(module)
            elif len(module.scale) != len(layers[-1].weight):
                return [], []
            else:
                layers[-1] = layers[-1].before(module.scale, module.shift)
            continue
        if layers:
            gaps.append(gap)
        for each in reversed(waiting):
            if len(each.scale) != module.weight.shape[1]:
                return [], []
            module = module.after(each.scale, each.shift)
        layers.append(module)
        waiting, gap, before = [], 0, 0
    return ([], []) if waiting else (layers, gaps)


def _distance(first: _Layer, second: _Layer | _Normalisation) -> int | None:
    """How many places a module stands after another of the same sequence."""
    a, b = first.place, second.place
    if not a or not b or len(a) != len(b) or a[:-1] != b[:-1]:
        return None
    return b[-1] - a[-1]
