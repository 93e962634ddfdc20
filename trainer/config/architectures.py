"""The table of model architectures. Adding one is one line; nothing here imports torch."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from trainer.errors import RecipeError

Source = Literal["torchvision", "timm"]
Stages = tuple[tuple[str, ...], ...]

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
TIMM_PREFIX = "timm/"
"""What stands before the name of a network of timm's that is not in the table."""
_NON_COMMERCIAL = "cc-by-nc"

_LITE_MEAN, _LITE_STD = (127 / 255,) * 3, (128 / 255,) * 3
"""Of weights that learnt in TensorFlow, where a pixel was (x - 127) / 128."""
_HALF = (0.5,) * 3


@dataclass(frozen=True, slots=True)
class Architecture:
    """A classifier of torchvision's or timm's, cut into stages.

    ``stages`` are the trunk's parts in the order in which an image passes through them, each a tuple
    of module names; between the last of them and ``head`` stand global average pooling and ``neck``.
    """

    name: str
    """The name of torchvision's constructor, or timm's name of the network."""
    title: str
    weights: str
    """Its ImageNet weights: a member of torchvision's weights enum, or a repository of timm's weights
    on Hugging Face."""
    head: str
    """The name of the classifying module."""
    features: int
    """How many values go into the head; 0 where only the network itself can tell."""
    stages: Stages
    neck: tuple[str, ...] = ()
    """The names of modules that the pooled features pass through; they belong to the last stage."""
    source: Source = "torchvision"
    mean: tuple[float, ...] = IMAGENET_MEAN
    """What its images are normalised by, and ``std``: in each colour, pixels being 0 to 1."""
    std: tuple[float, ...] = IMAGENET_STD
    image_size: int = 224
    """Side of the images that its weights learnt from, in pixels."""
    licence: str = "BSD-3-Clause"
    """The weights' licence, in SPDX's terms."""
    has_imagenet_layer: bool = True
    """Whether its weights tell ImageNet's classes apart by a linear layer on its features, as a
    joint head needs."""
    megabytes: int = 0
    """How much is downloaded where the weights are not at hand, in millions of bytes; 0 where only
    the server can tell."""

    @property
    def is_non_commercial(self) -> bool:
        """Whether the licence of its weights forbids commercial use. timm writes them otherwise."""
        return self.licence.casefold().startswith(_NON_COMMERCIAL)

    @property
    def is_in_table(self) -> bool:
        return not self.name.startswith(TIMM_PREFIX)


def _features(*cuts: int) -> Stages:
    """Stages of a network that is one ``features`` sequence, cut before each of *cuts*."""
    bounds = (0, *cuts)
    return tuple(
        tuple(f"features.{index}" for index in range(start, stop))
        for start, stop in pairwise(bounds)
    )


def _blocks(*cuts: int, tail: tuple[str, ...] = ()) -> Stages:
    """Stages of a network of timm's that is a stem, ``blocks`` cut before each of *cuts*, and
    *tail*."""
    first, *others = (
        tuple(f"blocks.{index}" for index in range(start, stop))
        for start, stop in pairwise((0, *cuts))
    )
    return (("conv_stem", "bn1", *first), *others[:-1], (*others[-1], *tail))


_RESNET = (("conv1", "bn1", "relu", "maxpool"), ("layer1",), ("layer2",), ("layer3",), ("layer4",))
_RESNET_D = (("conv1", "bn1", "act1", "maxpool"), *_RESNET[1:])
_EFFICIENTNET = _blocks(1, 2, 3, 5, 7, tail=("conv_head", "bn2"))
_EFFICIENTNET_V2 = _blocks(1, 2, 3, 5, 6, tail=("conv_head", "bn2"))
_MOBILENET_V4 = _blocks(1, 2, 3, 5)
_CONVNEXT_V2 = (("stem", "stages.0"), ("stages.1",), ("stages.2",), ("stages.3",))
_VIT = (
    ("embedding", *(f"blocks.{index}" for index in range(3))),
    *(tuple(f"blocks.{index}" for index in range(start, start + 3)) for start in (3, 6)),
    (*(f"blocks.{index}" for index in range(9, 12)), "norm", "maps"),
)
_OTHER = (("trunk", "maps"),)

# fmt: off
ARCHITECTURES: dict[str, Architecture] = {
    architecture.name: architecture
    for architecture in (
        Architecture("resnet50", "ResNet50", "ResNet50_Weights.IMAGENET1K_V1", "fc", 2048, _RESNET, megabytes=103),
        Architecture("efficientnet_b0", "EfficientNet-B0", "EfficientNet_B0_Weights.IMAGENET1K_V1", "classifier", 1280, _features(1, 2, 3, 4, 6, 9), megabytes=21),
        Architecture("resnet18", "ResNet18", "ResNet18_Weights.IMAGENET1K_V1", "fc", 512, _RESNET, megabytes=47),
        Architecture("convnext_tiny", "ConvNeXt-Tiny", "ConvNeXt_Tiny_Weights.IMAGENET1K_V1", "classifier.2", 768, _features(2, 4, 6, 8), ("classifier.0",), megabytes=114),
        Architecture("mobilenet_v3_large", "MobileNetV3-Large", "MobileNet_V3_Large_Weights.IMAGENET1K_V2", "classifier", 960, _features(2, 4, 7, 13, 17), has_imagenet_layer=False, megabytes=22),
        Architecture("mobilenet_v2", "MobileNetV2", "MobileNet_V2_Weights.IMAGENET1K_V1", "classifier", 1280, _features(2, 4, 7, 14, 19), megabytes=14),
        Architecture("tf_efficientnet_lite0", "EfficientNet-Lite0", "timm/tf_efficientnet_lite0.in1k", "classifier", 1280, _EFFICIENTNET, (), "timm", _LITE_MEAN, _LITE_STD, 224, "Apache-2.0", megabytes=19),
        Architecture("tf_efficientnet_lite1", "EfficientNet-Lite1", "timm/tf_efficientnet_lite1.in1k", "classifier", 1280, _EFFICIENTNET, (), "timm", _LITE_MEAN, _LITE_STD, 240, "Apache-2.0", megabytes=22),
        Architecture("tf_efficientnet_lite2", "EfficientNet-Lite2", "timm/tf_efficientnet_lite2.in1k", "classifier", 1280, _EFFICIENTNET, (), "timm", _LITE_MEAN, _LITE_STD, 260, "Apache-2.0", megabytes=25),
        Architecture("mobilenetv4_conv_small", "MobileNetV4-Small", "timm/mobilenetv4_conv_small.e2400_r224_in1k", "classifier", 1280, _MOBILENET_V4, ("conv_head", "norm_head"), "timm", IMAGENET_MEAN, IMAGENET_STD, 224, "Apache-2.0", megabytes=15),
        Architecture("mobilenetv4_conv_medium", "MobileNetV4-Medium", "timm/mobilenetv4_conv_medium.e500_r256_in1k", "classifier", 1280, _MOBILENET_V4, ("conv_head", "norm_head"), "timm", IMAGENET_MEAN, IMAGENET_STD, 256, "Apache-2.0", megabytes=39),
        Architecture("resnet18d", "ResNet18-D", "timm/resnet18d.ra4_e3600_r224_in1k", "fc", 512, _RESNET_D, (), "timm", _HALF, _HALF, 224, "Apache-2.0", megabytes=47),
        Architecture("resnet50d", "ResNet50-D", "timm/resnet50d.ra4_e3600_r224_in1k", "fc", 2048, _RESNET_D, (), "timm", _HALF, _HALF, 224, "Apache-2.0", megabytes=103),
        Architecture("efficientnet_b3", "EfficientNet-B3", "timm/efficientnet_b3.ra2_in1k", "classifier", 1536, _EFFICIENTNET, (), "timm", IMAGENET_MEAN, IMAGENET_STD, 288, "Apache-2.0", megabytes=49),
        Architecture("tf_efficientnetv2_b0", "EfficientNetV2-B0", "timm/tf_efficientnetv2_b0.in1k", "classifier", 1280, _EFFICIENTNET_V2, (), "timm", IMAGENET_MEAN, IMAGENET_STD, 192, "Apache-2.0", megabytes=29),
        Architecture("tf_efficientnetv2_s", "EfficientNetV2-S", "timm/tf_efficientnetv2_s.in21k_ft_in1k", "classifier", 1280, _EFFICIENTNET_V2, (), "timm", _HALF, _HALF, 300, "Apache-2.0", megabytes=86),
        Architecture("convnextv2_tiny", "ConvNeXtV2-Tiny", "timm/convnextv2_tiny.fcmae_ft_in22k_in1k", "head.fc", 768, _CONVNEXT_V2, ("head.norm",), "timm", IMAGENET_MEAN, IMAGENET_STD, 224, "CC-BY-NC-4.0", megabytes=115),
        Architecture("vit_small_patch16_224.dino", "ViT-Small, DINO", "timm/vit_small_patch16_224.dino", "head", 384, _VIT, (), "timm", IMAGENET_MEAN, IMAGENET_STD, 224, "Apache-2.0", has_imagenet_layer=False, megabytes=87),
    )
}
# fmt: on


def architecture_named(name: str) -> Architecture:
    """Look up an architecture; ``timm/NAME`` is any network of timm's, in one stage.

    Of those, only the network itself knows its features, normalisation, size and weights:
    :class:`trainer.models.classifier.Classifier` has an architecture with them.

    Raises:
        RecipeError: there is none of that name. Whether timm has a network of a name is found only
            when it is built.
    """
    if name in ARCHITECTURES:
        return ARCHITECTURES[name]
    if re.fullmatch(rf"{TIMM_PREFIX}\w+(\.\w+)?", name, re.ASCII):
        return Architecture(
            name,
            title_of(name),
            "",
            "head",
            0,
            _OTHER,
            source="timm",
            licence="",
            has_imagenet_layer=False,
        )
    raise RecipeError(
        "There is no model “{name}”. Choose one of: {known}.",
        name=name,
        known=", ".join((*ARCHITECTURES, f"{TIMM_PREFIX}…")),
    )


def title_of(name: str) -> str:
    """What to call an architecture, also one that is not known here."""
    if name in ARCHITECTURES:
        return ARCHITECTURES[name].title
    # Titles become names of files.
    return f"{name.removeprefix(TIMM_PREFIX)} (timm)" if name.startswith(TIMM_PREFIX) else name
