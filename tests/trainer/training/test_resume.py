"""What going on with a run promises."""

import os
import shutil
import signal
import sys
import threading
from collections.abc import Mapping
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from torch import Tensor

from tests.conftest import KINDS
from tests.trainer.runs import SMALL, STAGED, losses_of, new_run, of_kind, until, weights
from tests.trainer.warm_process import running, trainer
from trainer import events, synthetic
from trainer.control import Control
from trainer.data.dataset import DataSet, open_data_set
from trainer.errors import RecipeError, StorageError
from trainer.experiments.run import Run, open_run
from trainer.experiments.run_records import run_named
from trainer.models.metadata import read_model_info
from trainer.models.model_file import load_model
from trainer.training.checkpoint import load_checkpoint
from trainer.training.fit import fit


def differing(ours: Mapping[str, Tensor], theirs: Mapping[str, Tensor]) -> list[str]:
    assert ours.keys() == theirs.keys()
    return [name for name in ours if not torch.equal(ours[name], theirs[name])]


def assert_same_weights(a: Run, b: Run) -> None:
    """Of the best epoch, which may be the first, and of the last."""
    assert differing(weights(a), weights(b)) == []
    ours, theirs = load_checkpoint(a.state_file), load_checkpoint(b.state_file)
    assert (ours.epoch, ours.best_epoch, ours.best_loss) == (
        theirs.epoch,
        theirs.best_epoch,
        theirs.best_loss,
    )
    assert ours.learner is not None
    assert theirs.learner is not None
    for part in ("classifier", "average"):
        assert differing(ours.learner[part], theirs.learner[part]) == []


@pytest.mark.parametrize("interruption", ["closed", "stopped"])
@pytest.mark.parametrize(("model", "strategy"), [(SMALL.model, "full"), (STAGED, "layer4")])
def test_a_resumed_run_ends_with_the_same_weights_to_the_bit(
    demo_data: DataSet, tmp_path: Path, interruption: str, model: str, strategy: str
) -> None:
    choices = {"model": model, "strategy": strategy}
    choices |= {"augmentation": "light", "average_decay": 0.9}
    whole = new_run(demo_data, tmp_path / "whole", **choices)
    uninterrupted = list(fit(whole, demo_data))

    cut = new_run(demo_data, tmp_path / "cut", **choices)
    control = Control()
    with closing(fit(cut, demo_data, control=control)) as steps:
        until(steps, events.EpochDone)
        until(steps, events.BatchDone)
        if interruption == "stopped":
            control.stop()
            assert until(steps, events.Finished).ending == "stopped"
    happened = list(fit(open_run(str(tmp_path / "cut")), demo_data))

    # The second epoch may have been over when the first was on disk.
    first = of_kind(happened, events.RunStarted)[0].first_epoch
    assert first in {2, 3}
    assert_same_weights(whole, cut)
    assert losses_of(happened) == losses_of(uninterrupted)[first - 1 :]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_run_that_is_killed_loses_no_epoch(demo_data: DataSet, tmp_path: Path) -> None:
    whole = new_run(demo_data, tmp_path / "whole")
    list(fit(whole, demo_data, threads=1))

    killed = new_run(demo_data, tmp_path / "killed")
    with trainer("resume", killed.folder, "--json") as process:
        for line in process.stdout:
            if '"epoch_done"' in line:
                break
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL

    happened = list(fit(open_run(str(killed.folder)), demo_data))
    assert of_kind(happened, events.RunStarted)[0].first_epoch >= 2
    assert_same_weights(whole, killed)


def killed_while_it_saves(folder: Path, pattern: str) -> None:
    """Train, and be no more as soon as such a file is there after the first epoch."""
    run = open_run(str(folder))

    def kill_while_writing() -> None:
        while not any(folder.glob(pattern)):
            pass
        os.kill(os.getpid(), signal.SIGKILL)

    for event in fit(run, open_data_set(run.data), threads=1):
        print(type(event).__name__, getattr(event, "epoch", ""), flush=True)
        if isinstance(event, events.EpochDone) and event.epoch == 1:
            threading.Thread(target=kill_while_writing, daemon=True).start()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("written", [".model.safetensors.*.part", ".state.pt.*.part"])
def test_a_run_that_is_killed_while_it_saves_beside_an_epoch_loses_only_that_save(
    demo_data: DataSet, tmp_path: Path, written: str
) -> None:
    # So low a rate makes each epoch better than the one before, so that each is saved.
    choices = {
        "model": "tf_efficientnet_lite0",
        "weights": "imagenet",
        "strategy": "head",
        "learning_rate": 1e-4,
        "epochs": 6,
    }
    whole = new_run(demo_data, tmp_path / "whole", **choices)
    happened = list(fit(whole, demo_data, threads=1))
    assert all(event.best for event in of_kind(happened, events.EpochDone))

    killed = new_run(demo_data, tmp_path / "killed", **choices)
    with running(killed_while_it_saves, killed.folder, written) as process:
        told = [line for line in process.stdout if line.startswith("EpochDone")]
        assert process.wait() == -signal.SIGKILL, process.stderr.read()
    happened = list(fit(open_run(str(killed.folder)), demo_data))
    first = of_kind(happened, events.RunStarted)[0].first_epoch
    assert 2 <= len(told) + 1 <= first < 6
    assert_same_weights(whole, killed)


def test_an_epoch_is_saved_beside_the_next_one_and_told_of_in_order(
    demo_data: DataSet, tmp_path: Path
) -> None:
    happened = list(fit(new_run(demo_data, tmp_path / "run"), demo_data))
    told = [
        event
        for event in happened
        if isinstance(event, events.BatchDone | events.BestSaved | events.EpochDone)
    ]
    done = [number for number, event in enumerate(told) if isinstance(event, events.EpochDone)]
    assert [told[number].epoch for number in done] == [1, 2, 3]
    for number in done:
        if told[number].best:
            assert isinstance(told[number - 1], events.BestSaved)
            assert told[number - 1].epoch == told[number].epoch
    # No two are on their way at once.
    for earlier, later in pairwise(done):
        batches = {e.epoch for e in told[earlier:later] if isinstance(e, events.BatchDone)}
        assert batches <= {told[earlier].epoch + 1, told[earlier].epoch + 2}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets no folder be closed to writing")
def test_what_cannot_be_saved_fails_the_run_and_the_state_before_is_kept(
    demo_data: DataSet, tmp_path: Path
) -> None:
    run = new_run(demo_data, tmp_path / "run", epochs=4)
    whole = new_run(demo_data, tmp_path / "whole", epochs=4)
    list(fit(whole, demo_data))
    steps = fit(run, demo_data)
    until(steps, events.EpochDone)
    # A folder where the state should be cannot be replaced by a file.
    kept = tmp_path / "kept.pt"
    run.state_file.rename(kept)
    run.state_file.mkdir()
    (run.state_file / "in the way").touch()
    with pytest.raises(StorageError):
        list(steps)
    record = run_named(run.id)
    assert record is not None
    assert record.state == "failed"
    shutil.rmtree(run.state_file)
    kept.rename(run.state_file)
    happened = list(fit(open_run(str(run.folder)), demo_data))
    assert of_kind(happened, events.RunStarted)[0].first_epoch == 2
    assert_same_weights(whole, run)


def test_a_run_does_not_go_on_with_other_photos(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    for _ in synthetic.write_data_set(folder, per_class=8, kinds=KINDS, size=32):
        pass
    run = new_run(open_data_set(folder), tmp_path / "run")
    with closing(fit(run, open_data_set(folder))) as steps:
        until(steps, events.EpochDone)
    sorted(folder.glob("train/Lime/*"))[0].unlink()
    with pytest.raises(RecipeError, match="have changed"):
        list(fit(run, open_data_set(folder)))


def test_a_run_does_not_go_on_when_a_photo_of_the_same_size_can_be_read_only_now(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "data"
    for _ in synthetic.write_data_set(folder, per_class=8, kinds=KINDS, size=32):
        pass
    photo = sorted(folder.glob("train/Lime/*"))[0]
    content = photo.read_bytes()
    photo.write_bytes(bytes(len(content)))  # As a cloud's placeholder is.
    run = new_run(open_data_set(folder), tmp_path / "run")
    with closing(fit(run, open_data_set(folder))) as steps:
        until(steps, events.EpochDone)
    photo.write_bytes(content)
    with pytest.raises(RecipeError, match="have changed"):
        list(fit(run, open_data_set(folder)))


def test_a_run_that_is_over_says_so_again(demo_data: DataSet, tmp_path: Path) -> None:
    run = new_run(demo_data, tmp_path / "run", epochs=1)
    first = list(fit(run, demo_data))[-1]
    again = list(fit(run, demo_data))
    assert [type(event).__name__ for event in again] == ["RunStarted", "Finished"]
    assert isinstance(first, events.Finished)
    assert isinstance(again[-1], events.Finished)
    assert again[-1].best_epoch == first.best_epoch


def test_the_best_model_and_the_state_are_complete_after_each_epoch(
    demo_data: DataSet, tmp_path: Path
) -> None:
    run = new_run(demo_data, tmp_path / "run")
    for event in fit(run, demo_data):
        if isinstance(event, events.BestSaved):
            assert read_model_info(run.model_file).metrics["best_epoch"] == event.epoch
        if isinstance(event, events.EpochDone):
            checkpoint = load_checkpoint(run.state_file)
            assert checkpoint.epoch == event.epoch
            _, info = load_model(run.model_file)
            assert info.metrics["best_epoch"] == checkpoint.best_epoch
    assert {path.name for path in run.folder.iterdir()} == {
        ".lock",
        "evaluation.safetensors",
        "learnt.json",
        "photos.json",
        "run.json",
        "state.pt",
        "model.safetensors",
    }
