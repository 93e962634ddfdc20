"""The skin of a piece as a painter sees it: where each pixel lies on the body, and what it gets."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from trainer.synthetic import noise
from trainer.synthetic.shapes import Planes, Solid, View, along, stem_distance


@dataclass(slots=True)
class Skin:
    """What light meets at each pixel of a view."""

    albedo: np.ndarray
    """Linear RGB float32 (N, N, 3)."""
    relief: np.ndarray
    """Height of the fine relief, in units of the body, float32 (N, N)."""
    gloss: np.ndarray
    """Strength of reflections, float32 (N, N): 0 felt, 1 polished."""


class Surface:
    """Places on a body, and noise that sticks to it."""

    def __init__(self, solid: Solid, view: View, rng: np.random.Generator) -> None:
        self.solid = solid
        self.view = view
        self.place = view.place
        self._start = rng.random(6).astype(np.float32)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the view."""
        rows, columns = self.view.alpha.shape
        return rows, columns

    @cached_property
    def along(self) -> np.ndarray:
        """0 at the stem end to 1 at the other: float32 (N, N)."""
        return along(self.solid, self.place)

    @cached_property
    def angle(self) -> np.ndarray:
        """Angle about the axis in radians, -pi to pi: float32 (N, N)."""
        return np.arctan2(self.place[1], self.place[0])

    @cached_property
    def around(self) -> np.ndarray:
        """Distance from the axis in units of the body: float32 (N, N)."""
        return np.hypot(self.place[0], self.place[1])

    @cached_property
    def _facing(self) -> Planes:
        x, y, z = (part * part * part * part for part in self.view.turned)
        whole = x + y + z + np.float32(1e-6)
        return x / whole, y / whole, z / whole

    def noise(self, source: np.ndarray, scale: float, stretch: float = 1.0) -> np.ndarray:
        """A noise tile on the skin: float32 (N, N).

        Args:
            source: the tile.
            scale: tiles in one unit of the body.
            stretch: below 1 draws the noise out along the axis.
        """
        x, y, z = self.place
        x, y, z = x * scale, y * scale, z * (scale * stretch)
        a, b, c, d, e, f = self._start
        facing_x, facing_y, facing_z = self._facing
        found: np.ndarray = (
            noise.look_up(source, y + a, z + b) * facing_x
            + noise.look_up(source, x + c, z + d) * facing_y
            + noise.look_up(source, x + e, y + f) * facing_z
        )
        return found

    def streaks(self, source: np.ndarray, times: int, length: float) -> np.ndarray:
        """A tile laid *times* about the axis and drawn out from pole to pole: float32 (N, N)."""
        turn = self.angle * np.float32(1 / (2 * np.pi)) * times
        return noise.look_up(source, turn + self._start[0], self.along * length + self._start[1])

    def plain(self, albedo: np.ndarray, gloss: float) -> Skin:
        """A skin of one colour, no relief, and *gloss* all over."""
        height, width = self.shape
        return Skin(
            np.broadcast_to(albedo, (height, width, 3)).astype(np.float32),
            np.zeros((height, width), np.float32),
            np.full((height, width), gloss, np.float32),
        )

    def cut_face(self) -> np.ndarray:
        """Where the knife went through: float32 (N, N), 0 to 1."""
        axis = {"across": 2, "along": 1, "slice": 2}.get(self.solid.cut)
        if axis is None:
            return np.zeros(self.shape, np.float32)
        return noise.ramp(self.view.turned[axis], 0.8, 0.93)

    def stem(self) -> np.ndarray:
        """Where the stalk is: float32 (N, N), 0 to 1."""
        if self.solid.stem is None:
            return np.zeros(self.shape, np.float32)
        return noise.ramp(stem_distance(self.solid, self.place), 0.025, 0.01)


def paint(skin: Skin, where: np.ndarray, albedo: np.ndarray, gloss: float | None = None) -> None:
    """Lay a colour over *skin*, by weight *where* (N, N), and optionally its gloss."""
    skin.albedo = noise.mix(skin.albedo, albedo, where)
    if gloss is not None:
        skin.gloss = skin.gloss + (gloss - skin.gloss) * where
