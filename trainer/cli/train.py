"""``train``: fine-tune a model on a data set."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from trainer import events
from trainer.cli.options import (
    add_data_argument,
    add_device_options,
    add_recipe_options,
    changed,
    data_of,
    recipe_of,
)
from trainer.cli.output import warn
from trainer.cli.training_progress import fit_and_print, print_all
from trainer.config.architectures import title_of
from trainer.config.presets import DEFAULT_PRESET, PRESETS
from trainer.config.recipe import Recipe
from trainer.data.dataset import read_data_set
from trainer.errors import WeightsError
from trainer.experiments.run import Run, create_run
from trainer.models.imagenet import preset_at_hand


def add_train(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser(
        "train",
        help="fine-tune a model on a data set",
        description="Fine-tune a model on a folder, or a zip of one, with one folder a class; "
        "either inside train/, validation/ and test/, or split for you. Or on photos whose labels "
        "are in a file or in their names.",
    )
    add_data_argument(parser)
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


def train(options: argparse.Namespace) -> int:
    recipe = recipe_of(options)
    data = data_of(options)

    def make_run() -> Run:
        return create_run(_startable(recipe, options), data, options.out)

    return fit_and_print(make_run, read_data_set(data), options)


def _startable(recipe: Recipe, options: argparse.Namespace) -> Recipe:
    """The recipe, now that what its preset starts from has been downloaded; or, where that cannot
    be had and neither network nor weights were named, with the network that stands in."""
    at_hand = changed(preset_at_hand(options.preset), options)
    if at_hand == recipe or options.model is not None or options.weights is not None:
        return recipe
    from trainer.runtime.device import choose_device

    choose_device(options.device)  # Before a long download, not after.
    try:
        print_all(_download(recipe.model), options.json)
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
