"""What a comparison came to: a row for each network and strategy."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from trainer.config.architectures import title_of as network_title
from trainer.errors import TrainerError
from trainer.experiments.comparison import Comparison, Start, has_ended
from trainer.experiments.run_records import RunRecord
from trainer.metrics.intervals import wilson_interval
from trainer.metrics.significance import LEVEL

Reason = Literal["single", "clear", "cheaper", "most_accurate", "contradicted"]
"""Why a row is to be taken: it is the only one; it is better than each of the others; it is cheaper
than the best and cannot be told from it; it is the best on the validation photos, and nothing says
more than that; or the test photos contradict those, and it is better on them than the best."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Values over seeds."""

    mean: float
    deviation: float
    """The standard deviation of the sample; 0 of a single value."""

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        deviation = statistics.stdev(values) if len(values) > 1 else 0.0
        return cls(statistics.fmean(values), deviation)


@dataclass(frozen=True, slots=True)
class Row:
    """One network, start and strategy, over its seeds; figures are means over those that are done.

    Those of runs that were measured are None where none was.
    """

    start: Start
    strategy: str
    runs: tuple[RunRecord, ...]
    """The runs that have ended, in the order of their seeds."""
    planned: int
    """How many runs there are to be."""
    failed: tuple[RunRecord, ...] = ()
    """The runs that have failed, and were not tried again since."""
    validation: Spread | None = None
    held_out: Spread | None = None
    """Accuracy on the photos that were held out."""
    interval: tuple[float, float] | None = None
    """Wilson's 95% interval of that mean; seeds share the photos, so more of them do not narrow
    it."""
    macro_f1: Spread | None = None
    gap: float | None = None
    """Training less validation accuracy."""
    ece: float | None = None
    trained_parameters: int | None = None
    seconds_an_epoch: float | None = None
    milliseconds: float | None = None
    """From a photo's file to its answer."""
    file_bytes: int | None = None
    probability: float | None = None
    """That a row as good as the best would differ so much from it by chance: McNemar's test between
    the runs that either would be represented by, corrected for the number of rows (Holm). None of
    the best itself, and where it cannot be told."""

    @property
    def title(self) -> str:
        return self.start.title

    @property
    def accuracy(self) -> float:
        """The mean on the photos that were held out; 0 where it was not measured."""
        return self.held_out.mean if self.held_out is not None else 0.0

    @property
    def is_measured(self) -> bool:
        return self.held_out is not None

    @property
    def representative(self) -> RunRecord:
        """The run to take of the seeds: the most accurate on the validation photos, of those that
        were measured, if any was."""
        return max(self.runs, key=lambda run: (run.measurement is not None, run.best_accuracy))


@dataclass(frozen=True, slots=True)
class Table:
    """All rows, in the comparison's order."""

    rows: tuple[Row, ...]
    split: str
    """What was held out: ``test``, or ``validation`` where there is no test."""
    photos: int
    """How many were held out; 0 where nothing was measured yet."""
    best: int | None = None
    """The row with the highest accuracy on the validation photos. The test photos choose nothing,
    so that what they say of the chosen one stays true."""
    take: int | None = None
    """The row to take."""
    reason: Reason | None = None

    def is_like_best(self, number: int) -> bool:
        """Whether a row cannot be told from the best by more than chance."""
        probability = self.rows[number].probability
        return number != self.best and probability is not None and probability >= LEVEL

    def surpasses_best(self, number: int) -> bool:
        """Whether a row is better than the best by more than chance: on the held-out photos, which
        then do not bear out the validation photos."""
        return self._side_of_best(number) > 0

    def falls_short(self, number: int) -> bool:
        """Whether a row is worse than the best by more than chance."""
        return self._side_of_best(number) < 0

    def _side_of_best(self, number: int) -> int:
        """1 for better than the best by more than chance, −1 for worse, 0 if neither can be said.

        The test holds the rows' representatives against each other, the figures are means over
        seeds: where these are of two minds, neither is said.
        """
        row = self.rows[number]
        if self.best is None or row.probability is None or row.probability >= LEVEL:
            return 0
        best = self.rows[self.best]
        of_mean = row.accuracy - best.accuracy
        of_runs = _accuracy(row.representative) - _accuracy(best.representative)
        if of_mean > 0 and of_runs > 0:
            return 1
        return -1 if of_mean < 0 and of_runs < 0 else 0


def row_of(start: Start, strategy: str, records: Sequence[RunRecord | None]) -> Row:
    """The figures of a row's runs, one a seed; None of a run that was not begun."""
    there = [record for record in records if record is not None and record.trashed is None]
    # Figures of a run that was stopped are of no use: those of its rivals had more epochs.
    runs = tuple(record for record in there if has_ended(record) and record.best_epoch)
    failed = tuple(record for record in there if record.state == "failed")
    if not runs:
        return Row(start, strategy, runs, len(records), failed)
    found = [run.measurement for run in runs if run.measurement is not None]
    row = Row(
        start,
        strategy,
        runs,
        len(records),
        failed,
        validation=Spread.of([run.best_accuracy for run in runs]),
        gap=statistics.fmean(run.gap for run in runs),
        seconds_an_epoch=statistics.fmean(run.seconds / max(1, run.last_epoch) for run in runs),
    )
    if not found:
        return row
    timed = [each.milliseconds for each in found if each.milliseconds]
    held_out = Spread.of([each.accuracy for each in found])
    photos = min(each.photos for each in found)
    return replace(
        row,
        held_out=held_out,
        interval=wilson_interval(held_out.mean * photos, photos),
        macro_f1=Spread.of([each.macro_f1 for each in found]),
        ece=statistics.fmean(each.ece for each in found),
        trained_parameters=found[0].trained_parameters or None,
        milliseconds=statistics.median(timed) if timed else None,
        file_bytes=found[0].file_bytes,
    )


def _accuracy(record: RunRecord) -> float:
    return record.measurement.accuracy if record.measurement is not None else 0.0


def failure_as_json(comparison: Comparison, number: int, error: TrainerError) -> dict[str, Any]:
    """A run that could not be trained, as plain JSON values."""
    recipe, run = comparison.recipes[number], comparison.begun_run(number)
    return {
        "run": str(comparison.run_folder(number)),
        "id": run.id if run is not None else None,
        "model": recipe.model,
        "weights": recipe.weights,
        "strategy": recipe.strategy,
        "seed": recipe.seed,
        "state": "failed",
        "reason": str(error),
    }


STRATEGY_TITLES = {
    "head": "head only",
    "layer4": "last stage and head",
    "full": "everything",
    "gradual": "gradually everything",
}


def run_as_json(table: Table, row: int, record: RunRecord) -> dict[str, Any]:
    """One run of a table, with what its row says of it, as plain JSON values."""
    recipe, found, of_row = record.recipe, record.measurement, table.rows[row]
    return {
        "run": str(record.folder),
        "id": record.id,
        "model": recipe.model,
        "weights": recipe.weights,
        "strategy": recipe.strategy,
        "seed": recipe.seed,
        "state": record.state,
        "reason": record.reason,
        "best_epoch": record.best_epoch,
        "validation_accuracy": record.best_accuracy,
        "train_accuracy": record.train_accuracy,
        "gap": record.gap,
        "split": found.split if found else None,
        "n": found.photos if found else 0,
        "accuracy": found.accuracy if found else None,
        "interval": list(found.interval) if found else None,
        "test_accuracy": record.test_accuracy,
        "macro_f1": found.macro_f1 if found else None,
        "ece": found.ece if found else None,
        "trained_parameters": found.trained_parameters if found else None,
        "file_bytes": found.file_bytes if found else None,
        "milliseconds": (found.milliseconds or None) if found else None,
        "seconds_an_epoch": record.seconds / max(1, record.last_epoch),
        "p_value": of_row.probability,
        "is_best": row == table.best,
        "is_like_best": table.is_like_best(row),
        "is_recommended": row == table.take,
    }


def title_of(record: RunRecord) -> str:
    """What to call a run: as its user does, or by its network, start and strategy."""
    if record.name:
        return record.name
    recipe = record.recipe
    strategy = STRATEGY_TITLES[recipe.strategy]
    return f"{network_title(recipe.model)}, {strategy}"
