"""A comparison: a grid of runs on one data set, kept as one file that says which they are, and what
is said while they are trained.
"""

import dataclasses
import json
import re
import uuid
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trainer import paths
from trainer.config.architectures import title_of
from trainer.config.recipe import Recipe, Strategy
from trainer.data.dataset import DataSet, read_data_set
from trainer.data.splits import SPLIT_RULE, SplitRule
from trainer.errors import ModelFileError, RecipeError, TrainerError, WeightsError
from trainer.events import Event, Preparing
from trainer.experiments import run_database
from trainer.experiments.run import Run, create_run, is_run, open_run
from trainer.experiments.run_records import RunRecord, run_named
from trainer.models.imagenet import imagenet_needs_download
from trainer.models.metadata import read_model_info
from trainer.models.starter import starter_for
from trainer.storage.atomic import write_text

_DESCRIPTION = "comparison.json"
_ENDED = ("completed", "early_stopping", "diverged")


@dataclass(frozen=True, slots=True)
class Start:
    """A network, and what its trunk starts from."""

    model: str
    weights: str

    @classmethod
    def parse(cls, text: str, weights: str) -> "Start":
        """Read ``resnet50``, which starts from *weights*, or ``mobilenet_v2=starter``.

        Raises:
            RecipeError: there is no architecture of that name.
        """
        model, _, own = text.partition("=")
        if own and Path(own).is_file():
            # It may be gone on with from elsewhere.
            own = str(Path(own).resolve())
        start = cls(model, own or weights)
        Recipe(model=start.model, weights=start.weights)
        return start

    def check(self) -> None:
        """Tell early what would fail its runs once their turn comes.

        Raises:
            WeightsError: what it starts from is not there, or another network's.
        """
        if self.weights == "starter":
            starter_for(self.model)
        elif self.weights not in {"imagenet", "none"} and not Path(self.weights).is_file():
            raise WeightsError("There is no weights file “{path}”.", path=self.weights)

    @property
    def title(self) -> str:
        """In a few words, for tables."""
        name = title_of(self.model)
        if self.weights == "imagenet":
            return name
        return f"{name} ({Path(self.weights).stem})"


@dataclass(frozen=True, slots=True)
class Grid:
    """Every combination of networks, strategies and seeds, all else as in *base*."""

    base: Recipe
    starts: tuple[Start, ...]
    strategies: tuple[Strategy, ...]
    seeds: tuple[int, ...] = (0,)

    def recipes(self) -> tuple[Recipe, ...]:
        """Network by network, strategy by strategy, seed by seed: runs that can share what is
        computed once follow one another. What is named twice is there once.

        Raises:
            RecipeError: a combination is not possible.
        """
        every = (
            self.base.but(model=start.model, weights=start.weights, strategy=strategy, seed=seed)
            for start in self.starts
            for strategy in self.strategies
            for seed in self.seeds
        )
        return tuple(dict.fromkeys(every))


STUDY = Grid(
    base=Recipe(),
    starts=(Start("resnet50", "imagenet"), Start("efficientnet_b0", "imagenet")),
    strategies=("head", "layer4", "full"),
)
"""The question of the published study: which network, and how much of it to train."""


def start_of(recipe: Recipe) -> Start:
    return Start(recipe.model, recipe.weights)


@dataclass(frozen=True, slots=True)
class RunBegun:
    """A run of a comparison is about to be trained, or gone on with."""

    number: int
    """From 0."""
    run: Run


@dataclass(frozen=True, slots=True)
class RunEnded:
    """A run of a comparison is done; also of one that was done before."""

    number: int
    record: RunRecord


@dataclass(frozen=True, slots=True)
class RunFailed:
    """A run of a comparison could not be trained; the others go on."""

    number: int
    error: TrainerError


ComparisonEvent = RunBegun | RunEnded | RunFailed | Event


def has_ended(record: RunRecord) -> bool:
    """Whether a run came to its end, rather than being stopped, killed or failing."""
    return record.state in _ENDED


def is_done(record: RunRecord | None) -> bool:
    """Whether a run has ended, and was measured; one that has ended is only measured."""
    if record is None or not has_ended(record):
        return False
    return record.measurement is not None or record.state == "diverged"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison that stands on disk."""

    id: str
    folder: Path
    data: Path
    recipes: tuple[Recipe, ...]
    created: datetime
    """In UTC."""
    split_rule: SplitRule = SPLIT_RULE
    """Of its runs: see :class:`trainer.experiments.run.Run`."""

    def read_data(self) -> Generator[Preparing, None, DataSet]:
        """Find its photos, in the splits that they were in when it began.

        Raises:
            DatasetError: they are gone, or are no data set any more.
        """
        return read_data_set(self.data, split_rule=self.split_rule)

    def run_folder(self, number: int) -> Path:
        """Where the run of ``recipes[number]`` lies, or will."""
        recipe = self.recipes[number]
        name = f"{number + 1:02}-{recipe.model}-{recipe.strategy}-{recipe.seed}".replace("/", "-")
        return self.folder / name

    def run(self, number: int) -> Run:
        """The run of ``recipes[number]``, made where there is none yet.

        Raises:
            OSError: the disk is full.
            RecipeError: the run is damaged.
        """
        folder = self.run_folder(number)
        if is_run(folder):
            return open_run(str(folder))
        return create_run(self.recipes[number], self.data, folder, self.split_rule)

    def begun_run(self, number: int) -> Run | None:
        """The run of ``recipes[number]``, if it has been begun and is still there."""
        try:
            return open_run(str(self.run_folder(number)))
        except RecipeError:
            return None

    def learnt_from(self) -> set[str]:
        """The fingerprints of the photos that its models have learnt from so far."""
        found = set()
        for number in range(len(self.recipes)):
            run = self.begun_run(number)
            if run is not None:
                with suppress(ModelFileError):  # It has none yet.
                    found.add(read_model_info(run.model_file).data_fingerprint)
        return found

    def to_download(self) -> list[str]:
        """The networks whose ImageNet weights are not here yet, of runs that are not done."""
        missing = {
            recipe.model: None  # In their order, once each.
            for number, recipe in enumerate(self.recipes)
            if recipe.weights == "imagenet"
            and imagenet_needs_download(recipe.model)
            and ((run := self.begun_run(number)) is None or not is_done(run_named(run.id)))
        }
        return list(missing)

    def can_go_on(self) -> bool:
        """Whether something is left to train that no other process trains."""
        is_all_done = True
        for number in range(len(self.recipes)):
            run = self.begun_run(number)
            if run is None:
                is_all_done = False
            elif not (is_done(run_named(run.id)) and run.model_file.exists()):
                is_all_done = False
                try:
                    if run.is_under_way:
                        return False
                except OSError:
                    return False  # Its folder cannot be written to.
        return not is_all_done


def create_comparison(
    recipes: Sequence[Recipe], data: Path, folder: Path | None = None
) -> Comparison:
    """Make a comparison's folder, by default a new one among the user's; where *folder* holds the
    very same comparison already, that is opened.

    Raises:
        OSError: the disk is full.
        RecipeError: *folder* holds another comparison, or cannot be written to; or there is nothing
            to compare.
    """
    if not recipes:
        raise RecipeError("Choose at least one model and one strategy to compare.")
    now = datetime.now(UTC)
    name = f"{now:%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:4]}"
    place = folder or paths.comparisons_folder() / name
    if (place / _DESCRIPTION).exists():
        there = open_comparison(str(place))
        if there.recipes != tuple(recipes) or there.data != data.resolve():
            raise RecipeError(
                "“{folder}” holds another comparison. Choose another folder.", folder=place
            )
        if there.id not in run_database.comparison_folders():
            run_database.add_comparison(there.id, place, there.data)
        return there
    description: dict[str, Any] = {
        "id": name,
        "data": str(data.resolve()),
        "split_rule": SPLIT_RULE,
        "created": now.isoformat(timespec="seconds"),
        "recipes": [dataclasses.asdict(recipe) for recipe in recipes],
    }
    try:
        place.mkdir(parents=True, exist_ok=True)
        write_text(place / _DESCRIPTION, json.dumps(description, indent=1))
    except OSError as error:
        raise RecipeError(
            "“{folder}” cannot be written to ({detail}).", folder=place, detail=error.strerror
        ) from error
    run_database.add_comparison(name, place, data.resolve())
    return open_comparison(str(place))


def keep_comparison_data(comparison: Comparison, data: Path) -> Comparison:
    """Note that the data set of a comparison lies elsewhere by now; its runs are another matter.

    Raises:
        OSError: the disk is full.
    """
    moved = dataclasses.replace(comparison, data=data.resolve())
    file = comparison.folder / _DESCRIPTION
    description = json.loads(file.read_text(encoding="utf-8"))
    write_text(file, json.dumps(description | {"data": str(moved.data)}, indent=1))
    run_database.set_data(comparison.id, moved.data)
    return moved


def unfinished_comparison(recipes: Sequence[Recipe], data_set: DataSet) -> Comparison | None:
    """The newest comparison of these very recipes and photos that can go on; None without one."""
    for comparison in comparisons():
        if (
            comparison.recipes == tuple(recipes)
            and comparison.data == data_set.root.resolve()
            and comparison.can_go_on()
            and comparison.learnt_from() <= {*data_set.fingerprints()}
        ):
            return comparison
    return None


def open_comparison(name: str) -> Comparison:
    """Find a comparison by its folder, or by its id.

    Raises:
        RecipeError: there is no such comparison, or it is damaged.
    """
    folder = Path(name)
    if not (folder / _DESCRIPTION).is_file():
        known = run_database.comparison_folders().get(name)
        if known is None or not (known / _DESCRIPTION).is_file():
            raise RecipeError("There is no comparison “{name}”.", name=name)
        folder = known
    try:
        description = json.loads((folder / _DESCRIPTION).read_text(encoding="utf-8"))
        return Comparison(
            id=str(description["id"]),
            folder=folder,
            data=Path(description["data"]),
            recipes=tuple(
                Recipe.from_json(json.dumps(recipe)) for recipe in description["recipes"]
            ),
            created=datetime.fromisoformat(description["created"]),
            # Version 0.1 did not keep it.
            split_rule=1 if description.get("split_rule", 1) == 1 else 2,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RecipeError("The comparison “{name}” is damaged.", name=name) from error


def is_comparison(name: str) -> bool:
    """Whether there is a comparison of this id, or in this folder."""
    return (Path(name) / _DESCRIPTION).is_file() or (
        re.fullmatch(r"[\w-]+", name) is not None and name in run_database.comparison_folders()
    )


def comparisons() -> list[Comparison]:
    """All comparisons whose folders are still there, the newest first."""
    found = []
    for folder in run_database.comparison_folders().values():
        try:
            found.append(open_comparison(str(folder)))
        except RecipeError:
            continue
    return found
