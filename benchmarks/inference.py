"""How fast photos become labels, ours beside the plain way, in one run.

The plain way is what tutorials have: import torch, decode the whole photo with Pillow, resize it,
run the network in eager float32, one photo after the other. Three things are timed, for the starter
model and for a ResNet50 with random weights: one 12-megapixel JPEG from file to label; a folder of
them; and a process from its start to the first label. Both give the same answers, which is checked
on the photos of ``--check FOLDER``.
"""

import argparse
import dataclasses
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from trainer import paths, synthetic
from trainer.config.architectures import title_of
from trainer.data.dataset import images_in
from trainer.inference.engine_selection import measure_precision, prepare
from trainer.inference.predictor import Predictor
from trainer.models.metadata import ModelInfo, read_model_info

PIXELS = (4000, 3000)
PHOTOS = 8
"""Of different content; a folder has them several times over."""

PLAIN_START = """
import sys, torch
from pathlib import Path
from benchmarks.inference import PlainWay
print(PlainWay(Path(sys.argv[1])).label(Path(sys.argv[2])))
"""
OUR_START = """
import sys
from pathlib import Path
from trainer.inference.predictor import Predictor
for prediction in Predictor(Path(sys.argv[1])).predict([Path(sys.argv[2])]):
    print(prediction.answer.top[0].label)
"""


class PlainWay:
    """One photo at a time, decoded in full, in eager float32."""

    def __init__(self, model_file: Path) -> None:
        import torch

        from trainer.models.model_file import load_model

        self._torch = torch
        self._classifier, self._info = load_model(model_file)

    @property
    def classes(self) -> tuple[str, ...]:
        return self._info.classes

    def probabilities(self, photo: Path) -> np.ndarray:
        """float32 (classes,)."""
        with Image.open(photo) as image:
            return self._probabilities(image.convert("RGB"))

    def probabilities_of(self, image: np.ndarray) -> np.ndarray:
        """The same of an RGB picture, uint8 (H, W, 3)."""
        return self._probabilities(Image.fromarray(image))

    def _probabilities(self, image: Image.Image) -> np.ndarray:
        torch, info = self._torch, self._info
        resized = image.resize((info.image_size, info.image_size), Image.Resampling.BILINEAR)
        pixels = torch.from_numpy(np.asarray(resized).copy()).permute(2, 0, 1)[None].float() / 255
        mean = torch.tensor(info.mean).view(1, 3, 1, 1)
        std = torch.tensor(info.std).view(1, 3, 1, 1)
        with torch.no_grad():
            logits = self._classifier((pixels - mean) / std)
        scaled = logits / info.temperature
        if info.knows_background:
            scaled = torch.cat((scaled, torch.zeros(1, 1)), dim=1)
        result: np.ndarray = torch.softmax(scaled, dim=1)[0, : len(info.classes)].numpy()
        return result

    def label(self, photo: Path) -> str:
        return self._info.classes[int(self.probabilities(photo).argmax())]


def write_photos(folder: Path) -> list[Path]:
    """12-megapixel JPEG files, as phones write them: rendered produce with a sensor's noise."""
    folder.mkdir()
    random = np.random.default_rng(0)
    files = []
    for number in range(PHOTOS):
        image = synthetic.render(
            synthetic.KINDS[number % len(synthetic.KINDS)], seed=number, size=768
        )
        large = Image.fromarray(image).resize(PIXELS, Image.Resampling.BICUBIC)
        noise = random.normal(0, 4, (PIXELS[1], PIXELS[0], 1)).astype(np.float32)
        noisy = np.clip(np.asarray(large) + noise, 0, 255).astype(np.uint8)
        files.append(folder / f"{number}.jpg")
        Image.fromarray(noisy).save(files[-1], quality=90)
    return files


def _starters_network() -> str:
    return title_of(read_model_info(paths.starter_model()).architecture)


def write_resnet(file: Path) -> None:
    """A ResNet50 of 36 classes, with random weights: for its time, not for its answers."""
    import torch

    from trainer.models.classifier import Classifier
    from trainer.models.model_file import save_model

    torch.manual_seed(0)
    classes = tuple(f"class {number}" for number in range(36))
    info = ModelInfo(title="ResNet50", architecture="resnet50", classes=classes)
    save_model(file, Classifier("resnet50", len(classes)), info)


def seconds_of(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_turns(ours: Callable[[], object], plain: Callable[[], object], times: int) -> list[float]:
    """The medians of both, in seconds: run in turns, so that what else happens hits both."""
    found: list[list[float]] = [[], []]
    for _ in range(times):
        for work, seconds in zip((ours, plain), found, strict=True):
            seconds.append(seconds_of(work))
    return [statistics.median(seconds) for seconds in found]


def start_of(code: str, model_file: Path, photo: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", code, str(model_file), str(photo)],
        check=True,
        cwd=Path(__file__).parents[1],
        stdout=subprocess.DEVNULL,
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """What was measured of a model: seconds, ours and the plain way's."""

    model: str
    engine: str
    photo: tuple[float, float]
    folder: tuple[float, float]
    """A photo of a folder."""
    start: tuple[float, float]


def measure(name: str, model_file: Path, photos: Sequence[Path], quick: bool) -> Row:
    prepare(model_file)
    measure_precision(model_file)
    predictor, plain = Predictor(model_file), PlainWay(model_file)
    many = list(photos) * (3 if quick else 12)
    # Both are warm.
    list(predictor.predict(photos))
    plain.label(photos[0])
    photo = in_turns(
        lambda: list(predictor.predict(photos[:1])),
        lambda: plain.label(photos[0]),
        times=7 if quick else 21,
    )
    folder = in_turns(
        lambda: list(predictor.predict(many)),
        lambda: [plain.label(photo) for photo in many],
        times=1 if quick else 3,
    )
    start = in_turns(
        lambda: start_of(OUR_START, model_file, photos[0]),
        lambda: start_of(PLAIN_START, model_file, photos[0]),
        times=3 if quick else 7,
    )
    per_photo = [seconds / len(many) for seconds in folder]
    engine = predictor.engine.name
    return Row(
        name, engine, (photo[0], photo[1]), (per_photo[0], per_photo[1]), (start[0], start[1])
    )


def check(photos: Sequence[Path]) -> dict[str, float]:
    """How far the starter's answers to *photos* are from those of the plain way."""
    model_file = paths.starter_model()
    predictor, plain = Predictor(model_file), PlainWay(model_file)
    alike = 0
    furthest = 0.0
    count = 0
    for photo in predictor.read(photos):
        if not isinstance(photo.decoded, np.ndarray):
            continue
        ours = predictor.probabilities(predictor.outputs([photo.decoded]).logits)[0]
        theirs = plain.probabilities(photo.path)
        alike += int(ours.argmax() == theirs.argmax())
        furthest = max(furthest, float(np.abs(ours - theirs).max()))
        count += 1
    return {"photos": count, "same_label": alike / max(1, count), "furthest": furthest}


def print_rows(rows: Sequence[Row]) -> None:
    print(f"{'':34}{'ours':>12}{'plain way':>12}{'ratio':>8}")
    for row in rows:
        print(f"{row.model} ({row.engine})")
        for name, (ours, plain), scale, unit in (
            ("  a 12-megapixel photo", row.photo, 1000, "ms"),
            ("  a photo of a folder of them", row.folder, 1000, "ms"),
            ("  from start to the first label", row.start, 1, "s"),
        ):
            figures = f"{ours * scale:9.2f} {unit:2}{plain * scale:9.2f} {unit:2}"
            print(f"{name:34}{figures}{plain / ours:8.1f}")


def as_json(rows: Sequence[Row], checked: dict[str, float] | None) -> dict[str, object]:
    starter = rows[0]
    return {
        "photo_ratio": round(starter.photo[1] / starter.photo[0], 2),
        "folder_ratio": round(starter.folder[1] / starter.folder[0], 2),
        "start_ratio": round(starter.start[1] / starter.start[0], 2),
        "rows": [dataclasses.asdict(row) for row in rows],
        "check": checked,
        "machine": {
            "processor": platform.processor() or platform.machine(),
            "cores": os.cpu_count(),
            "platform": platform.platform(),
        },
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    parser.add_argument("--check", type=Path, metavar="FOLDER", help="compare the answers, too")
    parser.add_argument("--json", action="store_true", help="print one object last")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="fruitgui-benchmark-") as name:
        home = Path(name)
        os.environ["FRUITGUI_HOME"] = str(home / "home")
        photos = write_photos(home / "photos")
        resnet = home / "resnet50.safetensors"
        write_resnet(resnet)
        rows = [
            measure(
                f"Starter, {_starters_network()}", paths.starter_model(), photos, options.quick
            ),
            measure("ResNet50", resnet, photos, options.quick),
        ]
        checked = check(list(images_in([options.check]))) if options.check else None
    print_rows(rows)
    if checked is not None:
        print(
            f"Starter on {checked['photos']} photos: {checked['same_label']:.2%} the same label, "
            f"probabilities within {checked['furthest']:.4f}"
        )
    if options.json:
        print(json.dumps(as_json(rows, checked)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
