"""What a report says of a comparison."""

from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from trainer.config.architectures import title_of
from trainer.experiments.comparison import Comparison
from trainer.experiments.comparison_table import Row, Spread, Table
from trainer.report.charts import Interval, interval_chart
from trainer.report.recipe import OPTIONS, command_line, compare_command, start_title, train_command
from trainer.report.texts import Texts, text

_ABSENT = "–"

_ADVICE = {
    "single": text(
        "{name}: {accuracy} of {photos} {split} photos right. There is no other model to "
        "compare with."
    ),
    "clear": text(
        "Recommended: {name}. {accuracy} of {photos} {split} photos right, better than every "
        "other by more than chance."
    ),
    "cheaper": text(
        "Recommended: {name}. {accuracy} of {photos} {split} photos right. It may be as good "
        "as {best} ({best_accuracy}), the best on the validation photos, and it is smaller, "
        "faster or quicker to train."
    ),
    "most_accurate": text(
        "Recommended: {name}. {accuracy} of {photos} {split} photos right. No other was better "
        "on the validation photos. Some others may be as good, but none that is smaller, "
        "faster or quicker to train is known to be about as accurate."
    ),
    "contradicted": text(
        "Recommended with caution: {name}. On the {split} photos it is better by more than "
        "chance than {best} ({accuracy} against {best_accuracy}), which was at least as good "
        "on the validation photos. The weights that {best} started from may have been trained "
        "on those photos, or the splits are unlike each other."
    ),
}


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over seeds, in words."""

    mean: str
    deviation: str
    """The standard deviation, with its sign; empty of a single seed."""


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A row of the table, in words; what is not known is a dash."""

    network: str
    strategy: str
    runs: str
    validation: Mean
    held_out: Mean
    interval: str
    macro_f1: Mean
    gap: str
    ece: str
    trained_parameters: str
    seconds_an_epoch: str
    milliseconds: str
    file_size: str
    probability: str
    verdict: str
    is_best: bool
    is_taken: bool


@dataclass(frozen=True, slots=True)
class ComparisonSection:
    """The whole comparison."""

    data: str
    split: str
    photos: int
    runs: int
    """How many have ended."""
    planned: int
    rows: tuple[ComparedRow, ...]
    seeds: int
    """Of the row to take, how many runs have ended; 0 while there is none."""
    advice: str
    """Empty while nothing is measured."""
    chart: Markup
    """Empty while nothing is measured."""
    commands: tuple[str, ...]
    """What to type to train it again."""


def comparison_section(comparison: Comparison, table: Table, texts: Texts) -> ComparisonSection:
    return ComparisonSection(
        data=comparison.data.name,
        split=texts.split(table.split),
        photos=table.photos,
        runs=sum(len(row.runs) for row in table.rows),
        planned=len(comparison.recipes),
        rows=tuple(_row(table, number, texts) for number in range(len(table.rows))),
        seeds=len(table.rows[table.take].runs) if table.take is not None else 0,
        advice=advice(table, texts),
        chart=_chart(table, texts),
        commands=_commands(comparison),
    )


def advice(table: Table, texts: Texts) -> str:
    """Which row to take and why, and what keeps that from being believed; empty while nothing is
    measured."""
    if table.take is None or table.best is None or table.reason is None:
        return ""
    take, best = table.rows[table.take], table.rows[table.best]
    sentence = texts.t(
        _ADVICE[table.reason],
        name=_title(take, texts),
        accuracy=_accuracy(take, texts),
        photos=table.photos,
        split=texts.split(table.split),
        best=_title(best, texts),
        best_accuracy=_accuracy(best, texts),
    )
    if table.split == "test":
        return sentence
    doubt = texts.t(
        "There are no test photos: the models were chosen and tested on the same validation "
        "photos, so they look better than they are."
    )
    return f"{sentence} {doubt}"


def _network(row: Row, texts: Texts) -> str:
    name, weights = title_of(row.start.model), row.start.weights
    if weights == "imagenet":
        return name
    is_known = weights in OPTIONS["weights"]
    return f"{name} ({start_title(weights, texts) if is_known else Path(weights).stem})"


def _title(row: Row, texts: Texts) -> str:
    return f"{_network(row, texts)}, {texts.t(OPTIONS['strategy'][row.strategy])}"


def _accuracy(row: Row, texts: Texts) -> str:
    return texts.percent(row.held_out.mean if row.held_out is not None else 0.0)


def _row(table: Table, number: int, texts: Texts) -> ComparedRow:
    row = table.rows[number]
    return ComparedRow(
        network=_network(row, texts),
        strategy=texts.t(OPTIONS["strategy"][row.strategy]),
        runs=str(row.planned) if len(row.runs) == row.planned else f"{len(row.runs)}/{row.planned}",
        validation=_share(row.validation),
        held_out=_share(row.held_out),
        interval=texts.interval(row.interval) if row.interval is not None else "",
        macro_f1=_figure(row.macro_f1),
        gap=texts.points(row.gap) if row.gap is not None else _ABSENT,
        ece=f"{row.ece:.3f}" if row.ece is not None else _ABSENT,
        trained_parameters=texts.count(row.trained_parameters)
        if row.trained_parameters
        else _ABSENT,
        seconds_an_epoch=f"{row.seconds_an_epoch:.1f}"
        if row.seconds_an_epoch is not None
        else _ABSENT,
        milliseconds=f"{row.milliseconds:.1f}" if row.milliseconds else _ABSENT,
        file_size=texts.size(row.file_bytes) if row.file_bytes else _ABSENT,
        probability=texts.probability(row.probability) if row.probability is not None else _ABSENT,
        verdict=_verdict(table, number, texts),
        is_best=number == table.best,
        is_taken=number == table.take,
    )


def _verdict(table: Table, number: int, texts: Texts) -> str:
    if number == table.best:
        return texts.t("best")
    if table.surpasses_best(number):
        return texts.t("better by the held-out photos")
    if table.is_like_best(number):
        return texts.t("cannot be told from the best")
    if table.falls_short(number):
        return texts.t("worse by more than chance")
    if table.rows[number].probability is not None:
        return texts.t("unclear: the seeds disagree")
    return ""


def _share(spread: Spread | None) -> Mean:
    if spread is None:
        return Mean(_ABSENT, "")
    return Mean(f"{spread.mean:.1%}", f"± {100 * spread.deviation:.1f}" if spread.deviation else "")


def _figure(spread: Spread | None) -> Mean:
    if spread is None:
        return Mean(_ABSENT, "")
    return Mean(f"{spread.mean:.3f}", f"± {spread.deviation:.3f}" if spread.deviation else "")


def _chart(table: Table, texts: Texts) -> Markup:
    rows = [
        Interval(_title(row, texts), row.held_out.mean, *row.interval, number == table.take)
        for number, row in enumerate(table.rows)
        if row.held_out is not None and row.interval is not None
    ]
    if not rows:
        return Markup("")
    title = texts.t(
        "Accuracy on {count} {split} photos, with its 95% interval",
        count=table.photos,
        split=texts.split(table.split),
    )
    return interval_chart(rows, title)


def _commands(comparison: Comparison) -> tuple[str, ...]:
    command = compare_command(comparison)
    if command is not None:
        return (command_line(command),)
    return tuple(
        command_line(train_command(recipe, comparison.data)) for recipe in comparison.recipes
    )
