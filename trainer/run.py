"""A training run's folder: what it was asked, its state to go on from, and its best model."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from trainer import paths
from trainer.atomic import write_text
from trainer.errors import RecipeError
from trainer.recipe import Recipe

_DESCRIPTION = "run.json"


@dataclass(frozen=True, slots=True)
class Run:
    """A run that stands on disk. ``data`` is the data set's folder or zip."""

    folder: Path
    recipe: Recipe
    data: Path

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def model_file(self) -> Path:
        """The best model so far, complete and usable from the end of the first epoch on."""
        return self.folder / "model.safetensors"

    @property
    def state_file(self) -> Path:
        """All that is needed to go on after the last whole epoch."""
        return self.folder / "state.pt"


def create_run(recipe: Recipe, data: Path, folder: Path | None = None) -> Run:
    """Make a run's folder, by default a new one among the user's runs.

    Raises:
        RecipeError: *folder* holds a run already, or cannot be written to.
    """
    run = Run(folder or _new_folder(recipe), recipe, data.resolve())
    # A run that failed before its first epoch ended has nothing to lose.
    if run.model_file.exists() or run.state_file.exists():
        raise RecipeError(
            "“{folder}” holds a run already. Resume it, or choose another folder.",
            folder=run.folder,
        )
    try:
        run.folder.mkdir(parents=True, exist_ok=True)
        description = {"data": str(run.data), "recipe": json.loads(recipe.to_json())}
        write_text(run.folder / _DESCRIPTION, json.dumps(description, indent=1))
    except OSError as error:
        raise RecipeError(
            "“{folder}” cannot be written to ({detail}).", folder=run.folder, detail=error.strerror
        ) from error
    return run


def open_run(name: str) -> Run:
    """Find a run by its folder, or by its id among the user's runs.

    Raises:
        RecipeError: there is no such run.
    """
    for folder in (Path(name), paths.runs_folder() / name):
        try:
            description = json.loads((folder / _DESCRIPTION).read_text(encoding="utf-8"))
            recipe = Recipe.from_json(json.dumps(description["recipe"]))
            return Run(folder, recipe, Path(description["data"]))
        except (OSError, ValueError):
            continue
        except (KeyError, TypeError) as error:
            raise RecipeError("The run “{name}” is damaged.", name=name) from error
    raise RecipeError("There is no run “{name}”.", name=name)


def _new_folder(recipe: Recipe) -> Path:
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    base = re.sub(r"[^\w.-]", "-", f"{stamp}-{recipe.model}-{recipe.strategy}")
    folder = paths.runs_folder() / base
    number = 2
    while folder.exists():
        folder = paths.runs_folder() / f"{base}-{number}"
        number += 1
    return folder
