import shutil
from contextlib import closing
from pathlib import Path

import pytest

from tests.trainer.runs import SMALL, new_run, until
from trainer.cli.main import main
from trainer.control import drain
from trainer.data.dataset import DataSet, open_data_set
from trainer.data.label_edits import LabelEdit, LabelEdits
from trainer.errors import DataNotFoundError, RecipeError
from trainer.evaluation.result_file import load_evaluation
from trainer.events import EpochDone
from trainer.experiments import run_records
from trainer.experiments.comparison import (
    Comparison,
    Grid,
    RunEnded,
    Start,
    create_comparison,
    open_comparison,
)
from trainer.experiments.comparison_choice import paired_outcomes
from trainer.experiments.moved_data import comparison_on, run_on
from trainer.experiments.run import EVALUATION, Run, open_run
from trainer.experiments.run_photos import PHOTOS_FILE
from trainer.training.compare import compare
from trainer.training.fit import fit


@pytest.fixture
def data(demo_folder: Path, tmp_path: Path) -> DataSet:
    shutil.copytree(demo_folder, tmp_path / "old" / "fruit")
    return open_data_set(tmp_path / "old" / "fruit")


def stopped(data: DataSet, folder: Path) -> Run:
    """A run that was killed after its first epoch."""
    run = new_run(data, folder, epochs=2)
    with closing(fit(run, data)) as steps:
        until(steps, EpochDone)
    return open_run(str(folder))


def moved(data: DataSet, to: Path) -> Path:
    to.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.move(data.root, to))


def test_a_run_goes_on_with_its_photos_at_their_new_place(
    data: DataSet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = stopped(data, tmp_path / "run")
    new = moved(data, tmp_path / "new" / "과일")
    assert main(["resume", str(run.folder)]) == 1
    assert "There is no folder or zip file" in capsys.readouterr().err
    assert main(["resume", str(run.folder), "--data", str(new)]) == 0
    assert open_run(str(run.folder)).data == new
    (record,) = run_records.runs()
    assert (record.data, record.state) == (new, "completed")
    kept = load_evaluation(run.evaluation_file)
    assert kept.data == new
    assert all(path.is_file() for path in kept.evaluation.paths)
    # From now on it is known where they are.
    assert main(["resume", str(run.folder)]) == 0


def test_what_is_another_is_told_in_a_sentence(data: DataSet, tmp_path: Path) -> None:
    run = stopped(data, tmp_path / "run")
    new = moved(data, tmp_path / "new")
    first, second, third, fourth = sorted((new / "train" / "Lime").iterdir())[:4]
    first.unlink()
    second.write_bytes(second.read_bytes() + b"more")
    third.rename(third.with_name("another.jpg"))
    shutil.copyfile(fourth, fourth.with_name("too many.jpg"))
    with pytest.raises(DataNotFoundError) as refused:
        run_on(run, new)
    counts = "2 missing, 2 new, 1 of another size, 0 of another class or split"
    assert counts in str(refused.value)
    assert open_run(str(run.folder)).data == data.root


def test_photos_that_changed_in_their_place_are_counted_too(data: DataSet, tmp_path: Path) -> None:
    run = stopped(data, tmp_path / "run")
    sorted((data.root / "train" / "Lime").iterdir())[0].unlink()
    with pytest.raises(RecipeError, match="began: 1 missing, 0 new, 0 of another size, 0 of"):
        drain(fit(run, open_data_set(data.root)))


def test_a_run_of_an_earlier_version_goes_by_its_models_fingerprint(
    data: DataSet, demo_data: DataSet, tmp_path: Path
) -> None:
    run = stopped(data, tmp_path / "run")
    (run.folder / PHOTOS_FILE).unlink()
    new = moved(data, tmp_path / "new")
    assert run_on(run, new).data == new
    sorted((new / "train" / "Lime").iterdir())[0].unlink()
    with pytest.raises(DataNotFoundError, match=r"this run began with\. Choose"):
        run_on(run, new)


def edited(data: DataSet) -> str:
    """Exclude a photo; returns its place."""
    place = data.place_of(data.split("train")[0].path)
    LabelEdits.of(data.root).add(LabelEdit((place,), is_excluded=True))
    return place


@pytest.mark.parametrize("list_goes", ["along", "along, renamed", "not"])
def test_label_edits_beside_the_folder_count_at_its_new_place(
    list_goes: str, data: DataSet, tmp_path: Path
) -> None:
    edited(data)
    run = stopped(open_data_set(data.root), tmp_path / "run")
    beside = LabelEdits.of(data.root).file
    new = moved(data, tmp_path / "new" / ("fruit" if list_goes == "along" else "Obst"))
    if list_goes != "not":
        shutil.move(beside, new.parent)
    run_on(run, new)
    assert LabelEdits.of(new).count == 1
    assert beside.exists() == (list_goes == "not")
    assert main(["resume", str(run.folder)]) == 0  # It would refuse other photos.


def test_label_edits_among_the_users_data_count_at_the_new_place(
    data: DataSet, home: Path, tmp_path: Path
) -> None:
    place = edited(data)
    beside = LabelEdits.of(data.root).file
    # As where nothing can be written beside the folder.
    beside.unlink()
    beside.mkdir()
    LabelEdits.of(data.root).add(LabelEdit((place,), is_excluded=True))
    own = LabelEdits.of(data.root)
    assert own.file.is_relative_to(home)
    run = stopped(open_data_set(data.root), tmp_path / "run")
    new = moved(data, tmp_path / "new")
    run_on(run, new)
    assert LabelEdits.of(new).edits == own.edits
    assert own.file.exists()


def test_where_the_photos_are_others_no_label_edits_are_adopted(
    data: DataSet, demo_folder: Path, tmp_path: Path
) -> None:
    edited(data)
    run = stopped(open_data_set(data.root), tmp_path / "run")
    other = tmp_path / "other"
    shutil.copytree(demo_folder, other)
    sorted((other / "train" / "Lime").iterdir())[-1].unlink()
    with pytest.raises(DataNotFoundError):
        run_on(run, other)
    assert LabelEdits.of(other).count == 0


def half_done(data: DataSet) -> Comparison:
    start = Start(SMALL.model, "none")
    grid = Grid(SMALL.but(epochs=1), (start,), ("full",), (0, 1))
    comparison = create_comparison(grid.recipes(), data.root)
    with closing(compare(comparison, data)) as steps:
        next(event for event in steps if isinstance(event, RunEnded))
    return comparison


def test_a_comparison_goes_on_and_its_runs_are_held_against_each_other(
    data: DataSet, tmp_path: Path
) -> None:
    comparison = half_done(data)
    new = moved(data, tmp_path / "new")
    one = sorted((new / "test" / "Lime").iterdir())[0]
    away = one.rename(tmp_path / "away.jpg")
    with pytest.raises(DataNotFoundError, match="1 missing"):
        comparison_on(comparison, new)
    away.rename(one)
    assert main(["resume", comparison.id, "--data", str(new)]) == 0
    assert open_comparison(comparison.id).data == new
    assert {record.data for record in run_records.runs()} == {new}
    first, second = (
        load_evaluation(comparison.run_folder(number) / EVALUATION).evaluation for number in (0, 1)
    )
    assert len(paired_outcomes(first, second)[0]) == len(data.split("test"))
