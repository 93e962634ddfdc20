"""Taking a model file, or weights that learnt elsewhere, into the library."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.errors import TrainerError
from trainer.experiments.model_library import (
    import_weights,
    import_whole,
)
from trainer.models.metadata import AssumedActivation, is_model_file


@dataclass(frozen=True, slots=True)
class ForeignWeights:
    """Weights that learnt elsewhere, as far as they have to be asked about."""

    architecture: str
    """Its title."""
    class_count: int
    classes: tuple[str, ...]
    """What the file calls them; none where it does not."""
    is_ambiguous: bool
    """Whether nothing tells what stands between two layers of the head."""
    notes: tuple[TrainerError, ...]


def import_or_ask(source: Path) -> Path | ForeignWeights:
    """Copy a model file of this app into the library, and return the copy; or return what is known
    of other weights.

    Raises:
        ModelFileError, WeightsError: it is neither.
    """
    if is_model_file(source):
        return import_whole(source)
    from trainer.models.foreign.import_weights import recognise

    weights = recognise(source)
    return ForeignWeights(
        weights.architecture.title,
        weights.class_count,
        weights.classes,
        weights.head.is_ambiguous,
        weights.notes,
    )


def import_foreign(
    source: Path, classes: Sequence[str], activation: AssumedActivation | None
) -> Path:
    """Make a model of weights that learnt elsewhere; returns the file in the library.

    Args:
        classes: in the order in which it learnt them.
        activation: what stands between the head's layers; None where that is known.
    """
    from trainer.models.foreign.import_weights import recognise

    return import_weights(recognise(source, activation), classes)
