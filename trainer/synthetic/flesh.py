"""What a knife shows: the flesh of kinds that are now and then cut open."""

import numpy as np

from trainer.synthetic import noise
from trainer.synthetic.noise import colour, mix, ramp
from trainer.synthetic.surface import Skin, Surface


def _flat(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Distance from the middle as a share of the outline, and angle, on a cut across: (N, N)."""
    reach = max(surface.solid.profile)
    if not surface.solid.length:
        profile = surface.solid.profile
        reach = profile[len(profile) // 2]
    share: np.ndarray = np.hypot(surface.place[0], surface.place[1] / surface.solid.squash)
    return share / reach, surface.angle


def _lay(
    surface: Surface, skin: Skin, albedo: np.ndarray, relief: np.ndarray, gloss: float
) -> Skin:
    face = surface.cut_face()
    skin.albedo = mix(skin.albedo, albedo, face)
    skin.relief = skin.relief * (1 - face) + relief * face
    skin.gloss = skin.gloss * (1 - face) + gloss * face
    return skin


def kiwi(surface: Surface, skin: Skin, rng: np.random.Generator) -> Skin:
    share, angle = _flat(surface)
    rays = noise.look_up(
        noise.grain(7), angle * np.float32(0.5 / np.pi) + rng.random(), share * 0.06
    )
    green = mix(colour("#8fb02c"), colour("#5f9018"), ramp(share + rays * 0.05, 0.95, 0.35))
    green = mix(green, colour("#b9cd62"), ramp(rays, 0.3, 2.0) * 0.55 * ramp(share, 0.2, 0.4))
    core = ramp(share + 0.03 * rays, 0.34, 0.2)
    albedo = mix(green, colour("#e6e3b0"), core)
    count = 21
    turn = angle * (count / (2 * np.pi)) + 0.2 * np.sin(angle * 3 + rng.uniform(0, 6))
    row = np.floor(turn + 0.5)
    off = (turn - row) / count * 2 * np.pi * share
    at = 0.43 + 0.07 * np.sin(row * 2.4) + 0.03 * np.sin(row * 5.1)
    seeds = ramp((off / 0.035) ** 2 + ((share - at) / 0.075) ** 2, 1.3, 0.7)
    at = at + 0.13
    seeds = np.maximum(seeds, ramp((off / 0.035) ** 2 + ((share - at) / 0.05) ** 2, 1.3, 0.7))
    albedo = mix(albedo, colour("#17120c"), seeds)
    albedo = mix(albedo, colour("#7a5c2e"), ramp(share, 0.955, 0.985))
    return _lay(surface, skin, albedo, rays * 0.004 + seeds * 0.01, 0.5)


def _citrus(surface: Surface, skin: Skin, rng: np.random.Generator, juice: str, rind: str) -> Skin:
    share, angle = _flat(surface)
    segments = int(rng.integers(9, 12))
    turn = angle * (segments / (2 * np.pi)) + 0.12 * np.sin(angle * 2 + rng.uniform(0, 6))
    off = np.abs(turn - np.floor(turn) - 0.5) * 2
    wall = (1 - off) * share * (np.pi / segments)
    spread = angle * np.float32(0.5 / np.pi)
    cells = noise.look_up(noise.tile(14, 50, 0.3, 8), spread * 1.0 + rng.random(), share * 0.12)
    flesh = mix(colour(juice), np.asarray(colour(juice) * 1.5 + 0.06), ramp(cells, -0.5, 2.2))
    flesh = mix(flesh, np.asarray(colour(juice) * 0.72), ramp(cells, -0.3, -2.2))
    pith = colour("#f1e6c4")
    inside = ramp(wall, 0.014, 0.034) * ramp(share, 0.87, 0.83) * ramp(share, 0.09, 0.14)
    albedo = mix(pith, flesh, inside)
    albedo = mix(albedo, colour(rind), ramp(share, 0.945, 0.975))
    return _lay(surface, skin, albedo, inside * (cells * 0.006 - 0.008), 0.55)


def lemon(surface: Surface, skin: Skin, rng: np.random.Generator) -> Skin:
    return _citrus(surface, skin, rng, "#e2c64a", "#ecc81f")


def lime(surface: Surface, skin: Skin, rng: np.random.Generator) -> Skin:
    return _citrus(surface, skin, rng, "#a9bd58", "#3f7d22")


def orange(surface: Surface, skin: Skin, rng: np.random.Generator) -> Skin:
    return _citrus(surface, skin, rng, "#ec8a1c", "#ee7d10")


def cucumber(surface: Surface, skin: Skin, rng: np.random.Generator) -> Skin:
    share, angle = _flat(surface)
    soft = surface.noise(noise.clouds(6), 0.4)
    albedo = mix(colour("#cfdc9a"), colour("#a9c46a"), ramp(share + soft * 0.02, 0.6, 0.95))
    heart = ramp(np.abs(np.cos(angle * 1.5)) * 0.25 + share, 0.72, 0.6)
    albedo = mix(albedo, colour("#b4c878"), heart * 0.8)
    albedo = mix(albedo, colour("#e0e6b8"), ramp(share * np.abs(np.sin(angle * 1.5)), 0.07, 0.02))
    count = 18
    turn = angle * (count / (2 * np.pi))
    row = np.floor(turn + 0.5)
    off = (turn - row) / count * 2 * np.pi * share
    at = 0.4 + 0.1 * np.sin(row * 2.7)
    seeds = ramp((off / 0.05) ** 2 + ((share - at) / 0.11) ** 2, 1.2, 0.7)
    albedo = mix(albedo, colour("#eeeecb"), seeds * 0.9)
    albedo = mix(albedo, colour("#24501f"), ramp(share, 0.93, 0.965))
    return _lay(surface, skin, albedo, soft * 0.004 + seeds * 0.012, 0.55)


def tomato(surface: Surface, skin: Skin, rng: np.random.Generator) -> Skin:
    share, angle = _flat(surface)
    soft = surface.noise(noise.clouds(6), 0.4)
    rooms = int(rng.integers(4, 7))
    turn = angle * (rooms / (2 * np.pi)) + soft * 0.03
    off = np.abs(turn - np.floor(turn) - 0.5) * 2
    wall = (1 - off) * share * (np.pi / rooms)
    room = ramp(wall, 0.05, 0.1) * ramp(share, 0.82, 0.76) * ramp(share + soft * 0.02, 0.26, 0.34)
    flesh = mix(colour("#d4452c"), colour("#e2735a"), ramp(soft, -1, 2))
    albedo = mix(flesh, colour("#b8401a"), room)
    seeds = ramp(surface.noise(noise.tile(10, 20, 0, 9), 0.5), 0.9, 1.4) * room
    albedo = mix(albedo, colour("#dfb35c"), seeds)
    albedo = mix(albedo, colour("#efb79a"), ramp(share, 0.16, 0.06) * 0.8)
    albedo = mix(albedo, colour("#b8150c"), ramp(share, 0.95, 0.98))
    return _lay(surface, skin, albedo, seeds * 0.015 - room * 0.02 + soft * 0.003, 0.75)


def pome(surface: Surface, skin: Skin, rng: np.random.Generator) -> Skin:
    """The white flesh, core and pips of an apple or a pear cut along its axis."""
    x, z = surface.place[0], surface.place[2]
    soft = surface.noise(noise.clouds(6), 0.4)
    albedo = mix(colour("#efe3b8"), colour("#e6d190"), ramp(soft, 0, 2.5))
    middle = -0.2 if surface.solid.length else -0.05
    core = (x / 0.3) ** 2 + ((z - middle) / 0.36) ** 2 + soft * 0.05
    albedo = mix(albedo, colour("#d3b66c"), np.exp(-(((core - 1) * 4) ** 2)) * 0.6)
    room = ramp((np.abs(x) - 0.09) ** 2 / 0.005 + (z - middle) ** 2 / 0.03, 1.15, 0.85)
    albedo = mix(albedo, colour("#c9a860"), room * 0.8)
    pips = ramp((np.abs(x) - 0.09) ** 2 / 0.0026 + (z - middle) ** 2 / 0.014, 1.15, 0.85)
    albedo = mix(albedo, colour("#4a240f"), pips)
    thread = ramp(np.abs(x), 0.03, 0.01) * ramp(np.abs(z - middle), 0.2, 0.3)
    albedo = mix(albedo, colour("#b79a58"), thread * 0.5)
    return _lay(surface, skin, albedo, soft * 0.003 - room * 0.02 + pips * 0.02, 0.4)
