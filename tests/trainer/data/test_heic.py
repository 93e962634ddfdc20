"""The files were made from rendered quarters of colour by libheif's ``heif-enc`` 1.23.6: ``plain``
is one picture, ``ten_bits`` has 10 bits, ``turned_tiles`` is cut into tiles of 64 pixels and
turned by a quarter, clockwise; the colours of ``display_p3`` are of that space."""

import random
import shutil
import struct
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from trainer.control import drain
from trainer.data.dataset import Photo, images_in
from trainer.data.images import MAX_PIXELS, image_kind, open_rgb
from trainer.errors import ImageError
from trainer.training.decoded_images import decode

FOLDER = Path(__file__).parent
PLAIN = FOLDER / "plain.heic"
QUARTERS = np.array([[(200, 60, 50), (60, 180, 70)], [(70, 80, 200), (240, 220, 60)]])
"""Colours, by row and column."""


def quarters(image: Image.Image) -> np.ndarray:
    assert image.mode == "RGB"
    pixels = np.asarray(image, np.int16)
    rows, columns = (np.array([side // 4, side * 3 // 4]) for side in pixels.shape[:2])
    return pixels[np.ix_(rows, columns)]


@pytest.mark.parametrize("name", ["plain", "ten_bits"])
def test_a_photo_is_read(name: str) -> None:
    image = open_rgb(FOLDER / f"{name}.heic", at_least=32)
    assert image.size == (128, 96)
    assert np.abs(quarters(image) - QUARTERS).max() <= 2


def test_tiles_are_put_together_and_turned_once() -> None:
    image = open_rgb(FOLDER / "turned_tiles.heic")
    assert image.size == (96, 128)
    assert np.abs(quarters(image) - np.rot90(QUARTERS, -1)).max() <= 2


def test_colours_are_converted() -> None:
    found = quarters(open_rgb(FOLDER / "display_p3.heic"))
    assert found[0, 0, 0] > 215 and found[0, 1, 0] < 10
    assert "icc_profile" not in open_rgb(FOLDER / "display_p3.heic").info


def test_its_name_does_not_matter(tmp_path: Path) -> None:
    file = shutil.copy(PLAIN, tmp_path / "IMG_0001.jpg")
    assert open_rgb(file).size == (128, 96)
    assert image_kind(PLAIN.read_bytes()) == "heic"


def test_it_is_found_in_folders_and_zips_and_trained_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRUITGUI_HOME", str(tmp_path / "home"))
    folder = tmp_path / "photos"
    folder.mkdir()
    shutil.copy(PLAIN, folder / "IMG_0001.HEIC")
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.write(FOLDER / "turned_tiles.heic", "IMG_0002.heic")
    found = list(images_in([folder, folder / "more.zip"]))
    assert sorted(path.name for path in found) == ["IMG_0001.HEIC", "IMG_0002.heic"]
    decoded = drain(decode([Photo(path, 0) for path in found], 32, "squash"))
    assert len(decoded) == 2


def test_many_threads_read_at_a_time() -> None:
    data = (FOLDER / "turned_tiles.heic").read_bytes()
    first = np.asarray(open_rgb(data))
    with ThreadPoolExecutor(8) as pool:
        for read in pool.map(open_rgb, [data] * 64):
            assert np.array_equal(np.asarray(read), first)


def sized(data: bytes, width: int, height: int) -> bytes:
    """The photo, saying that it is of another size."""
    return data.replace(struct.pack(">II", 128, 96), struct.pack(">II", width, height))


def test_a_bomb_is_refused_undecoded() -> None:
    side = int(MAX_PIXELS**0.5) + 1
    with pytest.raises(ImageError, match="too large"):
        open_rgb(sized(PLAIN.read_bytes(), side, side))


def test_a_picture_that_is_larger_or_smaller_than_it_says_is_refused() -> None:
    for width, height in ((8000, 6000), (256, 256)):
        with pytest.raises(ImageError, match="damaged"):
            open_rgb(sized(PLAIN.read_bytes(), width, height))


def test_damage_is_told_in_a_sentence() -> None:
    chance = random.Random(0)
    for name in ("plain", "turned_tiles"):
        data = (FOLDER / f"{name}.heic").read_bytes()
        for number in range(60):
            damaged = bytearray(data if number % 3 else data[: chance.randrange(40, len(data))])
            for _ in range(4):
                damaged[chance.randrange(12, len(damaged))] = chance.randrange(256)
            try:
                image = open_rgb(bytes(damaged))
            except ImageError as error:
                assert str(error).endswith(".")
            else:
                assert image.mode == "RGB"
