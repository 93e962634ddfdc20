"""An image of one kind: where its pieces lie, how they are seen, and what they lie on."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from trainer.synthetic import background, camera, lighting
from trainer.synthetic.kinds import KINDS, Kind
from trainer.synthetic.lighting import Light, Stage
from trainer.synthetic.noise import colour, generator
from trainer.synthetic.shapes import pose
from trainer.synthetic.sprite import Sprite, greens, make, vary

_MARGIN = 1.13
"""The stage is this much wider than the image, so that the camera can turn on it."""

_SHARPNESS = 0.75
"""Pixels a side of the ground as painted, for each of the stage."""


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a piece lies: on the ground in pixels of the stage, and how it is turned there."""

    x: float
    y: float
    turn: float
    scale: float
    layer: int
    sprite: int
    tone: float = 1.0
    """How light its skin is, beside the other pieces."""


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """A parallel camera that looks at the ground under an angle; pi/2 is from straight above."""

    elevation: float

    @property
    def up(self) -> np.ndarray:
        """The ground's normal in view coordinates: float64 (3,)."""
        return np.array([0.0, -np.cos(self.elevation), np.sin(self.elevation)])

    @property
    def near(self) -> np.ndarray:
        """The direction on the ground towards the viewer: float64 (3,)."""
        return np.array([0.0, np.sin(self.elevation), np.cos(self.elevation)])

    @property
    def rise(self) -> float:
        """How much nearer to the viewer the ground is, a pixel further down the image."""
        return float(np.cos(self.elevation) / np.sin(self.elevation))


def render(kind: str, seed: int, size: int = 256) -> np.ndarray:
    """An image of a kind of produce: RGB uint8 (size, size, 3), the same for the same arguments.

    Args:
        kind: one of ``KINDS``.
        seed: decides all that chance decides; another seed gives another image.
        size: pixels a side, 16 or more.

    Raises:
        ValueError: there is no such kind, or the size is too small.
    """
    if kind not in KINDS:
        raise ValueError(f"There is no kind “{kind}”, only: {', '.join(KINDS)}.")
    if size < 16:
        raise ValueError(f"A picture of {size} pixels is too small; 16 is the least.")
    rng = generator(kind, seed, size)
    return _image(KINDS[kind], rng, size)


def render_empty(seed: int, size: int = 256) -> np.ndarray:
    """An image of a ground with nothing on it, or but a plate or a board: RGB uint8 (size, size,
    3)."""
    rng = generator("nothing", seed, size)
    view = Viewpoint(float(rng.uniform(0.9, 1.35)))
    stage, _ = _ground(view, rng, round(size * _MARGIN), heap=False)
    lit = lighting.shade(stage, _light(view, KINDS["Apple"], rng), max(6.0, size / 4))
    return camera.expose(camera.look_down(lit, size, rng), rng)


def _image(kind: Kind, rng: np.random.Generator, size: int) -> np.ndarray:
    side = round(size * _MARGIN)
    heap = rng.random() < 0.4
    long = kind.solid.length > 0.6
    if heap:
        view = Viewpoint(float(rng.uniform(0.95, np.pi / 2)))
        unit = size * float(rng.uniform(0.27, 0.46) if long else rng.uniform(0.115, 0.2))
        cut = False
    else:
        view = Viewpoint(float(rng.uniform(0.5, 1.35)))
        few = rng.random() < 0.6
        if long:
            unit = size * float(rng.uniform(0.28, 0.42) if few else rng.uniform(0.38, 0.55))
        else:
            unit = size * float(rng.uniform(0.13, 0.21) if few else rng.uniform(0.24, 0.38))
        cut = bool(kind.cut) and rng.random() < 0.3
    unit *= kind.span
    if cut and kind.cut == "slice":
        unit *= 1.35
    look_seed = int(rng.integers(2**31))

    stage, horizon = _ground(view, rng, side, heap)
    heading = float(rng.uniform(0, np.pi))
    wanted = 4
    if not heap:
        most = 6 if unit < size * (0.4 if long else 0.22) else 2
        wanted = int(rng.integers(1, most + 1))
    if cut and kind.cut == "slice":
        wanted = int(rng.integers(4, 9))
    count = min(wanted, 3 if heap else 2)
    sprites = _sprites(kind, view, rng, unit, look_seed, heading, count, cut)
    if heap:
        placings = _heap(kind, rng, side, unit, len(sprites), view, heading)
    else:
        placings = _few(kind, rng, side, unit, sprites, wanted, horizon, view)
    turning = heap or view.elevation > 1.2
    for place in sorted(placings, key=lambda place: (place.layer, place.y)):
        sprite = sprites[place.sprite]
        turn = place.turn if turning else place.turn * 0.12
        lift = place.layer * kind.solid.thickness * unit * 1.15
        if kind.greens and not heap and look_seed % 3:
            _tuft(stage, view, sprite, place, turn, heading, kind, unit, rng)
        _lay(stage, view, sprite, place, turn, lift)
    if heap and rng.random() < 0.45:
        _rails(stage, rng, unit)

    reach = unit * (2.2 * kind.solid.thickness if long else 1.7)
    lit = lighting.shade(stage, _light(view, kind, rng), max(6.0, reach))
    return camera.expose(camera.look_down(lit, size, rng), rng)


def _light(view: Viewpoint, kind: Kind, rng: np.random.Generator) -> Light:
    around = float(rng.uniform(0, 2 * np.pi))
    high = float(rng.uniform(0.6, 1.15))
    side = np.array([np.cos(around), 0.0, 0.0]) + view.near * np.sin(around) * 0.8
    towards = view.up * np.sin(high) + side * np.cos(high)
    # A light from behind the scene leaves what is seen in the dark.
    towards[2] = max(towards[2], 0.35)
    towards /= np.linalg.norm(towards)
    warm = float(rng.normal(0, 1))
    key = np.exp(np.array([0.1, 0, -0.16]) * warm) * rng.uniform(1.1, 2.4)
    sky = np.exp(np.array([-0.06, 0, 0.1]) * abs(warm)) * rng.uniform(0.45, 0.9)
    return Light(
        towards.astype(np.float32),
        view.up.astype(np.float32),
        key.astype(np.float32),
        sky.astype(np.float32),
        float(rng.uniform(0.15, 0.6)),
        kind.wax,
        float(rng.uniform(-0.5, 0.5)),
    )


def _ground(
    view: Viewpoint, rng: np.random.Generator, side: int, heap: bool
) -> tuple[Stage, float]:
    """The empty stage, and the row of its horizon (0 or less: none in sight)."""
    sine, cosine = float(np.sin(view.elevation)), float(np.cos(view.elevation))
    surfaces = background.SURFACES
    shares = np.array(
        [0.15, 0.1, 0.1, 0.1, 0.15, 0.4] if heap else [0.3, 0.2, 0.22, 0.13, 0.08, 0.07]
    )
    paint = surfaces[int(rng.choice(len(surfaces), p=shares))]
    # The ground is a little out of focus; so it is painted small, which is quick.
    wide = round(side * _SHARPNESS)
    ground = paint(rng, (round(wide / sine), wide))
    if not heap and rng.random() < 0.5:
        background.CLUTTER[int(rng.integers(len(background.CLUTTER)))](ground, rng)
    slope_x = cv2.Sobel(ground.relief, cv2.CV_32F, 1, 0, scale=1 / 8)
    slope_y = cv2.Sobel(ground.relief, cv2.CV_32F, 0, 1, scale=1 / 8)
    y = np.arange(side, dtype=np.float32)[:, None] - side / 2
    packed = np.dstack([slope_x, slope_y, ground.relief, ground.gloss])
    packed = cv2.resize(packed, (side, side), interpolation=cv2.INTER_LINEAR)
    albedo = np.asarray(cv2.resize(ground.albedo, (side, side), interpolation=cv2.INTER_LINEAR))
    form = np.dstack(
        [
            -packed[..., 0],
            -cosine - packed[..., 1] * sine,
            packed[..., 2] * (sine / _SHARPNESS) + y * view.rise,
            packed[..., 3],
        ]
    ).astype(np.float32)
    # The normals of steep relief must stay unit vectors that face the viewer.
    length = np.sqrt(form[..., 0] ** 2 + form[..., 1] ** 2)
    form[..., :2] *= np.minimum(1, 0.98 / np.maximum(length, 1e-6))[..., None]
    stage = Stage(np.dstack([albedo, np.ones_like(albedo[..., :1])]), form)

    horizon = 0.0
    if not heap and view.elevation < 0.95 and rng.random() < 0.75:
        horizon = side * float(rng.uniform(0.14, 0.36))
        rows = int(horizon)
        stage.horizon = rows
        stage.paint[:rows, :, :3] = background.room(rng, (rows, side))
        stage.form[:rows, :, :2] = 0
        stage.form[:rows, :, 1] = -cosine
        stage.form[:rows, :, 3] = 0
        edge = max(1, side // 90)
        stage.paint[rows : rows + edge] *= 0.75
    return stage, horizon


def _sprites(
    kind: Kind,
    view: Viewpoint,
    rng: np.random.Generator,
    unit: float,
    look_seed: int,
    heading: float,
    count: int,
    cut: bool,
) -> list[Sprite]:
    up, near = view.up, view.near
    right = np.array([1.0, 0.0, 0.0])
    made = []
    for number in range(count):
        opened = cut and number < max(1, count - 1)
        solid = vary(kind, rng, opened)
        spin = float(rng.uniform(0, 2 * np.pi))
        chance = rng.normal(0, 1, 3)
        if opened and kind.cut in {"across", "slice"}:
            rotation = pose(_three(up + 0.08 * chance), spin)
        elif opened or solid.length > 0.6:
            turn = heading + rng.normal(0, 0.16)
            axis = right * np.cos(turn) + near * np.sin(turn)
            tilt = 0.5 if solid.bend > 0.5 and not opened else 0.1
            if not opened and solid.bend <= 0.5:
                tilt = 1.5
            rotation = _lying(axis, up + tilt * chance)
        elif kind.stands and rng.random() < (0.3 if solid.length else 0.75):
            rotation = pose(_three(up + 0.3 * chance), spin)
        else:
            axis = right * np.cos(spin) + near * np.sin(spin)
            rotation = pose(_three(axis + 0.35 * chance[0] * up), float(chance[1] * 3))
        look = np.random.default_rng(look_seed)
        made.append(make(kind, solid, rotation, unit, look, rng))
    return made


def _three(vector: np.ndarray) -> tuple[float, float, float]:
    return float(vector[0]), float(vector[1]), float(vector[2])


def _lying(axis: np.ndarray, up: np.ndarray) -> np.ndarray:
    """Rotation (3, 3) of a body along *axis* whose y points *up*, so that its bend lies flat."""
    z = axis / np.linalg.norm(axis)
    y = up - z * (up @ z)
    y /= np.linalg.norm(y)
    return np.stack([np.cross(y, z), y, z]).astype(np.float32)


def _heap(
    kind: Kind,
    rng: np.random.Generator,
    side: int,
    unit: float,
    sprites: int,
    view: Viewpoint,
    heading: float,
) -> list[Placing]:
    """Pieces all over the stage, the lower layer dense, others on top."""
    long = kind.solid.length > 0.6
    thick = kind.solid.thickness * unit
    wide, high = (unit * 1.5, thick * 2.0) if long else (thick * 1.85, thick * 1.65)
    turn = heading if long else 0.0
    placings = []
    reach = side * 0.75 + unit
    filled = rng.uniform(0.75, 1.0)
    squeeze = float(np.sin(view.elevation))
    for layer, share in enumerate((1.0, 0.55, 0.2)):
        row = 0
        v = -reach + float(rng.uniform(0, high))
        while v < reach:
            u = -reach + (wide / 2 if row % 2 else 0) + float(rng.uniform(0, wide * 0.3))
            while u < reach:
                du, dv = rng.normal(0, 0.13, 2) * (wide, high)
                x = side / 2 + (u + du) * np.cos(turn) - (v + dv) * np.sin(turn)
                y = side / 2 + ((u + du) * np.sin(turn) + (v + dv) * np.cos(turn)) * squeeze
                inside = -unit < x < side + unit and -unit < y < side + unit * 1.5
                if inside and rng.random() < share * filled:
                    own = _turn(long, rng)
                    size = float(np.clip(rng.normal(1, 0.06), 0.85, 1.15))
                    number = int(rng.integers(sprites))
                    tone = float(rng.normal(1, 0.07))
                    placings.append(Placing(float(x), float(y), own, size, layer, number, tone))
                u += wide
            v += high
            row += 1
    return placings


def _turn(long: bool, rng: np.random.Generator) -> float:
    """How a piece is turned in a heap: long ones lie about alike, round ones anyhow."""
    if long:
        return float(rng.normal(0, 0.22) + (np.pi if rng.random() < 0.3 else 0))
    return float(rng.uniform(0, 2 * np.pi))


def _few(
    kind: Kind,
    rng: np.random.Generator,
    side: int,
    unit: float,
    sprites: list[Sprite],
    wanted: int,
    horizon: float,
    view: Viewpoint,
) -> list[Placing]:
    """Some pieces in the middle of the stage, none inside another."""
    long = kind.solid.length > 0.6
    thick = kind.solid.thickness * unit
    gap = thick * 2.1
    middle = np.array([side * 0.5, max(side * 0.52, horizon + (side - horizon) * 0.5)])
    spread = np.array([side * 0.2, max(side * 0.1, (side - horizon) * 0.2)])
    found: list[np.ndarray] = []
    for _ in range(40 * wanted):
        if len(found) == wanted:
            break
        near = rng.normal(0, 1, 2) * spread * min(1.0, 0.25 + wanted * 0.25) + middle
        if near[1] < horizon + thick * 0.5:
            continue
        off = [np.hypot(*((near - other) / (1, np.sin(view.elevation)))) for other in found]
        if all(o > gap * (0.8 if long else 0.95) for o in off):
            found.append(near)
    return [
        Placing(
            float(x),
            float(y),
            float(rng.uniform(0, 2 * np.pi)) if not long else float(rng.normal(0, 0.5)),
            float(np.clip(rng.normal(1, 0.07), 0.85, 1.15)) * (0.85 + 0.3 * float(y) / side),
            0,
            number % len(sprites),
            float(rng.normal(1, 0.05)),
        )
        for number, (x, y) in enumerate(found)
    ]


def _lay(
    stage: Stage, view: Viewpoint, sprite: Sprite, place: Placing, turn: float, lift: float
) -> None:
    """Lay a sprite over the stage; light is for later."""
    side = stage.height.shape[0]
    rests = sprite.rests * sprite.unit * place.scale + lift
    x = place.x
    y = place.y - rests * float(np.cos(view.elevation))
    depth = (place.y - side / 2) * view.rise + rests * float(np.sin(view.elevation))
    cosine, sine = math.cos(turn) * place.scale, math.sin(turn) * place.scale
    column, row = sprite.middle
    rows, columns = sprite.paint.shape[:2]
    corners = [(u - column, v - row) for u in (0, columns - 1) for v in (0, rows - 1)]
    across = [x + cosine * u - sine * v for u, v in corners]
    down = [y + sine * u + cosine * v for u, v in corners]
    left, top = max(0, int(min(across)) - 1), max(0, int(min(down)) - 1)
    right, low = min(side, int(max(across)) + 2), min(side, int(max(down)) + 2)
    if right <= left or low <= top:
        return
    move = np.array(
        [
            [cosine, -sine, x - left - cosine * column + sine * row],
            [sine, cosine, y - top - sine * column - cosine * row],
        ],
        np.float32,
    )
    size = (right - left, low - top)
    paint = cv2.warpAffine(sprite.paint, move, size, borderMode=cv2.BORDER_REPLICATE)
    alpha = paint[..., 3].copy()
    paint = np.asarray(paint * np.float32(place.tone))
    form = cv2.warpAffine(sprite.form, move, size, borderMode=cv2.BORDER_REPLICATE)
    nx, ny = form[..., 0].copy(), form[..., 1].copy()
    form[..., 0] = nx * math.cos(turn) - ny * math.sin(turn)
    form[..., 1] = nx * math.sin(turn) + ny * math.cos(turn)
    form[..., 2] = form[..., 2] * (sprite.unit * place.scale) + depth
    part = (slice(top, low), slice(left, right))
    rest = 1 - alpha
    cv2.blendLinear(form, stage.form[part], alpha, rest, stage.form[part])
    cv2.blendLinear(paint, stage.paint[part], alpha, rest, stage.paint[part])


def _tuft(
    stage: Stage,
    view: Viewpoint,
    sprite: Sprite,
    place: Placing,
    turn: float,
    heading: float,
    kind: Kind,
    unit: float,
    rng: np.random.Generator,
) -> None:
    """Lay leaves at the stem end of a long piece."""
    axis = np.array([np.cos(heading), np.sin(heading) * np.sin(view.elevation)])
    turned = np.array(
        [
            axis[0] * math.cos(turn) - axis[1] * math.sin(turn),
            axis[0] * math.sin(turn) + axis[1] * math.cos(turn),
        ]
    )
    reach = (kind.solid.length + 0.02) * sprite.unit * place.scale
    at = np.array([place.x, place.y]) + turned * reach
    spot = Placing(float(at[0]), float(at[1]), 0, place.scale, 0, 0)
    leaves = greens(unit * 0.9, rng)
    _lay(stage, view, leaves, spot, float(np.arctan2(turned[0], -turned[1])), 0.0)


def _rails(stage: Stage, rng: np.random.Generator, unit: float) -> None:
    """Lay the sides of a crate over one or two edges of a heap."""
    side = stage.height.shape[0]
    wooden = rng.random() < 0.5
    names = ["#b58a55", "#d0aa74"] if wooden else ["#1b1d1f", "#24452f", "#2b3a58"]
    base = colour(str(rng.choice(names)))
    grain = background.wood(rng, (side, side)).albedo if wooden else None
    wide = int(side * rng.uniform(0.1, 0.17))
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    lean = float(rng.normal(0, 0.06))
    for edge in rng.permutation(4)[: int(rng.integers(1, 3))]:
        off = [x, y, side - x, side - y][edge] + lean * ([y, x, -y, -x][edge] - side / 2)
        mask = np.clip(wide - off + 0.5, 0, 1)
        lip = np.clip((wide - off) / (wide * 0.2), 0, 1)
        shade = base * np.ones((side, side, 1), np.float32) if grain is None else grain
        stage.paint[..., :3] += (shade - stage.paint[..., :3]) * mask[..., None]
        top = float(np.percentile(stage.height, 90)) + unit * 0.25
        direction = [(1, 0), (0, 1), (-1, 0), (0, -1)][edge]
        slant = (1 - lip) * 0.6
        form = np.dstack(
            [
                slant * direction[0],
                slant * direction[1],
                np.full_like(lip, top),
                np.full_like(lip, 0.3),
            ]
        ).astype(np.float32)
        stage.form += (form - stage.form) * mask[..., None]
