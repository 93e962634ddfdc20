import json
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.trainer.warm_process import WarmProcess, trainer
from trainer.cli.compare import grid_of
from trainer.cli.main import build_parser, main
from trainer.errors import RecipeError
from trainer.experiments import run_database, run_records
from trainer.experiments.comparison import (
    STUDY,
    Grid,
    Start,
    comparisons,
    create_comparison,
    open_comparison,
)

SMALL = "--preset quick --image-size 32 --batch-size 8 --patience 0 --epochs 1".split()
RANDOM = ("--models", "mobilenet_v2=none")
SMALLEST = ("--models", "timm/test_resnet=none", "--strategies", "full")


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def grid(*arguments: str) -> Grid:
    return grid_of(build_parser().parse_args(["compare", "data", *arguments]))


def said(process: WarmProcess, beginning: str) -> list[str]:
    """What is on standard error up to a line that begins so."""
    lines = []
    for line in process.stderr:
        lines.append(line)
        if line.startswith(beginning):
            return lines
    raise AssertionError(f"nothing begins with {beginning!r}: {lines}")


def test_without_choices_it_is_the_studys_question() -> None:
    assert grid() == STUDY


def test_networks_start_from_what_suits_them() -> None:
    chosen = grid("--preset", "quick", "--models", "mobilenet_v2,resnet18", "--strategies", "head")
    assert chosen.starts == (Start("mobilenet_v2", "imagenet"), Start("resnet18", "imagenet"))
    assert chosen.strategies == ("head",)
    chosen = grid("--preset", "scratch", "--models", "resnet18, resnet50")
    assert chosen.starts == (Start("resnet18", "none"), Start("resnet50", "none"))
    chosen = grid("--models", "tf_efficientnet_lite2=starter,resnet50", "--weights", "none")
    assert chosen.starts == (Start("tf_efficientnet_lite2", "starter"), Start("resnet50", "none"))


def test_a_weights_file_is_kept_with_its_whole_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.pth").touch()
    monkeypatch.chdir(tmp_path)
    whole = str((tmp_path / "mine.pth").resolve())
    assert grid("--models", "resnet18", "--weights", "mine.pth").starts == (
        Start("resnet18", whole),
    )
    assert grid("--models", "resnet18=mine.pth").starts == (Start("resnet18", whole),)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--models", "resnet5"), "no model “resnet5”"),
        (("--strategies", "heads"), "“heads” is no choice for strategy"),
        (("--seeds", "one"), "A seed is a whole number"),
        (("--seeds", "-1"), "seed is -1"),
        (
            ("--models", "mobilenet_v2=none,resnet18=typo.safetensors"),
            "There is no weights file “typo.safetensors”.",
        ),
        (("--weights", "typo.pth"), "There is no weights file “typo.pth”."),
        (("--models", "resnet18=starter"), "The starter model is a tf_efficientnet_lite2"),
    ],
)
def test_what_is_not_possible_is_told_in_a_line(
    arguments: tuple[str, str],
    sentence: str,
    demo_folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["compare", str(demo_folder), f"{arguments[0]}={arguments[1]}"]) == 1
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1
    assert comparisons() == []


def test_photos_that_are_not_there_leave_no_comparison_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", str(tmp_path / "nowhere")]) == 1
    assert "There is no folder or zip file" in capsys.readouterr().err
    assert comparisons() == []


def test_naming_nothing_is_bad_usage() -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["compare", "data", "--models", ","])
    assert exit_.value.code == 2


def test_json_is_a_line_a_run_and_a_failure_ends_no_other(
    demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = (tmp_path / "weights.pth").resolve()
    weights.write_text("no weights")
    command = [
        *("compare", str(demo_folder), *SMALL, "--out", str(tmp_path / "out")),
        *("--models", f"timm/test_resnet={weights},timm/test_resnet=none", "--strategies", "full"),
        *("--seeds", "0,1", "--json"),
    ]
    assert main(command) == 0
    captured = capsys.readouterr()
    lines = objects(captured.out)
    assert [(line["weights"], line["seed"], line["state"]) for line in lines] == [
        *(("none", seed, "completed") for seed in (0, 1)),
        *((str(weights), seed, "failed") for seed in (0, 1)),
    ]
    assert all(line["n"] > 0 and line["is_recommended"] for line in lines[:2])
    assert all("something else than a network's" in line["reason"] for line in lines[2:])
    assert f"1 of 4: timm/test_resnet, {weights}, full, seed 0" in captured.err
    assert Path(lines[0]["run"]).parent == tmp_path / "out"

    # The same command goes on, and what is done is not trained again.
    assert main(command) == 0
    captured = capsys.readouterr()
    assert objects(captured.out) == lines
    assert "3 of 4" not in captured.err
    assert len(comparisons()) == 1


def test_people_get_a_table_and_advice(
    demo_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    choices = [*SMALL, *RANDOM, "--strategies", "head,full"]
    interrupted = create_comparison(grid(*choices).recipes(), demo_folder)
    assert main(["compare", str(demo_folder), *choices]) == 0
    captured = capsys.readouterr()
    # The same command goes on without being told where.
    assert f"Going on with {interrupted.folder}; " in captured.err
    assert comparisons() == [interrupted]
    lines = captured.out.splitlines()
    assert lines[0].split()[:4] == ["model", "strategy", "validation", "test"]
    assert [line.split()[:3] for line in lines[1:3]] == [
        ["MobileNetV2", "(none)", "head"],
        ["MobileNetV2", "(none)", "full"],
    ]
    assert sum("← take" in line for line in lines) == 1
    assert lines[-2].startswith("Recommended: MobileNetV2 (random weights), ")
    assert "There are no test photos" not in lines[-2]
    assert open_comparison(lines[-1]) == comparisons()[0]


def test_where_every_run_fails_the_exit_status_says_so(
    demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "weights.pth").write_text("no weights")
    models = f"mobilenet_v2={tmp_path / 'weights.pth'}"
    command = ["compare", str(demo_folder), *SMALL, "--models", models]
    assert main([*command, "--strategies", "head"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "“weights.pth” is damaged, or holds something else" in captured.err.splitlines()[-1]


def test_what_needs_a_download_is_said_before_it_starts(
    demo_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    choices = [*SMALL, "--models", "resnet18,tf_efficientnet_lite0", "--strategies", "head"]
    assert main(["compare", str(demo_folder), *choices]) == 0
    first, *others = capsys.readouterr().err.splitlines()
    assert first == "ImageNet weights that are downloaded when their turn comes: ResNet18."
    assert any("could not be downloaded" in line for line in others)


def test_a_folder_of_another_comparison_is_refused(
    demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    create_comparison(
        grid(*RANDOM, "--strategies", "head").recipes(), demo_folder, tmp_path / "out"
    )
    command = ["compare", str(demo_folder), *RANDOM, "--out", str(tmp_path / "out")]
    assert main([*command, "--strategies", "full"]) == 1
    assert "holds another comparison" in capsys.readouterr().err
    with pytest.raises(RecipeError):
        open_comparison(str(tmp_path))


@pytest.mark.skipif(sys.platform == "win32", reason="sends Unix signals")
def test_a_killed_comparison_goes_on_where_it_was(demo_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = ["compare", demo_folder, *SMALL, *SMALLEST, "--seeds", "0,1,2"]
    with trainer(*command, "--out", out) as process:
        said(process, "2 of 3")
        process.send_signal(signal.SIGKILL)
        process.wait()
    (comparison,) = comparisons()
    first = comparison.begun_run(0)
    assert first is not None
    model = first.model_file.read_bytes()
    done = run_records.run_named(first.id)
    assert done is not None and done.measurement is not None

    with trainer("resume", comparison.id, "--json") as process:
        lines = said(process, "3 of 3")
        output = process.stdout.read()
        assert process.wait() == 0
    # The first was not begun again, the second goes on, and all three are in the table.
    assert [line.partition(":")[0] for line in lines] == ["2 of 3", "3 of 3"]
    assert [line["seed"] for line in objects(output)] == [0, 1, 2]
    assert first.model_file.read_bytes() == model
    assert run_records.run_named(first.id) == done
    assert len(run_database.epochs_of(first.id)) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="sends Unix signals")
def test_an_interrupted_comparison_says_how_to_go_on(demo_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = ["compare", demo_folder, *SMALL, *SMALLEST, "--out", out]
    with trainer(*command, "--epochs", "10000") as process:
        said(process, "1 of 1")
        process.send_signal(signal.SIGTERM)
        error = process.stderr.read()
        assert process.wait() == 1
    assert error.splitlines()[-1].endswith(f"Go on with: python -m trainer resume {out}")
