"""Making a model of bare weights, such as the notebook's ``best_model.pth``."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from trainer.config.architectures import ARCHITECTURES
from trainer.config.recipe import HeadKind
from trainer.errors import ModelFileError
from trainer.models.classifier import Classifier, undrawn
from trainer.models.metadata import ModelInfo
from trainer.models.pretrained import read_state_dict


@dataclass(frozen=True, slots=True)
class _Head:
    kind: HeadKind
    classes: int
    width: int = 512
    """Of the notebook's head only."""


def from_state_dict(
    path: Path, classes: Sequence[str], image_size: int | None = None
) -> tuple[Classifier, ModelInfo]:
    """Recognise a bare state dict's architecture and head, and build the model.

    Args:
        classes: the names of the classes, in the order in which the head gives them.
        image_size: side of the images that it learnt from; None for the architecture's own.

    Raises:
        ModelFileError: it is of no architecture that we know, or has another number of classes;
            or two of them have the same name.
        WeightsError: it cannot be read.
    """
    classifier, head = _recognised(path)
    classes = tuple(unicodedata.normalize("NFC", name) for name in classes)
    if head.classes != len(classes):
        raise ModelFileError(
            "“{path}” tells {known} classes apart, but {given} names were given.",
            path=path.name,
            known=head.classes,
            given=len(classes),
        )
    twice = next((name for name, count in Counter(classes).items() if count > 1), None)
    if twice is not None:
        raise ModelFileError(
            "Two classes cannot both be called “{name}”. Give each a name of its own.", name=twice
        )
    architecture = classifier.architecture
    info = ModelInfo(
        title=path.stem,
        architecture=architecture.name,
        classes=tuple(classes),
        head=head.kind,
        head_width=head.width,
        image_size=image_size or architecture.image_size,
        mean=architecture.mean,
        std=architecture.std,
    )
    return classifier.eval(), info


def class_count(path: Path) -> int:
    """How many classes a bare state dict tells apart.

    Raises:
        ModelFileError: it is of no architecture that we know.
        WeightsError: it cannot be read.
    """
    _, head = _recognised(path)
    return head.classes


def _recognised(path: Path) -> tuple[Classifier, _Head]:
    state = read_state_dict(path)
    for architecture in ARCHITECTURES.values():
        head = _head_in(state, f"{architecture.head}.")
        if head is None:
            continue
        choices = (architecture.name, head.classes, head.kind, head.width)
        with undrawn(architecture.name):
            trial = Classifier(*choices)
        named = trial.own_names(state)
        if _fits(trial, named):
            classifier = Classifier(*choices)
            classifier.network.load_state_dict(named, strict=False)
            return classifier, head
    raise ModelFileError("The weights in “{path}” are of no model known here.", path=path.name)


def _head_in(state: Mapping[str, Tensor], prefix: str) -> _Head | None:
    """Tell the head's kind from the numbers of its layers."""
    first, only, last = (state.get(f"{prefix}{number}.weight") for number in (0, 1, 3))
    if first is not None and last is not None:
        return _Head("notebook", classes=len(last), width=len(first))
    if only is not None:
        return _Head("linear", classes=len(only))
    return None


def _fits(classifier: Classifier, state: Mapping[str, Tensor]) -> bool:
    ours = classifier.network.state_dict()
    missing = ours.keys() - state.keys()
    return (
        state.keys() <= ours.keys()
        and all(ours[name].shape == tensor.shape for name, tensor in state.items())
        and all(name.endswith("num_batches_tracked") for name in missing)
    )
