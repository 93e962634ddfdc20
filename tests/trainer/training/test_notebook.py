"""The *notebook* preset against a plain transcription of the published loop, which shares no code
with it: the same photos in the same order must give the same losses."""

from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.nn import functional
from torch.optim.lr_scheduler import CosineAnnealingWarmRestarts

from benchmarks.published_loop import Photos, build_model, build_optimizer, train_batch
from trainer import events
from trainer.config.presets import PRESETS
from trainer.data.dataset import DataSet
from trainer.experiments.run import create_run
from trainer.training.batches import epoch_seed
from trainer.training.fit import fit

SIZE = 64
EPOCHS = 2


def ours(data: DataSet, folder: Path) -> tuple[list[float], list[float]]:
    """The loss of each batch, and the validation loss of each epoch."""
    recipe = PRESETS["notebook"].but(weights="none", image_size=SIZE, epochs=EPOCHS)
    happened = list(fit(create_run(recipe, data.root, folder), data))
    return (
        [event.loss for event in happened if isinstance(event, events.BatchDone)],
        [event.validation_loss for event in happened if isinstance(event, events.EpochDone)],
    )


def load(photos: Photos, indices: Tensor) -> tuple[Tensor, Tensor]:
    images, labels = zip(*(photos[int(index)] for index in indices), strict=True)
    return torch.stack(images), torch.tensor(labels)


def published(data: DataSet) -> tuple[list[float], list[float]]:
    train_photos = Photos(data.root / "train", SIZE)
    validation = load(*_all(Photos(data.root / "validation", SIZE)))
    torch.manual_seed(0)
    model = build_model(len(data.classes))
    optimizer = build_optimizer(model)
    scheduler = CosineAnnealingWarmRestarts(optimizer, T_0=5, T_mult=2)
    batch_losses, validation_losses = [], []
    for epoch in range(1, EPOCHS + 1):
        torch.manual_seed(epoch_seed(0, epoch))
        order = torch.randperm(
            len(train_photos), generator=torch.Generator().manual_seed(epoch_seed(0, epoch))
        )
        model.train()
        batch_losses += [
            train_batch(model, optimizer, *load(train_photos, indices))
            for indices in order.split(16)
        ]
        model.eval()
        with torch.no_grad():
            loss = functional.cross_entropy(
                model(validation[0]), validation[1], label_smoothing=0.1
            )
        validation_losses.append(loss.item())
        scheduler.step()
    return batch_losses, validation_losses


def _all(photos: Photos) -> tuple[Photos, Tensor]:
    return photos, torch.arange(len(photos))


def test_the_notebook_preset_learns_as_the_published_loop_does(
    demo_data: DataSet, tmp_path: Path
) -> None:
    our_batches, our_validation = ours(demo_data, tmp_path / "run")
    their_batches, their_validation = published(demo_data)
    assert len(our_batches) == len(their_batches) == 3 * EPOCHS
    # Rounding differs with the memory layout, and grows from step to step.
    assert our_batches[0] == pytest.approx(their_batches[0], abs=1e-5)
    assert our_batches == pytest.approx(their_batches, abs=2e-3)
    assert our_validation == pytest.approx(their_validation, abs=2e-3)


def test_the_notebook_preset_is_the_published_recipe() -> None:
    recipe = PRESETS["notebook"]
    assert recipe == PRESETS["layer4"].but(frozen_batchnorm="train")
    assert (recipe.model, recipe.weights, recipe.strategy) == ("resnet50", "imagenet", "layer4")
    assert (recipe.head, recipe.head_width, recipe.dropout) == ("notebook", 512, 0.3)
    assert (recipe.image_size, recipe.resize, recipe.augmentation) == (224, "squash", "none")
    assert (recipe.epochs, recipe.batch_size, recipe.patience) == (20, 16, 3)
    assert (recipe.learning_rate, recipe.label_smoothing, recipe.monitor) == (1e-4, 0.1, "loss")
    assert (recipe.schedule, recipe.restart_period, recipe.restart_factor) == (
        "warm_restarts",
        5,
        2,
    )
