"""Julia sets with smooth colour, lit as a relief, their filaments drawn by the distance to the set."""

import numpy as np

from generation.engines.art import fractal
from generation.engines.art.canvas import Scene, Shader
from generation.engines.art.patterns import escape

GROUND = "dark"

_STEPS = 220
_TRIES = 14


def compose(scene: Scene) -> Shader:
    """Choose a constant beside the boundary of the Mandelbrot set; density brings the set closer."""
    rng = scene.rng
    zoom = rng.uniform(1.1, 1.6) - 0.5 * scene.score.density
    views = [_view(rng, zoom) for _ in range(_TRIES)]
    best = max(views, key=lambda view: fractal.merit(view, scene.frame))
    return fractal.shader(scene, best)


def _view(rng: np.random.Generator, zoom: float) -> fractal.View:
    c = _constant(rng)

    def escapes(x: fractal.Numbers, y: fractal.Numbers) -> escape.Escape:
        return escape.julia(x, y, c, _STEPS)

    centre = rng.uniform(-0.35, 0.35), rng.uniform(-0.25, 0.25)
    return fractal.View(escapes, centre, zoom * rng.uniform(0.45, 1.0), rng.uniform(0, 2 * np.pi))


def _constant(rng: np.random.Generator) -> complex:
    # Just outside the cardioid or the disc of period 2, where Julia sets are richest.
    angle = rng.uniform(0, 2 * np.pi)
    turn = np.exp(1j * angle)
    edge = turn / 2 - turn**2 / 4 if rng.random() < 0.7 else -1 + turn / 4
    return complex(edge * rng.uniform(1.015, 1.09))
