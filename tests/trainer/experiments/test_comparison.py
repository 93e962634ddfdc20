import json
import re
from pathlib import Path

import pytest

from tests.trainer.runs import SMALL
from trainer import paths
from trainer.config.recipe import Recipe
from trainer.data.dataset import DataSet
from trainer.errors import RecipeError, WeightsError
from trainer.experiments import run_database
from trainer.experiments.comparison import (
    STUDY,
    Comparison,
    Grid,
    Start,
    comparisons,
    create_comparison,
    is_comparison,
    open_comparison,
)

GRID = Grid(SMALL, (Start("mobilenet_v2", "none"),), ("head", "full"))


def test_a_start_is_a_network_and_what_it_starts_from(tmp_path: Path) -> None:
    assert Start.parse("resnet50", "imagenet") == Start("resnet50", "imagenet")
    assert Start.parse("mobilenet_v2=starter", "imagenet") == Start("mobilenet_v2", "starter")
    with pytest.raises(RecipeError, match="no model “resnet5”"):
        Start.parse("resnet5=starter", "imagenet")
    assert Start("resnet50", "imagenet").title == "ResNet50"
    assert Start("mobilenet_v2", "starter").title == "MobileNetV2 (starter)"
    assert Start("resnet18", str(tmp_path / "mine.pth")).title == "ResNet18 (mine)"


def test_a_weights_file_is_found_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.pth").touch()
    monkeypatch.chdir(tmp_path)
    start = Start.parse("resnet18=mine.pth", "imagenet")
    assert start.weights == str((tmp_path / "mine.pth").resolve())


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        (Start("resnet18", "typo.pth"), "There is no weights file “typo.pth”."),
        (Start("resnet18", ""), "There is no weights file “”."),
        (
            Start("resnet18", "starter"),
            "a tf_efficientnet_lite2, so its weights cannot start a resnet18",
        ),
    ],
)
def test_a_start_that_cannot_be_is_told_early(start: Start, sentence: str) -> None:
    with pytest.raises(WeightsError, match=re.escape(sentence)):
        start.check()


def test_a_start_that_can_be_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.pth").touch()
    for weights in ("imagenet", "starter", "none", str(tmp_path / "mine.pth")):
        Start("tf_efficientnet_lite2", weights).check()
    monkeypatch.setattr(paths, "starter_model", lambda: tmp_path / "nowhere.safetensors")
    with pytest.raises(WeightsError, match="The starter model is missing"):
        Start("tf_efficientnet_lite2", "starter").check()


def test_a_grid_is_every_combination_once() -> None:
    grid = Grid(
        SMALL,
        (Start("resnet18", "imagenet"), Start("mobilenet_v2", "starter")),
        ("head", "full"),
        (0, 1),
    )
    recipes = grid.recipes()
    assert [(r.model, r.weights, r.strategy, r.seed) for r in recipes] == [
        (*start, strategy, seed)
        for start in (("resnet18", "imagenet"), ("mobilenet_v2", "starter"))
        for strategy in ("head", "full")
        for seed in (0, 1)
    ]
    assert {recipe.epochs for recipe in recipes} == {SMALL.epochs}
    twice = Grid(SMALL, grid.starts * 2, ("head", "full", "head"), (0, 1, 1))
    assert twice.recipes() == recipes


def test_the_studys_question_is_which_network_and_how_much_of_it() -> None:
    recipes = STUDY.recipes()
    assert len(recipes) == 6
    assert Recipe() in recipes


def test_it_knows_what_must_be_downloaded(demo_data: DataSet) -> None:
    comparison = create_comparison(STUDY.recipes(), demo_data.root)
    assert comparison.to_download() == ["resnet50", "efficientnet_b0"]
    paths.weights_folder().mkdir(parents=True)
    (paths.weights_folder() / "resnet50-0676ba61.pth").touch()
    assert comparison.to_download() == ["efficientnet_b0"]
    assert create_comparison(GRID.recipes(), demo_data.root).to_download() == []


def test_a_comparison_stands_on_disk_and_is_found_again(demo_data: DataSet) -> None:
    made = create_comparison(GRID.recipes(), demo_data.root)
    assert made.folder.parent == paths.comparisons_folder()
    for name in (made.id, str(made.folder)):
        assert is_comparison(name)
        assert open_comparison(name) == made
    assert comparisons() == [made]
    assert made.run_folder(1).name == "02-mobilenet_v2-full-0"
    assert made.begun_run(0) is None
    run = made.run(0)
    assert made.begun_run(0) == made.run(0) == run
    assert run.recipe == made.recipes[0]


def test_the_newest_comparison_comes_first_and_can_be_forgotten(
    demo_data: DataSet, tmp_path: Path
) -> None:
    first = create_comparison(GRID.recipes(), demo_data.root)
    second = create_comparison(GRID.recipes(), demo_data.root, tmp_path / "second")
    assert comparisons() == [second, first]
    run_database.forget_comparison(second.id)
    assert comparisons() == [first]
    assert open_comparison(str(second.folder)) == second
    # Asking for the very same lists it again.
    assert create_comparison(GRID.recipes(), demo_data.root, tmp_path / "second") == second
    assert second in comparisons()


def test_a_folder_keeps_to_one_comparison(demo_data: DataSet, tmp_path: Path) -> None:
    made = create_comparison(GRID.recipes(), demo_data.root, tmp_path / "here")
    assert create_comparison(GRID.recipes(), demo_data.root, tmp_path / "here") == made
    with pytest.raises(RecipeError, match="holds another comparison"):
        create_comparison(GRID.recipes()[:1], demo_data.root, tmp_path / "here")
    with pytest.raises(RecipeError, match="holds another comparison"):
        create_comparison(GRID.recipes(), tmp_path, tmp_path / "here")


def test_a_comparison_of_nothing_is_refused(demo_data: DataSet) -> None:
    with pytest.raises(RecipeError, match="at least one"):
        create_comparison([], demo_data.root)
    assert comparisons() == []


def test_a_place_that_cannot_be_written_to_is_named(demo_data: DataSet, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RecipeError, match="cannot be written to"):
        create_comparison(GRID.recipes(), demo_data.root, tmp_path / "file" / "inside")


def test_what_is_no_comparison_is_told(demo_data: DataSet, tmp_path: Path) -> None:
    assert not is_comparison("20260101-000000-abcd")
    assert not is_comparison(str(tmp_path))
    with pytest.raises(RecipeError, match="There is no comparison “nothing”"):
        open_comparison("nothing")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"id": "x"}'])
def test_a_damaged_comparison_is_told_and_left_out(demo_data: DataSet, text: str) -> None:
    made = create_comparison(GRID.recipes(), demo_data.root)
    (made.folder / "comparison.json").write_text(text)
    with pytest.raises(RecipeError, match="damaged"):
        open_comparison(made.id)
    assert comparisons() == []


def test_a_comparison_that_was_moved_goes_on_where_it_is(
    demo_data: DataSet, tmp_path: Path
) -> None:
    made = create_comparison(GRID.recipes(), demo_data.root, tmp_path / "before")
    run = made.run(0)
    made.folder.rename(tmp_path / "after")
    moved: Comparison = open_comparison(str(tmp_path / "after"))
    assert moved.id == made.id
    there = moved.begun_run(0)
    assert there is not None and there.id == run.id
    assert there.folder == tmp_path / "after" / "01-mobilenet_v2-head-0"
    assert json.loads((moved.folder / "comparison.json").read_text())["id"] == made.id
