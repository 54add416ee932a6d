"""Fractal flames: luminous veils drawn by a random system of bent maps, chosen among several for its form."""

import math
from collections.abc import Iterator

import numpy as np

from generation.engines.art.canvas import Field, Scene, Tile
from generation.engines.art.framing import Framing
from generation.engines.art.patterns import flames
from generation.engines.art.patterns.flames import Branch, chaos_game
from generation.engines.art.shading import look_up
from generation.engines.art.splat import Points, Print, expose, plate

GROUND = "dark"

_CANDIDATES = 24
_GRID = 64
_ORBITS = 1 << 15
_POINTS_A_PIXEL = 7
_MOST_POINTS = 20_000_000
_BENDS = (flames.sinusoidal, flames.spherical, flames.swirl, flames.horseshoe, flames.bubble, flames.handkerchief)
_ODDS = np.array([0.2, 0.22, 0.2, 0.12, 0.16, 0.1])


def compose(scene: Scene) -> Print:
    """Choose a system, frame it, and play the chaos game."""
    rng = scene.rng
    turns = int(rng.choice([1, 1, 2, 2, 3, 4, 5, 6]))
    branches = _choose(rng, turns, scene.score.density)
    frame = plate(scene.frame)
    sample = _sample(branches, turns, rng)
    view = Framing(sample, scene.frame, angle=rng.uniform(0, 2 * np.pi), cut=0.02, room=0.8)
    steps = max(1, min(_MOST_POINTS, _POINTS_A_PIXEL * frame.width * frame.height) // _ORBITS)

    def points() -> Iterator[tuple[Points, Points, Points]]:
        for k, (x, y, tint) in enumerate(chaos_game(branches, _ORBITS, steps, rng)):
            if k % 16 == 0:
                scene.progress(k / steps)
            yield (*view(*_turned(x, y, turns, k)), tint)

    exposure = expose(frame, points())
    full = float(np.quantile(exposure.ink[exposure.ink > 0.02], 0.985))
    return Print(exposure, lambda ink, tint: _coloured(scene, ink / full, tint))


def _choose(rng: np.random.Generator, turns: int, density: float) -> list[Branch]:
    systems = [_system(rng, density) for _ in range(_CANDIDATES)]
    return max(systems, key=lambda branches: _merit(_sample(branches, turns, rng)))


def _system(rng: np.random.Generator, density: float) -> list[Branch]:
    count = int(rng.integers(2, 4)) + round(density)
    return [Branch(_affine(rng), _bend(rng), float(rng.uniform(0.5, 1.5)), i / (count - 1)) for i in range(count)]


def _bend(rng: np.random.Generator) -> flames.Bend:
    first, second = rng.choice(np.array(_BENDS, object), 2, p=_ODDS)
    return flames.blend(first, second, float(rng.uniform(0, 0.6)))


def _affine(rng: np.random.Generator) -> Field:
    angle, lean = rng.uniform(0, 2 * np.pi), rng.uniform(-0.5, 0.5)
    wide, high = rng.uniform(0.55, 1.3, 2)
    matrix = [
        [wide * np.cos(angle), -high * np.sin(angle + lean), rng.uniform(-0.9, 0.9)],
        [wide * np.sin(angle), high * np.cos(angle + lean), rng.uniform(-0.9, 0.9)],
    ]
    return np.array(matrix, np.float32)


def _sample(branches: list[Branch], turns: int, rng: np.random.Generator) -> Field:
    steps = [_turned(x, y, turns, k) for k, (x, y, _) in enumerate(chaos_game(branches, 1000, 24, rng))]
    return np.array(steps).transpose(1, 0, 2).reshape(2, -1)


def _turned(x: Points, y: Points, turns: int, step: int) -> tuple[Points, Points]:
    # Every step goes to the next of the symmetric copies.
    angle = 2 * np.pi * (step % turns) / turns
    cos, sin = math.cos(angle), math.sin(angle)
    return x * cos - y * sin, x * sin + y * cos


def _merit(points: Field) -> float:
    # Entropy of where the points fall: high for veils that fill the plane, low for dots and lines; fog is 1.
    low, high = np.quantile(points, [0.02, 0.98], axis=1)
    box = ((points - low[:, None]) / np.maximum(high - low, 1e-3)[:, None] * _GRID).astype(int)
    inside = ((box >= 0) & (box < _GRID)).all(axis=0)
    counts = np.bincount(box[0, inside] * _GRID + box[1, inside], minlength=_GRID**2)
    shares = counts[counts > 0] / max(1, counts.sum())
    entropy = -float((shares * np.log(shares)).sum()) / np.log(_GRID**2)
    squareness = float((high - low).min() / max((high - low).max(), 1e-6))
    return -abs(float(entropy) - 0.86) + 0.1 * min(squareness, 0.7)


def _coloured(scene: Scene, ink: Field, tint: Field) -> Tile:
    tone = np.log1p(220 * np.minimum(ink, 2.0)) / float(np.log1p(220))
    colour = look_up(scene.palette.scale, 0.18 + 0.58 * tint + 0.3 * tone**2)
    cover = np.clip(tone * (0.25 + 0.8 * tone), 0, 1)
    return Tile(colour * cover[..., None], cover)
