"""Painters of skins, one a kind: colour, relief and gloss by ripeness and chance.

Each takes the surface to paint, *look*, a generator that is the same for all pieces of an image
(its variety and ripeness), and *rng*, the piece's own.
"""

import numpy as np

from trainer.synthetic import noise
from trainer.synthetic.noise import between, colour, ramp
from trainer.synthetic.surface import Skin, Surface, paint

Generator = np.random.Generator


def apple(surface: Surface, look: Generator, rng: Generator) -> Skin:
    variety = look.choice(4, p=[0.4, 0.2, 0.25, 0.15])
    ground = between(look, [["#d9b64a", "#d8c862"], ["#a3342a"], ["#8aa838", "#aebf4c"],
                            ["#d6c447", "#c4c64a"]][variety])  # fmt: skip
    blush = between(look, [["#b3121f", "#c92a25"], ["#7d0a1c", "#9a1424"], ["#9fb53a"],
                           ["#d98a3c"]][variety])  # fmt: skip
    cover = [0.35, 1.1, -1.2, -0.75][variety] + rng.normal(0, 0.2)
    skin = surface.plain(ground * rng.uniform(0.88, 1.1), 0.5)
    soft = surface.noise(noise.clouds(), 0.13)
    streaks = surface.streaks(noise.grain(), 1, 0.06)
    side = np.cos(surface.angle - rng.uniform(-np.pi, np.pi))
    paint(skin, ramp(cover + side * 0.55 + soft * 0.3 + streaks * 0.28, -0.35, 0.65), blush)
    dark = ramp(cover + soft * 0.3 + streaks * 0.35, 0.5, 1.5)
    paint(skin, dark * 0.45, blush * np.array([0.55, 0.35, 0.4], np.float32))
    dots = ramp(surface.noise(noise.pores(1), 0.3), 1.9, 2.5)
    paint(skin, dots * 0.5, np.asarray(ground * 1.15 + 0.05))
    russet = ramp(surface.along + streaks * 0.018 + soft * 0.01, 0.14, 0.05)
    paint(skin, russet * 0.8, colour("#8c7a34"), 0.15)
    paint(skin, ramp(surface.along, 0.955, 0.985), colour("#4a3a1c"), 0.1)
    skin.relief += surface.noise(noise.clouds(1), 0.3) * 0.002
    paint(skin, surface.stem(), colour("#5a3d22"), 0.15)
    return skin


def aubergine(surface: Surface, look: Generator, rng: Generator) -> Skin:
    skin = surface.plain(between(look, ["#1d0a24", "#2b0d33", "#3a1038"]), 1.0)
    soft = surface.noise(noise.clouds(), 0.12)
    paint(skin, ramp(surface.along + soft * 0.04, 0.3, 0.12) * 0.35, colour("#6a2a5c"))
    paint(skin, ramp(surface.streaks(noise.grain(), 1, 0.05), 1.0, 3.0) * 0.2, colour("#6b4a63"))
    paint(skin, ramp(surface.along, 0.988, 0.995), colour("#6f5b48"), 0.2)
    teeth = np.cos(5 * surface.angle + rng.uniform(0, 6))
    edge = 0.15 + 0.055 * teeth + 0.01 * surface.noise(noise.grain(1), 0.2)
    cap = ramp(surface.along - edge, 0.004, -0.004)
    green = between(look, ["#4f7332", "#6d8b45", "#7f9a58"])
    rough = surface.streaks(noise.grain(2), 1, 0.1)
    tinted = noise.mix(green * 0.7, np.asarray(green * 1.25), ramp(rough + soft, -2, 2))
    rim = ramp(surface.along - edge, 0.03, 0.0) * (1 - cap)
    paint(skin, rim * 0.6, colour("#b48fb0"))
    paint(skin, cap, tinted, 0.25)
    paint(skin, ramp(surface.along, 0.035, 0.02), colour("#a58f62"), 0.1)
    skin.relief += cap * 0.02 + cap * rough * 0.004
    return skin


def banana(surface: Surface, look: Generator, rng: Generator) -> Skin:
    ripeness = float(np.clip(look.normal(0.55, 0.25) + rng.normal(0, 0.06), 0, 1))
    yellow = between(rng, ["#e8bf2a", "#f0cc38", "#edc93f"])
    green = colour("#9db536")
    unripe = max(0.0, 1 - ripeness / 0.35)
    skin = surface.plain(np.asarray(yellow + (green - yellow) * unripe * 0.8), 0.32)
    along, soft = surface.along, surface.noise(noise.clouds(), 0.2)
    greenish = np.maximum(ramp(along, 0.24, 0.07), ramp(along, 0.84, 0.95))
    paint(skin, greenish * (0.65 - 0.45 * ripeness), colour("#8fa63a"))
    ridge = ramp(np.cos(5 * surface.angle), 0.93, 1.0)
    paint(skin, ridge * 0.3, colour("#b08a2c"))
    bruise = ramp(surface.streaks(noise.clouds(3), 1, 0.25) + soft * 0.4, 1.3, 2.4)
    paint(skin, bruise * (0.2 + 0.5 * ripeness), colour("#8a5f24"))
    spots = surface.noise(noise.tile(12, 60, 0.6, 5), 0.42)
    threshold = 2.75 - 1.4 * max(0.0, ripeness - 0.45)
    paint(skin, ramp(spots, threshold, threshold + 0.35) * 0.85, colour("#5c3413"), 0.15)
    paint(skin, ramp(surface.noise(noise.pores(3), 0.6), 1.6, 2.6) * 0.25, colour("#a9842a"))
    ends = np.maximum(ramp(along + soft * 0.004, 0.045, 0.025), ramp(along, 0.955, 0.975))
    paint(skin, ends, colour("#3a2a17"), 0.1)
    skin.relief += surface.noise(noise.clouds(2), 0.4) * 0.003 + ridge * 0.008
    return skin


def carrot(surface: Surface, look: Generator, rng: Generator) -> Skin:
    skin = surface.plain(between(look, ["#d9601a", "#e8701c", "#ee7f25"]), 0.3)
    soft = surface.noise(noise.clouds(), 0.25)
    bands = surface.noise(noise.clouds(4), 0.14, 9.0)
    paint(skin, ramp(soft, -0.2, 2.2) * 0.5, colour("#f39a45"))
    paint(skin, ramp(bands, 0.6, 2.0) * 0.4, colour("#b8480f"))
    marks = ramp(surface.noise(noise.grain(4), 0.12, 12.0) + bands * 0.3, 1.5, 2.3)
    paint(skin, marks * 0.75, colour("#7a3110"), 0.1)
    paint(skin, ramp(surface.along + soft * 0.006, 0.06, 0.02) * 0.85, colour("#7b7a2a"), 0.15)
    paint(skin, ramp(surface.along, 0.02, 0.008), colour("#59631f"), 0.1)
    paint(skin, ramp(surface.along, 0.93, 1.0) * 0.6, colour("#b5652b"))
    skin.relief += bands * 0.006 - marks * 0.014
    return skin


def cucumber(surface: Surface, look: Generator, rng: Generator) -> Skin:
    skin = surface.plain(between(look, ["#182c18", "#1f3a1c", "#2f4826"]), 0.55)
    soft = surface.noise(noise.clouds(), 0.2)
    streaks = surface.streaks(noise.tile(6, 60, 0.8, 6), 1, 0.05)
    paint(skin, ramp(streaks + soft * 0.3, 0.2, 2.4) * 0.4, colour("#466a35"))
    pale = ramp(streaks * 0.5 + (surface.along - 0.75) * 4, 0.5, 1.8)
    paint(skin, pale * 0.45, colour("#86a05c"))
    paint(skin, ramp(surface.along, 0.07, 0.01) * 0.6, colour("#6f8f4a"))
    warts = ramp(surface.noise(noise.tile(10, 24, 0, 7), 0.45), 1.7, 2.6)
    paint(skin, warts * 0.35, colour("#6f8a52"))
    ridges = np.cos(10 * surface.angle + soft * 0.5)
    skin.relief += warts * 0.02 + ridges * 0.005 + soft * 0.003
    ends = np.maximum(ramp(surface.along, 0.022, 0.012), ramp(surface.along, 0.985, 0.993))
    paint(skin, ends, colour("#8a8753"), 0.1)
    return skin


def kiwi(surface: Surface, look: Generator, rng: Generator) -> Skin:
    skin = surface.plain(between(look, ["#5a4222", "#6b5029", "#775b33"]), 0.06)
    soft = surface.noise(noise.clouds(), 0.2)
    fuzz = surface.noise(noise.grain(5), 0.55)
    strands = surface.streaks(noise.grain(6), 2, 0.35)
    paint(skin, ramp(soft, -0.5, 2) * 0.5, colour("#8d7a3e"))
    paint(skin, ramp(fuzz + strands, 0.0, 3.0) * 0.65, colour("#b0905a"))
    paint(skin, ramp(fuzz + strands, -0.4, -3.0) * 0.6, colour("#3d2a12"))
    tip = ramp(surface.along + fuzz * 0.006, 0.055, 0.03)
    paint(skin, tip, colour("#4a3318"))
    paint(skin, ramp(surface.along + fuzz * 0.006, 0.94, 0.965), colour("#33230f"))
    skin.relief += fuzz * 0.007 + strands * 0.004 + tip * 0.03
    return skin


def _citrus(surface: Surface, body: np.ndarray, shade: np.ndarray, depth: float) -> Skin:
    """A rind with oil glands, *shade* in large soft patches."""
    skin = surface.plain(body, 0.42)
    soft = surface.noise(noise.clouds(), 0.16)
    paint(skin, ramp(soft, 0.0, 2.4) * 0.55, shade)
    glands = surface.noise(noise.pores(), 0.36)
    fine = surface.noise(noise.pores(2), 0.55)
    pits = ramp(glands + fine * 0.4, 0.5, 2.4)
    paint(skin, pits * 0.4, np.asarray(body * np.array([0.72, 0.62, 0.5], np.float32)))
    skin.relief -= pits * depth + (glands + fine) * depth * 0.12
    return skin


def lemon(surface: Surface, look: Generator, rng: Generator) -> Skin:
    body = between(look, ["#e9c51f", "#f0d12c", "#edd543"])
    skin = _citrus(surface, body, between(look, ["#c9b62c", "#f2dd55", "#b7b83a"]), 0.013)
    soft = surface.noise(noise.clouds(1), 0.12)
    paint(skin, ramp(surface.along + soft * 0.03, 0.2, 0.02) * 0.5, colour("#a9b03a"))
    paint(skin, ramp(surface.along, 0.9, 1.0) * 0.4, colour("#b9a92f"))
    paint(skin, ramp(surface.along, 0.03, 0.018), colour("#6b5a2a"), 0.1)
    return skin


def lime(surface: Surface, look: Generator, rng: Generator) -> Skin:
    body = between(rng, ["#38601c", "#4d7526", "#688a32"])
    skin = _citrus(surface, body, between(look, ["#86a040", "#6b8f34", "#a8ac4c"]), 0.012)
    soft = surface.noise(noise.clouds(1), 0.12)
    side = np.cos(surface.angle - rng.uniform(-3, 3))
    yellow = ramp(side + soft * 0.5, 0.6, 2.0) * look.uniform(0.1, 0.7)
    paint(skin, yellow, colour("#b3b84a"))
    paint(skin, ramp(surface.along, 0.035, 0.02), colour("#77713a"), 0.1)
    paint(skin, ramp(surface.along, 0.95, 1.0) * 0.5, colour("#9aa345"))
    return skin


def orange(surface: Surface, look: Generator, rng: Generator) -> Skin:
    body = between(look, ["#e8740c", "#f08412", "#f29320"])
    skin = _citrus(surface, body, between(look, ["#f6a02c", "#e66a08"]), 0.012)
    star = surface.along - 0.012 * np.cos(5 * surface.angle)
    paint(skin, ramp(surface.along, 0.14, 0.03) * 0.35, colour("#c98a1e"))
    paint(skin, ramp(star, 0.052, 0.04), colour("#5d6a2c"), 0.1)
    paint(skin, ramp(surface.along, 0.955, 0.975) * 0.8, colour("#9a5a14"))
    return skin


def pear(surface: Surface, look: Generator, rng: Generator) -> Skin:
    ground = between(look, ["#a9b33c", "#c0bd4a", "#d2c055", "#8ea238"])
    skin = surface.plain(ground, 0.3)
    soft = surface.noise(noise.clouds(), 0.2)
    side = np.cos(surface.angle - rng.uniform(-np.pi, np.pi))
    blush = ramp(side + soft * 0.35, 0.35, 1.4) * max(0.0, look.normal(0.35, 0.35))
    paint(skin, np.clip(blush, 0, 0.85), colour("#c0562c"))
    paint(skin, ramp(soft, 0.3, 2.2) * 0.4, colour("#8fa63c"))
    dots = ramp(surface.noise(noise.pores(4), 0.42), 1.2, 2.2)
    paint(skin, dots * 0.55, colour("#7d6a2c"))
    russet = ramp(surface.along + soft * 0.03, 0.16, 0.0) * look.uniform(0.3, 1)
    russet = np.maximum(russet, ramp(surface.along + soft * 0.02, 0.9, 1.0) * 0.8)
    paint(skin, russet * 0.75, colour("#8c6a34"), 0.1)
    paint(skin, ramp(surface.along, 0.992, 0.998), colour("#4a3418"), 0.1)
    skin.relief += surface.noise(noise.clouds(2), 0.4) * 0.003
    paint(skin, surface.stem(), colour("#5b4022"), 0.1)
    return skin


def plum(surface: Surface, look: Generator, rng: Generator) -> Skin:
    skin = surface.plain(between(look, ["#3b1436", "#4d1533", "#6b1730", "#2f1a42"]), 0.6)
    soft = surface.noise(noise.clouds(), 0.18)
    red = ramp(soft + np.cos(surface.angle - rng.uniform(-3, 3)) * 0.6, 0.2, 2.0)
    paint(skin, red * look.uniform(0.2, 0.8), colour("#9c2233"))
    rubbed = surface.noise(noise.clouds(5), 0.26)
    bloom = ramp(rubbed, -0.9, 1.2) * look.uniform(0.3, 0.75)
    paint(skin, bloom * 0.6, colour("#8a86ac"), None)
    skin.gloss *= 1 - 0.75 * bloom
    specks = ramp(surface.noise(noise.pores(5), 0.4), 1.9, 2.6)
    paint(skin, specks * 0.4, colour("#b08aa0"))
    seam = np.exp(-((surface.angle * 9) ** 2)) * ramp(surface.along, 0.0, 0.1)
    paint(skin, seam * 0.4, colour("#2a0f22"))
    skin.relief -= seam * 0.035
    paint(skin, surface.stem(), colour("#6a5a2c"), 0.1)
    return skin


def tomato(surface: Surface, look: Generator, rng: Generator) -> Skin:
    skin = surface.plain(between(look, ["#b8150c", "#cc1f10", "#d42f14"]), 0.8)
    soft = surface.noise(noise.clouds(), 0.15)
    unripe = ramp(surface.along + soft * 0.05, 0.42, 0.0) * look.uniform(0.05, 0.75)
    paint(skin, unripe, colour("#d5701f"))
    paint(skin, ramp(surface.noise(noise.pores(6), 0.5), 0.8, 2.5) * 0.18, colour("#e8622f"))
    paint(skin, ramp(surface.along, 0.965, 0.985), colour("#7a4a1c"), 0.2)
    turn = surface.angle + 0.25 * np.sin(surface.angle * 2 + rng.uniform(0, 6)) + rng.uniform(0, 6)
    leaves = int(rng.integers(5, 7))
    off = np.abs((turn * (leaves / (2 * np.pi)) + surface.along * 0.9) % 1 - 0.5) * 2
    reach = rng.uniform(0.24, 0.33)
    width = ramp(surface.along, reach, 0.05) * 0.42 + ramp(surface.along, 0.07, 0.04)
    leaf = ramp(off - width, 0.04, -0.04) * ramp(surface.along, reach, reach - 0.02)
    shade = ramp(off - width, 0.3, 0.0) * ramp(surface.along, reach + 0.05, reach - 0.03)
    paint(skin, shade * 0.5, colour("#6b0f08"))
    green = between(rng, ["#3f6b1f", "#5a8a2c", "#6c9438"])
    paint(skin, leaf, green, 0.15)
    paint(skin, leaf * ramp(off, 0.12, 0.0) * 0.5, np.asarray(green * 1.7))
    skin.relief += leaf * 0.03
    paint(skin, surface.stem(), green * 0.9, 0.15)
    return skin
