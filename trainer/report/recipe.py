"""A recipe as a report tells it: in sentences, choice by choice, and as a command line."""

import os
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.config.architectures import title_of
from trainer.config.presets import PRESETS, differing_choices, nearest_preset
from trainer.config.recipe import NAMES, Recipe
from trainer.experiments.comparison import Comparison, Grid, Start
from trainer.report.texts import Texts, text

OPTIONS: dict[str, dict[str, str]] = {
    "weights": {
        "imagenet": text("ImageNet weights"),
        "starter": text("the starter model"),
        "none": text("random weights"),
    },
    "strategy": {
        "head": text("head only"),
        "layer4": text("last stage and head"),
        "full": text("everything"),
        "gradual": text("gradually everything"),
    },
    "head": {
        "notebook": text("hidden layer"),
        "linear": text("linear"),
        "joint": text("joint with ImageNet's"),
    },
    "frozen_batchnorm": {
        "eval": text("frozen too"),
        "train": text("drifts along"),
        "all": text("frozen, in trained stages too"),
    },
    "resize": {"squash": text("squashed"), "crop": text("cropped")},
    "augmentation": {
        "none": text("none"),
        "light": text("light"),
        "strong": text("strong"),
    },
    "schedule": {
        "warm_restarts": text("warm restarts"),
        "cosine": text("one cosine"),
        "one_cycle": text("one cycle"),
        "plateau": text("halved on plateaus"),
        "none": text("constant"),
    },
    "monitor": {"loss": text("validation loss"), "accuracy": text("validation accuracy")},
    "precision": {
        "auto": text("16 bits where they are faster"),
        "float32": text("32 bits"),
    },
}

_TRAINED = {
    "head": text("Only its head was trained; all else stayed frozen."),
    "layer4": text("Its last stage and its head were trained; all else stayed frozen."),
    "full": text("All of it was trained."),
    "gradual": text("First its head was trained, then one stage more at a time."),
}
_RESIZED = {
    "squash": text("Photos were squashed to {size}×{size} pixels."),
    "crop": text("The middle square of each photo was scaled to {size}×{size} pixels."),
}
_VARIED = {
    "none": text("They were shown as they are, without augmentation."),
    "light": text("They were varied a little: small crops, turns and changes of light."),
    "strong": text(
        "They were varied strongly: large crops, turns, changes of light, and erased patches."
    ),
}
_SCHEDULED = {
    "warm_restarts": text(
        "The learning rate began at {rate} and fell along a cosine, which started again after "
        "{period} epochs, each period {factor} times as long as the one before."
    ),
    "cosine": text("The learning rate rose to {rate}, then fell to zero along a cosine."),
    "one_cycle": text(
        "The learning rate went through one cycle: up to {rate} while momentum fell, then down."
    ),
    "plateau": text(
        "The learning rate began at {rate} and was halved when the validation loss stopped falling."
    ),
    "none": text("The learning rate stayed at {rate}."),
}
_MONITORED = {
    "loss": text("The epoch with the lowest validation loss was kept."),
    "accuracy": text("The epoch with the highest validation accuracy was kept."),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of the table of choices."""

    field: str
    name: str
    value: str
    of_preset: str
    """What the preset chooses, where that differs; else empty."""


def start_title(weights: str, texts: Texts) -> str:
    """What a run started from; of a file its name alone, for where it lies concerns nobody else."""
    known = OPTIONS["weights"].get(weights)
    return texts.t(known) if known else Path(weights).name


def sentences(recipe: Recipe, texts: Texts) -> list[str]:
    """The recipe for people to read, a sentence each."""
    t = texts.t
    told = [
        t(
            "The network is a {model}, which started from {start}.",
            model=title_of(recipe.model),
            start=start_title(recipe.weights, texts),
        ),
        t(_TRAINED[recipe.strategy]),
    ]
    if recipe.strategy in {"full", "gradual"} and recipe.rate_decay != 1:
        told.append(
            t(
                "Each stage learnt at {factor} times the rate of the stage after it.",
                factor=f"{recipe.rate_decay:g}",
            )
        )
    told.append(t(_RESIZED[recipe.resize], size=recipe.image_size))
    told.append(t(_VARIED[recipe.augmentation]))
    if recipe.mixup or recipe.cutmix:
        told.append(t("Some were blended in pairs, or pasted into each other (mixup, CutMix)."))
    if recipe.balanced:
        told.append(t("Photos of rare classes were shown as often as those of frequent ones."))
    told += _learning(recipe, texts)
    if recipe.head == "joint":
        told.append(t("Its head answers beside ImageNet's own classes, which stay in it."))
    if recipe.retention_weight:
        told.append(
            t(
                "What it knew of ImageNet's classes was held on to (Learning without Forgetting), "
                "with weight {weight}.",
                weight=f"{recipe.retention_weight:g}",
            )
        )
    if recipe.teacher:
        told.append(
            t(
                "It learnt from the answers of a teacher, {teacher}, as well.",
                teacher=Path(recipe.teacher).name,
            )
        )
    return told


def _learning(recipe: Recipe, texts: Texts) -> list[str]:
    t = texts.t
    batch = (
        t("{count} photos a step", count=recipe.batch_size)
        if recipe.batch_size
        else t("as many photos a step as suits their number")
    )
    told = [
        t(
            "It learnt with AdamW for at most {epochs} epochs, {batch}, with weight decay {decay} "
            "and label smoothing {smoothing}.",
            epochs=recipe.epochs,
            batch=batch,
            decay=f"{recipe.weight_decay:g}",
            smoothing=f"{recipe.label_smoothing:g}",
        ),
        t(
            _SCHEDULED[recipe.schedule],
            rate=f"{recipe.learning_rate:g}",
            period=recipe.restart_period,
            factor=recipe.restart_factor,
        ),
        t(_MONITORED[recipe.monitor]),
    ]
    if recipe.patience:
        told.append(
            t(
                "Training was to stop after {patience} epochs without a better one.",
                patience=recipe.patience,
            )
        )
    if recipe.average_decay:
        told.append(t("What was kept is a moving average of the weights."))
    return told


def choices(recipe: Recipe, texts: Texts) -> list[Choice]:
    """Every choice, those marked that differ from the nearest preset."""
    preset = PRESETS[nearest_preset(recipe)]
    differing = set(differing_choices(recipe, preset))
    return [
        Choice(
            field=name,
            name=texts.t(title),
            value=_value(name, getattr(recipe, name), texts),
            of_preset=_value(name, getattr(preset, name), texts) if name in differing else "",
        )
        for name, title in NAMES.items()
    ]


def _value(name: str, value: object, texts: Texts) -> str:
    if isinstance(value, bool):
        return texts.t("yes") if value else texts.t("no")
    if isinstance(value, float):
        return f"{value:g}"
    if name == "model":
        return title_of(str(value))
    if name == "weights":
        return start_title(str(value), texts)
    if name == "teacher":
        return Path(str(value)).name or texts.t("none")
    known = OPTIONS.get(name, {}).get(str(value))
    return texts.t(known) if known else str(value)


def train_command(recipe: Recipe, data: Path) -> list[str]:
    """The arguments of ``python`` that train the same run again."""
    preset = nearest_preset(recipe)
    differing = differing_choices(recipe, PRESETS[preset])
    if {"model", "weights"} & set(differing) or recipe.weights == "imagenet":
        # Either alone would choose the other anew, and without both another network may stand in.
        differing = [name for name in NAMES if name in {*differing, "model", "weights"}]
    return [
        *("-m", "trainer", "train", str(data)),
        *("--preset", preset),
        *_options(recipe, [name for name in differing if name != "seed"]),
        *("--seed", str(recipe.seed)),
    ]


def compare_command(comparison: Comparison) -> list[str] | None:
    """The arguments of ``python`` that train the same comparison again; None where it is no grid
    that one command can name."""
    recipes = comparison.recipes
    starts = tuple(dict.fromkeys(Start(recipe.model, recipe.weights) for recipe in recipes))
    strategies = tuple(dict.fromkeys(recipe.strategy for recipe in recipes))
    seeds = tuple(dict.fromkeys(recipe.seed for recipe in recipes))
    is_grid = Grid(recipes[0], starts, strategies, seeds).recipes() == recipes
    if not is_grid or any("," in start.weights for start in starts):
        return None
    of_grid = ("model", "weights", "strategy", "seed")
    preset = nearest_preset(recipes[0], of_grid)
    differing = [n for n in differing_choices(recipes[0], PRESETS[preset]) if n not in of_grid]
    return [
        *("-m", "trainer", "compare", str(comparison.data)),
        *("--models", ",".join(f"{start.model}={start.weights}" for start in starts)),
        *("--strategies", ",".join(strategies)),
        *("--seeds", ",".join(map(str, seeds))),
        *("--preset", preset),
        *_options(recipes[0], differing),
    ]


def _options(recipe: Recipe, names: Sequence[str]) -> list[str]:
    options = []
    for name in names:
        flag, value = name.replace("_", "-"), getattr(recipe, name)
        if isinstance(value, bool):
            options.append(f"--{flag}" if value else f"--no-{flag}")
        elif str(value).startswith("-"):
            options.append(f"--{flag}={value}")  # Else it would be taken for an option.
        else:
            options += [f"--{flag}", str(value)]
    return options


def command_line(arguments: Sequence[str]) -> str:
    """``python`` with its arguments, as this system's shell reads it."""
    return _joined(["python", *arguments], os.name)


def go_on_line(folder: Path, system: str = os.name) -> str:
    """What goes on with a run or a comparison, as the shell of *system*, one of :data:`os.name`,
    reads it."""
    return _joined(["python", "-m", "trainer", "resume", str(folder)], system)


def _joined(line: Sequence[str], system: str) -> str:
    return subprocess.list2cmdline(line) if system == "nt" else shlex.join(line)
