"""How smooth the window is, idle and while it trains: intervals of a 16 ms timer in its thread.

The real window is opened and trains on its own Train page: the network of *Quick*, everything
fine-tuned, which keeps every core busy. Beside it stands the plain way, as tutorials have it: the
same training drained on the window's own thread, which handles events between batches.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QSettings, Qt, QTimer, Slot

from fruitgui.app import create_application, create_window
from fruitgui.main_window import MainWindow
from fruitgui.settings import Settings
from trainer import events
from trainer.config.presets import PRESETS
from trainer.data.dataset import open_data_set
from trainer.experiments.run import create_run
from trainer.synthetic import write_data_set

INTERVAL_MS = 16
PATIENCE_SECONDS = 300
RECIPE = PRESETS["quick"].but(
    strategy="full", image_size=128, batch_size=16, epochs=1000, patience=0
)


@dataclass(frozen=True, slots=True)
class Intervals:
    """How far apart the timer's ticks came, in milliseconds."""

    milliseconds: tuple[float, ...]

    def percentile(self, share: float) -> float:
        """The interval that *share* of all are no longer than; the longest one for 1."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def as_row(self) -> dict[str, float]:
        return {
            "p50_ms": round(self.percentile(0.5), 1),
            "p99_ms": round(self.percentile(0.99), 1),
            "max_ms": round(self.percentile(1.0), 1),
            "ticks": len(self.milliseconds),
        }


class Ticker(QObject):
    """A precise timer that notes when it ticks."""

    def __init__(self) -> None:
        super().__init__()
        self._ticks: list[float] = []
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer, interval=INTERVAL_MS)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start()

    @Slot()
    def _on_timeout(self) -> None:
        self._ticks.append(time.perf_counter())

    def intervals(self) -> Intervals:
        """Those since the last call."""
        ticks, self._ticks = self._ticks, []
        return Intervals(tuple(1000 * (b - a) for a, b in pairwise(ticks)))


def wait(is_over: Callable[[], bool], what: str) -> None:
    """Run the event loop until *is_over*.

    Raises:
        SystemExit: it has not come in five minutes.
    """
    loop = QEventLoop()
    look = QTimer(interval=50)
    look.timeout.connect(lambda: loop.quit() if is_over() else None)
    look.start()
    late = QTimer(singleShot=True, interval=1000 * PATIENCE_SECONDS)
    late.timeout.connect(loop.quit)
    late.start()
    loop.exec()
    # Whichever thread collects them as garbage could not stop them.
    look.stop()
    late.stop()
    if not is_over():
        raise SystemExit(f"Waited {PATIENCE_SECONDS} s in vain for {what}.")


def measure(ticker: Ticker, seconds: float) -> Intervals:
    """Let the window run for so long."""
    ticker.intervals()
    end = time.perf_counter() + seconds
    wait(lambda: time.perf_counter() >= end, "the time to pass")
    return ticker.intervals()


def measure_window(window: MainWindow, data: Path, seconds: float) -> dict[str, Intervals]:
    """The window idle, while a training starts, and while it trains."""
    loaded: list[object] = []
    window.recognition.ready.connect(lambda path, info: loaded.append(path))
    ticker = Ticker()
    window.show()
    window.show_page(2)
    wait(lambda: bool(loaded), "the starter model")
    rows = {"idle": measure(ticker, seconds)}

    page = window.train
    page.use_data(data)
    wait(lambda: page.data.data is not None, "the photos")
    page.form.choose(
        model=RECIPE.model,
        weights=RECIPE.weights,
        strategy=RECIPE.strategy,
        image_size=RECIPE.image_size,
        batch_size=RECIPE.batch_size,
        epochs=RECIPE.epochs,
        patience=RECIPE.patience,
    )
    ticker.intervals()
    page.start()
    wait(lambda: page.run_panel.epochs.rowCount() >= 1 or not page.is_training, "an epoch")
    if not page.is_training:
        raise SystemExit(page.notice.text)
    rows["training starts"] = ticker.intervals()
    rows["training"] = measure(ticker, seconds)
    page.stop()
    wait(lambda: not page.is_training, "the training to stop")
    return rows


def measure_plain_way(data: Path, folder: Path, seconds: float) -> Intervals:
    """The same training on the window's own thread, with events handled between batches."""
    from trainer.training.fit import fit

    ticker = Ticker()
    began = None
    with closing(fit(create_run(RECIPE, data, folder), open_data_set(data))) as steps:
        for event in steps:
            QCoreApplication.processEvents()
            if isinstance(event, events.EpochDone) and began is None:
                began = time.perf_counter()
                ticker.intervals()
            if began is not None and time.perf_counter() - began > seconds:
                break
    return ticker.intervals()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help="15 s a state instead of 60")
    parser.add_argument("--json", action="store_true", help="print one object last")
    options = parser.parse_args(arguments)
    seconds = 15.0 if options.quick else 60.0
    if sys.platform == "linux" and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="fruitgui-benchmark-") as folder:
        home = Path(folder)
        os.environ["FRUITGUI_HOME"] = str(home / "home")
        for _ in write_data_set(home / "data", per_class=20, size=144):
            pass
        app = create_application(["fruitgui"])
        settings = Settings(QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat))
        window = create_window(app, settings)
        rows = measure_window(window, home / "data", seconds)
        rows["plain way, training"] = measure_plain_way(home / "data", home / "plain", seconds)
        window.close()
        app.processEvents()
    print_rows(rows)
    if options.json:
        print(json.dumps(as_json(rows)))
    return 0


def print_rows(rows: dict[str, Intervals]) -> None:
    print(f"Intervals of a {INTERVAL_MS} ms timer in the window's thread, in milliseconds")
    print(f"{'':24}{'p50':>8}{'p99':>8}{'max':>8}{'ticks':>8}")
    for name, intervals in rows.items():
        row = intervals.as_row()
        print(
            f"{name:24}{row['p50_ms']:8.1f}{row['p99_ms']:8.1f}{row['max_ms']:8.1f}"
            f"{row['ticks']:8d}"
        )


def as_json(rows: dict[str, Intervals]) -> dict[str, object]:
    return {
        "idle_p99_ms": rows["idle"].as_row()["p99_ms"],
        "training_p99_ms": rows["training"].as_row()["p99_ms"],
        "rows": {name: intervals.as_row() for name, intervals in rows.items()},
        "machine": {
            "processor": platform.processor() or platform.machine(),
            "cores": os.cpu_count(),
            "platform": platform.platform(),
        },
    }


if __name__ == "__main__":
    sys.exit(main())
