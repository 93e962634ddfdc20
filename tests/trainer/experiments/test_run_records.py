import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.finished_runs import finished_run
from trainer import paths
from trainer.config.recipe import Recipe
from trainer.errors import DeviceError
from trainer.experiments import run_database, run_records
from trainer.experiments.run import create_run
from trainer.experiments.run_database import run_transaction


def test_without_a_database_there_are_no_runs() -> None:
    assert run_records.runs() == run_records.trashed_runs() == []
    assert run_records.run_named("nothing") is None
    assert run_records.runs_named(["nothing"]) == []


def test_a_record_says_what_came_of_a_run() -> None:
    run = finished_run(right=(60, 80, 70), test_right=75)
    (record,) = run_records.runs()
    assert record.id == run.id
    assert record.recipe == run.recipe
    assert (record.last_epoch, record.best_epoch) == (3, 2)
    assert record.best_accuracy == pytest.approx(0.8)
    assert record.gap == pytest.approx(0.05)
    assert record.seconds == pytest.approx(30)
    assert record.test_accuracy == pytest.approx(0.75)
    assert record.model_file == run.model_file
    assert record.created.tzinfo is UTC
    assert (record.name, record.note, record.is_starred, record.trashed) == ("", "", False, None)


def test_a_run_without_an_epoch_has_no_figures() -> None:
    finished_run(
        right=(), state="failed", failure=DeviceError("no {what}", what="memory"), test_right=None
    )
    (record,) = run_records.runs()
    assert (record.best_epoch, record.best_accuracy, record.seconds) == (0, 0, 0)
    assert record.measurement is None
    assert record.test_accuracy is None
    assert record.reason == "no memory"


def test_validation_photos_make_no_test_accuracy() -> None:
    run = finished_run()
    measurement = run_database.Measurement("validation", 10, 9, 0.9, 0.1, 7, 0)
    run_database.set_measurement(run.id, measurement)
    (record,) = run_records.runs()
    assert record.measurement == measurement
    assert record.test_accuracy is None


def test_what_the_user_says_is_kept_piece_by_piece() -> None:
    run = finished_run()
    run_database.set_details(run.id, name="첫 번째")
    run_database.set_details(run.id, note="a\nnote", starred=True)
    record = run_records.run_named(run.id)
    assert record is not None
    assert (record.name, record.note, record.is_starred) == ("첫 번째", "a\nnote", True)
    run_database.set_details(run.id, starred=False)
    record = run_records.run_named(run.id)
    assert record is not None
    assert (record.name, record.is_starred) == ("첫 번째", False)


def test_several_are_found_by_their_ids_be_they_in_the_trash() -> None:
    first, second, third = (finished_run(Recipe(seed=seed)) for seed in range(3))
    run_database.trash([second.id])
    found = run_records.runs_named([first.id, second.id, "nothing", "it's “quoted”"])
    assert {record.id for record in found} == {first.id, second.id}
    assert {record.id for record in run_records.runs()} == {first.id, third.id}
    (trashed,) = run_records.trashed_runs()
    assert trashed.id == second.id
    assert trashed.trashed is not None
    assert abs((datetime.now(UTC) - trashed.trashed).total_seconds()) < 60


def test_the_newest_is_first() -> None:
    runs = [finished_run(Recipe(seed=seed)) for seed in range(3)]
    assert [record.id for record in run_records.runs()] == [run.id for run in reversed(runs)]


def test_a_recipe_of_another_version_is_left_out() -> None:
    kept, other = finished_run(), finished_run(Recipe(seed=1))
    with run_transaction(write=True) as database:
        database.execute("UPDATE run SET recipe = ? WHERE id = ?", ('{"unheard_of": 1}', other.id))
    assert [record.id for record in run_records.runs()] == [kept.id]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE run SET created = 'yesterday' WHERE id = ?",
        "UPDATE run SET created = '2026-12-01T10:00:00' WHERE id = ?",
        "UPDATE run SET state = 'asleep' WHERE id = ?",
        "UPDATE run SET folder = x'00ff' WHERE id = ?",
        "UPDATE detail SET trashed = 'long ago' WHERE run = ?",
    ],
)
def test_a_run_whose_entry_is_damaged_is_left_out(damage: str) -> None:
    kept, other = finished_run(), finished_run(Recipe(seed=1))
    run_database.set_details(other.id, name="mine")
    with run_transaction(write=True) as database:
        database.execute(damage, (other.id,))
    assert [record.id for record in run_records.runs_named([kept.id, other.id])] == [kept.id]


def test_a_damaged_figure_hides_no_run() -> None:
    run = finished_run(right=(60, 80))
    run_database.set_details(run.id, note="a note")
    with run_transaction(write=True) as database:
        database.execute("UPDATE epoch SET validation_accuracy = 'good', best = 'no'")
        database.execute("UPDATE measurement SET photos = -5")
        database.execute("UPDATE detail SET note = CAST(x'ff41' AS TEXT), starred = 'very'")
    (record,) = run_records.runs()
    assert (record.best_accuracy, record.measurement, record.is_starred) == (0, None, False)
    assert record.note == "\ufffdA"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' names are text")
def test_a_folder_whose_name_is_no_text_hides_no_run() -> None:
    run = create_run(Recipe(), Path(os.fsdecode(b"/photos/\xff")))
    run_database.begin(run, "CPU")
    (record,) = run_records.runs()
    assert record.data == Path("/photos/\ufffd")


def test_what_is_carried_elsewhere_is_found_there(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [create_run(Recipe(), Path("/photos"))]
    runs.append(create_run(Recipe(), Path("/photos"), paths.comparisons_folder() / "a" / "01"))
    for run in runs:
        run_database.begin(run, "CPU")
    run_database.add_comparison("a", paths.comparisons_folder() / "a", Path("/photos"))
    elsewhere = home.rename(tmp_path / "stick")
    monkeypatch.setenv("FRUITGUI_HOME", str(elsewhere))
    for run in runs:
        record = run_records.run_named(run.id)
        assert record is not None
        assert record.folder == elsewhere / run.folder.relative_to(home)
        assert run_database.folder_of(run.id) == record.folder
    assert run_database.comparison_folders() == {"a": elsewhere / "comparisons" / "a"}


def test_an_epoch_whose_figures_are_damaged_is_left_out() -> None:
    run = finished_run(right=(60, 80, 70))
    with run_transaction(write=True) as database:
        database.execute("UPDATE epoch SET train_loss = 'low' WHERE epoch = 2")
    assert [epoch.epoch for epoch in run_database.epochs_of(run.id)] == [1, 3]


def test_a_folder_that_is_no_text_is_not_known(tmp_path: Path) -> None:
    run = finished_run()
    for name in ("kept", "damaged"):
        run_database.add_comparison(name, tmp_path / name, tmp_path)
    with run_transaction(write=True) as database:
        database.execute("UPDATE comparison SET folder = x'00' WHERE id = 'damaged'")
        database.execute("UPDATE run SET folder = x'00'")
    assert run_database.comparison_folders() == {"kept": tmp_path / "kept"}
    assert run_database.folder_of(run.id) is None


def test_runs_in_the_trash_are_not_offered_to_go_on_with() -> None:
    run = finished_run(state="stopped")
    assert [record.id for record in run_records.unfinished_runs()] == [run.id]
    run_database.trash([run.id])
    assert run_records.unfinished_runs() == []
