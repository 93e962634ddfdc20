from pathlib import Path

import pytest

from tests.conftest import KINDS
from tests.trainer.cli.command_line import lines
from trainer.cli.main import main


def test_evaluate_prints_one_object(
    trained: Path, demo_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(trained), str(demo_folder), "--json"]) == 0
    (found,) = lines(capsys.readouterr().out)
    assert found["classes"] == list(KINDS)
    assert found["n"] == sum(1 for _ in (demo_folder / "test").rglob("*.jpg"))
    interval = found["interval"]
    assert isinstance(interval, list)
    assert [0, *interval, 1] == sorted([0, *interval, 1])
    assert interval[0] <= found["accuracy"] <= interval[1]
    assert {"macro_f1", "ece", "per_class", "confusion"} <= set(found)


def test_evaluate_prints_a_table_for_people(
    trained: Path, demo_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(trained), str(demo_folder), "--split", "val"]) == 0
    printed = capsys.readouterr().out
    assert "Accuracy" in printed
    assert all(kind in printed for kind in KINDS)
