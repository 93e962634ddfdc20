"""What can be measured of a camera's frame without a model: change, sharpness, emptiness.

Frames are RGB arrays, uint8 (H, W, 3).
"""

import cv2
import numpy as np

_BLOCKS = 28
_SIDE = 128
"""Sharpness is measured at about the size that models see: finer blur does no harm."""
_DARK = 24
_EDGE = 8.0
_BLUR_KERNEL = 5


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


def sharpness(frame: np.ndarray) -> float:
    """The variance of the Laplacian, to compare frames of one scene: the larger the sharper.

    After Pech-Pacheco et al., *Diatom autofocusing in brightfield microscopy*, ICPR 2000.
    """
    return float(cv2.Laplacian(_grey(frame), cv2.CV_32F).var())


def blur_effect(frame: np.ndarray) -> float:
    """How blurred a frame is, whatever it shows, from 0 (sharp) to 1: how little of its detail goes
    when it is blurred once more.

    After Crété-Roffet et al., *The Blur Effect*, SPIE 2007.
    """
    grey = _grey(frame)
    effects = []
    for axis, kernel in ((0, (1, _BLUR_KERNEL)), (1, (_BLUR_KERNEL, 1))):
        detail = np.abs(np.diff(grey, axis=axis))
        left = np.abs(np.diff(cv2.blur(grey, kernel), axis=axis))
        gone = np.maximum(0, detail - left).sum()
        total = float(detail.sum())
        effects.append((total - float(gone)) / total if total else 1.0)
    return max(effects)


def is_dark(frame: np.ndarray) -> bool:
    """Whether hardly any of it is lit, as with a covered lens."""
    return float(np.quantile(_grey(frame), 0.99)) < _DARK


def is_featureless(frame: np.ndarray) -> bool:
    """Whether it shows no edge at all: a wall, a bare table, a covered lens."""
    shrunk = cv2.resize(_grey(frame), (_SIDE // 2, _SIDE // 2), interpolation=cv2.INTER_AREA)
    across = np.diff(shrunk, axis=1)[:-1]
    down = np.diff(shrunk, axis=0)[:, :-1]
    return float(np.quantile(np.hypot(across, down), 0.98)) < _EDGE


def _grey(frame: np.ndarray) -> np.ndarray:
    """Float32 (128, 128), the sensor's noise mostly averaged out."""
    shrunk = cv2.resize(frame, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    grey: np.ndarray = cv2.cvtColor(shrunk, cv2.COLOR_RGB2GRAY)
    return grey.astype(np.float32)
