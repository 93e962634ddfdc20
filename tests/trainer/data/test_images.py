import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from trainer.data.image_names import looks_like_image
from trainer.data.images import MAX_PIXELS, is_cut_off, open_rgb
from trainer.errors import ImageError

RED = (200, 30, 40)

# Ours, when the tests do not make errors of all warnings, are for Pillow to keep to itself.
pytestmark = pytest.mark.filterwarnings(r"ignore:::PIL\.")


def pixel(source: Path | bytes, at_least: int | None = None) -> tuple[int, ...]:
    image = open_rgb(source, at_least)
    assert image.mode == "RGB"
    value = image.getpixel((image.width // 2, image.height // 2))
    assert isinstance(value, tuple)
    return value


def saved(image: Image.Image, path: Path, **options: object) -> Path:
    image.save(path, **options)  # type: ignore[arg-type]
    return path


def is_close(a: tuple[int, ...], b: tuple[int, ...], within: int = 3) -> bool:
    return all(abs(x - y) <= within for x, y in zip(a, b, strict=True))


def test_a_palette_picture_becomes_rgb(tmp_path: Path) -> None:
    image = Image.new("RGB", (8, 8), RED).quantize(4)
    assert is_close(pixel(saved(image, tmp_path / "a.png")), RED)


def test_transparency_lies_on_white(tmp_path: Path) -> None:
    half = Image.new("RGBA", (8, 8), (*RED, 128))
    assert is_close(pixel(saved(half, tmp_path / "a.png")), (227, 142, 147))
    palette = Image.new("P", (8, 8), 0)
    palette.putpalette([0, 0, 0])
    assert pixel(saved(palette, tmp_path / "b.png", transparency=0)) == (255, 255, 255)


def test_cmyk_becomes_rgb(tmp_path: Path) -> None:
    image = Image.new("RGB", (16, 16), RED).convert("CMYK")
    assert is_close(pixel(saved(image, tmp_path / "a.jpg", quality=95)), RED, within=6)


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_sixteen_bit_grey_is_scaled_and_not_cut_off(tmp_path: Path, suffix: str) -> None:
    image = Image.fromarray(np.full((8, 8), 32768, np.uint16))
    assert is_close(pixel(saved(image, tmp_path / f"a.{suffix}")), (128, 128, 128))


def test_floating_point_grey_is_scaled(tmp_path: Path) -> None:
    image = Image.fromarray(np.full((8, 8), 0.5, np.float32))
    assert is_close(pixel(saved(image, tmp_path / "a.tif")), (128, 128, 128))


def test_an_animation_gives_its_first_frame(tmp_path: Path) -> None:
    first, second = Image.new("RGB", (8, 8), RED), Image.new("RGB", (8, 8), (0, 0, 255))
    path = saved(first, tmp_path / "a.gif", save_all=True, append_images=[second])
    assert is_close(pixel(path), RED, within=12)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_stands_upright(tmp_path: Path, orientation: int) -> None:
    upright = np.zeros((40, 60, 3), np.uint8)
    upright[:20, :30] = 255  # The upper left quarter is white.
    turns = {
        1: lambda a: a,
        2: np.fliplr,
        3: lambda a: np.rot90(a, 2),
        4: np.flipud,
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: np.rot90(a, 2).transpose(1, 0, 2),
        8: lambda a: np.rot90(a, 3),
    }
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = Image.fromarray(np.ascontiguousarray(turns[orientation](upright)))
    path = saved(stored, tmp_path / "a.png", exif=exif)
    assert np.array_equal(np.asarray(open_rgb(path)), upright)


def test_a_large_jpeg_is_reduced_while_decoding_but_not_too_far(tmp_path: Path) -> None:
    path = saved(Image.new("RGB", (1600, 1200), RED), tmp_path / "a.jpg")
    reduced = open_rgb(path, at_least=100)
    assert 200 <= min(reduced.size) < 1200
    assert is_close(pixel(path), RED)


def test_names_may_be_in_any_script(tmp_path: Path) -> None:
    quote = "" if sys.platform == "win32" else '"'
    path = saved(Image.new("RGB", (8, 8), RED), tmp_path / f"사과 🍎 'a{quote}.png")
    assert pixel(path) == RED


def truncated(folder: Path) -> Path:
    data = io.BytesIO()
    Image.effect_noise((64, 64), 50).save(data, "JPEG")
    path = folder / "cut.jpg"
    path.write_bytes(data.getvalue()[:600])
    return path


def empty(folder: Path) -> Path:
    path = folder / "empty.png"
    path.touch()
    return path


def text(folder: Path) -> Path:
    path = folder / "text.jpg"
    path.write_text("no picture")
    return path


def named_like_an_image(folder: Path) -> Path:
    path = folder / "folder.jpg"
    path.mkdir()
    return path


def missing(folder: Path) -> Path:
    return folder / "missing.jpg"


def bomb(folder: Path) -> Path:
    """A picture of 250 megapixels in a few kilobytes."""
    side = int(MAX_PIXELS**0.5) + 1
    return saved(Image.new("1", (side, side)), folder / "bomb.png")


def pipe(folder: Path) -> Path:
    path = folder / "pipe.jpg"
    os.mkfifo(path)
    return path


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (truncated, "damaged"),
        (empty, "empty"),
        (text, "not a picture"),
        (named_like_an_image, "folder"),
        (missing, "no such file"),
        (bomb, "too large"),
        pytest.param(
            pipe,
            "no such file",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes' files"),
        ),
    ],
)
def test_what_is_no_picture_is_refused_in_a_sentence(
    tmp_path: Path, make: Callable[[Path], Path], reason: str
) -> None:
    with pytest.raises(ImageError, match=reason) as refusal:
        open_rgb(make(tmp_path), at_least=32)
    assert str(refusal.value).endswith(".")


def test_the_largest_photos_of_phones_are_read(tmp_path: Path) -> None:
    path = saved(Image.new("L", (16320, 12240), 90), tmp_path / "200 megapixels.jpg", quality=30)
    assert is_close(pixel(path, at_least=32), (90, 90, 90))


@pytest.mark.parametrize("name", ["IMG_0001.HEIC", "IMG_0001.jpg"])
def test_a_damaged_heic_photo_is_told_what_to_become(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\0\0\0\x18ftypheic" + bytes(64))
    with pytest.raises(ImageError, match="JPEG"):
        open_rgb(path)


@pytest.mark.parametrize("start", [b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"])
def test_jpeg_xl_is_named(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "photo.jxl"
    path.write_bytes(start + bytes(64))
    assert looks_like_image(path)
    with pytest.raises(ImageError, match=r"JPEG XL.*Save"):
        open_rgb(path)


def jpeg(size: tuple[int, int] = (640, 480), **options: object) -> bytes:
    data = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(data, "JPEG", **options)  # type: ignore[arg-type]
    return data.getvalue()


@pytest.mark.parametrize("missing", [1, 2, 40])
@pytest.mark.parametrize("at_least", [None, 60])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_without_its_end_is_read_and_says_so(
    missing: int, at_least: int | None, progressive: bool
) -> None:
    whole = jpeg(progressive=progressive)
    sound, cut = open_rgb(whole, at_least), open_rgb(whole[:-missing], at_least)
    assert cut.size == sound.size
    assert is_cut_off(cut) and not is_cut_off(sound)
    middle = slice(0, cut.height // 2)
    assert np.array_equal(np.asarray(cut)[middle], np.asarray(sound)[middle])


def test_of_a_jpeg_that_is_cut_off_what_is_whole_is_read() -> None:
    whole = jpeg()
    cut = open_rgb(whole[: len(whole) * 3 // 4])
    assert is_cut_off(cut)
    assert cut.width == 640 and 300 < cut.height < 400
    assert np.asarray(cut)[-1].std() > 5, "nothing is filled in"
    with pytest.raises(ImageError, match="less than half"):
        open_rgb(whole[: len(whole) // 4])


def test_a_turned_jpeg_that_is_cut_off_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    whole = jpeg(exif=exif)
    cut = open_rgb(whole[: len(whole) * 3 // 4])
    assert cut.height == 640 and 300 < cut.width < 400


def test_a_photo_is_shrunk_to_what_is_wanted(tmp_path: Path) -> None:
    path = saved(Image.new("RGB", (600, 400), RED), tmp_path / "a.png")
    assert open_rgb(path, at_most=150).size == (150, 100)
    assert open_rgb(path, at_most=1500).size == (600, 400)


def test_broken_exif_data_does_not_cost_the_picture(tmp_path: Path) -> None:
    path = saved(Image.new("RGB", (8, 8), RED), tmp_path / "a.jpg", exif=b"Exif\0\0MM\0*broken")
    assert is_close(pixel(path), RED)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "RGBA", "CMYK", "YCbCr", "LAB", "I;16", "F"])
def test_whatever_the_colours_it_becomes_rgb(tmp_path: Path, mode: str) -> None:
    assert len(pixel(saved(Image.new(mode, (8, 8)), tmp_path / "a.tif"))) == 3


def test_a_file_of_gigabytes_is_refused_unread(tmp_path: Path) -> None:
    huge = tmp_path / "huge.jpg"
    with huge.open("wb") as file:
        file.truncate(8 * 2**30)  # Takes no room on the disk.
    with pytest.raises(ImageError, match="too large"):
        open_rgb(huge)
