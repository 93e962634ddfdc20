import cv2
import numpy as np
import pytest

from tests.trainer.photos import apple_image, noisy
from trainer.data import image_measures
from trainer.synthetic.scene import render_empty


@pytest.fixture(scope="module")
def apple() -> np.ndarray:
    return apple_image()


def test_motion_blurs(apple: np.ndarray) -> None:
    sharp, blurred = noisy(apple, 1), noisy(cv2.blur(apple, (32, 1)), 1)
    assert image_measures.sharpness(blurred) < 0.5 * image_measures.sharpness(sharp)
    assert image_measures.blur_effect(blurred) > image_measures.blur_effect(sharp) + 0.1


def test_a_flat_image_has_no_detail_to_lose() -> None:
    assert image_measures.blur_effect(np.full((64, 64, 3), 90, np.uint8)) == 1


def test_a_covered_lens_is_dark_and_an_empty_table_is_not() -> None:
    covered = noisy(np.zeros((480, 480, 3), np.uint8), 1)
    assert image_measures.is_covered(covered)
    assert not image_measures.is_covered(render_empty(1, 120))
