"""The models that there are: the starter, what the user trained, taught or imported."""

import shutil
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from trainer import paths
from trainer.control import drain
from trainer.data.dataset import DataSet
from trainer.errors import ModelFileError, TrainerError
from trainer.events import Preparing
from trainer.experiments.run import open_run
from trainer.experiments.run_records import runs, trashed_runs
from trainer.experiments.taught_models import MODEL_FILE
from trainer.models.metadata import SUFFIX, ModelInfo, read_model_info
from trainer.storage.atomic import replacing

if TYPE_CHECKING:
    from trainer.models.foreign.import_weights import Recognised

Origin = Literal["starter", "trained", "imported", "taught"]


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A model file, and what it says of itself."""

    path: Path
    info: ModelInfo
    origin: Origin
    file_bytes: int


def stored_models() -> list[StoredModel]:
    """The starter, then trained models, the newest first, then those that were taught more since,
    the newest first, then imported ones by name.

    Files that cannot be read as models are left out.
    """
    found: list[tuple[Origin, Path]] = [("starter", paths.starter_model())]
    found += [("trained", path) for path in _trained()]
    found += [("taught", path) for path in _taught()]
    found += [("imported", path) for path in sorted(paths.models_folder().glob(f"*{SUFFIX}"))]
    models = []
    for origin, path in found:
        try:
            models.append(StoredModel(path, read_model_info(path), origin, path.stat().st_size))
        except (ModelFileError, OSError):
            continue
    return models


def _trained() -> list[Path]:
    """The models of runs, the newest first: those that the database knows, wherever they lie, and
    those that lie among the user's runs without its knowledge."""
    known = {record.folder: record.created.timestamp() for record in runs()}
    trashed = {record.folder for record in trashed_runs()}
    for model in paths.runs_folder().glob("*/model.safetensors"):
        folder = model.parent.resolve()
        if folder not in known and folder not in trashed:
            known[folder] = model.stat().st_mtime
    newest_first = sorted(known, key=lambda folder: (known[folder], folder.name), reverse=True)
    return [folder / "model.safetensors" for folder in newest_first]


def _taught() -> list[Path]:
    """The newest first."""
    found = paths.taught_models_folder().glob(f"*/{MODEL_FILE}")
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)


def import_whole(source: Path, classes: Sequence[str] = ()) -> Path:
    """Copy a model file of this app among the imported ones; returns the copy.

    Args:
        classes: what its classes are to be called; none for what they are called.

    Raises:
        ModelFileError: it is not one, is damaged, or its weights do not fit.
    """
    from trainer.models.model_file import load_model, rename_classes

    _, info = load_model(source)
    target = _free_path(source.stem)
    if classes and tuple(classes) != info.classes:
        rename_classes(source, target, classes)
        return target
    with replacing(target) as temporary:
        shutil.copyfile(source, temporary)
    return target


def import_weights(weights: "Recognised", classes: Sequence[str] = ()) -> Path:
    """Make a model file of weights that learnt elsewhere, such as the notebook's
    ``best_model.pth``; returns it.

    Args:
        classes: the names of the classes, in the order in which the head gives them; none where
            the file itself says them.

    Raises:
        ModelFileError: as of :func:`trainer.models.foreign.classes.imported_classes`.
    """
    from trainer.models.foreign.import_weights import build
    from trainer.models.model_file import save_model

    classifier, info = build(weights, classes)
    target = _free_path(weights.path.stem)
    save_model(target, classifier, info)
    return target


def _free_path(stem: str) -> Path:
    folder = paths.models_folder()
    target = folder / f"{stem}{SUFFIX}"
    number = 2
    while target.exists():
        target = folder / f"{stem} {number}{SUFFIX}"
        number += 1
    return target


def data_set_of(model_file: Path) -> DataSet | None:
    """The same as :func:`read_data_of`, without telling how far it is."""
    return drain(read_data_of(model_file))


def read_data_of(model_file: Path) -> Generator[Preparing, None, DataSet | None]:
    """Find the photos of the data set that a model was trained on here; None where it is not known
    or has gone."""
    try:
        return (yield from open_run(str(model_file.parent)).read_data())
    except TrainerError:
        return None
