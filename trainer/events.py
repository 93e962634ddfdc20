"""What a training run says of itself while it goes on, one frozen dataclass an event."""

import dataclasses
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from trainer.errors import TrainerError

Ending = Literal["completed", "early_stopping", "stopped"]


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The run's folder stands, and whatever happens now can be resumed from it."""

    run: Path
    model: str
    strategy: str
    device: str
    precision: str
    classes: tuple[str, ...]
    training_photos: int
    validation_photos: int
    epochs: int
    first_epoch: int
    """1, or the epoch after the last one of a run that is resumed."""


@dataclass(frozen=True, slots=True)
class Preparing:
    """Work before the first epoch, or after the last."""

    stage: Literal["weights", "decode", "trunk", "evaluate"]
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class PhotoSkipped:
    """A photo could not be read and is left out."""

    path: Path
    reason: TrainerError


@dataclass(frozen=True, slots=True)
class BatchDone:
    """A training batch was learnt from."""

    epoch: int
    batch: int
    batches: int
    loss: float
    images_per_second: float
    seconds_left: float
    """To the end of the last epoch, were none stopped early."""


@dataclass(frozen=True, slots=True)
class EpochDone:
    """An epoch ended, and the state to resume from is on disk. Accuracies are from 0 to 1."""

    epoch: int
    epochs: int
    train_loss: float
    train_accuracy: float
    validation_loss: float
    validation_accuracy: float
    learning_rate: float
    seconds: float
    best: bool
    """Whether this is the epoch with the lowest validation loss so far."""


@dataclass(frozen=True, slots=True)
class BestSaved:
    """The weights of the best epoch so far are on disk."""

    epoch: int
    validation_loss: float
    validation_accuracy: float


@dataclass(frozen=True, slots=True)
class Paused:
    """The loop waits until it is resumed or stopped."""

    epoch: int


@dataclass(frozen=True, slots=True)
class Resumed:
    epoch: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of a run that did not fail."""

    ending: Ending
    model: Path | None
    """The model file; None if the run was stopped before its first epoch ended."""
    best_epoch: int
    """0 if the run was stopped before its first epoch ended."""
    validation_loss: float
    validation_accuracy: float
    seconds: float


Event = (
    RunStarted
    | Preparing
    | PhotoSkipped
    | BatchDone
    | EpochDone
    | BestSaved
    | Paused
    | Resumed
    | Finished
)


def as_json(event: Event) -> dict[str, Any]:
    """The event as plain JSON values; the key ``event`` holds its name in snake case."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(event).__name__).lower()
    values = {field.name: getattr(event, field.name) for field in dataclasses.fields(event)}
    fields = {
        key: str(value) if isinstance(value, Path | TrainerError) else value
        for key, value in values.items()
    }
    return {"event": name, **fields}
