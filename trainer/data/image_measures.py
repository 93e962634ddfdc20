"""What can be measured of an image without a model: sharpness, blur, whether the lens is covered.

Images are RGB arrays, uint8 (H, W, 3).
"""

import cv2
import numpy as np

_SIDE = 128
"""Sharpness is measured at about the size that models see: finer blur does no harm."""
_COVERED = 24
"""Grey levels, of 255, that all but a hundredth of a covered lens's image stay below."""
_BLUR_KERNEL = 5


def sharpness(image: np.ndarray) -> float:
    """The variance of the Laplacian, to compare images of one scene: the larger the sharper.

    After Pech-Pacheco et al., *Diatom autofocusing in brightfield microscopy*, ICPR 2000.
    """
    return float(cv2.Laplacian(grey(image), cv2.CV_32F).var())


def blur_effect(image: np.ndarray) -> float:
    """How blurred an image is, whatever it shows, from 0 (sharp) to 1: how little of its detail
    goes when it is blurred once more.

    After Crété-Roffet et al., *The Blur Effect*, SPIE 2007.
    """
    before = grey(image)
    effects = []
    for axis, kernel in ((0, (1, _BLUR_KERNEL)), (1, (_BLUR_KERNEL, 1))):
        detail = np.abs(np.diff(before, axis=axis))
        left = np.abs(np.diff(cv2.blur(before, kernel), axis=axis))
        gone = np.maximum(0, detail - left).sum()
        total = float(detail.sum())
        effects.append((total - float(gone)) / total if total else 1.0)
    return max(effects)


def is_covered(image: np.ndarray) -> bool:
    """Whether hardly any of it is lit, as where a hand or a cap is on the lens."""
    return float(np.quantile(grey(image), 0.99)) < _COVERED


def grey(image: np.ndarray) -> np.ndarray:
    """Float32 (128, 128), the sensor's noise mostly averaged out."""
    shrunk = cv2.resize(image, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    levels: np.ndarray = cv2.cvtColor(shrunk, cv2.COLOR_RGB2GRAY)
    return levels.astype(np.float32)
