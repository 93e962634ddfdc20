"""What produce lies on: tables, counters, cloths, crates, and the room behind."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from trainer.synthetic import noise
from trainer.synthetic.noise import between, colour, mix, patch, ramp

Shape = tuple[int, int]


@dataclass(slots=True)
class Ground:
    """A flat surface seen from straight above; float32."""

    albedo: np.ndarray
    """Linear RGB (H, W, 3)."""
    relief: np.ndarray
    """Height in pixels (H, W)."""
    gloss: np.ndarray
    """(H, W)."""


def _even(shape: Shape, albedo: np.ndarray, gloss: float) -> Ground:
    return Ground(
        np.broadcast_to(albedo, (*shape, 3)).astype(np.float32),
        np.zeros(shape, np.float32),
        np.full(shape, gloss, np.float32),
    )


def wood(rng: np.random.Generator, shape: Shape) -> Ground:
    """Planks with grain and gaps."""
    rows, columns = shape
    ground = _even(shape, between(rng, ["#6b4326", "#9a6b3f", "#c39a68", "#d8bd94"]), 0.25)
    upright = bool(rng.random() < 0.5)
    size = (columns, rows) if upright else (rows, columns)
    y, x = np.mgrid[0 : size[0], 0 : size[1]].astype(np.float32) / columns
    wide = rng.uniform(0.16, 0.42)
    place = y / wide + rng.random()
    plank = np.floor(place)
    tone = np.sin(plank * 12.9898 + rng.uniform(0, 6)) * 0.5
    sway = noise.look_up(noise.clouds(7), x * 0.12 + plank * 0.37, y * 0.3 + plank * 0.21)
    rings = noise.look_up(
        noise.tile(3, 120, 1.1, 10), x * 0.05 + plank * 0.3, y * 1.3 + sway * 0.05
    )
    fibre = noise.look_up(noise.grain(8), x * 0.14, y * 2.6 + plank * 0.17)
    gap = ramp(np.abs(place - plank - 0.5), 0.488, 0.499)
    shade = 1 + tone * 0.28 + rings * 0.15 + fibre * 0.07
    shade = np.clip(shade, 0.35, 1.6) * (1 - 0.8 * gap)
    relief = (rings * 0.12 + fibre * 0.15) * columns / 256 - gap * columns * 0.006
    if upright:
        shade, relief = shade.T, relief.T
    ground.albedo *= shade[..., None]
    ground.relief += relief
    return ground


def stone(rng: np.random.Generator, shape: Shape) -> Ground:
    """A polished counter: marble, granite or plain."""
    base = between(rng, ["#2c2d30", "#77736d", "#bdb8b0", "#e6e2da", "#e9e7e2"])
    ground = _even(shape, base, 0.4)
    soft = patch(rng, noise.clouds(8), shape, 0.5)
    if rng.random() < 0.55:
        vein = patch(rng, noise.clouds(9), shape, 0.4) + soft * 0.3
        line = np.exp(-((vein * 9) ** 2)) * ramp(soft, -0.6, 1.2)
        ground.albedo = mix(ground.albedo, base * rng.uniform(0.45, 0.7), line * 0.7)
        ground.albedo *= (1 + soft * 0.05)[..., None]
    else:
        fleck = patch(rng, noise.grain(9), shape, 1.0)
        ground.albedo *= np.clip(1 + fleck * 0.16 + soft * 0.05, 0.3, 2)[..., None]
    return ground


def cloth(rng: np.random.Generator, shape: Shape) -> Ground:
    """Linen: plain, striped or checked, with soft folds."""
    rows, columns = shape
    base = between(rng, ["#e9e3d3", "#d8cdb4", "#b9b7ae", "#8fa3ad", "#50606b"])
    second = between(rng, ["#a43a36", "#3b5a78", "#5d7350", "#c9a24b", "#8a8479"])
    ground = _even(shape, base, 0.03)
    folds = patch(rng, noise.tile(1, 6, 1.6, 11), shape, 0.45)
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32) / columns
    turn = rng.uniform(0, np.pi)
    u = x * math.cos(turn) + y * math.sin(turn) + folds * 0.01
    v = y * math.cos(turn) - x * math.sin(turn) + folds * 0.01
    wide = rng.uniform(0.05, 0.14)
    pattern = int(rng.integers(0, 4))
    across = ramp(np.abs((u / wide) % 1 - 0.5), 0.24, 0.27)
    if pattern == 1:
        ground.albedo = mix(ground.albedo, second, across * 0.9)
    elif pattern == 2:
        down = ramp(np.abs((v / wide) % 1 - 0.5), 0.24, 0.27)
        ground.albedo = mix(ground.albedo, second, (across + down) * 0.45)
    elif pattern == 3:
        thin = ramp(np.abs((u / wide / 2) % 1 - 0.5), 0.44, 0.46)
        ground.albedo = mix(ground.albedo, second, thin * 0.9)
    threads = rng.uniform(70, 110) * 2 * np.pi
    weave = np.sin(u * threads) * np.sin(v * threads) + patch(rng, noise.grain(10), shape) * 0.4
    ground.albedo *= (1 + weave * 0.05)[..., None]
    ground.relief += folds * columns * 0.012 + weave * columns / 1800
    return ground


def paper(rng: np.random.Generator, shape: Shape) -> Ground:
    """Plain paper or painted board, hardly textured."""
    names = ["#efece4", "#d9c9a5", "#a9c0b0", "#8fb0c4", "#e0b7a0", "#39414a"]
    ground = _even(shape, colour(str(rng.choice(names))), 0.12)
    creases = patch(rng, noise.clouds(10), shape, 0.6)
    ground.albedo *= (1 + patch(rng, noise.grain(11), shape, 1.0) * 0.03)[..., None]
    ground.relief += creases * shape[1] / 500
    return ground


def straw(rng: np.random.Generator, shape: Shape) -> Ground:
    """Wood wool or straw, as fruit is bedded in."""
    rows, columns = shape
    ground = _even(shape, colour("#5a4420"), 0.08)
    base = between(rng, ["#c9a75c", "#b58f4a", "#d9c48a"])
    drawn = np.zeros((rows, columns, 3), np.uint8)
    level = np.zeros((rows, columns), np.uint8)
    thick = max(1, round(columns * 0.007))
    for count in range(260):
        middle = rng.uniform((0, 0), (columns, rows))
        turn = rng.uniform(0, np.pi)
        reach = np.array([math.cos(turn), math.sin(turn)]) * columns * rng.uniform(0.05, 0.16)
        bow = np.array([-reach[1], reach[0]]) * rng.uniform(-0.3, 0.3)
        line = np.array([middle - reach, middle + bow, middle + reach])
        ends = np.array([np.int32(line * 8)])
        shade = np.clip((base * rng.uniform(0.6, 1.25)) ** (1 / 2.2) * 255, 0, 255)
        cv2.polylines(drawn, ends, False, [float(v) for v in shade], thick, cv2.LINE_AA, 3)  # type: ignore[call-overload]
        cv2.polylines(level, ends, False, [40 + count * 0.8], thick, cv2.LINE_AA, 3)  # type: ignore[call-overload]
    laid = ramp(level.astype(np.float32), 10, 40)
    ground.albedo = mix(ground.albedo, (drawn.astype(np.float32) / 255) ** 2.2, laid)
    relief = cv2.GaussianBlur(level.astype(np.float32), (0, 0), max(0.5, columns * 0.003))
    ground.relief += relief * columns / 256 * 0.03
    return ground


def tray(rng: np.random.Generator, shape: Shape) -> Ground:
    """The bottom of a shop's plastic crate: a dark lattice."""
    rows, columns = shape
    base = between(rng, ["#17191b", "#23272a", "#1d3a26", "#24304a"])
    ground = _even(shape, base, 0.3)
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32) / columns
    wide = rng.uniform(0.05, 0.1)
    bar = np.maximum(np.abs((x / wide) % 1 - 0.5), np.abs((y / wide) % 1 - 0.5))
    hole = ramp(bar, 0.37, 0.33)
    ground.albedo *= (1 - 0.75 * hole)[..., None]
    ground.relief -= hole * columns * 0.02
    return ground


SURFACES: tuple[Callable[[np.random.Generator, Shape], Ground], ...] = (
    wood, stone, cloth, paper, straw, tray,
)  # fmt: skip


def _blend(ground: Ground, mask: np.ndarray, albedo: np.ndarray, rise: np.ndarray) -> None:
    ground.albedo = mix(ground.albedo, albedo, mask)
    ground.relief = ground.relief * (1 - mask) + rise * mask


def plate(ground: Ground, rng: np.random.Generator) -> None:
    """Lay a round plate in the middle."""
    rows, columns = ground.relief.shape
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    radius = columns * rng.uniform(0.3, 0.42)
    off = np.hypot(x - columns * rng.uniform(0.4, 0.6), y - rows * rng.uniform(0.45, 0.55)) / radius
    mask = ramp(off * radius, radius + 0.7, radius - 0.7)
    base = between(rng, ["#f0eee8", "#dfe6e8", "#c8d0cc", "#52636e", "#a8b8a0"])
    albedo = mix(
        base, colour("#3b5a78"), ramp(np.abs(off - 0.95), 0.012, 0.006) * rng.choice([0, 1])
    )
    rise = ramp(off, 0.6, 0.98) * radius * 0.1 + radius * 0.03
    _blend(ground, mask, albedo, rise)
    ground.gloss = ground.gloss * (1 - mask) + 0.6 * mask


def board(ground: Ground, rng: np.random.Generator) -> None:
    """Lay a cutting board in the middle."""
    rows, columns = ground.relief.shape
    middle = (columns * rng.uniform(0.4, 0.6), rows * rng.uniform(0.42, 0.58))
    sides = (columns * rng.uniform(0.6, 0.9), columns * rng.uniform(0.45, 0.7))
    corners = cv2.boxPoints((middle, sides, float(rng.uniform(-25, 25))))
    drawn = np.zeros((rows, columns), np.uint8)
    cv2.fillPoly(drawn, [np.int32(corners * 8)], 255.0, cv2.LINE_AA, 3)  # type: ignore[list-item]
    mask = drawn.astype(np.float32) / 255
    timber = wood(rng, (rows, columns))
    _blend(ground, mask, timber.albedo, timber.relief + columns * 0.02)


def leaves(ground: Ground, rng: np.random.Generator) -> None:
    """Strew a few leaves."""
    rows, columns = ground.relief.shape
    for _ in range(int(rng.integers(2, 6))):
        long = columns * rng.uniform(0.06, 0.14)
        x0, y0 = rng.uniform((0, 0), (columns, rows))
        left, top = max(0, int(x0 - long)), max(0, int(y0 - long))
        right, low = min(columns, int(x0 + long)), min(rows, int(y0 + long))
        if right - left < 4 or low - top < 4:
            continue
        y, x = np.mgrid[top:low, left:right].astype(np.float32)
        turn = rng.uniform(0, 2 * np.pi)
        u = ((x - x0) * math.cos(turn) + (y - y0) * math.sin(turn)) / long
        v = ((y - y0) * math.cos(turn) - (x - x0) * math.sin(turn)) / long + 0.12 * u * u
        edge = 0.36 * np.clip(1 - u * u, 0, 1) ** 0.8 * (1 - 0.3 * u) - np.abs(v)
        mask = ramp(edge * long, -0.6, 0.6)
        green = between(rng, ["#2f5a24", "#4a7a30", "#6d9440"])
        vein = np.abs(((u + np.abs(v) * 0.9) * 5) % 1 - 0.5)
        shade = np.maximum(ramp(vein, 0.1, 0.02), ramp(np.abs(v), 0.03, 0.01)) * 0.4
        albedo = mix(green, np.asarray(green * 1.7), shade)
        part = (slice(top, low), slice(left, right))
        bow = long * (0.1 + 0.12 * u * u + 0.3 * np.abs(v))
        ground.albedo[part] = mix(ground.albedo[part], albedo, mask)
        ground.relief[part] = ground.relief[part] * (1 - mask) + bow * mask
        ground.gloss[part] = ground.gloss[part] * (1 - mask) + 0.35 * mask


CLUTTER: tuple[Callable[[Ground, np.random.Generator], None], ...] = (plate, board, leaves)


def room(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """What stands far behind, out of focus: linear RGB float32 (H, W, 3)."""
    rows, columns = shape
    small = (max(4, rows // 4), max(4, columns // 4))
    wall = between(rng, ["#3a3f3d", "#7d7a70", "#b9b4a4", "#d9d6cc", "#9fb2b0"])
    seen = np.broadcast_to(wall, (*small, 3)).astype(np.float32).copy()
    names = ["#7a4a2a", "#e8e2d0", "#4f6b4a", "#2f3a44", "#c8923a", "#a8443a", "#86a8b8"]
    for _ in range(int(rng.integers(3, 9))):
        wide, high = rng.uniform(0.05, 0.35) * small[1], rng.uniform(0.3, 1.2) * small[0]
        left = rng.uniform(-0.1, 1.0) * small[1]
        top = small[0] - high if rng.random() < 0.7 else rng.uniform(0, 1) * small[0]
        box = (int(left), int(top)), (int(left + wide), int(top + high))
        ink = colour(str(rng.choice(names))) * rng.uniform(0.6, 1.2)
        cv2.rectangle(seen, *box, [float(v) for v in ink], -1)
    seen = np.asarray(cv2.GaussianBlur(seen, (0, 0), columns * rng.uniform(0.006, 0.014)))
    seen = np.asarray(cv2.resize(seen, (columns, rows), interpolation=cv2.INTER_LINEAR))
    if rng.random() < 0.4:
        spots = np.zeros((rows, columns), np.uint8)
        radius = columns * rng.uniform(0.018, 0.034)
        for _ in range(int(rng.integers(3, 12))):
            at = (int(rng.uniform(0, columns) * 8), int(rng.uniform(-0.2, 0.9) * rows * 8))
            bright = rng.uniform(40, 220)
            cv2.circle(spots, at, int(radius * 8), bright, -1, cv2.LINE_AA, 3)
        glow = cv2.GaussianBlur(spots, (0, 0), max(0.5, columns * 0.003)).astype(np.float32) / 255
        seen = seen + cv2.merge([glow * float(part) for part in colour("#ffe2b0") * 0.8])
    return np.asarray(seen)
