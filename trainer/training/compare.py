"""Training a comparison's runs one after another, and going on where it was stopped."""

import logging
from collections.abc import Generator
from contextlib import closing
from dataclasses import replace

from trainer.control import Control, Stopped, relay
from trainer.data.dataset import DataSet
from trainer.data.zips import is_there
from trainer.errors import DatasetError, RecipeError, StorageError, TrainerError
from trainer.evaluation.result_file import load_evaluation
from trainer.events import Event, Preparing
from trainer.experiments import run_database, run_records
from trainer.experiments.benchmark_model import time_a_photo
from trainer.experiments.comparison import (
    Comparison,
    ComparisonEvent,
    RunBegun,
    RunEnded,
    RunFailed,
    is_done,
)
from trainer.experiments.run import Run
from trainer.training.fit import fit


def compare(
    comparison: Comparison,
    data_set: DataSet,
    *,
    control: Control | None = None,
    device: str = "auto",
    threads: int | None = None,
) -> Generator[ComparisonEvent, None, bool]:
    """Train every run that is not done yet, in order; what one of them decoded, or ran through a
    frozen trunk, the next finds in the caches.

    Returns:
        Whether all runs were gone through, rather than stopped.

    Raises:
        DatasetError: there is nothing to train on, or it is gone.
        RecipeError: the photos have changed since other runs were trained.
        StorageError: the disk is full.
    """
    try:
        return (yield from _compare(comparison, data_set, control or Control(), device, threads))
    except OSError as error:
        if error.errno is None:
            raise  # It is not the disk's.
        raise StorageError.of(error) from error


def _compare(
    comparison: Comparison, data_set: DataSet, control: Control, device: str, threads: int | None
) -> Generator[ComparisonEvent, None, bool]:
    for number in range(len(comparison.recipes)):
        if control.stopping:
            return False
        try:
            run = comparison.run(number)
        except RecipeError as error:
            yield RunFailed(number, error)
            continue
        record = run_records.run_named(run.id)
        if record is not None and record.trashed is not None:
            run_database.restore([run.id])
        if not (is_done(record) and run.model_file.exists()):
            _require_same_photos(comparison, data_set)
            yield RunBegun(number, run)
            try:
                yield from _train(run, data_set, control, device, threads)
            except (DatasetError, StorageError):
                raise  # It would end the others as well.
            except TrainerError as error:
                yield RunFailed(number, error)
                continue
            if control.stopping:
                return False
        try:
            yield from _time(run, control, device)
        except Stopped:
            return False
        ended = run_records.run_named(run.id)
        if ended is not None:
            yield RunEnded(number, ended)
    return True


def _require_same_photos(comparison: Comparison, data_set: DataSet) -> None:
    """Runs that learnt from other photos, or were measured on others, cannot be held against one
    another.

    Raises:
        RecipeError: they have changed.
    """
    if not comparison.learnt_from() <= {*data_set.fingerprints()}:
        raise RecipeError(
            "The photos in “{path}” have changed since this comparison began. Start a new one.",
            path=data_set.root,
        )


def _train(
    run: Run, data_set: DataSet, control: Control, device: str, threads: int | None
) -> Generator[Event, None, None]:
    with closing(fit(run, data_set, control=control, device=device, threads=threads)) as steps:
        yield from steps


def _time(run: Run, control: Control, device: str) -> Generator[Preparing, None, None]:
    """Time the run's model, unless that has been done.

    Raises:
        Stopped: the control asks for the end.
    """
    record = run_records.run_named(run.id)
    if record is None or record.measurement is None or record.measurement.milliseconds:
        return

    def obeying(step: Preparing) -> Preparing:
        control.obey()
        return step

    try:
        # These could be read before.
        photos = load_evaluation(run.evaluation_file).evaluation.paths
        steps = time_a_photo(run.model_file, [path for path in photos if is_there(path)], device)
        control.obey()
        milliseconds = yield from relay(steps, obeying)
    except (TrainerError, OSError, RuntimeError, ValueError, MemoryError) as error:
        # A table without this figure is better than none.
        logging.getLogger(__name__).warning("The model could not be timed: %s", error)
        return
    measurement = replace(record.measurement, milliseconds=milliseconds)
    run_database.set_measurement(run.id, measurement)
