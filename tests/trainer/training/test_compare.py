import shutil
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import pytest

from tests.trainer.runs import SMALL
from trainer.config.recipe import Strategy
from trainer.control import Control, drain
from trainer.data.dataset import DataSet, open_data_set
from trainer.errors import DatasetError, RecipeError
from trainer.evaluation.result_file import load_evaluation
from trainer.events import EpochDone, Preparing, RunStarted
from trainer.experiments import run_database, run_records, run_trash
from trainer.experiments.comparison import (
    Comparison,
    ComparisonEvent,
    Grid,
    RunBegun,
    RunEnded,
    RunFailed,
    Start,
    create_comparison,
    is_done,
    unfinished_comparison,
)
from trainer.experiments.comparison_choice import tabulate
from trainer.training.compare import compare

E = TypeVar("E")

QUICK = SMALL.but(epochs=1)
RANDOM = Start(SMALL.model, "none")
OTHER = Start("timm/test_efficientnet", "none")
PRETRAINED = Start("tf_efficientnet_lite0", "imagenet")
NOWHERE = Start(SMALL.model, "/nowhere/weights.pth")


def comparison_of(
    data: DataSet,
    *starts: Start,
    strategies: tuple[Strategy, ...] = ("full",),
    seeds: tuple[int, ...] = (0,),
    epochs: int = 1,
) -> Comparison:
    grid = Grid(QUICK.but(epochs=epochs), starts, strategies, seeds)
    return create_comparison(grid.recipes(), data.root)


def compared(
    steps: Generator[ComparisonEvent, None, bool],
) -> tuple[list[ComparisonEvent], bool]:
    """The events, and whether all runs were gone through."""
    happened = []
    with closing(steps):
        completed = drain(steps, happened.append)
    return happened, completed


def of_kind(happened: list[ComparisonEvent], kind: type[E]) -> list[E]:
    return [event for event in happened if isinstance(event, kind)]


@pytest.fixture
def own_data(demo_folder: Path, tmp_path: Path) -> DataSet:
    """A data set that may be changed."""
    shutil.copytree(demo_folder, tmp_path / "data")
    return open_data_set(tmp_path / "data")


def test_every_run_is_trained_measured_and_timed_and_none_twice(demo_data: DataSet) -> None:
    comparison = comparison_of(demo_data, PRETRAINED, RANDOM, strategies=("head",))
    happened, is_complete = compared(compare(comparison, demo_data))
    assert is_complete
    assert [event.number for event in of_kind(happened, RunBegun)] == [0, 1]
    ended = of_kind(happened, RunEnded)
    assert [event.record.recipe for event in ended] == list(comparison.recipes)
    for event in ended:
        measured = event.record.measurement
        assert is_done(event.record)
        assert measured is not None
        assert (measured.split, measured.photos) == ("test", len(demo_data.split("test")))
        assert measured.milliseconds > 0
        kept = load_evaluation(comparison.run_folder(event.number) / "evaluation.safetensors")
        assert kept.evaluation.right == measured.right
    table = tabulate(comparison)
    assert [row.start for row in table.rows] == [PRETRAINED, RANDOM]
    assert table.take is not None

    again, is_complete = compared(compare(comparison, demo_data))
    assert is_complete
    assert [type(event) for event in again] == [RunEnded, RunEnded]
    assert of_kind(again, RunEnded) == ended


def test_a_run_that_fails_does_not_end_the_others_and_is_tried_again(
    demo_data: DataSet, tmp_path: Path
) -> None:
    weights = tmp_path / "weights.safetensors"
    missing = Start(SMALL.model, str(weights))
    comparison = comparison_of(demo_data, missing, RANDOM)
    happened, is_complete = compared(compare(comparison, demo_data))
    assert is_complete
    (failure,) = of_kind(happened, RunFailed)
    assert failure.number == 0
    assert "There is no weights file" in str(failure.error)
    assert [event.number for event in of_kind(happened, RunEnded)] == [1]
    row = tabulate(comparison).rows[0]
    assert not row.runs
    assert [record.reason for record in row.failed] == [str(failure.error)]

    shutil.copyfile(comparison.run_folder(1) / "model.safetensors", weights)
    happened, _ = compared(compare(comparison, demo_data))
    assert [event.number for event in of_kind(happened, RunBegun)] == [0]
    assert [event.number for event in of_kind(happened, RunEnded)] == [0, 1]
    assert not tabulate(comparison).rows[0].failed


def test_a_damaged_run_does_not_end_the_others(demo_data: DataSet) -> None:
    comparison = comparison_of(demo_data, OTHER, RANDOM)
    comparison.run_folder(0).mkdir()
    (comparison.run_folder(0) / "run.json").write_text("{}")
    happened, is_complete = compared(compare(comparison, demo_data))
    assert is_complete
    assert [event.number for event in of_kind(happened, RunFailed)] == [0]
    assert [event.number for event in of_kind(happened, RunEnded)] == [1]


def test_stopping_keeps_what_is_done_and_the_rest_goes_on(demo_data: DataSet) -> None:
    comparison = comparison_of(demo_data, OTHER, RANDOM, epochs=2)
    recipes = comparison.recipes
    assert unfinished_comparison(recipes, demo_data) == comparison
    control = Control()
    steps = compare(comparison, demo_data, control=control)
    happened = []
    with closing(steps):
        while True:
            try:
                happened.append(next(steps))
            except StopIteration as end:
                assert end.value is False
                break
            if isinstance(happened[-1], EpochDone) and len(of_kind(happened, RunBegun)) == 2:
                # What is under way is nobody else's to go on with.
                assert unfinished_comparison(recipes, demo_data) is None
                control.stop()
    assert [event.number for event in of_kind(happened, RunEnded)] == [0]
    # Half a run is held against none that had all its epochs.
    assert [len(row.runs) for row in tabulate(comparison).rows] == [1, 0]
    assert unfinished_comparison(recipes, demo_data) == comparison
    assert unfinished_comparison(recipes[::-1], demo_data) is None
    newer = create_comparison(recipes, demo_data.root)
    assert unfinished_comparison(recipes, demo_data) == newer
    run_database.forget_comparison(newer.id)

    happened, is_complete = compared(compare(comparison, demo_data))
    assert is_complete
    assert [event.number for event in of_kind(happened, RunBegun)] == [1]
    (started,) = of_kind(happened, RunStarted)
    assert started.first_epoch == 2
    assert [len(row.runs) for row in tabulate(comparison).rows] == [1, 1]
    # What is finished is made anew.
    assert unfinished_comparison(recipes, demo_data) is None


def test_a_comparison_that_is_stopped_before_it_begins_trains_nothing(demo_data: DataSet) -> None:
    comparison = comparison_of(demo_data, RANDOM)
    control = Control()
    control.stop()
    assert compared(compare(comparison, demo_data, control=control)) == ([], False)


def test_seeds_share_what_the_frozen_trunk_makes_of_the_photos(demo_data: DataSet) -> None:
    comparison = comparison_of(demo_data, PRETRAINED, strategies=("head",), seeds=(0, 1))
    happened, _ = compared(compare(comparison, demo_data))
    second = happened.index(next(e for e in of_kind(happened, RunBegun) if e.number == 1))
    stages = [
        {e.stage for e in of_kind(part, Preparing) if e.total}
        for part in (happened[:second], happened[second:])
    ]
    assert "trunk" in stages[0]
    assert "trunk" not in stages[1]
    decoded = [event for event in of_kind(happened[second:], Preparing) if event.stage == "decode"]
    assert all(event.done == event.total for event in decoded)
    first, other = (event.record for event in of_kind(happened, RunEnded))
    assert (first.recipe.seed, other.recipe.seed) == (0, 1)
    (row,) = tabulate(comparison).rows
    assert len(row.runs) == row.planned == 2


def test_runs_on_photos_that_have_changed_are_not_held_against_the_others(
    own_data: DataSet,
) -> None:
    comparison = comparison_of(own_data, RANDOM, OTHER)
    steps = compare(comparison, own_data)
    with closing(steps):
        next(event for event in steps if isinstance(event, RunEnded))
    assert unfinished_comparison(comparison.recipes, own_data) == comparison
    photo = own_data.split("test")[0].path
    photo.unlink()
    changed = open_data_set(own_data.root)
    assert unfinished_comparison(comparison.recipes, changed) is None
    with pytest.raises(RecipeError, match="have changed since this comparison began"):
        compared(compare(comparison, changed))
    assert tabulate(comparison).rows[0].runs


def test_photos_that_are_gone_end_it(own_data: DataSet) -> None:
    comparison = comparison_of(own_data, RANDOM, OTHER)
    shutil.rmtree(own_data.root)
    with pytest.raises(DatasetError, match="no longer there"):
        compared(compare(comparison, own_data))


def test_a_photo_that_cannot_be_read_does_not_keep_models_from_being_timed(
    own_data: DataSet,
) -> None:
    own_data.split("test")[0].path.write_bytes(b"no picture")
    comparison = comparison_of(own_data, RANDOM)
    happened, _ = compared(compare(comparison, open_data_set(own_data.root)))
    (ended,) = of_kind(happened, RunEnded)
    assert ended.record.measurement is not None
    assert ended.record.measurement.milliseconds > 0
    assert ended.record.measurement.photos == len(own_data.split("test")) - 1


def test_a_deleted_run_comes_back_and_one_that_is_gone_is_trained_again(
    demo_data: DataSet,
) -> None:
    comparison = comparison_of(demo_data, RANDOM)
    (ended,) = of_kind(compared(compare(comparison, demo_data))[0], RunEnded)
    name = ended.record.id
    run_trash.move_to_trash([name])
    assert not tabulate(comparison).rows[0].runs
    happened, _ = compared(compare(comparison, demo_data))
    assert not of_kind(happened, RunBegun)
    assert [record.id for record in run_records.runs()] == [name]

    run_database.trash([name])
    run_trash.empty()
    happened, _ = compared(compare(comparison, demo_data))
    assert of_kind(happened, RunBegun)
    assert len(tabulate(comparison).rows[0].runs) == 1
