import cv2
import numpy as np
import pytest

from tests.trainer.photos import apple_image, noisy
from trainer.camera import frame_measures


@pytest.fixture(scope="module")
def apple() -> np.ndarray:
    return apple_image()


@pytest.mark.parametrize(
    ("width", "height", "square"), [(640, 480, (80, 0, 480)), (480, 640, (0, 80, 480))]
)
def test_the_guide_is_the_middle_square(
    width: int, height: int, square: tuple[int, int, int]
) -> None:
    assert frame_measures.guide(width, height) == square
    frame = np.zeros((height, width, 3), np.uint8)
    left, top, side = square
    frame[top : top + side, left : left + side] = 9
    assert frame_measures.guided(frame).shape == (side, side, 3)
    assert frame_measures.guided(frame).min() == 9


def test_noise_is_no_change_and_a_cherry_is(apple: np.ndarray) -> None:
    before = frame_measures.blocks(noisy(apple, 1))
    assert frame_measures.change(before, frame_measures.blocks(noisy(apple, 2))) < 4
    with_cherry = apple.copy()
    cv2.circle(with_cherry, (400, 80), 30, (160, 20, 30), -1)
    assert frame_measures.change(before, frame_measures.blocks(noisy(with_cherry, 2))) > 30


def test_walls_are_featureless_and_produce_is_not(apple: np.ndarray) -> None:
    wall = np.full((480, 480, 3), 150, np.uint8)
    assert frame_measures.is_featureless(noisy(wall, 1))
    assert not frame_measures.is_featureless(noisy(apple, 1))
    assert frame_measures.is_featureless(noisy(np.zeros_like(wall), 1))
