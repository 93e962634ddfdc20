from pathlib import Path

import cv2
import numpy as np
import pytest

from trainer import demo
from trainer.dataset import open_data_set
from trainer.demo.composites import background, composite
from trainer.demo.cutouts import Cutout, cut_out
from trainer.starter import with_background, with_imagenets_kinds, with_pictures


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


def test_a_piece_is_cut_along_its_edge() -> None:
    photo, _ = crate()
    pieces = cut_out(photo, np.random.default_rng(1))
    assert len(pieces) == 5
    assert all(piece.picture.shape == (*piece.mask.shape, 3) for piece in pieces)
    shares = [float((piece.picture[piece.mask > 128][:, 0] > 150).mean()) for piece in pieces]
    assert max(shares) > 0.98


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
    picture = composite([ball()], [other], 96, random)
    assert picture.shape == (96, 96, 3)
    assert picture.dtype == np.uint8
    redder = picture[..., 0].astype(int) - picture[..., 2]
    assert redder.max() > 30


def test_backgrounds_are_white_coloured_or_other_photos() -> None:
    other = np.full((80, 100, 3), (10, 200, 10), np.uint8)
    canvases = [background([other], 32, np.random.default_rng(seed)) for seed in range(40)]
    assert all(canvas.shape == (32, 32, 3) for canvas in canvases)
    white = [canvas.min() >= 235 for canvas in canvases]
    greener = [canvas[..., 1].mean() > 1.5 * canvas[..., 0].mean() for canvas in canvases]
    assert 10 <= sum(white) <= 28
    assert 4 <= sum(greener) <= 25


def test_the_starter_learns_kinds_without_photos_and_other_things(tmp_path: Path) -> None:
    for name in ("photos", "rendered"):
        steps = demo.write_data_set(tmp_path / name, 3, kinds=("Banana", "Tomato"), size=32)
        assert list(steps)[-1] == (6, 6)
    photos = with_imagenets_kinds(open_data_set(tmp_path / "photos"))
    assert {"Banana", "Tomato", "Strawberry", "Broccoli"} <= set(photos.classes)
    assert photos.classes == tuple(sorted(photos.classes))
    shown = {photos.classes[photo.label] for photo in photos.photos}
    assert shown == {"Banana", "Tomato"}

    more = with_pictures(photos, "train", open_data_set(tmp_path / "rendered"))
    assert len(more.split("train")) == len(photos.split("train")) + 6
    assert more.split("validation") == photos.split("validation")

    all_of_it = with_background(more, tmp_path / "rendered" / "train" / "Tomato")
    added = all_of_it.split("train")[len(more.split("train")) :]
    assert [photo.label for photo in added] == [photos.background]
    assert all_of_it.fingerprint() != more.fingerprint()
