import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import KINDS
from trainer import paths
from trainer.cli import main
from trainer.recipe import Recipe

SMALL = (
    "--model mobilenet_v2 --weights none --strategy full --image-size 32 --batch-size 8 --epochs 1"
).split()


@pytest.fixture(scope="module")
def trained(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model file."""
    out = tmp_path_factory.mktemp("trained") / "run"
    assert main(["train", str(demo_folder), *SMALL, "--out", str(out)]) == 0
    return out / "model.safetensors"


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def run_process(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "trainer", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=False,
    )


def test_predict_prints_an_object_a_photo_in_input_order(
    trained: Path, demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = demo_folder / "test" / "Lime"
    broken = tmp_path / "깨짐.jpg"
    broken.write_text("no picture")
    photo = sorted((demo_folder / "test" / "Tomato").iterdir())[0]
    status = main(
        ["predict", str(broken), str(folder), str(photo), "--model", str(trained), "--json"]
    )
    found = lines(capsys.readouterr().out)
    assert status == 0
    expected = [broken, *sorted(folder.iterdir()), photo]
    assert [line["path"] for line in found] == list(map(str, expected))
    assert found[0] == {
        "path": str(broken),
        "label": None,
        "confidence": None,
        "top": [],
        "unknown": False,
        "error": "This is not a picture, or of a kind that is not supported.",
    }
    last = found[-1]
    assert set(last) == {"path", "label", "confidence", "top", "unknown", "error"}
    assert last["error"] is None
    top = last["top"]
    assert isinstance(top, list)
    assert sorted(entry["label"] for entry in top) == sorted(KINDS)
    assert sum(entry["probability"] for entry in top) == pytest.approx(1, abs=1e-5)
    assert last["unknown"] == (last["label"] is None)


def test_predict_limits_the_top_and_writes_a_table(
    trained: Path, demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "표.csv"
    arguments = ["predict", str(demo_folder / "test"), "--model", str(trained), "--top", "1"]
    assert main([*arguments, "--csv", str(table), "--json"]) == 0
    found = lines(capsys.readouterr().out)
    assert all(len(line["top"]) == 1 for line in found)  # type: ignore[arg-type]
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["path"] for row in rows] == [line["path"] for line in found]


def test_predict_fails_only_when_every_photo_does(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "a.jpg"
    broken.touch()
    assert main(["predict", str(broken), "--model", str(trained), "--json"]) == 1
    captured = capsys.readouterr()
    assert lines(captured.out)[0]["error"] == "The file is empty."
    assert captured.err.strip().count("\n") == 0


def test_the_starter_labels_without_being_named(capsys: pytest.CaptureFixture[str]) -> None:
    samples = sorted(paths.samples_folder().glob("*.jpg"))
    assert main(["predict", str(paths.samples_folder()), "--json"]) == 0
    found = lines(capsys.readouterr().out)
    assert len(found) == len(samples)
    right = sum(
        Path(str(line["path"])).name.split("-")[0] == line["top"][0]["label"].lower()  # type: ignore[index]
        for line in found
    )
    assert right >= 0.75 * len(samples)


def test_train_prints_events_and_ends_with_the_model(
    demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    assert main(["train", str(demo_folder), *SMALL, "--out", str(out), "--json"]) == 0
    found = lines(capsys.readouterr().out)
    assert found[0]["event"] == "run_started"
    epoch = next(line for line in found if line["event"] == "epoch_done")
    assert epoch["epoch"] == 1
    last = found[-1]
    assert last["event"] == "finished"
    assert last["model"] == str(out / "model.safetensors")
    assert last["best_epoch"] == 1


def test_the_last_line_of_train_names_the_model_and_resume_takes_an_id(
    demo_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", str(demo_folder), *SMALL]) == 0
    model = Path(capsys.readouterr().out.splitlines()[-1])
    assert model.is_file()
    assert model.is_relative_to(paths.runs_folder())
    for name in (model.parent.name, str(model.parent)):
        assert main(["resume", name]) == 0
        assert capsys.readouterr().out.splitlines()[-1] == str(model)


def test_evaluate_prints_one_object(
    trained: Path, demo_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(trained), str(demo_folder), "--json"]) == 0
    (found,) = lines(capsys.readouterr().out)
    assert found["classes"] == list(KINDS)
    assert found["n"] == sum(1 for _ in (demo_folder / "test").rglob("*.jpg"))
    low, high = found["interval"]  # type: ignore[misc]
    assert 0 <= low <= found["accuracy"] <= high <= 1  # type: ignore[operator]
    assert {"macro_f1", "ece", "per_class", "confusion"} <= set(found)


def test_evaluate_prints_a_table_for_people(
    trained: Path, demo_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(trained), str(demo_folder), "--split", "validation"]) == 0
    printed = capsys.readouterr().out
    assert "Accuracy" in printed
    assert all(kind in printed for kind in KINDS)


@pytest.mark.parametrize(
    "arguments",
    [
        ["predict", "nowhere", "--json"],
        ["predict", "--model", "nowhere.safetensors", "README.md"],
        ["train", "nowhere"],
        ["train", "DATA", "--weights", "nowhere.pth"],
        ["train", "DATA", "--model", "nonsense"],
        ["train", "DATA", "--epochs", "0"],
        ["train", "DATA", "--device", "nonsense"],
        ["resume", "nowhere"],
        ["evaluate", "nowhere.safetensors", "DATA"],
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    arguments: list[str], demo_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [str(demo_folder) if argument == "DATA" else argument for argument in arguments]
    assert main(given) == 1
    captured = capsys.readouterr()
    assert len(captured.err.strip().splitlines()) == 1
    assert "Traceback" not in captured.err


def test_bad_usage_exits_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    bad_workers = ["train", "x", "--workers", "-1"]
    for arguments in (
        [],
        bad_workers,
        ["dance"],
        ["predict"],
        ["train", "x", "--preset", "nonsense"],
    ):
        with pytest.raises(SystemExit) as ending:
            main(arguments)
        assert ending.value.code == 2
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["predict", "train", "resume", "evaluate"])
def test_each_verb_has_help(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ending:
        main([verb, "--help"])
    assert ending.value.code == 0
    assert "usage" in capsys.readouterr().out


def test_as_a_process_json_alone_goes_to_standard_output(trained: Path, demo_folder: Path) -> None:
    done = run_process("predict", str(demo_folder / "test"), "--model", str(trained), "--json")
    assert done.returncode == 0
    assert len(lines(done.stdout)) > 3
    assert done.stderr == ""


def test_a_recipe_can_be_given_choice_by_choice(
    demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    choices = ["--head", "linear", "--schedule", "plateau", "--seed", "7", "--dropout", "0.1"]
    assert main(["train", str(demo_folder), *SMALL, *choices, "--out", str(out)]) == 0
    capsys.readouterr()
    kept = json.loads((out / "run.json").read_text(encoding="utf-8"))["recipe"]
    recipe = Recipe.from_json(json.dumps(kept))
    assert (recipe.head, recipe.schedule, recipe.seed, recipe.dropout) == (
        "linear",
        "plateau",
        7,
        0.1,
    )
