"""What can be measured of a camera's frame without a model: change, and emptiness.

Frames are RGB arrays, uint8 (H, W, 3).
"""

import cv2
import numpy as np

from trainer.data.image_measures import grey

_BLOCKS = 28
_EDGE = 8.0
_EDGE_SIDE = 64


def guide(width: int, height: int) -> tuple[int, int, int]:
    """The square of a frame that a model looks at: left, top and side, in pixels."""
    side = min(width, height)
    return (width - side) // 2, (height - side) // 2, side


def guided(frame: np.ndarray) -> np.ndarray:
    """What lies in the guide: uint8 (S, S, 3), a view of *frame*."""
    left, top, side = guide(frame.shape[1], frame.shape[0])
    return frame[top : top + side, left : left + side]


def blocks(frame: np.ndarray) -> np.ndarray:
    """The mean colours of 28 × 28 blocks, float32 (28, 28, 3): few enough that a sensor's noise is
    averaged out."""
    shrunk = cv2.resize(frame, (_BLOCKS, _BLOCKS), interpolation=cv2.INTER_AREA)
    return shrunk.astype(np.float32)


def change(before: np.ndarray, after: np.ndarray) -> float:
    """How far two frames' :func:`blocks` are apart, in grey levels: what all but the hundredth part
    of the blocks that differ most stay below, so that a cherry counts and a hot pixel does not."""
    difference = np.abs(before - after).max(axis=2)
    return float(np.quantile(difference, 0.99))


def is_featureless(frame: np.ndarray) -> bool:
    """Whether it shows no edge at all: a wall, a bare table, a covered lens."""
    shrunk = cv2.resize(grey(frame), (_EDGE_SIDE, _EDGE_SIDE), interpolation=cv2.INTER_AREA)
    across = np.diff(shrunk, axis=1)[:-1]
    down = np.diff(shrunk, axis=0)[:, :-1]
    return float(np.quantile(np.hypot(across, down), 0.98)) < _EDGE
