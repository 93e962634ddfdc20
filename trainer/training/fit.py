"""The training loop: one generator that yields what happens."""

import logging
import math
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor
from torch.nn import functional

from trainer import events
from trainer.control import Control, Stopped
from trainer.data.dataset import DataSet
from trainer.errors import DeviceError, RecipeError, StorageError, TrainerError
from trainer.evaluation.calibrate import calibrate
from trainer.events import Event
from trainer.experiments import run_database
from trainer.experiments.benchmark_model import is_measured, measure, test_measurement
from trainer.experiments.run import Run
from trainer.experiments.run_photos import write_photos
from trainer.metrics.intervals import wilson_interval
from trainer.models.ood_score import has_class_means
from trainer.runtime.allocator import keeping_memory
from trainer.runtime.device import Compute, choose_device, describe, is_out_of_memory, memory_in_use
from trainer.runtime.distributed import ALONE, Ranks
from trainer.training.batches import Examples, batches_of, epoch_seed, read_ahead
from trainer.training.best_model import is_better
from trainer.training.checkpoint import Checkpoint, load_checkpoint
from trainer.training.checkpoint_writer import CheckpointWriter, save_of_epoch
from trainer.training.early_stopping import ending_of, fewest_epochs_of
from trainer.training.eta import Eta
from trainer.training.feature_cache import TrunkPrecision
from trainer.training.learner import Learner
from trainer.training.setup import Means, Prepared, batch_size_of, photos_have_changed, prepare
from trainer.training.training_precision import compute_of_run

_Result = TypeVar("_Result")


class _DivergedError(Exception):
    """The loss is no longer a number."""


def fit(
    run: Run,
    data_set: DataSet,
    *,
    control: Control | None = None,
    device: str = "auto",
    threads: int | None = None,
    trunk_precision: TrunkPrecision | None = "float16",
    ranks: Ranks = ALONE,
) -> Generator[Event, None, None]:
    """Train as the run's recipe says, from its start or from the last epoch that is on disk.

    The last event is :class:`~trainer.events.Finished`. An epoch is saved while the next one is
    trained; at its :class:`~trainer.events.EpochDone` its figures are in the run database, the best
    model so far is a complete file, and the run can be resumed by calling this again: on the CPU it
    then ends with the same weights, to the bit, as if it had never been interrupted. Closing the
    generator waits for what is being saved.

    Args:
        control: pauses and stops the loop, within a batch on the CPU, between batches elsewhere.
        device: ``auto``, or a torch device's name.
        threads: how many decode photos at a time; None chooses.
        trunk_precision: what a frozen trunk's output is kept in; None computes it in each epoch.
        ranks: the processes that train together; each calls this with the same run.

    Raises:
        DatasetError: there is nothing to train on, or nothing to validate with, or it is gone.
        DeviceError: there is no such device, or it has too little memory.
        ModelFileError: the recipe's teacher cannot be loaded, or what the model that it starts from
            has learnt from cannot be read.
        RecipeError: timm has no such network, or it cannot see images of that size; the run is
            under way elsewhere, its state on disk is damaged, the photos or the weights that are
            held on to have changed since, or the loss is no longer a number before the first epoch
            has ended.
        StorageError: the disk is full.
        WeightsError: the pretrained weights cannot be had.
    """
    try:
        chosen = choose_device(str(ranks.device or device))
        with ExitStack() as stack:
            if ranks.is_first:
                stack.enter_context(run.locked())
                run_database.begin(run, describe(chosen))
            stack.enter_context(keeping_memory())
            try:
                checkpoint = load_checkpoint(run.state_file)
                compute = compute_of_run(run.recipe, chosen, checkpoint, ranks)
                means = Means(compute, threads, trunk_precision, ranks)
                yield from _fit(run, data_set, control or Control(), means, checkpoint)
            except (TrainerError, OSError) as error:
                _note_failure(run, error, ranks)
                raise
            except Exception as error:
                if not is_out_of_memory(error):
                    _note_failure(run, _unforeseen(error), ranks)
                    raise
                shortage = DeviceError(
                    "There is not enough memory to train. Choose a smaller picture size, "
                    "batch size or model."
                )
                _note_failure(run, shortage, ranks)
                raise shortage from error
    except OSError as error:
        if error.errno is None:
            raise  # It is not the disk's.
        raise StorageError.of(error) from error


def _unforeseen(error: Exception) -> TrainerError:
    return TrainerError(
        "Something unexpected went wrong ({detail}).", detail=f"{type(error).__name__}: {error}"
    )


def _note_failure(run: Run, error: TrainerError | OSError, ranks: Ranks) -> None:
    if not ranks.is_first:
        return
    failure = StorageError.of(error) if isinstance(error, OSError) else error
    try:
        run_database.end(run, "failed", failure)
    except OSError:
        return  # The disk may be what failed; the run then counts as interrupted.


@dataclass(frozen=True, slots=True)
class _Session:
    """One stretch of a run, from its start or from where it was left to its end."""

    run: Run
    data_set: DataSet
    control: Control
    means: Means
    checkpoint: Checkpoint
    """After the last epoch, which may still be on its way to the disk."""
    writer: CheckpointWriter
    began: float
    """On the control's clock, as if the run had never been interrupted."""


def _fit(
    run: Run, data_set: DataSet, control: Control, means: Means, checkpoint: Checkpoint
) -> Generator[Event, None, None]:
    _hold_to_photos(run, data_set, checkpoint, means.ranks)
    began = control.clock() - checkpoint.seconds
    yield _run_started(run, data_set, means.compute, checkpoint)
    with CheckpointWriter() as writer:
        session = _Session(run, data_set, control, means, checkpoint, writer, began)
        ending = yield from _train(session)
        yield from writer.wait()
    untested = None
    if means.ranks.is_first and run.model_file.exists():
        untested = yield from _calibrate_and_measure(session, ending)
    if means.ranks.is_first:
        run_database.end(run, ending)
    yield _finished(session, ending, untested)


def _hold_to_photos(run: Run, data_set: DataSet, checkpoint: Checkpoint, ranks: Ranks) -> None:
    """Keep with the run which photos it learns from.

    Raises:
        RecipeError: they are others than when it began.
    """
    fingerprints = data_set.fingerprints()
    if checkpoint.epoch and checkpoint.data_fingerprint not in fingerprints:
        raise photos_have_changed(run, data_set)
    checkpoint.data_fingerprint = fingerprints[0]
    if ranks.is_first and not checkpoint.epoch:
        write_photos(run.folder, data_set)


def _calibrate_and_measure(
    session: _Session, ending: events.Ending
) -> Generator[Event, None, TrainerError | None]:
    """Once it has learnt; also where a run was killed between its last epoch and this. Returns why
    it could not be tested, where a user can mend that."""
    run, data_set, compute = session.run, session.data_set, session.means.compute
    device = str(compute.device)
    if ending in {"completed", "early_stopping"} and not has_class_means(run.model_file):
        yield from _refine(session, calibrate(run.model_file, data_set, device, compute.precision))
    if ending == "stopped" or is_measured(run):
        return None
    return (yield from _refine(session, measure(run, data_set, device)))


def _finished(
    session: _Session, ending: events.Ending, untested: TrainerError | None
) -> events.Finished:
    run, checkpoint = session.run, session.checkpoint
    has_model = bool(checkpoint.best_epoch)
    tested = test_measurement(run) if session.means.ranks.is_first and has_model else None
    return events.Finished(
        ending=ending,
        model=run.model_file if has_model else None,
        best_epoch=checkpoint.best_epoch,
        validation_loss=checkpoint.best_loss if has_model else 0.0,
        validation_accuracy=checkpoint.best_accuracy,
        validation_interval=checkpoint.best_interval,
        seconds=session.control.clock() - session.began,
        test_photos=tested.photos if tested else 0,
        test_accuracy=tested.accuracy if tested else 0.0,
        test_interval=tested.interval if tested else (0.0, 1.0),
        untested=untested,
    )


def _train(session: _Session) -> Generator[Event, None, events.Ending]:
    """All epochs that are left; returns why no more follow. The last save may be in flight."""
    recipe, checkpoint, control = session.run.recipe, session.checkpoint, session.control
    ending = ending_of(recipe, checkpoint)
    try:
        if ending is None:
            steps = prepare(session.run, session.data_set, checkpoint, control, session.means)
            prepared = yield from _obeying(session, steps)
            checkpoint.learner = None  # The learner has taken it up.
            eta = Eta(recipe.epochs, batches=1)
        while ending is None:
            yield from _run_epoch(session, prepared, eta)
            ending = ending_of(recipe, checkpoint)
    except Stopped:
        return "stopped"
    except _DivergedError:
        if not checkpoint.best_epoch:
            raise RecipeError(
                "The loss is no longer a number. Choose a lower learning rate."
            ) from None
        return "diverged"
    return ending


def _run_epoch(session: _Session, prepared: Prepared, eta: Eta) -> Generator[Event, None, None]:
    """Train, validate, decide whether it is the best, and begin to save it."""
    recipe, checkpoint, control = session.run.recipe, session.checkpoint, session.control
    learner, labels = prepared.learner, prepared.validation.labels
    epoch = checkpoint.epoch + 1
    began = control.clock()
    train_loss, train_accuracy = yield from _train_epoch(session, prepared, epoch, eta)
    rate = learner.learning_rate
    trained_at = control.clock()
    logits = yield from _validate(session, prepared, epoch)
    loss = functional.cross_entropy(logits, labels, label_smoothing=recipe.label_smoothing).item()
    _require_finite(loss)
    right = int((logits.argmax(dim=1) == labels).sum())
    accuracy, interval = right / len(labels), wilson_interval(right, len(labels))
    learner.end_epoch(loss)

    is_best = is_better(recipe, loss, accuracy, checkpoint)
    if is_best:
        checkpoint.best_epoch = epoch
        checkpoint.best_loss, checkpoint.best_accuracy = loss, accuracy
        checkpoint.best_interval = interval
    checkpoint.epoch, checkpoint.seconds = epoch, control.clock() - session.began
    done = events.EpochDone(
        epoch=epoch,
        epochs=recipe.epochs,
        train_loss=train_loss,
        train_accuracy=train_accuracy,
        validation_loss=loss,
        validation_accuracy=accuracy,
        validation_interval=interval,
        learning_rate=rate,
        seconds=control.clock() - began,
        best=is_best,
    )
    told: list[Event] = [events.BestSaved(epoch, loss, accuracy)] if is_best else []
    told.append(done)
    yield from session.writer.wait()
    if session.means.ranks.is_first:
        save = save_of_epoch(
            session.run, session.data_set, learner, checkpoint, done, logits, labels
        )
        session.writer.begin(save, told)
    else:
        yield from told
    eta.epoch_done(control.clock() - trained_at)


def _refine(
    session: _Session, steps: Generator[Event, None, object]
) -> Generator[Event, None, TrainerError | None]:
    """What is not in the way of what has been learnt: what goes wrong does not fail the run, and
    going on with it makes up for what was stopped. Returns what a user can mend."""
    try:
        yield from _obeying(session, steps)
    except Stopped:
        return None
    except (TrainerError, OSError, RuntimeError, ValueError, MemoryError) as error:
        logging.getLogger(__name__).warning(
            "The model could not be calibrated or measured: %s", error
        )
        return error if isinstance(error, TrainerError) else None
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
        batch_size=batch_size_of(run.recipe, len(data_set.split("train"))),
        first_epoch=checkpoint.epoch + 1,
    )


def _obey(session: _Session, epoch: int) -> Generator[Event, None, None]:
    """Between any two steps: tell of what has been saved since, and wait while paused.

    Raises:
        OSError: what was being saved could not be.
        Stopped: the control asks for the end.
    """
    control, writer = session.control, session.writer
    yield from writer.poll()
    if control.paused and not control.stopping:
        yield from writer.wait()
        yield events.Paused(epoch)
        control.wait_while_paused()
        yield events.Resumed(epoch)
    control.obey()


def _obeying(
    session: _Session, steps: Generator[Event, None, _Result]
) -> Generator[Event, None, _Result]:
    """Let *steps* go on only as the control allows."""
    while True:
        yield from _obey(session, epoch=0)
        try:
            event = next(steps)
        except StopIteration as end:
            result: _Result = end.value
            return result
        yield event


def _order(learner: Learner, examples: Examples, epoch: int) -> Tensor:
    """Which examples an epoch learns from, in order: the same on every rank."""
    recipe, labels = learner.recipe, examples.labels
    generator = torch.Generator().manual_seed(epoch_seed(recipe.seed, epoch))
    if not recipe.balanced:
        return torch.randperm(len(labels), generator=generator)
    weights = 1 / labels.bincount()[labels]
    return torch.multinomial(weights, len(labels), replacement=True, generator=generator)


def _train_epoch(
    session: _Session, prepared: Prepared, epoch: int, eta: Eta
) -> Generator[Event, None, tuple[float, float]]:
    """Returns the mean loss and the share of right answers while learning, over all ranks."""
    learner, examples, control = prepared.learner, prepared.training, session.control
    recipe, ranks, device = learner.recipe, learner.ranks, learner.compute.device
    batch_size = batch_size_of(recipe, len(session.data_set.split("train")))
    learner.begin_epoch(epoch)
    # What a rank draws for its own photos is its own.
    generator = torch.Generator().manual_seed(torch.initial_seed())
    batches = batches_of(_order(learner, examples, epoch), batch_size, 2 * ranks.count)
    eta.batches = len(batches)
    shares = [ranks.share(batch) for batch in batches]
    sums = torch.zeros(2, dtype=torch.float64)
    fewest_epochs = fewest_epochs_of(recipe, session.checkpoint)
    batch_began = control.clock()
    stored_batches = read_ahead(examples, shares, generator)
    for number, (share, batch, stored) in enumerate(
        zip(shares, batches, stored_batches, strict=True), start=1
    ):
        yield from _obey(session, epoch)
        parts = learner.parts
        inputs = examples.prepare(stored, generator)
        labels = examples.labels[share].to(device)
        loss, right = learner.step(inputs, labels, examples.start, len(batch))
        loss_value = loss.item()
        # Of all ranks: where one stops, all do.
        _require_finite(ranks.sum(loss.detach().float().clone()).item())
        sums += torch.tensor([loss_value * len(share), right.item()], dtype=torch.float64)
        if learner.parts > parts:
            yield events.BatchSplit(-(-batch_size // learner.parts))
        now = control.clock()
        eta.batch_done(len(batch), now - batch_began)
        batch_began = now
        yield events.BatchDone(
            epoch=epoch,
            batch=number,
            batches=len(batches),
            loss=loss_value,
            images_per_second=eta.images_per_second,
            seconds_left=eta.seconds_left(epoch, number, fewest_epochs),
            memory_bytes=memory_in_use(device),
        )
    seen = sum(map(len, batches))
    total_loss, right_answers = ranks.sum(sums.to(ranks.device or "cpu")).tolist()
    return total_loss / seen, right_answers / seen


def _validate(session: _Session, prepared: Prepared, epoch: int) -> Generator[Event, None, Tensor]:
    """Returns the logits of all examples, float32 (N, classes), on the CPU; on every rank."""
    learner, examples = prepared.learner, prepared.validation
    batch_size = batch_size_of(learner.recipe, len(session.data_set.split("train")))
    classifier = learner.evaluated.eval()
    # What is measured, and saved, is the first rank's: BatchNorm statistics drift apart.
    learner.ranks.copy_first(classifier)
    device = learner.compute.device
    count = len(examples.labels)
    logits = torch.zeros(count, classifier.class_count, device=device)
    batches = learner.ranks.share(torch.arange(count)).split(batch_size)
    for indices, stored in zip(batches, read_ahead(examples, batches), strict=True):
        yield from _obey(session, epoch)
        with torch.no_grad(), learner.compute.autocast():
            output = classifier(examples.prepare(stored), examples.start)
        logits[indices.to(device)] = output.float()
    return learner.ranks.sum(logits).cpu()


def _require_finite(loss: float) -> None:
    if not math.isfinite(loss):
        raise _DivergedError
