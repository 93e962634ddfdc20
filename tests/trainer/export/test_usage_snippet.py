import dataclasses
import io
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from PIL import Image

from tests.trainer.data.profiles import DISPLAY_P3, rgb_profile
from tests.trainer.export.conftest import Pair
from tests.trainer.export.models import (
    INFO,
    checked_export,
    float32_predictor,
    image,
    model_file,
)
from trainer.data.images import open_rgb
from trainer.export.format import Format, files_of
from trainer.export.usage_snippet import snippet
from trainer.models.metadata import read_model_info


@pytest.mark.parametrize("format", get_args(Format))
def test_the_lines_in_the_card_give_the_apps_answer(
    format: Format, export_for_photos: Callable[[Format], Pair], tmp_path: Path
) -> None:
    pair = export_for_photos(format)
    lines = snippet(read_model_info(pair.model), format, True, pair.exported.path.name)
    assert f"```python\n{lines}\n```" in pair.exported.card.read_text(encoding="utf-8")
    photo = image(190, 150, 1)
    expected = float32_predictor(pair.model).answer_image(photo)
    answer = answer_of(lines, format, pair.exported.path, photo, tmp_path)
    assert not expected.unknown
    assert answer == (expected.label, pytest.approx(expected.confidence, abs=1e-3))


@pytest.mark.parametrize("threshold", [0.0, 1.0])
def test_the_lines_crop_where_the_model_does_and_say_unknown(
    threshold: float, tmp_path: Path, photos: list[Path]
) -> None:
    photo = image(90, 60, 3)
    info = dataclasses.replace(INFO, resize="crop", threshold=threshold)
    model = model_file(tmp_path / "model.safetensors", info)
    exported = checked_export(model, "onnx", tmp_path / "export.onnx", photos)
    lines = snippet(info, "onnx", False, exported.path.name)
    assert f"```python\n{lines}\n```" in exported.card.read_text(encoding="utf-8")
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    expected = float32_predictor(model).answer_image(photo)
    answer = answer_of(lines, "onnx", exported.path, photo, folder)
    if threshold == 1.0:
        assert expected.unknown
        assert answer == ("unknown", None)
    else:
        assert answer == (expected.label, pytest.approx(expected.confidence, abs=1e-3))


def test_the_lines_convert_colours_as_the_app_does(tmp_path: Path, photos: list[Path]) -> None:
    info = dataclasses.replace(INFO, threshold=0.0)
    model = model_file(tmp_path / "model.safetensors", info)
    exported = checked_export(model, "onnx", tmp_path / "export.onnx", photos)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    photo = Image.fromarray(image(90, 60, 3))
    photo.info["icc_profile"] = rgb_profile(DISPLAY_P3)
    buffer = io.BytesIO()
    photo.save(buffer, "PNG")
    converted = np.asarray(open_rgb(buffer.getvalue()))
    assert not np.array_equal(converted, image(90, 60, 3))
    expected = float32_predictor(model).answer_image(converted)
    lines = snippet(info, "onnx", False, exported.path.name)
    answer = answer_of(lines, "onnx", exported.path, photo, folder)
    assert answer == (expected.label, pytest.approx(expected.confidence, abs=1e-3))


def answer_of(
    lines: str, format: Format, export_file: Path, photo: np.ndarray | Image.Image, folder: Path
) -> tuple[str, float | None]:
    """The label and the probability that a snippet prints."""
    for file in files_of(export_file, format):
        shutil.copyfile(file, folder / file.name)
    # Whatever it is called, Pillow looks into the file; and PNG loses nothing.
    photo = photo if isinstance(photo, Image.Image) else Image.fromarray(photo)
    photo.save(folder / "photo.jpg", "PNG")
    script = folder / "snippet.py"
    script.write_text(lines, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-X", "utf8", str(script)],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    if done.stdout.strip() == "unknown":
        return "unknown", None
    label, _, probability = done.stdout.strip().rpartition(" ")
    return label, float(probability)
