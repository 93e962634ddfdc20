"""Options that several verbs have: a model, a recipe, what a run is computed on."""

import argparse
import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from trainer import paths
from trainer.cli.output import warn
from trainer.config.architectures import architecture_named
from trainer.config.presets import preset_named
from trainer.config.recipe import HELPS, Recipe
from trainer.data.labels.label_source import LabelSource, label_source
from trainer.data.labels.labelled_photos import choose_labels
from trainer.errors import DatasetError, RecipeError
from trainer.experiments.run import open_run
from trainer.models.metadata import read_model_info

MODEL_HELP = "a model file, or the id or folder of a run"


def model_file(text: str) -> Path:
    """The file of a model, or of a run's best model; a file that is not there is told by who
    opens it."""
    path = Path(text)
    if os.path.isfile(path):  # noqa: PTH113  (names that are too long raise with Path)
        return path
    try:
        return open_run(text).model_file
    except RecipeError:
        return path


def add_data_argument(parser: argparse.ArgumentParser) -> None:
    """A data set, and where its labels are if not in its folders; :func:`data_of` reads them."""
    parser.add_argument("data", type=Path, metavar="DATA", help="a folder or zip of photos")
    labels = parser.add_argument_group(
        "labels", "where they are, if the photos are not sorted into class folders"
    )
    source = labels.add_mutually_exclusive_group()
    source.add_argument(
        "--labels",
        type=Path,
        metavar="FILE",
        help="a table (CSV, TSV …), JSON (COCO, CVAT, Label Studio, or {photo: label}), or CVAT's "
        "XML; nothing is copied or moved",
    )
    source.add_argument(
        "--label-pattern",
        nargs="?",
        const="",
        metavar="PATTERN",
        help="the label is in the photos' names, as in '{label}_*', '*-{label}.jpg' or "
        "'{split}/{label}_#': * is anything, # a number; without a pattern, it is guessed",
    )
    for name, meaning in (
        ("photo", "the photos"),
        ("label", "the labels"),
        ("split", "the splits"),
    ):
        labels.add_argument(
            f"--{name}-column",
            default="",
            metavar="NAME",
            help=f"the column of {meaning}, by its name or its number from 1 on (default: found)"
            + (", or a column a class, with commas between" if name == "label" else ""),
        )
    labels.add_argument(
        "--class-names",
        type=Path,
        metavar="FILE",
        help="what numbered labels are called: a line a name (default: classes.txt or the like "
        "beside the labels)",
    )


def data_of(options: argparse.Namespace) -> Path:
    """What stands for the data set: its folder or zip, or a small file that says where its labels
    are.

    Raises:
        DatasetError: the labels cannot be read, or are not of these photos.
        OSError: that file cannot be kept.
    """
    columns = (options.photo_column, options.label_column, options.split_column)
    if options.labels is None and (any(columns) or options.class_names):
        raise DatasetError("Columns and class names are of a labels file: give it with --labels.")
    if options.labels is None and options.label_pattern is None:
        data: Path = options.data
        # What is kept of a run is opened from other folders, too.
        # One that cannot even be looked for is told of by who reads it.
        return data.absolute() if os.path.exists(data) else data  # noqa: PTH110
    photo, label, split = columns
    chosen = choose_labels(
        options.data,
        options.labels,
        options.label_pattern or "",
        photo_column=photo,
        label_column=label,
        split_column=split,
        class_list=options.class_names,
    )
    if os.environ.get("RANK", "0") == "0":
        warn(_described(label_source(chosen)))
    return chosen


def _described(source: LabelSource) -> str:
    """What labels are taken from, which nobody need have said."""
    if source.columns is None:
        return f"Labels are taken from the photos' names: {source.pattern}"
    labels = ", ".join(f"“{name}”" for name in source.columns.labels)
    split = f", splits from “{source.columns.split}”" if source.columns.split else ""
    names = f", names from {source.class_names}" if source.class_names else ""
    photos = f"Columns taken: photos from “{source.columns.photo}”"
    return f"{photos}, labels from {labels}{split}{names}."


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
                help=HELPS[name],
            )
            continue
        is_literal = get_origin(hint) is Literal
        choices.add_argument(
            f"--{name.replace('_', '-')}",
            type=str if is_literal else hint,
            choices=get_args(hint) if is_literal else None,
            metavar=None if is_literal else hint.__name__.upper(),
            help=HELPS[name],
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
        if os.path.isfile(given.get(choice, "")):  # noqa: PTH113
            # The run may be resumed from elsewhere.
            given[choice] = str(Path(given[choice]).resolve())
    if given.get("weights") == "starter" and "model" not in given:
        given["model"] = read_model_info(paths.starter_model()).architecture
    return preset.but(**given)
