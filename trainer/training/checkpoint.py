"""The state to go on from after an epoch: one file, replaced whole."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from trainer.errors import RecipeError
from trainer.storage.atomic import replacing


@dataclass(slots=True)
class Checkpoint:
    """Everything that decides how a run goes on after ``epoch``."""

    epoch: int = 0
    best_epoch: int = 0
    best_loss: float = float("inf")
    best_accuracy: float = 0.0
    best_interval: tuple[float, float] = (0.0, 1.0)
    """The 95% interval of the best accuracy."""
    seconds: float = 0.0
    """Training time so far, over all interruptions."""
    data_fingerprint: str = ""
    """Of the data set that the run began with."""
    contents: str = ""
    """A digest of the photos, by content, that could be read when the run began; empty before the
    first epoch, and in states of older versions."""
    precision: str = ""
    """What the run computes in, which decides its bits; empty in states of older versions."""
    origin: str = ""
    """A digest of the weights that are held on to; empty where none are, or not noted yet."""
    learner: dict[str, Any] | None = None

    @property
    def epochs_without_gain(self) -> int:
        return self.epoch - self.best_epoch


def save_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write atomically.

    Raises:
        OSError: the disk is full or cannot be written to.
    """
    # By way of memory: on a full disk, torch's own writer raises RuntimeError.
    buffer = io.BytesIO()
    torch.save({name: getattr(checkpoint, name) for name in Checkpoint.__slots__}, buffer)
    with replacing(path) as temporary:
        temporary.write_bytes(buffer.getbuffer())


def load_checkpoint(path: Path) -> Checkpoint:
    """Read what :func:`save_checkpoint` wrote; a new checkpoint if there is none.

    Raises:
        RecipeError: it is damaged.
    """
    if not path.exists():
        return Checkpoint()
    try:
        return Checkpoint(**torch.load(path, map_location="cpu", weights_only=True))
    except Exception as error:
        # torch raises many types on a damaged file; whichever it is, the run cannot go on.
        raise RecipeError(
            "The run's state “{path}” is damaged, so it cannot go on.", path=path
        ) from error
