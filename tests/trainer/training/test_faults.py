"""What happens to a run when the world around it breaks: each fault is done to a real process."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import KINDS
from tests.trainer.photos import make
from tests.trainer.warm_process import WarmProcess, trainer
from trainer import synthetic
from trainer.cli.main import main
from trainer.config.recipe import Recipe
from trainer.data.dataset import open_data_set
from trainer.errors import RecipeError
from trainer.experiments import run_database, run_records
from trainer.experiments.run import create_run, open_run
from trainer.models.metadata import read_model_info
from trainer.training.fit import fit

SMALL = (
    "--model timm/test_resnet --weights none --strategy full --image-size 32 --batch-size 8 "
    "--patience 0"
).split()

SPLITS = ("train", "validation")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends Unix signals")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    for _ in synthetic.write_data_set(folder, per_class=16, kinds=KINDS, size=64):
        pass
    return folder


def training(*arguments: str | Path) -> AbstractContextManager[WarmProcess]:
    return trainer(*arguments, "--json")


def events_of(process: WarmProcess) -> Iterator[dict[str, Any]]:
    return map(json.loads, process.stdout)


def until(process: WarmProcess, name: str) -> dict[str, Any]:
    return next(event for event in events_of(process) if event["event"] == name)


def test_a_killed_run_is_found_again_with_its_epochs_and_goes_on(
    data: Path, tmp_path: Path
) -> None:
    with training("train", data, *SMALL, "--epochs", "1000") as process:
        started = until(process, "run_started")
        until(process, "epoch_done")
        run = open_run(started["run"])
        assert run.is_under_way
        with pytest.raises(RecipeError, match="being trained already"):
            next(fit(run, open_data_set(data)))
        process.send_signal(signal.SIGKILL)
        process.wait()

    (record,) = run_records.unfinished_runs()
    assert (record.id, record.state) == (run.id, "running")
    assert not run.is_under_way
    assert open_run(run.id) == run
    epochs = run_database.epochs_of(run.id)
    assert [epoch.epoch for epoch in epochs] == list(range(1, len(epochs) + 1))
    assert record.last_epoch == len(epochs) >= 1
    with training("resume", run.id) as process:
        assert until(process, "run_started")["first_epoch"] in (len(epochs), len(epochs) + 1)


def test_a_run_whose_photos_were_unplugged_says_so_and_goes_on_once_they_are_back(
    tmp_path: Path,
) -> None:
    # So many that they are still being read when they go.
    data = make(tmp_path / "data", {f"{split}/{name}": 150 for split in SPLITS for name in KINDS})
    out = tmp_path / "run"
    away = tmp_path / "away"
    with training(
        *("train", data, *SMALL, "--epochs", "1", "--threads", "1", "--out", out)
    ) as process:
        until(process, "preparing")
        data.rename(away)
        events = list(events_of(process))
        said = process.stderr.read()
        assert process.wait() == 1
    assert said.count("\n") == 1
    assert "is no longer there" in said
    assert events[-1]["event"] != "finished"
    assert run_records.unfinished_runs()[0].state == "failed"

    away.rename(data)
    with training("resume", out) as process:
        assert until(process, "finished")["ending"] == "completed"


def test_a_run_goes_on_when_its_photos_go_after_they_were_read(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = tmp_path / "whole"
    assert main(["train", str(data), *SMALL, "--epochs", "4", "--out", str(whole), "--json"]) == 0
    happened = map(json.loads, capsys.readouterr().out.splitlines())
    undisturbed = [e for e in happened if e["event"] == "epoch_done"]
    bare = tmp_path / "bare"
    with training("train", data, *SMALL, "--epochs", "4", "--out", bare) as process:
        until(process, "batch_done")
        for photo in data.rglob("*.jpg"):
            photo.write_bytes(b"something else altogether")
        shutil.rmtree(data)
        disturbed = [e for e in events_of(process) if e["event"] == "epoch_done"]
    losses = [[e["validation_loss"] for e in events] for events in (undisturbed, disturbed)]
    assert losses[0] == losses[1]
    assert read_model_info(bare / "model.safetensors").classes == KINDS


SHORT_OF_MEMORY = """
import resource, sys
from pathlib import Path
from trainer import events
from trainer.data.dataset import open_data_set
from trainer.events import as_json
from trainer.training.fit import fit
from trainer.experiments.run import open_run
import json

resource.setrlimit(resource.RLIMIT_DATA, (2**36, resource.RLIM_INFINITY))
run = open_run(sys.argv[1])
for event in fit(run, open_data_set(run.data)):
    print(json.dumps(as_json(event)))
    if isinstance(event, events.Preparing) and event.done == event.total == 36:
        pages = int(Path("/proc/self/statm").read_text().split()[5])
        limit = pages * resource.getpagesize() + 350_000_000
        resource.setrlimit(resource.RLIMIT_DATA, (limit, resource.RLIM_INFINITY))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits the memory as Linux does")
def test_too_little_memory_halves_the_batch_and_the_run_goes_on(data: Path, tmp_path: Path) -> None:
    recipe = Recipe(
        model="mobilenet_v2",
        weights="none",
        strategy="full",
        image_size=128,
        batch_size=36,
        epochs=1,
    )
    run = create_run(recipe, data, tmp_path / "run")
    done = subprocess.run(
        [sys.executable, "-c", SHORT_OF_MEMORY, str(run.folder)],
        capture_output=True,
        text=True,
        check=False,
        # What malloc frees is to go back to the system at once, for oneDNN maps its code itself.
        env={**os.environ, "MALLOC_MMAP_THRESHOLD_": "65536"},
    )
    happened = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    splits = [event["photos"] for event in happened if event["event"] == "batch_split"]
    assert splits
    assert set(splits) <= {18, 9, 5, 3}
    assert happened[-1]["ending"] == "completed"
