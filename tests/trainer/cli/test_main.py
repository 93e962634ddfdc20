import csv
import dataclasses
import errno
import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import KINDS
from tests.weights_server import Server
from trainer import paths
from trainer.cli.main import is_of_closed_pipe, main
from trainer.config.recipe import Recipe
from trainer.data import corrections
from trainer.experiments.run import open_run
from trainer.models import imagenet
from trainer.models.metadata import read_model_info
from trainer.models.model_file import load_model, save_model
from trainer.training.checkpoint import load_checkpoint

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
        check=False,
    )


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


def test_predict_says_which_file_is_cut_off(
    trained: Path, demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = sorted((demo_folder / "test" / "Tomato").iterdir())[0]
    cut = tmp_path / "cut.jpg"
    cut.write_bytes(whole.read_bytes()[:-40])
    assert main(["predict", str(whole), str(cut), "--model", str(trained), "--json"]) == 0
    said = capsys.readouterr()
    assert [line["error"] for line in lines(said.out)] == [None, None]
    assert f"{cut}: The file is cut off" in said.err
    assert str(whole) not in said.err


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


def test_a_failed_first_try_does_not_block_its_folder(
    demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["train", str(demo_folder), *SMALL, "--out", str(tmp_path / "run")]
    assert main([*command, "--weights", "nowhere.pth"]) == 1
    assert main(command) == 0
    assert main(command) == 1
    assert "holds a run already" in capsys.readouterr().err


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


def test_a_misspelt_network_of_timms_leaves_no_run(
    demo_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", str(demo_folder), "--model", "timm/resnet50x"]) == 1
    assert "Did you mean one of: timm/resnet50" in capsys.readouterr().err
    assert not paths.runs_folder().exists()


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


def heed_interrupts() -> None:
    """In a process to come: interrupts are not ignored, even if they are here (jobs in the
    background do, and hand it down)."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows interrupts otherwise")
@pytest.mark.parametrize("interruption", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_says_so_in_one_line_and_keeps_its_epochs(
    demo_folder: Path, tmp_path: Path, interruption: signal.Signals
) -> None:
    out = tmp_path / "run"
    choices = [*SMALL, "--epochs", "1000", "--patience", "0", "--out", str(out), "--json"]
    with subprocess.Popen(
        [sys.executable, "-m", "trainer", "train", str(demo_folder), *choices],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_interrupts,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for line in process.stdout:
            if '"epoch_done"' in line:
                # Whoever reads this line may rely on the disk, now.
                assert load_checkpoint(out / "state.pt").epoch >= 1
                assert read_model_info(out / "model.safetensors").classes == KINDS
                process.send_signal(interruption)
                break
        process.stdout.read()
        said = process.stderr.read()
    assert process.returncode == 1
    assert said.startswith("Interrupted. ")
    assert said.endswith(f"python -m trainer resume {out}\n")
    assert said.count("\n") == 1


LIMITED = """
import resource, sys
from trainer.cli.main import main
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot limit the size of files")
def test_a_full_disk_is_said_in_one_line_and_the_run_goes_on_once_there_is_room(
    demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, "train", str(demo_folder), *SMALL, "--out", str(out)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    (said,) = done.stderr.splitlines()
    assert f"refused to store “{out / 'model.safetensors'}”" in said
    files = [".lock", "learnt.json", "photos.json", "run.json"]
    assert sorted(path.name for path in out.iterdir()) == files
    assert main(["resume", str(out)]) == 0
    assert Path(capsys.readouterr().out.splitlines()[-1]).is_file()


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


def test_offline_the_imagenet_weights_are_said_to_be_out_of_reach(
    demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    choices = [*SMALL, "--weights", "imagenet", "--out", str(tmp_path / "run"), "--json"]
    assert main(["train", str(demo_folder), *choices]) == 1
    captured = capsys.readouterr()
    (said,) = captured.err.splitlines()
    assert "could not be downloaded from 127.0.0.1:1" in said
    assert [line["event"] for line in lines(captured.out)] == ["run_started"]


SHORT = "--strategy head --batch-size 8 --epochs 1".split()


def test_offline_a_preset_trains_the_network_that_is_at_hand(
    demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    choices = [*SHORT, "--image-size", "64", "--out", str(out), "--json"]
    assert main(["train", str(demo_folder), *choices]) == 0
    captured = capsys.readouterr()
    (said,) = captured.err.splitlines()
    assert "ResNet50 could not be downloaded" in said
    assert said.endswith("tf_efficientnet_lite2, which is at hand, is taken instead.")
    assert lines(captured.out)[-1]["event"] == "finished"
    recipe = open_run(str(out)).recipe
    assert (recipe.model, recipe.weights) == ("tf_efficientnet_lite2", "imagenet")
    assert recipe.image_size == 64  # What was asked for counts more.


def test_a_presets_own_network_is_downloaded_where_it_can_be(
    demo_folder: Path,
    tmp_path: Path,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Its hash refuses what this server has, once it is all there: so it was asked for.
    monkeypatch.setitem(imagenet.HOSTS, "torchvision", server.address)
    out = tmp_path / "run"
    choices = [*SHORT, "--image-size", "32", "--out", str(out), "--json"]
    assert main(["train", str(demo_folder), *choices]) == 0
    captured = capsys.readouterr()
    assert server.asked == ["/resnet50-0676ba61.pth"]
    first = lines(captured.out)[0]
    assert (first["event"], first["stage"]) == ("preparing", "weights")
    assert "tf_efficientnet_lite2" in captured.err


def test_the_notebook_and_what_is_named_are_never_replaced(
    demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, choices in enumerate(
        (["--preset", "notebook"], ["--model", "resnet50"], ["--weights", "imagenet"])
    ):
        out = str(tmp_path / str(number))
        command = ["train", str(demo_folder), *choices, *SHORT, "--image-size", "32", "--out", out]
        assert main(command) == 1
        assert "Go online and try again" in capsys.readouterr().err


def test_folders_are_searched_below_and_a_file_named_outright_is_tried(
    trained: Path, demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = sorted(demo_folder.rglob("*.jpg"))[0].read_bytes()
    deep = tmp_path / "photos" / "여름" / "deeper"
    deep.mkdir(parents=True)
    (deep / "a.JPG").write_bytes(image)
    (deep / "notes.txt").write_bytes(image)
    (deep / ".hidden.jpg").write_bytes(image)
    outright = deep / "no suffix"
    outright.write_bytes(image)
    arguments = ["predict", str(tmp_path / "photos"), str(outright)]
    assert main([*arguments, "--model", str(trained), "--json"]) == 0
    found = lines(capsys.readouterr().out)
    assert [line["path"] for line in found] == [str(deep / "a.JPG"), str(outright)]
    assert [line["error"] for line in found] == [None, None]


def test_an_unsure_answer_is_unknown_with_its_top(
    trained: Path, demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    classifier, info = load_model(trained)
    unsure = tmp_path / "unsure.safetensors"
    save_model(unsure, classifier, dataclasses.replace(info, threshold=1.0, temperature=5.0))
    photo = sorted(demo_folder.rglob("*.jpg"))[0]
    assert main(["predict", str(photo), "--model", str(unsure), "--json"]) == 0
    (found,) = lines(capsys.readouterr().out)
    assert (found["label"], found["unknown"], found["error"]) == (None, True, None)
    top = found["top"]
    assert isinstance(top, list)
    assert found["confidence"] == top[0]["probability"]
    assert main(["predict", str(photo), "--model", str(unsure)]) == 0
    assert f"unknown ({top[0]['label']}?)" in capsys.readouterr().out


def test_a_table_names_its_columns_and_the_photos_that_failed(
    trained: Path, demo_folder: Path, tmp_path: Path
) -> None:
    broken = tmp_path / '깨짐, "a".jpg'
    broken.touch()
    photo = sorted(demo_folder.rglob("*.jpg"))[0]
    table = tmp_path / "new folder" / "표.csv"
    arguments = ["predict", str(broken), str(photo), "--model", str(trained), "--csv", str(table)]
    assert main(arguments) == 0
    with table.open(encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert list(first) == [
        *("path", "label", "confidence", "unknown", "error", "corrected", "guess", "name")
    ]
    assert (first["path"], first["error"]) == (str(broken), "The file is empty.")
    assert (second["path"], second["error"]) == (str(photo), "")
    assert 0 < float(second["confidence"]) <= 1


def test_a_name_that_is_no_text_is_escaped(
    trained: Path, demo_folder: Path, tmp_path: Path
) -> None:
    try:
        photo = tmp_path / os.fsdecode(b"\xbb\xe7\xb0\xfa.jpg")
        photo.write_bytes(sorted(demo_folder.rglob("*.jpg"))[0].read_bytes())
    except (OSError, UnicodeDecodeError):
        pytest.skip("this file system takes only names in UTF-8")
    table = tmp_path / "table.csv"
    options = ["--model", str(trained), "--csv", str(table), "--json"]
    done = run_process("predict", str(photo), *options)
    assert (done.returncode, done.stderr) == (0, "")
    assert lines(done.stdout)[0]["path"] == str(photo)
    assert r"\udcbb\udce7\udcb0\udcfa.jpg" in table.read_text(encoding="utf-8-sig")


def test_corrections_count_in_files_and_not_in_what_is_printed(
    trained: Path, demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = sorted((demo_folder / "test" / "Lime").iterdir())[:2]
    corrections.keep({first: "풋사과"})
    table, json_lines = tmp_path / "표.csv", tmp_path / "줄.jsonl"
    arguments = ["predict", str(first), str(second), "--model", str(trained), "--json"]
    assert main([*arguments, "--csv", str(table), "--json-lines", str(json_lines)]) == 0
    printed = lines(capsys.readouterr().out)
    assert all("corrected" not in line for line in printed)
    assert printed[0]["label"] != "풋사과"
    kept = lines(json_lines.read_text(encoding="utf-8"))
    assert kept == [
        {**printed[0], "label": "풋사과", "unknown": False, "corrected": True},
        {**printed[1], "corrected": False},
    ]
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["corrected"] for row in rows] == ["True", "False"]
    assert rows[0]["label"] == "풋사과"


def test_photos_are_sorted_into_folders_once(
    trained: Path, demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = sorted((demo_folder / "test" / "Lime").iterdir())[0]
    broken = tmp_path / "broken.jpg"
    broken.touch()
    corrections.keep({photo: "풋사과"})
    out = tmp_path / "sorted"
    arguments = ["predict", str(photo), str(broken), "--model", str(trained), "--json"]
    assert main([*arguments, "--sort-into", str(out)]) == 0
    captured = capsys.readouterr()
    assert len(lines(captured.out)) == 2
    assert captured.err.splitlines()[-1] == f"1 photo copied into “{out}”."
    (copy,) = (path for path in out.rglob("*") if path.is_file())
    assert copy == out / "풋사과" / photo.name
    assert copy.read_bytes() == photo.read_bytes()
    assert main([*arguments, "--sort-into", str(out)]) == 0
    assert "0 photos copied" in (said := capsys.readouterr().err.splitlines()[-1])
    assert said.endswith("1 photo lay there already.")


def test_a_dry_run_says_what_would_be_copied_and_copies_nothing(
    trained: Path, demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = sorted((demo_folder / "test" / "Lime").iterdir())[0]
    corrections.keep({photo: "풋사과"})
    out = tmp_path / "sorted"
    arguments = ["predict", str(photo), "--model", str(trained), "--sort-into", str(out)]
    assert main([*arguments, "--dry-run"]) == 0
    captured = capsys.readouterr()
    expected = f"{photo} → {out / '풋사과' / photo.name}"
    assert captured.out.splitlines()[-1] == expected
    assert captured.err.splitlines()[-1] == f"1 photo would be copied into “{out}”."
    assert main([*arguments, "--dry-run", "--json"]) == 0
    captured = capsys.readouterr()
    assert len(lines(captured.out)) == 1
    assert expected in captured.err.splitlines()
    assert not out.exists()


def test_every_event_is_a_line_and_resume_prints_the_same_kinds(
    demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "run")
    assert main(["train", str(demo_folder), *SMALL, "--out", out, "--json"]) == 0
    captured = capsys.readouterr()
    kinds = [line["event"] for line in lines(captured.out)]
    assert captured.err == ""
    assert set(kinds) == {
        *("run_started", "preparing", "batch_done", "best_saved", "epoch_done", "finished")
    }
    assert kinds.index("best_saved") < kinds.index("epoch_done")
    assert main(["resume", out, "--json"]) == 0
    assert [line["event"] for line in lines(capsys.readouterr().out)] == ["run_started", "finished"]


def test_a_run_goes_to_no_folder_that_holds_one(
    demo_folder: Path, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = trained.read_bytes()
    assert main(["train", str(demo_folder), *SMALL, "--out", str(trained.parent)]) == 1
    assert "holds a run already" in capsys.readouterr().err
    assert trained.read_bytes() == before


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


def test_predict_keeps_as_many_right_answers_as_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    unknown = []
    for percent in ("100", "95", "10"):
        assert main(["predict", str(paths.samples_folder()), "--keep", percent, "--json"]) == 0
        unknown.append(sum(line["unknown"] for line in lines(capsys.readouterr().out)))
    assert unknown[0] == 0
    assert unknown[0] < unknown[2]
    assert unknown == sorted(unknown)


@pytest.mark.parametrize("percent", ["101", "-1", "many"])
def test_an_impossible_share_to_keep_is_bad_usage(percent: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["predict", str(paths.samples_folder()), "--keep", percent])
    assert ended.value.code == 2


def test_predict_takes_a_zip(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = tmp_path / "photos.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for sample in sorted(paths.samples_folder().glob("*.jpg"))[:2]:
            packed.write(sample, f"안/{sample.name}")
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK no zip")
    assert main(["predict", str(archive), str(broken), "--json"]) == 0
    found = lines(capsys.readouterr().out)
    assert [line["error"] is None for line in found] == [True, True, False]
    assert "Unpack" in found[2]["error"]
    inside = [f"{archive}/안/{name}" for name in ("apple-1.jpg", "aubergine-1.jpg")]
    assert [line["path"] for line in found] == [*inside, str(broken)]


def test_the_photos_of_a_zip_are_told_by_their_places_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sample = next(paths.samples_folder().glob("*.jpg"))
    with zipfile.ZipFile("holiday.zip", "w") as packed:
        packed.write(sample, "day1/a.jpg")
        packed.writestr("day2/b.jpg", b"no picture")
    kept, again = Path("table.csv"), Path("holiday.zip").absolute()
    arguments = ["predict", "holiday.zip", str(again), "--csv", str(kept), "--sort-into", "out"]
    assert main([*arguments, "--dry-run"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("holiday.zip/day1/a.jpg: ")
    assert "\nholiday.zip/day1/a.jpg → out" in said.out
    assert "holiday.zip/day2/b.jpg: This is not a picture" in said.err
    with kept.open(encoding="utf-8-sig", newline="") as file:
        rows = [row["path"] for row in csv.DictReader(file)]
    assert rows == ["holiday.zip/day1/a.jpg", "holiday.zip/day2/b.jpg"]
    assert "caches" not in said.out + said.err


def test_a_class_called_unknown_is_told_from_the_unsure(
    trained: Path, demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    classifier, info = load_model(trained)
    photo = sorted(demo_folder.rglob("*.jpg"))[0]
    classes = ("unknown", *info.classes[1:])
    out = tmp_path / "out"
    for threshold in (1.0, 0.0):
        model = tmp_path / f"{threshold}.safetensors"
        changed = dataclasses.replace(info, classes=classes, threshold=threshold)
        save_model(model, classifier, changed)
        options = ["--model", str(model), "--sort-into", str(out)]
        assert main(["predict", str(photo), *options]) == 0
    assert "not sure (" in capsys.readouterr().out
    assert (out / "not sure" / photo.name).is_file()
    (label,) = {folder.name for folder in out.iterdir()} - {"not sure"}
    assert label in classes
