"""Accuracy: what each preset makes of a folder of photos, in validation photos named right.

Presets whose network needs a download are given the one that stands in for it in the app, so that
everything runs offline; all their other choices stay. So is *notebook*, which is then the published
recipe on another network. Runs of one preset differ by their seeds. Nothing is compared with a
baseline but the presets with each other.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from trainer.cli.output import Bar, progress
from trainer.config.architectures import architecture_named
from trainer.config.presets import PRESETS
from trainer.config.recipe import Recipe
from trainer.data.dataset import DataSet, open_data_set
from trainer.errors import TrainerError
from trainer.events import EpochDone, Finished
from trainer.experiments.run import create_run
from trainer.metrics.intervals import wilson_interval
from trainer.models.imagenet import STAND_IN, imagenet_needs_download
from trainer.training.fit import fit

SEEDS = {"quick": 5, "layer4": 5, "notebook": 1, "best": 1}
"""How many runs each preset has: more of those that take minutes."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one run came to."""

    preset: str
    seed: int
    right: int
    photos: int
    best_epoch: int
    epochs: int
    gap: float
    """Training less validation accuracy at the best epoch."""
    seconds: float

    @property
    def accuracy(self) -> float:
        return self.right / self.photos


def recipe_of(preset: str, network: str, seed: int) -> Recipe:
    """A preset's recipe as the app has it without a network.

    Args:
        network: to be trained instead, from ImageNet and at its own picture size; empty for the
            preset's own, or what stands in for it.
    """
    recipe = PRESETS[preset]
    if not network and imagenet_needs_download(recipe.model):
        network = STAND_IN
    if network:
        recipe = recipe.but(model=network, image_size=architecture_named(network).image_size)
    return recipe.but(seed=seed)


def measure(preset: str, recipe: Recipe, data: DataSet, folder: Path, bar: Bar) -> Result:
    """Train once.

    Raises:
        TrainerError: it cannot be trained.
    """
    epochs = []
    for event in fit(create_run(recipe, data.root, folder), data):
        if isinstance(event, EpochDone):
            epochs.append(event)
            bar.set_description(f"{preset}, seed {recipe.seed}")
            bar.total, bar.n = event.epochs, event.epoch
            bar.refresh()
        if isinstance(event, Finished):
            finished = event
    photos = len(data.split("validation"))
    return Result(
        preset=preset,
        seed=recipe.seed,
        right=round(finished.validation_accuracy * photos),
        photos=photos,
        best_epoch=finished.best_epoch,
        epochs=len(epochs),
        gap=epochs[finished.best_epoch - 1].gap,
        seconds=finished.seconds,
    )


def print_table(results: Sequence[Result]) -> None:
    """Print a row a preset; the interval is of its first seed's answers."""
    print(
        f"{'preset':10}{'seeds':>6}{'accuracy':>10}{'spread':>8}{'95% interval':>16}"
        f"{'gap':>7}{'epochs':>8}{'seconds':>9}"
    )
    for preset in dict.fromkeys(result.preset for result in results):
        runs = [result for result in results if result.preset == preset]
        accuracies = [run.accuracy for run in runs]
        low, high = wilson_interval(runs[0].right, runs[0].photos)
        spread = f"±{statistics.stdev(accuracies):.1%}" if len(runs) > 1 else ""
        print(
            f"{preset:10}{len(runs):6}{statistics.mean(accuracies):10.1%}{spread:>8}"
            f"{f'{low:.1%} – {high:.1%}':>16}{statistics.mean(run.gap for run in runs):7.1%}"
            f"{statistics.mean(run.epochs for run in runs):8.1f}"
            f"{statistics.median(run.seconds for run in runs):9.0f}"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("data", type=Path, help="a folder or zip of photos")
    parser.add_argument("--presets", nargs="+", choices=tuple(SEEDS), default=tuple(SEEDS))
    parser.add_argument("--quick", action="store_true", help="quick and layer4 alone, one seed")
    parser.add_argument("--network", default="", help="for all presets, instead of their own")
    parser.add_argument("--seeds", type=int, help="runs of each preset")
    parser.add_argument("--json", action="store_true", help="print one object last")
    options = parser.parse_args(arguments)
    presets = ("quick", "layer4") if options.quick else options.presets
    try:
        data = open_data_set(options.data)
        results = []
        with tempfile.TemporaryDirectory(prefix="accuracy-benchmark-") as home, progress() as bar:
            os.environ["FRUITGUI_HOME"] = home
            for preset in presets:
                for seed in range(options.seeds or (1 if options.quick else SEEDS[preset])):
                    recipe = recipe_of(preset, options.network, seed)
                    folder = Path(home) / f"{preset}-{seed}"
                    results.append(measure(preset, recipe, data, folder, bar))
    except TrainerError as error:
        print(error, file=sys.stderr)
        return 1
    print_table(results)
    if options.json:
        print(json.dumps({"runs": [asdict(result) for result in results]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
