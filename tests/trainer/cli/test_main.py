import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.trainer.cli.command_line import SMALL, lines, run_process
from trainer.cli.main import is_of_closed_pipe, main


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("fruitgui-trainer ev", {"evaluate"}),
        ("fruitgui-trainer export model.safetensors --format on", {"onnx"}),
    ],
)
def test_shells_complete_verbs_and_choices(line: str, wanted: set[str], tmp_path: Path) -> None:
    answer = tmp_path / "answer"
    subprocess.run(
        [sys.executable, "-c", "from trainer.cli.main import main; main()"],
        env={
            **os.environ,
            "_ARGCOMPLETE": "1",
            "_ARGCOMPLETE_STDOUT_FILENAME": str(answer),
            "COMP_LINE": line,
            "COMP_POINT": str(len(line)),
            "_ARGCOMPLETE_IFS": "\n",
        },
        check=True,
    )
    assert {each.strip() for each in answer.read_text(encoding="utf-8").split("\n")} == wanted


@pytest.mark.parametrize(
    "arguments",
    [
        ["predict", "nowhere", "--json"],
        ["predict", "--model", "nowhere.safetensors", "README.md"],
        ["predict", "README.md", "--sort-into", "README.md"],
        ["train", "nowhere"],
        ["train", "DATA", "--weights", "nowhere.pth"],
        ["train", "DATA", "--model", "nonsense"],
        ["train", "nowhere", "--model", "timm/resnet50x"],
        ["compare", "nowhere", "--models", "resnet50,timm/resnet50x"],
        ["train", "DATA", "--epochs", "0"],
        ["train", "DATA", "--device", "nonsense"],
        ["resume", "nowhere"],
        ["train", "DATA", *SMALL, "--device", "meta"],
        ["train", "DATA", "--weights", "none", "--learning-rate", "nan"],
        ["train", "DATA", "--weights", "none", "--teacher", "nowhere"],
        ["evaluate", "nowhere.safetensors", "DATA"],
        ["evaluate", "DATA", "DATA"],
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
        ["train", "x", "--strategy", "nonsense"],
        ["predict", "x", "--top", "0"],
        ["predict", "x", "--dry-run"],
        ["evaluate", "x"],
        ["evaluate", "x", "y", "--split", "nonsense"],
        ["resume"],
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


def test_a_reader_who_has_seen_enough_ends_it_without_a_traceback(
    trained: Path, demo_folder: Path
) -> None:
    arguments = ["predict", str(demo_folder), "--model", str(trained), "--json"]
    with subprocess.Popen(
        [sys.executable, "-m", "trainer", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["error"] is None
        process.stdout.close()
        assert process.stderr.read() == ""


def test_a_pipe_that_is_closed_is_told_from_what_the_disk_refuses() -> None:
    assert is_of_closed_pipe(BrokenPipeError(errno.EPIPE, "Broken pipe"))
    # What Windows says instead.
    invalid = OSError(errno.EINVAL, "Invalid argument")
    assert is_of_closed_pipe(invalid, "win32")
    assert not is_of_closed_pipe(invalid, "linux")
    assert not is_of_closed_pipe(OSError(errno.EINVAL, "Invalid argument", "a?.csv"), "win32")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(["--version"], 0), (["train", "nowhere"], 1), (["train", "x", "--epochs", "many"], 2)],
)
def test_as_a_process_it_exits_with_its_status(arguments: list[str], status: int) -> None:
    done = run_process(*arguments)
    assert done.returncode == status
    assert (done.stdout == "") == (status != 0)
    if status == 1:
        assert done.stderr == "There is no folder or zip file “nowhere”.\n"
    assert "Traceback" not in done.stderr
