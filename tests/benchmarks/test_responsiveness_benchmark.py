from pytestqt.qtbot import QtBot

from benchmarks.responsiveness import Intervals, Ticker, measure


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
