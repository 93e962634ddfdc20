"""What a finished run comes to: its best model on photos that it was not chosen by."""

import statistics
import time
from collections.abc import Generator, Sequence
from pathlib import Path

from trainer.data.dataset import DataSet
from trainer.data.transforms import square_from_file
from trainer.errors import DatasetError
from trainer.evaluation.evaluate import evaluate
from trainer.evaluation.result_file import KeptEvaluation, save_evaluation
from trainer.evaluation.seen_images import seen_by
from trainer.events import PhotoSkipped, Preparing
from trainer.experiments import run_database
from trainer.experiments.run import Run
from trainer.experiments.run_database import Measurement
from trainer.experiments.run_records import run_named
from trainer.inference.engine_selection import answers_on_cpu, prepare, prepare_for
from trainer.inference.predictor import Predictor

_TIMED_PHOTOS = 24
_UNTIMED_PHOTOS = 3
"""The first ones, for which memory is fetched and caches are cold."""


def held_out_split(data_set: DataSet) -> str:
    """The split that a model is measured on: test photos, or validation photos without any."""
    return "test" if data_set.splits.get("test") else "validation"


def is_measured(run: Run) -> bool:
    """Whether a run's best model has been measured."""
    record = run_named(run.id)
    return run.evaluation_file.exists() and record is not None and record.measurement is not None


def test_measurement(run: Run) -> Measurement | None:
    """What a run's best model made of the test photos; None where that is not known."""
    record = run_named(run.id)
    found = record.measurement if record is not None and is_measured(run) else None
    return found if found is not None and found.split == "test" else None


def measure(
    run: Run, data_set: DataSet, device: str = "auto"
) -> Generator[Preparing | PhotoSkipped, None, Measurement | None]:
    """Evaluate a run's best model, keep every answer in its folder and the figures in the database.

    Returns None where no photo can be read.

    Raises:
        ModelFileError: the run has no model, or it is damaged.
        OSError: the disk is full.
    """
    split = held_out_split(data_set)
    photos = data_set.split(split)
    prepare_for(run.model_file, len(photos), device)
    predictor = Predictor(run.model_file, device)
    try:
        learnt = seen_by(run.model_file, split)
        evaluation = yield from evaluate(predictor, data_set, photos, learnt)
    except DatasetError:
        return None
    save_evaluation(run.evaluation_file, KeptEvaluation(evaluation, data_set.root, split))
    measurement = Measurement(
        split=split,
        photos=evaluation.n,
        right=evaluation.right,
        macro_f1=evaluation.macro_f1,
        ece=evaluation.ece,
        file_bytes=run.model_file.stat().st_size,
        trained_parameters=int(predictor.info.metrics.get("trained_parameters", 0)),
    )
    run_database.set_measurement(run.id, measurement)
    return measurement


def time_a_photo(
    model_file: Path, photos: Sequence[Path], device: str = "auto"
) -> Generator[Preparing, None, float]:
    """How many milliseconds a photo takes from its file to its answer, one at a time, with the
    engine that the app would use: the median of some. 0 where there is no photo.

    Raises:
        ModelFileError: the model is missing, damaged, or not one of this app.
        ImageError: a photo cannot be read.
    """
    if not photos:
        return 0.0
    if answers_on_cpu(device):
        prepare(model_file)
    yield Preparing("time", 0, _TIMED_PHOTOS + _UNTIMED_PHOTOS)
    predictor = Predictor(model_file, device)
    info = predictor.info
    timed = [photos[number % len(photos)] for number in range(_TIMED_PHOTOS + _UNTIMED_PHOTOS)]
    times = []
    for done, photo in enumerate(timed, start=1):
        began = time.perf_counter()
        predictor.answers([square_from_file(photo, info.image_size, info.resize)])
        times.append(time.perf_counter() - began)
        yield Preparing("time", done, len(timed))
    return 1000 * statistics.median(times[_UNTIMED_PHOTOS:])
