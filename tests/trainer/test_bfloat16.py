"""In 16 bits, as on processors that have them; all other tests compute in 32."""

from pathlib import Path

import numpy as np
import pytest

from tests.trainer.runs import drained, new_run, of_kind
from trainer.dataset import DataSet
from trainer.device import _cpu_has_bfloat16
from trainer.estimate import estimate
from trainer.evaluate import evaluate
from trainer.events import EpochDone, RunStarted
from trainer.fit import fit
from trainer.predict import Predictor
from trainer.run import Run

pytestmark = pytest.mark.skipif(
    not _cpu_has_bfloat16(), reason="this processor computes in 32 bits only"
)


@pytest.fixture(autouse=True)
def in_16_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FRUITGUI_PRECISION")


@pytest.fixture
def run(demo_data: DataSet, tmp_path: Path) -> Run:
    return new_run(
        demo_data, tmp_path / "run", weights="starter", image_size=64, epochs=5, learning_rate=1e-3
    )


@pytest.mark.parametrize("strategy", ["head", "full"])
def test_a_model_learns_in_16_bits(run: Run, demo_data: DataSet, strategy: str) -> None:
    run = Run(run.id, run.folder, run.recipe.but(strategy=strategy), run.data)
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
    list(fit(run, demo_data))
    photos = demo_data.split("test")
    narrow = drained(evaluate(Predictor(run.model_file, "cpu"), demo_data, photos))
    monkeypatch.setenv("FRUITGUI_PRECISION", "float32")
    wide = drained(evaluate(Predictor(run.model_file, "cpu"), demo_data, photos))
    difference = np.abs(narrow.probabilities - wide.probabilities).max()
    assert 0 < difference < 0.1
    assert (narrow.answers == wide.answers).mean() > 0.9


def test_how_long_it_takes_is_measured_in_16_bits(run: Run, demo_data: DataSet) -> None:
    assert drained(estimate(run.recipe, demo_data)).epoch > 0
