"""In 16 bits, as on processors that have them; all other tests compute in 32."""

import json
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.trainer.runs import SMALL, new_run, of_kind, until, weights
from trainer.config.recipe import Recipe
from trainer.control import drain
from trainer.data.dataset import DataSet
from trainer.evaluation.evaluate import evaluate
from trainer.events import EpochDone, RunStarted
from trainer.experiments.run import Run, open_run
from trainer.inference.engine_selection import measure_precision, open_engine, prepare
from trainer.inference.predictor import Predictor
from trainer.runtime.device import choose_device, cpu_has_bfloat16
from trainer.storage import caches
from trainer.training.fit import fit
from trainer.training.time_estimate import estimate
from trainer.training.training_precision import choose_training_compute

pytestmark = pytest.mark.skipif(
    not cpu_has_bfloat16(), reason="this processor computes in 32 bits only"
)


@pytest.fixture(autouse=True)
def in_16_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FRUITGUI_PRECISION")


@pytest.fixture
def run(demo_data: DataSet, tmp_path: Path) -> Run:
    return new_run(
        demo_data,
        tmp_path / "run",
        model="tf_efficientnet_lite0",
        weights="imagenet",
        image_size=64,
        epochs=5,
        learning_rate=1e-3,
    )


def remember(faster_in: int) -> None:
    """As if all that was timed so far had been faster in 16 bits, or in 32."""
    timings = json.loads(caches.timings_file().read_text())
    seconds = [2.0, 1.0] if faster_in == 16 else [1.0, 2.0]
    caches.timings_file().write_text(json.dumps(dict.fromkeys(timings, seconds)))


def precision_of(recipe: Recipe) -> str:
    return choose_training_compute(recipe, choose_device("cpu")).precision


@pytest.mark.parametrize("strategy", ["head", "layer4", "full"])
def test_what_was_measured_of_the_same_training_decides(run: Run, strategy: str) -> None:
    recipe = run.recipe.but(strategy=strategy)
    assert precision_of(recipe) in {"float32", "bfloat16"}
    remember(faster_in=16)
    assert precision_of(recipe) == "bfloat16"
    assert precision_of(recipe.but(seed=1, learning_rate=0.5)) == "bfloat16"
    assert precision_of(recipe.but(precision="float32")) == "float32"
    remember(faster_in=32)
    assert precision_of(recipe) == "float32"
    precision_of(recipe.but(image_size=96))
    assert len(json.loads(caches.timings_file().read_text())) == 2


def test_measuring_draws_nothing_from_torchs_random_numbers(run: Run) -> None:
    before, threads = torch.get_rng_state(), torch.get_num_threads()
    precision_of(run.recipe)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize("began_in", [16, 32])
def test_a_run_goes_on_in_the_precision_that_it_began_in(
    run: Run, demo_data: DataSet, tmp_path: Path, began_in: int
) -> None:
    recipe = run.recipe.but(model=SMALL.model, weights="none", strategy="full", epochs=2)
    run = Run(run.id, run.folder, recipe, run.data)
    precision_of(run.recipe)
    remember(faster_in=began_in)
    list(fit(run, demo_data))
    cut = new_run(
        demo_data,
        tmp_path / "cut",
        **{name: getattr(run.recipe, name) for name in run.recipe.__slots__},
    )
    with closing(fit(cut, demo_data)) as steps:
        until(steps, EpochDone)
    remember(faster_in=48 - began_in)
    happened = list(fit(open_run(str(cut.folder)), demo_data))
    assert of_kind(happened, RunStarted)[0].precision == (
        "bfloat16" if began_in == 16 else "float32"
    )
    ours, theirs = weights(cut), weights(run)
    assert [name for name in theirs if not torch.equal(ours[name], theirs[name])] == []


def test_engines_answer_in_what_was_measured_to_be_faster(run: Run, demo_data: DataSet) -> None:
    recipe = run.recipe.but(model=SMALL.model, weights="none", strategy="full", epochs=1)
    run = Run(run.id, run.folder, recipe, run.data)
    list(fit(run, demo_data))
    open_engine(run.model_file, "cpu")
    remember(faster_in=32)
    assert open_engine(run.model_file, "cpu").name == "torch, cpu, float32"
    remember(faster_in=16)
    assert open_engine(run.model_file, "cpu").name == "torch, cpu, bfloat16"
    assert prepare(run.model_file)
    remember(faster_in=32)
    assert open_engine(run.model_file, "cpu").name == "OpenVINO, float32"
    remember(faster_in=16)
    assert open_engine(run.model_file, "cpu").name == "OpenVINO, bfloat16"
    caches.timings_file().unlink()
    assert open_engine(run.model_file, "cpu").name == "OpenVINO, float32"
    measure_precision(run.model_file)
    assert len(json.loads(caches.timings_file().read_text())) == 1


@pytest.mark.parametrize("strategy", ["head", "full"])
def test_a_model_learns_in_16_bits(run: Run, demo_data: DataSet, strategy: str) -> None:
    run = Run(run.id, run.folder, run.recipe.but(strategy=strategy), run.data)
    precision_of(run.recipe)
    remember(faster_in=16)
    happened = list(fit(run, demo_data))
    (started,) = of_kind(happened, RunStarted)
    assert started.precision == "bfloat16"
    epochs = of_kind(happened, EpochDone)
    assert all(np.isfinite([epoch.train_loss, epoch.validation_loss]).all() for epoch in epochs)
    assert epochs[-1].train_loss < epochs[0].train_loss
    assert max(epoch.validation_accuracy for epoch in epochs) > 0.8


def test_it_answers_as_in_32_bits_but_for_rounding(
    run: Run, demo_data: DataSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(run.id, run.folder, run.recipe.but(epochs=2), run.data)
    list(fit(run, demo_data))
    remember(faster_in=16)
    photos = demo_data.split("test")
    narrow = drain(evaluate(Predictor(run.model_file, "cpu"), demo_data, photos))
    monkeypatch.setenv("FRUITGUI_PRECISION", "float32")
    wide = drain(evaluate(Predictor(run.model_file, "cpu"), demo_data, photos))
    difference = np.abs(narrow.probabilities - wide.probabilities).max()
    assert 0 < difference < 0.1
    assert (narrow.answers == wide.answers).mean() > 0.9


def test_how_long_it_takes_is_measured_in_16_bits(run: Run, demo_data: DataSet) -> None:
    assert drain(estimate(run.recipe, demo_data)).epoch > 0
