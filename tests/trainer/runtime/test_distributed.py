import json
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.distributed import TCPStore
from torch.nn import functional

from tests.conftest import KINDS
from tests.trainer.runs import SMALL
from tests.trainer.warm_process import trainer
from trainer.cli.main import main
from trainer.config.recipe import Recipe
from trainer.data.dataset import open_data_set
from trainer.data.transforms import square_from_file
from trainer.errors import RecipeError
from trainer.experiments.run import create_run
from trainer.models.classifier import normalise
from trainer.models.metadata import read_model_info
from trainer.models.model_file import load_model
from trainer.runtime.distributed import Ranks
from trainer.training.fit import fit

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="torchrun needs libuv, which torch lacks on Windows"
)


def command(data: Path, out: Path, *choices: str) -> list[str]:
    return [
        *("train", str(data), "--json", "--image-size", "32", "--batch-size", "8"),
        *("--patience", "0", "--dropout", "0", "--epochs", "2", "--out", str(out), *choices),
    ]


def train_by_torchrun(data: Path, out: Path, *choices: str) -> subprocess.CompletedProcess[str]:
    """In two processes."""
    launch = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", "-m", "trainer"]
    return subprocess.run(
        [sys.executable, *launch, *command(data, out, *choices)],
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass(frozen=True, slots=True)
class Done:
    """Processes that are over, and what they said one after another."""

    statuses: list[int]
    stdout: str
    stderr: str


def train_together(data: Path, out: Path, *choices: str) -> Done:
    """In two processes, which find what torchrun gives to those that it starts."""
    store = TCPStore("localhost", 0, is_master=True, wait_for_workers=False)
    with ExitStack() as stack:
        processes = []
        for rank in range(2):
            environment = {
                "RANK": str(rank),
                "LOCAL_RANK": str(rank),
                "WORLD_SIZE": "2",
                "LOCAL_WORLD_SIZE": "2",
                "MASTER_ADDR": "localhost",
                "MASTER_PORT": str(store.port),
                "TORCHELASTIC_USE_AGENT_STORE": "True",
            }
            arguments = command(data, out, *choices)
            processes.append(stack.enter_context(trainer(*arguments, environment=environment)))
        stdout = "".join(process.stdout.read() for process in processes)
        stderr = "".join(process.stderr.read() for process in processes)
        return Done([process.wait() for process in processes], stdout, stderr)


def epochs_in(output: str) -> list[dict[str, Any]]:
    happened = map(json.loads, output.splitlines())
    return [event for event in happened if event["event"] == "epoch_done"]


@pytest.mark.skipif(
    sys.platform == "win32", reason="torchrun needs libuv, which Windows' torch lacks"
)
@pytest.mark.parametrize(
    "choices",
    [
        ("--preset", "quick"),
        # LayerNorm, unlike BatchNorm, sees each photo alone, so that shares of a batch add up.
        ("--model", "timm/test_convnext", "--weights", "none", "--strategy", "full"),
    ],
    ids=["head on cached features", "whole network"],
)
def test_two_processes_learn_what_one_does(
    demo_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    choices: tuple[str, ...],
) -> None:
    assert main(command(demo_folder, tmp_path / "alone", *choices)) == 0
    alone = epochs_in(capsys.readouterr().out)
    done = train_together(demo_folder, tmp_path / "together", *choices)
    assert done.statuses == [0, 0], done.stderr
    together = epochs_in(done.stdout)
    assert [event["epoch"] for event in together] == [1, 2]
    for ours, theirs in zip(together, alone, strict=True):
        for figure in ("train_loss", "validation_loss"):
            assert ours[figure] == pytest.approx(theirs[figure], abs=1e-4)
        assert ours["validation_accuracy"] == theirs["validation_accuracy"]
    assert read_model_info(tmp_path / "together" / "model.safetensors").classes == KINDS


@pytest.mark.skipif(
    sys.platform == "win32", reason="torchrun needs libuv, which Windows' torch lacks"
)
def test_what_goes_wrong_in_several_processes_is_said_once(
    demo_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    create_run(SMALL, demo_folder, out).model_file.touch()
    done = train_together(demo_folder, out, "--preset", "quick")
    assert done.statuses == [1, 1]
    assert done.stdout == ""
    assert done.stderr.count("holds a run already") == 1


@pytest.mark.skipif(
    sys.platform == "win32", reason="torchrun needs libuv, which Windows' torch lacks"
)
def test_the_figures_of_two_processes_are_those_of_the_model_that_is_kept(
    demo_folder: Path, tmp_path: Path
) -> None:
    """BatchNorm statistics and the average of the weights are each process's own."""
    choices = ("--model", SMALL.model, "--weights", "none", "--strategy", "full")
    done = train_by_torchrun(demo_folder, tmp_path / "run", *choices, "--average-decay", "0.5")
    assert done.returncode == 0, done.stderr
    best = [event for event in epochs_in(done.stdout) if event["best"]][-1]
    classifier, info = load_model(tmp_path / "run" / "model.safetensors")
    photos = open_data_set(demo_folder).split("validation")
    squares = [torch.tensor(square_from_file(photo.path, 32, "squash")) for photo in photos]
    images = normalise(torch.stack(squares).permute(0, 3, 1, 2), info.mean, info.std)
    with torch.no_grad():
        logits = classifier(images)
    labels = torch.tensor([photo.label for photo in photos])
    loss = functional.cross_entropy(logits, labels, label_smoothing=0.1)
    assert loss.item() == pytest.approx(best["validation_loss"], abs=1e-5)


def test_batches_must_suffice_for_all_processes(demo_folder: Path, tmp_path: Path) -> None:
    run = create_run(Recipe(weights="none", batch_size=4), demo_folder, tmp_path / "run")
    with pytest.raises(RecipeError, match="3 processes need batches of 6"):
        list(fit(run, open_data_set(demo_folder), ranks=Ranks(0, 3)))
