"""Ribbons that follow an invisible current and never touch one another."""

from dataclasses import dataclass

import numpy as np

from generation.engines.art.canvas import Scene
from generation.engines.art.drawing import Drawing, Layer, Shape, ribbon
from generation.engines.art.patterns.streams import STEP, Paths, Plane
from generation.engines.noise import GradientNoise, fbm

GROUND = "either"

# From the widest to the finest: share of the greatest width, and how many are tried on a square picture.
_GENERATIONS = ((1.0, 90), (0.5, 220), (0.26, 520), (0.13, 1300), (0.08, 1500))


@dataclass(frozen=True)
class _Current:
    noise: GradientNoise
    base: float
    turns: float
    scale: float
    facets: int

    def __call__(self, points: Paths) -> Paths:
        x, y = (points * self.scale).astype(np.float32).T
        angle = self.base + self.turns * np.pi * fbm(self.noise, x, y, 2, gain=0.3).astype(np.float64)
        if self.facets:
            # Angles in steps make strokes of straight runs.
            angle = np.round(angle * self.facets / np.pi) * np.pi / self.facets
        return np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def compose(scene: Scene) -> Drawing:
    """Compose ribbons from the widest to the finest; each stops where another lies in its way."""
    rng, score, frame = scene.rng, scene.score, scene.frame
    current = _Current(
        GradientNoise(rng),
        base=rng.uniform(0, 2 * np.pi),
        turns=rng.uniform(0.7, 1.1) + 0.9 * score.motion,
        scale=rng.uniform(0.35, 0.6) + 0.35 * score.energy,
        facets=int(rng.choice([0, 0, 0, 0, 0, 0, 4, 6])),
    )
    plane = Plane((frame.half_width, frame.half_height))
    widest = rng.uniform(0.05, 0.085) * (1.25 - 0.5 * score.density)
    ribbons: list[tuple[Paths, float]] = []
    for stage, (share, count) in enumerate(_GENERATIONS, start=1):
        width = widest * share
        many = int(count * frame.half_width * frame.half_height * (0.6 + 0.8 * score.density))
        starts = rng.uniform(-1, 1, (many, 2)) * plane.edge
        length = rng.uniform(0.3, 1.0, many) * min(1.3, 0.25 + 28 * width)
        grown = plane.grow(current, starts, width, length)
        ribbons += [(path, width) for path in grown if len(path) * STEP > 2.2 * width and len(path) > 5]
        scene.progress(stage / len(_GENERATIONS))
    return _coloured(scene, ribbons)


def _coloured(scene: Scene, ribbons: list[tuple[Paths, float]]) -> Drawing:
    rng = scene.rng
    inks = scene.palette.apart(0.22)
    zones = GradientNoise(rng)
    shapes, shadows = [], []
    for path, width in ribbons:
        middle = path[len(path) // 2].astype(np.float32)
        zone = float(zones(*(middle * 0.8))) * 1.1 + 0.5 + rng.normal(0, 0.1)
        ink = inks[int(np.clip(zone, 0, 0.999) * len(inks))]
        outline = ribbon(path, width * _taper(len(path), width))
        shapes.append(Shape(outline, ink))
        shadows.append(Shape(outline + np.array([0.007, 0.012]), "#000000"))
    return Drawing([Layer(shadows, 0.3 if scene.palette.dark else 0.16), Layer(shapes)])


def _taper(count: int, width: float) -> Paths:
    # Round ends: the width follows a circle over its own length.
    from_end = np.minimum(np.arange(count), np.arange(count)[::-1]) * STEP + 0.0015
    x = np.clip(from_end / (width / 2), 0, 1)
    return np.sqrt(1 - (1 - x) ** 2)
