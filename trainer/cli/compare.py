"""``compare``: a grid of runs on one data set, and which of them to take."""

import argparse
from contextlib import closing
from pathlib import Path
from typing import get_args

from trainer.cli.options import (
    add_data_argument,
    add_device_options,
    add_recipe_options,
    data_of,
    recipe_of,
    require_network,
)
from trainer.cli.output import print_json, progress, read_with_bar, warn
from trainer.cli.training_progress import print_events
from trainer.config.architectures import title_of
from trainer.config.presets import DEFAULT_PRESET, PRESETS
from trainer.config.recipe import Recipe, Strategy
from trainer.data.dataset import DataSet, read_data_set
from trainer.errors import RecipeError
from trainer.experiments.comparison import (
    STUDY,
    Comparison,
    Grid,
    RunBegun,
    RunEnded,
    RunFailed,
    Start,
    create_comparison,
    unfinished_comparison,
)
from trainer.experiments.comparison_choice import tabulate
from trainer.experiments.comparison_table import Row, Spread, Table, failure_as_json, run_as_json
from trainer.report.comparison import advice
from trainer.report.recipe import go_on_line
from trainer.report.texts import Texts


def add_compare(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser(
        "compare",
        help="train a grid of models and strategies, and hold them against each other",
        description="Trains every combination, one after another, and says which differ by more "
        "than chance and which to take. Interrupted, it goes on with the same command, or with "
        "“resume”. Without --models and --strategies: the published study's question, ResNet50 "
        "against EfficientNet-B0, head, layer4 and full.",
    )
    add_data_argument(parser)
    parser.add_argument(
        "--models",
        type=_words,
        metavar="M,…",
        help="networks, by commas; each may say what it starts from, as in "
        "tf_efficientnet_lite2=starter or resnet50=FILE (default: "
        + ",".join(start.model for start in STUDY.starts)
        + ")",
    )
    parser.add_argument(
        "--strategies",
        type=_words,
        metavar="S,…",
        help=f"of {', '.join(get_args(Strategy))} (default: {','.join(STUDY.strategies)})",
    )
    parser.add_argument(
        "--seeds", type=_words, default=("0",), metavar="N,…", help="a run of each (default: 0)"
    )
    parser.add_argument(
        "--preset",
        choices=tuple(PRESETS),
        default=DEFAULT_PRESET,
        help="the recipe of all else (default: %(default)s)",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="the folder of its runs (default: that of the very same comparison if it was "
        "interrupted, else a new one)",
    )
    add_device_options(parser)
    add_recipe_options(parser, but=("model", "strategy", "seed"))
    parser.set_defaults(run=run, model=None, strategy=None, seed=None)


def _words(text: str) -> tuple[str, ...]:
    words = tuple(word for part in text.split(",") if (word := part.strip()))
    if not words:
        raise argparse.ArgumentTypeError("names at least one")
    return words


def run(options: argparse.Namespace) -> int:
    recipes = grid_of(options).recipes()
    data = data_of(options)
    data_set = read_with_bar(read_data_set(data))
    unfinished = unfinished_comparison(recipes, data_set) if options.out is None else None
    if unfinished is not None:
        warn(f"Going on with {unfinished.folder}; --out DIR begins another comparison.")
        return train_and_print(unfinished, data_set, options)
    return train_and_print(create_comparison(recipes, data, options.out), data_set, options)


def grid_of(options: argparse.Namespace) -> Grid:
    """The grid that the options ask for.

    Raises:
        RecipeError: a model, a strategy or a seed is not possible.
        WeightsError: what a model is to start from is not there, or another network's.
    """
    base = recipe_of(options)
    models = options.models or tuple(start.model for start in STUDY.starts)
    strategies = options.strategies or STUDY.strategies
    starts = [Start.parse(text, base.weights) for text in models]
    for strategy in strategies:
        Recipe(strategy=strategy)
    try:
        seeds = tuple(int(text) for text in options.seeds)
    except ValueError as error:
        raise RecipeError("A seed is a whole number, such as 0.") from error
    for start in starts:
        require_network(start.model)
        start.check()
    return Grid(base, tuple(starts), tuple(strategies), seeds)


def train_and_print(comparison: Comparison, data_set: DataSet, options: argparse.Namespace) -> int:
    """Train what is not done, and print the table."""
    if comparison.split_rule != data_set.split_rule:
        data_set = read_with_bar(comparison.read_data())
    for warning in data_set.warnings:
        warn(str(warning))
    if to_download := comparison.to_download():
        names = ", ".join(map(title_of, to_download))
        warn(f"ImageNet weights that are downloaded when their turn comes: {names}.")
    from trainer.training.compare import compare

    count = len(comparison.recipes)
    failures: list[RunFailed] = []
    steps = compare(comparison, data_set, device=options.device, threads=options.threads)
    try:
        with progress() as bar, closing(steps):
            for event in steps:
                if isinstance(event, RunBegun):
                    recipe = event.run.recipe
                    warn(
                        f"{event.number + 1} of {count}: {recipe.model}, {recipe.weights}, "
                        f"{recipe.strategy}, seed {recipe.seed}"
                    )
                elif isinstance(event, RunFailed):
                    failures.append(event)
                    warn(f"{event.number + 1} of {count}: {event.error}")
                elif not isinstance(event, RunEnded):
                    print_events([event], bar, summary=False)
    except KeyboardInterrupt:
        line = go_on_line(comparison.folder)
        raise KeyboardInterrupt(f"What is done is kept. Go on with: {line}") from None
    table = tabulate(comparison)
    if options.json:
        for number, row in enumerate(table.rows):
            for record in row.runs:
                print_json(run_as_json(table, number, record))
        for failure in failures:
            print_json(failure_as_json(comparison, failure.number, failure.error))
    elif len(failures) < count:
        _print_table(table)
        print()
        print(advice(table, Texts("en")) or "No run has been measured.")
        print(comparison.folder)
    if len(failures) == count:
        raise failures[-1].error
    return 0


def _print_table(table: Table) -> None:
    lines = [
        (
            *("model", "strategy", "validation", table.split, "95%", "F1", "gap", "ECE"),
            *("trained", "s/epoch", "ms/photo", "MB", "p", ""),
        )
    ]
    for number, row in enumerate(table.rows):
        low, high = row.interval or (0.0, 0.0)
        lines.append(
            (
                row.title,
                row.strategy,
                _spread(row.validation),
                _spread(row.held_out),
                f"{low:.1%} to {high:.1%}" if row.interval else "–",
                f"{row.macro_f1.mean:.3f}" if row.macro_f1 else "–",
                f"{row.gap:+.3f}" if row.gap is not None else "–",
                f"{row.ece:.3f}" if row.ece is not None else "–",
                f"{row.trained_parameters:,}" if row.trained_parameters else "–",
                f"{row.seconds_an_epoch:.1f}" if row.seconds_an_epoch is not None else "–",
                f"{row.milliseconds:.1f}" if row.milliseconds else "–",
                f"{row.file_bytes / 1e6:.1f}" if row.file_bytes else "–",
                f"{row.probability:.3g}" if row.probability is not None else "–",
                _mark(table, number, row),
            )
        )
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (
            text.ljust(width) if place < 2 or place == len(widths) - 1 else text.rjust(width)
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        )
        print("  ".join(cells).rstrip())


def _mark(table: Table, number: int, row: Row) -> str:
    marks = []
    if number == table.best:
        marks.append("best")
    elif table.is_like_best(number):
        marks.append("like the best")
    if number == table.take:
        marks.append("← take")
    if row.failed:
        marks.append("failed" if row.planned == 1 else f"{len(row.failed)} failed")
    return " ".join(marks)


def _spread(spread: Spread | None) -> str:
    if spread is None:
        return "–"
    deviation = f" ± {spread.deviation:.1%}" if spread.deviation else ""
    return f"{spread.mean:.1%}{deviation}"
