import json
import shutil
from pathlib import Path

import pytest

from tests.trainer.cli.command_line import SMALL
from trainer.cli.main import main
from trainer.experiments import run_records


@pytest.fixture
def run(demo_folder: Path, tmp_path: Path) -> Path:
    """A run's folder."""
    out = tmp_path / "run"
    assert main(["train", str(demo_folder), *SMALL, "--out", str(out)]) == 0
    return out


def printed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_runs_are_listed_and_shown(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["runs", "--json"]) == 0
    (listed,) = printed(capsys)
    assert listed["folder"] == str(run)
    assert (listed["state"], listed["model"]) == ("completed", "mobilenet_v2")
    assert isinstance(listed["test_accuracy"], float)
    name = str(listed["id"])
    for given in (name, str(run)):
        assert main(["runs", "show", given, "--json"]) == 0
        (shown,) = printed(capsys)
        assert shown["id"] == name
        assert isinstance(shown["recipe"], dict)
        assert shown["recipe"]["image_size"] == 32
        assert isinstance(shown["epochs"], list)
        assert shown["epochs"][0]["epoch"] == 1
    assert main(["runs", "show", name]) == 0
    assert "validation accuracy" in capsys.readouterr().out
    assert main(["runs", "list"]) == 0
    assert name in capsys.readouterr().out


def test_a_deleted_run_comes_back_until_the_trash_is_emptied(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (record,) = run_records.runs()
    (run / "notes.txt").write_text("of the user's own")
    assert main(["runs", "delete", record.id]) == 0
    assert run_records.runs() == []
    assert (run / "model.safetensors").is_file()
    capsys.readouterr()
    assert main(["runs", "list", "--trash", "--json"]) == 0
    assert [line["id"] for line in printed(capsys)] == [record.id]
    assert main(["runs", "restore", record.id]) == 0
    assert [each.id for each in run_records.runs()] == [record.id]
    assert main(["runs", "delete", str(run), "--json"]) == 0
    assert main(["runs", "empty-trash"]) == 0
    assert run_records.trashed_runs() == []
    # What is not the run's stays.
    assert [path.name for path in run.iterdir()] == ["notes.txt"]


def test_a_copy_of_a_run_is_not_that_run(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = shutil.copytree(run, tmp_path / "copy")
    assert main(["runs", "delete", str(copy)]) == 1
    assert "There is no run" in capsys.readouterr().err
    assert len(run_records.runs()) == 1


def test_a_run_that_is_not_there_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    for action in ("show", "delete", "restore"):
        assert main(["runs", action, "nothing"]) == 1
        assert capsys.readouterr().err == "There is no run “nothing”.\n"
    assert main(["runs"]) == 0
    with pytest.raises(SystemExit, match="2"):
        main(["runs", "burn"])
