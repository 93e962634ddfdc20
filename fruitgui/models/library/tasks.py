"""Short tasks: models in, out, and described."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QFile

from trainer.config.recipe import Recipe
from trainer.data.class_names import Language
from trainer.data.dataset import read_data_set
from trainer.errors import StorageError, TrainerError
from trainer.events import PhotoSkipped, Preparing
from trainer.experiments import run_records, run_trash
from trainer.experiments.benchmark_model import held_out_split
from trainer.experiments.grown_models import lessons_of
from trainer.experiments.model_library import (
    StoredModel,
    import_weights,
    import_whole,
    stored_models,
)
from trainer.experiments.run import open_run
from trainer.experiments.run_records import RunRecord
from trainer.export.format import Exported, Format
from trainer.models.metadata import AssumedActivation, is_model_file


@dataclass(frozen=True, slots=True)
class ForeignWeights:
    """Weights that learnt elsewhere, as far as they have to be asked about."""

    architecture: str
    """Its title."""
    class_count: int
    classes: tuple[str, ...]
    """What the file calls them; none where it does not."""
    is_ambiguous: bool
    """Whether nothing tells what stands between two layers of the head."""
    notes: tuple[TrainerError, ...]


def import_or_ask(source: Path) -> Path | ForeignWeights:
    """Copy a model file of this app into the library, and return the copy; or return what is known
    of other weights.

    Raises:
        ModelFileError, WeightsError: it is neither.
    """
    if is_model_file(source):
        return import_whole(source)
    from trainer.models.import_weights import recognise

    weights = recognise(source)
    return ForeignWeights(
        weights.architecture.title,
        weights.class_count,
        weights.classes,
        weights.head.is_ambiguous,
        weights.notes,
    )


def import_foreign(
    source: Path, classes: Sequence[str], activation: AssumedActivation | None
) -> Path:
    """Make a model of weights that learnt elsewhere; returns the file in the library.

    Args:
        classes: in the order in which it learnt them.
        activation: what stands between the head's layers; None where that is known.
    """
    from trainer.models.import_weights import recognise

    return import_weights(recognise(source, activation), classes)


def export_model(
    model: Path,
    kind: Format,
    target: Path,
    with_preprocessing: bool,
    language: Language,
    data: Path | None,
) -> Generator[Preparing, None, Exported]:
    """Write a model for another program, and check it; yields how far it is.

    Args:
        data: the data set that it learnt from, whose photos it is checked with.
    """
    from trainer.export.export import export

    photos: list[Path] = []
    if data is not None:
        try:
            data_set = yield from read_data_set(data)
            photos = [photo.path for photo in data_set.split(held_out_split(data_set))]
        except (TrainerError, OSError):
            pass  # Images of our own do as well.
    return (yield from export(model, kind, target, photos, with_preprocessing, language))


def write_report(
    source: str, target: Path, language: Language
) -> Generator[Preparing | PhotoSkipped, None, Path]:
    """Write a report of a run, a model or a comparison; yields how far it is, returns the file."""
    from trainer.report.document import write_report

    return (yield from write_report(source, target, language))


def trash_model(model: Path) -> str | None:
    """Move the run that a model came of to the trash, with the model; returns its id. Where no such
    run is known, the file alone goes to the system's trash.

    Raises:
        StorageError: the system refuses.
    """
    known = (record for record in run_records.runs() if record.model_file == model)
    run = next(known, None)
    if run is None:
        remove_file(model)
        return None
    run_trash.move_to_trash([run.id])
    return run.id


def remove_file(model: Path) -> None:
    """Move an imported model to the system's trash.

    Raises:
        StorageError: the system refuses.
    """
    # Across disks, it copies the whole file.
    if not QFile.moveToTrash(str(model)):
        raise StorageError(
            "“{path}” could not be moved to the trash. Remove it by hand.", path=model
        )


@dataclass(frozen=True, slots=True)
class Evaluable:
    """A model, and the data set that it learnt from, as far as that is known and still there."""

    stored: StoredModel
    data: Path | None
    recipe: Recipe | None
    record: RunRecord | None = None
    """Of the run that it came of."""


def _data_before(model: Path) -> Path | None:
    """What a model learnt from before it was taught more, as far as it is there."""
    lessons = lessons_of(model)
    try:
        base = lessons.base if lessons is not None else None
        run = open_run(str(base.parent)) if base is not None else None
        return run.data if run is not None and run.data.exists() else None
    except (TrainerError, OSError):
        return None


def find_models() -> Generator[None, None, list[Evaluable]]:
    """Returns every model there is."""
    found = []
    records = {record.folder: record for record in run_records.runs()}
    for stored in stored_models():
        data, recipe = None, None
        if stored.origin == "trained":
            try:
                run = open_run(str(stored.path.parent))
                recipe = run.recipe
                data = run.data if run.data.exists() else None
            except (TrainerError, OSError):
                pass  # The model itself is whole.
        if stored.origin == "grown":
            data = _data_before(stored.path)
        record = records.get(stored.path.parent.resolve())
        found.append(Evaluable(stored, data, recipe, record))
        yield
    return found
