"""What a report is about: a run, a comparison or a model file, and all that is known of it."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path

from trainer import paths
from trainer.config.architectures import title_of
from trainer.control import drain, relay
from trainer.data.dataset import DataSet, open_data_set
from trainer.errors import DatasetError, ModelFileError, RecipeError
from trainer.evaluation.result_file import KeptEvaluation, load_evaluation
from trainer.evaluation.seen_images import seen_by
from trainer.events import EpochDone, PhotoSkipped, Preparing
from trainer.experiments import run_database, run_records
from trainer.experiments.comparison import Comparison, is_comparison, open_comparison
from trainer.experiments.run import Run, is_run, open_run
from trainer.experiments.run_records import RunRecord
from trainer.models.metadata import SUFFIX, ModelInfo, read_model_info


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """One model, or a run that has none yet, with all that is known of it."""

    model_file: Path | None
    info: ModelInfo | None
    """None where there is no model, or it cannot be read."""
    run: Run | None = None
    record: RunRecord | None = None
    epochs: tuple[EpochDone, ...] = ()
    data_set: DataSet | None = None
    """What it learnt from; of a model without a run, what it was evaluated on. None where that is
    gone."""
    evaluated: KeptEvaluation | None = None
    is_own_data: bool = True
    """Whether it was evaluated on photos of the data set that it learnt from."""
    left_out: int = 0
    """How many photos could not be evaluated, as far as it was done for this report."""

    @property
    def title(self) -> str:
        """What to call it."""
        if self.record is not None and self.record.name:
            return self.record.name
        if self.info is not None:
            return self.info.title
        if self.run is not None:
            return f"{title_of(self.run.recipe.model)} · {self.run.data.stem}"
        return self.model_file.stem if self.model_file is not None else ""

    @property
    def classes(self) -> tuple[str, ...]:
        """The model's, or those of the photos where there is no model."""
        if self.info is not None:
            return self.info.classes
        return self.data_set.classes if self.data_set is not None else ()


def find_source(name: str) -> Comparison | Run | Path:
    """What *name* means: a comparison or a run by its id or folder, else a model file. The model
    of a run means the run.

    Raises:
        ModelFileError: there is no such model file.
        RecipeError: there is nothing of that name, or it is damaged.
    """
    if is_comparison(name):
        return open_comparison(name)
    path = Path(name)
    if path.is_file() or path.suffix == SUFFIX:
        if is_run(path.parent):
            run = open_run(str(path.parent))
            if run.model_file.name == path.name:
                return run
        return path
    places = (path, paths.runs_folder() / name, run_database.folder_of(name))
    if any(place is not None and is_run(place) for place in places):
        return open_run(name)
    raise RecipeError("There is no run, comparison or model file “{name}”.", name=name)


def subject_of(
    source: Run | Path, data: Path | None, device: str = "auto"
) -> Generator[Preparing | PhotoSkipped, None, Subject]:
    """Gather what is known of a run or a model file.

    A run's evaluation is read from its folder. With *data*, or where a run has none, it is made
    anew, unless the photos are gone.

    Raises:
        DatasetError: *data* is no data set, or holds no photo of a class that the model knows.
        DeviceError: there is no such device.
        ModelFileError: the model file is missing, damaged, or not a model of this app; or what it
            has learnt from cannot be read.
        OSError: the caches cannot be written to.
    """
    given = open_data_set(data) if data is not None else None
    if isinstance(source, Path):
        subject = Subject(source, read_model_info(source), data_set=given)
    else:
        subject = _subject_of_run(source)
        subject = replace(subject, data_set=_data_of(source) or given)
    if subject.model_file is None or subject.info is None:
        return subject
    if given is not None:
        return (yield from _evaluated(subject, given, device))
    if subject.run is not None and subject.evaluated is None and subject.data_set is not None:
        try:
            return (yield from _evaluated(subject, subject.data_set, device))
        except DatasetError:
            return subject  # None of its photos can be read any more.
    return subject


def _subject_of_run(run: Run) -> Subject:
    record = run_records.run_named(run.id)
    epochs = tuple(run_database.epochs_of(run.id)) if record is not None else ()
    try:
        info = read_model_info(run.model_file)
    except ModelFileError:
        return Subject(None, None, run, record, epochs)
    try:
        evaluated = load_evaluation(run.evaluation_file)
    except ModelFileError:
        evaluated = None
    if evaluated is not None and evaluated.evaluation.n == 0:
        evaluated = None
    return Subject(run.model_file, info, run, record, epochs, evaluated=evaluated)


def _data_of(run: Run) -> DataSet | None:
    try:
        return drain(run.read_data())
    except (DatasetError, OSError):
        return None


def _evaluated(
    subject: Subject, data_set: DataSet, device: str
) -> Generator[Preparing | PhotoSkipped, None, Subject]:
    from trainer.evaluation.evaluate import evaluate, photos_to_evaluate
    from trainer.inference.engine_selection import prepare_for
    from trainer.inference.predictor import Predictor

    assert subject.model_file is not None, "only models are evaluated"
    assert subject.info is not None, "only models are evaluated"
    is_own = data_set.place() == subject.info.data_place or (
        subject.info.data_fingerprint in data_set.fingerprints()
    )
    split, photos = photos_to_evaluate(data_set, None, subject.info)
    prepare_for(subject.model_file, len(photos), device)
    predictor = Predictor(subject.model_file, device)
    learnt = seen_by(subject.model_file, split)
    skipped: list[PhotoSkipped] = []

    def note(event: Preparing | PhotoSkipped) -> Preparing | PhotoSkipped:
        if isinstance(event, PhotoSkipped):
            skipped.append(event)
        return event

    evaluation = yield from relay(evaluate(predictor, data_set, photos, learnt), note)
    kept = KeptEvaluation(evaluation, data_set.root, split)
    return replace(subject, evaluated=kept, is_own_data=is_own, left_out=len(skipped))
