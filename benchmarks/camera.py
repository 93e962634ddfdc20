"""The Camera page beside the plain way: how late a label is, how often it flickers, how smooth the
window stays.

A network camera on this computer shows rendered produce, one kind after another, at 30 frames a
second; each frame carries its number, so that it is known when it was sent. Ours is the real
window on its Camera page. The plain way is what tutorials have: one timer on the window's thread
that reads a frame, asks the model, and shows both. A model that takes longer than a frame does is
tried as well: a ResNet50, with random weights, for its time only.

``--minutes M`` lets the Camera page run for so long instead, with a camera that stalls, cuts off
and comes back, and looks whether memory, threads and files grow.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import psutil
from PySide6.QtCore import QObject, QSettings, Qt, QTimer, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

# Run as a file, its folder is where Python looks, and not the project.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.inference import PlainWay, write_resnet
from benchmarks.network_camera import Mode, NetworkCamera, jpeg, number_of, numbered
from benchmarks.responsiveness import Intervals, Ticker, wait
from fruitgui.app import create_application, create_window
from fruitgui.camera.page import CameraPage
from fruitgui.camera.sources import address, video_file
from fruitgui.main_window import MainWindow
from fruitgui.qimages import to_image
from fruitgui.settings import Settings
from fruitgui.workers.recognition_thread import FrameAnswer
from trainer import paths
from trainer.synthetic.video import video_frames, write_video

RATE = 30
SECONDS_A_PART = 4.0
PARTS: tuple[tuple[str | None, int], ...] = (
    *(("Apple", 3), (None, 1), ("Orange", 1), ("Carrots", 6), (None, 2)),
    *(("Tomato", 4), ("Kiwi", 3), ("Lime", 3), (None, 3), ("Plum", 1)),
)
"""What is shown one after another: what the starter knows, what it is unsure of, and nothing."""
SECONDS_TO_SETTLE = 1.0
"""A change to the label later than this after something new was shown is not real."""


@dataclass(slots=True)
class Watched:
    """What was seen of one way with one model."""

    latencies: list[float] = field(default_factory=list)
    """Seconds from when a frame was due to when its label was shown."""
    labels: list[tuple[float, str]] = field(default_factory=list)
    """When which label came up."""
    intervals: Intervals = field(default_factory=lambda: Intervals((0.0,)))
    frames: int = 0
    inferences: int = 0
    seconds: float = 0.0

    def show(self, at: float, label: str) -> None:
        if not self.labels or self.labels[-1][1] != label:
            self.labels.append((at, label))

    def flicker(self, changes: Sequence[float]) -> float:
        """Changes of the label in ten seconds that are not the one that a new thing calls for.

        Args:
            changes: when something new was shown.
        """
        ends = [*changes[1:], float("inf")]
        times = [at for at, _ in self.labels]
        extra = 0
        for begin, end in zip(changes, ends, strict=True):
            in_part = [at for at in times if begin <= at < end]
            in_time = [at for at in in_part if at < begin + SECONDS_TO_SETTLE]
            extra += len(in_part) - bool(in_time)
        return 10 * extra / self.seconds

    def delays(self, changes: Sequence[float]) -> list[float]:
        """Of each new thing that changed the label: the seconds until the label that stayed."""
        found = []
        for begin, end in pairwise([*changes, changes[-1] + SECONDS_A_PART]):
            in_part = [at for at, _ in self.labels if begin <= at < end]
            if in_part:
                found.append(in_part[-1] - begin)
        return found

    def as_row(self, changes: Sequence[float]) -> dict[str, float]:
        late = Intervals(tuple(1000 * seconds for seconds in self.latencies))
        return {
            "latency_p50_ms": round(late.percentile(0.5), 1),
            "latency_p95_ms": round(late.percentile(0.95), 1),
            "flicker_per_10s": round(self.flicker(changes), 2),
            "change_p50_s": round(statistics.median(self.delays(changes) or [0.0]), 2),
            "frames_per_s": round(self.frames / self.seconds, 1),
            "inferences_per_s": round(self.inferences / self.seconds, 1),
            "timer_p99_ms": round(self.intervals.percentile(0.99), 1),
            "timer_max_ms": round(self.intervals.percentile(1.0), 1),
        }


class Show:
    """The network camera, in a process of its own, and when it shows what."""

    def __init__(self, address: str, began_at: float, count: int) -> None:
        self.address = address
        self._began_at = began_at
        self._count = count

    def seconds_since_due(self, number: int, now: float) -> float:
        """How long ago the last frame with this number was due."""
        shown = (now - self._began_at) * RATE
        rounds = int((shown - number) // self._count)
        return now - (self._began_at + (rounds * self._count + number) / RATE)

    def changes(self, begin: float, end: float) -> list[float]:
        """When something new was shown, between two times."""
        part = SECONDS_A_PART
        first = int((begin - self._began_at) // part) + 1
        last = int((end - self._began_at) // part)
        return [self._began_at + number * part for number in range(first, last + 1)]


@contextmanager
def show(folder: Path) -> Iterator[Show]:
    """Render the frames, and serve them from another process."""
    frames = [
        jpeg(numbered(frame.image, number))
        for number, frame in enumerate(video_frames(PARTS, SECONDS_A_PART, RATE))
    ]
    file = folder / "frames.npz"
    np.savez(file, *[np.frombuffer(frame, np.uint8) for frame in frames])
    code = (
        "import sys, time, numpy as np\n"
        "from benchmarks.network_camera import NetworkCamera\n"
        "frames = [f.tobytes() for f in np.load(sys.argv[1]).values()]\n"
        f"camera = NetworkCamera(frames, {RATE})\n"
        "print(camera.address, camera.began_at, len(frames), flush=True)\n"
        "sys.stdin.read()\n"
        "camera.close()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    try:
        line = process.stdout.readline() if process.stdout is not None else ""
        place, began_at, count = line.split()
        yield Show(place, float(began_at), int(count))
    finally:
        process.communicate()


class OurWay(QObject):
    """Notes what the Camera page shows."""

    def __init__(self, window: MainWindow, camera: Show) -> None:
        super().__init__()
        self._window = window
        self._camera = camera
        self._numbers: dict[float, int] = {}
        self.watched = Watched()
        self._look_at = window.recognition.look_at
        # The page's slot is connected first: when this one runs, the label is shown.
        window.recognition.frame_answered.connect(self._on_frame_answered)
        window.recognition.look_at = self._note  # type: ignore[method-assign]

    def _note(self, image: np.ndarray, captured_at: float) -> None:
        self._numbers[captured_at] = number_of(image)
        self.watched.frames += 1
        self._look_at(image, captured_at)

    @Slot(object)
    def _on_frame_answered(self, answer: FrameAnswer) -> None:
        now = time.monotonic()
        number = self._numbers.pop(answer.captured_at, None)
        if number is None:
            return
        self.watched.show(now, self._window.camera.view.accessibleName())
        if answer.answer.is_inferred:
            self.watched.inferences += 1
            self.watched.latencies.append(self._camera.seconds_since_due(number, now))


class PlainPage(QWidget):
    """A timer that reads, asks and shows, as tutorials have it."""

    def __init__(self, plain: PlainWay, camera: Show) -> None:
        super().__init__()
        self._plain = plain
        self._camera = camera
        self.watched = Watched()
        self._image, self._label = QLabel(), QLabel()
        layout = QVBoxLayout(self)
        layout.addWidget(self._image, 1)
        layout.addWidget(self._label)
        self.resize(1072, 760)
        self._capture = cv2.VideoCapture(camera.address, cv2.CAP_FFMPEG)
        self._timer = QTimer(self, interval=round(1000 / RATE))
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start()

    @Slot()
    def _on_timeout(self) -> None:
        is_read, bgr = self._capture.read()
        if not is_read:
            return
        rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
        probabilities = self._plain.probabilities_of(rgb)
        label = self._plain.classes[int(probabilities.argmax())]
        image = to_image(rgb).scaled(
            self._image.size(),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        self._image.setPixmap(QPixmap.fromImage(image))
        self._label.setText(f"{label} {probabilities.max():.0%}")
        now = time.monotonic()
        self.watched.show(now, label)
        self.watched.frames += 1
        self.watched.inferences += 1
        self.watched.latencies.append(self._camera.seconds_since_due(number_of(rgb), now))

    def end(self) -> None:
        self._timer.stop()
        self._capture.release()
        self.close()


def watch(ticker: Ticker, watched: Callable[[], Watched], seconds: float) -> Watched:
    """Let the window run for so long."""
    ticker.intervals()
    ended = threading.Event()
    QTimer.singleShot(round(1000 * seconds), ended.set)
    wait(ended.is_set, "the time to pass")
    result = watched()
    result.seconds = seconds
    result.intervals = ticker.intervals()
    return result


def measure_ours(
    window: MainWindow, ticker: Ticker, camera: Show, model: Path, seconds: float
) -> tuple[Watched, list[float]]:
    ready: list[Path] = []
    window.recognition.ready.connect(lambda path, _: ready.append(path))
    window.use_model(model)
    wait(lambda: model in ready, "the model")
    window.show_page(1)
    window.camera.choose(address(camera.address))
    window.camera.start()
    wait(lambda: window.camera.view.answer is not None, "the camera")
    way = OurWay(window, camera)
    QTest.qWait(1000)
    way.watched = Watched()
    began = time.monotonic()
    watched = watch(ticker, lambda: way.watched, seconds)
    window.recognition.frame_answered.disconnect(way._on_frame_answered)
    del window.recognition.look_at
    window.camera.stop()
    wait(lambda: not window.camera.is_running, "the camera to stop")
    return watched, camera.changes(began, began + seconds)


def measure_plain(
    ticker: Ticker, camera: Show, model: Path, seconds: float
) -> tuple[Watched, list[float]]:
    page = PlainPage(PlainWay(model), camera)
    page.show()
    wait(lambda: bool(page.watched.latencies), "the plain way")
    page.watched = Watched()
    began = time.monotonic()
    watched = watch(ticker, lambda: page.watched, seconds)
    page.end()
    return watched, camera.changes(began, began + seconds)


def teach(window: MainWindow, folder: Path) -> float:
    """Seconds from the first recording of two new classes, 30 frames each in two recordings, to a
    label of the model that learnt from them."""
    page = window.camera
    videos = {}
    for name, part in (("Held first", ("Kiwi", 3)), ("Held second", ("Plum", 1))):
        videos[name] = folder / f"{name}.avi"
        write_video(videos[name], video_frames([part], 25, RATE), RATE)
    window.show_page(1)
    page.record_panel.use_folder(folder / "taught")
    began = time.monotonic()
    for name, video in videos.items():
        page.choose(video_file(video))
        page.bar.source_added.emit()
        wait(partial(shows, page, video), "the video")
        wait(page.snapshot.isEnabled, "its first frame")
        page.record_panel.add_class(name)
        row = page.record_panel.rows[name]
        for wanted in (15, 30):
            QTest.mousePress(row.record, Qt.MouseButton.LeftButton)
            wait(partial(has_photos, page, name, wanted), "the photos")
            QTest.mouseRelease(row.record, Qt.MouseButton.LeftButton)
            QTest.qWait(1500)  # Else it would be one recording.
    wait(page.record_panel.train.isEnabled, "enough photos")
    QTest.mouseClick(page.record_panel.train, Qt.MouseButton.LeftButton)
    wait(lambda: window.train.run_panel.model is not None, "the training")
    wait(lambda: not window.train.is_training, "its end")
    window.train.run_panel.result.acted.emit()
    wait(lambda: page.view.accessibleName() in videos, "a label of the new model")
    seconds = time.monotonic() - began
    page.stop()
    wait(lambda: not page.is_running, "the camera to stop")
    return seconds


def shows(page: CameraPage, video: Path) -> bool:
    return page.camera is not None and page.camera.source == video_file(video)


def has_photos(page: CameraPage, name: str, wanted: int) -> bool:
    return sum(1 for _ in (page.record_panel.folder / name).glob("*.jpg")) >= wanted


@dataclass(frozen=True, slots=True)
class Usage:
    """What the process holds."""

    megabytes: float
    threads: int
    files: int

    @classmethod
    def now(cls) -> "Usage":
        process = psutil.Process()
        return cls(process.memory_info().rss / 2**20, process.num_threads(), process.num_fds())


def endure(window: MainWindow, minutes: float) -> list[Usage]:
    """What the process holds after each half minute, with a camera that fails in all its ways."""
    frames = [jpeg(frame.image) for frame in video_frames(PARTS[:4], 2.0, RATE)]
    camera = NetworkCamera(frames, RATE)
    window.show_page(1)
    window.camera.choose(address(camera.address))
    window.camera.start()
    usage = []
    troubles: cycle[Mode] = cycle(("stalled", "cut", "broken", "garbage"))
    try:
        for half in range(round(2 * minutes)):
            camera.mode = "sending"
            wait(window.camera.snapshot.isEnabled, "the camera")
            QTest.qWait(22_000)
            if half % 4 == 3:
                window.camera.stop()
                wait(lambda: not window.camera.is_running, "the camera to stop")
                window.camera.start()
                wait(window.camera.snapshot.isEnabled, "the camera")
            usage.append(Usage.now())
            camera.mode = next(troubles)
            QTest.qWait(6000)
        return usage
    finally:
        window.camera.stop()
        camera.close()
        wait(lambda: not window.camera.is_running, "the camera to stop")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="half the time")
    parser.add_argument("--json", action="store_true", help="print an object last")
    parser.add_argument("--minutes", type=float, help="only let it run for so long, with failures")
    options = parser.parse_args(arguments)
    seconds = 20.0 if options.quick else 2 * SECONDS_A_PART * len(PARTS)
    app = create_application(sys.argv[:1])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
        with home_in(folder / "home"):
            window = create_window(app, Settings(store))
            window.show()
            ticker = Ticker()
            try:
                if options.minutes:
                    found = report_endurance(endure(window, options.minutes))
                else:
                    found = compare(window, ticker, folder, seconds)
                    found["teach_s"] = round(teach(window, folder), 1)
                    print(
                        "\nTwo new classes of 30 frames, from the first recording to a label: "
                        f"{found['teach_s']:.0f} s"
                    )
            finally:
                window.close()
                window.shut_down()
    if options.json:
        print(json.dumps(found))
    return 0


@contextmanager
def home_in(folder: Path) -> Iterator[None]:
    """Keep the user's own data out of it."""
    before = os.environ.get("FRUITGUI_HOME")
    os.environ["FRUITGUI_HOME"] = str(folder)
    try:
        yield
    finally:
        os.environ.pop("FRUITGUI_HOME")
        if before is not None:
            os.environ["FRUITGUI_HOME"] = before


def compare(window: MainWindow, ticker: Ticker, folder: Path, seconds: float) -> dict[str, Any]:
    """Both ways with both models, one after another; returns their rows by name."""
    slow = folder / "resnet50.safetensors"
    write_resnet(slow)
    rows: dict[str, dict[str, float]] = {}
    with show(folder) as camera:
        for model_name, model in (("starter", paths.starter_model()), ("ResNet50", slow)):
            for way in ("ours", "plain way"):
                watched, changes = (
                    measure_ours(window, ticker, camera, model, seconds)
                    if way == "ours"
                    else measure_plain(ticker, camera, model, seconds)
                )
                rows[f"{model_name}, {way}"] = watched.as_row(changes)
    window.use_model(paths.starter_model())
    print_rows(rows)
    ours, plain = rows["starter, ours"], rows["starter, plain way"]
    return {
        "latency_p50_ms": ours["latency_p50_ms"],
        "latency_p95_ms": ours["latency_p95_ms"],
        "flicker_per_10s": ours["flicker_per_10s"],
        "plain_latency_p50_ms": plain["latency_p50_ms"],
        "plain_latency_p95_ms": plain["latency_p95_ms"],
        "plain_flicker_per_10s": plain["flicker_per_10s"],
        "rows": rows,
    }


def print_rows(rows: dict[str, dict[str, float]]) -> None:
    names = {
        "latency_p50_ms": "label p50 ms",
        "latency_p95_ms": "p95 ms",
        "flicker_per_10s": "flicker /10 s",
        "change_p50_s": "change s",
        "frames_per_s": "frames/s",
        "inferences_per_s": "inferences/s",
        "timer_p99_ms": "timer p99 ms",
        "timer_max_ms": "max ms",
    }
    print(f"{'':22}" + "".join(f"{name:>14}" for name in names.values()))
    for name, row in rows.items():
        print(f"{name:22}" + "".join(f"{row[key]:14.1f}" for key in names))


def report_endurance(usage: Sequence[Usage]) -> dict[str, Any]:
    print(f"{'after s':>8}{'MB':>8}{'threads':>9}{'files':>7}")
    for number, each in enumerate(usage, start=1):
        print(f"{30 * number:8d}{each.megabytes:8.0f}{each.threads:9d}{each.files:7d}")
    return {"usage": [[each.megabytes, each.threads, each.files] for each in usage]}


if __name__ == "__main__":
    sys.exit(main())
