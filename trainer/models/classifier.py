"""The classifier: a trunk of torchvision's or timm's, cut into stages, and a head; which of them
are trained."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Self

import torch
from torch import Tensor, nn
from torch.nn import functional

from trainer.config.architectures import Architecture, architecture_named
from trainer.config.recipe import BatchNormMode, Recipe, Strategy
from trainer.control import Control
from trainer.models.joint_head import JointHead
from trainer.models.metadata import Activation, ModelHeadKind, ModelInfo
from trainer.models.torchvision_models import models

HEAD = "head"
_ACTIVATIONS: Mapping[Activation, type[nn.Module]] = {
    "relu": nn.ReLU,
    "hardswish": nn.Hardswish,
    "silu": nn.SiLU,
    "gelu": nn.GELU,
    "tanh": nn.Tanh,
}


class Classifier(nn.Module):
    """A network whose trunk can be run stage by stage.

    ``network`` is torchvision's or timm's own module with another head, so its state dict has their
    names (``layer4.2.conv3.weight``, ``fc.0.weight`` …); of transformers, and of networks that are
    not in the table, those of :mod:`trainer.models.timm_models`.
    """

    def __init__(
        self,
        model: str,
        classes: int,
        head: ModelHeadKind = "notebook",
        head_width: int = 512,
        dropout: float = 0.3,
        layers: Sequence[tuple[int, Activation]] = (),
    ) -> None:
        """Build it with random weights, drawn from torch's global generator.

        Args:
            layers: of a head of ``layers``: the width of each before the last, and what follows it.

        Raises:
            RecipeError: there is no architecture *model*, or timm has no such network.
        """
        super().__init__()
        self.class_count = classes
        self.head_kind = head
        self.architecture: Architecture
        self.network: nn.Module
        self.network, self.architecture = _network(model)
        features = self.architecture.features
        self.network.set_submodule(
            self.architecture.head,
            _head(head, features, head_width, dropout, classes, layers),
        )

    @property
    def head(self) -> nn.Module:
        return self.network.get_submodule(self.architecture.head)

    @classmethod
    def of_recipe(cls, recipe: Recipe, classes: int) -> Self:
        """The classifier that a recipe trains, with random weights.

        Raises:
            RecipeError: as of the constructor.
        """
        return cls(recipe.model, classes, recipe.head, recipe.head_width, recipe.dropout)

    @classmethod
    def from_info(cls, info: ModelInfo) -> Self:
        """The classifier that a model file describes, with random weights.

        Raises:
            RecipeError: as of the constructor.
        """
        return cls(
            info.architecture,
            len(info.classes),
            info.head,
            info.head_width,
            layers=tuple(zip(info.head_widths, info.head_activations, strict=True)),
        )

    @property
    def stage_count(self) -> int:
        return len(self.architecture.stages)

    def stage(self, index: int) -> list[nn.Module]:
        """The modules of a stage, in order."""
        return [self.network.get_submodule(name) for name in self.architecture.stages[index]]

    def run_stage(self, index: int, x: Tensor) -> Tensor:
        for module in self.stage(index):
            x = module(x)
        return x

    def blocks(self) -> list[nn.Module]:
        """The trunk's modules, in the order in which an image passes through them."""
        return [module for index in range(self.stage_count) for module in self.stage(index)]

    def trunk(self, x: Tensor, start: int = 0, stop: int | None = None) -> Tensor:
        """Run stages *start* to *stop* (exclusive; None for all).

        Args:
            x: normalised images, float (N, 3, H, W), or the output of stage ``start - 1``.

        Returns:
            Maps (N, C, h, w); between a transformer's stages, tokens (N, L, C).
        """
        for index in range(start, self.stage_count if stop is None else stop):
            x = self.run_stage(index, x)
        return x

    def classify(self, x: Tensor) -> Tensor:
        """From the trunk's output, or what :meth:`pool` made of it, to logits (N, classes)."""
        logits: Tensor = self.head(x if x.ndim == 2 else self.pool(x))
        return logits

    def pool(self, x: Tensor) -> Tensor:
        """From the trunk's output (N, C, h, w) to features (N, F): the means over each image, and
        what the architecture's neck makes of them."""
        features = functional.adaptive_avg_pool2d(x, 1)
        for module in self._neck():
            features = module(features)
        return features.flatten(1)

    def _neck(self) -> list[nn.Module]:
        return [self.network.get_submodule(name) for name in self.architecture.neck]

    def forward(self, x: Tensor, start: int = 0) -> Tensor:
        """Logits (N, classes) of normalised images, or of the output of stage ``start - 1``."""
        return self.classify(self.trunk(x, start))

    def move_to(self, device: torch.device) -> Self:
        """Move to *device*, with weights laid out as convolutions are fastest."""
        self.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        return self

    def obey_between_layers(self, control: Control) -> None:
        """Let *control* pause and stop the network between its layers, forward and backward: on a
        CPU, a large batch takes longer than one would wait."""

        def before(module: nn.Module, inputs: object) -> None:
            control.obey()

        def after(module: nn.Module, inputs: object, output: Tensor) -> None:
            if output.requires_grad:
                output.register_hook(lambda gradient: control.obey())

        for module in self.network.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                module.register_forward_pre_hook(before)
                module.register_forward_hook(after)

    def modules_of(self, part: int | str) -> list[nn.Module]:
        """The modules of a stage by its index, or of the head by :data:`HEAD`."""
        if not isinstance(part, int):
            return [self.head]
        is_last = part == self.stage_count - 1
        return [*self.stage(part), *self._neck()] if is_last else self.stage(part)

    def own_names(self, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """A state dict of torchvision's or timm's in the names of ``network``'s own; one that has
        those already as it is."""
        rename = getattr(self.network, "own_names", dict)
        return dict(rename(state))

    def require_size(self, size: int) -> None:
        """Make sure that it can see images of *size* × *size* pixels.

        Raises:
            RecipeError: it cannot; only of networks that are not in the table.
        """
        if not self.architecture.is_in_table:
            from trainer.models import timm_models

            timm_models.require_size(self.network, self.architecture, size)


def _network(model: str) -> tuple[nn.Module, Architecture]:
    architecture = architecture_named(model)
    if architecture.source == "timm":
        # Whoever uses torchvision's networks need not wait for it.
        from trainer.models import timm_models

        return timm_models.build(architecture)
    return getattr(models, model)(weights=None), architecture


def _head(
    kind: ModelHeadKind,
    features: int,
    width: int,
    dropout: float,
    classes: int,
    layers: Sequence[tuple[int, Activation]],
) -> nn.Module:
    match kind:
        case "notebook":
            return _layered_head(features, ((width, "relu"),), dropout, classes)
        case "linear":
            return nn.Sequential(nn.Dropout(dropout), nn.Linear(features, classes))
        case "joint":
            return JointHead(features, classes, dropout)
        case "layers":
            return _layered_head(features, layers, dropout, classes)


def _layered_head(
    features: int, layers: Sequence[tuple[int, Activation]], dropout: float, classes: int
) -> nn.Sequential:
    head = nn.Sequential()
    for width, activation in layers:
        head.append(nn.Linear(features, width))
        # These have no variant that works in place.
        in_place = {} if activation in ("tanh", "gelu") else {"inplace": True}
        head.append(_ACTIVATIONS[activation](**in_place))
        head.append(nn.Dropout(dropout))
        features = width
    head.append(nn.Linear(features, classes))
    return head


def trained_stages(strategy: Strategy, stages: int, epoch: int, epochs: int) -> range:
    """The stages that are trained beside the head, which always is.

    Args:
        strategy: *gradual* starts with the head and thaws one stage more, from the last to the
            first, in each of ``stages + 1`` equal parts of the run (Howard and Ruder, *Universal
            Language Model Fine-tuning for Text Classification*, ACL 2018).
        epoch: from 1 to *epochs*.
    """
    if strategy == "gradual":
        thawed = min(stages, (epoch - 1) * (stages + 1) // epochs)
    else:
        thawed = {"head": 0, "layer4": 1, "full": stages}[strategy]
    return range(stages - thawed, stages)


def always_frozen_stages(strategy: Strategy, stages: int, epochs: int) -> int:
    """How many stages at the start of the trunk are not trained in any epoch."""
    return trained_stages(strategy, stages, epochs, epochs).start


def trained_parameter_count(classifier: Classifier, strategy: Strategy, epochs: int) -> int:
    """How many numbers a run trains, in any of its epochs."""
    first = always_frozen_stages(strategy, classifier.stage_count, epochs)
    trained = parameters_of(classifier, range(first, classifier.stage_count))
    return sum(parameter.numel() for parameter in trained)


def freeze(classifier: Classifier, trained: Iterable[int], frozen_batchnorm: BatchNormMode) -> None:
    """Make the stages *trained* and the head trainable, and all else frozen, and set train mode.

    With *frozen_batchnorm* ``eval``, BatchNorm layers of frozen stages neither use nor update batch
    statistics; with ``train`` they do both, as in the notebook; with ``all``, no stage's do.
    """
    classifier.train()
    classifier.requires_grad_(False)
    thawed = set(trained)
    parts: tuple[int | str, ...] = (*range(classifier.stage_count), HEAD)
    for part in parts:
        is_trained = part == HEAD or part in thawed
        for module in classifier.modules_of(part):
            module.requires_grad_(is_trained)
            if not is_trained and frozen_batchnorm != "train":
                module.eval()
    if frozen_batchnorm == "all":
        for module in classifier.network.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()


def parameters_of(
    classifier: Classifier, stages: Sequence[int], head: bool = True
) -> list[nn.Parameter]:
    """The parameters of *stages*, and of the head."""
    parts: tuple[int | str, ...] = (*stages, HEAD) if head else tuple(stages)
    return [
        parameter
        for part in parts
        for module in classifier.modules_of(part)
        for parameter in module.parameters()
    ]


def normalise(images: Tensor, mean: Sequence[float], std: Sequence[float]) -> Tensor:
    """From uint8 images (N, 3, H, W) to float32, scaled to 0…1, less *mean*, by *std*."""
    scale = torch.tensor(std, device=images.device).view(1, 3, 1, 1) * 255
    shift = torch.tensor(mean, device=images.device).view(1, 3, 1, 1) * 255
    return (images.float() - shift) / scale
