"""Dropping thousands of photos on the window: how smooth it stays, and how much memory it takes.

The photos are some dozens of rendered ones, each written many times over with a few bytes more, so
that every one is read, decoded, answered and shown. The real window is opened (under Xvfb, as on a
screen) and a folder of them dropped on it; then it is scrolled from the first to the last. Beside
the window's own timer stand the photos a second.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, QSettings, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent

# Run as a file, its folder is where Python looks, and not the project.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.responsiveness import Intervals, Ticker, wait
from fruitgui.app import create_application, create_window
from fruitgui.main_window import MainWindow
from fruitgui.settings import Settings
from trainer import synthetic

KINDS_OF_PHOTOS = 48
PIXELS = (1600, 1200)
SCROLL_SECONDS = 10.0


def write_photos(folder: Path, count: int) -> None:
    """*count* JPEG files of about two megapixels in *folder*."""
    originals = folder.parent / "originals"
    originals.mkdir()
    folder.mkdir()
    for number in range(KINDS_OF_PHOTOS):
        image = synthetic.render(
            synthetic.KINDS[number % len(synthetic.KINDS)], seed=number, size=512
        )
        large = Image.fromarray(image).resize(PIXELS, Image.Resampling.BICUBIC)
        large.save(originals / f"{number}.jpg", quality=90)
    contents = [(originals / f"{number}.jpg").read_bytes() for number in range(KINDS_OF_PHOTOS)]
    for number in range(count):
        # What comes after a picture's end is not looked at, but makes each file another one.
        content = contents[number % KINDS_OF_PHOTOS] + f"{number}".encode()
        (folder / f"{number:05}.jpg").write_bytes(content)


def drop(window: MainWindow, folder: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    window.classify.dropEvent(
        QDropEvent(
            QPointF(300, 300),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def megabytes() -> float:
    return float(psutil.Process().memory_info().rss / 2**20)


def measure(window: MainWindow, folder: Path, count: int) -> dict[str, object]:
    loaded: list[object] = []
    window.recognition.ready.connect(lambda path, info: loaded.append(path))
    ticker = Ticker()
    window.show()
    wait(lambda: bool(loaded), "the starter model")
    before = megabytes()
    most = [before]
    watch = QTimer(interval=200)
    watch.timeout.connect(lambda: most.append(megabytes()))
    watch.start()
    ticker.intervals()
    began = time.perf_counter()
    drop(window, folder)
    photos = window.classify.photos
    wait(lambda: photos.rowCount() == photos.answered == count, "the photos' answers")
    seconds = time.perf_counter() - began
    classifying = ticker.intervals()
    watch.stop()
    scrolling = scroll(window, ticker)
    return {
        "photos": count,
        "seconds": round(seconds, 1),
        "photos_a_second": round(count / seconds, 1),
        "classifying": classifying.as_row(),
        "scrolling": scrolling.as_row(),
        "memory_before_mb": round(before),
        "memory_most_mb": round(max(most)),
        "torch_imported": "torch" in sys.modules,
    }


def scroll(window: MainWindow, ticker: Ticker) -> Intervals:
    """From the first card to the last, a step each 16 ms."""
    bar = window.classify.results.grid.verticalScrollBar()
    began = time.perf_counter()
    timer = QTimer(interval=16)

    def step() -> None:
        share = (time.perf_counter() - began) / SCROLL_SECONDS
        bar.setValue(round(bar.maximum() * min(1.0, share)))

    timer.timeout.connect(step)
    ticker.intervals()
    timer.start()
    wait(lambda: time.perf_counter() - began > SCROLL_SECONDS, "the end of the scrolling")
    timer.stop()
    return ticker.intervals()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--photos", type=int, default=2000, help="how many; 2000 if not given")
    parser.add_argument("--quick", action="store_true", help="300 photos")
    parser.add_argument("--json", action="store_true", help="print one object last")
    options = parser.parse_args(arguments)
    count = 300 if options.quick else options.photos
    if sys.platform == "linux" and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="fruitgui-benchmark-") as name:
        home = Path(name)
        os.environ["FRUITGUI_HOME"] = str(home / "home")
        write_photos(home / "photos", count)
        app = create_application(["fruitgui"])
        settings = Settings(QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat))
        window = create_window(app, settings)
        result = measure(window, home / "photos", count)
        window.close()
        app.processEvents()
    for key, value in result.items():
        print(f"{key.replace('_', ' '):20}{value}")
    if options.json:
        print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
