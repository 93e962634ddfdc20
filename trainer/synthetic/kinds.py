"""The kinds of produce that can be rendered: one entry a kind."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from trainer.synthetic import flesh, skins
from trainer.synthetic.shapes import Cut, Solid, Stem
from trainer.synthetic.surface import Skin, Surface

Painter = Callable[[Surface, np.random.Generator, np.random.Generator], Skin]
Carver = Callable[[Surface, Skin, np.random.Generator], Skin]


@dataclass(frozen=True, slots=True)
class Kind:
    """How pieces of a kind look and lie."""

    solid: Solid
    """The typical body; pieces vary about it."""
    paint: Painter
    stands: bool = True
    """Whether it can rest with its stem end up."""
    cut: Cut = ""
    carve: Carver | None = None
    span: float = 1.0
    """How large one unit of the body is, beside other kinds of its form."""
    wax: float = 0.3
    """How far light goes on beneath the skin, 0 to 1."""
    greens: bool = False
    """Whether leaves may still be on."""


KINDS: dict[str, Kind] = {
    "Apple": Kind(
        Solid(
            (0.52, 0.72, 0.93, 1.0, 1.0, 0.98, 0.93, 0.86, 0.8, 0.76, 0.66),
            ribs=5, rib_depth=0.012, lump=0.012, stem=Stem(0.4, 1.08, 0.035),
        ),
        skins.apple, cut="along", carve=flesh.pome,
    ),
    "Aubergine": Kind(
        Solid((0.2, 0.25, 0.29, 0.34, 0.39, 0.42, 0.42, 0.36), length=0.66, bend=0.16, lump=0.008,
              stem=Stem(0.8, 1.06, 0.075, 0.06)),
        skins.aubergine, stands=False, wax=0.1,
    ),
    "Banana": Kind(
        Solid((0.05, 0.055, 0.08, 0.155, 0.175, 0.18, 0.18, 0.175, 0.165, 0.12, 0.05), length=0.94,
              bend=0.85, ribs=5, rib_depth=0.055, lump=0.003),
        skins.banana, stands=False, wax=0.45,
    ),
    "Carrots": Kind(
        Solid((0.13, 0.155, 0.15, 0.14, 0.13, 0.118, 0.1, 0.08, 0.045, 0.02), length=0.88,
              bend=0.1, lump=0.006),
        skins.carrot, stands=False, span=1.1, wax=0.35, greens=True,
    ),
    "Cucumber": Kind(
        Solid((0.085, 0.12, 0.14, 0.145, 0.145, 0.145, 0.145, 0.14, 0.12), length=0.88, bend=0.14,
              lump=0.004),
        skins.cucumber, stands=False, cut="slice", carve=flesh.cucumber, span=1.3, wax=0.2,
    ),
    "Kiwi": Kind(
        Solid((1.0, 0.99, 0.93, 0.86, 0.81, 0.79, 0.81, 0.86, 0.92, 0.97, 0.98), lump=0.012,
              squash=0.93),
        skins.kiwi, stands=False, cut="across", carve=flesh.kiwi, wax=0.1,
    ),
    "Lemon": Kind(
        Solid((1.04, 0.95, 0.89, 0.82, 0.76, 0.74, 0.77, 0.84, 0.91, 0.98, 1.16), lump=0.014),
        skins.lemon, stands=False, cut="across", carve=flesh.lemon, wax=0.5,
    ),
    "Lime": Kind(
        Solid((1.0, 0.96, 0.92, 0.88, 0.85, 0.84, 0.85, 0.88, 0.92, 0.97, 1.05), lump=0.008),
        skins.lime, stands=False, cut="across", carve=flesh.lime, wax=0.35,
    ),
    "Orange": Kind(
        Solid((0.93, 0.97, 0.99, 1.0, 1.0, 1.0, 1.0, 1.0, 0.99, 0.98, 0.96), lump=0.009),
        skins.orange, cut="across", carve=flesh.orange, wax=0.5,
    ),
    "Pear": Kind(
        Solid((0.17, 0.21, 0.26, 0.32, 0.39, 0.46, 0.51, 0.54, 0.54), length=0.5, lump=0.012,
              stem=Stem(0.5, 1.04, 0.03, 0.12)),
        skins.pear, cut="along", carve=flesh.pome, span=1.4, wax=0.4,
    ),
    "Plum": Kind(
        Solid((0.86, 0.93, 0.95, 0.93, 0.9, 0.88, 0.9, 0.94, 0.98, 1.0, 1.0), lump=0.008,
              stem=Stem(0.7, 1.1, 0.025)),
        skins.plum, wax=0.2,
    ),
    "Tomato": Kind(
        Solid((0.62, 0.76, 0.88, 0.96, 1.0, 1.0, 0.98, 0.92, 0.86, 0.82, 0.8), ribs=5,
              rib_depth=0.014, lump=0.01, stem=Stem(0.5, 0.88, 0.05)),
        skins.tomato, cut="across", carve=flesh.tomato, wax=0.35,
    ),
}  # fmt: skip
