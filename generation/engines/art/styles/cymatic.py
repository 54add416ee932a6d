"""A vibrating plate or disc: sand on its still lines, light on its moving hills. The modes are real ones."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generation.engines.art.canvas import Band, Field, Scene, Shader, Tile
from generation.engines.art.shading import edge, look_up, relief, slopes, smoothstep
from generation.engines.cymatics.bodies import Body, Circle, Rectangle, Sheet
from generation.engines.cymatics.cache import EigenCache
from generation.engines.cymatics.modal import Modes, evaluate
from generation.engines.cymatics.solve import eigenmodes
from generation.engines.noise import GradientNoise

GROUND = "dark"

_STEEL = Sheet(E=200e9, rho=7850.0, nu=0.3, thickness=0.001)
# Metres for each unit of the picture.
_METRE = 0.12
_RIM = 0.93
_LISTED = 150
_SAND = 0.0075


@dataclass(frozen=True)
class _Plate:
    modes: Modes
    table: NDArray[np.float64]
    round: bool
    height: float
    light: tuple[float, float]
    grain: GradientNoise


def compose(scene: Scene) -> Shader:
    """Choose a body and a tone; density raises the tone, which draws finer figures."""
    rng, frame = scene.rng, scene.frame
    disc = bool(rng.random() < 0.5)
    shape = Circle(_RIM * _METRE) if disc else Rectangle(2 * frame.half_width * _METRE, 2 * frame.half_height * _METRE)
    modes = eigenmodes(Body(shape, _STEEL, "F" if disc else "FFFF"), _LISTED, cache=EigenCache())
    allowed = _of_disc(modes, scene.score.symmetry) if disc else _of_plate(modes, rng)
    amounts = _resonance(modes, allowed, rng.uniform(0.2, 0.6) + 0.4 * scene.score.density, rng)
    if disc:
        amounts = _turned(modes, amounts, rng.uniform(0, 2 * np.pi))
    angle = rng.uniform(0, 2 * np.pi)
    light = (float(np.cos(angle)), float(np.sin(angle)))
    plate = _Plate(modes, np.asarray(modes.space.coefficients(amounts)), disc, 1.0, light, GradientNoise(rng))
    level = _levelled(plate, scene)
    return Shader(lambda band: _shade(scene, level, band))


def _of_plate(modes: Modes, rng: np.random.Generator) -> NDArray[np.intp]:
    # One family of symmetry moves together, as when the plate is driven at a point of that symmetry.
    families = sorted(set(modes.labels[modes.rigid :]))
    family = families[int(rng.integers(len(families)))]
    return np.array([i for i in range(modes.rigid, modes.trusted) if modes.labels[i] == family])


def _of_disc(modes: Modes, repeats: int) -> NDArray[np.intp]:
    """Return the modes whose figure comes back after one turn by 1/repeats, even about the upward axis."""
    orders = [_order(label) for label in modes.labels[: modes.trusted]]
    return np.array([i for i, n in enumerate(orders) if i >= modes.rigid and n is not None and n % repeats == 0])


def _turned(modes: Modes, amounts: NDArray[np.float64], angle: float) -> NDArray[np.float64]:
    # The sine of each order follows its cosine.
    turned = amounts.copy()
    for i in np.flatnonzero(amounts).tolist():
        order = _order(modes.labels[i]) or 0
        if order:
            turned[i], turned[i + 1] = amounts[i] * np.cos(order * angle), amounts[i] * np.sin(order * angle)
    return turned


def _order(label: str) -> int | None:
    found = re.match(r"A1 \((0),|E\d+ cos \((\d+),", label)
    return None if found is None else int(found[1] or found[2])


def _resonance(modes: Modes, allowed: NDArray[np.intp], tone: float, rng: np.random.Generator) -> NDArray[np.float64]:
    # Each mode answers by how near its own tone is to the one heard (a Lorentzian of 7%).
    frequency = modes.frequency[allowed]
    wanted = frequency[min(int(tone * len(allowed)), len(allowed) - 1)]
    weight = 1 / (1 + ((frequency / wanted - 1) / 0.07) ** 2)
    amounts = np.zeros(len(modes.omega))
    amounts[allowed] = weight * rng.uniform(0.4, 1.0, len(allowed)) * rng.choice([-1, 1], len(allowed))
    return amounts


def _levelled(plate: _Plate, scene: Scene) -> _Plate:
    frame = scene.frame
    x = np.linspace(-0.9 * frame.half_width, 0.9 * frame.half_width, 64)
    y = np.linspace(-0.9 * frame.half_height, 0.9 * frame.half_height, 64)
    height = _displacement(plate, scene, x, y)
    inside = np.hypot(x[None, :], y[:, None]) < _RIM if plate.round else np.ones(height.shape, bool)
    return _Plate(plate.modes, plate.table, plate.round, float(np.std(height[inside])), plate.light, plate.grain)


def _displacement(plate: _Plate, scene: Scene, x: Field, y: Field) -> Field:
    if plate.round:
        places = [np.clip(axis * _METRE, -_RIM * _METRE, _RIM * _METRE) for axis in (x, y)]
    else:
        half = scene.frame.half_width, scene.frame.half_height
        places = [(np.clip(axis, -h, h) + h) * _METRE for axis, h in zip((x, y), half, strict=True)]
    return np.asarray(evaluate(plate.modes.space, plate.table, *places) / plate.height)


def _shade(scene: Scene, plate: _Plate, band: Band) -> Tile:
    wide = band.grown(1)
    height = _displacement(plate, scene, wide.x[0].astype(np.float64), wide.y[:, 0].astype(np.float64))
    height = height.astype(np.float32)
    inner = height[1:-1]
    across, down = slopes(height, band)
    away = np.abs(inner) / np.sqrt(down * down + across * across + 16.0)
    sand = np.exp(-((away / _SAND) ** 2)) * (0.72 + 0.5 * plate.grain(band.x * 58, band.y * 58))
    lit = relief((across * plate.light[0] + down * plate.light[1]) * 0.07, 0.6)
    swing = np.abs(inner)
    tone = 0.5 + 0.47 * np.tanh(inner * 0.75)
    colour = look_up(scene.palette.scale, tone) * ((0.1 + 0.75 * smoothstep(0.05, 1.9, swing)) * lit)[..., None]
    grains = look_up(scene.palette.scale, np.full(1, 1.0, np.float32))[0]
    sand = np.clip(sand, 0, 1)[..., None]
    light = colour + (grains - colour) * sand
    return _trimmed(scene, plate, band, light, np.clip(sand[..., 0] + smoothstep(0.3, 1.3, swing), 0, 1))


def _trimmed(scene: Scene, plate: _Plate, band: Band, light: Field, body: Field) -> Tile:
    if not plate.round:
        cover = body if scene.palette.transparent else None
        return Tile(light if cover is None else light * cover[..., None], cover)
    radius = np.hypot(band.x, band.y)
    cover = edge(_RIM - radius, band)
    # A faint glow round the disc, as of a lamp behind it.
    glow = 0.5 * np.exp(-np.maximum(radius - _RIM, 0) * 34) * (1 - cover)
    rim = look_up(scene.palette.scale, np.full(1, 0.6, np.float32))[0]
    return Tile(light * cover[..., None] + rim * glow[..., None] * 0.5, np.clip(cover + 0.5 * glow, 0, 1))
