"""Bodies of produce as implicit surfaces, and what a parallel view of one shows.

Lengths are in units of the body: its largest half-extent is about 1. View coordinates are x to the
right, y down and z towards the viewer.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

MARGIN = 1.12
"""How far a view reaches beyond the body, so that its outline never touches the edge."""

_TABLE = 4096
_MARCHED = 36
"""Pixels a side of the grid on which rays are marched all the way."""
_REFINED = 76
"""Pixels a side of the grid on which hits are refined; surfaces are smooth enough to enlarge."""

Planes = tuple[np.ndarray, np.ndarray, np.ndarray]
"""x, y and z of points or vectors, float32 (H, W) each."""

Cut = Literal["", "across", "along", "slice"]


@dataclass(frozen=True, slots=True)
class Stem:
    """A stalk at the stem end, slightly bent."""

    start: float
    """Where on the axis it begins."""
    end: float
    radius: float
    lean: float = 0.15


@dataclass(frozen=True, slots=True)
class Solid:
    """A body around an axis, the stem end at +z.

    With ``length`` 0 it is round: ``profile`` gives its radius from the centre, from the stem pole
    to the other. Else it is long: ``profile`` gives its radius about a segment of half-length
    ``length``, from the stem end to the other, both ends rounded.
    """

    profile: tuple[float, ...]
    length: float = 0.0
    bend: float = 0.0
    """Curvature of the axis."""
    ribs: int = 0
    rib_depth: float = 0.0
    lump: float = 0.0
    phase: float = 0.0
    """Decides the lumps."""
    squash: float = 1.0
    """Thickness across y as a share of that across x."""
    cut: Cut = ""
    slice_place: float = 0.0
    stem: Stem | None = None

    @property
    def extent(self) -> float:
        """Radius of a ball about the origin that holds the body and its stem."""
        reach = max(self.profile) * (1 + self.rib_depth) + 3 * self.lump
        if self.cut == "slice":
            return reach * 1.05 + 0.05
        if self.length:
            reach = max(reach, self.length + max(self.profile[0], self.profile[-1]))
        tip = 0.0 if self.stem is None else self.stem.end + self.stem.radius
        return max(reach, tip)

    @property
    def thickness(self) -> float:
        """Half the least width: how high its centre lies above the ground it lies on."""
        return max(self.profile) * self.squash if self.length else float(np.mean(self.profile))


@dataclass(frozen=True, slots=True)
class View:
    """What is seen of a body; float32, square."""

    place: Planes
    """Points in the body's coordinates, the axis straightened."""
    normal: Planes
    """Unit vectors in view coordinates."""
    turned: Planes
    """The same in the body's coordinates."""
    depth: np.ndarray
    """(N, N) towards the viewer, in units of the body."""
    alpha: np.ndarray
    """(N, N) coverage, 0 to 1."""
    extent: float
    """Half a side, in units of the body."""


@functools.lru_cache(maxsize=256)
def _table(profile: tuple[float, ...]) -> np.ndarray:
    """A smooth curve through about the values of *profile*: float32 (_TABLE,)."""
    places = np.linspace(0, 1, len(profile))
    coarse = np.linspace(0, 1, _TABLE // 16)
    curve = np.interp(coarse, places, profile).astype(np.float32)
    sigma = 0.28 * curve.size / max(1, len(profile) - 1)
    smooth = cv2.GaussianBlur(curve[None], (0, 0), sigma, borderType=cv2.BORDER_REFLECT)
    return np.asarray(np.interp(np.linspace(0, 1, _TABLE), coarse, smooth[0]), np.float32)


def straighten(points: Planes, bend: float) -> Planes:
    """Points about a bent axis as if it were straight."""
    if not bend:
        return points
    x, y, z = points
    radius = np.float32(1 / bend)
    inward = radius - x
    away = np.sqrt(inward * inward + z * z)
    return radius - away, y, np.arctan2(z, inward) * radius


def along(solid: Solid, place: Planes) -> np.ndarray:
    """How far down the body straightened points are: 0 at the stem end to 1 (H, W)."""
    x, y, z = place
    if solid.length:
        first, last = solid.profile[0], solid.profile[-1]
        whole = 2 * solid.length + first + last
        return np.clip((solid.length + first - z) / whole, 0, 1)
    return np.asarray(np.arctan2(np.sqrt(x * x + y * y), z) * np.float32(1 / np.pi))


def stem_distance(solid: Solid, place: Planes) -> np.ndarray:
    """Distance from straightened points to the stem: float32 (H, W)."""
    assert solid.stem is not None
    stem = solid.stem
    x, y, z = place
    on_axis = np.clip(z, stem.start, stem.end)
    share = (on_axis - stem.start) / (stem.end - stem.start)
    lean = stem.lean * share * share
    thick = stem.radius * (0.8 + 0.5 * share * share)
    away: np.ndarray = np.sqrt((x - lean) ** 2 + y * y + (z - on_axis) ** 2) - thick
    return away


def distance(solid: Solid, points: Planes) -> np.ndarray:
    """A bound of the distance from points to the surface, negative inside: float32 (H, W)."""
    place = straighten(points, solid.bend)
    x, y, z = place
    y = y * np.float32(1 / solid.squash)
    table = _table(solid.profile)
    scale = (_TABLE - 1) * np.float32(1)
    around2 = x * x + y * y
    if solid.length:
        on_axis = np.clip(z, -solid.length, solid.length)
        where = (solid.length - on_axis) * (scale / (2 * solid.length))
        away = np.sqrt(around2 + (z - on_axis) ** 2)
    else:
        where = np.arctan2(np.sqrt(around2), z) * (scale / np.float32(np.pi))
        away = np.sqrt(around2 + z * z)
    radius = table[where.astype(np.int32)]
    if solid.rib_depth:
        radius = radius * (1 + solid.rib_depth * np.cos(solid.ribs * np.arctan2(y, x)))
    if solid.lump:
        a = solid.phase
        radius = radius + solid.lump * (
            np.sin(3.1 * x + a) + np.sin(3.7 * y + 2 * a) + np.sin(2.9 * z + 3 * a)
        )
    gap: np.ndarray = (away - radius) * min(1.0, solid.squash)
    if solid.cut == "across":
        gap = np.maximum(gap, z)
    elif solid.cut == "along":
        gap = np.maximum(gap, y)
    elif solid.cut == "slice":
        gap = np.maximum(gap, np.abs(z) - 0.07)
    if solid.stem is not None:
        gap = np.minimum(gap, stem_distance(solid, place))
    return gap


def pose(axis: tuple[float, float, float], spin: float) -> np.ndarray:
    """Rotation (3, 3): the body's axes in view coordinates: z along *axis*, *spin* about it."""
    z = np.array(axis, np.float64)
    z /= np.linalg.norm(z)
    helper = np.array([1.0, 0, 0]) if abs(z[0]) < 0.8 else np.array([0, 1.0, 0])
    x = helper - z * (helper @ z)
    x /= np.linalg.norm(x)
    y = np.cross(z, x)
    turned = np.stack([np.cos(spin) * x + np.sin(spin) * y, np.cos(spin) * y - np.sin(spin) * x, z])
    return turned.astype(np.float32)


def _turn(rotation: np.ndarray, vectors: Planes) -> Planes:
    x, y, z = vectors
    a, b, c = (row[0] * x + row[1] * y + row[2] * z for row in rotation)
    return a, b, c


def _length(vectors: Sequence[np.ndarray]) -> np.ndarray:
    x, y, z = vectors
    return np.asarray(np.sqrt(x * x + y * y + z * z))


def _larger(image: np.ndarray, side: int) -> np.ndarray:
    if image.shape[0] == side:
        return image
    return np.asarray(cv2.resize(image, (side, side), interpolation=cv2.INTER_LINEAR))


def _screen(side: int, extent: float) -> tuple[np.ndarray, np.ndarray]:
    # Pixel centres, as cv2.resize has them.
    line = ((np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1) * np.float32(extent)
    x, y = np.meshgrid(line, line)
    return x, y


def look_at(solid: Solid, rotation: np.ndarray, side: int) -> View:
    """See a body along z by marching rays; *side* is N, the pixels of the view."""
    extent = solid.extent * MARGIN

    def points(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> Planes:
        return _turn(rotation, (x, y, z))

    x, y = _screen(_MARCHED, extent)
    z = np.full_like(x, extent)
    nearest = np.full_like(x, np.inf)
    nearest_z = z.copy()
    for _ in range(11):
        gap = distance(solid, points(x, y, z))
        closer = gap < nearest
        nearest = np.where(closer, gap, nearest)
        nearest_z = np.where(closer, z, nearest_z)
        z = z - gap * np.float32(0.85)

    refined = min(_REFINED, side)
    x, y = _screen(refined, extent)
    z = _larger(nearest_z, refined)
    for _ in range(2):
        gap = distance(solid, points(x, y, z))
        z = np.clip(z - gap * np.float32(0.9), -extent, extent)
    gap = distance(solid, points(x, y, z))

    step = np.float32(0.012 * extent)
    slopes = [
        distance(solid, points(x + step, y, z)) - gap,
        distance(solid, points(x, y + step, z)) - gap,
        distance(solid, points(x, y, z + step)) - gap,
    ]
    length = _length(slopes) + np.float32(1e-6)
    # Distances beside a tilted surface are too large by its slope; the outline wants true ones.
    gap = gap * (step / np.maximum(length, step * np.float32(0.3)))
    # A ray that hits is deepest inside behind its hit: by this much, if the body were a ball.
    gap = gap - np.float32(0.15) * (np.maximum(slopes[2], 0) / length) ** 2
    nx, ny, nz = (_larger(slope / length, side) for slope in slopes)
    nz = np.maximum(nz, np.float32(0.02))
    length = _length([nx, ny, nz])
    normal = nx / length, ny / length, nz / length

    depth = _larger(z, side)
    x, y = _screen(side, extent)
    pixel = 2 * extent / side
    alpha = np.clip(np.float32(0.55) - _larger(gap, side) / pixel, 0, 1)
    place = straighten(points(x, y, depth), solid.bend)
    return View(place, normal, _turn(rotation, normal), depth, alpha, extent)
