"""Reading the head of a network that learnt elsewhere, into one of ours that answers the same.

A state dict says how large the layers are and, where they are numbered, how many modules without
weights stand between them; it does not say which. Dropout and flattening make no difference to
answers; an activation does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor

from trainer.models.metadata import Activation, AssumedActivation, ModelHeadKind

_OWN_LAYERS: Mapping[str, tuple[int, Activation]] = {"mobilenet_v3_large": (1280, "hardswish")}
"""The layer before the last in torchvision's own head, by architecture: people replace the last."""
_BATCH_EPSILON = 1e-5
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
    if tensors.keys() == _JOINT and len(tensors["own.weight"]):
        return ForeignHead("joint", len(tensors["own.weight"]), dict(tensors))
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
    for number, is_empty in enumerate(gaps):
        if is_empty:
            activations.append("none")
        elif number == 0 and is_own and (activation is None or len(gaps) > 1):
            activations.append(own_activation)
        else:
            activations.append(activation or "relu")
            is_ambiguous = True
    return _as_ours(layers, activations, is_ambiguous)


def _as_ours(
    layers: Sequence[_Layer], activations: Sequence[AssumedActivation], is_ambiguous: bool
) -> ForeignHead:
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
    return ForeignHead(kind, len(joined[-1].weight), weights, hidden, is_ambiguous)


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
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else None


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
        scale = (variance + _BATCH_EPSILON).rsqrt() * (1 if weight is None else weight)
        return _Normalisation(place, scale, (0 if bias is None else bias) - mean * scale)
    if weight is None or not weight.is_floating_point():
        return None
    if weight.ndim == 4 and weight.shape[2:] == (1, 1):
        weight = weight[:, :, 0, 0]  # A convolution of one pixel is a linear layer.
    if weight.ndim != 2:
        return None
    return _Layer(place, weight, weight.new_zeros(len(weight)) if bias is None else bias)


def _folded(
    modules: Sequence[_Layer | _Normalisation],
) -> tuple[list[_Layer], list[bool]]:
    """The linear layers, with BatchNorm as a part of them; and for each two that follow each other
    whether nothing stands between. No layers where it cannot be told what stands where."""
    layers: list[_Layer] = []
    gaps: list[bool] = []
    waiting: list[_Normalisation] = []
    since = 0
    """BatchNorms after the last layer."""
    for module in modules:
        if isinstance(module, _Normalisation):
            since += 1
            if not layers:
                waiting.append(module)
            elif _distance(layers[-1], module) == since:
                if len(module.scale) != len(layers[-1].weight):
                    return [], []
                layers[-1] = layers[-1].before(module.scale, module.shift)
            elif _distance(layers[-1], module) is None:
                return [], []  # Before or after the activation?
            else:
                waiting.append(module)
            continue
        if layers:
            gaps.append(_distance(layers[-1], module) == since + 1)
        for each in reversed(waiting):
            if len(each.scale) != module.weight.shape[1]:
                return [], []
            module = module.after(each.scale, each.shift)
        layers.append(module)
        waiting, since = [], 0
    return ([], []) if waiting else (layers, gaps)


def _distance(first: _Layer, second: _Layer | _Normalisation) -> int | None:
    """How many places a module stands after another of the same sequence."""
    a, b = first.place, second.place
    if not a or not b or len(a) != len(b) or a[:-1] != b[:-1]:
        return None
    return b[-1] - a[-1]
