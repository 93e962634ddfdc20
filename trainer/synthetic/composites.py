"""Images put together of pieces: cutouts laid out before white, colours or other photos.

A network that has seen a kind in one setting alone learns the setting; before any other it learns
the kind (Dwibedi, Misra and Hebert, *Cut, Paste and Learn*, ICCV 2017).
"""

from collections.abc import Sequence

import cv2
import numpy as np

from trainer.synthetic.cutouts import Cutout

_SINGLE_SHARE = 0.45
"""How many images show one piece alone."""
_MOST_PIECES = 6


def composite(
    cutouts: Sequence[Cutout], others: Sequence[np.ndarray], side: int, random: np.random.Generator
) -> np.ndarray:
    """One to six of *cutouts*, turned, lit and laid out anew: uint8 (side, side, 3).

    Args:
        cutouts: of one kind, at least one.
        others: photos of other things to lay some of them on, uint8 (H, W, 3), at least one.
    """
    canvas = background(others, side, random)
    is_single = random.random() < _SINGLE_SHARE
    pieces = 1 if is_single else int(random.integers(2, _MOST_PIECES + 1))
    share = random.uniform(0.55, 0.95) if is_single else random.uniform(0.3, 0.55)
    spread = 0.5 - share / 2 if is_single else 0.32
    for _ in range(pieces):
        piece = cutouts[int(random.integers(len(cutouts)))]
        size = side * share * random.uniform(0.85, 1.1)
        middle = side * (0.5 + spread * random.uniform(-1, 1, 2))
        _paste(canvas, piece, size, middle, random)
    return np.clip(_relit(canvas, random, 0.8) + 0.5, 0, 255).astype(np.uint8)


def background(others: Sequence[np.ndarray], side: int, random: np.random.Generator) -> np.ndarray:
    """White, a colour that changes across the image, or part of another photo, in or out of
    focus: float32 (side, side, 3), from 0 to 255."""
    kind = random.random()
    if kind < 0.45:
        return np.full((side, side, 3), random.uniform(235, 255), np.float32)
    if kind < 0.7:
        first = random.uniform(0, 255, 3)
        second = np.clip(first + random.normal(0, 40, 3), 0, 255)
        across = np.linspace(0, 1, side)[None, :, None]
        way = across if random.random() < 0.5 else across.transpose(1, 0, 2)
        grain = random.normal(0, random.uniform(0, 8), (side, side, 1))
        return (first * (1 - way) + second * way + grain).astype(np.float32)
    photo = others[int(random.integers(len(others)))]
    part = round(min(photo.shape[:2]) * np.sqrt(random.uniform(0.2, 1)))
    top, left = (int(random.integers(length - part + 1)) for length in photo.shape[:2])
    cropped = photo[top : top + part, left : left + part]
    image = cv2.resize(cropped, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32)
    if random.random() < 0.6:
        image = np.asarray(
            cv2.GaussianBlur(image, (0, 0), random.uniform(0.01, 0.02) * side), np.float32
        )
    return _relit(image, random)


def _relit(image: np.ndarray, random: np.random.Generator, strength: float = 1.0) -> np.ndarray:
    """Brighter or darker, in light of another colour, more or less colourful, with more or less
    contrast: float32, from 0 to 255, as *image*."""
    cast = np.exp(random.uniform(-0.45, 0.45) * strength + random.normal(0, 0.1 * strength, 3))
    lit = image * cast.astype(np.float32)
    grey = lit.mean(axis=2, keepdims=True)
    lit = (lit - grey) * random.uniform(1 - 0.4 * strength, 1 + 0.6 * strength) + grey
    mean = lit.mean()
    lit = (lit - mean) * random.uniform(1 - 0.35 * strength, 1 + 0.35 * strength) + mean
    result: np.ndarray = np.clip(lit, 0, 255).astype(np.float32)
    return result


def _paste(
    canvas: np.ndarray,
    cutout: Cutout,
    size: float,
    middle: np.ndarray,
    random: np.random.Generator,
) -> None:
    """Lay a cutout on the canvas, turned at random, at times with a shadow or lit from a side.

    Args:
        canvas: float32 (S, S, 3), changed.
        size: of the cutout's longer side, in the canvas's pixels.
        middle: where it goes, (y, x).
    """
    image, mask = cutout.image, cutout.mask
    if random.random() < 0.5:
        image, mask = image[:, ::-1], mask[:, ::-1]
    height, width = mask.shape
    turned = round(size * 1.15)
    turn = cv2.getRotationMatrix2D(
        (width / 2, height / 2), random.uniform(-180, 180), size / max(height, width)
    )
    turn[:, 2] += (turned / 2 - width / 2, turned / 2 - height / 2)
    piece = cv2.warpAffine(
        np.ascontiguousarray(image), turn, (turned, turned), borderMode=cv2.BORDER_REPLICATE
    ).astype(np.float32)
    share = cv2.warpAffine(np.ascontiguousarray(mask), turn, (turned, turned))
    share = share[..., None].astype(np.float32) / 255
    top, left = (round(float(place) - turned / 2) for place in middle)
    rows = slice(max(0, top), min(canvas.shape[0], top + turned))
    columns = slice(max(0, left), min(canvas.shape[1], left + turned))
    inner = (
        slice(rows.start - top, rows.stop - top),
        slice(columns.start - left, columns.stop - left),
    )
    if random.random() < 0.4:
        shadow = cv2.GaussianBlur(share, (0, 0), max(1.0, size * 0.04))[..., None]
        shadow = np.roll(shadow * random.uniform(0.1, 0.45), round(size * 0.05), axis=0)
        canvas[rows, columns] *= 1 - shadow[inner]
    if random.random() < 0.3:
        down, right = np.mgrid[-1 : 1 : turned * 1j, -1 : 1 : turned * 1j]
        angle = random.uniform(0, 2 * np.pi)
        slope = right * np.cos(angle) + down * np.sin(angle)
        piece *= (1 + random.uniform(0.1, 0.3) * slope)[..., None].astype(np.float32)
    seen = share[inner]
    canvas[rows, columns] *= 1 - seen
    canvas[rows, columns] += np.clip(piece[inner], 0, 255) * seen
