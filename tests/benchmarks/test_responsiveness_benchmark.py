from pathlib import Path

from pytestqt.qtbot import QtBot

from benchmarks.responsiveness import RECIPE, Intervals, Ticker, measure
from trainer.data.dataset import DataSet
from trainer.events import Finished
from trainer.experiments.run import create_run
from trainer.training.fit import fit


def test_percentiles_are_of_the_sorted_intervals() -> None:
    intervals = Intervals(tuple(float(value) for value in reversed(range(1, 101))))
    assert intervals.percentile(0.5) == 51
    assert intervals.percentile(0.99) == 100
    assert intervals.percentile(1.0) == 100
    assert Intervals((4.0,)).percentile(0.5) == 4


def test_an_idle_loop_ticks(qtbot: QtBot) -> None:
    intervals = measure(Ticker(), 0.3)
    assert intervals.milliseconds
    assert min(intervals.milliseconds) > 0


def test_what_it_trains_can_be_trained(demo_data: DataSet, tmp_path: Path) -> None:
    recipe = RECIPE.but(epochs=1, image_size=32)
    run = create_run(recipe, demo_data.root, tmp_path / "run")
    assert isinstance(list(fit(run, demo_data))[-1], Finished)
