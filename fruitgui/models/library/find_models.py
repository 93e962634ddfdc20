"""Every model there is, and what it learnt from."""

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from trainer.config.recipe import Recipe
from trainer.errors import TrainerError
from trainer.experiments import run_records
from trainer.experiments.model_library import (
    StoredModel,
    stored_models,
)
from trainer.experiments.run import open_run
from trainer.experiments.run_records import RunRecord
from trainer.experiments.taught_models import lessons_of


@dataclass(frozen=True, slots=True)
class Evaluable:
    """A model, and the data set that it learnt from, as far as that is known and still there."""

    stored: StoredModel
    data: Path | None
    recipe: Recipe | None
    record: RunRecord | None = None
    """Of the run that it came of."""


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
        if stored.origin == "taught":
            data = _data_before(stored.path)
        record = records.get(stored.path.parent.resolve())
        found.append(Evaluable(stored, data, recipe, record))
        yield
    return found


def _data_before(model: Path) -> Path | None:
    """What a model learnt from before it was taught more, as far as it is there."""
    lessons = lessons_of(model)
    try:
        base = lessons.base if lessons is not None else None
        run = open_run(str(base.parent)) if base is not None else None
        return run.data if run is not None and run.data.exists() else None
    except (TrainerError, OSError):
        return None
