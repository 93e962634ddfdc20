"""From light to a photo: exposure, colour of the light, lens, noise and tone curve."""

import cv2
import numpy as np

from trainer.synthetic import noise

_STEPS = 4096


def look_down(image: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """Frame the middle of (S, S, C) as (size, size, C), slightly turned and in perspective."""
    side = image.shape[0]
    margin = (side - size) / 2
    inner = np.array([[0, 0], [size, 0], [size, size], [0, size]], np.float32)
    corners = inner + margin + rng.uniform(-0.75, 0.75, (4, 2)).astype(np.float32) * margin
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), inner)
    framed = cv2.warpPerspective(
        image, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(framed)


def expose(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Linear RGB float32 (N, N, 3) to a photo uint8 (N, N, 3)."""
    size = image.shape[0]
    grey = np.asarray(cv2.transform(image, np.full((1, 3), 1 / 3)))
    # The meter aims at the middle grey, but lets dark scenes be rather dark and light ones light.
    wanted = 0.19 * float(np.exp(rng.normal(0, 0.2)))
    gain = float(np.clip((wanted / (float(grey.mean()) + 1e-4)) ** 0.62, 0.5, 1.9))
    # Nor does it let the lightest part burn out.
    lightest = float(np.percentile(grey[::4, ::4], 98.5))
    gain = min(gain, max(0.5, 0.95 / (lightest + 1e-4)))
    balance = np.exp(rng.normal(0, 1) * np.array([0.06, 0, -0.08]) + rng.normal(0, 0.012, 3))
    image = np.asarray(cv2.transform(image, np.diag(gain * balance)))
    # A sensor's colours are never quite as pure as paint.
    pale = grey * np.float32(gain * 0.045)
    image = image + cv2.merge([pale, pale, pale])

    line = np.linspace(-1, 1, size, dtype=np.float32)
    off = line[None] ** 2 + line[:, None] ** 2
    dim = 1 - np.float32(rng.uniform(0, 0.16)) * off
    image = image * cv2.merge([dim, dim, dim])

    # Bright spots bleed, as in a phone's small lens.
    small = cv2.resize(image, (size // 4, size // 4), interpolation=cv2.INTER_AREA)
    glow = cv2.GaussianBlur(np.maximum(small - 0.8, 0), (0, 0), max(1.0, size * 0.012))
    image = image + cv2.resize(glow, (size, size)) * np.float32(0.25)

    # Square roots are nearly even to the eye, so that few steps of the curve are enough.
    steps = np.sqrt(np.clip(image, 0, 4)) * np.float32((_STEPS - 1) / 2)
    image = np.take(_tone_curve(float(rng.uniform(0.05, 0.4))), steps.astype(np.int32))

    blur = size * float(rng.choice([0.0012, 0.002, 0.0032], p=[0.6, 0.3, 0.1]))
    image = cv2.GaussianBlur(image, (0, 0), max(0.3, blur))
    amount = np.float32(min(0.018, abs(rng.normal(0.004, 0.006))))
    rows = np.arange(size) % noise.TILE
    planes = []
    for plane in cv2.split(image):
        start = rng.integers(0, noise.TILE, 2)
        grain = noise.tile(8, 250, 0.2, 12)[np.ix_((rows + start[0]) % noise.TILE, rows)]
        planes.append(plane + grain * amount)
    whole = np.clip(cv2.merge(planes) * 255 + 0.5, 0, 255)
    return np.asarray(whole, np.uint8)


def _tone_curve(contrast: float) -> np.ndarray:
    """Screen values of linear light 0 to 4 at even steps of its square root: float32 (_STEPS,)."""
    linear = np.linspace(0, 2, _STEPS) ** 2
    # A shoulder instead of clipping, then the screen's gamma and a touch of contrast.
    shown = 1.25 * linear * (1 + linear * 0.16) / (1 + linear * 0.95)
    screen = np.minimum(shown, 1) ** (1 / 2.2)
    curve = screen * screen * (3 - 2 * screen)
    return np.asarray(screen + (curve - screen) * contrast, np.float32)
