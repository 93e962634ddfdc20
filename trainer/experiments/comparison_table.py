"""What a comparison came to: a row for each network and strategy, and which of them to take."""

import statistics
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from trainer.config.architectures import title_of as network_title
from trainer.errors import TrainerError
from trainer.evaluation.result import Evaluation
from trainer.evaluation.result_file import load_evaluation
from trainer.experiments.comparison import Comparison, Start, has_ended, start_of
from trainer.experiments.run import EVALUATION
from trainer.experiments.run_records import RunRecord, run_named
from trainer.metrics.calibration import wilson_interval
from trainer.metrics.significance import LEVEL, holm, mcnemar

_MUCH_CHEAPER = 1.5
"""A network counts as cheaper if it is so many times as quick, or as small, as another."""
_WORTH_IT = 0.02
"""More accuracy than this is not given up for that, even where it may be chance."""

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
        of_mean = _mean(row) - _mean(best)
        of_runs = _accuracy(row.representative) - _accuracy(best.representative)
        if of_mean > 0 and of_runs > 0:
            return 1
        return -1 if of_mean < 0 and of_runs < 0 else 0


def tabulate(comparison: Comparison) -> Table:
    """Put together what is on disk of a comparison, be it done or not."""
    rows: dict[tuple[Start, str], list[RunRecord | None]] = {}
    for number, recipe in enumerate(comparison.recipes):
        run = comparison.begun_run(number)
        record = run_named(run.id) if run is not None else None
        if run is not None and record is not None:
            # The comparison may have been moved since.
            record = replace(record, folder=run.folder)
        rows.setdefault((start_of(recipe), recipe.strategy), []).append(record)
    return table_of([row_of(*key, records) for key, records in rows.items()])


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


def _equally_quick(rows: Sequence[Row]) -> list[Row]:
    """Give rows of the same network and picture size the same time a photo: what they differ by is
    what else the computer did when they were timed, and must decide nothing."""
    timings: defaultdict[tuple[object, ...], list[float]] = defaultdict(list)
    for row in rows:
        for run in row.runs:
            if run.measurement is not None and run.measurement.milliseconds:
                timings[_computation(run)].append(run.measurement.milliseconds)
    return [
        replace(row, milliseconds=statistics.median(timings[_computation(row.runs[0])]))
        if row.milliseconds is not None
        else row
        for row in rows
    ]


def _computation(run: RunRecord) -> tuple[object, ...]:
    """What is the same for models that take equally long to answer."""
    recipe = run.recipe
    return recipe.model, recipe.image_size, recipe.resize, recipe.head, recipe.head_width


def table_of(rows: Sequence[Row]) -> Table:
    """Find the best row, hold the others against it, and choose."""
    rows = _equally_quick(rows)
    measured = [number for number, row in enumerate(rows) if row.is_measured]
    measurements = [
        run.measurement for row in rows for run in row.runs if run.measurement is not None
    ]
    split = measurements[0].split if measurements else "test"
    photos = measurements[0].photos if measurements else 0
    if not measured:
        return Table(tuple(rows), split, photos)
    best = max(measured, key=lambda number: _rank(rows[number]))
    others = [number for number in measured if number != best]
    rows = list(rows)
    for number, probability in zip(
        others, _probabilities(rows[best], [rows[number] for number in others]), strict=True
    ):
        rows[number] = replace(rows[number], probability=probability)
    table = Table(tuple(rows), split, photos, best)
    take, reason = _choose(table, best, others)
    return Table(tuple(rows), split, photos, best, take, reason)


def _rank(row: Row) -> tuple[float, float]:
    """By validation accuracy; of equals, the quicker one."""
    assert row.validation is not None, "only rows with runs are ranked"
    return row.validation.mean, -(row.milliseconds or 0.0)


def _probabilities(best: Row, others: Sequence[Row]) -> list[float | None]:
    reference = _evaluation_of(best)
    found = [_probability(reference, _evaluation_of(row)) for row in others]
    known = [probability for probability in found if probability is not None]
    corrected = iter(holm(known))
    return [None if probability is None else next(corrected) for probability in found]


def _evaluation_of(row: Row) -> Evaluation | None:
    try:
        return load_evaluation(row.representative.folder / EVALUATION).evaluation
    except TrainerError:
        return None


def _probability(first: Evaluation | None, second: Evaluation | None) -> float | None:
    if first is None or second is None:
        return None
    paired = paired_outcomes(first, second)
    return mcnemar(paired[0], paired[1]) if len(paired[0]) else None


def paired_outcomes(first: Evaluation, second: Evaluation) -> tuple[np.ndarray, np.ndarray]:
    """Which of the photos that both evaluations have either got right: twice bool (N,)."""
    right: dict[Path, bool] = dict(zip(second.paths, second.is_right.tolist(), strict=True))
    shared = [index for index, path in enumerate(first.paths) if path in right]
    return (
        first.is_right[shared],
        np.array([right[first.paths[index]] for index in shared], dtype=bool),
    )


def _choose(table: Table, best: int, others: Sequence[int]) -> tuple[int, Reason]:
    if not others:
        return best, "single"
    rows = table.rows
    surpassing = [number for number in others if table.surpasses_best(number)]
    # Validation photos that were held out as well cannot contradict themselves.
    if surpassing and table.split == "test":
        return max(surpassing, key=lambda number: _rank(rows[number])), "contradicted"
    champion = rows[best]
    cheaper = [
        number
        for number in others
        if table.is_like_best(number)
        and _is_cheaper(rows[number], champion)
        and _mean(rows[number]) >= _mean(champion) - _WORTH_IT
    ]
    if cheaper:
        cheapest = [
            number
            for number in cheaper
            if not any(_is_cheaper(rows[other], rows[number]) for other in cheaper)
        ]
        return max(cheapest or cheaper, key=lambda number: _rank(rows[number])), "cheaper"
    return best, "clear" if all(map(table.falls_short, others)) else "most_accurate"


def _mean(row: Row) -> float:
    return row.held_out.mean if row.held_out is not None else 0.0


def _accuracy(record: RunRecord) -> float:
    return record.measurement.accuracy if record.measurement is not None else 0.0


def _is_cheaper(row: Row, than: Row) -> bool:
    figures: tuple[Callable[[Row], float | None], ...] = (
        lambda each: each.milliseconds,
        lambda each: each.file_bytes,
        lambda each: each.seconds_an_epoch,
    )
    ratios = [
        theirs / ours for figure in figures if (ours := figure(row)) and (theirs := figure(than))
    ]
    # In one respect at least, and worse in none.
    return bool(ratios) and max(ratios) >= _MUCH_CHEAPER and min(ratios) > 1 / _MUCH_CHEAPER


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
