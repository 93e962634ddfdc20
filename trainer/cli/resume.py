"""``resume``: go on with a run or a comparison."""

import argparse
from pathlib import Path

from trainer.cli.compare import train_and_print
from trainer.cli.options import add_device_options
from trainer.cli.output import read_with_bar
from trainer.cli.training_progress import fit_and_print
from trainer.experiments.comparison import is_comparison, open_comparison
from trainer.experiments.moved_data import comparison_on, run_on
from trainer.experiments.run import open_run


def add_resume(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser(
        "resume",
        help="go on with a stopped or killed run or comparison",
        description="Go on where a stopped or killed run, or a comparison of runs, was.",
    )
    parser.add_argument("run_name", metavar="RUN", help="its id, or its folder")
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="where its photos are now, a folder or zip, if they are no longer where they were",
    )
    add_device_options(parser)
    parser.set_defaults(run=resume)


def resume(options: argparse.Namespace) -> int:
    if is_comparison(options.run_name):
        comparison = open_comparison(options.run_name)
        if options.data is not None:
            comparison = comparison_on(comparison, options.data)
        return train_and_print(comparison, read_with_bar(comparison.read_data()), options)
    run = open_run(options.run_name)
    if options.data is not None:
        run = run_on(run, options.data)
    return fit_and_print(lambda: run, run.read_data(), options)
