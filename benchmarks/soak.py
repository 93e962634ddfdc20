"""An hour of use by somebody who never tires: memory, threads and open files must stay the same.

Round after round in the real window: photos are dropped and cleared, a network camera is watched
while it misbehaves, a model is trained, evaluated, exported, reported, taught and untaught, and
language and looks change on every page. After each round stands what the process
holds. The first rounds fill caches and load libraries; from the third on it must be flat.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import psutil
from PIL import Image
from PySide6.QtCore import QCoreApplication, QSettings

# Run as a file, its folder is where Python looks, and not the project.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.many_photos import drop, megabytes
from benchmarks.network_camera import Mode, NetworkCamera, jpeg, network_camera
from benchmarks.responsiveness import wait
from fruitgui.app import create_application, create_window
from fruitgui.camera.sources import address
from fruitgui.main_window import MainWindow
from fruitgui.settings import Settings
from trainer import paths, synthetic
from trainer.synthetic.video import video_frames
from trainer.teaching.teach import Taught

PAGES = 5
MISBEHAVIOUR: tuple[Mode, ...] = ("sending", "garbage", "broken", "stalled", "cut", "sending")
CAMERA_SECONDS = 3.0
ROUNDS_TO_WARM_UP = 2
FEWEST_ROUNDS = ROUNDS_TO_WARM_UP + 6


class User:
    """Does one thing after the other in a window, and waits for what comes of it."""

    def __init__(self, window: MainWindow, folder: Path, photos: int) -> None:
        self.window = window
        self.folder = folder
        self.data = folder / "data"
        for _ in synthetic.write_data_set(self.data, per_class=12, size=96):
            pass
        self.pictures = [
            Image.fromarray(
                synthetic.render(synthetic.KINDS[n % len(synthetic.KINDS)], seed=n, size=224)
            )
            for n in range(24)
        ]
        self.photos = photos
        self.classified = self.trained = 0
        self.lessons: list[Taught] = []
        window.teacher.taught.connect(self.lessons.append)

    def round(self, number: int, camera: NetworkCamera) -> None:
        self.classify(number)
        self.watch(camera)
        self.train()
        self.use_the_model(number)
        self.teach(number)
        self.turn_everything(number)

    def classify(self, number: int) -> None:
        """Some hundred photos that are new each time."""
        source = self.folder / f"photos-{number}"
        source.mkdir()
        for n in range(self.photos):
            picture = source / f"{n:05}.jpg"
            self.pictures[n % len(self.pictures)].save(picture, quality=85)
            with picture.open("ab") as file:
                file.write(f"{number} {n}".encode())  # Else it were the same photo again.
        self.window.show_page(0)
        drop(self.window, source)
        photos = self.window.classify.photos
        wait(lambda: photos.answered == len(photos.paths) >= self.photos, "answers")
        self.window.classify._bar.clear.click()
        wait(lambda: not photos.paths, "an empty list")
        shutil.rmtree(source)
        self.classified += self.photos

    def watch(self, camera: NetworkCamera) -> None:
        self.window.show_page(1)
        page = self.window.camera
        page.choose(address(camera.address))
        for mode in MISBEHAVIOUR:
            camera.mode = mode
            if not page.is_running:
                page.start()
            pause(CAMERA_SECONDS)
        wait(lambda: page.view.answer is not None or not page.is_running, "a live label")
        page.stop()
        wait(lambda: not page.is_running, "the camera's end")

    def train(self) -> None:
        self.window.show_page(2)
        page = self.window.train
        page.use_data(self.data)
        wait(lambda: page.data.data is not None and not page.data.is_reading, "the photos")
        page.form.choose(epochs=2, image_size=96)
        page.start()
        wait(lambda: not page.is_training, "a model")
        self.trained += 1

    def use_the_model(self, number: int) -> None:
        """Evaluated, exported and reported; then the starter answers again."""
        run = max(paths.runs_folder().iterdir())
        model = run / "model.safetensors"
        self.window.show_page(3)
        page = self.window.models
        page.refresh()
        wait(lambda: page.evaluation.bar.model.offers(model), "the model in the list")
        page.evaluate(model, self.data)
        wait(lambda: not page.evaluation.is_busy, "an evaluation")
        page.show_view("library")
        page.library.select(model)
        export = self.folder / f"{number}.onnx"
        page.library.exporting.write(export)
        wait(lambda: not page.library.exporting.is_busy, "an export")
        report = self.folder / f"{number}.html"
        page.write_report_to(str(model), report)
        wait(report.is_file, "a report")
        export.unlink()
        report.unlink()

    def teach(self, number: int) -> None:
        self.window.show_page(0)
        window, kind = self.window, f"Kind {number}"
        source = self.folder / "stripes"
        source.mkdir(exist_ok=True)
        stripes = []
        for n in range(4):
            picture = Image.new("RGB", (96, 96), (32, 48, 208))
            for left in range(2 * n, 96, 24):
                picture.paste((240, 240, 240), (left, 0, left + 10, 96))
            stripes.append(source / f"{n}.png")
            picture.save(stripes[-1])
        window.teacher.teach([(path, kind) for path in stripes])
        wait(lambda: kind in window.teacher.classes, "the lesson")
        taught = self.lessons[-1]
        window.teacher.forget(taught.model, taught.lessons)
        wait(lambda: kind not in window.teacher.classes, "what was before the lesson")

    def turn_everything(self, number: int) -> None:
        window = self.window
        for language in ("ko", "en"):
            for appearance in ("dark", "light"):
                window.set_language(language)
                window.set_appearance(appearance)
                for page in range(PAGES):
                    window.show_page(page)
                    QCoreApplication.processEvents()
        window.resize(1024 + 200 * (number % 3), 600 + 100 * (number % 3))


def pause(seconds: float) -> None:
    """Let the window run for so long."""
    end = time.monotonic() + seconds
    wait(lambda: time.monotonic() > end, "the time to pass")


def held() -> dict[str, int]:
    process = psutil.Process()
    return {
        "MB": round(megabytes()),
        "threads": process.num_threads(),
        "files": process.num_fds() if hasattr(process, "num_fds") else len(process.open_files()),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--photos", type=int, default=700, help="in each round; 700")
    options = parser.parse_args(arguments)
    if sys.platform == "linux" and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    end = time.monotonic() + 60 * options.minutes
    # Of photos in a temporary folder, second names are kept until the end.
    with tempfile.TemporaryDirectory(prefix=".fruitgui-soak-", dir=Path.home()) as name:
        home = Path(name)
        os.environ["FRUITGUI_HOME"] = str(home / "home")
        app = create_application(["fruitgui"])
        settings = Settings(QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat))
        window = create_window(app, settings)
        window.show()
        user = User(window, home, options.photos)
        frames = [jpeg(frame.image) for frame in video_frames([("Apple", 3)], seconds=3, rate=10)]
        rows: list[dict[str, int]] = []
        print("round  minutes  photos  trainings     MB  threads  files", flush=True)
        with network_camera(frames, rate=10) as camera:
            while time.monotonic() < end or len(rows) < FEWEST_ROUNDS:
                user.round(len(rows), camera)
                rows.append(held())
                minutes = options.minutes - (end - time.monotonic()) / 60
                print(
                    f"{len(rows):5}  {minutes:7.1f}  {user.classified:6}  {user.trained:9}  "
                    f"{rows[-1]['MB']:5}  {rows[-1]['threads']:7}  {rows[-1]['files']:5}",
                    flush=True,
                )
        window.close()
        app.processEvents()
    return 0 if is_flat(rows) else 1


def is_flat(rows: Sequence[dict[str, int]]) -> bool:
    """Whether no more is held in the last rounds than in the first after warming up, by the medians
    of three: a tenth of memory is given away, and a few threads and files that have not ended
    yet."""
    begun = rows[ROUNDS_TO_WARM_UP:][:3]
    ended = rows[-3:]
    for what, share, spare in (("MB", 1.1, 50), ("threads", 1.0, 4), ("files", 1.0, 8)):
        first, last = (median(row[what] for row in some) for some in (begun, ended))
        if last > first * share + spare:
            print(f"{what} grew from {first} to {last}.", file=sys.stderr)
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
