import json
import signal
import sys
from pathlib import Path

import pytest

from tests.conftest import KINDS
from tests.trainer.cli.command_line import SMALL, lines
from tests.trainer.warm_process import command_line, running, trainer
from tests.weights_server import Server
from trainer import paths
from trainer.cli.main import main
from trainer.config.recipe import Recipe
from trainer.experiments.run import open_run
from trainer.models import imagenet
from trainer.models.metadata import read_model_info
from trainer.training.checkpoint import load_checkpoint


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


def test_a_misspelt_network_of_timms_leaves_no_run(
    demo_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", str(demo_folder), "--model", "timm/resnet50x"]) == 1
    assert "Did you mean one of: timm/resnet50" in capsys.readouterr().err
    assert not paths.runs_folder().exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows interrupts otherwise")
@pytest.mark.parametrize("interruption", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_says_so_in_one_line_and_keeps_its_epochs(
    demo_folder: Path, tmp_path: Path, interruption: signal.Signals
) -> None:
    out = tmp_path / "run"
    choices = [*SMALL, "--epochs", "1000", "--patience", "0", "--out", str(out), "--json"]
    with trainer("train", demo_folder, *choices) as process:
        for line in process.stdout:
            if '"epoch_done"' in line:
                # Whoever reads this line may rely on the disk, now.
                assert load_checkpoint(out / "state.pt").epoch >= 1
                assert read_model_info(out / "model.safetensors").classes == KINDS
                process.send_signal(interruption)
                break
        process.stdout.read()
        said = process.stderr.read()
        assert process.wait() == 1
    assert said.startswith("Interrupted. ")
    assert said.endswith(f"python -m trainer resume {out}\n")
    assert said.count("\n") == 1


def train_on_a_full_disk(arguments: list[str]) -> None:
    import resource  # Which Windows lacks.

    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
    command_line(arguments)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot limit the size of files")
def test_a_full_disk_is_said_in_one_line_and_the_run_goes_on_once_there_is_room(
    demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    arguments = ["train", str(demo_folder), *SMALL, "--out", str(out)]
    with running(train_on_a_full_disk, arguments) as process:
        (said,) = process.stderr.read().splitlines()
        assert process.wait() == 1
    assert f"refused to store “{out / 'model.safetensors'}”" in said
    files = [".lock", "learnt.json", "photos.json", "run.json"]
    assert sorted(path.name for path in out.iterdir()) == files
    assert main(["resume", str(out)]) == 0
    assert Path(capsys.readouterr().out.splitlines()[-1]).is_file()


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
