import io
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms

from tests.trainer.data.profiles import DISPLAY_P3, SRGB, grey_profile, rgb_profile
from trainer.data.images import open_rgb
from trainer.data.transforms import square_from_file

P3 = rgb_profile(DISPLAY_P3)
# The same colour, computed by hand from the primaries of both.
P3_RED, SRGB_RED = (200, 30, 40), (220, 0, 19)


def file_of(image: Image.Image, format: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def pixel(data: bytes, at_least: int | None = None) -> tuple[int, ...]:
    image = open_rgb(data, at_least)
    assert image.mode == "RGB"
    value = image.getpixel((image.width // 2, image.height // 2))
    assert isinstance(value, tuple)
    return value


def is_close(a: tuple[int, ...], b: tuple[int, ...], within: int = 3) -> bool:
    return all(abs(x - y) <= within for x, y in zip(a, b, strict=True))


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF"])
def test_colours_are_converted_by_the_profile(format: str) -> None:
    image = Image.new("RGB", (32, 32), P3_RED)
    options = {"lossless": True} if format == "WEBP" else {}
    quality = {"quality": 100, "subsampling": 0} if format == "JPEG" else {}
    data = file_of(image, format, icc_profile=P3, **options, **quality)
    assert is_close(pixel(data), SRGB_RED, within=6)


def test_what_is_read_has_no_profile_any_more_to_be_saved_with_it() -> None:
    data = file_of(Image.new("RGB", (8, 8), P3_RED), icc_profile=P3)
    assert "icc_profile" not in open_rgb(data).info


def test_a_model_sees_the_same_colours() -> None:
    data = file_of(Image.new("RGB", (64, 64), P3_RED), icc_profile=P3)
    square = square_from_file(data, 16, "squash")
    assert is_close(tuple(square[8, 8].tolist()), SRGB_RED)


def test_a_reduced_jpeg_is_converted_too() -> None:
    image = Image.new("RGB", (1600, 1200), P3_RED)
    data = file_of(image, "JPEG", icc_profile=P3, quality=95)
    assert open_rgb(data, at_least=100).width < 1600
    assert is_close(pixel(data, at_least=100), SRGB_RED, within=4)


def test_srgbs_own_profiles_change_no_pixel() -> None:
    noise = Image.effect_noise((32, 32), 90).convert("RGB")
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    read = open_rgb(file_of(noise, icc_profile=srgb))
    assert np.array_equal(np.asarray(read), np.asarray(noise))
    assert "icc_profile" not in read.info


def test_transparent_colours_are_converted_before_they_lie_on_white() -> None:
    image = Image.new("RGBA", (8, 8), (*P3_RED, 128))
    image.putpixel((0, 0), (0, 0, 0, 0))
    read = open_rgb(file_of(image, icc_profile=P3))
    assert is_close(read.getpixel((4, 4)), (237, 127, 137))  # type: ignore[arg-type]
    assert read.getpixel((0, 0)) == (255, 255, 255)


def test_a_palettes_colours_are_converted() -> None:
    image = Image.new("RGB", (8, 8), P3_RED).quantize(4)
    assert is_close(pixel(file_of(image, icc_profile=P3)), SRGB_RED)


def test_grey_is_converted_by_a_profile_of_greys_and_by_one_of_colours() -> None:
    grey = Image.new("L", (8, 8), 128)
    assert is_close(pixel(file_of(grey, icc_profile=grey_profile(1.0))), (188, 188, 188))
    assert is_close(pixel(file_of(grey, icc_profile=rgb_profile(SRGB, 1.0))), (188, 188, 188))
    deep = Image.fromarray(np.full((8, 8), 32896, np.uint16))
    assert is_close(pixel(file_of(deep, icc_profile=grey_profile(1.0))), (188, 188, 188))


@pytest.mark.parametrize(
    "profile",
    [
        pytest.param(b"no profile", id="broken"),
        pytest.param(P3[:200], id="cut off"),
        pytest.param(grey_profile(1.0), id="of greys"),
        pytest.param(P3.ljust(5 * 2**20, b"\0"), id="of megabytes"),
        pytest.param(
            ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(), id="of no picture"
        ),
    ],
)
@pytest.mark.parametrize("format", ["JPEG", "TIFF"])
def test_a_profile_that_cannot_be_the_photos_is_passed_over(profile: bytes, format: str) -> None:
    data = file_of(Image.new("RGB", (32, 32), P3_RED), format, icc_profile=profile)
    assert is_close(pixel(data), P3_RED)


@pytest.mark.parametrize(
    "chunk",
    [
        pytest.param(b"P3\0\0" + zlib.compress(bytes(64 * 2**20)), id="a bomb"),
        pytest.param(b"P3\0\0 not compressed", id="not compressed"),
        pytest.param(b"P3\0\7" + zlib.compress(P3), id="compressed in no known way"),
    ],
)
def test_a_png_with_a_damaged_profile_is_read_without_it(chunk: bytes) -> None:
    plain = file_of(Image.new("RGB", (8, 8), P3_RED))
    header = 8 + 25
    profile = struct.pack(">I", len(chunk)) + b"iCCP" + chunk
    profile += struct.pack(">I", zlib.crc32(b"iCCP" + chunk))
    assert pixel(plain[:header] + profile + plain[header:]) == P3_RED


def test_many_threads_read_at_a_time() -> None:
    noise = Image.effect_noise((200, 200), 90).convert("RGB")
    data = file_of(noise, icc_profile=P3)
    first = np.asarray(open_rgb(data))
    with ThreadPoolExecutor(8) as pool:
        for read in pool.map(open_rgb, [data] * 40):
            assert np.array_equal(np.asarray(read), first)


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
@pytest.mark.parametrize("suffix", ["png", "tif"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_values_are_scaled_by_the_bits_in_use(
    tmp_path: Path, bits: int, suffix: str, channels: int
) -> None:
    white = 2**bits - 1
    values = np.full((8, 8, channels), white, np.uint16)
    values[..., :3] = white // 2
    values[0, 0] = white
    file = tmp_path / f"deep.{suffix}"
    assert cv2.imwrite(str(file), values)
    image = open_rgb(file)
    assert is_close(image.getpixel((4, 4)), (127, 127, 127))  # type: ignore[arg-type]
    assert image.getpixel((0, 0)) == (255, 255, 255)


def test_colours_of_sixteen_bits_keep_their_order(tmp_path: Path) -> None:
    file = tmp_path / "deep.png"
    assert cv2.imwrite(str(file), np.full((8, 8, 3), (100, 200, 1000), np.uint16))  # Blue first.
    assert is_close(pixel(file.read_bytes()), (249, 50, 25))


def test_a_big_endian_tiff_is_read() -> None:
    values = np.full((8, 8), 512, ">u2")
    values[0, 0] = 1023
    data = file_of(Image.frombytes("I;16B", (8, 8), values.tobytes()), "TIFF")
    assert is_close(pixel(data), (128, 128, 128))


def test_what_a_tiff_says_of_its_white_counts() -> None:
    dark = Image.fromarray(np.full((8, 8), 400, np.uint16))
    assert is_close(pixel(file_of(dark, "TIFF", tiffinfo={281: 4095})), (25, 25, 25))


def test_sixteen_bit_grey_may_be_transparent() -> None:
    values = np.full((8, 8), 40000, np.uint16)
    values[0, 0] = 7
    image = open_rgb(file_of(Image.fromarray(values), transparency=7))
    assert image.getpixel((0, 0)) == (255, 255, 255)
    assert is_close(image.getpixel((4, 4)), (156, 156, 156))  # type: ignore[arg-type]
