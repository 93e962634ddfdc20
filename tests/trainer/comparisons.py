"""Runs that are only said to have been trained: their records, and the answers of their models."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from trainer.config.recipe import Recipe
from trainer.evaluation.result import Evaluation
from trainer.evaluation.result_file import KeptEvaluation, save_evaluation
from trainer.experiments.comparison import Start, start_of
from trainer.experiments.comparison_choice import table_of
from trainer.experiments.comparison_table import Table, row_of
from trainer.experiments.run import EVALUATION
from trainer.experiments.run_database import Measurement
from trainer.experiments.run_records import RunRecord


def answers(right: Sequence[bool]) -> Evaluation:
    """A model's answers to as many photos, right or wrong as *right* says."""
    is_right = np.array(right)
    probabilities = np.where(is_right[:, None], [0.9, 0.1], [0.2, 0.8]).astype(np.float32)
    return Evaluation(
        classes=("a", "b"),
        paths=tuple(Path(f"{number}.jpg") for number in range(len(right))),
        labels=np.zeros(len(right), dtype=np.int64),
        probabilities=probabilities,
        familiarity=np.ones(len(right), dtype=np.float32),
    )


def trained(
    folder: Path,
    right: Sequence[bool],
    start: Start | None = None,
    strategy: str = "head",
    seed: int = 0,
    validation: float = 0.9,
    milliseconds: float = 10.0,
    file_bytes: int = 10_000_000,
    seconds: float = 30.0,
    keeps_answers: bool = True,
    **others: Any,
) -> RunRecord:
    """A run that has ended, with its answers in *folder*."""
    start = start or Start("resnet50", "imagenet")
    recipe = Recipe(model=start.model, weights=start.weights, seed=seed).but(strategy=strategy)
    name = f"{start.model}-{Path(start.weights).stem}-{strategy}-{seed}"
    evaluation = answers(right)
    if keeps_answers:
        (folder / name).mkdir(parents=True, exist_ok=True)
        kept = KeptEvaluation(evaluation, folder, "test")
        save_evaluation(folder / name / EVALUATION, kept)
    return RunRecord(
        **{
            "id": name,
            "folder": folder / name,
            "data": folder,
            "recipe": recipe,
            "created": datetime(2026, 5, 1, tzinfo=UTC),
            "device": "cpu",
            "state": "completed",
            "kept_failure": "",
            "last_epoch": 3,
            "best_epoch": 2,
            "best_accuracy": validation,
            "train_accuracy": validation + 0.05,
            "seconds": seconds,
            "measurement": Measurement(
                split="test",
                photos=evaluation.n,
                right=evaluation.right,
                macro_f1=evaluation.macro_f1,
                ece=evaluation.ece,
                file_bytes=file_bytes,
                trained_parameters=1_000_000,
                milliseconds=milliseconds,
            ),
            **others,
        }
    )


def some(right: int, of: int, first: int = 0) -> list[bool]:
    """As many photos right of so many, from the *first* on."""
    return [first <= number < first + right for number in range(of)]


def table_of_runs(runs: Iterable[RunRecord]) -> Table:
    """What a comparison of these runs comes to."""
    rows: dict[tuple[Start, str], list[RunRecord]] = {}
    for record in runs:
        rows.setdefault((start_of(record.recipe), record.recipe.strategy), []).append(record)
    return table_of([row_of(*key, records) for key, records in rows.items()])
