"""Small runs, and what to look for in their events."""

from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import torch
from safetensors.torch import load_file

from trainer import events
from trainer.config.recipe import Recipe
from trainer.data.dataset import DataSet
from trainer.events import Event
from trainer.experiments.run import Run, create_run

E = TypeVar("E", bound=Event)

STAGED = "mobilenet_v2"
"""The cheapest network that has stages to freeze and to thaw."""
SMALL = Recipe(
    model="timm/test_resnet",
    weights="none",
    strategy="full",
    image_size=32,
    batch_size=8,
    epochs=3,
    learning_rate=1e-3,
    patience=0,
)
"""Of the smallest network of timm's: what is told of training is told of any."""


def new_run(data: DataSet, folder: Path, **choices: object) -> Run:
    return create_run(SMALL.but(**choices), data.root, folder)


def of_kind(happened: list[Event], kind: type[E]) -> list[E]:
    return [event for event in happened if isinstance(event, kind)]


def weights(run: Run) -> dict[str, torch.Tensor]:
    return load_file(run.model_file)


def losses_of(happened: list[Event]) -> list[tuple[float, float]]:
    epochs = of_kind(happened, events.EpochDone)
    return [(event.train_loss, event.validation_loss) for event in epochs]


def until(steps: Generator[Event, None, None], kind: type[E]) -> E:
    for event in steps:
        if isinstance(event, kind):
            return event
    raise AssertionError(f"no {kind.__name__}")
