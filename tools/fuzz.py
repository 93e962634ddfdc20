"""``python -m tools.fuzz TARGET FOLDER [libFuzzer's options]``: bytes from strangers, made worse.

Each target takes what a user may be sent. What it may do about damaged bytes is to say so, in a
:class:`~trainer.errors.TrainerError`; whatever else it raises is a fault, whose input libFuzzer
keeps in FOLDER. Needs ``pip install atheris``. Each find becomes a test.

Targets that end in ``-fields`` take the bytes for choices: what is read is whole JSON, in which
some values are others than they should be. Damaged bytes seldom get past a reader of JSON.
"""

import contextlib
import copy
import io
import json
import os
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import atheris
import numpy as np
from PIL import Image

with atheris.instrument_imports(include=["trainer", "fruitgui.camera.sources"]):
    from fruitgui import address_secrets
    from fruitgui.camera.sources import address
    from trainer import paths
    from trainer.config.recipe import Recipe
    from trainer.control import drain
    from trainer.data.dataset import open_data_set
    from trainer.data.images import open_rgb
    from trainer.data.label_edits import LabelEdits
    from trainer.data.labels.labelled_photos import choose_labels
    from trainer.data.zips import photos_folder, unzip
    from trainer.errors import TrainerError, error_from_json
    from trainer.evaluation.result_file import load_evaluation
    from trainer.experiments import run_database
    from trainer.experiments.run_records import runs, trashed_runs
    from trainer.models.foreign.weights_file import read_weights
    from trainer.models.growth import read_growth
    from trainer.models.metadata import read_model_info
    from trainer.models.numpy_head import NumpyHead
    from trainer.storage import zip_copies

_EVALUATION = (
    "fruitgui/comparisons/20261129-013410-02da/01-timm-test_efficientnet-head-0"
    "/evaluation.safetensors"
)
_HOME = Path(__file__).parents[1] / "tests" / "home_of_version_0_1.zip"


def _model(data: bytes, folder: Path) -> None:
    file = _written(folder / "model.safetensors", data)
    info = read_model_info(file)
    read_growth(file)
    NumpyHead.read(file, info)


def _weights(data: bytes, folder: Path) -> None:
    read_weights(_written(folder / "weights.pth", data))


def _edits(data: bytes, folder: Path) -> None:
    root = folder / "fruit"
    (root / "Apple").mkdir(parents=True, exist_ok=True)
    _written(folder / "fruit.changes.json", data)
    LabelEdits.of(root)


def _database(data: bytes, folder: Path) -> None:
    _written(paths.run_database(), data)
    with contextlib.suppress(OSError):  # Which says that it is malformed, and which file it is.
        for record in (*runs(), *trashed_runs()):
            run_database.epochs_of(record.id)
        run_database.comparison_folders()
    for damaged in paths.home().glob("*.damaged"):
        damaged.unlink()  # It is put aside each time, and would fill the disk.


def _evaluation(data: bytes, folder: Path) -> None:
    load_evaluation(_written(folder / "evaluation.safetensors", data))


def _zip(data: bytes, folder: Path) -> None:
    file = _written(folder / "photos.zip", data)
    try:
        drain(unzip(file))
        open_data_set(photos_folder(file))
    finally:
        # Each zip's copy is held as long as the process lives: files would run out.
        with contextlib.suppress(TrainerError, OSError):
            zip_copies.remove(photos_folder(file).parent)


def _labels(suffix: str) -> Callable[[bytes, Path], None]:
    def read(data: bytes, folder: Path) -> None:
        photos = folder / "photos"
        if not photos.is_dir():
            photos.mkdir()
            for number in range(4):
                _picture(photos / f"{number}.png", number)
        open_data_set(choose_labels(photos, _written(folder / f"labels{suffix}", data)))

    return read


def _image(data: bytes, folder: Path) -> None:
    open_rgb(_written(folder / "photo.jpg", data))


def _address(data: bytes, folder: Path) -> None:
    text = data.decode("utf-8", "replace")
    address_secrets.without_secrets(text)
    source = address(text)
    address_secrets.without_secrets(source.title + source.for_programs)


def _sentence(data: bytes, folder: Path) -> None:
    str(error_from_json(data.decode("utf-8", "replace")))


def _fields_of_edits(data: bytes, folder: Path) -> None:
    document = json.loads(_in_home("garden.changes.json"))
    _edits(json.dumps(_changed(document, data)).encode(), folder)


def _fields_of_labels(data: bytes, folder: Path) -> None:
    _labels(".json")(json.dumps(_changed(_COCO, data)).encode(), folder)


def _fields_of_model(data: bytes, folder: Path) -> None:
    _model(_with_other_metadata(_small_model(), data), folder)


def _fields_of_evaluation(data: bytes, folder: Path) -> None:
    _evaluation(_with_other_metadata(_in_home(_EVALUATION), data), folder)


def _fields_of_recipe(data: bytes, folder: Path) -> None:
    values = _changed(json.loads(Recipe().to_json()), data)
    Recipe.from_json(json.dumps(values))


def _with_other_metadata(content: bytes, data: bytes) -> bytes:
    """A safetensors file, some of whose metadata are others."""
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    # They are texts, of which many hold JSON themselves.
    unfolded = {name: _json_or_text(text) for name, text in header["__metadata__"].items()}
    changed = _changed(unfolded, data)
    header["__metadata__"] = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in changed.items()
    }
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + content[8 + length :]


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _changed(document: Any, data: bytes) -> Any:
    """A JSON document in which a few values are others, or are missing."""
    choose = atheris.FuzzedDataProvider(data)
    document = copy.deepcopy(document)
    for _ in range(choose.ConsumeIntInRange(1, 4)):
        places = list(_places(document))
        if not places:
            break
        container, key = places[choose.ConsumeIntInRange(0, len(places) - 1)]
        if choose.ConsumeBool() and choose.ConsumeBool():
            del container[key]
        else:
            container[key] = _other_value(choose)
    return document


def _places(document: Any) -> Iterator[tuple[Any, Any]]:
    """Every value in a JSON document, as what holds it and its key there."""
    keys = list(document) if isinstance(document, dict) else range(len(document))
    for key in keys:
        yield document, key
        if isinstance(document[key], dict | list):
            yield from _places(document[key])


def _other_value(choose: Any) -> Any:
    kinds = (
        lambda: choose.PickValueInList([None, True, False, [], {}, "", "/", "..", "\0", "NaN"]),
        lambda: choose.PickValueInList([0, -1, 1, 2**31, 2**63, 10**30, 1e308, float("nan")]),
        lambda: choose.ConsumeInt(8),
        lambda: choose.ConsumeFloat(),
        lambda: choose.ConsumeUnicode(20),
        lambda: [choose.ConsumeUnicode(5), choose.ConsumeInt(2)],
        lambda: {choose.ConsumeUnicode(5): choose.ConsumeInt(2)},
    )
    return kinds[choose.ConsumeIntInRange(0, len(kinds) - 1)]()


@cache
def _small_model() -> bytes:
    """The starter's header with its small tensors alone."""
    content = paths.starter_model().read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    kept, data = {"__metadata__": header.pop("__metadata__")}, b""
    for name, entry in header.items():
        first, last = entry["data_offsets"]
        if last - first <= 4096:
            offsets = [len(data), len(data) + last - first]
            data += content[8 + length + first : 8 + length + last]
            kept[name] = {**entry, "data_offsets": offsets}
    text = json.dumps(kept).encode()
    return len(text).to_bytes(8, "little") + text + data


def _small_weights() -> bytes:
    import torch

    buffer = io.BytesIO()
    torch.save({"model": {"fc.weight": torch.zeros(2, 3), "fc.bias": torch.zeros(2)}}, buffer)
    return buffer.getvalue()


def _small_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, tempfile.TemporaryDirectory() as name:
        for number in range(4):
            picture = Path(name) / f"{number}.png"
            _picture(picture, number)
            archive.write(picture, f"fruit/{'Apple' if number % 2 else 'Möhre'}/{number}.png")
    return buffer.getvalue()


@cache
def _in_home(name: str) -> bytes:
    with zipfile.ZipFile(_HOME) as archive:
        return archive.read(name)


def _pictures() -> list[bytes]:
    image = Image.fromarray(np.arange(48, dtype=np.uint8).reshape(4, 4, 3))
    contents = []
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP"):
        buffer = io.BytesIO()
        image.save(buffer, kind)
        contents.append(buffer.getvalue())
    return contents


def _choices() -> list[bytes]:
    return [bytes(range(64)), bytes(range(255, 127, -1))]


_COCO = {
    "images": [{"id": number, "file_name": f"{number}.png"} for number in range(4)],
    "annotations": [
        {"image_id": number, "category_id": number % 2, "bbox": [0, 0, 4, 4]} for number in range(4)
    ],
    "categories": [{"id": 0, "name": "Apple"}, {"id": 1, "name": "Lime"}],
}

TARGETS: dict[str, tuple[Callable[[bytes, Path], None], Callable[[], list[bytes]]]] = {
    "model": (_model, lambda: [_small_model()]),
    "weights": (_weights, lambda: [_small_weights()]),
    "edits": (_edits, lambda: [_in_home("garden.changes.json")]),
    "database": (_database, lambda: [_in_home("fruitgui/runs.sqlite")]),
    "evaluation": (_evaluation, lambda: [_in_home(_EVALUATION)]),
    "zip": (_zip, lambda: [_small_zip()]),
    "csv": (
        _labels(".csv"),
        lambda: [b"photo,label,split\n0.png,Apple,train\n1.png,Lime,val\n2.png;Apple\n"],
    ),
    "json": (_labels(".json"), lambda: [json.dumps(_COCO).encode()]),
    "image": (_image, _pictures),
    "address": (_address, lambda: ["rtsp://me:p@ss:wörd@10.0.0.7:554/live?key=1#a".encode()]),
    "model-fields": (_fields_of_model, _choices),
    "edits-fields": (_fields_of_edits, _choices),
    "json-fields": (_fields_of_labels, _choices),
    "evaluation-fields": (_fields_of_evaluation, _choices),
    "recipe-fields": (_fields_of_recipe, _choices),
    "sentence": (_sentence, lambda: [TrainerError("No “{name}”.", name="x").to_json().encode()]),
}
"""What reads the bytes, and what they begin with."""


def _written(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def _picture(path: Path, number: int) -> None:
    Image.new("RGB", (8, 8), (60 * number, 20, 200)).save(path)


@contextlib.contextmanager
def _home() -> Iterator[Path]:
    """A folder in memory where there is one, which is the user's home, too."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        os.environ["FRUITGUI_HOME"] = str(Path(name) / "home")
        yield Path(name)


def main() -> None:
    name, kept, *options = sys.argv[1:]
    target, seeds = TARGETS[name]
    corpus = Path(kept) / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds()):
        _written(corpus / f"seed-{number}", seed)

    with _home() as folder:

        def once(data: bytes) -> None:
            with contextlib.suppress(TrainerError):
                target(data, folder)

        # What libFuzzer finds goes beside the corpus.
        found = f"-artifact_prefix={kept}/{name}-"
        atheris.Setup([sys.argv[0], str(corpus), found, *options], once)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
