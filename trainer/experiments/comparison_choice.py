"""Which row of a comparison is the best, which cannot be told from it, and which to take."""

import statistics
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from trainer.errors import TrainerError
from trainer.evaluation.result import Evaluation
from trainer.evaluation.result_file import load_evaluation
from trainer.experiments.comparison import Comparison, Start, start_of
from trainer.experiments.comparison_table import Reason, Row, Table, row_of
from trainer.experiments.run import EVALUATION
from trainer.experiments.run_records import RunRecord, run_named
from trainer.metrics.significance import holm, mcnemar

_MUCH_CHEAPER = 1.5
"""A network counts as cheaper if it is so many times as quick, or as small, as another."""


_WORTH_IT = 0.02
"""More accuracy than this is not given up for that, even where it may be chance."""


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


def _equally_quick(rows: Sequence[Row]) -> list[Row]:
    """Give rows of the same network and image size the same time a photo: what they differ by is
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
        and rows[number].accuracy >= champion.accuracy - _WORTH_IT
    ]
    if cheaper:
        cheapest = [
            number
            for number in cheaper
            if not any(_is_cheaper(rows[other], rows[number]) for other in cheaper)
        ]
        return max(cheapest or cheaper, key=lambda number: _rank(rows[number])), "cheaper"
    return best, "clear" if all(map(table.falls_short, others)) else "most_accurate"


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
