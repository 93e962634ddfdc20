from pathlib import Path

import pytest

from tests.finished_runs import finished_run
from tests.trainer.runs import new_run
from trainer.config.recipe import Recipe
from trainer.data.dataset import DataSet
from trainer.errors import RecipeError, StorageError
from trainer.events import EpochDone
from trainer.experiments import run_database, run_records, run_trash
from trainer.experiments.run import is_run
from trainer.training.fit import fit


def listed() -> set[str]:
    return {record.id for record in run_records.runs()}


def test_a_run_goes_to_the_trash_with_its_files_and_comes_back() -> None:
    first, second = finished_run(), finished_run(Recipe(seed=1))
    run_trash.move_to_trash([first.id])
    assert listed() == {second.id}
    assert first.model_file.is_file()
    run_database.restore([first.id])
    assert listed() == {first.id, second.id}


def test_what_is_being_trained_keeps_all_where_they_are() -> None:
    idle, busy = finished_run(), finished_run(Recipe(seed=1), state="running")
    with busy.locked(), pytest.raises(RecipeError, match="being trained"):
        run_trash.move_to_trash([idle.id, busy.id])
    assert listed() == {idle.id, busy.id}


def test_a_run_that_was_killed_can_go() -> None:
    killed = finished_run(state="running")
    run_trash.move_to_trash([killed.id])
    assert listed() == set()


def test_a_run_whose_folder_has_gone_can_go() -> None:
    run = finished_run(state="running")
    for file in run.folder.iterdir():
        file.unlink()
    run.folder.rmdir()
    assert not run_trash.is_under_way(run.folder)
    run_trash.move_to_trash([run.id])
    assert run_trash.byte_count() == 0
    assert run_trash.empty() == 1
    assert run_records.trashed_runs() == []


def test_what_is_no_run_is_refused() -> None:
    finished_run()
    with pytest.raises(RecipeError, match="There is no run"):
        run_trash.move_to_trash(["nothing"])


def test_emptying_removes_the_trash_alone_and_for_good() -> None:
    kept, gone = finished_run(), finished_run(Recipe(seed=1))
    run_trash.move_to_trash([gone.id])
    assert run_trash.byte_count() >= len(b"weights")
    assert run_trash.empty() == 1
    assert not gone.folder.exists()
    assert run_records.run_named(gone.id) is None
    assert run_database.epochs_of(gone.id) == []
    assert is_run(kept.folder)
    assert kept.model_file.is_file()
    assert run_trash.empty() == run_trash.byte_count() == 0


def test_what_else_lies_in_a_runs_folder_stays() -> None:
    run = finished_run()
    mine = run.folder / "my photos.txt"
    mine.write_text("mine")
    run_trash.move_to_trash([run.id])
    run_trash.empty()
    assert mine.read_text() == "mine"
    assert not run.model_file.exists()
    assert not is_run(run.folder)


@pytest.mark.parametrize("description", ["", "{}", "[1]"])
def test_a_damaged_run_does_not_keep_the_trash_from_being_emptied(description: str) -> None:
    run = finished_run()
    (run.folder / "run.json").write_text(description)
    run_trash.move_to_trash([run.id])
    assert run_trash.empty() == 1
    assert not run.folder.exists()


def test_a_run_that_took_over_a_folder_keeps_its_model(demo_data: DataSet, tmp_path: Path) -> None:
    """One that failed before its first epoch gives its folder to the next."""
    folder = tmp_path / "run"
    failed = new_run(demo_data, folder)
    run_database.begin(failed, "CPU")
    run_database.end(failed, "failed", StorageError("no memory"))
    run = new_run(demo_data, folder, epochs=1)
    list(fit(run, demo_data))
    run_trash.move_to_trash([failed.id])
    assert run_trash.empty() == 1
    assert run.model_file.is_file()
    assert [record.id for record in run_records.runs()] == [run.id]


def test_a_run_that_is_gone_on_with_leaves_the_trash(demo_data: DataSet, tmp_path: Path) -> None:
    run = new_run(demo_data, tmp_path / "run", epochs=2)
    steps = fit(run, demo_data)
    for event in steps:
        if isinstance(event, EpochDone):
            break
    steps.close()
    run_trash.move_to_trash([run.id])
    list(fit(run, demo_data))
    assert [record.id for record in run_records.runs()] == [run.id]


def test_what_is_being_trained_is_not_removed(demo_data: DataSet, tmp_path: Path) -> None:
    run = new_run(demo_data, tmp_path / "run", epochs=1)
    list(fit(run, demo_data))
    run_trash.move_to_trash([run.id])
    with run.locked():
        assert run_trash.empty() == 0
    assert run.model_file.is_file()
    assert run_trash.empty() == 1
    assert not run.folder.exists()


def test_what_another_window_removed_is_no_crash(demo_data: DataSet, tmp_path: Path) -> None:
    run = new_run(demo_data, tmp_path / "run", epochs=1)
    list(fit(run, demo_data))
    run_database.forget([run.id])
    run_database.set_details(run.id, name="mine")
    run_database.restore([run.id])
    assert run_records.runs() == []


def test_only_what_was_asked_about_is_removed() -> None:
    asked, later = finished_run(), finished_run(Recipe(seed=1))
    run_trash.move_to_trash([asked.id, later.id])
    assert run_trash.empty([asked.id]) == 1
    assert [record.id for record in run_records.trashed_runs()] == [later.id]
    assert later.model_file.is_file()


def test_a_folder_that_cannot_be_removed_keeps_no_other() -> None:
    runs = [finished_run(Recipe(seed=seed)) for seed in range(3)]
    # Not even root unlinks a folder.
    runs[1].model_file.unlink()
    runs[1].model_file.mkdir()
    run_trash.move_to_trash([run.id for run in runs])
    with pytest.raises(OSError, match=r"model\.safetensors"):
        run_trash.empty()
    assert [record.id for record in run_records.trashed_runs()] == [runs[1].id]
    assert [run.folder.exists() for run in runs] == [False, True, False]
