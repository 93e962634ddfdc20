"""The table of model architectures. Adding one is one line; nothing here imports torch."""

from dataclasses import dataclass
from itertools import pairwise

from trainer.errors import RecipeError


@dataclass(frozen=True, slots=True)
class Architecture:
    """A torchvision classifier, cut into stages.

    ``stages`` are the trunk's parts in the order in which an image passes through them, each a tuple
    of module names; between the last of them and ``head`` stands global average pooling.
    """

    name: str
    """The name of torchvision's constructor."""
    title: str
    weights: str
    """The name of torchvision's weights enum member with the ImageNet weights."""
    head: str
    """The name of the classifying module."""
    features: int
    """How many values come out of the pooled trunk."""
    stages: tuple[tuple[str, ...], ...]
    norm: str = ""
    """The name of a module that normalises the pooled features; it belongs to the last stage."""


def _features(*cuts: int) -> tuple[tuple[str, ...], ...]:
    """Stages of a network that is one ``features`` sequence, cut before each of *cuts*."""
    bounds = (0, *cuts)
    return tuple(
        tuple(f"features.{index}" for index in range(start, stop))
        for start, stop in pairwise(bounds)
    )


_RESNET = (("conv1", "bn1", "relu", "maxpool"), ("layer1",), ("layer2",), ("layer3",), ("layer4",))

# fmt: off
ARCHITECTURES: dict[str, Architecture] = {
    architecture.name: architecture
    for architecture in (
        Architecture("resnet50", "ResNet50", "ResNet50_Weights.IMAGENET1K_V1", "fc", 2048, _RESNET),
        Architecture("efficientnet_b0", "EfficientNet-B0", "EfficientNet_B0_Weights.IMAGENET1K_V1", "classifier", 1280, _features(1, 2, 3, 4, 6, 9)),
        Architecture("resnet18", "ResNet18", "ResNet18_Weights.IMAGENET1K_V1", "fc", 512, _RESNET),
        Architecture("convnext_tiny", "ConvNeXt-Tiny", "ConvNeXt_Tiny_Weights.IMAGENET1K_V1", "classifier.2", 768, _features(2, 4, 6, 8), norm="classifier.0"),
        Architecture("mobilenet_v3_large", "MobileNetV3-Large", "MobileNet_V3_Large_Weights.IMAGENET1K_V2", "classifier", 960, _features(2, 4, 7, 13, 17)),
        Architecture("mobilenet_v2", "MobileNetV2", "MobileNet_V2_Weights.IMAGENET1K_V1", "classifier", 1280, _features(2, 4, 7, 14, 19)),
    )
}
# fmt: on


def architecture_named(name: str) -> Architecture:
    """Look up an architecture.

    Raises:
        RecipeError: there is none of that name.
    """
    try:
        return ARCHITECTURES[name]
    except KeyError:
        raise RecipeError(
            "There is no model “{name}”. Choose one of: {known}.",
            name=name,
            known=", ".join(ARCHITECTURES),
        ) from None
