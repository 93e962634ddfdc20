"""Saving an epoch while the next one is trained: what is copied of it, and the thread that writes.

On disk the order is that of the events: the best model, the epoch's figures in the run database,
the state to go on from. Whenever the process is killed, the run goes on from the last state.
"""

import dataclasses
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from torch import Tensor

from trainer import paths
from trainer.config.recipe import Recipe
from trainer.data.dataset import DataSet
from trainer.errors import ModelFileError
from trainer.evaluation.calibrate import with_familiarity
from trainer.events import EpochDone, Event
from trainer.experiments import run_database
from trainer.experiments.run import Run
from trainer.metrics.calibration import fit_temperature
from trainer.models.classifier import Classifier, trained_parameter_count
from trainer.models.metadata import ModelInfo, read_model_info
from trainer.models.model_file import copied_weights, write_model
from trainer.models.ood_score import fit_ood_score
from trainer.training.checkpoint import Checkpoint, save_checkpoint
from trainer.training.learner import Learner


class CheckpointWriter:
    """A thread that writes one save at a time, and the events that wait until it is on disk.

    As a context manager it ends only after the save in flight, whatever ends it.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="checkpoint-writer")
        self._in_flight: Future[None] | None = None
        self._events: tuple[Event, ...] = ()

    def begin(self, save: Callable[[], None], events: Sequence[Event]) -> None:
        """Write in the background; the save before must have been waited for.

        Args:
            save: writes what it holds, which nobody changes any more.
            events: what may be told once it is written.
        """
        assert self._in_flight is None, "one save at a time"
        self._events = tuple(events)
        self._in_flight = self._thread.submit(save)

    def poll(self) -> tuple[Event, ...]:
        """The events of a save that has been completed; none while there is nothing to tell.

        Raises:
            OSError: the disk is full.
        """
        is_done = self._in_flight is not None and self._in_flight.done()
        return self.wait() if is_done else ()

    def wait(self) -> tuple[Event, ...]:
        """The same, once the save in flight is completed.

        Raises:
            OSError: the disk is full.
        """
        save, self._in_flight = self._in_flight, None
        if save is None:
            return ()
        save.result()
        return self._events

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._thread.shutdown()
        if error is None or isinstance(error, GeneratorExit):
            # Anything else is what went wrong first.
            self.wait()


def save_of_epoch(
    run: Run,
    data_set: DataSet,
    learner: Learner,
    checkpoint: Checkpoint,
    done: EpochDone,
    logits: Tensor,
    labels: Tensor,
) -> Callable[[], None]:
    """What writes an epoch to disk; it holds copies of all that the next epoch changes.

    Args:
        checkpoint: the state after the epoch, but for the learner's.
        logits: float32 (N, classes), of the validation photos.
        labels: int64 (N,).
    """
    state = dataclasses.replace(checkpoint, learner=_copy_on_cpu(learner.state_dict()))
    info = _model_info(run, data_set, learner, checkpoint, len(labels))
    best = copied_weights(learner.evaluated) if done.best else None

    def save() -> None:
        if best is not None:
            _save_best(run, best, info, logits, labels)
        # An epoch that is in the database and not in the state is run again to the bit.
        run_database.add_epoch(run, done)
        save_checkpoint(run.state_file, state)

    return save


def _model_info(
    run: Run, data_set: DataSet, learner: Learner, checkpoint: Checkpoint, validation_photos: int
) -> ModelInfo:
    recipe, classifier = run.recipe, learner.evaluated
    return ModelInfo(
        title=f"{classifier.architecture.title} · {data_set.root.stem}",
        architecture=recipe.model,
        classes=data_set.classes,
        head=recipe.head,
        head_width=recipe.head_width,
        image_size=recipe.image_size,
        resize=recipe.resize,
        mean=classifier.architecture.mean,
        std=classifier.architecture.std,
        metrics={
            "validation_accuracy": checkpoint.best_accuracy,
            "validation_loss": checkpoint.best_loss,
            "validation_photos": validation_photos,
            "best_epoch": checkpoint.best_epoch,
            "trained_parameters": trained_parameter_count(
                classifier, recipe.strategy, recipe.epochs
            ),
        },
        data_fingerprint=checkpoint.data_fingerprint,
        data_place=data_set.place(),
        weights_licence=_weights_licence(recipe, classifier),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _weights_licence(recipe: Recipe, classifier: Classifier) -> str:
    if recipe.weights == "imagenet":
        return classifier.architecture.licence
    if recipe.weights == "none":
        return ""
    path = paths.starter_model() if recipe.weights == "starter" else Path(recipe.weights)
    try:
        started_from = read_model_info(path)
    except ModelFileError:
        return ""  # Bare weights do not say.
    return started_from.weights_licence or started_from.licence


def _save_best(
    run: Run, weights: dict[str, Tensor], info: ModelInfo, logits: Tensor, labels: Tensor
) -> None:
    of_photos, right_labels = logits.numpy(), labels.numpy()
    temperature = fit_temperature(of_photos, right_labels, info.knows_background)
    info = dataclasses.replace(info, temperature=temperature)
    # By the logits alone; the end of the run adds what its features tell.
    familiarity = fit_ood_score(of_photos, None, right_labels, None, info.knows_background)
    # What was measured is of another model.
    run.evaluation_file.unlink(missing_ok=True)
    write_model(run.model_file, weights, with_familiarity(info, familiarity))


def _copy_on_cpu(value: Any) -> Any:
    """Dicts and lists of tensors and plain values, copied."""
    if isinstance(value, Tensor):
        return value.detach().to("cpu", copy=True)
    if isinstance(value, dict):
        return {key: _copy_on_cpu(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_copy_on_cpu(each) for each in value)
    return value
