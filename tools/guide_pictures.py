"""``python -m tools.guide_pictures [LANGUAGE…]``: takes the guide's pictures anew.

The real window is driven through what the guide tells, with rendered produce alone, and each of its
pages goes to ``docs/pictures``. Takes some minutes a language.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import get_args

from PIL import Image, ImageFilter
from PySide6.QtCore import QSettings

from benchmarks.responsiveness import wait
from benchmarks.soak import pause
from fruitgui.app import create_application, create_window
from fruitgui.camera.sources import video_file
from fruitgui.main_window import MainWindow
from fruitgui.settings import Language, Settings
from trainer import paths, synthetic
from trainer.synthetic.kinds import KINDS, Kind
from trainer.synthetic.shapes import Solid, Stem
from trainer.synthetic.skins import plum
from trainer.synthetic.video import video_frames, write_video

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
SIZE = (1280, 780)
NEW_KIND: dict[Language, str] = {"en": "Sloe", "ko": "가시자두"}
"""What the starter does not know: rendered as small plums with long stems."""
_SLOES = Kind(Solid((0.75, 0.93, 1.0, 1.0, 0.95, 0.8), stem=Stem(0.9, 1.5, 0.03)), plum)
_SLOE_SEEDS = range(40, 46)


class Photographer:
    """Drives a window, and keeps what it shows."""

    def __init__(self, window: MainWindow, folder: Path, language: Language) -> None:
        self.window = window
        self.folder = folder
        self.language = language
        self.ending = "" if language == "en" else f".{language}"

    def take(self, name: str) -> None:
        pause(0.7)  # Thumbnails fade in, and the pointer's hints go.
        self.window.grab().save(str(PICTURES / f"{name}{self.ending}.png"))
        print(f"{name}{self.ending}.png", flush=True)

    def classify(self) -> None:
        window = self.window
        samples = sorted(paths.samples_folder().glob("*.jpg"))
        window.open_photos(samples)
        photos = window.classify.photos
        wait(lambda: photos.answered == len(samples), "answers")
        self.take("classify")
        window.classify._open(samples[2])
        wait(lambda: window.classify.detail.path is not None, "a large photo")
        pause(2.0)  # The heat map and similar photos are computed.
        self.take("photo")
        window.classify._on_detail_closed()

    def teach(self) -> None:
        window, kind = self.window, NEW_KIND[self.language]
        folder = self.folder / "sloes"
        folder.mkdir()
        KINDS[kind] = _SLOES
        sloes = []
        for seed in _SLOE_SEEDS:
            sloes.append(folder / f"sloes-{seed}.jpg")
            Image.fromarray(synthetic.render(kind, seed=seed, size=480)).save(sloes[-1], quality=92)
        del KINDS[kind]
        window.classify._bar.clear.click()
        window.open_photos(sloes)
        photos = window.classify.photos
        wait(lambda: photos.answered == len(sloes) == len(photos.paths), "answers")
        window.classify.edits.correct(sloes[:5], kind)
        window.classify.results.select(sloes[0])
        self.take("teach")
        window.classify.results.teach_card.button.click()
        wait(lambda: kind in window.teacher.classes and not window.teacher.is_busy, "a lesson")
        wait(lambda: photos.answered == len(sloes), "answers")
        self.take("taught")
        window.use_model(paths.starter_model())
        wait(lambda: kind not in window.teacher.classes, "the starter")
        window.classify._bar.clear.click()

    def watch(self) -> None:
        video = self.folder / "camera.avi"
        write_video(video, video_frames([("Orange", 6)], seconds=4, rate=15), rate=15)
        self.window.show_page(1)
        page = self.window.camera
        page.choose(video_file(video))
        page.start()
        wait(lambda: page.view.answer is not None, "a live label")
        pause(1.5)
        self.take("camera")
        page.stop()
        wait(lambda: not page.is_running, "the end")

    def train(self) -> Path:
        """Returns the model."""
        data = self.folder / "my fruit"
        for _ in synthetic.write_data_set(data, per_class=24, size=160):
            pass
        spoil(data)
        self.window.show_page(2)
        page = self.window.train
        page.use_data(data)
        wait(lambda: page.data.data is not None and not page.data.is_reading, "the photos")
        page.choices.look.click()
        view = page.inspection
        wait(lambda: view._pages.currentIndex() == 1, "what is wrong with them")
        view.show_section("across splits")
        self.take("inspection")
        view.closed.emit()
        page.start()
        wait(lambda: not page.is_training, "a model")
        pause(3.0)  # How long the next one will take is measured.
        self.take("train")
        return max(paths.runs_folder().iterdir()) / "model.safetensors"

    def models(self, model: Path) -> None:
        window = self.window
        window.show_page(3)
        page = window.models
        page.refresh()
        wait(lambda: page.evaluation.bar.model.offers(model), "the model in the list")
        page.show_view("library")
        page.library.select(model)
        self.take("models")
        page.evaluate(model, self.folder / "my fruit")
        wait(lambda: not page.evaluation.is_busy, "an evaluation")
        self.take("evaluate")
        page.show_view("runs")
        self.take("runs")
        page.show_view("comparison")
        page.comparison.data.use_data(self.folder / "my fruit")
        wait(lambda: page.comparison.data.data is not None, "the photos")
        page.comparison.start_button.click()
        wait(lambda: page.comparison.is_running, "a comparison")
        wait(lambda: not page.comparison.is_running, "its end")
        self.take("compare")
        window.show_page(4)
        self.take("settings")


def spoil(data: Path) -> None:
    """What happens to folders of photos: copies in two splits, a wrong label, a blurred photo."""
    for kind in ("Apple", "Banana", "Kiwi"):
        photo = sorted((data / "train" / kind).iterdir())[0]
        Image.open(photo).save(data / "test" / kind / f"IMG_{ord(kind[0])}.jpg", quality=60)
    for n, photo in enumerate(sorted((data / "train" / "Lemon").iterdir())[:2]):
        shutil.move(photo, data / "train" / "Tomato" / f"wrong-{n}.jpg")
    blurred = sorted((data / "train" / "Carrots").iterdir())[0]
    Image.open(blurred).filter(ImageFilter.GaussianBlur(9)).save(blurred)


def take_pictures(language: Language) -> None:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        os.environ["FRUITGUI_HOME"] = str(home / "home")
        settings = Settings(QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat))
        settings.language, settings.appearance = language, "light"
        app = create_application(["fruitgui"])
        window = create_window(app, settings)
        window.resize(*SIZE)
        window.show()
        loaded: list[object] = []
        window.recognition.ready.connect(lambda *ready: loaded.append(ready))
        wait(lambda: bool(loaded), "the starter")
        photographer = Photographer(window, home, language)
        steps: Sequence[Callable[[], None]] = (
            photographer.classify,
            photographer.teach,
            photographer.watch,
            lambda: photographer.models(photographer.train()),
        )
        for step in steps:
            step()
        window.close()
        app.processEvents()


def main() -> int:
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    chosen = sys.argv[1:] or ["en"]
    if len(chosen) > 1 or chosen[0] not in get_args(Language):
        raise SystemExit("Name one language: en or ko.")
    take_pictures("ko" if chosen[0] == "ko" else "en")
    return 0


if __name__ == "__main__":
    sys.exit(main())
