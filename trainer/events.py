"""What a training run says of itself while it goes on, one frozen dataclass an event."""

import dataclasses
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from trainer.errors import TrainerError

Ending = Literal["completed", "early_stopping", "stopped", "diverged"]
"""*diverged*: the loss is no longer a number, and the best epoch before is kept."""


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
    batch_size: int
    first_epoch: int
    """1, or the epoch after the last one of a run that is resumed."""


@dataclass(frozen=True, slots=True)
class Preparing:
    """Work before the first epoch, or after the last."""

    stage: Literal[
        "weights",
        "unzip",
        "look",
        "compare",
        "judge",
        "decode",
        "trunk",
        "evaluate",
        "calibrate",
        "similar",
        "teach",
        "time",
        "export",
        "report",
    ]
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
    seconds_left: tuple[float, float]
    """The least, if the run stops early as soon as it can, and the most."""
    memory_bytes: int
    """That the process has on the GPU, or in the computer's memory."""


@dataclass(frozen=True, slots=True)
class BatchSplit:
    """Memory did not suffice: from now on, batches are computed so many photos at a time."""

    photos: int


@dataclass(frozen=True, slots=True)
class EpochDone:
    """An epoch ended, and the state to resume from is on disk. Accuracies are from 0 to 1."""

    epoch: int
    epochs: int
    train_loss: float
    train_accuracy: float
    validation_loss: float
    validation_accuracy: float
    validation_interval: tuple[float, float]
    """The 95% interval of the validation accuracy."""
    learning_rate: float
    """At the end of the epoch, of the head."""
    seconds: float
    """Without pauses."""
    best: bool
    """Whether this is the best epoch so far, by what the recipe monitors."""

    @property
    def gap(self) -> float:
        """How much better training photos are known than validation photos, from -1 to 1."""
        return self.train_accuracy - self.validation_accuracy


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
    validation_interval: tuple[float, float]
    seconds: float
    """Over all interruptions, without pauses."""
    test_photos: int = 0
    """How many the best model was tested on at the end; 0 where there is no test split, or the run
    was stopped before."""
    test_accuracy: float = 0.0
    test_interval: tuple[float, float] = (0.0, 1.0)
    untested: TrainerError | None = None
    """Why it was not, if that went wrong; going on with the run makes up for it."""


Event = (
    RunStarted
    | Preparing
    | PhotoSkipped
    | BatchDone
    | BatchSplit
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
