"""``train`` and ``resume``: fine-tune a model on a data set."""

import argparse
import dataclasses
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from trainer import events, paths
from trainer.cli.output import Bar, print_json, progress, warn
from trainer.config.architectures import ARCHITECTURES, architecture_named, title_of
from trainer.config.recipe import DEFAULT_PRESET, PRESETS, Recipe, preset_named
from trainer.data.dataset import open_data_set
from trainer.errors import WeightsError
from trainer.events import as_json
from trainer.experiments.comparison import is_comparison
from trainer.experiments.run import Run, create_run, open_run
from trainer.models.imagenet import preset_at_hand
from trainer.models.metadata import read_model_info

_HELP = {
    "model": f"the architecture: {', '.join(ARCHITECTURES)}; or timm/NAME, any other of timm's",
    "weights": "what to start from: imagenet (downloaded once, where it does not "
    "ship with the app), starter, none, or a file",
    "strategy": "what is trained: the head; the last stage and the head; everything; or one stage "
    "more at a time",
    "head": "notebook: linear, ReLU, dropout, linear; linear: dropout, linear; joint: linear, "
    "beside ImageNet's own classes",
    "head_width": "units of the notebook head's hidden layer",
    "dropout": "the share of the head's inputs that is left out at random",
    "frozen_batchnorm": "eval keeps the statistics of frozen stages; train lets them drift, as the "
    "notebook did; all keeps those of trained stages as well",
    "rate_decay": "each stage learns at so many times the rate of the next",
    "image_size": "side of the square that the model sees, in pixels",
    "resize": "squash ignores the photo's proportions; crop cuts out its middle",
    "augmentation": "how much training photos are cropped, turned and relit at random",
    "views": "augmented views of each photo, drawn once, so that a frozen trunk is still cached; 0 "
    "draws new ones in each epoch",
    "mixup": "blends photos in pairs: 0.2 is usual, 0 for none",
    "cutmix": "pastes photos into each other: 1 is usual, 0 for none",
    "balanced": "draw photos of rare classes as often as those of frequent ones",
    "epochs": "at most so many passes over the photos",
    "batch_size": "photos a step; 0 chooses by their number",
    "learning_rate": "of the head and the last stage, at its highest",
    "weight_decay": "AdamW's pull of weights towards zero",
    "label_smoothing": "how far from certain the model is taught to be",
    "schedule": "how the learning rate changes",
    "restart_period": "warm_restarts: epochs before the first restart",
    "restart_factor": "warm_restarts: each period is so many times as long as the one before",
    "warm_up": "cosine, one_cycle: the share of the run in which the rate rises",
    "monitor": "the validation figure by which the best epoch is chosen",
    "patience": "stop after so many epochs without a better one; 0 never does",
    "average_decay": "decay a step of the moving average of the weights that is kept; 0 for none",
    "teacher": "a model file to distil from",
    "distillation_temperature": "how much the teacher's answers are softened",
    "hint_weight": "weight of matching the teacher's features, block by block",
    "mixed_share": "share of the pictures that are mixed before the teacher sees them",
    "block_wise_epochs": "epochs at the start in which each block learns by itself",
    "retention_weight": "weight of the loss that holds a joint head's ImageNet classes to what "
    "they were (Learning without Forgetting); 0 for none",
    "retention_temperature": "how much their answers are softened for it",
    "precision": "auto: 16 bits on GPUs, and on CPUs where they are measured to be faster",
    "seed": "the same seed repeats the same run",
}


def add_train(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser(
        "train",
        help="fine-tune a model on a data set",
        description="Fine-tune a model on a folder, or a zip of one, with one folder a class; "
        "either inside train/, validation/ and test/, or split for you.",
    )
    parser.add_argument("data", type=Path, metavar="DATA", help="a folder or zip of photos")
    parser.add_argument(
        "--preset",
        choices=tuple(PRESETS),
        default=DEFAULT_PRESET,
        help="the recipe that the options below change (default: %(default)s)",
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="the folder of the run (default: a new one)"
    )
    add_device_options(parser)
    add_recipe_options(parser)
    parser.set_defaults(run=train)


def add_recipe_options(parser: argparse.ArgumentParser, but: Sequence[str] = ()) -> None:
    """An option for each choice of a recipe, except *but* these."""
    choices = parser.add_argument_group(
        "choices of the recipe", "what is not given is as in the preset"
    )
    for name, hint in get_type_hints(Recipe).items():
        if name in but:
            continue
        if hint is bool:
            choices.add_argument(
                f"--{name.replace('_', '-')}",
                action=argparse.BooleanOptionalAction,
                default=None,
                help=_HELP[name],
            )
            continue
        is_literal = get_origin(hint) is Literal
        choices.add_argument(
            f"--{name.replace('_', '-')}",
            type=str if is_literal else hint,
            choices=get_args(hint) if is_literal else None,
            metavar=None if is_literal else hint.__name__.upper(),
            help=_HELP[name],
        )


def add_resume(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser(
        "resume",
        help="go on with a stopped or killed run or comparison",
        description="Go on where a stopped or killed run, or a comparison of runs, was.",
    )
    parser.add_argument("run_name", metavar="RUN", help="its id, or its folder")
    add_device_options(parser)
    parser.set_defaults(run=resume)


def add_device_options(parser: argparse.ArgumentParser) -> None:
    """What a run is computed by, and ``--json``."""
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--threads", type=_count, metavar="N", help="threads that decode photos")
    parser.add_argument("--json", action="store_true", help="print an object an event")


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("must be 0 or more")
    return number


def train(options: argparse.Namespace) -> int:
    recipe = recipe_of(options)

    def make_run() -> Run:
        return create_run(_startable(recipe, options), options.data, options.out)

    return _fit(make_run, options.data, options)


def _startable(recipe: Recipe, options: argparse.Namespace) -> Recipe:
    """The recipe, now that what its preset starts from has been downloaded; or, where that cannot
    be had and neither network nor weights were named, with the network that stands in."""
    at_hand = _changed(preset_at_hand(options.preset), options)
    if at_hand == recipe or options.model is not None or options.weights is not None:
        return recipe
    from trainer.runtime.device import choose_device

    choose_device(options.device)  # Before a long download, not after.
    try:
        _print(_download(recipe.model), options.json)
    except WeightsError as error:
        why = f" ({error.details['detail']})" if "detail" in error.details else ""
        warn(
            f"The ImageNet weights of {title_of(recipe.model)} could not be downloaded{why}, so "
            f"{at_hand.model}, which is at hand, is taken instead."
        )
        return at_hand
    return recipe


def _download(model: str) -> Iterator[events.Event]:
    from trainer.models.pretrained import download_imagenet

    for done, total in download_imagenet(model):
        yield events.Preparing("weights", done, total)


def resume(options: argparse.Namespace) -> int:
    if is_comparison(options.run_name):
        from trainer.cli import compare

        return compare.resume(options)
    run = open_run(options.run_name)
    return _fit(lambda: run, run.data, options)


def recipe_of(options: argparse.Namespace) -> Recipe:
    """The preset, with what the options change.

    Raises:
        ModelFileError: the starter is asked for and is not there.
        RecipeError: a choice is not possible.
    """
    recipe = _changed(preset_named(options.preset), options)
    require_network(recipe.model)
    return recipe


def require_network(model: str) -> None:
    """Before anything is opened or made.

    Raises:
        RecipeError: there is no such network.
    """
    if not architecture_named(model).is_in_table:
        from trainer.models.timm_models import require_known

        require_known(model)


def _changed(preset: Recipe, options: argparse.Namespace) -> Recipe:
    given: dict[str, Any] = {
        field.name: getattr(options, field.name)
        for field in dataclasses.fields(Recipe)
        if getattr(options, field.name) is not None
    }
    for choice in ("weights", "teacher"):
        if Path(given.get(choice, "")).is_file():
            # The run may be resumed from elsewhere.
            given[choice] = str(Path(given[choice]).resolve())
    if given.get("weights") == "starter" and "model" not in given:
        given["model"] = read_model_info(paths.starter_model()).architecture
    return preset.but(**given)


def _fit(make_run: Callable[[], Run], data: Path, options: argparse.Namespace) -> int:
    data_set = open_data_set(data)
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
                _print(steps, options.json)
            except KeyboardInterrupt:
                folder = shlex.quote(str(run.folder))
                raise KeyboardInterrupt(
                    f"Its epochs are kept. Go on with: python -m trainer resume {folder}"
                ) from None
    return 0


def _print(steps: Iterable[events.Event], as_lines: bool) -> None:
    if as_lines:
        for event in steps:
            print_json(as_json(event))
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
                warn(f"{event.path}: {event.reason}")
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
                print(event.model or "No model: the run was stopped before its first epoch ended.")
            case _:
                pass
