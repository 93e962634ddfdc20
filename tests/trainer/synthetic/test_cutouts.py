import cv2
import numpy as np
import pytest

from trainer.synthetic.composites import background, composite
from trainer.synthetic.cutouts import Cutout, cut_out


def crate(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Balls of one colour before another, and where they are."""
    random = np.random.default_rng(seed)
    photo = np.full((240, 240, 3), (40, 60, 30), np.uint8)
    balls = np.zeros((240, 240), np.uint8)
    for y in (60, 120, 180):
        for x in (60, 120, 180):
            cv2.circle(balls, (x, y), 22, 255, -1)
    photo[balls > 0] = (220, 150, 30)
    grain = random.normal(0, 4, photo.shape)
    return np.clip(photo + grain, 0, 255).astype(np.uint8), balls


def test_the_likeliest_piece_is_mostly_cut_along_its_edge() -> None:
    photo, _ = crate()
    likeliest = []
    for seed in range(4):
        pieces = cut_out(photo, np.random.default_rng(seed))
        assert len(pieces) == 5
        assert all(piece.image.shape == (*piece.mask.shape, 3) for piece in pieces)
        inside = pieces[0].image[pieces[0].mask > 128]
        likeliest.append(float((inside[:, 0] > 150).mean()))
    assert sorted(likeliest)[1] > 0.98


def test_the_same_seed_finds_the_same_pieces() -> None:
    photo, _ = crate()
    first, second = (cut_out(photo, np.random.default_rng(3)) for _ in range(2))
    assert len(first) == len(second)
    assert all(np.array_equal(a.mask, b.mask) for a, b in zip(first, second, strict=True))


def ball() -> Cutout:
    mask = np.zeros((60, 60), np.uint8)
    cv2.circle(mask, (30, 30), 28, 255, -1)
    return Cutout(np.full((60, 60, 3), (220, 40, 30), np.uint8), mask)


def test_a_piece_on_white_is_itself_and_white() -> None:
    whole = ball().on_white()
    assert whole.shape == (69, 69, 3)
    assert whole[0, 0].tolist() == [255, 255, 255]
    assert whole[34, 34].tolist() == [220, 40, 30]


@pytest.mark.parametrize("seed", range(12))
def test_composites_show_the_piece(seed: int) -> None:
    other = np.zeros((80, 100, 3), np.uint8)
    random = np.random.default_rng(seed)
    image = composite([ball()], [other], 96, random)
    assert image.shape == (96, 96, 3)
    assert image.dtype == np.uint8
    redder = image[..., 0].astype(int) - image[..., 2]
    assert redder.max() > 30


def test_backgrounds_are_white_coloured_or_other_photos() -> None:
    other = np.full((80, 100, 3), (10, 200, 10), np.uint8)
    canvases = [background([other], 32, np.random.default_rng(seed)) for seed in range(40)]
    assert all(canvas.shape == (32, 32, 3) for canvas in canvases)
    white = [canvas.min() >= 235 for canvas in canvases]
    greener = [canvas[..., 1].mean() > 1.5 * canvas[..., 0].mean() for canvas in canvases]
    assert 10 <= sum(white) <= 28
    assert 4 <= sum(greener) <= 25
