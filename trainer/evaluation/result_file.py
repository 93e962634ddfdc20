"""Keeping an evaluation photo by photo, so that it can be looked at, and compared, later on."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from trainer.errors import ModelFileError
from trainer.evaluation.result import Evaluation
from trainer.storage.tensor_file import write_tensors

FORMAT = "fruitgui-evaluation/1"


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
        "paths": json.dumps([str(photo) for photo in evaluation.paths]),
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
            evaluation = Evaluation(
                classes=tuple(json.loads(metadata["classes"])),
                paths=tuple(map(Path, json.loads(metadata["paths"]))),
                labels=file.get_tensor("labels"),
                probabilities=file.get_tensor("probabilities"),
                familiarity=file.get_tensor("familiarity"),
                threshold=float(json.loads(metadata["threshold"])),
            )
        _require_consistent(evaluation)
        return KeptEvaluation(
            evaluation, Path(json.loads(metadata["data"])), str(metadata["split"])
        )
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
        raise ModelFileError(
            "The evaluation “{path}” cannot be read ({detail}). Evaluate the model again.",
            path=path.name,
            detail=str(error).splitlines()[0] if str(error) else type(error).__name__,
        ) from error


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
