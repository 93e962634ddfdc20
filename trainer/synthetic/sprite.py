"""One piece of produce seen from one side, ready to be laid into a scene any number of times."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from trainer.synthetic.kinds import Kind
from trainer.synthetic.shapes import Planes, Solid, View, look_at
from trainer.synthetic.surface import Surface

_ROW = 256


@dataclass(frozen=True, slots=True)
class Sprite:
    """A piece as seen by a parallel camera; arrays are float32 (H, W, 4)."""

    middle: tuple[float, float]
    """Column and row of the body's origin."""
    paint: np.ndarray
    """Linear red, green, blue, and coverage."""
    form: np.ndarray
    """The normal's x and y in view coordinates, depth and gloss."""
    unit: float
    """Pixels to one unit of the body."""
    rests: float
    """How high its origin lies above what it rests on, in units of the body."""


def vary(kind: Kind, rng: np.random.Generator, cut: bool = False) -> Solid:
    """A piece's own body: a little taller or flatter, more or less bent; *cut* open or whole."""
    solid = kind.solid
    tall = rng.normal(0, 0.05)
    count = len(solid.profile)
    places = np.linspace(0, np.pi, count)
    if solid.length:
        slim = float(np.clip(rng.normal(1, 0.07), 0.85, 1.15))
        wobble = 1 + rng.normal(0, 0.02, count)
        profile = np.array(solid.profile) * slim * wobble
    else:
        profile = np.array(solid.profile) * (1 + tall * np.cos(2 * places))
        profile *= 1 + rng.normal(0, 0.012, count)
    return replace(
        solid,
        profile=tuple(float(radius) for radius in profile),
        length=solid.length * (1 + tall),
        bend=max(0.0, solid.bend * rng.normal(1, 0.25)),
        phase=float(rng.uniform(0, 6)),
        cut=kind.cut if cut else "",
        stem=None if cut or rng.random() < 0.2 else solid.stem,
    )


def make(
    kind: Kind,
    solid: Solid,
    rotation: np.ndarray,
    unit: float,
    look: np.random.Generator,
    rng: np.random.Generator,
) -> Sprite:
    """Render a body turned by *rotation* (3, 3) at *unit* pixels to a unit of it."""
    view = look_at(solid, rotation, side=max(24, round(2 * solid.extent * 1.12 * unit)))
    covered = cv2.dilate(view.alpha, np.ones((3, 3), np.uint8)) > 0
    surface = Surface(solid, _gather(view, covered), rng)
    skin = kind.paint(surface, look, rng)
    if solid.cut and kind.carve is not None:
        skin = kind.carve(surface, skin, rng)
    relief = _scatter(skin.relief, covered)
    pixels = view.alpha.shape[0] / (2 * view.extent)
    slope_x = cv2.Sobel(relief, cv2.CV_32F, 1, 0, scale=pixels / 8)
    slope_y = cv2.Sobel(relief, cv2.CV_32F, 0, 1, scale=pixels / 8)
    across, down, facing = view.normal
    normal_x = across - slope_x * facing
    normal_y = down - slope_y * facing
    length = np.sqrt(normal_x * normal_x + normal_y * normal_y + facing * facing)
    normal_x, normal_y = normal_x / length, normal_y / length
    rests = 0.07 if solid.cut == "slice" else 0.0 if solid.cut == "across" else solid.thickness
    red, green, blue = (_scatter(plane, covered) for plane in cv2.split(skin.albedo))
    gloss = _scatter(skin.gloss, covered)
    paint = cv2.merge([red, green, blue, view.alpha])
    form = cv2.merge([normal_x, normal_y, view.depth + relief, gloss])
    return _crop(paint, form, pixels, rests)


def _gather(view: View, covered: np.ndarray) -> View:
    """Only the pixels where *covered* (N, N), in rows of _ROW: painters need not see the others."""
    places = np.flatnonzero(covered)
    places = np.resize(places, (max(1, -(-places.size // _ROW)), _ROW))

    def gather(planes: Planes) -> Planes:
        x, y, z = (plane.ravel()[places] for plane in planes)
        return x, y, z

    return View(
        gather(view.place),
        gather(view.normal),
        gather(view.turned),
        view.depth.ravel()[places],
        view.alpha.ravel()[places],
        view.extent,
    )


def _scatter(gathered: np.ndarray, covered: np.ndarray) -> np.ndarray:
    """Lay gathered pixels (M, _ROW) back to where they were *covered* (N, N), 0 elsewhere."""
    whole = np.zeros(covered.shape, np.float32)
    whole[covered] = gathered.ravel()[: np.count_nonzero(covered)]
    return whole


def _crop(paint: np.ndarray, form: np.ndarray, unit: float, rests: float) -> Sprite:
    """A sprite whose origin is the middle, without empty edges but for a clear outermost line."""
    alpha = paint[..., 3]
    alpha[[0, -1]] = 0
    alpha[:, [0, -1]] = 0
    side = alpha.shape[0]
    columns, rows = np.flatnonzero(alpha.any(axis=0)), np.flatnonzero(alpha.any(axis=1))
    left, right = (columns[0] - 1, columns[-1] + 2) if columns.size else (0, side)
    top, low = (rows[0] - 1, rows[-1] + 2) if rows.size else (0, side)
    middle = (float((side - 1) / 2 - left), float((side - 1) / 2 - top))
    part = (slice(top, low), slice(left, right))
    return Sprite(
        middle,
        np.ascontiguousarray(paint[part], np.float32),
        np.ascontiguousarray(form[part], np.float32),
        unit,
        rests,
    )


def greens(unit: float, rng: np.random.Generator) -> Sprite:
    """A tuft of carrot leaves growing up from the middle of the sprite."""
    side = max(24, round(2.4 * unit))
    middle = side / 2
    scale = 4
    drawn = np.zeros((side, side, 4), np.uint8)
    for _ in range(int(rng.integers(7, 12))):
        heading = rng.normal(0, 0.3)
        bow = rng.normal(0, 0.35)
        steps = np.linspace(0, 1, 14)
        bent = heading + bow * steps
        reach = rng.uniform(0.65, 1.1) * unit
        x = middle + np.cumsum(np.sin(bent)) / 14 * reach
        y = middle - np.cumsum(np.cos(bent)) / 14 * reach
        green = rng.uniform(0.75, 1.25) * np.array([88, 132, 44])
        ink = (*(float(v) for v in np.clip(green, 0, 255)), 255.0)
        stalk = np.stack([x, y], axis=-1)
        thick = max(1, round(unit * 0.022))
        cv2.polylines(drawn, [np.int32(stalk * scale)], False, ink, thick, cv2.LINE_AA, 2)  # type: ignore[list-item]
        for place in range(5, 14):
            for turn in (-1, 1):
                away = bent[place] + turn * rng.uniform(0.5, 1.1)
                long = unit * rng.uniform(0.05, 0.17) * np.sin(np.pi * (place - 3) / 11)
                start = stalk[place]
                end = start + long * np.array([np.sin(away), -np.cos(away)])
                line = [np.int32(np.stack([start, end]) * scale)]
                fine = max(1, round(unit * 0.016))
                cv2.polylines(drawn, line, False, ink, fine, cv2.LINE_AA, 2)  # type: ignore[arg-type]
    alpha = drawn[..., 3].astype(np.float32) / 255
    albedo = (drawn[..., :3].astype(np.float32) / 255) ** 2.2
    body = cv2.GaussianBlur(alpha, (0, 0), max(0.6, unit * 0.012))
    slope_x = -cv2.Sobel(body, cv2.CV_32F, 1, 0, scale=0.25)
    slope_y = -cv2.Sobel(body, cv2.CV_32F, 0, 1, scale=0.25)
    depth = body * 0.1
    gloss = np.full_like(alpha, 0.1)
    # Colour below the antialiased edge is premultiplied by what was black; undo that.
    albedo /= np.maximum(alpha, 0.2)[..., None]
    paint = np.dstack([np.clip(albedo, 0, 1), alpha]).astype(np.float32)
    form = np.dstack([slope_x, slope_y, depth, gloss]).astype(np.float32)
    return _crop(paint, form, unit, 0.06)
