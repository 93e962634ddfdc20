"""Finding a network of a certain architecture among the tensors of a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

import torch
from torch import Tensor

from trainer.config.architectures import Architecture
from trainer.models.classifier import Classifier
from trainer.models.foreign.weights_file import WeightsFile, is_averaged
from trainer.models.skip_init import skip_init

_COUNTERS = "num_batches_tracked"
"""In the names of what older files lack, and no answer depends on."""


@dataclass(frozen=True, slots=True, eq=False)
class FoundNetwork:
    """A trunk whose names and shapes are all there, and what lies around it."""

    place: str
    """Where in the file it lies."""
    trunk: dict[str, Tensor]
    """In the names of :attr:`Classifier.network`."""
    others: dict[str, Tensor]
    """What the network has besides, of which a part is its head; in the same names."""
    beside: dict[str, Tensor]
    """What lies beside the network: a head of its own, or what belongs to no network."""
    has_own_names: bool
    """Whether the names are those of :attr:`Classifier.network` in the file as well."""
    is_alone: bool = True
    """Whether nothing else in the file is a network of this architecture."""


@cache
def shapes_of(architecture: str) -> Classifier:
    """A classifier without weights, of which the shapes alone are of use."""
    with skip_init(architecture):
        return Classifier(architecture, classes=1, head="linear")


def found_networks(classifier: Classifier, file: WeightsFile) -> list[FoundNetwork]:
    """All networks of the classifier's architecture in a file, the likeliest first."""
    found = [
        network
        for state in file.states
        for network in _networks_in(classifier, state.place, state.tensors)
    ]
    found.sort(key=lambda network: not is_averaged(network.place))
    return [replace(each, is_alone=len(found) == 1) for each in found]


def trunk_shapes(classifier: Classifier) -> dict[str, Tensor]:
    """The trunk's tensors, by their names in :attr:`Classifier.network`."""
    head = f"{classifier.architecture.head}."
    state = classifier.network.state_dict()
    return {name: tensor for name, tensor in state.items() if not name.startswith(head)}


def _networks_in(
    classifier: Classifier, place: str, state: Mapping[str, Tensor]
) -> Iterator[FoundNetwork]:
    ours = trunk_shapes(classifier)
    prefixes = _prefixes(ours, state)
    for prefix in prefixes:
        # Another network, as a student is beside its teacher, is no part of this one.
        others = tuple(_root(other, prefix) for other in prefixes if other != prefix)
        inside = {
            name.removeprefix(prefix): tensor
            for name, tensor in state.items()
            if name.startswith(prefix)
            and not any(len(other) > len(prefix) and name.startswith(other) for other in others)
        }
        named = classifier.own_names(inside)
        trunk = {name: tensor for name, tensor in named.items() if name in ours}
        rest = {name: tensor for name, tensor in named.items() if name not in ours}
        if _fits(ours, trunk) and not _has_more(classifier, rest):
            yield FoundNetwork(
                place=f"{place}.{prefix}".strip("."),
                trunk=trunk,
                others=rest,
                beside={
                    name.removeprefix(_parent(prefix)): tensor
                    for name, tensor in state.items()
                    if not name.startswith((prefix, *others))
                },
                has_own_names=named.keys() == inside.keys(),
            )


def _root(other: str, prefix: str) -> str:
    """What all names of another network begin with, and of what belongs to it: its prefix as far
    as it is another."""
    same = 0
    parts, others = prefix.split("."), other.split(".")
    while same < len(others) - 1 and parts[same : same + 1] == others[same : same + 1]:
        same += 1
    return ".".join(others[: same + 1]).rstrip(".") + "." if other else ""


def _parent(prefix: str) -> str:
    """Where a network's head lies, if not inside: ``model.`` of ``model.backbone.``."""
    return "".join(f"{part}." for part in prefix.split(".")[:-2])


def _prefixes(ours: Mapping[str, Tensor], state: Mapping[str, Tensor]) -> list[str]:
    """What may stand before the names of a network, told by its first convolution."""
    convolutions = (name for name, tensor in ours.items() if tensor.ndim == 4)
    first = next(convolutions, next(iter(ours)))
    # What wraps a network of timm's here adds to its names.
    anchors = (first, first.removeprefix("trunk."), first.removeprefix("embedding."))
    prefixes: dict[str, None] = {}
    for name, tensor in state.items():
        ending = next((each for each in anchors if f".{name}".endswith(f".{each}")), None)
        if ending is not None and tensor.shape == ours[first].shape:
            prefixes[name.removesuffix(ending)] = None
    # Of two names that both end so, the shorter prefix is the network's own.
    return sorted(prefixes, key=len)


def _has_more(classifier: Classifier, rest: Mapping[str, Tensor]) -> bool:
    """Whether there are more layers in the parts that a trunk is made of: then it is a relative of
    the classifier's, as ResNet34 is of ResNet18."""
    parts = {name.partition(".")[0] for name in trunk_shapes(classifier)}
    parts.discard(head_container(classifier.architecture))
    return any(name.partition(".")[0] in parts for name in rest)


def head_container(architecture: Architecture) -> str:
    """The module of a network that people replace by a head of their own. It may hold more than
    the head, as ConvNeXt's normalisation."""
    return architecture.head.partition(".")[0]


def _fits(ours: Mapping[str, Tensor], trunk: Mapping[str, Tensor]) -> bool:
    missing = ours.keys() - trunk.keys()
    return all(name.endswith(_COUNTERS) for name in missing) and all(
        ours[name].shape == tensor.shape
        and ours[name].is_floating_point() == tensor.is_floating_point()
        for name, tensor in trunk.items()
    )


def complete(ours: Mapping[str, Tensor], tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """All of a network's tensors, in 32 bits: those that a file has, and counters from zero."""
    return {
        name: tensors[name].to(torch.float32 if shape.is_floating_point() else shape.dtype)
        if name in tensors
        else torch.zeros(shape.shape, dtype=shape.dtype)
        for name, shape in ours.items()
    }
