"""Options that several verbs have: a model, a recipe, what a run is computed on."""

import argparse
import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from trainer import paths
from trainer.config.architectures import ARCHITECTURES, architecture_named
from trainer.config.presets import preset_named
from trainer.config.recipe import Recipe
from trainer.errors import RecipeError
from trainer.experiments.run import open_run
from trainer.models.metadata import read_model_info

MODEL_HELP = "a model file, or the id or folder of a run"


def model_file(text: str) -> Path:
    """The file of a model, or of a run's best model; a file that is not there is told by who
    opens it."""
    path = Path(text)
    if path.is_file():
        return path
    try:
        return open_run(text).model_file
    except RecipeError:
        return path


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


def recipe_of(options: argparse.Namespace) -> Recipe:
    """The preset, with what the options change.

    Raises:
        ModelFileError: the starter is asked for and is not there.
        RecipeError: a choice is not possible.
    """
    recipe = changed(preset_named(options.preset), options)
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


def changed(preset: Recipe, options: argparse.Namespace) -> Recipe:
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
