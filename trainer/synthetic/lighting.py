"""Light on a scene: a deferred pass over colours, normals, heights and gloss."""

import math
from dataclasses import dataclass

import cv2
import numpy as np


@dataclass(slots=True)
class Stage:
    """What the camera sees before there is light; float32, lengths in pixels."""

    paint: np.ndarray
    """(H, W, 4): linear red, green, blue, and a plane that is not used."""
    form: np.ndarray
    """(H, W, 4): the normal's x and y in view coordinates, height towards the viewer, gloss."""
    horizon: int = 0
    """The first row of the ground; what is above and has no gloss is too far off for shadows."""

    @property
    def height(self) -> np.ndarray:
        """Height towards the viewer (H, W)."""
        return self.form[..., 2]


@dataclass(frozen=True, slots=True)
class Light:
    """A soft key light and a sky."""

    towards: np.ndarray
    """Unit vector to the key light in view coordinates."""
    up: np.ndarray
    """Unit vector to the sky."""
    key: np.ndarray
    """Linear RGB (3,)."""
    sky: np.ndarray
    """Linear RGB (3,)."""
    softness: float
    """Penumbra: pixels of it to a pixel of distance from what casts the shadow."""
    wax: float
    """How far light goes on beneath the skin."""
    window: float
    """Turn of the window that shines in glossy skins, in radians."""


def _smaller(image: np.ndarray, factor: int) -> np.ndarray:
    rows, columns = image.shape[:2]
    size = (max(1, columns // factor), max(1, rows // factor))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA))


def occlusion(height: np.ndarray, reach: float) -> np.ndarray:
    """Share of the sky that is seen, 0 to 1 (H, W); hollows narrower than *reach* pixels darken."""
    small = _smaller(height, 2)
    rows, columns = small.shape
    seen = np.ones_like(small)
    for sigma, coarse in ((reach * 0.12, 1), (reach * 0.4, 3)):
        blurred = cv2.GaussianBlur(_smaller(small, coarse), (0, 0), max(0.5, sigma / 2 / coarse))
        around = cv2.resize(blurred, (columns, rows), interpolation=cv2.INTER_LINEAR)
        hidden = np.maximum(around - small, 0) * np.float32(1.1 / max(1.0, sigma))
        seen = np.asarray(seen / (1 + hidden), np.float32)
    full = (height.shape[1], height.shape[0])
    return np.asarray(cv2.resize(seen, full, interpolation=cv2.INTER_LINEAR))


def shadows(height: np.ndarray, light: Light, reach: float) -> np.ndarray:
    """Share of the key light that arrives, 0 to 1 (H, W), past what lies up to *reach* away."""
    # Soft shadows need few pixels; on fewer, the steps below lie closer together, too.
    factor = max(2, height.shape[0] // 140)
    small = _smaller(height, factor) / factor
    rows, columns = small.shape
    flat = float(np.hypot(light.towards[0], light.towards[1]))
    if flat < 1e-3:
        return np.ones_like(height)
    step_x, step_y = light.towards[0] / flat, light.towards[1] / flat
    rise = float(light.towards[2]) / flat
    blocked = np.zeros_like(small)
    for share in np.linspace(0.05, 1, 14) ** 1.4:
        far = share * reach / factor
        move = np.array([[1, 0, step_x * far], [0, 1, step_y * far]], np.float32)
        caster = cv2.warpAffine(
            small,
            move,
            (columns, rows),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        over = (caster - small - far * rise) * np.float32(1 / (0.8 + far * light.softness))
        np.maximum(blocked, over, out=blocked)
    arrives = cv2.GaussianBlur(1 - np.clip(blocked, 0, 1), (0, 0), max(0.6, reach * 0.012 / factor))
    full = (height.shape[1], height.shape[0])
    return np.asarray(cv2.resize(arrives, full, interpolation=cv2.INTER_LINEAR))


def shade(stage: Stage, light: Light, reach: float) -> np.ndarray:
    """Light a stage: linear RGB float32 (H, W, 3).

    Args:
        reach: the size of a piece in pixels: what shadows and hollows are measured by.
    """
    nx, ny, height, gloss = cv2.split(stage.form)
    nz = np.sqrt(np.clip(1 - nx * nx - ny * ny, 0.004, 1))
    sky_seen = occlusion(height, reach)
    lit = shadows(height, light, reach * 1.6)
    far_off = slice(0, stage.horizon)
    lit[far_off] = np.maximum(lit[far_off], gloss[far_off] < 0.01)
    lx, ly, lz = (float(v) for v in light.towards)
    ux, uy, uz = (float(v) for v in light.up)
    facing = nx * lx + ny * ly + nz * lz
    sky = (0.62 + 0.38 * (nx * ux + ny * uy + nz * uz)) * sky_seen
    arriving = lit * np.float32(0.94) + np.float32(0.06)
    hollow = (1 - sky_seen) * np.float32(0.35)

    # Reflections: the lamp, a window, and the sky at grazing angles.
    # Plain floats throughout: numpy's own would turn whole planes into float64.
    long = math.sqrt(lx * lx + ly * ly + (lz + 1) * (lz + 1))
    lamp = np.clip(nx * (lx / long) + ny * (ly / long) + nz * ((lz + 1) / long), 0, 1)
    lamp2 = lamp * lamp
    lamp4 = lamp2 * lamp2
    broad = lamp4 * lamp4 * lamp4 * lamp2
    mirror_x, mirror_y = 2 * nz * nx, 2 * nz * ny
    cosine, sine = math.cos(light.window), math.sin(light.window)
    across = (mirror_x - lx) * cosine + (mirror_y - ly) * sine
    down = (mirror_y - ly) * cosine - (mirror_x - lx) * sine
    pane = np.clip((0.2 - np.abs(across)) * 12, 0, 1) * np.clip((0.3 - np.abs(down)) * 12, 0, 1)
    edge = (1 - nz) * (1 - nz)
    grazing = edge * edge
    tight = broad * broad * broad * broad
    tight = tight * lamp4 * lamp4 * lamp4 * lamp4
    polish = gloss * gloss
    shine = polish * pane * 0.5 + gloss * broad * 0.13 + polish * polish * tight * 0.4
    lamp_shine = shine * lit
    sky_shine = gloss * (0.03 + 0.2 * grazing) * sky_seen

    lit_planes = []
    for plane, key, under, depth in zip(
        cv2.split(stage.paint)[:3], light.key, light.sky, (0.45, 0.3, 0.15), strict=True
    ):
        # Light that goes on beneath the skin reaches past the edge of the shade, red the farthest.
        wrap = np.float32(light.wax * depth)
        body = np.clip((facing + wrap) * (1 / (1 + wrap)), 0, 1) * arriving
        # In hollows between pieces, light comes off their own skins.
        from_sky = (sky + hollow * plane) * under
        lit_planes.append(plane * (body * key + from_sky) + lamp_shine * key + sky_shine * under)
    return np.asarray(cv2.merge(lit_planes))
