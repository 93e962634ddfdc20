"""Photos that show the same moment: copies, smaller or recompressed ones, frames of one film."""

from collections.abc import Generator

import numpy as np

THUMBNAIL_SIDE = 16
LARGEST_DISTANCE = 0.03
"""Of near-duplicates. Recompressing, resizing, brightening and tinting photos of produce moved them
by less than 0.02; of 1,973 photos taken in shops, one in a hundred had a neighbour within 0.06."""
LARGEST_DISTANCE_ACROSS = LARGEST_DISTANCE / 2
"""Of near-duplicates in different classes, which are no frames of a film: of 500 ellipses of five
colours that were drawn in about the same place on white, a tenth as many pairs of different
colours are as near. Photos that were recompressed, resized, brightened or tinted still are, but for
a few of the tinted."""
_GREY = 16.0
"""Stands beside the colours, so that what has none has a direction, too."""
_ROWS = 512


def directions(thumbnails: np.ndarray) -> np.ndarray:
    """What is compared of thumbnails: their colours less the mean, scaled to length 1, so that
    neither brightness nor contrast counts.

    Args:
        thumbnails: uint8 (N, S, S, 3).

    Returns:
        float32 (N, 3·S·S + 1).
    """
    values = int(np.prod(thumbnails.shape[1:]))
    colours = np.full((len(thumbnails), values + 1), _GREY, dtype=np.float32)
    colours[:, :-1] = thumbnails.reshape(len(thumbnails), values)
    colours[:, :-1] -= colours[:, :-1].mean(axis=1, keepdims=True)
    colours /= np.linalg.norm(colours, axis=1, keepdims=True)
    return colours


def near_duplicates(
    compared: np.ndarray,
    largest_distance: float = LARGEST_DISTANCE,
    labels: np.ndarray | None = None,
) -> Generator[tuple[int, int], None, np.ndarray]:
    """Group what is nearly the same, and what is nearly the same as that, and so on: single
    linkage, so that the frames of a film are one group though its ends look different. So are, now
    and then, pieces alike in front of one plain ground, of which each looks like another.

    Every pair is compared: 35,000 in half a minute on two cores.

    Args:
        compared: float32 (N, D), as :func:`directions` gives it.
        largest_distance: 1 less the cosine of two that count as nearly the same.
        labels: int64 (N,): two of different classes count if they are no farther than
            :data:`LARGEST_DISTANCE_ACROSS`, lest pieces of one class are chained to those of
            another; without labels, all are taken to be of one class.

    Yields:
        How many have been compared with all others, and of how many.

    Returns:
        int64 (N,): the lowest index of each one's group.
    """
    count = len(compared)
    groups = np.arange(count)
    for start in range(0, count, _ROWS):
        yield start, count
        rows = compared[start : start + _ROWS]
        # What comes before was compared with these already.
        alike = rows @ compared[start:].T
        is_near = alike > 1 - largest_distance
        if labels is not None:
            is_of_one = labels[start : start + _ROWS, None] == labels[start:]
            is_near &= is_of_one | (alike > 1 - LARGEST_DISTANCE_ACROSS)
        for number in np.flatnonzero(is_near.sum(axis=1) > 1):
            near = groups[start:][is_near[number]]
            lowest = near.min()
            others = np.setdiff1d(near, lowest)
            if len(others):
                groups[np.isin(groups, others)] = lowest
    yield count, count
    return groups
