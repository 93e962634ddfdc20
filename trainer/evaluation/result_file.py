"""Keeping an evaluation photo by photo, so that it can be looked at, and compared, later on."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from trainer.data.dataset import DataSet
from trainer.data.zips import photos_folder, shown
from trainer.errors import DatasetError, ModelFileError
from trainer.evaluation.result import Evaluation
from trainer.storage.tensor_file import write_tensors

FORMAT = "fruitgui-evaluation/1"
_IN_ZIP = re.compile(r"(?P<zip>.+?\.zip)/(?P<place>.+)", re.IGNORECASE | re.DOTALL)
_IN_OLD_COPY = re.compile(
    r".+[/\\]caches[/\\]unzipped[/\\][0-9a-f]{16}[/\\](?P<place>.+)", re.DOTALL
)
"""What earlier versions kept of a photo in a zip: where it lay in the caches."""


@dataclass(frozen=True, slots=True, eq=False)
class KeptEvaluation:
    """An evaluation, and what it was made on."""

    evaluation: Evaluation
    data: Path
    """The data set's folder or zip."""
    split: str


def save_evaluation(path: Path, kept: KeptEvaluation) -> None:
    """Write an evaluation to one file, atomically.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    evaluation = kept.evaluation
    # Escaped to ASCII: file names need not be text, and safetensors takes nothing else.
    metadata = {
        "format": FORMAT,
        "data": json.dumps(str(kept.data)),
        "split": kept.split,
        "classes": json.dumps(evaluation.classes),
        "paths": json.dumps([shown(photo, absolute=True) for photo in evaluation.paths]),
        "threshold": json.dumps(evaluation.threshold),
    }
    tensors: dict[str, np.ndarray] = {
        "labels": evaluation.labels.astype(np.int64),
        "probabilities": evaluation.probabilities.astype(np.float32),
        "familiarity": evaluation.familiarity.astype(np.float32),
    }
    write_tensors(path, tensors, metadata)


def load_evaluation(path: Path) -> KeptEvaluation:
    """Read what :func:`save_evaluation` wrote.

    Raises:
        ModelFileError: it is missing, damaged, or something else.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            if metadata.get("format") != FORMAT:
                raise ValueError("another format")
            data = Path(json.loads(metadata["data"]))
            evaluation = Evaluation(
                classes=tuple(json.loads(metadata["classes"])),
                paths=tuple(_files_at(json.loads(metadata["paths"]), data)),
                labels=file.get_tensor("labels"),
                probabilities=file.get_tensor("probabilities"),
                familiarity=file.get_tensor("familiarity"),
                threshold=float(json.loads(metadata["threshold"])),
            )
        _require_consistent(evaluation)
        return KeptEvaluation(evaluation, data, str(metadata["split"]))
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
        raise ModelFileError(
            "The evaluation “{path}” cannot be read ({detail}). Evaluate the model again.",
            path=path.name,
            detail=str(error).splitlines()[0] if str(error) else type(error).__name__,
        ) from error


def moved_to(kept: KeptEvaluation, data_set: DataSet) -> KeptEvaluation:
    """The same evaluation, of the same photos in a data set that lies elsewhere by now."""
    root = data_set.root.resolve()
    folder = root if data_set.root.is_dir() else data_set.folder or root
    places = [Path(shown(path, absolute=True)) for path in kept.evaluation.paths]
    moved = tuple(
        folder / place.relative_to(kept.data) if place.is_relative_to(kept.data) else place
        for place in places
    )
    return KeptEvaluation(replace(kept.evaluation, paths=moved), root, kept.split)


def _files_at(places: Iterable[str], data: Path) -> Iterator[Path]:
    """The files at places as they are kept; those in zips are unpacked once they are read."""
    folders: dict[str, Path | None] = {}
    for place in places:
        inside = _IN_ZIP.match(place) or _IN_OLD_COPY.match(place)
        archive = str(data) if inside is None or inside.re is _IN_OLD_COPY else inside["zip"]
        if inside is not None and archive not in folders:
            folders[archive] = _unpacked(Path(archive))
        folder = folders.get(archive) if inside is not None else None
        yield Path(place) if inside is None or folder is None else folder / inside["place"]


def _unpacked(archive: Path) -> Path | None:
    """The folder of what a zip holds; None where there is no such zip."""
    try:
        return photos_folder(archive) if archive.is_file() else None
    except DatasetError:
        return None


def _require_consistent(evaluation: Evaluation) -> None:
    count, classes = len(evaluation.paths), len(evaluation.classes)
    labels, familiarity = evaluation.labels, evaluation.familiarity
    is_consistent = (
        count > 0
        and evaluation.probabilities.shape == (count, classes)
        and labels.shape == familiarity.shape == (count,)
        and bool(((labels >= 0) & (labels < classes)).all())
        and bool(np.isfinite(evaluation.probabilities).all() and np.isfinite(familiarity).all())
    )
    if not is_consistent:
        raise ValueError("its arrays do not fit together")
