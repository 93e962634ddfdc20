"""Making a model of weights that learnt elsewhere, such as the notebook's ``best_model.pth``."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from trainer.config.architectures import ARCHITECTURES, Architecture
from trainer.errors import ModelFileError, TrainerError
from trainer.models.classifier import Classifier
from trainer.models.foreign.classes import imported_classes
from trainer.models.foreign.found_network import (
    FoundNetwork,
    complete,
    found_networks,
    head_container,
    shapes_of,
)
from trainer.models.foreign.heads import ForeignHead, read_head
from trainer.models.foreign.weights_file import WeightsFile, read_weights, require_finite
from trainer.models.metadata import AssumedActivation, ModelInfo
from trainer.models.skip_init import skip_init

_TWINS: Mapping[str, tuple[str, ...]] = {
    "tf_efficientnet_lite0": ("efficientnet_lite0",),
    "tf_efficientnet_lite1": ("efficientnet_lite1",),
    "tf_efficientnet_lite2": ("efficientnet_lite2",),
    "tf_efficientnetv2_s": ("efficientnetv2_s",),
    "efficientnet_b3": ("tf_efficientnet_b3",),
    "mobilenetv4_conv_medium": ("mobilenetv4_conv_aa_medium", "mobilenetv4_conv_blur_medium"),
    "resnet18": ("resnetblur18",),
    "resnet50": ("resnetaa50", "resnetblur50"),
    "resnet50d": ("resnetaa50d", "resnetblur50d"),
}
"""Networks of timm's that have the same names and shapes as one that is known here, and answer
otherwise: they pad or blur."""
_NO_PART_OF_ANSWERS = re.compile(
    r"(.*[._])?(n_averaged|num_updates|epoch|step|\w*(loss|criterion|metric|acc|accuracy|auroc|f1"
    r"|precision|recall|confmat)\w*)([._].*)?",
    re.IGNORECASE,
)
"""The names of tensors that a network was trained with, and that it does not answer with."""
_NAMED = 3


@dataclass(frozen=True, slots=True, eq=False)
class Recognised:
    """A network of a known architecture, as it was found in a file."""

    path: Path
    architecture: Architecture
    head: ForeignHead
    trunk: dict[str, Tensor]
    """In the names of :attr:`Classifier.network`."""
    classes: tuple[str, ...]
    """What the file says its classes are called, in order; empty where it does not."""
    notes: tuple[TrainerError, ...]
    """What whoever imports it should know, a sentence each."""

    @property
    def class_count(self) -> int:
        """How many classes it tells apart."""
        return self.head.classes


def recognise(path: Path, activation: AssumedActivation | None = None) -> Recognised:
    """Recognise the architecture and the head of weights.

    Args:
        activation: what stands between the head's layers where nothing tells; None assumes ReLU.

    Raises:
        ModelFileError: they are of no architecture or of no kind of head that is known.
        WeightsError: they cannot be read.
    """
    file = read_weights(path)
    refusal: TrainerError | None = None
    for name, architecture in ARCHITECTURES.items():
        for network in found_networks(shapes_of(name), file):
            try:
                return _recognised(path, file, network, architecture, activation)
            except ModelFileError as error:
                refusal = refusal or error
    if refusal is not None:
        raise refusal
    raise ModelFileError(
        "The weights in “{path}” are of no model known here. Known are: {known}.",
        path=path.name,
        known="; ".join(architecture.title for architecture in ARCHITECTURES.values()),
    )


def from_state_dict(
    path: Path,
    classes: Sequence[str] = (),
    image_size: int | None = None,
    activation: AssumedActivation | None = None,
) -> tuple[Classifier, ModelInfo]:
    """Recognise weights, and build the model.

    Args:
        classes: the names of the classes, in the order in which the head gives them; none where
            the file itself says them.
        image_size: side of the images that it learnt from; None for the architecture's own.
        activation: as of :func:`recognise`.

    Raises:
        ModelFileError: as of :func:`recognise`, and of
            :func:`trainer.models.foreign.classes.imported_classes`.
        WeightsError: it cannot be read.
    """
    return build(recognise(path, activation), classes, image_size)


def build(
    weights: Recognised, classes: Sequence[str] = (), image_size: int | None = None
) -> tuple[Classifier, ModelInfo]:
    """Make a model of recognised weights; arguments and errors as of :func:`from_state_dict`."""
    architecture, head = weights.architecture, weights.head
    info = ModelInfo(
        title=weights.path.stem,
        architecture=architecture.name,
        classes=imported_classes(
            weights.path.name, weights.class_count, weights.classes, classes
        ).names,
        head=head.kind,
        head_width=head.width,
        head_widths=tuple(width for width, _ in head.layers) if head.kind == "layers" else (),
        head_activations=tuple(name for _, name in head.layers) if head.kind == "layers" else (),
        image_size=image_size or architecture.image_size,
        mean=architecture.mean,
        std=architecture.std,
    )
    # Weights drawn in vain would change what a run under way draws next.
    with skip_init(architecture.name):
        classifier = Classifier.from_info(info)
    tensors = weights.trunk | {
        f"{architecture.head}.{name}": tensor for name, tensor in head.weights.items()
    }
    state = complete(classifier.network.state_dict(), tensors)
    classifier.network.load_state_dict(state, assign=True)
    return classifier.eval(), info


def _recognised(
    path: Path,
    file: WeightsFile,
    network: FoundNetwork,
    architecture: Architecture,
    activation: AssumedActivation | None,
) -> Recognised:
    twins = _TWINS.get(architecture.name, ())
    called = file.network.partition(".")[0]
    if called in twins:
        raise ModelFileError(
            "“{path}” is of the network “{name}”, which is not known here: it looks like {title}, "
            "and answers otherwise.",
            path=path.name,
            name=called,
            title=architecture.title,
        )
    if "embedding" in architecture.stages[0] and not network.has_own_names:
        raise ModelFileError(
            "“{path}” is of a {title} that answers from its class token; here, it would answer "
            "from the mean of the picture. Train its trunk further instead: choose the file under "
            "“Start from”.",
            path=path.name,
            title=architecture.title,
        )
    head = _head_of(path, network, architecture, activation)
    require_finite(path, {**network.trunk, **head.weights})
    classes, wrong = _classes_of(file, head.classes)
    notes: list[TrainerError] = []
    if not network.is_alone:
        notes.append(
            ModelFileError(
                "“{path}” holds several networks. The one under “{place}” is taken.",
                path=path.name,
                place=network.place or "/",
            )
        )
    if head.is_ambiguous and activation is None:
        notes.append(
            ModelFileError(
                "The head in “{path}” has several layers, and nothing in the file says what stands "
                "between them: ReLU is assumed. If it was something else, choose that, or the "
                "answers are wrong.",
                path=path.name,
            )
        )
    if head.is_order_assumed:
        notes.append(
            ModelFileError(
                "The head in “{path}” has something on both sides of a BatchNorm, and nothing in "
                "the file says which of it is the activation: the first is assumed. If it was the "
                "second, the answers are wrong; train its trunk further instead: choose the file "
                "under “Start from”.",
                path=path.name,
            )
        )
    if architecture.source == "timm" and twins and called != architecture.name:
        notes.append(
            ModelFileError(
                "“{path}” is taken for timm's {known}. If it was {others}, the answers are wrong.",
                path=path.name,
                known=architecture.name,
                others=", ".join(twins),
            )
        )
    if wrong is not None and not classes:
        notes.append(
            ModelFileError(
                "“{path}” names {given} classes, but tells {known} apart: those names do not "
                "count.",
                path=path.name,
                given=wrong,
                known=head.classes,
            )
        )
    return Recognised(path, architecture, head, network.trunk, classes, tuple(notes))


def _classes_of(file: WeightsFile, count: int) -> tuple[tuple[str, ...], int | None]:
    """The names of *count* classes; and how many names there are where they are others."""
    for names in file.class_lists:
        if len(names) == count == len(set(names)):
            return tuple(unicodedata.normalize("NFC", name) for name in names), None
    return (), len(file.class_lists[0]) if file.class_lists else None


def _head_of(
    path: Path,
    network: FoundNetwork,
    architecture: Architecture,
    activation: AssumedActivation | None,
) -> ForeignHead:
    container = f"{head_container(architecture)}."
    if all(name.startswith(f"{architecture.head}.") for name in network.others):
        container = f"{architecture.head}."
    inside = {
        name.removeprefix(container): tensor
        for name, tensor in network.others.items()
        if name.startswith(container)
    }
    rest = {name: t for name, t in network.others.items() if not name.startswith(container)}
    rest |= network.beside
    rest = {
        name: tensor
        for name, tensor in rest.items()
        if not _NO_PART_OF_ANSWERS.fullmatch(name) and not _is_normalisation(tensor, architecture)
    }
    # A network of one's own has its head beside a trunk without one.
    tensors, rest = (inside, rest) if inside else (_without_common_name(rest), {})
    if not tensors:
        raise ModelFileError(
            "“{path}” holds the trunk of a {title} without a head, so it cannot classify "
            "anything. Train it on photos: choose the file under “Start from”.",
            path=path.name,
            title=architecture.title,
        )
    head = read_head(tensors, architecture.name, architecture.features, activation)
    if head is None:
        raise ModelFileError(
            "“{path}” is of a {title}, but its head is of a kind that is not known here ({names}). "
            "Known are linear layers, with BatchNorm or without. Train its trunk further instead: "
            "choose the file under “Start from”.",
            path=path.name,
            title=architecture.title,
            names=_some(tensors),
        )
    if rest:
        raise ModelFileError(
            "“{path}” is of a {title} with parts that are not known here ({names}). Without them, "
            "its answers would be others.",
            path=path.name,
            title=architecture.title,
            names=_some(rest),
        )
    return head


def _is_normalisation(tensor: Tensor, architecture: Architecture) -> bool:
    """Whether it is the mean or the deviation of colours that images are normalised by anyway."""
    values = tensor.flatten().tolist() if tensor.numel() == 3 else []
    return any(
        values and max(abs(a - b * scale) for a, b in zip(values, each, strict=True)) < 1e-3 * scale
        for each in (architecture.mean, architecture.std)
        for scale in (1, 255)
    )


def _without_common_name(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    first = {name.partition(".")[0] for name in tensors}
    common = f"{first.pop()}." if len(first) == 1 else ""
    return {name.removeprefix(common): tensor for name, tensor in tensors.items()}


def _some(names: Mapping[str, Tensor]) -> str:
    return ", ".join(list(names)[:_NAMED]) + (", …" if len(names) > _NAMED else "")
