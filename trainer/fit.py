"""The training loop: one generator that yields what happens."""

import math
import time
from collections.abc import Generator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor
from torch.nn import functional

from trainer import decode, events
from trainer.augment import stored_size
from trainer.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from trainer.confidence import fit_temperature, fit_threshold
from trainer.control import Control
from trainer.dataset import DataSet
from trainer.device import Compute, choose_compute, describe
from trainer.errors import DatasetError, RecipeError, StorageError
from trainer.events import Event
from trainer.examples import Examples, Pictures, can_cache_trunk, run_trunk
from trainer.learner import Learner
from trainer.model import Classifier
from trainer.model_file import load_model, save_model
from trainer.model_info import ModelInfo
from trainer.objective import match_scale
from trainer.recipe import Recipe
from trainer.run import Run
from trainer.weights import load_pretrained

_PHOTOS_TO_MATCH_SCALE_ON = 64

_Result = TypeVar("_Result")


class _StopError(Exception):
    """The control asked for the end."""


def fit(
    run: Run,
    data_set: DataSet,
    *,
    control: Control | None = None,
    device: str = "auto",
    workers: int | None = None,
) -> Generator[Event, None, None]:
    """Train as the run's recipe says, from its start or from the last epoch that is on disk.

    The last event is :class:`~trainer.events.Finished`. After every epoch the best model so far is
    a complete file, and the run can be resumed by calling this again: on the CPU it then ends with
    the same weights, to the bit, as if it had never been interrupted.

    Args:
        control: pauses and stops the loop, between batches.
        device: ``auto``, or a torch device's name.
        workers: processes that decode photos; None chooses.

    Raises:
        DatasetError: there is nothing to train on, or nothing to validate with.
        DeviceError: there is no such device.
        ModelFileError: the recipe's teacher cannot be loaded.
        RecipeError: the run's state on disk is damaged, the photos have changed since, or the loss
            is no longer a number.
        StorageError: the disk is full.
        WeightsError: the pretrained weights cannot be had.
    """
    try:
        yield from _fit(run, data_set, control or Control(), device, workers)
    except OSError as error:
        if error.errno is None:
            raise  # It is not the disk's.
        raise StorageError.of(error) from error


def _fit(
    run: Run, data_set: DataSet, control: Control, device: str, workers: int | None
) -> Generator[Event, None, None]:
    recipe = run.recipe
    compute = choose_compute(device, recipe.precision)
    checkpoint = load_checkpoint(run.state_file)
    fingerprint = data_set.fingerprint()
    if checkpoint.epoch and checkpoint.data_fingerprint != fingerprint:
        raise RecipeError(
            "The photos in “{path}” have changed since this run began. Start a new one.",
            path=data_set.root,
        )
    checkpoint.data_fingerprint = fingerprint
    began = time.perf_counter() - checkpoint.seconds
    yield _run_started(run, data_set, compute, checkpoint)
    ending = _ending(recipe, checkpoint)
    try:
        if ending is None:
            learner, training, validation = yield from _prepare(
                run, data_set, compute, checkpoint, control, workers
            )
        while ending is None:
            epoch = checkpoint.epoch + 1
            epoch_began = time.perf_counter()
            train_loss, train_accuracy = yield from _train_epoch(learner, training, epoch, control)
            rate = learner.learning_rate
            logits = yield from _validate(learner, validation, epoch, control)
            loss = functional.cross_entropy(
                logits, validation.labels, label_smoothing=recipe.label_smoothing
            ).item()
            _require_finite(loss)
            accuracy = _share_right(logits, validation.labels)
            learner.end_epoch(loss)

            is_best = loss < checkpoint.best_loss or checkpoint.best_epoch == 0
            if is_best:
                checkpoint.best_epoch = epoch
                checkpoint.best_loss, checkpoint.best_accuracy = loss, accuracy
                _save_best(run, data_set, learner, logits, validation.labels, checkpoint)
                yield events.BestSaved(epoch, loss, accuracy)
            checkpoint.epoch, checkpoint.seconds = epoch, time.perf_counter() - began
            checkpoint.learner = learner.state_dict()
            save_checkpoint(run.state_file, checkpoint)
            yield events.EpochDone(
                epoch=epoch,
                epochs=recipe.epochs,
                train_loss=train_loss,
                train_accuracy=train_accuracy,
                validation_loss=loss,
                validation_accuracy=accuracy,
                learning_rate=rate,
                seconds=time.perf_counter() - epoch_began,
                best=is_best,
            )
            ending = _ending(recipe, checkpoint)
    except _StopError:
        ending = "stopped"
    yield events.Finished(
        ending=ending,
        model=run.model_file if checkpoint.best_epoch else None,
        best_epoch=checkpoint.best_epoch,
        validation_loss=checkpoint.best_loss if checkpoint.best_epoch else 0.0,
        validation_accuracy=checkpoint.best_accuracy,
        seconds=time.perf_counter() - began,
    )


def _ending(recipe: Recipe, checkpoint: Checkpoint) -> events.Ending | None:
    """Why the run is over, or None while it is not."""
    if checkpoint.epoch >= recipe.epochs:
        return "completed"
    if recipe.patience and checkpoint.epochs_without_gain >= recipe.patience:
        return "early_stopping"
    return None


def _run_started(
    run: Run, data_set: DataSet, compute: Compute, checkpoint: Checkpoint
) -> events.RunStarted:
    return events.RunStarted(
        run=run.folder,
        model=run.recipe.model,
        strategy=run.recipe.strategy,
        device=describe(compute.device),
        precision=compute.precision,
        classes=data_set.classes,
        training_photos=len(data_set.split("train")),
        validation_photos=len(data_set.split("validation")),
        epochs=run.recipe.epochs,
        first_epoch=checkpoint.epoch + 1,
    )


def _obey(control: Control, epoch: int) -> Generator[Event, None, None]:
    """Wait while paused.

    Raises:
        _StopError: the control asks for the end.
    """
    if control.paused and not control.stopping:
        yield events.Paused(epoch)
        control.wait_while_paused()
        yield events.Resumed(epoch)
    if control.stopping:
        raise _StopError


def _obeying(
    control: Control, steps: Generator[Event, None, _Result]
) -> Generator[Event, None, _Result]:
    """Let *steps* go on only as the control allows."""
    while True:
        yield from _obey(control, epoch=0)
        try:
            event = next(steps)
        except StopIteration as end:
            result: _Result = end.value
            return result
        yield event


def _prepare(
    run: Run,
    data_set: DataSet,
    compute: Compute,
    checkpoint: Checkpoint,
    control: Control,
    workers: int | None,
) -> Generator[Event, None, tuple[Learner, Examples, Examples]]:
    """All that is done once: weights, decoded photos, the output of the frozen trunk."""
    recipe = run.recipe
    torch.manual_seed(recipe.seed)
    classifier = Classifier(
        recipe.model, len(data_set.classes), recipe.head, recipe.head_width, recipe.dropout
    )
    if checkpoint.epoch == 0 and recipe.weights != "none":
        yield from _obeying(control, _load_weights(classifier, recipe.weights, data_set.classes))
    classifier.move_to(compute.device)
    teacher = None
    if recipe.teacher:
        teacher = load_teacher(recipe, data_set).move_to(compute.device)

    splits: list[Pictures] = []
    for name, size in (
        ("train", stored_size(recipe.image_size, recipe.augmentation)),
        ("validation", recipe.image_size),
    ):
        decoded = yield from _obeying(
            control, decode.decode(data_set.split(name), size, recipe.resize, workers)
        )
        if len(decoded) == 0:
            raise DatasetError(
                "“{path}” has no readable photos in its {split} split.",
                path=data_set.root,
                split=name,
            )
        splits.append(Pictures(decoded, recipe, compute))

    if teacher is not None and recipe.block_wise_epochs and checkpoint.epoch == 0:
        first = torch.arange(min(len(splits[1].labels), _PHOTOS_TO_MATCH_SCALE_ON))
        match_scale(classifier, teacher, splits[1].batch(first))
    learner = Learner(
        recipe,
        classifier,
        teacher,
        compute,
        steps_per_epoch=len(_batches(torch.arange(len(splits[0].labels)), recipe.batch_size)),
    )
    if checkpoint.learner is not None:
        learner.load_state_dict(checkpoint.learner)
    training, validation = splits
    frozen = learner.first_stage
    if not can_cache_trunk(recipe, frozen):
        return learner, training, validation
    return (
        learner,
        (yield from _obeying(control, run_trunk(training, classifier, frozen))),
        (yield from _obeying(control, run_trunk(validation, classifier, frozen))),
    )


def _load_weights(
    classifier: Classifier, weights: str, classes: Sequence[str]
) -> Generator[Event, None, None]:
    progress = load_pretrained(classifier, weights, classes)
    for done, total in progress:
        yield events.Preparing("weights", done, total)


def load_teacher(recipe: Recipe, data_set: DataSet) -> Classifier:
    """Load the recipe's teacher.

    Raises:
        DatasetError: it tells other classes apart than the data set has.
        ModelFileError: it cannot be loaded.
    """
    teacher, info = load_model(Path(recipe.teacher))
    if info.classes != data_set.classes:
        raise DatasetError(
            "The teacher “{teacher}” was taught other classes than “{path}” has.",
            teacher=info.title,
            path=data_set.root,
        )
    return teacher


def _batches(order: Tensor, size: int) -> list[Tensor]:
    """Cut into batches; a last one of a single photo, of which BatchNorm has no variance, joins the
    one before."""
    batches = list(order.split(size))
    if len(batches) > 1 and len(batches[-1]) == 1:
        batches[-2:] = [torch.cat(batches[-2:])]
    return batches


def _train_epoch(
    learner: Learner, examples: Examples, epoch: int, control: Control
) -> Generator[Event, None, tuple[float, float]]:
    """Returns the mean loss and the share of right answers while learning."""
    recipe = learner.recipe
    learner.begin_epoch(epoch)
    generator = torch.Generator().manual_seed(torch.initial_seed())
    labels = examples.labels
    batches = _batches(torch.randperm(len(labels), generator=generator), recipe.batch_size)
    began = time.perf_counter()
    seen, right, total_loss = 0, 0, 0.0
    for number, indices in enumerate(batches, start=1):
        yield from _obey(control, epoch)
        batch_began = time.perf_counter()
        inputs = examples.batch(indices, generator)
        loss, batch_right = learner.step(
            inputs, labels[indices].to(learner.compute.device), examples.start
        )
        _require_finite(loss)
        seen += len(indices)
        right += batch_right
        total_loss += loss * len(indices)
        now = time.perf_counter()
        batches_left = len(batches) * (recipe.epochs - epoch + 1) - number
        yield events.BatchDone(
            epoch=epoch,
            batch=number,
            batches=len(batches),
            loss=loss,
            images_per_second=len(indices) / (now - batch_began),
            seconds_left=batches_left * (now - began) / number,
        )
    return total_loss / seen, right / seen


def _validate(
    learner: Learner, examples: Examples, epoch: int, control: Control
) -> Generator[Event, None, Tensor]:
    """Returns the logits of all examples, float32 (N, classes), on the CPU."""
    classifier = learner.evaluated.eval()
    logits: list[Tensor] = []
    for indices in torch.arange(len(examples.labels)).split(learner.recipe.batch_size * 2):
        yield from _obey(control, epoch)
        with torch.inference_mode(), learner.compute.autocast():
            output = classifier(examples.batch(indices), examples.start)
        logits.append(output.float().cpu())
    # A clone made outside inference mode may be used by autograd.
    return torch.cat(logits).clone()


def _require_finite(loss: float) -> None:
    if not math.isfinite(loss):
        raise RecipeError("The loss is no longer a number. Choose a lower learning rate.")


def _share_right(logits: Tensor, labels: Tensor) -> float:
    return (logits.argmax(dim=1) == labels).double().mean().item()


def _save_best(
    run: Run,
    data_set: DataSet,
    learner: Learner,
    logits: Tensor,
    labels: Tensor,
    checkpoint: Checkpoint,
) -> None:
    recipe = run.recipe
    temperature = fit_temperature(logits, labels)
    probabilities = functional.softmax(logits / temperature, dim=1)
    classifier = learner.evaluated
    info = ModelInfo(
        title=f"{classifier.architecture.title} · {data_set.root.stem}",
        architecture=recipe.model,
        classes=data_set.classes,
        head=recipe.head,
        head_width=recipe.head_width,
        image_size=recipe.image_size,
        resize=recipe.resize,
        temperature=temperature,
        threshold=fit_threshold(probabilities, labels),
        metrics={
            "validation_accuracy": checkpoint.best_accuracy,
            "validation_loss": checkpoint.best_loss,
            "validation_photos": len(labels),
            "best_epoch": checkpoint.best_epoch,
        },
        data_fingerprint=checkpoint.data_fingerprint,
        data_place=data_set.place(),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    save_model(run.model_file, classifier, info)
