"""A training run's folder: what it was asked, its state to go on from, and its best model."""

import json
import re
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from trainer import paths
from trainer.config.recipe import Recipe
from trainer.data.dataset import DataSet, read_data_set
from trainer.data.splits import SPLIT_RULE, SplitRule
from trainer.errors import RecipeError
from trainer.evaluation.seen_images import SEEN_FILE
from trainer.events import Preparing
from trainer.experiments import run_database
from trainer.experiments.run_photos import PHOTOS_FILE, with_kept_splits
from trainer.storage.atomic import write_text

EVALUATION = "evaluation.safetensors"
STATE = "state.pt"
_DESCRIPTION = "run.json"
_LOCK = ".lock"


@dataclass(frozen=True, slots=True)
class Run:
    """A run that stands on disk. ``data`` is the data set's folder or zip."""

    id: str
    folder: Path
    recipe: Recipe
    data: Path
    split_rule: SplitRule = SPLIT_RULE
    """How its photos were held out where the data set does not say it."""

    def read_data(self) -> Generator[Preparing, None, DataSet]:
        """Find its photos, in the splits that they were in when it began.

        Raises:
            DatasetError: they are gone, or are no data set any more.
        """
        data_set = yield from read_data_set(self.data, split_rule=self.split_rule)
        return with_kept_splits(self.folder, data_set)

    @property
    def model_file(self) -> Path:
        """The best model so far, complete and usable from the end of the first epoch on."""
        return self.folder / "model.safetensors"

    @property
    def evaluation_file(self) -> Path:
        """The best model's answers to the photos that were held out, once the run has ended."""
        return self.folder / EVALUATION

    @property
    def state_file(self) -> Path:
        """All that is needed to go on after the last whole epoch."""
        return self.folder / STATE

    @property
    def is_under_way(self) -> bool:
        """Whether a living process trains it."""
        try:
            with self.locked():
                return False
        except RecipeError:
            return True

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from training this run; the lock ends with this process.

        Raises:
            OSError: the folder cannot be written to.
            RecipeError: another process trains it.
        """
        # A generator may be closed by another thread than the one that started it.
        lock = FileLock(self.folder / _LOCK, timeout=0, thread_local=False)
        try:
            lock.acquire()
        except Timeout:
            raise RecipeError(
                "The run “{name}” is being trained already, in another window or terminal.",
                name=self.id,
            ) from None
        try:
            yield
        finally:
            lock.release()


def create_run(
    recipe: Recipe,
    data: Path,
    folder: Path | None = None,
    split_rule: SplitRule = SPLIT_RULE,
) -> Run:
    """Make a run's folder, by default a new one among the user's runs.

    Raises:
        OSError: the disk is full.
        RecipeError: *folder* holds a run already, or cannot be written to.
    """
    name = _new_id(recipe)
    run = Run(name, folder or paths.runs_folder() / name, recipe, data.resolve(), split_rule)
    # A run that failed before its first epoch ended has nothing to lose.
    if run.model_file.exists() or run.state_file.exists():
        raise RecipeError(
            "“{folder}” holds a run already. Resume it, or choose another folder.",
            folder=run.folder,
        )
    try:
        run.folder.mkdir(parents=True, exist_ok=True)
        description = {
            "id": run.id,
            "data": str(run.data),
            "split_rule": run.split_rule,
            "recipe": json.loads(recipe.to_json()),
        }
        write_text(run.folder / _DESCRIPTION, json.dumps(description, indent=1))
    except OSError as error:
        raise RecipeError(
            "“{folder}” cannot be written to ({detail}).", folder=run.folder, detail=error.strerror
        ) from error
    return run


def keep_data(run: Run, data: Path) -> Run:
    """Note that the data set of a run lies elsewhere by now.

    Raises:
        OSError: the disk is full.
    """
    moved = replace(run, data=data.resolve())
    file = run.folder / _DESCRIPTION
    description = json.loads(file.read_text(encoding="utf-8"))
    write_text(file, json.dumps(description | {"data": str(moved.data)}, indent=1))
    run_database.set_data(run.id, moved.data)
    return moved


def is_run(folder: Path) -> bool:
    """Whether a run lies in *folder*."""
    return (folder / _DESCRIPTION).is_file()


def open_run(name: str) -> Run:
    """Find a run by its folder, or by its id.

    Raises:
        RecipeError: there is no such run.
    """
    for folder in (Path(name), paths.runs_folder() / name, run_database.folder_of(name)):
        if folder is None:
            continue
        try:
            description = json.loads((folder / _DESCRIPTION).read_text(encoding="utf-8"))
            recipe = Recipe.from_json(json.dumps(description["recipe"]))
            identity = str(description.get("id", folder.name))
            # Version 0.1 did not keep it.
            rule: SplitRule = 1 if description.get("split_rule", 1) == 1 else 2
            return Run(identity, folder, recipe, Path(description["data"]), rule)
        except (OSError, ValueError):
            continue
        except (KeyError, TypeError) as error:
            raise RecipeError("The run “{name}” is damaged.", name=name) from error
    raise RecipeError("There is no run “{name}”.", name=name)


def remove_files(name: str, folder: Path) -> None:
    """Remove a run for good: its own files, and the folder if it held nothing else. Where another
    run lies in the folder by now, nothing is removed.

    Raises:
        OSError: a file cannot be removed; the description goes last, so it is still a run.
        RecipeError: it is being trained.
    """
    # Where its files are is known even where its description cannot be read.
    run = Run(name, folder, Recipe(), folder)
    with run.locked():
        try:
            if open_run(str(folder)).id != name:
                return
        except RecipeError:
            pass  # It is damaged.
        others = (folder / SEEN_FILE, folder / PHOTOS_FILE)
        for file in (run.model_file, run.evaluation_file, run.state_file, *others):
            file.unlink(missing_ok=True)
        (folder / _DESCRIPTION).unlink(missing_ok=True)
    with suppress(OSError):
        (folder / _LOCK).unlink(missing_ok=True)
        folder.rmdir()


def split_rule_of(model_file: Path) -> SplitRule:
    """How the photos were held out that a run's model was not to learn from; of other models, how
    they are now."""
    if not is_run(model_file.parent):
        return SPLIT_RULE
    try:
        return open_run(str(model_file.parent)).split_rule
    except RecipeError:
        return SPLIT_RULE


def _new_id(recipe: Recipe) -> str:
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    base = re.sub(r"[^\w.-]", "-", f"{stamp}-{recipe.model}-{recipe.strategy}")
    return f"{base}-{uuid.uuid4().hex[:4]}"
