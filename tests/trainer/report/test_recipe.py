"""The command that trains the same again."""

import shlex
import sys
from pathlib import Path

import pytest

from tests.trainer.report.reading import World, report
from tests.trainer.runs import SMALL
from trainer.cli.compare import grid_of
from trainer.cli.main import build_parser
from trainer.cli.options import recipe_of
from trainer.config.presets import PRESETS
from trainer.config.recipe import Recipe
from trainer.experiments.comparison import create_comparison
from trainer.experiments.run import open_run
from trainer.report.recipe import command_line, train_command

RECIPES = {
    **{name: recipe.but(seed=3) for name, recipe in PRESETS.items()},
    "small": SMALL,
    "balanced": PRESETS["best"].but(balanced=True, cutmix=1.0, learning_rate=3e-05),
    "starter": Recipe(model="mobilenet_v2", weights="starter"),
    "other network": PRESETS["quick"].but(model="resnet18", weights="none"),
    "taught": PRESETS["scratch"].but(teacher="my models/teacher 1.safetensors", hint_weight=0.5),
    "file": PRESETS["quick"].but(weights="-weights '한글'.pth"),
}


needs_posix_shell = pytest.mark.skipif(
    sys.platform == "win32", reason="shlex does not read lines of cmd.exe"
)


@needs_posix_shell
@pytest.mark.parametrize("name", RECIPES)
def test_the_command_trains_the_same_recipe(name: str) -> None:
    data = Path("/data/it's mine $HOME")
    line = shlex.split(command_line(train_command(RECIPES[name], data)))
    assert line[:3] == ["python", "-m", "trainer"]
    options = build_parser().parse_args(line[3:])
    assert options.data == data
    assert recipe_of(options) == RECIPES[name]


@needs_posix_shell
def test_the_page_has_the_command_of_the_run(world: World, tmp_path: Path) -> None:
    page = report(world.run, tmp_path / "a.html")
    options = build_parser().parse_args(shlex.split(page.commands[0])[3:])
    run = open_run(str(world.run))
    assert (recipe_of(options), options.data) == (run.recipe, run.data)


@needs_posix_shell
def test_the_command_trains_the_same_comparison(world: World, tmp_path: Path) -> None:
    page = report(world.comparison.folder, tmp_path / "a.html")
    options = build_parser().parse_args(shlex.split(page.commands[0])[3:])
    assert grid_of(options).recipes() == world.comparison.recipes
    assert options.data == world.comparison.data


@needs_posix_shell
def test_what_is_no_grid_is_told_run_by_run(demo_folder: Path, tmp_path: Path) -> None:
    recipes = [SMALL, SMALL.but(epochs=9, strategy="head")]
    comparison = create_comparison(recipes, demo_folder, tmp_path / "new")
    page = report(comparison.folder, tmp_path / "a.html")
    parsed = [build_parser().parse_args(shlex.split(line)[3:]) for line in page.commands]
    assert [recipe_of(options) for options in parsed] == recipes
