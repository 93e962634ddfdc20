"""Single pieces of produce, cut out of photos of many: from a crate in a shop to a lemon on white.

No network is asked. A disc thrown at random onto a photo is grown to the strongest edge around it
by watersheds (Meyer, *Color image segmentation*, 1992; OpenCV's), and what has an outline without
dents, along edges that its inside lacks, is taken for a piece. Many are not: whoever learns from
them has a first model look at each, and leaves out what it does not know.
"""

from dataclasses import dataclass

import cv2
import numpy as np

_SIDE = 160
"""Photos are shrunk to about so many pixels to look for pieces."""
_THROWS = 80
_SMALLEST_RADIUS, _LARGEST_RADIUS = 9.0, 55.0
_INSIDE, _OUTSIDE = 0.55, 1.35
"""How much of a disc is surely the piece, and from where on it surely is not."""
_SMALLEST_AREA = 150
_LEAST_SOLIDITY = 0.86
"""The share of its convex hull that a piece fills."""
_LARGEST_OVERLAP = 0.3
_KERNEL = np.ones((3, 3), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Cutout:
    """A piece, with what of the rectangle about it belongs to it."""

    image: np.ndarray
    """uint8 (H, W, 3), RGB."""
    mask: np.ndarray
    """uint8 (H, W): 255 inside, and between at its soft edge."""

    def on_white(self, margin: float = 0.15) -> np.ndarray:
        """The piece in the middle of a white square, uint8 (S, S, 3)."""
        share = self.mask[..., None].astype(np.float32) / 255
        piece = self.image * share + 255 * (1 - share)
        height, width = self.mask.shape
        side = round(max(height, width) * (1 + margin))
        top, left = (side - height) // 2, (side - width) // 2
        whole = np.full((side, side, 3), 255, np.uint8)
        whole[top : top + height, left : left + width] = piece
        return whole


def cut_out(photo: np.ndarray, random: np.random.Generator, most: int = 5) -> list[Cutout]:
    """Pieces in a photo, the likeliest first.

    Args:
        photo: uint8 (H, W, 3), RGB.
        random: decides where is looked.
        most: how many at most.
    """
    scale = _SIDE / min(photo.shape[:2])
    small = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    edges = _edges(small)
    found = [
        rated for _ in range(_THROWS) if (rated := _rated(_grown(small, random), edges)) is not None
    ]
    found.sort(key=lambda rated: -rated[0])
    chosen: list[Cutout] = []
    taken = np.zeros(small.shape[:2], np.bool_)
    for _, outline, inside in found:
        if len(chosen) == most:
            break
        if (taken & inside).sum() > _LARGEST_OVERLAP * inside.sum():
            continue
        taken |= inside
        chosen.append(_cutout(photo, outline / scale))
    return chosen


def _edges(image: np.ndarray) -> np.ndarray:
    """How strongly colour changes at each pixel, float32 (H, W)."""
    lab = cv2.cvtColor(cv2.GaussianBlur(image, (0, 0), 1.2), cv2.COLOR_RGB2LAB)
    across = cv2.Sobel(lab, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(lab, cv2.CV_32F, 0, 1)
    result: np.ndarray = np.sqrt((across**2 + down**2).sum(axis=2))
    return result


def _grown(image: np.ndarray, random: np.random.Generator) -> np.ndarray | None:
    """The outline, float32 (P, 2), to which an ellipse thrown onto an image grows."""
    height, width = image.shape[:2]
    radius = np.exp(random.uniform(np.log(_SMALLEST_RADIUS), np.log(_LARGEST_RADIUS)))
    stretch = np.exp(random.uniform(-0.25, 0.25))
    angle = random.uniform(0, np.pi)
    x, y = (random.uniform(radius * 0.8, side - radius * 0.8) for side in (width, height))
    down, right = np.mgrid[0:height, 0:width]
    along = ((right - x) * np.cos(angle) + (down - y) * np.sin(angle)) / (radius * stretch)
    across = ((down - y) * np.cos(angle) - (right - x) * np.sin(angle)) / (radius / stretch)
    distance = np.hypot(along, across)
    markers = np.zeros((height, width), np.int32)
    markers[distance > _OUTSIDE] = 1
    markers[distance < _INSIDE] = 2
    region = (cv2.watershed(image, markers) == 2).astype(np.uint8)
    smooth = cv2.morphologyEx(region, cv2.MORPH_OPEN, _KERNEL)
    outlines, _ = cv2.findContours(smooth, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return None
    largest = max(outlines, key=cv2.contourArea)
    left, top, broad, high = cv2.boundingRect(largest)
    reaches_edge = min(left, top) <= 1 or left + broad >= width - 1 or top + high >= height - 1
    return None if reaches_edge else largest[:, 0].astype(np.float32)


def _rated(
    outline: np.ndarray | None, edges: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray] | None:
    """How much an outline looks like a piece's, itself, and what lies inside, bool (H, W)."""
    if outline is None:
        return None
    area = cv2.contourArea(outline)
    solidity = area / max(cv2.contourArea(cv2.convexHull(outline)), 1.0)
    if area < _SMALLEST_AREA or solidity < _LEAST_SOLIDITY:
        return None
    inside = np.zeros(edges.shape, np.uint8)
    cv2.drawContours(inside, [outline.astype(np.int32)[:, None]], -1, 1, -1)
    band = cv2.dilate(inside, _KERNEL) - cv2.erode(inside, _KERNEL)
    core = cv2.erode(inside, _KERNEL, iterations=2)
    if not core.any():
        return None
    weakest_edge = np.quantile(edges[band > 0], 0.25)
    contrast = np.log((weakest_edge + 3) / (np.median(edges[core > 0]) + 6))
    rating = contrast + 2 * solidity + 0.35 * np.log(area)
    return float(rating), outline, inside > 0


def _cutout(photo: np.ndarray, outline: np.ndarray) -> Cutout:
    left, top = np.maximum(np.floor(outline.min(axis=0)).astype(int) - 2, 0)
    right, bottom = np.ceil(outline.max(axis=0)).astype(int) + 3
    image = photo[top:bottom, left:right]
    mask = np.zeros(image.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(outline - (left, top)).astype(np.int32)], 255)
    blurred = cv2.GaussianBlur(mask, (0, 0), 1.5).astype(np.float32)
    # A little inside of the outline, which runs along what lies about the piece.
    return Cutout(image.copy(), np.clip((blurred - 110) * 2.2, 0, 255).astype(np.uint8))
