"""Places at the boundary of the Mandelbrot set, found by search, with smooth colour and lit as a relief."""

import numpy as np

from generation.engines.art import fractal
from generation.engines.art.canvas import Scene, Shader
from generation.engines.art.patterns import escape

GROUND = "dark"

_STEPS = 320
_TRIES = 14


def compose(scene: Scene) -> Shader:
    """Look for a place of many forms; density goes deeper."""
    rng = scene.rng
    boundary = _boundary(rng)
    views = [_view(rng, boundary, scene.score.density) for _ in range(_TRIES)]
    best = max(views, key=lambda view: fractal.merit(view, scene.frame))
    return fractal.shader(scene, best)


def _boundary(rng: np.random.Generator) -> fractal.Numbers:
    # Points that take long to escape, on a coarse grid, are close to the boundary.
    x, y = rng.uniform(-1.9, 0.45, 6000), rng.uniform(0, 1.1, 6000)
    count = escape.mandelbrot(x, y, 120).count
    near = np.flatnonzero((count > 22) & (count < 110))
    return np.stack([x[near], y[near] * rng.choice([-1, 1])], axis=1)


def _view(rng: np.random.Generator, boundary: fractal.Numbers, density: float) -> fractal.View:
    def escapes(x: fractal.Numbers, y: fractal.Numbers) -> escape.Escape:
        return escape.mandelbrot(x, y, _STEPS)

    x, y = boundary[int(rng.integers(len(boundary)))]
    return fractal.View(
        escapes, (float(x), float(y)), 10 ** rng.uniform(-2.2 - density, -0.9), rng.uniform(0, 2 * np.pi)
    )
