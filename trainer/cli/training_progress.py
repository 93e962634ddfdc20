"""A run's events on the terminal, for people or as JSON."""

import argparse
from collections.abc import Callable, Generator, Iterable
from contextlib import closing

from trainer import events
from trainer.cli.output import Bar, print_json, progress, read_with_bar, warn
from trainer.data.dataset import DataSet
from trainer.data.zips import shown
from trainer.events import as_json
from trainer.experiments.run import Run
from trainer.report.recipe import go_on_line


def fit_and_print(
    make_run: Callable[[], Run],
    reading: Generator[events.Preparing, None, DataSet],
    options: argparse.Namespace,
) -> int:
    data_set = read_with_bar(reading)
    from trainer.runtime.distributed import ranks_in_environment
    from trainer.training.fit import fit

    with ranks_in_environment(options.device) as ranks:
        run = ranks.of_first(make_run)
        steps = fit(run, data_set, device=options.device, threads=options.threads, ranks=ranks)
        with closing(steps):
            if not ranks.is_first:
                for _ in steps:
                    pass
                return 0
            for warning in data_set.warnings:
                warn(str(warning))
            try:
                print_all(steps, options.json)
            except KeyboardInterrupt:
                line = go_on_line(run.folder)
                raise KeyboardInterrupt(f"Its epochs are kept. Go on with: {line}") from None
    return 0


def print_all(steps: Iterable[events.Event], as_lines: bool) -> None:
    if as_lines:
        for event in steps:
            values = as_json(event)
            if isinstance(event, events.PhotoSkipped):
                values["path"] = shown(event.path)
            print_json(values)
    else:
        with progress() as bar:
            print_events(steps, bar)


def print_events(steps: Iterable[events.Event], bar: Bar, summary: bool = True) -> None:
    """Print a run's events for people to read; preparation and batches move the bar.

    Args:
        summary: whether its start, its epochs and its end are printed, too.
    """
    for event in steps:
        match event:
            case events.RunStarted() | events.EpochDone() | events.Finished() if not summary:
                pass
            case events.RunStarted():
                print(
                    f"{event.model}, {event.strategy}, on {event.device} ({event.precision}): "
                    f"{event.training_photos} photos of {len(event.classes)} classes, "
                    f"{event.validation_photos} to validate, {event.batch_size} a batch. "
                    f"Run: {event.run}"
                )
            case events.Preparing():
                bar.set_description(event.stage)
                bar.total, bar.n = event.total, event.done
                bar.refresh()
            case events.PhotoSkipped():
                warn(f"{shown(event.path)}: {event.reason}")
            case events.BatchDone():
                bar.set_description(f"epoch {event.epoch}, loss {event.loss:.3f}")
                bar.total, bar.n = event.batches, event.batch
                bar.refresh()
            case events.BatchSplit():
                warn(f"Memory is short: from now on {event.photos} photos at a time.")
            case events.EpochDone():
                bar.write(
                    f"epoch {event.epoch}/{event.epochs}: "
                    f"loss {event.train_loss:.4f}, accuracy {event.train_accuracy:.2%}; "
                    f"validation loss {event.validation_loss:.4f}, "
                    f"accuracy {event.validation_accuracy:.2%} "
                    f"({event.validation_interval[0]:.0%} to {event.validation_interval[1]:.0%})"
                    f"{' (best)' if event.best else ''}, {event.seconds:.1f} s"
                )
            case events.Finished():
                if event.ending == "diverged":
                    warn("The loss is no longer a number. Choose a lower learning rate.")
                print(
                    f"{event.ending.replace('_', ' ').capitalize()}. "
                    f"Best epoch: {event.best_epoch}."
                )
                if event.test_photos:
                    low, high = event.test_interval
                    print(
                        f"On {event.test_photos} test photos: {event.test_accuracy:.2%} "
                        f"({low:.0%} to {high:.0%})."
                    )
                if event.untested is not None:
                    warn(str(event.untested))
                print(event.model or "No model: the run was stopped before its first epoch ended.")
            case _:
                pass
